//! What was ever believed.

use gis_data::{Change, Interval, PlaceId, Position, Recorded, Scope, Store};

use crate::city::{all, at, lies_in, origin, tree, write};
use crate::random::narrow;

pub(super) async fn a_history_tells_all_that_was_ever_believed(store: &impl Store) {
    let first = write(store, 100, vec![tree("t", "oak", 1.0, Interval::since(at(0)))]).await;
    let id = first.ids[0];
    write(store, 200, vec![tree("t", "elm", 1.0, Interval::since(at(50)))]).await;
    write(store, 300, vec![Change::Retire { id, valid: Interval::since(at(70)) }]).await;
    let told: Vec<_> = store.history(id, &all()).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|s| {
            let (valid, recorded) = (s.valid(), s.recorded());
            (
                s.text("name").unwrap_or_default(),
                valid.from.micros(),
                valid.until.micros(),
                recorded.from,
                recorded.until,
            )
        })
        .collect();
    let still = Recorded::STILL;
    let end = i64::MAX;
    assert_eq!(
        told,
        [("oak", 0, end, 1, 2), ("oak", 0, 50, 2, still), ("elm", 50, end, 2, 3), ("elm", 50, 70, 3, still)]
    );
    assert!(store.history(id, &Scope::nothing("nobody")).await.unwrap().is_empty());
    let narrow = store.history(id, &narrow()).await.unwrap();
    assert!(narrow.iter().all(|s| s.properties().all(|(n, _)| n.as_ref() == "name")) && narrow.len() == 4);
}

pub(super) async fn facts_have_a_history_too(store: &impl Store) {
    let trees = ["t", "a", "b"].map(|k| tree(k, k, 1.0, Interval::ALWAYS));
    let put = write(store, 100, trees.to_vec()).await;
    write(store, 200, vec![lies_in("t", "a", Interval::since(at(0)))]).await;
    let cut = Change::Unrelate {
        thing: put.ids[0],
        relation: gis_data::Relation::LiesIn,
        place: PlaceId(put.ids[1]),
        valid: Interval::since(at(50)),
    };
    write(store, 300, vec![cut, lies_in("t", "b", Interval::since(at(50)))]).await;
    let told = store.fact_history(put.ids[0]).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|f| (f.place.0, f.valid.from.micros(), f.valid.until.micros(), f.recorded.from, f.recorded.until))
        .collect();
    let (a, b, still, end) = (put.ids[1], put.ids[2], Recorded::STILL, i64::MAX);
    assert_eq!(told, [(a, 0, end, 2, 3), (a, 0, 50, 3, still), (b, 50, end, 3, still)]);
    assert!(store.fact_history(a).await.unwrap().is_empty());
}

pub(super) async fn an_overtaken_commit_is_told_what_is_current(store: &impl Store) {
    let put = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    write(store, 200, vec![tree("t", "elm", 1.0, Interval::ALWAYS)]).await;
    let mut late = gis_data::Commit::new("li", "late", at(300), [tree("t", "ash", 1.0, Interval::ALWAYS)]);
    late.expected.push((put.ids[0], Position { epoch: 1, number: 1 }));
    let error = store.commit(late).await.unwrap_err();
    assert_eq!(error.kind(), gis_data::Kind::Conflict);
    assert!(error.en().contains("1.2"), "{error}");
}

pub(super) async fn an_origin_is_found(store: &impl Store) {
    let put = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let asked = [origin("t"), origin("nobody's"), gis_data::Identity::Id(put.ids[0])];
    assert_eq!(store.find(&asked).await.unwrap(), [Some(put.ids[0]), None, Some(put.ids[0])]);
}

pub(super) async fn a_key_with_another_content_is_a_conflict(store: &impl Store) {
    let make = |name: &str, content: u64| {
        let mut commit = gis_data::Commit::new("li", "once", at(100), [tree("t", name, 1.0, Interval::ALWAYS)]);
        commit.key = "k".into();
        commit.content = content;
        commit
    };
    let first = store.commit(make("oak", u64::MAX)).await.unwrap();
    assert_eq!(store.commit(make("oak", u64::MAX)).await.unwrap(), first);
    assert_eq!(store.commit(make("elm", 8)).await.unwrap_err().kind(), gis_data::Kind::Conflict);
    assert_eq!(store.commit(make("elm", 0)).await.unwrap(), first, "a content that was not looked at is not compared");
}
