//! Well-known binary (OGC 06-103r4 §8, ISO 13249-3 for z): how shapes are stored and exchanged.
//!
//! Reading is guarded: nesting, counts and lengths are checked against the bytes at hand before anything is reserved,
//! since a 9-byte lie can otherwise ask for hundreds of gigabytes.

use geo_types::{
    Coord, Geometry as Shape, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::{Error, Geometry, Result};

/// How deep collections may nest.
const MAX_DEPTH: usize = 8;

/// Writes little-endian ISO WKB.
pub fn write(geometry: &Geometry) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    let mut heights = geometry.z().map(<[f64]>::iter);
    Writer { out: &mut out, heights: heights.as_mut() }.shape(geometry.shape());
    out
}

struct Writer<'a, 'z> {
    out: &'a mut Vec<u8>,
    heights: Option<&'a mut std::slice::Iter<'z, f64>>,
}

impl Writer<'_, '_> {
    fn head(&mut self, code: u32) {
        let code = code + if self.heights.is_some() { 1000 } else { 0 };
        self.out.push(1);
        self.out.extend(code.to_le_bytes());
    }

    fn count(&mut self, n: usize) {
        self.out.extend((n as u32).to_le_bytes());
    }

    fn coord(&mut self, c: Coord<f64>) {
        self.out.extend(c.x.to_le_bytes());
        self.out.extend(c.y.to_le_bytes());
        if let Some(z) = &mut self.heights {
            self.out.extend(z.next().copied().unwrap_or_default().to_le_bytes());
        }
    }

    fn line(&mut self, l: &LineString<f64>) {
        self.count(l.0.len());
        l.0.iter().for_each(|c| self.coord(*c));
    }

    fn polygon(&mut self, p: &Polygon<f64>) {
        self.head(3);
        self.count(1 + p.interiors().len());
        super::rings(p).for_each(|r| self.line(r));
    }

    fn shape(&mut self, shape: &Shape<f64>) {
        match shape {
            Shape::Point(p) => {
                self.head(1);
                self.coord(p.0);
            }
            Shape::LineString(l) => {
                self.head(2);
                self.line(l);
            }
            Shape::Line(l) => {
                self.head(2);
                self.line(&LineString(vec![l.start, l.end]));
            }
            Shape::Polygon(p) => self.polygon(p),
            Shape::Rect(r) => self.polygon(&r.to_polygon()),
            Shape::Triangle(t) => self.polygon(&t.to_polygon()),
            Shape::MultiPoint(m) => {
                self.head(4);
                self.count(m.0.len());
                for p in &m.0 {
                    self.head(1);
                    self.coord(p.0);
                }
            }
            Shape::MultiLineString(m) => {
                self.head(5);
                self.count(m.0.len());
                for l in &m.0 {
                    self.head(2);
                    self.line(l);
                }
            }
            Shape::MultiPolygon(m) => {
                self.head(6);
                self.count(m.0.len());
                m.0.iter().for_each(|p| self.polygon(p));
            }
            Shape::GeometryCollection(c) => {
                self.head(7);
                self.count(c.0.len());
                c.0.iter().for_each(|s| self.shape(s));
            }
        }
    }
}

/// Reads WKB of either byte order, ISO or EWKB, as plain shapes and heights, without judging the coordinates.
/// Measures (m) are read over; empty parts of a multi-part shape are left out.
pub fn read_raw(bytes: &[u8]) -> Result<(Shape<f64>, Option<Vec<f64>>)> {
    let mut reader = Reader { bytes, z: Vec::new(), has_z: false };
    let shape = reader.shape(0)?;
    if !reader.bytes.is_empty() {
        return Err(broken("末尾有多余的字节", "bytes are left over at the end"));
    }
    Ok((shape, reader.has_z.then_some(reader.z)))
}

/// Reads WKB into a checked [`Geometry`].
pub fn read(bytes: &[u8]) -> Result<Geometry> {
    let (shape, z) = read_raw(bytes)?;
    Geometry::new(shape, z)
}

fn broken(zh: &str, en: &str) -> Error {
    Error::invalid(
        format!("WKB 几何损坏：{zh}；请检查源文件"),
        format!("the WKB shape is broken: {en}; check the source file"),
    )
}

struct Reader<'a> {
    bytes: &'a [u8],
    z: Vec<f64>,
    has_z: bool,
}

#[derive(Clone, Copy)]
struct Head {
    code: u32,
    little: bool,
    z: bool,
    m: bool,
}

