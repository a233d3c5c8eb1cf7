//! The way of shapes into the store and out of it.

use geo_types::{Coord, Geometry as Shape};
use gis_data::{Error, Result};

use crate::crs::Crs;
use crate::gauss::Gauss;
use crate::sys::{Direction, End, Operations};
use crate::{china, sys};

mod coords;

/// Brings shapes of one CRS into the store's CGCS2000 degrees. One thread at a time; it may move between threads.
pub struct ToStore(Way);

/// Brings shapes of the store into another CRS. One thread at a time; it may move between threads.
pub struct FromStore(Way);

impl ToStore {
    /// Prepares the way from `crs`. Costs some milliseconds (PROJ asks its database): prepare once, use for a whole file.
    ///
    /// # Errors
    /// When PROJ knows no way.
    pub fn from(crs: &Crs) -> Result<Self> {
        Way::new(crs, Direction::ToDegrees).map(Self)
    }

    /// Converts a shape in place, all its vertices in one call; on an error it stays as it was.
    ///
    /// # Errors
    /// Names the coordinate that cannot be of this CRS, and what to use instead.
    pub fn shape(&mut self, shape: &mut Shape<f64>) -> Result<()> {
        self.0.shape(shape)
    }

    /// Converts one point.
    ///
    /// # Errors
    /// As [`ToStore::shape`].
    pub fn point(&mut self, x: f64, y: f64) -> Result<(f64, f64)> {
        self.0.point(x, y)
    }

    /// How far results may be off, metres: the best way's before use, then the worst of those used. None: not known
    /// (a ballpark, or GCJ-02 and BD-09, whose official method is secret).
    pub fn accuracy_m(&self) -> Option<f64> {
        self.0.accuracy_m
    }

    /// Whether datums were merely equated, or an operation was used outside the area it was made for (before use:
    /// whether there is nothing better). Tens to hundreds of metres are possible: tell the user.
    pub fn is_ballpark(&self) -> bool {
        self.0.ballpark
    }
}

impl FromStore {
    /// Prepares the way to `crs`. Costs some milliseconds, as [`ToStore::from`].
    ///
    /// # Errors
    /// When PROJ knows no way.
    pub fn to(crs: &Crs) -> Result<Self> {
        Way::new(crs, Direction::FromDegrees).map(Self)
    }

    /// Converts a shape in place, all its vertices in one call; on an error it stays as it was.
    ///
    /// # Errors
    /// Names the coordinate that has no place in this CRS.
    pub fn shape(&mut self, shape: &mut Shape<f64>) -> Result<()> {
        self.0.shape(shape)
    }

    /// Converts one point.
    ///
    /// # Errors
    /// As [`FromStore::shape`].
    pub fn point(&mut self, lon: f64, lat: f64) -> Result<(f64, f64)> {
        self.0.point(lon, lat)
    }

    /// As [`ToStore::accuracy_m`].
    pub fn accuracy_m(&self) -> Option<f64> {
        self.0.accuracy_m
    }

    /// As [`ToStore::is_ballpark`].
    pub fn is_ballpark(&self) -> bool {
        self.0.ballpark
    }
}

/// No coordinate on the earth is larger in any CRS: its girth is 1.3e8 feet, and eastings with a zone number reach 4.6e7 m.
const MAX_UNITS: f64 = 5e8;

enum Means {
    /// The degrees are the store's.
    Same,
    Offset(fn(f64, f64) -> (f64, f64)),
    Proj(Operations),
}

struct Way {
    direction: Direction,
    means: Means,
    name: String,
    gauss: Option<Gauss>,
    accuracy_m: Option<f64>,
    ballpark: bool,
    /// Nothing but a projection: exact everywhere.
    exact: bool,
    used: bool,
    /// As given and as moved; kept for their memory.
    given: Vec<Coord<f64>>,
    moved: Vec<Coord<f64>>,
}

impl Way {
    fn new(crs: &Crs, direction: Direction) -> Result<Self> {
        let name = crs.to_string();
        let way = |means, accuracy_m, ballpark| Self {
            direction,
            means,
            name: name.clone(),
            gauss: None,
            accuracy_m,
            ballpark,
            exact: false,
            used: false,
            given: Vec::new(),
            moved: Vec::new(),
        };
        let into = direction == Direction::ToDegrees;
        let known = match crs {
            Crs::Gcj02 => {
                let f = if into { china::from_gcj02 } else { china::to_gcj02 };
                return Ok(way(Means::Offset(f), None, false));
            }
            Crs::Bd09 => {
                let f = if into { china::from_bd09 } else { china::to_bd09 };
                return Ok(way(Means::Offset(f), None, false));
            }
            Crs::Known(known) => known,
        };
        if crs.is_store() {
            return Ok(way(Means::Same, known.facts.same, false));
        }
        let end = if known.facts.same.is_some() { End::OwnDegrees } else { End::Wgs84 };
        let operations = Operations::new(&known.definition, end).map_err(|e| {
            Error::invalid(
                format!("无法在“{name}”与 CGCS2000 之间转换；请用 EPSG 代码给出坐标系"),
                format!("there is no way between “{name}” and CGCS2000; name the CRS by its EPSG code"),
            )
            .because(e)
        })?;
        let best = operations.list().iter().find(|o| !o.ballpark);
        let (accuracy_m, ballpark) = match (known.facts.same, best) {
            (Some(metres), _) => (Some(metres), false),
            (None, Some(best)) => (best.accuracy_m, false),
            (None, None) => (None, true),
        };
        let exact = end == End::OwnDegrees;
        Ok(Self { gauss: known.facts.gauss, exact, ..way(Means::Proj(operations), accuracy_m, ballpark) })
    }

