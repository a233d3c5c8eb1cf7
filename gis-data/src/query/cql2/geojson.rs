//! Shapes in JSON: GeoJSON (RFC 7946) with an optional height.

use geo_types::{Coord, Geometry as Shape, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::{Map, Value, json};

use super::failure::wrong;
use crate::{Geometry, Result};

/// Reads a shape. It recurses by collections only, of which it takes eight.
pub(super) fn read(object: &Map<String, Value>) -> Result<Geometry> {
    let mut z = Vec::new();
    let shape = shape(object, &mut z, 0)?;
    Geometry::new(shape, Some(z).filter(|z| !z.is_empty()))
}

fn shape(object: &Map<String, Value>, z: &mut Vec<f64>, depth: usize) -> Result<Shape<f64>> {
    let at = object.get("coordinates").unwrap_or(&Value::Null);
    Ok(match object.get("type").and_then(Value::as_str).unwrap_or_default() {
        "Point" => Shape::Point(Point(coord(at, z)?)),
        "LineString" => Shape::LineString(line(at, z)?),
        "Polygon" => Shape::Polygon(polygon(at, z)?),
        "MultiPoint" => Shape::MultiPoint(MultiPoint(list(at, |p| coord(p, z).map(Point))?)),
        "MultiLineString" => Shape::MultiLineString(MultiLineString(list(at, |l| line(l, z))?)),
        "MultiPolygon" => Shape::MultiPolygon(MultiPolygon(list(at, |p| polygon(p, z))?)),
        "GeometryCollection" if depth < 8 => {
            let parts = object.get("geometries").unwrap_or(&Value::Null);
            let parts = list(parts, |p| match p {
                Value::Object(p) => shape(p, z, depth + 1),
                _ => wrong("几何集合的成员须为几何", "a part of a collection is a shape"),
            })?;
            Shape::GeometryCollection(geo_types::GeometryCollection(parts))
        }
        other => {
            let other: String = other.chars().take(40).collect();
            return wrong(
                format!("“{other}” 不是可用的几何类型"),
                format!("“{other}” is no kind of shape that can be used here"),
            );
        }
    })
}

fn list<T>(value: &Value, one: impl FnMut(&Value) -> Result<T>) -> Result<Vec<T>> {
    match value {
        Value::Array(all) => all.iter().map(one).collect(),
        _ => wrong("几何的坐标须为数组", "the coordinates of a shape are arrays"),
    }
}

fn line(value: &Value, z: &mut Vec<f64>) -> Result<LineString<f64>> {
    list(value, |c| coord(c, z)).map(LineString)
}

fn polygon(value: &Value, z: &mut Vec<f64>) -> Result<Polygon<f64>> {
    let mut rings = list(value, |l| line(l, z))?.into_iter();
    let outer = rings.next().filter(|r| !r.0.is_empty() && r.is_closed());
    let holes: Vec<_> = rings.collect();
    match outer {
        Some(outer) if holes.iter().all(|h| !h.0.is_empty() && h.is_closed()) => Ok(Polygon::new(outer, holes)),
        _ => wrong("多边形的环须首尾相同", "a ring of a polygon ends where it begins"),
    }
}

fn coord(value: &Value, z: &mut Vec<f64>) -> Result<Coord<f64>> {
    let numbers = list(value, |n| match n.as_f64() {
        Some(x) => Ok(x),
        None => wrong("坐标须为数", "a coordinate is a number"),
    })?;
    match *numbers {
        [x, y] => Ok(Coord { x, y }),
        [x, y, height] => {
            z.push(height);
            Ok(Coord { x, y })
        }
        _ => wrong("坐标须为 2 个或 3 个数", "a coordinate has 2 or 3 numbers"),
    }
}

/// Writes a shape.
pub(super) fn write(geometry: &Geometry) -> Value {
    let mut z = geometry.z().unwrap_or_default().iter();
    part(geometry.shape(), &mut z)
}

type Heights<'a> = std::slice::Iter<'a, f64>;

fn part(shape: &Shape<f64>, z: &mut Heights<'_>) -> Value {
    let (kind, at) = match shape {
        Shape::Point(p) => ("Point", point(p.0, z)),
        Shape::Line(l) => ("LineString", points(&[l.start, l.end], z)),
        Shape::LineString(l) => ("LineString", points(&l.0, z)),
        Shape::Polygon(p) => ("Polygon", rings(p, z)),
        Shape::Rect(r) => ("Polygon", rings(&r.to_polygon(), z)),
        Shape::Triangle(t) => ("Polygon", rings(&t.to_polygon(), z)),
        Shape::MultiPoint(m) => ("MultiPoint", m.0.iter().map(|p| point(p.0, z)).collect()),
        Shape::MultiLineString(m) => ("MultiLineString", m.0.iter().map(|l| points(&l.0, z)).collect()),
        Shape::MultiPolygon(m) => ("MultiPolygon", m.0.iter().map(|p| rings(p, z)).collect()),
        Shape::GeometryCollection(c) => {
            let parts: Vec<_> = c.0.iter().map(|s| part(s, z)).collect();
            return json!({"type": "GeometryCollection", "geometries": parts});
        }
    };
    json!({"type": kind, "coordinates": at})
}

fn rings(p: &Polygon<f64>, z: &mut Heights<'_>) -> Value {
    std::iter::once(p.exterior()).chain(p.interiors()).map(|r| points(&r.0, z)).collect()
}

fn points(all: &[Coord<f64>], z: &mut Heights<'_>) -> Value {
    all.iter().map(|c| point(*c, z)).collect()
}

fn point(c: Coord<f64>, z: &mut Heights<'_>) -> Value {
    match z.next() {
        Some(height) => json!([c.x, c.y, height]),
        None => json!([c.x, c.y]),
    }
}
