use gis_data::{Geometry, Method, Properties, Relation};
use proptest::prelude::*;

use super::*;

/// Degrees of so many metres east and north of a corner in Wenzhou.
fn at(east_m: f64, north_m: f64) -> (f64, f64) {
    (120.65 + east_m / 111_195.08 / 28.0_f64.to_radians().cos(), 28.0 + north_m / 111_195.08)
}

pub(super) fn point(east_m: f64, north_m: f64) -> Geometry {
    let (lon, lat) = at(east_m, north_m);
    Geometry::point(lon, lat).unwrap()
}

pub(super) fn square(west_m: f64, south_m: f64, side_m: f64) -> Geometry {
    let rect = geo_types::Rect::new(at(west_m, south_m), at(west_m + side_m, south_m + side_m));
    Geometry::new(geo_types::Geometry::Polygon(rect.to_polygon()), None).unwrap()
}

fn line(from: (f64, f64), to: (f64, f64)) -> Geometry {
    let line = geo_types::LineString::from(vec![at(from.0, from.1), at(to.0, to.1)]);
    Geometry::new(geo_types::Geometry::LineString(line), None).unwrap()
}

pub(super) fn words(fields: &[(&str, &str)]) -> Properties {
    fields.iter().copied().collect()
}

type Places = Vec<(&'static str, Geometry, Properties, &'static str)>;

fn city() -> Places {
    let none = Properties::new();
    vec![
        ("district", square(-5000.0, -5000.0, 10_000.0), none.clone(), "district"),
        ("subdistrict", square(-2000.0, -2000.0, 4000.0), none.clone(), "subdistrict"),
        ("community", square(0.0, 0.0, 1000.0), none.clone(), "community"),
        ("community", square(1000.0, 0.0, 1000.0), none.clone(), "community_east"),
        ("grid", square(0.0, 0.0, 500.0), none.clone(), "grid"),
        ("grid", square(600.0, 0.0, 480.0), none.clone(), "grid_over_the_border"),
        ("microgrid", square(0.0, 0.0, 200.0), none.clone(), "microgrid"),
        ("compound", square(0.0, 0.0, 120.0), none.clone(), "compound"),
        ("road", line((-500.0, 150.0), (900.0, 150.0)), words(&[("name", "墨池坊")]), "road"),
        ("road", line((-500.0, 110.0), (900.0, 110.0)), words(&[("name", "墨池坊")]), "road_near"),
        ("road", line((-500.0, 101.0), (900.0, 101.0)), words(&[("name", "府前街")]), "road_other"),
        (
            "doorplate",
            point(100.0, 100.0),
            words(&[("road_name", "墨池坊"), ("number", "12号"), ("address", "温州 墨池坊 12号")]),
            "door_12",
        ),
        ("doorplate", point(100.0, 20.0), words(&[("road_name", "墨池坊"), ("number", "14号")]), "door_14"),
        ("doorplate", point(300.0, 300.0), none.clone(), "door_300"),
        ("building", square(80.0, 80.0, 15.0), none.clone(), "building_of_12"),
        ("building", square(400.0, 400.0, 20.0), words(&[("address", "墨池坊14号")]), "building_far"),
    ]
}

fn gazetteer() -> Gazetteer<&'static str> {
    let mut gazetteer = Gazetteer::new();
    for (layer, g, p, key) in city() {
        gazetteer.add(layer, Some(&g), &p, key);
    }
    gazetteer
}

fn placed(layer: &str, geometry: &Geometry, properties: &Properties) -> Vec<(&'static str, Method, Option<f64>)> {
    let all = gazetteer().relations(layer, Some(geometry), properties, &"own");
    let relation = if RECORDS.contains(&layer) { Relation::HangsOn } else { Relation::LiesIn };
    assert!(all.iter().all(|p| p.relation == relation));
    all.into_iter().map(|p| (p.place, p.method, p.distance_m.map(f64::round))).collect()
}

const NONE: Properties = Properties::new();

#[test]
fn a_door_lies_in_the_narrowest_area_its_compound_and_its_road() {
    let door = placed("doorplate", &point(100.0, 100.0), &words(&[("road_name", "墨池坊")]));
    let wanted = [
        ("microgrid", Method::Contained, None),
        ("compound", Method::Contained, None),
        ("road_near", Method::Address, Some(10.0)),
    ];
    assert_eq!(door, wanted);
    assert_eq!(
        placed("doorplate", &point(300.0, 700.0), &words(&[("road_name", "墨池坊")])),
        [("community", Method::Contained, None)]
    );
    assert_eq!(
        placed("doorplate", &point(300.0, 300.0), &words(&[("road_name", "无名路")])),
        [("grid", Method::Contained, None)]
    );
    assert!(placed("doorplate", &point(90_000.0, 0.0), &NONE).is_empty());
}

#[test]
fn a_door_at_the_rim_names_the_community_that_its_grid_does_not_imply() {
    // The grid's middle lies in the western community, the door in the eastern one.
    let door = placed("doorplate", &point(1050.0, 50.0), &NONE);
    let places: Vec<_> = door.iter().map(|d| d.0).collect();
    assert_eq!(places, ["grid_over_the_border", "community_east"]);
}

