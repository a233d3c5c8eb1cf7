//! All vertices of a shape in one list, and back.

use geo_types::{Coord, Geometry as Shape, LineString, Polygon};

/// Appends every vertex in order.
pub(super) fn read(shape: &Shape<f64>, into: &mut Vec<Coord<f64>>) {
    match shape {
        Shape::Point(p) => into.push(p.0),
        Shape::Line(l) => into.extend([l.start, l.end]),
        Shape::LineString(l) => into.extend(&l.0),
        Shape::Polygon(p) => read_polygon(p, into),
        Shape::MultiPoint(m) => into.extend(m.0.iter().map(|p| p.0)),
        Shape::MultiLineString(m) => m.0.iter().for_each(|l| into.extend(&l.0)),
        Shape::MultiPolygon(m) => m.0.iter().for_each(|p| read_polygon(p, into)),
        Shape::GeometryCollection(c) => c.0.iter().for_each(|s| read(s, into)),
        Shape::Rect(r) => read_polygon(&r.to_polygon(), into),
        Shape::Triangle(t) => into.extend([t.v1(), t.v2(), t.v3()]),
    }
}

fn read_polygon(p: &Polygon<f64>, into: &mut Vec<Coord<f64>>) {
    into.extend(&p.exterior().0);
    p.interiors().iter().for_each(|r| into.extend(&r.0));
}

/// Puts the vertices back in the order of [`read`]. A rectangle becomes a polygon: its sides are straight no more.
pub(super) fn write(shape: &mut Shape<f64>, from: &[Coord<f64>]) {
    if let Shape::Rect(r) = shape {
        *shape = Shape::Polygon(r.to_polygon());
    }
    let mut next = from.iter().copied();
    put(shape, &mut next);
}

fn put(shape: &mut Shape<f64>, next: &mut impl Iterator<Item = Coord<f64>>) {
    fn one(c: &mut Coord<f64>, next: &mut impl Iterator<Item = Coord<f64>>) {
        if let Some(v) = next.next() {
            *c = v;
        }
    }
    fn line(l: &mut LineString<f64>, next: &mut impl Iterator<Item = Coord<f64>>) {
        l.0.iter_mut().for_each(|c| one(c, next));
    }
    fn polygon(p: &mut Polygon<f64>, next: &mut impl Iterator<Item = Coord<f64>>) {
        p.exterior_mut(|r| line(r, next));
        p.interiors_mut(|all| all.iter_mut().for_each(|r| line(r, next)));
    }
    match shape {
        Shape::Point(p) => one(&mut p.0, next),
        Shape::Line(l) => {
            one(&mut l.start, next);
            one(&mut l.end, next);
        }
        Shape::LineString(l) => line(l, next),
        Shape::Polygon(p) => polygon(p, next),
        Shape::MultiPoint(m) => m.0.iter_mut().for_each(|p| one(&mut p.0, next)),
        Shape::MultiLineString(m) => m.0.iter_mut().for_each(|l| line(l, next)),
        Shape::MultiPolygon(m) => m.0.iter_mut().for_each(|p| polygon(p, next)),
        Shape::GeometryCollection(c) => {
            for s in &mut c.0 {
                // Rectangles within are few: made polygons on the way.
                if let Shape::Rect(r) = s {
                    *s = Shape::Polygon(r.to_polygon());
                }
                put(s, next);
            }
        }
        Shape::Triangle(t) => {
            let mut corners = [t.v1(), t.v2(), t.v3()];
            for c in &mut corners {
                one(c, next);
            }
            *t = geo_types::Triangle::new(corners[0], corners[1], corners[2]);
        }
        // Made polygons above.
        Shape::Rect(_) => {}
    }
}
