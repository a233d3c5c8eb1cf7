//! Rules for one source file at a time, and for the folders that hold them.

use std::collections::BTreeMap;

/// Above this many lines a file needs a reason on its first line.
const MOST_LINES: usize = 600;
/// Above this many source files a folder gets sub-folders. Tests beside their page source are not counted.
const MOST_FILES: usize = 12;

/// The one file that reads the wall clock.
const CLOCK: &str = "server/src/boot.rs";

/// Files that may read the monotonic clock, to measure how long something took. None of them decides anything by it.
const STOPWATCH: &[&str] = &[
    "server/src/", // durations of requests, progress lines, time-outs
    "tests/",      // waiting for the program under test, measuring it
    "styles/src/bin/",
];

/// Whether the rules of this file are for `path`.
pub fn is_source(path: &str) -> bool {
    ["rs", "ts", "vue"].contains(&extension(path))
}

/// What stands behind the last dot of `path`.
pub fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

/// A file of more than [`MOST_LINES`] lines without `LONG: reason` on its first line.
pub fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let first = text.lines().next().unwrap_or_default();
    let mark = if extension(path) == "vue" { "<!-- LONG: " } else { "// LONG: " };
    let excused =
        first.strip_prefix(mark).is_some_and(|reason| reason.trim_end_matches("-->").trim().chars().count() > 8);
    (lines > MOST_LINES && !excused)
        .then(|| format!("{path} has {lines} lines: split it, or say on line 1 `{mark}reason`"))
}

/// Folders that hold more than [`MOST_FILES`] source files of their own.
pub fn too_full<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths.into_iter().filter(|p| is_source(p) && !p.ends_with(".test.ts")) {
        if let Some((folder, _)) = path.rsplit_once('/') {
            *count.entry(folder).or_default() += 1;
        }
    }
    count
        .into_iter()
        .filter(|(_, n)| *n > MOST_FILES)
        .map(|(folder, n)| format!("{folder}/ holds {n} source files: give it sub-folders (at most {MOST_FILES})"))
        .collect()
}

/// A crate's root that does not open with its story.
pub fn no_story(path: &str, text: &str) -> Option<String> {
    let root = path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
    (root && !text.starts_with("//! ")).then(|| format!("{path} must open with what the crate is for (`//! …`)"))
}

/// The part of a Rust file that is shipped: without its tests and its comment lines.
fn shipped(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|l| if l.trim_start().starts_with("//") { "" } else { l }).collect::<Vec<_>>().join("\n")
}

/// Readings of a clock where time should have come in as an argument.
pub fn clocks(path: &str, text: &str) -> Vec<String> {
    if extension(path) != "rs" || path == CLOCK || path.starts_with("tests/") || path.contains("/tests/") {
        return Vec::new();
    }
    let code = shipped(text);
    let wall = ["SystemTime::now", "UtcDateTime::now", "OffsetDateTime::now", "Utc::now(", "Local::now("];
    let mut found: Vec<String> = wall
        .iter()
        .filter(|call| code.contains(**call))
        .map(|call| format!("{path} calls {call}: only {CLOCK} reads the wall clock; take the time as an argument"))
        .collect();
    if code.contains("Instant::now(") && !STOPWATCH.iter().any(|place| path.starts_with(place)) {
        found.push(format!("{path} calls Instant::now: a pure room reads no clock; take the time as an argument"));
    }
    found
}

/// Lints that were silenced without a reason.
pub fn silent_lints(path: &str, text: &str) -> Vec<String> {
    if extension(path) != "rs" || path.starts_with("tests/src/rules/") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for opening in ["#[allow(", "#![allow(", "#[expect(", "#![expect("] {
        for rest in text.split(opening).skip(1) {
            let attribute = rest.split(")]").next().unwrap_or_default();
            if !attribute.contains("reason = \"") {
                let name = attribute.split(',').next().unwrap_or_default().trim();
                found.push(format!("{path} silences {name} without `reason = \"…\"`"));
            }
        }
    }
    found
}

/// Unfinished places.
pub fn stubs(path: &str, text: &str) -> Vec<String> {
    if !is_source(path) || path.starts_with("tests/src/rules/") {
        return Vec::new();
    }
    ["todo!(", "unimplemented!(", "FIXME", "XXX:"]
        .iter()
        .filter(|mark| text.contains(**mark))
        .map(|mark| format!("{path} holds `{mark}`: finish it"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_need_a_reason() {
        let long = "x\n".repeat(601);
        assert!(too_long("a/b.rs", &long).is_some());
        assert!(too_long("a/b.rs", &"x\n".repeat(600)).is_none());
        assert!(too_long("a/b.rs", &format!("// LONG: one table of all codes\n{long}")).is_none());
        assert!(too_long("a/b.rs", &format!("// LONG: \n{long}")).is_some(), "an empty reason is none");
        assert!(too_long("a/b.vue", &format!("<!-- LONG: one drawing with all its parts -->\n{long}")).is_none());
    }

    #[test]
    fn full_folders_are_found() {
        let names: Vec<String> = (0..13).map(|i| format!("a/src/f{i}.rs")).collect();
        assert_eq!(too_full(names.iter().map(String::as_str)).len(), 1);
        assert!(too_full(names.iter().skip(1).map(String::as_str)).is_empty());
        let tests: Vec<String> = (0..20).map(|i| format!("a/f{i}.test.ts")).collect();
        assert!(too_full(tests.iter().map(String::as_str)).is_empty());
    }

    #[test]
    fn a_crate_opens_with_its_story() {
        assert!(no_story("tiler/src/lib.rs", "use std::fmt;\n").is_some());
        assert!(no_story("tiler/src/lib.rs", "//! Cuts features into tiles.\n").is_none());
        assert!(no_story("tiler/src/clip.rs", "use std::fmt;\n").is_none());
    }

    #[test]
    fn clocks_are_read_in_one_place() {
        let text = "fn f() { let t = std::time::SystemTime::now(); }";
        assert_eq!(clocks("tiler/src/lib.rs", text).len(), 1);
        assert!(clocks("server/src/boot.rs", text).is_empty());
        assert!(clocks("tiler/src/lib.rs", &format!("// {text}")).is_empty());
        assert!(clocks("tiler/src/lib.rs", &format!("#[cfg(test)]\nmod tests {{ {text} }}")).is_empty());
        assert_eq!(clocks("cim-model/src/lib.rs", "let t = Instant::now();").len(), 1);
        assert!(clocks("server/src/http/metrics.rs", "let t = Instant::now();").is_empty());
        assert_eq!(clocks("server/src/http/metrics.rs", text).len(), 1);
    }

    #[test]
    fn silenced_lints_say_why() {
        assert_eq!(silent_lints("a.rs", "#[allow(dead_code)]\nfn f() {}").len(), 1);
        assert_eq!(silent_lints("a.rs", "#![expect(clippy::panic)]").len(), 1);
        assert!(silent_lints("a.rs", "#[expect(clippy::panic, reason = \"the oracle\")]").is_empty());
        assert!(silent_lints("a.rs", "#[expect(\n    clippy::panic,\n    reason = \"the oracle\"\n)]").is_empty());
    }

    #[test]
    fn unfinished_places_are_found() {
        assert_eq!(stubs("a.rs", "fn f() { todo!() }").len(), 1);
        assert_eq!(stubs("a.ts", "// FIXME later").len(), 1);
        assert!(stubs("a.rs", "fn f() {}").is_empty());
    }
}
