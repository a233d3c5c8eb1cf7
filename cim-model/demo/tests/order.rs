//! The stream itself: exact, repeatable, in order, true to the schemas.

mod common;

use std::hash::{DefaultHasher, Hash, Hasher};

use cim_model_demo::{Plan, Summary, changes};
use common::{Told, plan, town};
use gis_data::{Catalog, Change, FieldKind, Value};

fn fingerprint(plan: &Plan) -> u64 {
    let mut hasher = DefaultHasher::new();
    changes(plan).for_each(|c| format!("{c:?}").hash(&mut hasher));
    hasher.finish()
}

#[test]
fn the_same_seed_tells_the_same_city_and_another_seed_another() {
    assert_eq!(fingerprint(&plan(400, 7)), fingerprint(&plan(400, 7)));
    assert_ne!(fingerprint(&plan(400, 7)), fingerprint(&plan(400, 8)));
}

#[test]
fn exactly_so_many_doorplates_are_valid_now() {
    for (n, seed) in [(1, 1), (2000, 1), (2000, 2), (3001, 3), (9999, 4)] {
        assert_eq!(Summary::of(&plan(n, seed)).doorplates, u64::from(n), "{n} {seed}");
    }
    assert_eq!(town().summary.doorplates, 20_000);
}

#[test]
fn everything_is_put_before_it_is_mentioned() {
    for told in [town(), &Told::of(plan(2000, 5))] {
        assert!(told.disorder.is_empty(), "{:?}", &told.disorder[..told.disorder.len().min(5)]);
    }
}

#[test]
fn no_two_versions_of_a_thing_contradict_each_other() {
    for (key, versions) in &town().things {
        let layer = &versions[0].layer;
        assert!(versions.iter().all(|v| v.layer == *layer && v.valid.from < v.valid.until), "{key}");
        for (k, a) in versions.iter().enumerate() {
            for b in &versions[k + 1..] {
                assert!(!a.valid.overlaps(&b.valid), "{key}: {:?} {:?}", a.valid, b.valid);
            }
        }
    }
}

#[test]
fn properties_are_those_of_the_schemas() {
    let catalog = Catalog::built_in().unwrap();
    for put in town().things.values().flatten() {
        let layer = catalog.layer(put.layer.as_str()).unwrap();
        for (name, value) in put.properties.iter() {
            let Some(field) = layer.field(name) else {
                // The register's own keys, where the schema wants an id that only the store can give.
                assert!(name.ends_with("_key"), "{}.{name}", layer.id);
                continue;
            };
            let fits = match field.kind {
                FieldKind::Int => matches!(value, Value::Int(_)),
                FieldKind::Float => matches!(value, Value::Float(_)),
                FieldKind::Bool => matches!(value, Value::Bool(_)),
                FieldKind::Id => false,
                FieldKind::Text | FieldKind::Date => matches!(value, Value::Text(_)),
            };
            assert!(fits, "{}.{name} = {value:?}", layer.id);
            let known = field.codes.is_empty() || field.codes.iter().any(|c| Some(c.code.as_str()) == value.as_str());
            assert!(known, "{}.{name} = {value:?}", layer.id);
        }
        assert_eq!(
            put.geometry.is_none(),
            matches!(put.layer.as_str(), "floor" | "room" | "person" | "household" | "residence" | "vehicle")
        );
        assert!(put.min_zoom >= layer.min_zoom, "{}", layer.id);
    }
}

#[test]
fn the_shares_are_as_documented() {
    let s = &town().summary;
    let share = |layer: &str| s.puts[layer] as f64 / 20_000.0;
    assert!((4.0..6.5).contains(&share("room")), "{}", share("room"));
    assert!((0.7..1.6).contains(&share("person")), "{}", share("person"));
    // Incidents: 8 % a year for two years, two or more versions each.
    let incidents = town().things.values().filter(|v| v[0].layer.as_str() == "incident").count() as f64;
    assert!((0.13..0.17).contains(&(incidents / 20_000.0)), "{incidents}");
    assert!(s.rows() < 20_000 * 26, "{}", s.rows());
    let every_layer = Catalog::built_in().unwrap();
    // A made-up city has no official code lists, and its doorplates carry their addresses themselves.
    let made = |l: &&str| !["address", "layer", "code"].contains(l);
    for layer in every_layer.iter().map(|l| l.id.as_str()).filter(made) {
        assert!(s.puts.contains_key(layer), "no {layer}");
    }
}

#[test]
fn a_change_is_never_a_removal() {
    assert!(changes(&plan(60, 3)).all(|c| matches!(c, Change::Put(_) | Change::Relate { .. })));
}

#[test]
fn a_small_town_has_something_of_everything() {
    let puts = Summary::of(&plan(2000, 1)).puts;
    for layer in [
        "stairwell",
        "floor",
        "room",
        "compound",
        "person",
        "shelter",
        "water",
        "green",
        "component",
        "incident",
        "activity",
    ] {
        assert!(puts.get(layer).is_some_and(|n| *n > 3), "{layer}: {:?}", puts.get(layer));
    }
}
