//! Random commits.

use geo_types::{Geometry as Shape, line_string, polygon};
use gis_data::{
    Change, Commit, Error, Geometry, Identity, Instant, Interval, Method, PlaceId, Position, Properties, Put, Relation,
    Value,
};

use super::rng::Rng;
use crate::city::{at, layer, origin};

/// A commit that can be made twice over.
pub(super) fn commit(rng: &mut Rng, clock: i64) -> impl Fn() -> Commit + use<> {
    let changes: Vec<Change> = (0..=rng.below(5)).map(|_| change(rng)).collect();
    let fails = rng.one_in(12);
    let actor = rng.pick(&["li", "wang"]);
    let key = rng.pick(&["", "", "", "a", "b", "c", "d", "e", "f"]);
    let expected = rng.one_in(8).then(|| (rng.id(), Position { epoch: 1, number: rng.below(40) }));
    let rehearsal = rng.one_in(10);
    move || {
        let mut commit = Commit::new(actor, "random", at(clock), []);
        key.clone_into(&mut commit.key);
        commit.expected.extend(expected);
        commit.rehearsal = rehearsal;
        let end = fails.then(|| Err(Error::invalid("坏行", "a broken row")));
        commit.changes = Box::new(changes.clone().into_iter().map(Ok).chain(end));
        commit
    }
}

/// What a commit says, for a message.
pub(super) fn shown(commit: Commit) -> String {
    let head =
        format!("{} “{}” expecting {:?}, rehearsal {}", commit.actor, commit.key, commit.expected, commit.rehearsal);
    format!("{head}: {:#?}", commit.changes.collect::<Vec<_>>())
}

fn change(rng: &mut Rng) -> Change {
    match rng.below(10) {
        0..5 => {
            let mut identity = identity(rng);
            let mut name = rng.pick(&["tree", "bench", "person"]);
            // Mostly a key stays with its layer; sometimes it does not, and is refused.
            if let Identity::Origin { key, .. } = &mut identity
                && !rng.one_in(25)
            {
                key.push_str(name);
            } else if !rng.one_in(4) {
                name = "tree";
            }
            Change::Put(Put {
                identity,
                layer: layer(name),
                geometry: geometry(rng),
                properties: properties(rng),
                valid: interval(rng),
                min_zoom: rng.pick(&[0, 5, 14]),
            })
        }
        5..7 => Change::Retire { id: rng.id(), valid: interval(rng) },
        7..9 => Change::Relate {
            thing: known(rng),
            relation: rng.pick(&[Relation::HangsOn, Relation::LiesIn, Relation::Succeeds]),
            place: known(rng),
            method: rng.pick(&[Method::Stated, Method::Nearest]),
            distance_m: rng.pick(&[None, Some(0.1), Some(7.0)]),
            valid: interval(rng),
        },
        _ => Change::Unrelate {
            thing: rng.id(),
            relation: rng.pick(&[Relation::HangsOn, Relation::LiesIn, Relation::Succeeds]),
            place: PlaceId(rng.id()),
            valid: interval(rng),
        },
    }
}

fn identity(rng: &mut Rng) -> Identity {
    if rng.one_in(4) { Identity::Id(rng.id()) } else { origin(&rng.below(5).to_string()) }
}

fn known(rng: &mut Rng) -> Identity {
    if rng.one_in(4) { origin(&format!("{}tree", rng.below(5))) } else { Identity::Id(rng.id()) }
}

/// Around the clock of the steps, so that boundaries pass.
fn interval(rng: &mut Rng) -> Interval {
    let from = if rng.one_in(3) { Instant::DAWN } else { at(rng.between(90, 200) * 10) };
    let until = if rng.one_in(3) { Instant::FOREVER } else { at(rng.between(90, 220) * 10) };
    Interval::new(from, until).unwrap_or_else(|_empty| Interval::since(from))
}

fn geometry(rng: &mut Rng) -> Option<Geometry> {
    let (x, y) = (rng.between(0, 8) as f64 / 3.0, rng.between(0, 8) as f64 / 7.0);
    let shape = match rng.below(5) {
        0 => return None,
        1 => Shape::LineString(line_string![(x: x, y: y), (x: x + 2.0, y: y), (x: x, y: y + 1.0)]),
        2 => Shape::Polygon(polygon![(x: x, y: y), (x: x + 1.0, y: y), (x: x + 1.0, y: y + 2.0)]),
        3 => Shape::MultiPoint(vec![(x, y), (x + 3.0, y)].into()),
        _ => Shape::Point((x, y).into()),
    };
    let plain = Geometry::new(shape.clone(), None).unwrap();
    if rng.one_in(3) {
        let heights = plain.coords().iter().map(|c| c.x * 3.1).collect();
        return Some(Geometry::new(shape, Some(heights)).unwrap());
    }
    Some(plain)
}

fn properties(rng: &mut Rng) -> Properties {
    let mut all = Properties::new();
    if !rng.one_in(4) {
        all.set("name", rng.pick(&["橡树", "榆树", "Oak", ""]));
    }
    if !rng.one_in(3) {
        let values = [
            Value::Int(rng.between(-2, 2)),
            Value::Int((1 << 53) + 1),
            Value::Float(0.1 + 0.2),
            Value::Float(1.0),
            Value::Null,
            Value::Bool(true),
            Value::from("1"),
            Value::List(vec![Value::Int(1), Value::from("二")]),
        ];
        all.set("n", rng.pick(&values));
    }
    all
}
