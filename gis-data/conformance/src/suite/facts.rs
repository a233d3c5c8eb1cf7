//! Facts and what lies in a place.

use gis_data::{Area, AsOf, Change, Changed, FeatureId, Interval, PlaceId, Query, Relation, Store, Time, When};

use crate::city::{at, during, ids, layer, lies_in, note, rows, write};

fn place(key: &str) -> Change {
    note("place", key, [("name", key)].into_iter().collect())
}

async fn inside(store: &impl Store, place: FeatureId, valid: i64, recorded: When) -> Vec<FeatureId> {
    let query = Query {
        area: Some(Area::Place(PlaceId(place))),
        time: Time::At(AsOf { valid: When::At(at(valid)), recorded }),
        ..Query::layer(&layer("place"))
    };
    ids(&rows(store, &query).await)
}

pub(super) async fn a_place_holds_what_lies_in_it_however_deep(store: &impl Store) {
    let made = write(store, 100, ["city", "grid", "door", "room", "far"].map(place).into()).await.ids;
    let [city, grid, door, room, _] = made[..] else { panic!("five places were put, {} came back", made.len()) };
    let always = Interval::ALWAYS;
    write(store, 200, vec![lies_in("grid", "city", always), lies_in("room", "door", always)]).await;
    write(store, 300, vec![lies_in("door", "grid", during(0, 50))]).await;
    assert_eq!(inside(store, city, 49, When::Now).await, [city, grid, door, room]);
    assert_eq!(inside(store, city, 50, When::Now).await, [city, grid], "the door moved away");
    assert_eq!(inside(store, city, 49, When::At(at(299))).await, [city, grid], "it was not known then");
    assert_eq!(inside(store, door, 0, When::Now).await, [door, room]);
    let touching = store.facts(&[door], When::Now).await.unwrap();
    assert_eq!(touching.len(), 2);
    assert_eq!(store.facts(&made, When::At(at(200))).await.unwrap().len(), 2);
    // Saying it again changes nothing; saying it otherwise does.
    let position = store.position().await.unwrap();
    write(store, 400, vec![lies_in("door", "grid", during(10, 20))]).await;
    assert_eq!(store.position().await.unwrap(), position);
}

pub(super) async fn a_circle_of_places_ends(store: &impl Store) {
    let made = write(store, 100, ["a", "b", "c"].map(place).into()).await.ids;
    let always = Interval::ALWAYS;
    write(store, 200, vec![lies_in("a", "b", always), lies_in("b", "c", always), lies_in("c", "a", always)]).await;
    for place in &made {
        assert_eq!(inside(store, *place, 0, When::Now).await, made);
    }
}

pub(super) async fn what_is_retired_lies_nowhere_and_holds_nothing(store: &impl Store) {
    let made = write(store, 100, ["city", "door", "room"].map(place).into()).await.ids;
    write(store, 200, vec![lies_in("room", "door", Interval::ALWAYS), lies_in("door", "city", Interval::ALWAYS)]).await;
    let receipt = write(store, 300, vec![Change::Retire { id: made[1], valid: during(50, 60) }]).await;
    let Changed::Each(touched) = &receipt.changed else { panic!("two things were told as many") };
    assert_eq!(touched.iter().map(|t| t.id).collect::<Vec<_>>(), made[1..]);
    for (valid, expected) in [(49, &made[..]), (50, &made[..1]), (60, &made[..])] {
        assert_eq!(inside(store, made[0], valid, When::Now).await, expected, "at {valid}");
    }
    assert_eq!(store.facts(&made, When::Now).await.unwrap().len(), 4);
    assert_eq!(inside(store, made[0], 50, When::At(at(299))).await, made);
}

pub(super) async fn the_fact_of_a_retired_thing_is_a_change(store: &impl Store) {
    let made = write(store, 100, ["door", "room"].map(place).into()).await.ids;
    let (door, room) = (made[0], made[1]);
    let retired = write(store, 300, vec![Change::Retire { id: room, valid: Interval::ALWAYS }]).await;
    let related = write(store, 400, vec![lies_in("room", "door", Interval::ALWAYS)]).await;
    assert_eq!(related.position.number, retired.position.number + 1);
    let Changed::Each(touched) = &related.changed else { panic!("one thing was told as many") };
    assert_eq!(touched.iter().map(|t| (t.id, t.old, t.new)).collect::<Vec<_>>(), [(room, None, None)]);
    let unrelate =
        Change::Unrelate { thing: room, relation: Relation::LiesIn, place: PlaceId(door), valid: Interval::ALWAYS };
    let receipt = write(store, 500, vec![unrelate]).await;
    assert_eq!(receipt.position.number, related.position.number + 1);
    assert!(store.facts(&made, When::Now).await.unwrap().is_empty());
    assert_eq!(store.facts(&made, When::At(at(499))).await.unwrap().len(), 1);
}
