//! The two axes.

use gis_data::{Change, Interval, Query, Store, Time, When};

use crate::city::{at, during, layer, names, rows, tree, write};

pub(super) async fn a_change_replaces_only_its_stretch(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 120.0, during(0, 100))]).await;
    write(store, 200, vec![tree("t", "elm", 121.0, during(30, 60))]).await;
    for (valid, name) in [(0, "oak"), (29, "oak"), (30, "elm"), (59, "elm"), (60, "oak"), (99, "oak")] {
        assert_eq!(names(store, When::At(at(valid)), When::Now).await, [name], "at {valid}");
    }
    assert!(names(store, When::At(at(100)), When::Now).await.is_empty());
    assert!(names(store, When::At(at(-1)), When::Now).await.is_empty());
}

pub(super) async fn a_late_correction_does_not_rewrite_what_a_report_said(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 120.0, Interval::since(at(0)))]).await;
    let second = write(store, 200, vec![tree("t", "elm", 120.0, Interval::since(at(0)))]).await;
    let thing = second.ids[0];
    write(store, 300, vec![Change::Retire { id: thing, valid: Interval::since(at(50)) }]).await;
    let as_of = |recorded| names(store, When::At(at(60)), recorded);
    assert!(as_of(When::At(at(99))).await.is_empty(), "nothing was known before the first entry");
    assert_eq!(as_of(When::At(at(199))).await, ["oak"]);
    assert_eq!(as_of(When::At(at(200))).await, ["elm"]);
    assert!(as_of(When::Now).await.is_empty());
    assert_eq!(names(store, When::At(at(49)), When::Now).await, ["elm"]);
    // “Now” of a question about what was known then, is then.
    assert_eq!(names(store, When::Now, When::At(at(150))).await, ["oak"]);
}

pub(super) async fn an_interval_finds_each_thing_once(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 1.0, during(0, 50)), tree("u", "fir", 1.0, during(0, 10))]).await;
    write(store, 101, vec![tree("t", "elm", 1.0, during(50, 90))]).await;
    let mut query = Query::layer(&layer("tree"));
    query.time = Time::During(during(20, 70), When::Now);
    let found = rows(store, &query).await;
    assert_eq!(found.iter().map(|r| r.text("name").unwrap()).collect::<Vec<_>>(), ["elm"]);
}

pub(super) async fn the_clock_never_turns_back(store: &impl Store) {
    let first = write(store, 500, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let second = write(store, 20, vec![tree("t", "elm", 1.0, Interval::ALWAYS)]).await;
    assert_eq!((first.at, second.at), (at(500), at(501)));
    assert_eq!(second.position.number, first.position.number + 1);
    assert_eq!(store.position().await.unwrap(), (second.position, second.at));
}
