//! Where things lie: areas tile, rooms resolve, numbers rise, facts change in time.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Told, day, plan, town};
use geo::{Area as _, Contains};
use geo_types::{Geometry as Shape, Point};
use gis_data::{Instant, Put};

fn area(put: &Put) -> f64 {
    put.geometry.as_ref().map_or(0.0, |g| g.shape().unsigned_area())
}

fn one<'a>(told: &'a Told, above: &[&'a str], layer: &str) -> &'a str {
    let found: Vec<_> = above.iter().filter(|k| told.layer_of(k) == layer).collect();
    assert_eq!(found.len(), 1, "{layer}: {found:?}");
    found[0]
}

#[test]
fn every_room_lies_in_a_doorplate_a_grid_and_a_community_at_all_times() {
    for told in [town(), &Told::of(plan(2000, 9))] {
        for days in [0, -500, -1500, 100] {
            let when = day(&told.plan, days);
            let rooms = told.layer("room", when);
            assert!(!rooms.is_empty());
            for (key, _) in rooms.iter().step_by(23) {
                let above = told.above(key, when);
                assert!(above.iter().any(|k| told.layer_of(k) == "doorplate"), "{key} {days}");
                for layer in ["microgrid", "grid", "community", "subdistrict", "district"] {
                    let place = one(told, &above, layer);
                    assert!(told.at(place, when).is_some(), "{place} is not there {days} days from now");
                }
            }
        }
    }
}

#[test]
fn everything_that_hangs_on_a_doorplate_finds_it() {
    let told = town();
    let now = told.plan.now;
    for layer in [
        "person",
        "household",
        "organisation",
        "component",
        "device",
        "hazard",
        "incident",
        "facility",
        "plate",
        "entrance",
    ] {
        for (key, _) in told.layer(layer, now).into_iter().step_by(11) {
            let above = told.above(key, now);
            assert!(above.iter().any(|k| told.layer_of(k) == "doorplate"), "{layer} {key} hangs nowhere");
            one(told, &above, "community");
        }
    }
}

/// The parts of each place of `wider` at a time.
fn parts<'a>(told: &'a Told, layer: &str, wider: &str, when: Instant) -> BTreeMap<&'a str, Vec<&'a Put>> {
    let mut all: BTreeMap<&str, Vec<&Put>> = BTreeMap::new();
    for (key, put) in told.layer(layer, when) {
        for place in told.places(key, when).into_iter().filter(|p| told.layer_of(p) == wider) {
            all.entry(place).or_default().push(put);
        }
    }
    all
}

#[test]
fn areas_tile_the_area_they_lie_in() {
    let told = town();
    let chain = ["district", "subdistrict", "community", "grid", "microgrid"];
    for days in [0, -500, 60] {
        let when = day(&told.plan, days);
        for pair in chain.windows(2) {
            let all = parts(told, pair[1], pair[0], when);
            assert_eq!(all.len(), told.layer(pair[0], when).len(), "{} {days}", pair[0]);
            for (place, parts) in all {
                let whole = area(told.at(place, when).unwrap());
                let sum: f64 = parts.iter().map(|p| area(p)).sum();
                assert!((whole - sum).abs() < whole * 1e-6, "{place}: {whole} {sum} {days}");
            }
        }
    }
}

#[test]
fn a_point_lies_in_one_area_of_each_kind() {
    let told = town();
    let now = told.plan.now;
    for layer in ["community", "grid", "microgrid"] {
        let all: Vec<_> = told.layer(layer, now).into_iter().filter_map(|(_, p)| p.geometry.as_ref()).collect();
        for (key, door) in told.layer("doorplate", now).into_iter().step_by(97) {
            let at = door.geometry.as_ref().unwrap().anchor();
            let here = all.iter().filter(|g| g.shape().contains(&Point(at))).count();
            assert_eq!(here, 1, "{layer} {key}");
        }
    }
}

#[test]
fn a_doorplate_stands_in_its_microgrid_and_near_its_road() {
    let told = town();
    let now = told.plan.now;
    for (key, door) in told.layer("doorplate", now).into_iter().step_by(13) {
        let at = door.geometry.as_ref().unwrap().anchor();
        let places = told.places(key, now);
        let micro = told.at(one(told, &places, "microgrid"), now).unwrap().geometry.as_ref().unwrap();
        assert!(micro.contains(at.x, at.y), "{key}");
        let road = told.at(one(told, &places, "road"), now).unwrap();
        assert_eq!(road.properties.text("name"), door.properties.text("road_name"), "{key}");
        let metres = road.geometry.as_ref().unwrap().distance_m(at.x, at.y);
        assert!(metres < 30.0, "{key} stands {metres} m from its road");
    }
}

/// Longitude, latitude, number and key.
type Doors<'a> = Vec<(f64, f64, u32, &'a str)>;

