//! A writer that is killed keeps every acknowledged commit and no half of another.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gis_data::{Commit, Interval, Position, Query, Store, Want};
use gis_data_conformance::city::{all, at, layer, tree};
use gis_data_sqlite::{Options, SqliteStore};

/// Names the folder to the child.
const FOLDER: &str = "MENPAI_CRASH_FOLDER";
/// How many things each commit brings.
const THINGS: u64 = 40;

fn commit(number: u64) -> Commit {
    let things = (0..THINGS).map(move |i| tree(&format!("{number}-{i}"), "oak", i as f64, Interval::ALWAYS));
    let mut commit = Commit::new("child", "until killed", at(100), things.collect::<Vec<_>>());
    commit.key = number.to_string();
    commit
}

/// Not a check of its own: commits until it is killed, when the check below starts this program again.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = SqliteStore::open(Path::new(&folder), Options::default()).unwrap();
    let begin = store.position().await.unwrap().0.number;
    for number in begin + 1.. {
        store.commit(commit(number)).await.unwrap();
        println!("acknowledged {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_writer_loses_nothing_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = 0;
    for round in 0..6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reading = std::thread::spawn(move || {
            lines.map_while(Result::ok).filter_map(|l| l.split_once("acknowledged ")?.1.parse::<u64>().ok()).last()
        });
        std::thread::sleep(Duration::from_millis(700 + round * 137));
        child.kill().unwrap();
        child.wait().unwrap();
        most = most.max(reading.join().unwrap().unwrap_or(0));

        let store = SqliteStore::open(folder.path(), Options::default()).unwrap();
        let last = store.position().await.unwrap().0.number;
        assert!(last >= most, "commit {most} was acknowledged, the log ends at {last}");
        let count = Query { want: Want::Count, ..Query::layer(&layer("tree")) };
        let body = store.read(&count, &all()).await.unwrap().body;
        assert!(matches!(body, gis_data::Body::Count(n) if n == last * THINGS), "{body:?} after {last} commits");
        if most > 0 {
            let receipt = store.commit(commit(most)).await.unwrap();
            assert_eq!(receipt.position, Position { epoch: 1, number: most });
        }
        let report = store.verify().await.unwrap();
        assert!(report.is_sound(), "{report:?}");
    }
    assert!(most > 0, "the child acknowledged nothing; nothing was tested");
}
