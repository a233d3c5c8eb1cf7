//! What stands where: streets hang together, buildings keep apart, circles have their facilities, nobody real is named.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{day, plan, town};
use geo::{Centroid, Intersects};
use geo_types::Geometry as Shape;
use gis_data::{BBox, Catalog, Geometry, Put};

type Node = (i64, i64);

fn node(c: geo_types::Coord<f64>) -> Node {
    ((c.x * 1e7).round() as i64, (c.y * 1e7).round() as i64)
}

fn root(of: &mut BTreeMap<Node, Node>, mut n: Node) -> Node {
    while let Some(&up) = of.get(&n).filter(|u| **u != n) {
        let over = of.get(&up).copied().unwrap_or(up);
        of.insert(n, over);
        n = up;
    }
    n
}

#[test]
fn one_can_walk_from_every_street_to_every_other() {
    for told in [town(), &common::Told::of(plan(2000, 3)), &common::Told::of(plan(6000, 11))] {
        let roads = told.layer("road", told.plan.now);
        let mut of: BTreeMap<Node, Node> = BTreeMap::new();
        let mut walkable = Vec::new();
        for (key, road) in &roads {
            let Shape::LineString(line) = road.geometry.as_ref().unwrap().shape() else { panic!("{key}") };
            if road.properties.text("class") == Some("motorway") {
                continue;
            }
            let ends = [node(line.0[0]), node(line.0[line.0.len() - 1])];
            walkable.push((*key, ends[0]));
            for n in ends {
                of.entry(n).or_insert(n);
            }
            let (a, b) = (root(&mut of, ends[0]), root(&mut of, ends[1]));
            of.insert(a, b);
        }
        let mut groups: BTreeMap<Node, Vec<&str>> = BTreeMap::new();
        for (key, n) in walkable {
            groups.entry(root(&mut of, n)).or_default().push(key);
        }
        assert_eq!(groups.len(), 1, "{:?}", groups.values().map(|g| (g.len(), g[0])).collect::<Vec<_>>());
    }
}

#[test]
fn the_streets_are_of_every_sort() {
    let told = town();
    let roads = told.layer("road", told.plan.now);
    let classes: BTreeSet<&str> = roads.iter().filter_map(|(_, r)| r.properties.text("class")).collect();
    for class in [
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "residential",
        "living_street",
        "pedestrian",
        "service",
        "footway",
        "steps",
    ] {
        assert!(classes.contains(class), "no {class}");
    }
    assert!(roads.iter().filter(|(_, r)| r.properties.get("bridge").is_some()).count() > 20);
    assert!(roads.iter().any(|(_, r)| r.properties.get("oneway").is_some()));
}

/// Pairs whose boxes meet, found by a sweep from west to east.
fn meeting<'a>(a: &[(&'a str, &'a Geometry)], b: &[(&'a str, &'a Geometry)]) -> Vec<(&'a str, &'a str)> {
    let boxed = |all: &[(&'a str, &'a Geometry)]| {
        let mut all: Vec<(BBox, &'a str, &'a Geometry)> = all.iter().map(|(k, g)| (g.bbox(), *k, *g)).collect();
        all.sort_by(|p, q| p.0.west.total_cmp(&q.0.west));
        all
    };
    let (a, b) = (boxed(a), boxed(b));
    let widest = b.iter().map(|(bb, ..)| bb.east - bb.west).fold(0.0, f64::max);
    let mut found = Vec::new();
    for (bb, key, g) in &a {
        let from = b.partition_point(|(o, ..)| o.west < bb.west - widest);
        for (ob, other, og) in b[from..].iter().take_while(|(o, ..)| o.west <= bb.east) {
            if key != other && bb.meets(ob) && g.shape().intersects(og.shape()) {
                found.push((*key, *other));
            }
        }
    }
    found
}

fn shapes<'a>(all: Vec<(&'a str, &'a std::sync::Arc<Put>)>) -> Vec<(&'a str, &'a Geometry)> {
    all.into_iter().filter_map(|(k, p)| Some((k, p.geometry.as_ref()?))).collect()
}

#[test]
fn buildings_stand_neither_in_each_other_nor_in_water_nor_on_a_street() {
    let (town, other) = (town(), common::Told::of(plan(7000, 42)));
    for (told, days, least) in [(town, 0, 10_000), (town, -900, 10_000), (&other, 0, 4000)] {
        let when = day(&told.plan, days);
        let buildings = shapes(told.layer("building", when));
        assert!(buildings.len() > least);
        let overlaps = meeting(&buildings, &buildings);
        assert!(overlaps.is_empty(), "{} overlap: {:?}", overlaps.len(), &overlaps[..overlaps.len().min(6)]);
        let wet = meeting(&buildings, &shapes(told.layer("water", when)));
        assert!(wet.is_empty(), "{} in water: {:?}", wet.len(), &wet[..wet.len().min(6)]);
        let blocked = meeting(&buildings, &shapes(told.layer("road", when)));
        assert!(blocked.is_empty(), "{} on streets: {:?}", blocked.len(), &blocked[..blocked.len().min(6)]);
    }
}

