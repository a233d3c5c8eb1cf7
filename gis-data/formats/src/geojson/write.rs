//! Writing GeoJSON (RFC 7946) as a stream.

use std::io::{self, Write};

use geo_types::{Coord, Geometry as Shape, LineString, Polygon};
use gis_data::{Geometry, Shown};
use serde::Serialize;

/// How features follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One FeatureCollection.
    Collection,
    /// A feature a line.
    Lines,
}

/// Writes features as they come. [`Writer::finish`] must be called: a collection is whole only then.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    form: Form,
    written: u64,
}

impl<W: Write> Writer<W> {
    /// Begins the document.
    pub fn new(mut out: W, form: Form) -> io::Result<Self> {
        if form == Form::Collection {
            out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        }
        Ok(Self { out, form, written: 0 })
    }

    /// Adds one feature.
    pub fn write(&mut self, shown: &Shown) -> io::Result<()> {
        if self.form == Form::Collection && self.written > 0 {
            self.out.write_all(b",\n")?;
        }
        feature(&mut self.out, shown)?;
        if self.form == Form::Lines {
            self.out.write_all(b"\n")?;
        }
        self.written += 1;
        Ok(())
    }

    /// Ends the document and gives the sink back.
    pub fn finish(mut self) -> io::Result<W> {
        if self.form == Form::Collection {
            self.out.write_all(b"]}\n")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes one feature: its id, its shape in CGCS2000 degrees, and the fields that its viewer may see.
pub fn feature(out: &mut impl Write, shown: &Shown) -> io::Result<()> {
    write!(out, "{{\"type\":\"Feature\",\"id\":{},\"geometry\":", shown.id())?;
    match shown.geometry() {
        Some(geometry) => write_geometry(out, geometry)?,
        None => out.write_all(b"null")?,
    }
    out.write_all(b",\"properties\":{")?;
    for (i, (name, value)) in shown.properties().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        json(out, name)?;
        out.write_all(b":")?;
        json(out, value)?;
    }
    out.write_all(b"}}")
}

fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

/// Writes one geometry. Outer rings run counter-clockwise and holes clockwise, as RFC 7946 §3.1.6 asks, where there are no heights to keep
/// in step.
pub fn write_geometry(out: &mut impl Write, geometry: &Geometry) -> io::Result<()> {
    let mut heights = geometry.z().map(<[f64]>::iter);
    Pen { out, heights: heights.as_mut() }.shape(geometry.shape())
}

struct Pen<'a, 'z, W> {
    out: &'a mut W,
    heights: Option<&'a mut std::slice::Iter<'z, f64>>,
}

impl<W: Write> Pen<'_, '_, W> {
    fn coord(&mut self, c: Coord<f64>) -> io::Result<()> {
        write!(self.out, "[{},{}", c.x, c.y)?;
        if let Some(z) = &mut self.heights {
            write!(self.out, ",{}", z.next().copied().unwrap_or_default())?;
        }
        self.out.write_all(b"]")
    }

    fn list<T>(
        &mut self,
        items: impl Iterator<Item = T>,
        mut f: impl FnMut(&mut Self, T) -> io::Result<()>,
    ) -> io::Result<()> {
        self.out.write_all(b"[")?;
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.write_all(b",")?;
            }
            f(self, item)?;
        }
        self.out.write_all(b"]")
    }

    fn line(&mut self, l: &LineString<f64>) -> io::Result<()> {
        self.list(l.0.iter(), |pen, c| pen.coord(*c))
    }

    fn ring(&mut self, l: &LineString<f64>, left: bool) -> io::Result<()> {
        if self.heights.is_none() && turns_left(l) != left {
            return self.list(l.0.iter().rev(), |pen, c| pen.coord(*c));
        }
        self.line(l)
    }

    fn polygon(&mut self, p: &Polygon<f64>) -> io::Result<()> {
        let rings = std::iter::once((p.exterior(), true)).chain(p.interiors().iter().map(|r| (r, false)));
        self.list(rings, |pen, (r, left)| pen.ring(r, left))
    }

    fn shape(&mut self, shape: &Shape<f64>) -> io::Result<()> {
        let kind = match shape {
            Shape::Point(_) => "Point",
            Shape::Line(_) | Shape::LineString(_) => "LineString",
            Shape::Polygon(_) | Shape::Rect(_) | Shape::Triangle(_) => "Polygon",
            Shape::MultiPoint(_) => "MultiPoint",
            Shape::MultiLineString(_) => "MultiLineString",
            Shape::MultiPolygon(_) => "MultiPolygon",
            Shape::GeometryCollection(c) => {
                self.out.write_all(b"{\"type\":\"GeometryCollection\",\"geometries\":")?;
                self.list(c.0.iter(), Self::shape)?;
                return self.out.write_all(b"}");
            }
        };
        write!(self.out, "{{\"type\":\"{kind}\",\"coordinates\":")?;
        match shape {
            Shape::Point(p) => self.coord(p.0)?,
            Shape::LineString(l) => self.line(l)?,
            Shape::Line(l) => self.list([l.start, l.end].into_iter(), Self::coord)?,
            Shape::Polygon(p) => self.polygon(p)?,
            Shape::Rect(r) => self.polygon(&r.to_polygon())?,
            Shape::Triangle(t) => self.polygon(&t.to_polygon())?,
            Shape::MultiPoint(m) => self.list(m.0.iter(), |pen, p| pen.coord(p.0))?,
            Shape::MultiLineString(m) => self.list(m.0.iter(), Self::line)?,
            Shape::MultiPolygon(m) => self.list(m.0.iter(), Self::polygon)?,
            Shape::GeometryCollection(_) => {}
        }
        self.out.write_all(b"}")
    }
}

/// Whether a ring runs counter-clockwise: its signed area (shoelace formula) is positive. Taken from its first vertex, since the products
/// of whole degrees would drown the area of a small building.
fn turns_left(l: &LineString<f64>) -> bool {
    let Some(o) = l.0.first().copied() else { return true };
    l.lines().map(|s| (s.start.x - o.x) * (s.end.y - o.y) - (s.end.x - o.x) * (s.start.y - o.y)).sum::<f64>() > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn rings_turn_as_the_rfc_asks() {
        let clockwise = polygon![(x: 0.0, y: 0.0), (x: 0.0, y: 1.0), (x: 1.0, y: 1.0), (x: 0.0, y: 0.0)];
        let g = Geometry::new(Shape::Polygon(clockwise), None).unwrap();
        let mut out = Vec::new();
        write_geometry(&mut out, &g).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1],[0,0]]]}"#);
    }

    #[test]
    fn heights_are_kept() {
        let g = Geometry::new(Shape::Point((1.5, 2.0).into()), Some(vec![3.25])).unwrap();
        let mut out = Vec::new();
        write_geometry(&mut out, &g).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"type":"Point","coordinates":[1.5,2,3.25]}"#);
    }
}
