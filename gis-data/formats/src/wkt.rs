//! Well-known text (OGC 06-103r4 §7, and EWKT's `SRID=4490;`), parsed without recursion on its parentheses.
//!
//! Own code: published parsers recurse for each parenthesis and end the program on a few hundred of them.

use geo_types::{
    Coord, Geometry as Shape, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use gis_data::{Error, Result};

use crate::shape::{Heights, Position};

/// How deep collections may nest.
const MAX_DEPTH: usize = 8;

/// A shape, its heights and its SRID.
pub(crate) type Parsed = (Shape<f64>, Option<Vec<f64>>, Option<u32>);

/// Parses one shape.
pub(crate) fn parse(text: &str) -> Result<Parsed> {
    let (srid, body) = match text.trim().split_once(';') {
        Some((head, body)) => (Some(srid(head)?), body),
        None => (None, text),
    };
    let mut parser = Parser { rest: body.trim(), measured: Axes::default() };
    let mut heights = Heights::default();
    let shape = parser.shape(&mut heights, 0)?;
    if !parser.rest.trim().is_empty() {
        return Err(parser.wrong("之后还有多余内容", "something follows the shape"));
    }
    Ok((shape, heights.finish(), srid))
}

fn srid(head: &str) -> Result<u32> {
    let number = head.trim().to_ascii_uppercase().strip_prefix("SRID=").and_then(|n| n.trim().parse().ok());
    number.ok_or_else(|| {
        Error::invalid(
            format!("WKT 的开头 “{head}” 看不懂；应为 SRID=4490; 或直接写几何"),
            format!("the WKT begins with “{head}”, which is neither SRID=4490; nor a shape"),
        )
    })
}

/// Which numbers follow x and y.
#[derive(Clone, Copy, Default)]
struct Axes {
    z: bool,
    m: bool,
}

struct Parser<'a> {
    rest: &'a str,
    measured: Axes,
}