    fn point(&mut self, x: f64, y: f64) -> Result<(f64, f64)> {
        self.given.clear();
        self.given.push(Coord { x, y });
        self.run()?;
        self.moved.first().map(|c| (c.x, c.y)).ok_or_else(|| self.lost(Coord { x, y }))
    }

    fn shape(&mut self, shape: &mut Shape<f64>) -> Result<()> {
        self.given.clear();
        coords::read(shape, &mut self.given);
        self.run()?;
        coords::write(shape, &self.moved);
        Ok(())
    }

    /// From `given` to `moved`, each coordinate checked before and after.
    fn run(&mut self) -> Result<()> {
        self.moved.clear();
        self.moved.extend_from_slice(&self.given);
        let into = self.direction == Direction::ToDegrees;
        for c in &self.given {
            // NaN fails too. Whatever lies beyond PROJ wraps around the earth.
            if !(c.x.abs() <= MAX_UNITS && c.y.abs() <= MAX_UNITS) {
                return Err(self.lost(*c));
            }
            if let Some(misfit) = self.gauss.filter(|_| into).and_then(|g| g.misfit(&self.name, c.x, c.y)) {
                return Err(misfit);
            }
        }
        match &mut self.means {
            Means::Same => {}
            Means::Offset(f) => {
                for c in &mut self.moved {
                    (c.x, c.y) = f(c.x, c.y);
                }
            }
            Means::Proj(_) => self.proj(),
        }
        for (given, moved) in self.given.iter().zip(&mut self.moved) {
            let fits = if into {
                // What rounding puts beyond the edge of the earth is brought back.
                (moved.x, moved.y) = (edge(moved.x, 180.0), edge(moved.y, 90.0));
                moved.x.abs() <= 180.0 && moved.y.abs() <= 90.0
            } else {
                moved.x.is_finite() && moved.y.is_finite()
            };
            if !fits {
                let given = *given;
                return Err(self.lost(given));
            }
        }
        Ok(())
    }

    /// Runs the first operation whose area holds every vertex; else the first that works, and says so.
    fn proj(&mut self) {
        let Means::Proj(operations) = &mut self.means else { return };
        if self.exact {
            operations.run(0, self.direction, &mut self.moved);
            return;
        }
        let mut degrees = self.given.clone();
        let mut first = 0;
        if self.direction == Direction::ToDegrees {
            // Any operation tells the degrees well enough to choose by: they differ by some hundred metres.
            while operations.run(first, self.direction, &mut degrees) && !degrees.iter().all(|c| c.x.is_finite()) {
                first += 1;
                degrees.clone_from(&self.given);
            }
        }
        let holds = |o: &sys::Operation| o.area.is_none_or(|a| degrees.iter().all(|c| within(a, *c)));
        let list = operations.list();
        let fitting = list.iter().position(|o| !o.ballpark && holds(o));
        let makeshift = || list.iter().position(|o| !o.ballpark).unwrap_or(first);
        let i = fitting.unwrap_or_else(makeshift).min(list.len().saturating_sub(1));
        let accuracy_m = list.get(i).and_then(|o| o.accuracy_m).filter(|_| fitting.is_some());
        operations.run(i, self.direction, &mut self.moved);
        self.ballpark = fitting.is_none() || (self.used && self.ballpark);
        self.accuracy_m = match (self.used, self.accuracy_m) {
            (true, Some(before)) => accuracy_m.map(|now| now.max(before)),
            (true, None) => None,
            (false, _) => accuracy_m,
        };
        self.used = true;
    }

    fn lost(&self, c: Coord<f64>) -> Error {
        let (x, y, name) = (c.x, c.y, &self.name);
        if self.direction == Direction::FromDegrees {
            return Error::invalid(
                format!("经纬度 ({x}, {y}) 在“{name}”中没有对应位置；请换一个覆盖该处的坐标系"),
                format!("({x}, {y}) has no place in “{name}”; choose a CRS that covers it"),
            );
        }
        if matches!(self.means, Means::Proj(_)) {
            return Error::invalid(
                format!("坐标 ({x}, {y}) 不在“{name}”的范围内；坐标系可能有误，请核对 .prj 或另行指定"),
                format!(
                    "the coordinate ({x}, {y}) lies outside “{name}”; the CRS may be wrong: check the .prj or name another"
                ),
            );
        }
        let hint = if x.abs() <= 90.0 && y.abs() <= 180.0 {
            ("经纬度可能颠倒，请交换两列", "longitude and latitude may be swapped: swap the columns")
        } else {
            (
                "像是投影坐标（米），请指定投影坐标系，例如 EPSG:4549",
                "it looks like metres: name the projected CRS, for example EPSG:4549",
            )
        };
        Error::invalid(
            format!("坐标 ({x}, {y}) 不是“{name}”的经纬度：{}", hint.0),
            format!("({x}, {y}) is no longitude and latitude of “{name}”: {}", hint.1),
        )
    }
}

/// Brings back what lies beyond `limit` by rounding alone (1e-9 degree, a tenth of a millimetre).
fn edge(v: f64, limit: f64) -> f64 {
    if v.abs() > limit && v.abs() <= limit + 1e-9 { limit.copysign(v) } else { v }
}

/// Whether an area (which may cross the antimeridian) holds a place; a tenth of a degree beyond its edge counts as in.
fn within([west, south, east, north]: [f64; 4], c: Coord<f64>) -> bool {
    const EDGE: f64 = 0.1;
    let (west, east) = (west - EDGE, east + EDGE);
    let across = if west <= east { (west..=east).contains(&c.x) } else { c.x >= west || c.x <= east };
    across && (south - EDGE..=north + EDGE).contains(&c.y)
}

#[cfg(test)]
mod tests;