#[test]
fn a_building_lies_in_the_door_of_its_address_or_within_or_near() {
    let building = |west: f64, south: f64, address: &str| {
        placed("building", &square(west, south, 15.0), &words(&[("address", address)]))
    };
    assert_eq!(building(80.0, 200.0, "墨池坊 14号"), [("door_14", Method::Address, Some(180.0))]);
    assert_eq!(building(80.0, 0.0, "温州墨池坊12号"), [("door_12", Method::Address, Some(85.0))]);
    assert_eq!(building(95.0, 95.0, "别处1号"), [("door_12", Method::Contained, Some(0.0))]);
    assert_eq!(building(70.0, 95.0, ""), [("door_12", Method::Nearest, Some(15.0))]);
    assert_eq!(
        building(700.0, 700.0, ""),
        [("community", Method::Contained, None)],
        "without a door the area holds it"
    );
    assert_eq!(
        building(80.0, 900.0, "墨池坊14号"),
        [("community", Method::Contained, None)],
        "the same address far away is another's"
    );
}

#[test]
fn areas_lie_in_the_next_wider_one() {
    let above =
        |layer, side| placed(layer, &square(10.0, 10.0, side), &NONE).into_iter().map(|p| p.0).collect::<Vec<_>>();
    assert_eq!(above("microgrid", 100.0), ["grid"]);
    assert_eq!(above("grid", 100.0), ["community"]);
    assert_eq!(above("community", 100.0), ["subdistrict"]);
    assert_eq!(above("subdistrict", 100.0), ["district"]);
    assert_eq!(above("compound", 100.0), ["community"]);
    assert!(above("district", 100.0).is_empty());
    assert_eq!(placed("microgrid", &square(300.0, 700.0, 50.0), &NONE)[0].0, "community", "no grid there");
}

#[test]
fn a_record_hangs_on_the_door_of_its_building_or_the_nearest() {
    assert_eq!(placed("organisation", &point(85.0, 85.0), &NONE), [("door_12", Method::Contained, Some(21.0))]);
    assert_eq!(placed("facility", &point(410.0, 410.0), &NONE), [], "the house's door is too far to be its own");
    assert_eq!(placed("facility", &point(300.0, 375.0), &NONE), [("door_300", Method::Nearest, Some(75.0))]);
    assert_eq!(placed("component", &point(300.0, 395.0), &NONE), [("door_300", Method::Nearest, Some(95.0))]);
    assert_eq!(placed("incident", &point(300.0, 375.0), &NONE), [], "75 m is too far for an incident");
    assert_eq!(placed("facility", &square(250.0, 250.0, 100.0), &NONE), [("door_300", Method::Contained, Some(0.0))]);
    // A greenway of three kilometres passes every door of the street; its middle is near to none.
    assert_eq!(placed("facility", &line((-500.0, 300.0), (2500.0, 300.0)), &NONE), []);
}

#[test]
fn what_sources_state_is_left_to_them() {
    for layer in ["stairwell", "floor", "room", "road", "person", "unheard_of"] {
        assert!(placed(layer, &point(100.0, 100.0), &NONE).is_empty(), "{layer}");
    }
    assert!(gazetteer().relations("facility", None, &NONE, &"own").is_empty());
}

#[test]
fn nothing_is_placed_by_itself() {
    let all = gazetteer().relations("plate", Some(&point(100.0, 100.0)), &NONE, &"door_12");
    assert!(all.is_empty());
}

proptest! {
    #[test]
    fn the_order_of_adding_does_not_matter(order in Just((0..16).collect::<Vec<usize>>()).prop_shuffle(), east in -100.0..1200.0, north in -100.0..1200.0) {
        let city = city();
        let mut shuffled = Gazetteer::new();
        for i in order {
            let (layer, g, p, key) = &city[i];
            shuffled.add(layer, Some(g), p, *key);
        }
        for layer in ["doorplate", "building", "facility", "component", "grid"] {
            let shape = if layer == "grid" || layer == "building" { square(east, north, 60.0) } else { point(east, north) };
            let road = words(&[("road_name", "墨池坊")]);
            let relations = |g: &Gazetteer<&'static str>| g.relations(layer, Some(&shape), &road, &"own");
            prop_assert_eq!(relations(&shuffled), relations(&gazetteer()));
        }
    }

    #[test]
    fn the_nearest_door_is_the_nearest_of_all(doors in proptest::collection::vec((0.0..400.0, 0.0..400.0), 1..60), east in 0.0..400.0, north in 0.0..400.0) {
        let mut gazetteer = Gazetteer::new();
        for (i, (e, n)) in doors.iter().enumerate() {
            gazetteer.add("doorplate", Some(&point(*e, *n)), &NONE, i);
        }
        let lamp = at(east, north);
        let nearest = doors.iter().map(|d| point(d.0, d.1).distance_m(lamp.0, lamp.1)).fold(f64::INFINITY, f64::min);
        let placed = gazetteer.relations("component", Some(&point(east, north)), &NONE, &999);
        match placed.first() {
            Some(p) => prop_assert!((p.distance_m.unwrap() - nearest).abs() < 0.01),
            None => prop_assert!(nearest > 100.0),
        }
    }
}
