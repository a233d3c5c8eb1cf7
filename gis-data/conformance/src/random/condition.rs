//! Random conditions of every kind, as a reader of CQL2 makes them, and awkward values to try them on.

use std::sync::Arc;

use geo_types::{Geometry as Shape, line_string, polygon};
use gis_data::query::filter::{Arithmetic, Array, Compare, Function, Spatial, Temporal};
use gis_data::{Expr, Filter, Geometry, Instant, Value};

use super::rng::Rng;

/// The names of the fields that [`value`] is put into; some need quotes.
pub const FIELDS: [&str; 6] = ["n", "name", "楼 \"名\"", "it's; --", "and", "when"];

/// Texts that could be taken for something else.
const TEXTS: [&str; 24] = [
    "",
    "橡树",
    "Oak",
    "oak",
    "ÖAK",
    "1",
    "1.0",
    "true",
    "null",
    "O'Brien",
    "'; DROP TABLE version; --",
    "\" OR 1=1 --",
    "50%",
    "a_b",
    "a\\",
    "\\%",
    "line\nbreak",
    "nul\u{0}l",
    "?1",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2025-12-31",
    "Straße",
    "\u{1F332} é",
];

/// A value of any kind; rarely a list or a map.
pub fn value(rng: &mut Rng) -> Value {
    match rng.below(12) {
        0 => Value::Null,
        1 => Value::Bool(rng.one_in(2)),
        2..5 => Value::Int(number(rng)),
        5 => Value::Float(rng.pick(&[
            0.5,
            1.0,
            -0.0,
            0.1 + 0.2,
            9_007_199_254_740_992.0,
            1e300,
            -2.5,
            9.223_372_036_854_776e18,
        ])),
        6 => Value::List(
            (0..rng.below(4)).map(|_| rng.pick(&[Value::Int(1), "a".into(), Value::Null, Value::Float(1.0)])).collect(),
        ),
        7 if rng.one_in(3) => Value::Map([("k".to_owned(), Value::Int(1))].into()),
        _ => rng.pick(&TEXTS).into(),
    }
}

fn number(rng: &mut Rng) -> i64 {
    let far = [(1 << 53) + 1, 1 << 53, i64::MAX, i64::MIN, -1, 1_767_196_800_000_000];
    if rng.one_in(4) { rng.pick(&far) } else { rng.between(-3, 6) }
}

/// A condition on some of `fields`.
pub fn filter(rng: &mut Rng, fields: &[&str]) -> Filter {
    Maker { rng, fields }.filter(0)
}

struct Maker<'a> {
    rng: &'a mut Rng,
    fields: &'a [&'a str],
}

