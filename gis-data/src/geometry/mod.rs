//! Shapes: 2-D parts with an optional height for each vertex.

mod bbox;
mod distance;
mod validity;
pub mod wkb;

use std::sync::Arc;

use geo_types::{Coord, Geometry as Shape, LineString, Polygon};

pub use bbox::BBox;

use crate::{Error, Result};

/// A shape in CGCS2000 longitude and latitude (degrees), never empty, every coordinate finite and on the earth.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    shape: Shape<f64>,
    /// Metres (1985 height datum), one for each vertex in the order of [`Geometry::coords`].
    z: Option<Arc<[f64]>>,
}

/// The most vertices one shape may have.
pub const MAX_VERTICES: usize = 2_000_000;

impl Geometry {
    /// Checks a shape: not empty, finite, longitudes within ±180 and latitudes within ±90, rings closed with at least
    /// four vertices, lines with at least two, as many heights as vertices.
    pub fn new(shape: Shape<f64>, z: Option<Vec<f64>>) -> Result<Self> {
        let mut vertices = 0;
        check_shape(&shape, 0, &mut vertices)?;
        if let Some(z) = &z {
            if z.len() != vertices {
                return Err(Error::invalid(
                    format!("几何有 {vertices} 个顶点，却有 {} 个高程；请补齐高程或去掉高程", z.len()),
                    format!("the shape has {vertices} vertices but {} heights; give each a height or none", z.len()),
                ));
            }
            if z.iter().any(|h| !h.is_finite()) {
                return Err(Error::invalid(
                    "几何的高程含 NaN 或无穷大；请改正源数据",
                    "a height of the shape is NaN or infinite; correct the source",
                ));
            }
        }
        Ok(Self { shape, z: z.map(Into::into) })
    }

    /// A point.
    pub fn point(lon: f64, lat: f64) -> Result<Self> {
        Self::new(Shape::Point(geo_types::Point::new(lon, lat)), None)
    }

    /// The 2-D shape.
    pub const fn shape(&self) -> &Shape<f64> {
        &self.shape
    }

    /// The heights, one for each vertex, if it has any.
    pub fn z(&self) -> Option<&[f64]> {
        self.z.as_deref()
    }

    /// The box around it.
    pub fn bbox(&self) -> BBox {
        let mut bbox = BBox::EMPTY;
        each_coord(&self.shape, &mut |c| bbox.add(c.x, c.y));
        bbox
    }

    /// Every vertex in order.
    pub fn coords(&self) -> Vec<Coord<f64>> {
        let mut all = Vec::new();
        each_coord(&self.shape, &mut |c| all.push(c));
        all
    }

    /// A point that stands for the shape: itself, the middle of a line, or a point within the surface.
    pub fn anchor(&self) -> Coord<f64> {
        distance::anchor(&self.shape)
    }

    /// Metres from (`lon`, `lat`) to the nearest part of the shape; 0 within a surface.
    pub fn distance_m(&self, lon: f64, lat: f64) -> f64 {
        distance::distance_m(&self.shape, lon, lat)
    }

    /// Metres between the nearest parts of two shapes near each other; 0 where they share a point.
    pub fn apart_m(&self, other: &Self) -> f64 {
        distance::apart_m(&self.shape, &other.shape)
    }

    /// Whether (`lon`, `lat`) lies in the shape's surface (its border included).
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        use geo::Intersects;
        self.shape.intersects(&geo_types::Point::new(lon, lat))
    }

    /// Whether the shape and the box share a point.
    pub fn meets(&self, bbox: &BBox) -> bool {
        use geo::Intersects;
        let own = self.bbox();
        own.meets(bbox) && (bbox.contains(&own) || self.shape.intersects(&bbox.to_rect()))
    }

    /// The same kind's name as OGC writes it: `Point`, `MultiPolygon` …
    pub const fn kind(&self) -> &'static str {
        match self.shape {
            Shape::Point(_) => "Point",
            Shape::Line(_) | Shape::LineString(_) => "LineString",
            Shape::Polygon(_) | Shape::Rect(_) | Shape::Triangle(_) => "Polygon",
            Shape::MultiPoint(_) => "MultiPoint",
            Shape::MultiLineString(_) => "MultiLineString",
            Shape::MultiPolygon(_) => "MultiPolygon",
            Shape::GeometryCollection(_) => "GeometryCollection",
        }
    }
}

fn each_coord(shape: &Shape<f64>, f: &mut impl FnMut(Coord<f64>)) {
    let mut line = |l: &LineString<f64>| l.0.iter().for_each(|c| f(*c));
    match shape {
        Shape::Point(p) => f(p.0),
        Shape::Line(l) => [l.start, l.end].into_iter().for_each(f),
        Shape::LineString(l) => line(l),
        Shape::Polygon(p) => rings(p).for_each(line),
        Shape::MultiPoint(m) => m.0.iter().for_each(|p| f(p.0)),
        Shape::MultiLineString(m) => m.0.iter().for_each(line),
        Shape::MultiPolygon(m) => m.0.iter().flat_map(rings).for_each(line),
        Shape::GeometryCollection(c) => c.0.iter().for_each(|s| each_coord(s, f)),
        Shape::Rect(r) => rings(&r.to_polygon()).for_each(line),
        Shape::Triangle(t) => rings(&t.to_polygon()).for_each(line),
    }
}

