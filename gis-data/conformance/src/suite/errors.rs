//! Errors leave the store as it was.

use gis_data::{Change, Commit, Error, FeatureId, Identity, Interval, Kind, Position, Store, When};

use crate::city::{at, lies_in, names, note, tree, try_write, write};

async fn expecting(store: &impl Store, id: FeatureId, position: Position) -> Result<(), Error> {
    let mut commit = Commit::new("li", "a check", at(900), [tree("t", "yew", 1.0, Interval::ALWAYS)]);
    commit.expected = vec![(id, position)];
    store.commit(commit).await.map(|_| ())
}

pub(super) async fn an_overtaken_position_is_a_conflict(store: &impl Store) {
    let seen = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    write(store, 200, vec![tree("other", "fir", 1.0, Interval::ALWAYS)]).await;
    let overtaking = write(store, 300, vec![tree("t", "elm", 1.0, Interval::ALWAYS)]).await;
    let error = expecting(store, seen.ids[0], seen.position).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error}");
    assert_eq!(names(store, When::Now, When::Now).await, ["elm", "fir"]);
    expecting(store, seen.ids[0], overtaking.position).await.unwrap();
}

pub(super) async fn a_retirement_overtakes_too(store: &impl Store) {
    let seen = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    write(store, 200, vec![Change::Retire { id: seen.ids[0], valid: Interval::ALWAYS }]).await;
    let error = expecting(store, seen.ids[0], seen.position).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error}");
}

pub(super) async fn a_failing_change_leaves_everything_as_it_was(store: &impl Store) {
    write(store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    let before = store.position().await.unwrap();
    let changes = vec![
        Ok(tree("a", "elm", 1.0, Interval::ALWAYS)),
        Ok(tree("b", "fir", 1.0, Interval::ALWAYS)),
        Ok(note("bench", "c", [("name", "new layer")].into_iter().collect())),
        Ok(lies_in("a", "b", Interval::ALWAYS)),
        Err(Error::invalid("第 5 行坏了", "row 5 is broken")),
    ];
    let error = try_write(store, 200, changes).await.unwrap_err();
    assert_eq!(error.en(), "row 5 is broken");
    assert_eq!(store.position().await.unwrap(), before);
    assert_eq!(names(store, When::Now, When::Now).await, ["oak"]);
    store.scan_facts(&mut |fact| panic!("a fact of a commit that failed: {fact:?}")).await.unwrap();
    // The ids that were not given are given to the next.
    let next = write(store, 300, vec![tree("z", "ash", 1.0, Interval::ALWAYS)]).await;
    assert_eq!(next.ids, [FeatureId::born(0, 2).unwrap()]);
}

pub(super) async fn a_thing_keeps_its_layer(store: &impl Store) {
    let first = write(store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    write(store, 200, vec![Change::Retire { id: first.ids[0], valid: Interval::ALWAYS }]).await;
    let moved = vec![Ok(note("bench", "a", gis_data::Properties::new()))];
    let error = try_write(store, 300, moved).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error}");
    assert!(error.en().contains("tree") && error.en().contains("bench"), "{error}");
}

pub(super) async fn what_is_not_known_cannot_be_changed(store: &impl Store) {
    write(store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    let stranger = FeatureId::new(77).unwrap();
    let relate = |thing: Identity, place: Identity| Change::Relate {
        thing,
        relation: gis_data::Relation::LiesIn,
        place,
        method: gis_data::Method::Stated,
        distance_m: None,
        valid: Interval::ALWAYS,
    };
    let own = || crate::city::origin("a");
    for bad in [
        Change::Retire { id: stranger, valid: Interval::ALWAYS },
        relate(Identity::Id(stranger), own()),
        relate(own(), Identity::Id(stranger)),
        relate(own(), crate::city::origin("nobody")),
    ] {
        let error = try_write(store, 200, vec![Ok(bad)]).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound, "{error}");
    }
}
