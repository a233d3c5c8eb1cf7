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
        if let Err(error) = store.commit(commit(number)).await {
            // A disk that is full refuses in good order, and what is there can still be read.
            assert_eq!(error.kind(), gis_data::Kind::Storage, "{error}");
            store.read(&Query::layer(&layer("tree")), &all()).await.unwrap();
            println!("refused {number}");
            return;
        }
        println!("acknowledged {number}");
    }
}

/// Everything that was acknowledged is there, nothing else is, nothing twice, and the store is sound. The log goes on.
async fn whole(folder: &Path, acknowledged: u64) {
    let store = SqliteStore::open(folder, Options::default()).expect("it opens");
    let last = store.position().await.expect("the log is there").0.number;
    assert!(last >= acknowledged, "commit {acknowledged} was acknowledged, the log ends at {last}");
    let count = Query { want: Want::Count, ..Query::layer(&layer("tree")) };
    let body = store.read(&count, &all()).await.expect("it answers").body;
    assert!(matches!(body, gis_data::Body::Count(n) if n == last * THINGS), "{body:?} after {last} commits");
    if acknowledged > 0 {
        let receipt = store.commit(commit(acknowledged)).await.expect("it takes commits");
        assert_eq!(receipt.position, Position { epoch: 1, number: acknowledged });
    }
    let report = store.verify().await.expect("it can be inspected");
    assert!(report.is_sound(), "{report:?}");
}

/// How often each is done: the environment says more for a trial.
fn rounds(usual: u64) -> u64 {
    std::env::var("MENPAI_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_writer_loses_nothing_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = 0;
    for round in 0..rounds(6) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reading = std::thread::spawn(move || last_acknowledged(lines.map_while(Result::ok)));
        std::thread::sleep(Duration::from_millis(700 + round * 137 % 1000));
        child.kill().unwrap();
        child.wait().unwrap();
        most = most.max(reading.join().unwrap());
        whole(folder.path(), most).await;
    }
    assert!(most > 0, "the child acknowledged nothing; nothing was tested");
}

/// The largest file that the child may write stands for a disk that is full.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..rounds(2) {
        // In blocks of 1024 bytes: what the write-ahead log and the file may grow to; a little more each time.
        let limit = 700 + round * 700;
        let said = Command::new("bash")
            .args(["-c", "ulimit -f \"$1\"; trap '' XFSZ; exec \"$0\" --exact child --nocapture"])
            .arg(std::env::current_exe().unwrap())
            .arg(limit.to_string())
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(
            said.status.success() && text.contains("refused "),
            "{text}\n{}",
            String::from_utf8_lossy(&said.stderr)
        );
        let most = last_acknowledged(text.lines().map(str::to_owned));
        assert!(most > before, "round {round}: nothing was acknowledged before the disk was full");
        whole(folder.path(), most).await;
        before = most;
    }
}

fn last_acknowledged(lines: impl Iterator<Item = String>) -> u64 {
    lines.filter_map(|l| l.split_once("acknowledged ")?.1.parse::<u64>().ok()).last().unwrap_or(0)
}