/// The outer ring, then the holes.
fn rings(p: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(p.exterior()).chain(p.interiors())
}

fn check_shape(shape: &Shape<f64>, depth: usize, vertices: &mut usize) -> Result<()> {
    if depth > 8 {
        return Err(Error::invalid(
            "几何集合嵌套超过 8 层；请先拆开",
            "a geometry collection is nested deeper than 8; take it apart first",
        ));
    }
    let empty = || {
        Error::invalid(
            "几何为空；请补上坐标，或把几何字段设为 null",
            "the shape is empty; give it coordinates, or set it to null",
        )
    };
    let before = *vertices;
    match shape {
        Shape::Line(_) | Shape::Rect(_) | Shape::Triangle(_) | Shape::Point(_) | Shape::MultiPoint(_) => {}
        Shape::LineString(l) => check_line(l)?,
        Shape::MultiLineString(m) => m.0.iter().try_for_each(check_line)?,
        Shape::Polygon(p) => rings(p).try_for_each(check_ring)?,
        Shape::MultiPolygon(m) => m.0.iter().flat_map(rings).try_for_each(check_ring)?,
        Shape::GeometryCollection(c) => {
            if c.0.is_empty() {
                return Err(empty());
            }
            return c.0.iter().try_for_each(|s| check_shape(s, depth + 1, vertices));
        }
    }
    let mut bad = None;
    each_coord(shape, &mut |c| {
        *vertices += 1;
        if bad.is_none() && !(c.x.abs() <= 180.0 && c.y.abs() <= 90.0) {
            bad = Some(c);
        }
    });
    if let Some(c) = bad {
        return Err(Error::invalid(
            format!("坐标 ({}, {}) 不在地球上：经度须在 ±180、纬度须在 ±90 之内；请检查坐标系声明", c.x, c.y),
            format!(
                "the coordinate ({}, {}) is not on the earth: longitude must lie within ±180 and latitude within ±90; check the declared CRS",
                c.x, c.y
            ),
        ));
    }
    if *vertices == before {
        return Err(empty());
    }
    if *vertices > MAX_VERTICES {
        return Err(Error::new(
            crate::Kind::TooLarge,
            format!("几何的顶点超过 {MAX_VERTICES} 个；请先切分"),
            format!("the shape has more than {MAX_VERTICES} vertices; cut it first"),
        ));
    }
    Ok(())
}

fn check_line(l: &LineString<f64>) -> Result<()> {
    if l.0.len() >= 2 {
        return Ok(());
    }
    Err(Error::invalid(
        format!("线只有 {} 个顶点，至少需要 2 个", l.0.len()),
        format!("a line has {} vertices and needs at least 2", l.0.len()),
    ))
}

fn check_ring(l: &LineString<f64>) -> Result<()> {
    if l.0.len() >= 4 && l.is_closed() {
        return Ok(());
    }
    Err(Error::invalid(
        format!("多边形的环只有 {} 个顶点或未闭合，至少需要 4 个且首尾相同", l.0.len()),
        format!(
            "a ring of a polygon has {} vertices or is open; it needs at least 4, the last equal to the first",
            l.0.len()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    #[test]
    fn shapes_that_are_not_on_the_earth_are_refused() {
        assert!(Geometry::point(181.0, 0.0).is_err());
        assert!(Geometry::point(f64::NAN, 0.0).is_err());
        assert!(Geometry::point(0.0, f64::INFINITY).is_err());
        assert!(Geometry::new(Shape::LineString(line_string![(x: 0.0, y: 0.0)]), None).is_err());
        assert!(Geometry::new(Shape::MultiPoint(geo_types::MultiPoint(vec![])), None).is_err());
        assert!(Geometry::new(Shape::Point((1.0, 2.0).into()), Some(vec![])).is_err());
    }

    #[test]
    fn a_surface_meets_a_box_within_it() {
        let g = Geometry::new(
            Shape::Polygon(polygon![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)]),
            None,
        )
        .unwrap();
        assert!(g.meets(&BBox { west: 4.0, south: 4.0, east: 5.0, north: 5.0 }));
        assert!(!g.meets(&BBox { west: 10.0, south: 4.0, east: 15.0, north: 5.0 }));
        assert!(g.contains(1.0, 1.0) && !g.contains(10.0, 1.0));
        assert_eq!(g.distance_m(4.0, 4.0), 0.0);
    }
}
