//! Where a tile lies: zoom, column, row.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use gis_data::{BBox, Error, Result, mercator};

/// Units along the edge of a tile.
pub const EXTENT: u32 = 4096;

/// The deepest zoom: 2^22 tiles along the equator, 2 mm a unit.
pub const MAX_ZOOM: u8 = 22;

/// The address of a tile: `z` at most [`MAX_ZOOM`], `x` (east) and `y` (south) below 2^z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coord {
    z: u8,
    x: u32,
    y: u32,
}

impl Coord {
    /// The whole earth.
    pub const WORLD: Self = Self { z: 0, x: 0, y: 0 };

    /// Checks that there is such a tile.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self> {
        if z > MAX_ZOOM {
            return Err(Error::invalid(
                format!("瓦片级别 {z} 过深：须在 0 到 {MAX_ZOOM} 之间"),
                format!("the zoom {z} is too deep: it must lie between 0 and {MAX_ZOOM}"),
            ));
        }
        let last = last(z);
        if x > last || y > last {
            return Err(Error::invalid(
                format!("没有瓦片 {z}/{x}/{y}：第 {z} 级的列号和行号须在 0 到 {last} 之间"),
                format!("there is no tile {z}/{x}/{y}: at zoom {z} column and row lie between 0 and {last}"),
            ));
        }
        Ok(Self { z, x, y })
    }

    /// The zoom.
    pub const fn z(self) -> u8 {
        self.z
    }

    /// The column, counted from the west.
    pub const fn x(self) -> u32 {
        self.x
    }

    /// The row, counted from the north.
    pub const fn y(self) -> u32 {
        self.y
    }

    /// The tile of zoom `z` that holds a point given in degrees; just one does. Beyond the square, the nearest.
    pub fn holding(lon: f64, lat: f64, z: u8) -> Result<Self> {
        Self::new(z, 0, 0)?;
        let (x, y) = mercator::project(lon, lat);
        Ok(Self { z, x: column(x, z), y: column(y, z) })
    }

    /// The tile one zoom up that holds this one.
    pub fn parent(self) -> Option<Self> {
        Some(Self { z: self.z.checked_sub(1)?, x: self.x / 2, y: self.y / 2 })
    }

    /// All tiles that hold this one, from the nearest to the whole earth.
    pub fn parents(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |c| c.parent())
    }

    /// The four tiles that make up this one (north-west, north-east, south-west, south-east); none at the deepest zoom.
    pub fn children(self) -> Option<[Self; 4]> {
        let (z, x, y) = (self.z + 1, self.x * 2, self.y * 2);
        let at = |dx, dy| Self { z, x: x + dx, y: y + dy };
        (z <= MAX_ZOOM).then(|| [at(0, 0), at(1, 0), at(0, 1), at(1, 1)])
    }

    /// The box in degrees, grown on every side by `buffer` units (of [`EXTENT`] a tile).
    pub fn bbox(self, buffer: u32) -> BBox {
        mercator::tile_bbox(self.z, self.x, self.y, f64::from(buffer) / f64::from(EXTENT))
    }

    /// The tiles of zoom `z` (at most [`MAX_ZOOM`]) that share a point with `bbox`. How many is known before any is made.
    pub fn covering(bbox: &BBox, z: u8) -> Covering {
        Covering::new(bbox, z, 0.0)
    }
}

impl fmt::Display for Coord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

impl FromStr for Coord {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('/');
        let mut next = || parts.next()?.parse::<u32>().ok();
        let all = (|| Some((u8::try_from(next()?).ok()?, next()?, next()?)))();
        match all.filter(|_| parts.next().is_none()) {
            Some((z, x, y)) => Self::new(z, x, y),
            None => Err(Error::invalid(
                format!("“{text}” 不是瓦片地址：应为 级别/列/行，例如 14/13687/6841"),
                format!("“{text}” is not a tile's address: it is zoom/column/row, such as 14/13687/6841"),
            )),
        }
    }
}

/// The greatest column and row of a zoom.
fn last(z: u8) -> u32 {
    (1 << z) - 1
}

/// The column (or row) that holds `at` of the unit square. Half-open, but the last holds its far edge too.
fn column(at: f64, z: u8) -> u32 {
    // A float below zero becomes 0, so what lies beyond the square counts to its edge.
    ((at * f64::from(z).exp2()).floor() as u32).min(last(z))
}

/// A rectangle of tiles of one zoom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covering {
    z: u8,
    xs: RangeInclusive<u32>,
    ys: RangeInclusive<u32>,
}

