//! The folder is opened again, by others, or is not what it should be.

use std::path::Path;
use std::time::Duration;

use gis_data::{Change, Commit, Error, Fact, Interval, Kind, Position, Query, Store, When};
use gis_data_conformance::city::{all, at, layer, lies_in, names, rows, tree, write};
use gis_data_sqlite::{Options, SqliteStore};

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder, Options::default()).expect("the folder opens")
}

fn refused(folder: &Path) -> Error {
    SqliteStore::open(folder, Options::default()).err().expect("the folder was opened")
}

async fn all_facts(store: &SqliteStore) -> Vec<Fact> {
    let mut all = Vec::new();
    store.scan_facts(&mut |f| all.push(f)).await.expect("the facts are read");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_when_the_folder_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let keyed = |name: &str| {
        let mut commit = Commit::new("li", "a check", at(200), [tree("b", name, 2.0, Interval::ALWAYS)]);
        commit.key = "k".into();
        commit
    };
    let store = open(folder.path());
    write(&store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    write(&store, 150, vec![tree("a", "elm", 1.0, Interval::ALWAYS)]).await;
    let receipt = store.commit(keyed("fir")).await.unwrap();
    write(&store, 210, vec![lies_in("a", "b", Interval::ALWAYS)]).await;
    let facts = all_facts(&store).await;
    let log = store.changes(Position::START, &all()).await.unwrap();
    store.close();
    assert_eq!(store.position().await.unwrap_err().kind(), Kind::Unavailable);
    let late = store.commit(keyed("ash")).await.unwrap_err();
    assert_eq!(late.kind(), Kind::Unavailable);
    drop(store);
    assert!(!folder.path().join("city.db-wal").exists(), "closing moves all into the one file");

    let store = open(folder.path());
    assert_eq!(store.commit(keyed("yew")).await.unwrap(), receipt);
    assert_eq!(names(&store, When::Now, When::Now).await, ["elm", "fir"]);
    assert_eq!(names(&store, When::Now, When::At(at(120))).await, ["oak"]);
    assert_eq!(all_facts(&store).await, facts);
    let again = store.changes(Position::START, &all()).await.unwrap();
    assert_eq!((again.entries, again.upto), (log.entries, log.upto));
    let next = write(&store, 300, vec![tree("c", "ash", 3.0, Interval::ALWAYS)]).await;
    assert_eq!((next.ids[0].get(), next.position.number), (3, 5));
    assert!(store.verify().await.unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_wakes_who_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (open(folder.path()), open(folder.path()));
    let first = write(&here, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    let scope = all();
    let waiting = here.changes(first.position, &scope);
    let writing = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        write(&there, 200, vec![tree("b", "fir", 1.0, Interval::ALWAYS)]).await
    };
    let (changes, receipt) = tokio::time::timeout(Duration::from_secs(30), async { tokio::join!(waiting, writing) })
        .await
        .expect("the change of the other process was not noticed");
    assert_eq!(changes.unwrap().upto, receipt.position);
    // Ids and numbers are the file's, not a process's.
    let third = write(&here, 300, vec![tree("c", "yew", 1.0, Interval::ALWAYS)]).await;
    assert_eq!((third.ids[0].get(), third.position.number), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_commits_at_once_each_stand_or_fall_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(open(folder.path()));
    let tasks: Vec<_> = (0..200)
        .map(|i| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move {
                let mut commit = Commit::new("li", "one of many", at(100), []);
                let good = tree(&i.to_string(), "oak", 1.0, Interval::ALWAYS);
                commit.changes = match i % 5 {
                    0 => Box::new([Ok(good), Err(Error::invalid("坏", "bad"))].into_iter()),
                    1 => Box::new(
                        std::iter::once(Ok(good))
                            .chain(std::iter::from_fn(|| std::panic::resume_unwind(Box::new("a broken reader")))),
                    ),
                    _ => Box::new(std::iter::once(Ok(good))),
                };
                store.commit(commit).await
            })
        })
        .collect();
    let (mut numbers, mut kinds) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Ok(receipt) => numbers.push(receipt.position.number),
            Err(error) => kinds.push((error.kind(), error.en().contains("a broken reader"))),
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=120).collect::<Vec<_>>());
    assert_eq!(kinds.iter().filter(|k| **k == (Kind::Invalid, false)).count(), 40);
    assert_eq!(kinds.iter().filter(|k| **k == (Kind::Unavailable, true)).count(), 40);
    assert_eq!(rows(&*store, &Query::layer(&layer("tree"))).await.len(), 120);
    assert!(store.verify().await.unwrap().is_sound());
}

