//! Plane geometry in metres, and shapes in degrees.

use geo_types::{Geometry as Shape, LineString, MultiPolygon, Point, Polygon};
use gis_data::Geometry;

use crate::place::frame::{P, lonlat};

#[cfg(test)]
/// Twice the area of the triangle; above 0 when it turns left.
pub(crate) fn turn(a: P, b: P, c: P) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The signed area of a ring (not closed).
pub(crate) fn area(ring: &[P]) -> f64 {
    let n = ring.len();
    (0..n).map(|k| ring[k][0] * ring[(k + 1) % n][1] - ring[(k + 1) % n][0] * ring[k][1]).sum::<f64>() / 2.0
}

pub(crate) fn distance(a: P, b: P) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    (dx * dx + dy * dy).sqrt()
}

pub(crate) fn lerp(a: P, b: P, t: f64) -> P {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// The mean of some points.
pub(crate) fn mean(points: &[P]) -> P {
    let n = points.len().max(1) as f64;
    [points.iter().map(|p| p[0]).sum::<f64>() / n, points.iter().map(|p| p[1]).sum::<f64>() / n]
}

/// Metres from a point to a segment.
pub(crate) fn to_segment(p: P, a: P, b: P) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let len2 = dx * dx + dy * dy;
    let t = if len2 > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / len2).clamp(0.0, 1.0) } else { 0.0 };
    distance(p, [a[0] + t * dx, a[1] + t * dy])
}

/// Whether the point lies within the ring.
pub(crate) fn inside(ring: &[P], p: P) -> bool {
    let mut odd = false;
    let mut j = ring.len() - 1;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[j]);
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
            odd = !odd;
        }
        j = i;
    }
    odd
}

const WHOLE: &str = "generated shapes are finite, closed and on the earth";

pub(crate) fn point(p: P) -> Geometry {
    Geometry::new(Shape::Point(Point(lonlat(p))), None).expect(WHOLE)
}

pub(crate) fn line(points: &[P]) -> Geometry {
    Geometry::new(Shape::LineString(points.iter().map(|p| lonlat(*p)).collect()), None).expect(WHOLE)
}

fn ring(points: &[P]) -> LineString<f64> {
    let mut all: Vec<_> = points.iter().map(|p| lonlat(*p)).collect();
    all.extend(all.first().copied());
    LineString(all)
}

/// A surface without holes. The inset of a crooked block may curl at a corner: what it encloses there by mistake is left out.
pub(crate) fn polygon(outer: &[P]) -> Geometry {
    let drawn = Geometry::new(Shape::Polygon(Polygon::new(ring(outer), vec![])), None).expect(WHOLE);
    let size = |p: &Polygon<f64>| area(&p.exterior().0.iter().map(|c| [c.x, c.y]).collect::<Vec<P>>()).abs();
    let largest = |parts: &MultiPolygon<f64>| {
        parts.iter().max_by(|a, b| size(a).total_cmp(&size(b))).cloned().map(Shape::Polygon)
    };
    let whole = drawn.repaired().and_then(|simple| match simple.shape() {
        Shape::MultiPolygon(parts) => largest(parts).and_then(|one| Geometry::new(one, None).ok()),
        _ => Some(simple),
    });
    whole.unwrap_or(drawn)
}

/// Outer rings with their holes.
pub(crate) fn polygons(parts: &[(Vec<P>, Vec<Vec<P>>)]) -> Geometry {
    let make =
        |(outer, holes): &(Vec<P>, Vec<Vec<P>>)| Polygon::new(ring(outer), holes.iter().map(|h| ring(h)).collect());
    let shape = match parts {
        [one] => Shape::Polygon(make(one)),
        many => Shape::MultiPolygon(MultiPolygon(many.iter().map(make).collect())),
    };
    // Traced along a lattice that is bent afterwards, an outline may cross itself where it touched.
    let drawn = Geometry::new(shape, None).expect(WHOLE);
    drawn.repaired().unwrap_or(drawn)
}