impl Covering {
    /// The tiles that share a point with `bbox` when each is grown by `margin` tile widths.
    pub(crate) fn new(bbox: &BBox, z: u8, margin: f64) -> Self {
        let z = z.min(MAX_ZOOM);
        if bbox.is_empty() {
            #[expect(clippy::reversed_empty_ranges, reason = "an empty box is covered by no tile")]
            return Self { z, xs: 1..=0, ys: 1..=0 };
        }
        let margin = margin / f64::from(z).exp2();
        let (west, north) = mercator::project(bbox.west, bbox.north);
        let (east, south) = mercator::project(bbox.east, bbox.south);
        Self {
            z,
            xs: column(west - margin, z)..=column(east + margin, z),
            ys: column(north - margin, z)..=column(south + margin, z),
        }
    }

    /// How many tiles.
    pub fn count(&self) -> u64 {
        let length = |r: &RangeInclusive<u32>| (u64::from(*r.end()) + 1).saturating_sub(u64::from(*r.start()));
        length(&self.xs) * length(&self.ys)
    }

    /// The zoom of them all.
    pub const fn z(&self) -> u8 {
        self.z
    }

    /// Whether `coord` is one of them.
    pub fn contains(&self, coord: Coord) -> bool {
        coord.z == self.z && self.xs.contains(&coord.x) && self.ys.contains(&coord.y)
    }

    /// Each of them, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Coord> + use<> {
        let (z, xs) = (self.z, self.xs.clone());
        self.ys.clone().flat_map(move |y| xs.clone().map(move |x| Coord { z, x, y }))
    }
}

impl IntoIterator for Covering {
    type Item = Coord;
    type IntoIter = Box<dyn Iterator<Item = Coord> + Send>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl IntoIterator for &Covering {
    type Item = Coord;
    type IntoIter = Box<dyn Iterator<Item = Coord> + Send>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::Kind;

    #[test]
    fn only_tiles_that_exist_have_an_address() {
        assert!(Coord::new(0, 0, 0).is_ok());
        assert!(Coord::new(22, (1 << 22) - 1, 0).is_ok());
        for (z, x, y) in [(0, 1, 0), (3, 0, 8), (23, 0, 0), (255, 0, 0)] {
            assert_eq!(Coord::new(z, x, y).unwrap_err().kind(), Kind::Invalid, "{z}/{x}/{y}");
        }
        assert_eq!("14/13687/6841".parse::<Coord>().unwrap().to_string(), "14/13687/6841");
        for bad in ["", "1/2", "1/0/0/0", "a/0/0", "300/0/0", "-1/0/0", "门/0/0"] {
            assert!(bad.parse::<Coord>().is_err(), "{bad}");
        }
    }

    #[test]
    fn children_have_their_parent() {
        let tile = Coord::new(14, 13687, 6841).unwrap();
        for child in tile.children().unwrap() {
            assert_eq!(child.parent(), Some(tile));
            assert!(tile.bbox(1).contains(&child.bbox(0)));
        }
        assert_eq!(tile.parents().count(), 14);
        assert_eq!(tile.parents().last(), Some(Coord::WORLD));
        assert!(Coord::new(22, 0, 0).unwrap().children().is_none());
    }

    #[test]
    fn a_box_is_covered_by_a_rectangle_of_tiles() {
        assert_eq!(Coord::covering(&BBox::WORLD, 3).count(), 64);
        assert_eq!(Coord::covering(&BBox::WORLD, 22).count(), 1 << 44);
        let wenzhou = BBox { west: 120.60, south: 27.95, east: 120.75, north: 28.05 };
        let covering = Coord::covering(&wenzhou, 14);
        let all: Vec<Coord> = covering.iter().collect();
        assert_eq!(all.len() as u64, covering.count());
        assert!(all.iter().all(|c| c.bbox(0).meets(&wenzhou) && covering.contains(*c)));
        assert_eq!(all.len(), 8 * 6);
        assert_eq!(Coord::covering(&BBox::EMPTY, 5).count(), 0);
        assert_eq!(Coord::covering(&BBox::EMPTY, 5).into_iter().next(), None);
    }

    #[test]
    fn a_point_lies_in_one_tile() {
        for (lon, lat) in [(0.0, 0.0), (180.0, -89.0), (-180.0, 89.0), (120.65, 28.0)] {
            let point = BBox { west: lon, south: lat, east: lon, north: lat };
            for z in 0..=22 {
                let covering = Coord::covering(&point, z);
                assert_eq!(covering.count(), 1);
                assert!(covering.contains(Coord::holding(lon, lat, z).unwrap()));
            }
        }
    }
}
