//! Web Mercator, as tiles use it: the unit square, `x` east and `y` south, from longitude and latitude in degrees.

use std::f64::consts::PI;

use crate::BBox;

/// The latitude at which the square ends, in degrees.
pub const MAX_LAT: f64 = 85.051_128_779_806_59;

/// Degrees to the unit square. Latitudes beyond [`MAX_LAT`] are moved onto the edge.
pub fn project(lon: f64, lat: f64) -> (f64, f64) {
    // ln((1 + sin) / (1 - sin)) / 2 is asinh(tan) with two slow steps less: every vertex of every tile comes this way.
    let sin = lat.clamp(-MAX_LAT, MAX_LAT).to_radians().sin();
    (lon / 360.0 + 0.5, 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI))
}

/// The unit square to degrees.
pub fn unproject(x: f64, y: f64) -> (f64, f64) {
    ((x - 0.5) * 360.0, ((0.5 - y) * 2.0 * PI).sinh().atan().to_degrees())
}

/// The box in degrees of the tile `z/x/y`, grown on every side by `buffer` tile widths.
pub fn tile_bbox(z: u8, x: u32, y: u32, buffer: f64) -> BBox {
    let n = f64::from(z).exp2();
    let (west, north) = unproject((f64::from(x) - buffer) / n, ((f64::from(y) - buffer) / n).max(0.0));
    let (east, south) = unproject((f64::from(x) + 1.0 + buffer) / n, ((f64::from(y) + 1.0 + buffer) / n).min(1.0));
    BBox { west, south, east, north }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (lon, lat) in [(120.65, 28.0), (-180.0, -60.0), (179.9, 85.0)] {
            let (x, y) = project(lon, lat);
            let (lon2, lat2) = unproject(x, y);
            assert!((lon - lon2).abs() < 1e-9 && (lat - lat2).abs() < 1e-9);
        }
    }

    #[test]
    fn it_is_the_textbook_projection_to_the_last_micrometre() {
        for i in -8500..=8500 {
            let lat = f64::from(i) / 100.0;
            let textbook = 0.5 - lat.to_radians().tan().asinh() / (2.0 * PI);
            assert!((project(0.0, lat).1 - textbook).abs() * 40_075_016.7 < 1e-6, "{lat}");
        }
    }

    #[test]
    fn the_world_tile_is_the_world() {
        let b = tile_bbox(0, 0, 0, 0.0);
        assert!((b.west + 180.0).abs() < 1e-9 && (b.north - MAX_LAT).abs() < 1e-9);
    }
}
