//! Random small cities: after every commit the derived facts are what a computation of everything finds, at many moments.

use std::collections::BTreeSet;

use gis_data::Method;
use proptest::prelude::*;

use super::*;
use crate::placing::{Gazetteer, PLACES};

const LAYERS: [&str; 11] = [
    "doorplate",
    "building",
    "component",
    "facility",
    "microgrid",
    "grid",
    "community",
    "subdistrict",
    "compound",
    "road",
    "district",
];
const LAST_DAY: i64 = 12;

fn stretch() -> impl Strategy<Value = Interval> {
    (0..LAST_DAY - 1, 1..LAST_DAY).prop_map(|(from, long)| match from + long {
        until if until < LAST_DAY => days(from, until),
        _ => since(from),
    })
}

fn key() -> impl Strategy<Value = (usize, String)> {
    // Doors and areas oftener than others, since most things are placed by them.
    (prop_oneof![2 => Just(0), 1 => Just(1), 3 => 4..7_usize, 6 => 0..LAYERS.len()], 0..4)
        .prop_map(|(layer, slot)| (layer, format!("{}{slot}", LAYERS[layer])))
}

/// On a coarse raster, so that there are things at the same spot and at equal distances.
fn shape(layer: usize) -> BoxedStrategy<Geometry> {
    let at = (0..16, 0..16).prop_map(|(e, n)| (f64::from(e) * 20.0, f64::from(n) * 20.0));
    let sized = |least: u32, most: u32| {
        (at.clone(), least..most).prop_map(|((e, n), s)| square(e - 5.0, n - 5.0, f64::from(s)))
    };
    match LAYERS[layer] {
        "building" => sized(20, 70).boxed(),
        "microgrid" => sized(40, 120).boxed(),
        "grid" | "compound" => sized(60, 200).boxed(),
        "community" | "subdistrict" | "district" => sized(100, 400).boxed(),
        "road" => sized(10, 300).boxed(),
        "facility" => prop_oneof![at.clone().prop_map(|(e, n)| point(e, n)), sized(10, 60), sized(1500, 1501)].boxed(),
        _ => at.prop_map(|(e, n)| point(e, n)).boxed(),
    }
}

fn said() -> impl Strategy<Value = Properties> {
    let name = prop_oneof![Just("甲路"), Just("乙 路")];
    (name, 1..4_u8, any::<bool>()).prop_map(|(road, number, addressed)| {
        let number = number.to_string();
        let mut fields = vec![("name", road), ("road_name", road), ("number", number.as_str())];
        let address = format!("{road}{number}");
        if addressed {
            fields.push(("address", &address));
        }
        words(&fields)
    })
}

fn ask() -> impl Strategy<Value = Ask> {
    let put = key().prop_flat_map(|(layer, key)| (Just((layer, key)), shape(layer), said(), stretch()));
    let relation = || prop_oneof![Just(Relation::HangsOn), Just(Relation::LiesIn)];
    prop_oneof![
        8 => put.prop_map(|((layer, key), g, p, valid)| Ask::Put(LAYERS[layer], key, g, p, valid)),
        2 => (key(), stretch()).prop_map(|((_, key), valid)| Ask::Retire(key, valid)),
        1 => (key(), relation(), key(), stretch()).prop_map(|(a, r, b, valid)| Ask::Relate(a.1, r, b.1, valid)),
        1 => (key(), relation(), key(), stretch()).prop_map(|(a, r, b, valid)| Ask::Unrelate(a.1, r, b.1, valid)),
    ]
}

/// A fact at a moment, with its metres as they are printed.
type Row = (FeatureId, Relation, FeatureId, &'static str, String);

fn row(thing: FeatureId, relation: Relation, place: FeatureId, method: Method, distance_m: Option<f64>) -> Row {
    (thing, relation, place, method.as_str(), format!("{distance_m:.2?}"))
}

fn derived(believed: &Believed, at: Instant) -> BTreeSet<Row> {
    let so = |f: &&Fact| f.method != Method::Stated && f.valid.contains(at);
    believed.facts.iter().filter(so).map(|f| row(f.thing, f.relation, f.place.0, f.method, f.distance_m)).collect()
}

/// Everything placed anew, at one moment.
fn naive(believed: &Believed, at: Instant) -> BTreeSet<Row> {
    let there: Vec<&Arc<Feature>> = believed.versions.iter().filter(|f| f.valid.contains(at)).collect();
    let layer = |id: FeatureId| there.iter().find(|f| f.id == id).map(|f| &f.layer);
    let stated: Vec<&Fact> =
        believed.facts.iter().filter(|f| f.method == Method::Stated && f.valid.contains(at)).collect();
    let mut places = Gazetteer::new();
    for f in there.iter().filter(|f| PLACES.contains(&f.layer.as_str())) {
        places.add(f.layer.as_str(), f.geometry.as_ref(), &f.properties, f.id);
    }
    let mut rows = BTreeSet::new();
    for f in &there {
        for p in places.relations(f.layer.as_str(), f.geometry.as_ref(), &f.properties, &f.id) {
            let says = |s: &&Fact| s.thing == f.id && s.relation == p.relation && layer(s.place.0) == layer(p.place);
            if !stated.iter().any(says) {
                let distance_m = p.distance_m.map(|d| (d * 100.0).round() / 100.0);
                rows.insert(row(f.id, p.relation, p.place, p.method, distance_m));
            }
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn after_every_commit_the_facts_are_what_the_rule_finds_at_every_moment(
        commits in proptest::collection::vec(proptest::collection::vec(ask(), 1..12), 1..8)
    ) {
        let mut city = City::default();
        for commit in commits {
            city.commit(&commit);
            for n in -1..=LAST_DAY {
                let (believed, wanted) = (derived(&city.believed, day(n)), naive(&city.believed, day(n)));
                let named = |rows: &BTreeSet<Row>| {
                    rows.iter().map(|r| format!("{} {} {} {}", city.name(r.0), city.name(r.2), r.3, r.4)).collect::<Vec<_>>()
                };
                prop_assert_eq!(named(&believed), named(&wanted), "on day {} after {:?}", n, commit);
            }
        }
    }
}