impl Head {
    const fn coord_bytes(self) -> usize {
        16 + if self.z { 8 } else { 0 } + if self.m { 8 } else { 0 }
    }
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) =
            self.bytes.split_first_chunk::<N>().ok_or_else(|| broken("字节不够", "it ends too early"))?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self, little: bool) -> Result<u32> {
        let b = self.take::<4>()?;
        Ok(if little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) })
    }

    fn f64(&mut self, little: bool) -> Result<f64> {
        let b = self.take::<8>()?;
        Ok(if little { f64::from_le_bytes(b) } else { f64::from_be_bytes(b) })
    }

    fn head(&mut self) -> Result<Head> {
        let little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => {
                return Err(broken("字节序标记不是 0 或 1", "the byte order is neither 0 nor 1"));
            }
        };
        let raw = self.u32(little)?;
        let (ewkb_z, ewkb_m, srid) = (raw & 0x8000_0000 != 0, raw & 0x4000_0000 != 0, raw & 0x2000_0000 != 0);
        if srid {
            self.u32(little)?;
        }
        let plain = raw & 0x1FFF_FFFF;
        let (iso, code) = (plain / 1000, plain % 1000);
        let head = Head { code, little, z: ewkb_z || iso == 1 || iso == 3, m: ewkb_m || iso == 2 || iso == 3 };
        if iso > 3 || !(1..=7).contains(&code) {
            return Err(broken(&format!("几何类型 {raw} 不支持"), &format!("the type {raw} is not supported")));
        }
        self.has_z |= head.z;
        Ok(head)
    }

    /// A count of things of at least `least` bytes each; more than the bytes at hand is a lie.
    fn count(&mut self, head: Head, least: usize) -> Result<usize> {
        let n = self.u32(head.little)? as usize;
        if n > self.bytes.len() / least.max(1) {
            return Err(broken("声明的个数超过实际字节", "it announces more parts than it has bytes"));
        }
        Ok(n)
    }

    fn coord(&mut self, head: Head) -> Result<Coord<f64>> {
        let c = Coord { x: self.f64(head.little)?, y: self.f64(head.little)? };
        if head.z {
            let z = self.f64(head.little)?;
            self.z.push(z);
        }
        if head.m {
            self.f64(head.little)?;
        }
        Ok(c)
    }

    fn line(&mut self, head: Head) -> Result<LineString<f64>> {
        let n = self.count(head, head.coord_bytes())?;
        (0..n).map(|_| self.coord(head)).collect::<Result<_>>().map(LineString)
    }

    fn polygon(&mut self, head: Head) -> Result<Option<Polygon<f64>>> {
        let n = self.count(head, 4)?;
        let mut rings = (0..n).map(|_| self.ring(head)).collect::<Result<Vec<_>>>()?.into_iter();
        Ok(rings.next().map(|outer| Polygon::new(outer, rings.collect())))
    }

    /// A ring of a polygon. geo-types would close an open one silently, so it is told here.
    fn ring(&mut self, head: Head) -> Result<LineString<f64>> {
        let ring = self.line(head)?;
        if ring.is_closed() { Ok(ring) } else { Err(broken("多边形的环未闭合", "a ring of a polygon is open")) }
    }

    fn parts<T>(&mut self, head: Head, code: u32, f: impl Fn(&mut Self, Head) -> Result<Option<T>>) -> Result<Vec<T>> {
        let n = self.count(head, 9)?;
        let mut all = Vec::with_capacity(n);
        for _ in 0..n {
            let part = self.head()?;
            if part.code != code || part.z != head.z {
                return Err(broken("部件类型与整体不符", "a part is of another type than the whole"));
            }
            all.extend(f(self, part)?);
        }
        Ok(all)
    }

    fn shape(&mut self, depth: usize) -> Result<Shape<f64>> {
        if depth > MAX_DEPTH {
            return Err(broken("嵌套过深", "it is nested too deeply"));
        }
        let head = self.head()?;
        Ok(match head.code {
            1 => Shape::Point(Point(self.coord(head)?)),
            2 => Shape::LineString(self.line(head)?),
            3 => Shape::Polygon(self.polygon(head)?.unwrap_or_else(|| Polygon::new(LineString(vec![]), vec![]))),
            4 => Shape::MultiPoint(MultiPoint(self.parts(head, 1, |r, h| r.coord(h).map(|c| Some(Point(c))))?)),
            5 => Shape::MultiLineString(MultiLineString(self.parts(head, 2, |r, h| r.line(h).map(Some))?)),
            6 => Shape::MultiPolygon(MultiPolygon(self.parts(head, 3, Self::polygon)?)),
            _ => {
                let n = self.count(head, 9)?;
                let parts = (0..n).map(|_| self.shape(depth + 1)).collect::<Result<_>>()?;
                Shape::GeometryCollection(GeometryCollection(parts))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    fn there_and_back(shape: Shape<f64>, z: Option<Vec<f64>>) {
        let g = Geometry::new(shape, z).unwrap();
        assert_eq!(read(&write(&g)).unwrap(), g);
    }

    #[test]
    fn every_kind_comes_back_equal() {
        let line = line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.5)];
        let poly = polygon!(exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0)], interiors: [[(x: 4.0, y: 1.0), (x: 5.0, y: 1.0), (x: 5.0, y: 2.0)]]);
        there_and_back(Shape::Point(Point::new(1.0, 2.0)), Some(vec![3.0]));
        there_and_back(Shape::LineString(line.clone()), Some(vec![5.0, 6.0]));
        there_and_back(Shape::Polygon(poly.clone()), None);
        there_and_back(Shape::MultiPoint(vec![(1.0, 2.0), (3.0, 4.0)].into()), None);
        there_and_back(Shape::MultiLineString(MultiLineString(vec![line.clone(), line])), None);
        there_and_back(Shape::MultiPolygon(MultiPolygon(vec![poly.clone()])), None);
        there_and_back(
            Shape::GeometryCollection(GeometryCollection(vec![
                Shape::Polygon(poly),
                Shape::Point(Point::new(0.0, 1.0)),
            ])),
            None,
        );
    }

    #[test]
    fn an_open_ring_is_told() {
        let mut bytes = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
        for v in [0.0f64, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0] {
            bytes.extend(v.to_le_bytes());
        }
        assert!(read(&bytes).unwrap_err().en().contains("open"));
    }

    #[test]
    fn lies_are_told_before_memory_is_reserved() {
        let lie = [1, 2, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        assert!(read(&lie).is_err());
        let mut deep = Vec::new();
        for _ in 0..1000 {
            deep.extend([1, 7, 0, 0, 0, 1, 0, 0, 0]);
        }
        assert!(read(&deep).is_err());
        let whole =
            write(&Geometry::new(Shape::LineString(line_string![(x: 1.0, y: 2.0), (x: 3.0, y: 4.5)]), None).unwrap());
        for cut in 0..whole.len() {
            assert!(read(&whole[..cut]).is_err());
        }
    }
}