#[test]
fn every_kind_of_facility_component_and_device_is_there() {
    let told = town();
    let catalog = Catalog::built_in().unwrap();
    for layer in ["facility", "component", "device", "hazard", "grid"] {
        let there: BTreeSet<&str> =
            told.layer(layer, told.plan.now).iter().filter_map(|(_, p)| p.properties.text("kind")).collect();
        let codes = &catalog.layer(layer).unwrap().field("kind").unwrap().codes;
        for code in codes.iter().filter(|c| c.code != "management") {
            assert!(there.contains(code.code.as_str()), "no {layer} of kind {}", code.code);
        }
    }
}

#[test]
fn daily_needs_are_met_within_a_kilometre() {
    let told = town();
    let now = told.plan.now;
    let facilities = told.layer("facility", now);
    for kind in ["convenience", "pharmacy", "clinic", "bus_stop", "supermarket", "community_centre", "park"] {
        let of: Vec<_> = facilities
            .iter()
            .filter(|(_, p)| p.properties.text("kind") == Some(kind))
            .map(|(_, p)| p.geometry.as_ref().unwrap().anchor())
            .collect();
        let doors = told.layer("doorplate", now);
        let sample: Vec<_> = doors.iter().step_by(53).map(|(_, p)| p.geometry.as_ref().unwrap()).collect();
        let met = sample.iter().filter(|g| of.iter().any(|f| g.distance_m(f.x, f.y) < 1000.0)).count();
        assert!(met * 100 >= sample.len() * 90, "{kind}: {met} of {}", sample.len());
    }
}

#[test]
fn no_person_and_no_number_is_real() {
    let told = town();
    let mut people = 0;
    for put in told.things.values().flatten() {
        if let Some(id) = put.properties.text("id_number") {
            people += 1;
            assert!(id.starts_with("999999") && id.chars().count() == 18, "{id}");
        }
        if let Some(phone) = put.properties.text("phone") {
            assert!(phone.starts_with("1990000") && phone.len() == 11, "{phone}");
        }
        if let Some(code) = put.properties.text("credit_code") {
            assert!(code.starts_with("91999999"), "{code}");
        }
    }
    assert!(people > 10_000);
}

#[test]
fn buildings_rise_and_fall_and_shops_change_hands() {
    let told = town();
    let now = told.plan.now;
    let begins = |layer: &str| {
        told.things
            .values()
            .flatten()
            .filter(|p| p.layer.as_str() == layer && p.valid.from > day(&told.plan, -730))
            .count()
    };
    let ended = |layer: &str| {
        told.things.values().flatten().filter(|p| p.layer.as_str() == layer && p.valid.until <= now).count()
    };
    assert!(begins("building") > 50 && ended("building") > 20);
    assert!(ended("organisation") > 100 && begins("organisation") > 100);
    let incidents = told.layer("incident", now);
    let open = incidents.iter().filter(|(_, p)| p.properties.text("status") != Some("closed")).count();
    assert!(open > 5 && open < incidents.len(), "{open} of {}", incidents.len());
    let states: BTreeSet<&str> = incidents.iter().filter_map(|(_, p)| p.properties.text("status")).collect();
    assert!(states.len() >= 5, "{states:?}");
}

#[test]
fn the_city_lies_at_the_place_of_wenzhou() {
    let told = town();
    let doors: Vec<_> = told
        .layer("doorplate", told.plan.now)
        .into_iter()
        .filter_map(|(_, p)| p.geometry.as_ref()?.shape().centroid())
        .collect();
    let n = doors.len() as f64;
    let (x, y) = (doors.iter().map(|p| p.x()).sum::<f64>() / n, doors.iter().map(|p| p.y()).sum::<f64>() / n);
    assert!((120.62..120.69).contains(&x) && (27.97..28.04).contains(&y), "{x} {y}");
    let river = told.things.values().flatten().find(|p| p.properties.text("kind") == Some("river")).unwrap();
    assert!(river.geometry.as_ref().unwrap().bbox().centre().1 > y, "the river runs in the north");
}

#[test]
fn no_surface_crosses_itself() {
    for told in [town(), &common::Told::of(plan(6000, 11))] {
        for layer in Catalog::built_in().unwrap().iter() {
            for (key, thing) in told.layer(layer.id.as_str(), told.plan.now) {
                if let Some(geometry) = &thing.geometry {
                    assert!(geometry.check_rings().is_ok(), "{key}: {:?}", geometry.check_rings());
                }
            }
        }
    }
}
