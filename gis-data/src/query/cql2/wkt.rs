//! Shapes in text: WKT (OGC 06-103r4, 7) with an optional height, and boxes.

use geo_types::{Coord, Geometry as Shape, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::failure::wrong;
use super::lexer::{Kind, Token};
use crate::{BBox, Error, Geometry, Result};

const KINDS: [&str; 7] =
    ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"];

/// Whether a shape begins with these tokens: its kind, perhaps `Z`, and a parenthesis (or `EMPTY`, which is refused later).
pub(super) fn begins(tokens: &[Token]) -> bool {
    let kind = |i: usize| tokens.get(i).map(|t| &t.kind);
    let opens = |i| kind(i) == Some(&Kind::Sign("(")) || kind(i).is_some_and(|k| k.is("empty"));
    kind(0).is_some_and(|k| KINDS.iter().any(|w| k.is(w)))
        && (opens(1) || kind(1).is_some_and(|k| k.is("z")) && opens(2))
}

/// Reads a shape; `next` is left behind it, or at what is wrong.
pub(super) fn read(tokens: &[Token], next: &mut usize) -> Result<Geometry> {
    let mut reader = Reader { tokens, next: *next, z: Vec::new(), with_z: None };
    let shape = reader.shape();
    *next = reader.next;
    let z = Some(reader.z).filter(|_| reader.with_z == Some(true));
    Geometry::new(shape?, z)
}

/// The surface of a box of four numbers, or of six with heights, which are not looked at. A box whose west lies east of its east crosses
/// the antimeridian; one without a width or height is a line or a point.
pub(super) fn surface(numbers: &[f64]) -> Result<Geometry> {
    let ([west, south, east, north] | [west, south, _, east, north, _]) = *numbers else {
        return wrong("BBOX 须有 4 个或 6 个数", "a BBOX has 4 or 6 numbers");
    };
    let at = |x: f64, y: f64| Coord { x, y };
    let shape = if south > north {
        return wrong("BBOX 的南边不能大于北边", "the south of a BBOX cannot lie north of its north");
    } else if west > east {
        let halves = [(west, 180.0), (-180.0, east)];
        let wide = halves.into_iter().filter(|(west, east)| west < east);
        Shape::MultiPolygon(wide.map(|(west, east)| BBox { west, south, east, north }.to_rect().to_polygon()).collect())
    } else if west == east && south == north {
        Shape::Point(Point(at(west, south)))
    } else if west == east || south == north {
        Shape::LineString(LineString(vec![at(west, south), at(east, north)]))
    } else {
        Shape::Polygon(BBox { west, south, east, north }.to_rect().to_polygon())
    };
    Geometry::new(shape, None)
}

struct Reader<'a> {
    tokens: &'a [Token],
    next: usize,
    z: Vec<f64>,
    with_z: Option<bool>,
}

impl Reader<'_> {
    fn kind(&self) -> &Kind {
        self.tokens.get(self.next).map_or(&Kind::End, |t| &t.kind)
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        let found = *self.kind() == Kind::Sign(sign);
        self.next += usize::from(found);
        found
    }

    fn want(&mut self, sign: &'static str) -> Result<()> {
        if self.sign(sign) {
            return Ok(());
        }
        let found = self.kind().shown();
        wrong(format!("几何中应为 “{sign}”，实为 {found}"), format!("a shape needs “{sign}” here and there is {found}"))
    }

    /// With a stack for collections within collections.
    fn shape(&mut self) -> Result<Shape<f64>> {
        let mut open: Vec<Vec<Shape<f64>>> = Vec::new();
        loop {
            let word = KINDS.iter().copied().find(|w| self.kind().is(w)).ok_or_else(|| {
                let found = self.kind().shown();
                Error::invalid(
                    format!("应为几何类型，实为 {found}"),
                    format!("a kind of shape is wanted and there is {found}"),
                )
            })?;
            self.next += 1;
            let with_z = self.kind().is("z");
            self.next += usize::from(with_z);
            if *self.with_z.get_or_insert(with_z) != with_z {
                return wrong(
                    "几何集合中的高程要么都有，要么都没有",
                    "either all shapes of a collection have heights or none",
                );
            }
            if word == "geometrycollection" {
                self.want("(")?;
                open.push(Vec::new());
                if open.len() > 8 {
                    return wrong("几何集合嵌套超过 8 层", "a geometry collection is nested deeper than 8");
                }
                continue;
            }
            let mut done = self.plain(word)?;
            loop {
                let Some(parts) = open.last_mut() else { return Ok(done) };
                parts.push(done);
                if self.sign(",") {
                    break;
                }
                self.want(")")?;
                done = Shape::GeometryCollection(geo_types::GeometryCollection(open.pop().unwrap_or_default()));
            }
        }
    }

    fn plain(&mut self, word: &str) -> Result<Shape<f64>> {
        Ok(match word {
            "point" => {
                self.want("(")?;
                let at = self.coord()?;
                self.want(")")?;
                Shape::Point(Point(at))
            }
            "linestring" => Shape::LineString(self.line()?),
            "polygon" => Shape::Polygon(self.polygon()?),
            "multipoint" => Shape::MultiPoint(MultiPoint(self.list(Self::member)?)),
            "multilinestring" => Shape::MultiLineString(MultiLineString(self.list(Self::line)?)),
            _ => Shape::MultiPolygon(MultiPolygon(self.list(Self::polygon)?)),
        })
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.want("(")?;
        let mut all = vec![one(self)?];
        while self.sign(",") {
            all.push(one(self)?);
        }
        self.want(")")?;
        Ok(all)
    }

    /// A point of several: in parentheses or, as is often seen, without.
    fn member(&mut self) -> Result<Point<f64>> {
        let wrapped = self.sign("(");
        let at = self.coord()?;
        if wrapped {
            self.want(")")?;
        }
        Ok(Point(at))
    }

    fn line(&mut self) -> Result<LineString<f64>> {
        self.list(Self::coord).map(LineString)
    }

    /// A ring that is open is refused when the shape is checked, not closed in silence.
    fn polygon(&mut self) -> Result<Polygon<f64>> {
        let mut rings = self.list(Self::line)?.into_iter();
        let outer = rings.next().filter(LineString::is_closed);
        let holes: Vec<_> = rings.collect();
        match outer {
            Some(outer) if holes.iter().all(LineString::is_closed) => Ok(Polygon::new(outer, holes)),
            _ => wrong("多边形的环须首尾相同", "a ring of a polygon ends where it begins"),
        }
    }

    fn coord(&mut self) -> Result<Coord<f64>> {
        let at = Coord { x: self.number()?, y: self.number()? };
        if self.with_z == Some(true) {
            let z = self.number()?;
            self.z.push(z);
        }
        Ok(at)
    }

    fn number(&mut self) -> Result<f64> {
        let minus = self.sign("-");
        let number = match self.kind() {
            Kind::Number(text) => text.parse::<f64>().ok().filter(|x| x.is_finite()),
            _ => None,
        };
        let Some(x) = number else {
            let found = self.kind().shown();
            return wrong(
                format!("坐标应为数，实为 {found}"),
                format!("a coordinate is a number and there is {found}"),
            );
        };
        self.next += 1;
        Ok(if minus { -x } else { x })
    }
}
