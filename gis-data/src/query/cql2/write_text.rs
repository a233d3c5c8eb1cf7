//! A condition as CQL2 text. It goes as deep as the condition, whose depth was checked.

use std::fmt::Write;

use geo_types::{Coord, Geometry as Shape, LineString, Polygon};

use super::lexer::{goes_on_name, starts_name};
use super::parser::WORDS;
use crate::query::filter::{Arithmetic, Expr, Filter};
use crate::{Geometry, Value};

/// Writes CQL2 text that is read back equal, if the condition was read from text or JSON. A map, which CQL2 has no word for, becomes
/// `NULL`.
pub fn write(filter: &Filter) -> String {
    condition(filter)
}

fn condition(filter: &Filter) -> String {
    match filter {
        Filter::All(parts) => joined(" AND ", "TRUE", parts),
        Filter::Any(parts) => joined(" OR ", "FALSE", parts),
        Filter::Not(part) => format!("NOT ({})", condition(part)),
        Filter::Flag(e) => expr(e),
        Filter::Compare(a, how, b) => format!("{} {} {}", expr(a), how.name(), expr(b)),
        Filter::Between(e, low, high) => format!("{} BETWEEN {} AND {}", expr(e), expr(low), expr(high)),
        Filter::In(_, values) if values.is_empty() => "FALSE".to_owned(),
        Filter::In(e, values) => format!("{} IN ({})", expr(e), list(values)),
        Filter::Like(e, pattern) => format!("{} LIKE {}", expr(e), expr(pattern)),
        Filter::IsNull(e) => format!("{} IS NULL", expr(e)),
        Filter::Spatial(how, a, b) => format!("{}({}, {})", how.name().to_uppercase(), expr(a), expr(b)),
        Filter::Temporal(how, a, b) => format!("{}({}, {})", how.name().to_uppercase(), expr(a), expr(b)),
        Filter::Array(how, a, b) => format!("{}({}, {})", how.name().to_uppercase(), expr(a), expr(b)),
    }
}

fn joined(word: &str, empty: &str, parts: &[Filter]) -> String {
    match parts {
        [] => empty.to_owned(),
        [only] => condition(only),
        parts => parts.iter().map(within).collect::<Vec<_>>().join(word),
    }
}

/// In parentheses where it joins others itself.
fn within(filter: &Filter) -> String {
    match filter {
        Filter::All(parts) | Filter::Any(parts) if parts.len() > 1 => format!("({})", condition(filter)),
        _ => condition(filter),
    }
}

fn list(all: &[Expr]) -> String {
    all.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn expr(e: &Expr) -> String {
    match e {
        Expr::Field(name) => field(name),
        Expr::Literal(value) => literal(value),
        Expr::Geometry(shape) => geometry(shape),
        Expr::Instant(at) => format!("TIMESTAMP('{at}')"),
        Expr::Interval(from, until) => format!("INTERVAL({}, {})", end(from.as_deref()), end(until.as_deref())),
        // Brackets, since a list of one part in parentheses would be a value in parentheses.
        Expr::List(parts) => format!("[{}]", list(parts)),
        Expr::Arithmetic(a, how, b) => {
            let word = if *how == Arithmetic::Whole { "DIV" } else { how.name() };
            format!("({} {word} {})", expr(a), expr(b))
        }
        Expr::Call(function, args) => format!("{}({})", function.name().to_uppercase(), list(args)),
    }
}

fn field(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(starts_name) && chars.all(goes_on_name);
    if plain && !WORDS.iter().any(|w| name.eq_ignore_ascii_case(w)) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Float(x) if x.is_finite() => format!("{x:?}"),
        Value::Null | Value::Map(_) | Value::Float(_) => "NULL".to_owned(),
        Value::Text(text) => quoted(text),
        Value::List(parts) => format!("[{}]", parts.iter().map(literal).collect::<Vec<_>>().join(", ")),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn end(end: Option<&Expr>) -> String {
    match end {
        None => "'..'".to_owned(),
        Some(Expr::Instant(at)) => format!("'{at}'"),
        Some(e) => expr(e),
    }
}

fn geometry(shape: &Geometry) -> String {
    let mut writer =
        Writer { out: String::new(), with_z: shape.z().is_some(), z: shape.z().unwrap_or_default().iter() };
    writer.shape(shape.shape());
    writer.out
}

struct Writer<'a> {
    out: String,
    with_z: bool,
    z: std::slice::Iter<'a, f64>,
}

impl Writer<'_> {
    fn kind(&mut self, kind: &str) {
        self.out.push_str(kind);
        self.out.push_str(if self.with_z { " Z " } else { "" });
    }

    fn shape(&mut self, shape: &Shape<f64>) {
        match shape {
            Shape::Point(p) => {
                self.kind("POINT");
                self.each(&[p.0], Self::coord);
            }
            Shape::Line(l) => {
                self.kind("LINESTRING");
                self.each(&[l.start, l.end], Self::coord);
            }
            Shape::LineString(l) => {
                self.kind("LINESTRING");
                self.line(l);
            }
            Shape::Polygon(p) => {
                self.kind("POLYGON");
                self.polygon(p);
            }
            Shape::Rect(r) => self.shape(&Shape::Polygon(r.to_polygon())),
            Shape::Triangle(t) => self.shape(&Shape::Polygon(t.to_polygon())),
            Shape::MultiPoint(m) => {
                self.kind("MULTIPOINT");
                self.each(&m.0, |w, p| w.each(&[p.0], Self::coord));
            }
            Shape::MultiLineString(m) => {
                self.kind("MULTILINESTRING");
                self.each(&m.0, Self::line);
            }
            Shape::MultiPolygon(m) => {
                self.kind("MULTIPOLYGON");
                self.each(&m.0, Self::polygon);
            }
            Shape::GeometryCollection(c) => {
                self.kind("GEOMETRYCOLLECTION");
                self.each(&c.0, Self::shape);
            }
        }
    }

    fn each<T>(&mut self, all: &[T], one: impl Fn(&mut Self, &T)) {
        self.out.push('(');
        for (i, part) in all.iter().enumerate() {
            self.out.push_str(if i == 0 { "" } else { ", " });
            one(self, part);
        }
        self.out.push(')');
    }

    fn polygon(&mut self, p: &Polygon<f64>) {
        let rings: Vec<&LineString<f64>> = std::iter::once(p.exterior()).chain(p.interiors()).collect();
        self.each(&rings, |w, ring| w.line(ring));
    }

    fn line(&mut self, l: &LineString<f64>) {
        self.each(&l.0, Self::coord);
    }

    fn coord(&mut self, c: &Coord<f64>) {
        // Writing to a text cannot fail.
        let _ = write!(self.out, "{} {}", c.x, c.y);
        if let Some(height) = self.z.next() {
            let _ = write!(self.out, " {height}");
        }
    }
}