impl Parser<'_> {
    fn wrong(&self, zh: &str, en: &str) -> Error {
        let near: String = self.rest.trim().chars().take(20).collect();
        Error::invalid(
            format!("WKT 在 “{near}” 处有误：{zh}；请检查该列"),
            format!("the WKT is wrong at “{near}”: {en}; check that column"),
        )
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.trim_start().strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, c: char) -> Result<()> {
        if self.take(c) {
            return Ok(());
        }
        Err(self.wrong(&format!("缺少 “{c}”"), &format!("“{c}” is missing")))
    }

    fn word(&mut self) -> String {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        self.rest = rest;
        word.to_ascii_uppercase()
    }

    fn peek_word(&self) -> String {
        Parser { rest: self.rest, measured: self.measured }.word()
    }

    fn empty(&mut self) -> bool {
        let empty = self.peek_word() == "EMPTY";
        if empty {
            self.word();
        }
        empty
    }

    fn number(&mut self) -> Option<f64> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')).unwrap_or(text.len());
        let (number, rest) = text.split_at_checked(end)?;
        let value = number.parse().ok()?;
        self.rest = rest;
        Some(value)
    }

    fn position(&mut self) -> Result<Position> {
        let missing = |p: &Self| p.wrong("缺少数字", "a number is missing");
        let x = self.number().ok_or_else(|| missing(self))?;
        let y = self.number().ok_or_else(|| missing(self))?;
        let third = self.number();
        self.number();
        let z = third.filter(|_| self.measured.z || !self.measured.m);
        Ok(Position { at: Coord { x, y }, z })
    }

    /// `( item, item … )` or EMPTY.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        if self.empty() {
            return Ok(vec![]);
        }
        self.expect('(')?;
        let mut all = vec![item(self)?];
        while self.take(',') {
            all.push(item(self)?);
        }
        self.expect(')')?;
        Ok(all)
    }

    fn line(&mut self) -> Result<Vec<Position>> {
        self.list(Self::position)
    }

    fn polygon(&mut self, heights: &mut Heights) -> Result<Polygon<f64>> {
        let rings = self.list(Self::line)?;
        heights.polygon(&rings)
    }

    fn shape(&mut self, heights: &mut Heights, depth: usize) -> Result<Shape<f64>> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("几何集合嵌套过深", "collections are nested too deeply"));
        }
        let mut kind = self.word();
        self.measured = Axes::default();
        let mark = match self.peek_word().as_str() {
            mark @ ("Z" | "M" | "ZM") => {
                self.word();
                mark.to_owned()
            }
            // `POINTZ(…)` is written too.
            _ => match kind.trim_end_matches(['Z', 'M']) {
                short if short.len() < kind.len() => kind.split_off(short.len()),
                _ => String::new(),
            },
        };
        self.measured = Axes { z: mark.contains('Z'), m: mark.contains('M') };
        Ok(match kind.as_str() {
            "POINT" => match self.line()?.as_slice() {
                [p] => Shape::Point(Point(heights.vertex(*p))),
                _ => return Err(self.wrong("点须恰有一个坐标", "a point has exactly one position")),
            },
            "LINESTRING" => {
                let line = self.line()?;
                Shape::LineString(heights.line(&line))
            }
            "POLYGON" => Shape::Polygon(self.polygon(heights)?),
            "MULTIPOINT" => {
                // Each point in parentheses of its own, or not.
                let point = |p: &mut Self| {
                    let wrapped = p.take('(');
                    let position = p.position()?;
                    if wrapped {
                        p.expect(')')?;
                    }
                    Ok(position)
                };
                let all = self.list(point)?;
                Shape::MultiPoint(MultiPoint(all.iter().map(|p| Point(heights.vertex(*p))).collect()))
            }
            "MULTILINESTRING" => {
                let lines = self.list(Self::line)?;
                Shape::MultiLineString(MultiLineString(lines.iter().map(|l| heights.line(l)).collect()))
            }
            "MULTIPOLYGON" => Shape::MultiPolygon(MultiPolygon(self.list(|p| p.polygon(heights))?)),
            "GEOMETRYCOLLECTION" => {
                Shape::GeometryCollection(GeometryCollection(self.list(|p| p.shape(heights, depth + 1))?))
            }
            _ => return Err(self.wrong("不认识的几何类型", "the kind of shape is unknown")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() {
        for (text, vertices) in [
            ("POINT(120.5 28)", 1),
            ("SRID=4490;Point Z (1 2 3)", 1),
            ("POINTZ(1 2 3)", 1),
            ("POINT M (1 2 3)", 1),
            ("LINESTRING (1 2, 3 4,5 6)", 3),
            ("POLYGON((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 0))", 8),
            ("MULTIPOINT((1 2),(3 4))", 2),
            ("MULTIPOINT(1 2,3 4)", 2),
            ("MULTILINESTRING((1 2,3 4),(5 6,7 8))", 4),
            ("multipolygon (((0 0,1 0,1 1,0 0)))", 4),
            ("GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(LINESTRING(1 2,3 4)))", 3),
            ("LINESTRING EMPTY", 0),
        ] {
            use geo::CoordsIter;
            let (shape, ..) = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(shape.coords_iter().count(), vertices, "{text}");
        }
        let (_, z, srid) = parse("SRID=4490;POINT(1 2 3)").unwrap();
        assert_eq!((z, srid), (Some(vec![3.0]), Some(4490)));
        assert_eq!(parse("POINT M (1 2 3)").unwrap().1, None);
    }

    #[test]
    fn nonsense_is_told() {
        let deep = "GEOMETRYCOLLECTION(".repeat(100_000);
        let open = "(".repeat(100_000);
        for text in [
            "",
            "POINT",
            "POINT(1)",
            "POINT(1 2",
            "POINT(1 2) x",
            "DOT(1 2)",
            "POINT EMPTY",
            "POLYGON((0 0,1 0,1 1))",
            "SRID=x;POINT(1 2)",
            "点(1 2)",
            &deep,
            &format!("POLYGON{open}"),
        ] {
            assert!(parse(text).is_err(), "{}", text.chars().take(30).collect::<String>());
        }
    }
}
