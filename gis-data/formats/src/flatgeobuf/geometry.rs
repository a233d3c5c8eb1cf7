//! FlatGeobuf geometries into shapes, every end checked against the coordinates at hand.

use flatgeobuf::{Geometry, GeometryType};
use geo_types::{
    Coord, Geometry as Shape, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use gis_data::{Error, Result};

use crate::shape::{Heights, Position};

/// How deep parts may nest.
const MAX_DEPTH: usize = 8;

/// Reads a geometry; `kind` is the file's, for those that do not say their own.
pub(super) fn read(g: Geometry<'_>, kind: GeometryType) -> Result<(Shape<f64>, Option<Vec<f64>>)> {
    let mut heights = Heights::default();
    let kind = if kind == GeometryType::Unknown { g.type_() } else { kind };
    let shape = shape(g, kind, &mut heights, 0)?;
    Ok((shape, heights.finish()))
}

fn broken(zh: &str, en: &str) -> Error {
    Error::invalid(
        format!("FlatGeobuf 几何损坏：{zh}；请重新导出"),
        format!("the FlatGeobuf shape is broken: {en}; export the file again"),
    )
}

fn positions(g: Geometry<'_>) -> Result<Vec<Position>> {
    let Some(xy) = g.xy() else { return Ok(vec![]) };
    let z = g.z().filter(|z| !z.is_empty());
    let n = xy.len() / 2;
    if xy.len() % 2 != 0 || z.is_some_and(|z| z.len() != n) {
        return Err(broken("坐标个数不成对", "its coordinates do not pair"));
    }
    let at = |i: usize| Position { at: Coord { x: xy.get(2 * i), y: xy.get(2 * i + 1) }, z: z.map(|z| z.get(i)) };
    Ok((0..n).map(at).collect())
}

/// The lines of a geometry: `ends` says where each stops.
fn lines(g: Geometry<'_>) -> Result<Vec<Vec<Position>>> {
    let all = positions(g)?;
    let Some(ends) = g.ends().filter(|e| !e.is_empty()) else {
        return Ok(if all.is_empty() { vec![] } else { vec![all] });
    };
    let mut begin = 0;
    let mut lines = Vec::new();
    for end in ends {
        let end = end as usize;
        let line = all.get(begin..end).ok_or_else(|| broken("分段的界限越界", "an end lies beyond its coordinates"))?;
        lines.push(line.to_vec());
        begin = end;
    }
    if begin != all.len() {
        return Err(broken("分段没有用完坐标", "coordinates are left over"));
    }
    Ok(lines)
}

fn polygon(g: Geometry<'_>, heights: &mut Heights) -> Result<Polygon<f64>> {
    heights.polygon(&lines(g)?)
}

fn shape(g: Geometry<'_>, kind: GeometryType, heights: &mut Heights, depth: usize) -> Result<Shape<f64>> {
    if depth > MAX_DEPTH {
        return Err(broken("嵌套过深", "it is nested too deeply"));
    }
    let parts = || g.parts().into_iter().flatten();
    Ok(match kind {
        GeometryType::Point => match positions(g)?.as_slice() {
            [p] => Shape::Point(Point(heights.vertex(*p))),
            _ => return Err(broken("点须恰有一个坐标", "a point has exactly one position")),
        },
        GeometryType::MultiPoint => {
            Shape::MultiPoint(MultiPoint(positions(g)?.into_iter().map(|p| Point(heights.vertex(p))).collect()))
        }
        GeometryType::LineString => Shape::LineString(heights.line(&positions(g)?)),
        GeometryType::MultiLineString => {
            let all: Vec<LineString<f64>> = lines(g)?.iter().map(|l| heights.line(l)).collect();
            Shape::MultiLineString(MultiLineString(all))
        }
        GeometryType::Polygon => Shape::Polygon(polygon(g, heights)?),
        GeometryType::MultiPolygon if g.parts().is_none() => {
            Shape::MultiPolygon(MultiPolygon(vec![polygon(g, heights)?]))
        }
        GeometryType::MultiPolygon => {
            Shape::MultiPolygon(MultiPolygon(parts().map(|p| polygon(p, heights)).collect::<Result<_>>()?))
        }
        GeometryType::GeometryCollection => {
            let all = parts().map(|p| shape(p, p.type_(), heights, depth + 1)).collect::<Result<_>>()?;
            Shape::GeometryCollection(GeometryCollection(all))
        }
        other => {
            let name = other.variant_name().unwrap_or("?");
            return Err(broken(&format!("几何类型 {name} 不支持"), &format!("the type {name} is not supported")));
        }
    })
}