impl Maker<'_> {
    fn filter(&mut self, depth: usize) -> Filter {
        match self.rng.below(if depth < 3 { 16 } else { 12 }) {
            0..3 => Filter::Compare(self.scalar(depth), self.rng.pick(Compare::ALL), self.scalar(depth)),
            3 => Filter::Between(self.scalar(depth), self.scalar(depth), self.scalar(depth)),
            4 => Filter::In(self.scalar(depth), (0..=self.rng.below(4)).map(|_| self.scalar(depth)).collect()),
            5 => Filter::Like(self.text(depth), self.text(depth)),
            6 => Filter::IsNull(if self.rng.one_in(5) { Expr::field("geometry") } else { self.scalar(depth) }),
            7 => Filter::Spatial(self.rng.pick(Spatial::ALL), self.spatial(), self.spatial()),
            8 | 9 => Filter::Temporal(self.rng.pick(Temporal::ALL), self.temporal(), self.temporal()),
            10 => Filter::Array(self.rng.pick(Array::ALL), self.array(depth), self.array(depth)),
            11 => Filter::Flag(if self.rng.one_in(3) { Expr::from(self.rng.one_in(2)) } else { self.field() }),
            12 | 13 => Filter::Not(Box::new(self.filter(depth + 1))),
            14 => self.joined(depth, true),
            _ => self.joined(depth, false),
        }
    }

    /// Parts that join others in the same way are taken apart, as a reader does it.
    fn joined(&mut self, depth: usize, all: bool) -> Filter {
        let mut parts = Vec::new();
        for _ in 0..=self.rng.below(2) + 1 {
            match self.filter(depth + 1) {
                Filter::All(mut inner) if all => parts.append(&mut inner),
                Filter::Any(mut inner) if !all => parts.append(&mut inner),
                part => parts.push(part),
            }
        }
        if all { Filter::All(parts) } else { Filter::Any(parts) }
    }

    fn field(&mut self) -> Expr {
        Expr::field(self.rng.pick(self.fields))
    }

    fn scalar(&mut self, depth: usize) -> Expr {
        match self.rng.below(12) {
            0..4 => self.field(),
            4 => Expr::field("id"),
            5 => Expr::Instant(self.moment()),
            6 => self.number(depth),
            7 => self.text(depth),
            8 => self.coalesce(depth),
            _ => self.literal(),
        }
    }

    fn coalesce(&mut self, depth: usize) -> Expr {
        let second = if depth < 3 { self.scalar(depth + 1) } else { self.literal() };
        Expr::Call(Function::Coalesce, vec![self.field(), second])
    }

    fn literal(&mut self) -> Expr {
        match value(self.rng) {
            Value::List(_) | Value::Map(_) => Expr::Literal(Value::Null),
            value => Expr::Literal(value),
        }
    }

    fn number(&mut self, depth: usize) -> Expr {
        match self.rng.below(if depth < 4 { 7 } else { 3 }) {
            0 => self.field(),
            1 => Expr::from(number(self.rng)),
            2 => Expr::from(self.rng.pick(&[0.5, -1.5, 1e300])),
            3 => {
                let functions = [Function::Length, Function::Abs, Function::Floor, Function::Ceil, Function::Round];
                Expr::Call(self.rng.pick(&functions), vec![self.field()])
            }
            _ => {
                let (a, b) = (self.number(depth + 1), self.number(depth + 1));
                Expr::Arithmetic(Box::new(a), self.rng.pick(Arithmetic::ALL), Box::new(b))
            }
        }
    }

    fn text(&mut self, depth: usize) -> Expr {
        match self.rng.below(if depth < 4 { 5 } else { 3 }) {
            0 => self.field(),
            1 => Expr::from(self.rng.pick(&TEXTS)),
            2 => Expr::from(self.rng.pick(&["%", "_%", "%a%", "O%", "%\\%", "%树", "%o%k", "2026%"])),
            _ => {
                let functions = [Function::Casei, Function::Accenti, Function::Lower, Function::Upper];
                Expr::Call(self.rng.pick(&functions), vec![self.text(depth + 1)])
            }
        }
    }

    fn spatial(&mut self) -> Expr {
        if self.rng.one_in(2) {
            return if self.rng.one_in(6) { self.field() } else { Expr::field("geometry") };
        }
        let (x, y) = (self.rng.between(0, 8) as f64 / 3.0, self.rng.between(0, 8) as f64 / 7.0);
        let shape = match self.rng.below(4) {
            0 => Shape::Point((x, y).into()),
            1 => Shape::LineString(line_string![(x: x, y: y), (x: x + 1.0, y: y + 0.5)]),
            2 => Shape::Polygon(polygon![(x: x, y: y), (x: x + 2.0, y: y), (x: x, y: y + 2.0)]),
            _ => Shape::GeometryCollection(geo_types::GeometryCollection(vec![Shape::Point((x, y).into())])),
        };
        let z = self
            .rng
            .one_in(4)
            .then(|| Geometry::new(shape.clone(), None).unwrap().coords().iter().map(|c| c.x * 0.1).collect());
        Expr::Geometry(Arc::new(Geometry::new(shape, z).unwrap()))
    }

    fn moment(&mut self) -> Instant {
        let new_year: Instant = "2026-01-01".parse().unwrap();
        if self.rng.one_in(2) {
            return Instant::from_micros(self.rng.between(90, 220) * 10);
        }
        new_year.plus_micros(self.rng.between(-2, 2) * 28_800_000_000)
    }

    fn temporal(&mut self) -> Expr {
        match self.rng.below(6) {
            0 => self.field(),
            1 => Expr::Instant(self.moment()),
            2 => self.interval(),
            3 => self.coalesce(0),
            _ => Expr::field("valid"),
        }
    }

    fn interval(&mut self) -> Expr {
        let (from, until) = (self.moment(), self.moment());
        let (from, until) = if from < until { (from, until) } else { (until, from.plus_micros(1)) };
        let mut end = |at| match self.rng.below(4) {
            0 => None,
            1 => Some(Box::new(Expr::field(self.rng.pick(self.fields)))),
            _ => Some(Box::new(Expr::Instant(at))),
        };
        Expr::Interval(end(from), end(until))
    }

    fn array(&mut self, depth: usize) -> Expr {
        if self.rng.one_in(2) {
            return self.field();
        }
        let mut part = |depth| if self.rng.one_in(8) { Expr::List(vec![self.literal()]) } else { self.scalar(depth) };
        let parts = (0..3).map(|_| part(depth)).collect::<Vec<_>>();
        Expr::List(parts.into_iter().skip(self.rng.below(4) as usize).collect())
    }
}
