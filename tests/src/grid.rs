//! The tile grid of the Web Mercator quadtree, written down once more so that the tests do not trust the tiler's own.

use std::f64::consts::PI;

/// One tile's coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coordinate {
    /// Zoom.
    pub z: u32,
    /// Column, from the west.
    pub x: u32,
    /// Row, from the north.
    pub y: u32,
}

impl Coordinate {
    /// The tile of zoom `z` that holds a point.
    pub fn at(z: u32, lon: f64, lat: f64) -> Self {
        let n = f64::from(1u32 << z);
        let x = (lon + 180.0) / 360.0 * n;
        let y = (1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * n;
        Self { z, x: x as u32, y: y as u32 }
    }

    /// West, south, east, north in degrees.
    pub fn bounds(self) -> [f64; 4] {
        let n = f64::from(1u32 << self.z);
        let lon = |x: f64| x / n * 360.0 - 180.0;
        let lat = |y: f64| (PI * (1.0 - 2.0 * y / n)).sinh().atan().to_degrees();
        let [x, y] = [f64::from(self.x), f64::from(self.y)];
        [lon(x), lat(y + 1.0), lon(x + 1.0), lat(y)]
    }

    /// Width of one of the 4096 steps of this tile, in degrees of longitude.
    pub fn step_degrees(self) -> f64 {
        360.0 / f64::from(1u32 << self.z) / 4096.0
    }

    /// `z/x/y`.
    pub fn path(self) -> String {
        format!("{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_holds_the_point_it_was_found_by() {
        let tile = Coordinate::at(16, 120.6554, 28.0121);
        let [w, s, e, n] = tile.bounds();
        assert!(w <= 120.6554 && 120.6554 < e && s <= 28.0121 && 28.0121 < n, "{tile:?}");
        assert_eq!(Coordinate::at(0, 1.0, 1.0), Coordinate { z: 0, x: 0, y: 0 });
        // The corner of four tiles of zoom 1 lies at null island.
        assert!(Coordinate { z: 1, x: 1, y: 0 }.bounds()[1].abs() < 1e-9);
    }
}
