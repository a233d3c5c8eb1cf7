//! The pages, used in Chromium as a visitor would: see `server/pages/e2e`.

use std::process::Command;

use menpai_tests::city::City;
use menpai_tests::{data, program, repository};

#[test]
fn the_portal_works_in_chromium() {
    let pages = repository::root().join("server/pages");
    let ready = pages.join("node_modules/playwright-core").is_dir();
    let chromium = Command::new("chromium").arg("--version").output().is_ok_and(|o| o.status.success());
    if !ready || !chromium {
        let line = "Chromium or the packages of the pages are missing: run `make setup`";
        assert!(!data::strict(), "{line}");
        println!("skipped: {line}");
        return;
    }
    let city = City::serve();
    let mut node = Command::new("node");
    let mut suites: Vec<_> = std::fs::read_dir(pages.join("e2e"))
        .expect("server/pages/e2e")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    suites.sort();
    assert!(!suites.is_empty(), "server/pages/e2e holds no suite");
    // One after another: each draws with a software adapter, which takes all cores there are.
    node.args(["--test", "--test-concurrency=1"]).args(suites).current_dir(&pages);
    node.env("MENPAI_BASE", &city.server.base).env("MENPAI_TOKEN", city.token());
    let done = program::outcome(node);
    assert_eq!(done.code, Some(0), "{}\n{}", done.stdout, done.stderr);
    println!("{}", done.stdout);
}