#[cfg(unix)]
#[test]
fn the_folder_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("new/city");
    let _store = open(&city);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&city), 0o700);
    for name in ["city.db", "city.db-wal"] {
        assert_eq!(mode(&city.join(name)), 0o600, "{name}");
    }
}

#[test]
fn what_is_not_a_city_of_this_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.db");
    open(folder.path()).close();
    let sql = |text: &str| rusqlite::Connection::open(&file).unwrap().execute_batch(text).unwrap();
    sql("PRAGMA user_version = 99");
    let newer = refused(folder.path());
    assert!(newer.kind() == Kind::Conflict && newer.en().contains("99"), "{newer}");
    sql("PRAGMA application_id = 5");
    let foreign = refused(folder.path());
    assert!(foreign.kind() == Kind::Conflict && foreign.en().contains("another program"), "{foreign}");
    std::fs::write(&file, "this is a letter, not a database, and long enough to be read as a header".repeat(99))
        .unwrap();
    let letter = refused(folder.path());
    assert!(letter.kind() == Kind::Storage && letter.en().contains("is no database"), "{letter}");
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_told_and_does_not_bring_the_store_down() {
    let damages = [
        "UPDATE version SET geometry = x'0102'",
        "UPDATE version SET properties = x'7B22'",
        "UPDATE version SET properties = 7",
        "UPDATE version SET valid_from = valid_until - 1, valid_until = valid_from",
        "UPDATE version SET min_zoom = 999 WHERE id = 1; UPDATE version SET min_zoom = -1",
        "UPDATE version SET layer = 2; INSERT INTO layer VALUES (2, 'Not A Name')",
        "UPDATE version SET geometry = 'text'",
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        write(&store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
        store.close();
        drop(store);
        rusqlite::Connection::open(folder.path().join("city.db")).unwrap().execute_batch(damage).unwrap();
        let store = open(folder.path());
        let mut seen = 0;
        let thing = [gis_data::FeatureId::new(1).unwrap()];
        let error = store.scan(gis_data::Part::Things(&thing), &mut |_| seen += 1).await.expect_err(damage);
        assert_eq!((error.kind(), seen), (Kind::Storage, 0), "{damage}: {error}");
        assert!(!store.verify().await.unwrap().is_sound(), "{damage}");
        let over = vec![Change::Retire { id: gis_data::FeatureId::new(1).unwrap(), valid: Interval::ALWAYS }];
        store.commit(Commit::new("li", "over a damaged row", at(200), over)).await.expect_err(damage);
        write(&store, 300, vec![tree("b", "fir", 1.0, Interval::ALWAYS)]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_finds_what_does_not_fit() {
    let damages = [
        "DELETE FROM box",
        "UPDATE box SET east = 99",
        "DROP TRIGGER version_overlap; INSERT INTO version SELECT NULL, id, layer, valid_from, valid_until, rec_from, rec_until, rec_at, min_zoom, NULL, properties FROM version",
        "UPDATE log SET number = 7",
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        write(&store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
        assert!(store.verify().await.unwrap().is_sound());
        store.close();
        drop(store);
        rusqlite::Connection::open(folder.path().join("city.db")).unwrap().execute_batch(damage).unwrap();
        assert!(!open(folder.path()).verify().await.unwrap().is_sound(), "{damage}");
    }
}

/// A city as the first version of the tables left it: without what came since.
const FIRST_VERSION: &str =
    "DROP TRIGGER version_overlap; DROP TRIGGER fact_overlap; ALTER TABLE receipt DROP COLUMN content;
PRAGMA user_version = 1;";

#[tokio::test(flavor = "multi_thread")]
async fn an_older_city_is_brought_up_and_then_refuses_what_overlaps() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let keyed = || {
        let mut commit = Commit::new("li", "once", at(100), [tree("a", "oak", 1.0, Interval::ALWAYS)]);
        commit.key = "k".into();
        commit
    };
    let first = store.commit(keyed()).await.unwrap();
    store.close();
    drop(store);
    let sql = |sql: &str| rusqlite::Connection::open(folder.path().join("city.db")).unwrap().execute_batch(sql);
    sql(FIRST_VERSION).unwrap();
    let store = open(folder.path());
    assert_eq!(store.commit(keyed()).await.unwrap(), first, "a receipt of before is still a receipt");
    assert!(store.verify().await.unwrap().is_sound());
    store.close();
    drop(store);
    let twice = "INSERT INTO version SELECT NULL, id, layer, valid_from, valid_until, rec_from, rec_until, rec_at, min_zoom, NULL, properties FROM version";
    assert!(sql(twice).unwrap_err().to_string().contains("overlap"));
}
