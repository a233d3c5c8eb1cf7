//! GeoJSON geometries into shapes.

use std::borrow::Cow;
use std::fmt;

use geo_types::{
    Coord, Geometry as Shape, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
};
use gis_data::{Error, Result};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use super::invalid;
use crate::shape::{Heights, Position};

/// A geometry as it stands in the file.
#[derive(Deserialize)]
pub(crate) struct RawGeometry<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default)]
    coordinates: Coords,
    #[serde(default, borrow)]
    geometries: Vec<RawGeometry<'a>>,
}

/// Coordinates of any rank.
#[derive(Default)]
enum Coords {
    #[default]
    Empty,
    Number(f64),
    Position(Position),
    Line(Vec<Position>),
    Rings(Vec<Vec<Position>>),
    Surfaces(Vec<Vec<Vec<Position>>>),
}

impl<'de> Deserialize<'de> for Coords {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(CoordsVisitor)
    }
}

struct CoordsVisitor;

impl<'de> Visitor<'de> for CoordsVisitor {
    type Value = Coords;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coordinates: numbers, or arrays of them")
    }
    fn visit_i64<E>(self, n: i64) -> Result<Coords, E> {
        Ok(Coords::Number(n as f64))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Coords, E> {
        Ok(Coords::Number(n as f64))
    }
    fn visit_f64<E>(self, x: f64) -> Result<Coords, E> {
        Ok(Coords::Number(x))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Coords, A::Error> {
        let mixed = || A::Error::custom("arrays of coordinates are nested unevenly");
        Ok(match seq.next_element::<Coords>()? {
            None => Coords::Empty,
            Some(Coords::Number(x)) => {
                let number = |c| match c {
                    Some(Coords::Number(n)) => Ok(Some(n)),
                    None => Ok(None),
                    Some(_) => Err(mixed()),
                };
                let y = number(seq.next_element()?)?.ok_or_else(|| A::Error::custom("a position has one number"))?;
                let z = number(seq.next_element()?)?;
                // Numbers beyond the third have no meaning (RFC 7946 §3.1.1).
                while number(seq.next_element()?)?.is_some() {}
                Coords::Position(Position { at: Coord { x, y }, z })
            }
            Some(Coords::Position(first)) => {
                let mut line = vec![first];
                while let Some(next) = seq.next_element()? {
                    let Coords::Position(p) = next else { return Err(mixed()) };
                    line.push(p);
                }
                Coords::Line(line)
            }
            Some(first @ (Coords::Line(_) | Coords::Empty)) => return rings(first, seq, mixed),
            Some(Coords::Rings(first)) => surfaces(vec![first], seq, mixed)?,
            Some(Coords::Surfaces(_)) => return Err(A::Error::custom("arrays of coordinates are nested too deeply")),
        })
    }
}

fn rings<'de, A: SeqAccess<'de>>(first: Coords, mut seq: A, mixed: impl Fn() -> A::Error) -> Result<Coords, A::Error> {
    let mut all = vec![if let Coords::Line(l) = first { l } else { vec![] }];
    while let Some(next) = seq.next_element()? {
        match next {
            Coords::Line(line) => all.push(line),
            Coords::Empty => all.push(vec![]),
            // An empty surface came first.
            Coords::Rings(r) if all.iter().all(Vec::is_empty) => {
                let mut before: Vec<_> = all.iter().map(|_| vec![]).collect();
                before.push(r);
                return surfaces(before, seq, mixed);
            }
            _ => return Err(mixed()),
        }
    }
    Ok(Coords::Rings(all))
}

fn surfaces<'de, A: SeqAccess<'de>>(
    mut all: Vec<Vec<Vec<Position>>>,
    mut seq: A,
    mixed: impl Fn() -> A::Error,
) -> Result<Coords, A::Error> {
    while let Some(next) = seq.next_element()? {
        match next {
            Coords::Rings(r) => all.push(r),
            Coords::Empty => all.push(vec![]),
            _ => return Err(mixed()),
        }
    }
    Ok(Coords::Surfaces(all))
}

impl RawGeometry<'_> {
    /// The shape, with its heights collected on the way.
    pub(crate) fn shape(&self, heights: &mut Heights) -> Result<Shape<f64>> {
        let kind = self.kind.as_ref();
        let wrong = || {
            invalid(
                format!("几何类型 {kind} 的坐标层数不对；请检查 coordinates"),
                format!("the coordinates are not nested as a {kind} has them; check them"),
            )
        };
        Ok(match (kind, &self.coordinates) {
            ("Point" | "LineString" | "Polygon" | "MultiPoint" | "MultiLineString" | "MultiPolygon", Coords::Empty) => {
                return Err(invalid(
                    format!("几何 {kind} 没有坐标；请补上坐标，或把 geometry 设为 null"),
                    format!("the {kind} has no coordinates; give it some, or set geometry to null"),
                ));
            }
            ("Point", Coords::Position(p)) => Shape::Point(Point(heights.vertex(*p))),
            ("MultiPoint", Coords::Line(l)) => {
                Shape::MultiPoint(MultiPoint(l.iter().map(|p| Point(heights.vertex(*p))).collect()))
            }
            ("LineString", Coords::Line(l)) => Shape::LineString(heights.line(l)),
            ("MultiLineString", Coords::Rings(r)) => {
                let lines: Vec<LineString<f64>> = r.iter().map(|l| heights.line(l)).collect();
                Shape::MultiLineString(MultiLineString(lines))
            }
            ("Polygon", Coords::Rings(r)) => Shape::Polygon(heights.polygon(r)?),
            ("MultiPolygon", Coords::Surfaces(s)) => {
                let all = s.iter().map(|r| heights.polygon(r)).collect::<Result<Vec<_>>>()?;
                Shape::MultiPolygon(MultiPolygon(all))
            }
            ("MultiPolygon", Coords::Rings(r)) if r.iter().all(Vec::is_empty) => {
                Shape::MultiPolygon(MultiPolygon(vec![]))
            }
            ("GeometryCollection", _) => {
                let all = self.geometries.iter().map(|g| g.shape(heights)).collect::<Result<Vec<_>>>()?;
                Shape::GeometryCollection(GeometryCollection(all))
            }
            ("Point" | "LineString" | "Polygon" | "MultiPoint" | "MultiLineString" | "MultiPolygon", _) => {
                return Err(wrong());
            }
            _ => return Err(unknown(kind)),
        })
    }
}

fn unknown(kind: &str) -> Error {
    invalid(
        format!(
            "不认识的几何类型 “{kind}”；GeoJSON 只有 Point、LineString、Polygon、它们的 Multi 形式和 GeometryCollection"
        ),
        format!(
            "“{kind}” is not a geometry type; GeoJSON has Point, LineString, Polygon, their Multi forms and GeometryCollection"
        ),
    )
}