#[test]
fn numbers_are_odd_on_one_side_and_rise_along_the_street() {
    let told = town();
    let mut streets: BTreeMap<(&str, bool), Doors<'_>> = BTreeMap::new();
    let mut upright: BTreeMap<&str, bool> = BTreeMap::new();
    for (key, door) in told.layer("doorplate", told.plan.now) {
        let number: u32 = door.properties.text("number").unwrap().split('号').next().unwrap().parse().unwrap();
        let road = told.places(key, told.plan.now).into_iter().find(|p| told.layer_of(p) == "road").unwrap();
        let Shape::LineString(line) = told.things[road][0].geometry.as_ref().unwrap().shape() else { panic!("{road}") };
        let (a, b) = (line.0[0], line.0[line.0.len() - 1]);
        let at = door.geometry.as_ref().unwrap().anchor();
        // Left or right of the direction of its own step of the street, which runs east or north as it is drawn.
        let near = line.lines().min_by(|p, q| gap(*p, at).total_cmp(&gap(*q, at))).unwrap();
        let left = (near.end.x - near.start.x) * (at.y - near.start.y)
            - (near.end.y - near.start.y) * (at.x - near.start.x)
            > 0.0;
        let tall = (b.y - a.y).abs() > (b.x - a.x).abs();
        let name = road.rsplit_once('.').unwrap().0;
        upright.entry(name).or_insert(tall);
        streets.entry((name, left)).or_default().push((at.x, at.y, number, key));
    }
    let mut seen = 0;
    for ((name, left), mut doors) in streets {
        let odd: BTreeSet<bool> = doors.iter().map(|d| d.2 % 2 == 1).collect();
        assert_eq!(odd.len(), 1, "{name} {left} mixes odd and even");
        if upright[name] {
            assert_eq!(odd.contains(&true), left, "{name}: odd on the left");
            doors.sort_by(|a, b| a.1.total_cmp(&b.1));
        } else {
            assert_eq!(odd.contains(&true), !left, "{name}: odd on the left of the way west");
            doors.sort_by(|a, b| b.0.total_cmp(&a.0));
        }
        // Where the street bends or the gate stands back, one neighbour may come first by its coordinate.
        let falls = doors.windows(2).filter(|w| w[1].2 < w[0].2).count();
        assert!(falls * 12 <= doors.len() + 11, "{name}: {falls} of {} fall", doors.len());
        seen += doors.len();
    }
    assert_eq!(seen, 20_000);
}

fn gap(l: geo_types::Line<f64>, p: geo_types::Coord<f64>) -> f64 {
    let (dx, dy) = (l.end.x - l.start.x, l.end.y - l.start.y);
    let t = (((p.x - l.start.x) * dx + (p.y - l.start.y) * dy) / (dx * dx + dy * dy).max(1e-18)).clamp(0.0, 1.0);
    (l.start.x + t * dx - p.x).hypot(l.start.y + t * dy - p.y)
}

#[test]
fn addresses_tell_doorplates_apart() {
    let told = town();
    let all = told.layer("doorplate", told.plan.now);
    let texts: BTreeSet<&str> = all.iter().map(|(_, p)| p.properties.text("address").unwrap()).collect();
    let codes: BTreeSet<&str> = all.iter().map(|(_, p)| p.properties.text("code").unwrap()).collect();
    assert!(texts.len() * 1000 > all.len() * 998, "{} of {}", texts.len(), all.len());
    assert!(codes.iter().all(|c| c.len() >= 15 && c.starts_with("3303")));
    assert_eq!(codes.len(), all.len());
}

#[test]
fn a_community_was_parted_a_year_ago_and_grids_change_from_a_coming_day() {
    for told in [town(), &Told::of(plan(2000, 4))] {
        let (before, after, then) = (day(&told.plan, -400), told.plan.now, day(&told.plan, 45));
        let communities = |when| told.layer("community", when).into_iter().map(|(k, _)| k).collect::<BTreeSet<_>>();
        let old: Vec<&str> = communities(before).difference(&communities(after)).copied().collect();
        assert!(!old.is_empty());
        let moved = told
            .layer("grid", after)
            .into_iter()
            .filter(|(k, _)| told.places(k, before) != told.places(k, after))
            .count();
        assert!(moved >= 2, "{moved}");
        let redrawn = told
            .layer("microgrid", after)
            .into_iter()
            .filter(|(k, _)| told.places(k, after) != told.places(k, then))
            .count();
        let changed = told
            .layer("grid", after)
            .into_iter()
            .filter(|(k, p)| told.at(k, then).unwrap().geometry != p.geometry)
            .count();
        assert!(redrawn >= 1 && changed >= 2, "{redrawn} {changed}");
    }
}
