//! Building shapes out of positions, with their heights.

use geo_types::{Coord, LineString, Polygon};
use gis_data::{Error, Result};

/// A position with an optional height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Position {
    pub(crate) at: Coord<f64>,
    pub(crate) z: Option<f64>,
}

/// Collects the heights of a shape while it is built.
#[derive(Debug, Default)]
pub(crate) struct Heights {
    all: Vec<f64>,
    any: bool,
}

impl Heights {
    /// Takes one vertex.
    pub(crate) fn vertex(&mut self, p: Position) -> Coord<f64> {
        self.any |= p.z.is_some();
        // A vertex without a height among others with one: NaN, which the check of shapes refuses in words.
        self.all.push(p.z.unwrap_or(f64::NAN));
        p.at
    }

    /// One height for each vertex, or none at all.
    pub(crate) fn finish(self) -> Option<Vec<f64>> {
        self.any.then_some(self.all)
    }

    /// A line.
    pub(crate) fn line(&mut self, positions: &[Position]) -> LineString<f64> {
        LineString(positions.iter().map(|p| self.vertex(*p)).collect())
    }

    /// A surface of closed rings, the outer one first. An open ring is refused: closing it would be a guess.
    pub(crate) fn polygon(&mut self, rings: &[Vec<Position>]) -> Result<Polygon<f64>> {
        let mut lines = rings.iter().map(|r| {
            closed(r)?;
            Ok(self.line(r))
        });
        let Some(outer) = lines.next() else { return Ok(Polygon::new(LineString(vec![]), vec![])) };
        let (outer, inner) = (outer?, lines.collect::<Result<Vec<_>>>()?);
        Ok(Polygon::new(outer, inner))
    }
}

fn closed(ring: &[Position]) -> Result<()> {
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    match (ring.first(), ring.last()) {
        (Some(a), Some(b)) if !same(a.at.x, b.at.x) || !same(a.at.y, b.at.y) => Err(Error::invalid(
            format!("多边形的环没有闭合（起点 {} {}，终点 {} {}）；请在源数据中闭合", a.at.x, a.at.y, b.at.x, b.at.y),
            format!(
                "a ring of the polygon is open (it begins at {} {} and ends at {} {}); close it in the source",
                a.at.x, a.at.y, b.at.x, b.at.y
            ),
        )),
        _ => Ok(()),
    }
}
