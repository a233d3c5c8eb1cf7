//! Random questions.

use std::sync::Arc;

use geo_types::polygon;
use gis_data::{Area, AsOf, BBox, Geometry, Order, PlaceId, Query, Scope, Time, Want, When, query::Region};

use super::rng::Rng;
use super::{condition, narrow};
use crate::city::{all, at, during, layer};

pub(super) fn question(rng: &mut Rng) -> (Query, Scope) {
    let scope = match rng.below(8) {
        0 => Scope::nothing("nobody"),
        1 | 2 => narrow(),
        _ => all(),
    };
    let query = Query {
        from: match rng.below(4) {
            0 => Vec::new(),
            1 => vec![layer("tree"), layer("bench"), layer("tree")],
            2 => vec![layer("nowhere"), layer("person")],
            _ => vec![layer("tree")],
        },
        ids: rng.one_in(5).then(|| (0..4).map(|_| rng.id()).collect()),
        area: area(rng),
        filter: rng.one_in(3).then(|| condition::filter(rng, &["name", "n"])),
        time: time(rng),
        zoom: rng.one_in(4).then(|| rng.pick(&[0, 5, 13, 14, 22])),
        order: (0..rng.below(3))
            .map(|_| Order { field: rng.pick(&["name", "n", "none"]).into(), descending: rng.one_in(2) })
            .collect(),
        want: match rng.below(6) {
            0 => Want::Count,
            1 => Want::Groups(rng.pick(&["name", "n"]).into()),
            2 => {
                Want::Nearest { k: rng.below(5) as usize, lon: rng.between(0, 3) as f64, lat: rng.between(0, 2) as f64 }
            }
            _ => Want::Rows,
        },
        page: gis_data::query::Page {
            limit: rng.pick(&[0, 1, 2, 3, 5, 1000, 100_001]),
            after: rng.one_in(3).then(|| rng.id()),
        },
    };
    (query, scope)
}

pub(super) fn when(rng: &mut Rng) -> When {
    if rng.one_in(2) { When::Now } else { When::At(at(rng.between(980, 2000))) }
}

fn time(rng: &mut Rng) -> Time {
    if rng.one_in(4) {
        let from = rng.between(900, 1800);
        return Time::During(during(from, from + rng.between(1, 300)), when(rng));
    }
    Time::At(AsOf { valid: when(rng), recorded: when(rng) })
}

fn area(rng: &mut Rng) -> Option<Area> {
    let (west, south) = (rng.between(0, 8) as f64 / 3.0, rng.between(0, 8) as f64 / 7.0);
    let (east, north) = (west + rng.below(2) as f64, south + rng.below(2) as f64);
    match rng.below(6) {
        0 => Some(Area::Box(BBox { west, south, east, north })),
        1 => {
            let corner = polygon![(x: west, y: south), (x: west + 1.0, y: south), (x: west, y: south + 1.0)];
            Some(Area::Shape(Arc::new(Geometry::new(corner.into(), None).unwrap())))
        }
        2 => Some(Area::Place(PlaceId(rng.id()))),
        3 => Some(Area::Region(Arc::new(region(rng, 0)))),
        _ => None,
    }
}

fn region(rng: &mut Rng, depth: usize) -> Region {
    let (x, y) = (rng.between(0, 8) as f64 / 3.0, rng.between(0, 8) as f64 / 7.0);
    let parts = |rng: &mut Rng| (0..rng.below(3)).map(|_| region(rng, depth + 1)).collect();
    match rng.below(if depth < 2 { 6 } else { 2 }) {
        0 => {
            let square = polygon![(x: x, y: y), (x: x + 1.0, y: y), (x: x + 1.0, y: y + 1.0), (x: x, y: y + 1.0)];
            Region::Shape(Arc::new(Geometry::new(square.into(), None).unwrap()))
        }
        1 => Region::Near { of: Arc::new(Geometry::point(x, y).unwrap()), within_m: rng.pick(&[0.0, 40_000.0]) },
        2 => Region::Not(Box::new(region(rng, depth + 1))),
        3 => Region::Any(parts(rng)),
        _ => Region::All(parts(rng)),
    }
}
