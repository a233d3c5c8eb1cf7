//! GCJ-02 and BD-09: the offsets of Chinese public maps, by the open approximation.
//!
//! The official method is secret. What is here is the approximation everybody uses (ellipsoid a = 6378245 m,
//! ee = 0.00669342162296594323); how far it lies from the official one is not known, so a CRS made of it has no stated
//! accuracy. Its inverse is found by iteration and returns to the start within far less than a millimetre (tested
//! over all of China), so nothing is lost by going there and back.
//!
//! Outside of a rough box around China ([`inside`]) both leave a coordinate as it is. The box is not the border: it holds
//! parts of the neighbours, as the box of every other program does, so that the results agree with theirs.
//!
//! Degrees throughout, longitude first.

use std::f64::consts::PI;

/// Krasovsky's semi-major axis, metres.
const A: f64 = 6_378_245.0;
/// The square of its eccentricity.
const EE: f64 = 0.006_693_421_622_965_943;
/// What BD-09 calls π: it scales degrees to 3000/180 turns.
const TURN: f64 = PI * 3000.0 / 180.0;

/// Degrees below which the iteration rests: 0.1 µm on the ground, some 70 steps of an f64 at 137.
const REST: f64 = 1e-12;
/// Each round gains two digits or more; this is far beyond need.
const ROUNDS: usize = 20;

/// Whether the offset applies here: west 72.004°, south 0.8293°, east 137.8347°, north 55.8271°.
pub fn inside(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// The waves both parts of the offset share, of `x` degrees east of 105° E.
fn ripple(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

/// The long waves: 1°, 1/3°, 1/12° and 1/30° of half a turn, with their heights in metres.
fn swell(v: f64, heights: [f64; 4]) -> f64 {
    let [one, third, twelfth, thirtieth] = heights;
    (one * (v * PI).sin()
        + third * (v / 3.0 * PI).sin()
        + twelfth * (v / 12.0 * PI).sin()
        + thirtieth * (v / 30.0 * PI).sin())
        * 2.0
        / 3.0
}

/// CGCS2000 (or WGS 84) to GCJ-02.
///
/// ```
/// let (lon, lat) = gis_data_crs::china::to_gcj02(120.65, 28.01);
/// assert!((lon - 120.6546).abs() < 0.001 && (lat - 28.0074).abs() < 0.001);
/// assert_eq!(gis_data_crs::china::to_gcj02(4.9, 52.4), (4.9, 52.4));
/// ```
pub fn to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    if !inside(lon, lat) {
        return (lon, lat);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let root = x.abs().sqrt();
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + ripple(x)
        + swell(y, [20.0, 40.0, 160.0, 320.0]);
    let east_m =
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple(x) + swell(x, [20.0, 40.0, 150.0, 300.0]);
    let phi = lat.to_radians();
    let w = 1.0 - EE * phi.sin().powi(2);
    let meridian_m = A * (1.0 - EE) / (w * w.sqrt());
    let parallel_m = A / w.sqrt() * phi.cos();
    (lon + (east_m / parallel_m).to_degrees(), lat + (north_m / meridian_m).to_degrees())
}

/// GCJ-02 to CGCS2000, by iteration.
pub fn from_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    invert(to_gcj02, lon, lat)
}

/// GCJ-02 to BD-09.
fn gcj02_to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    let length = lon.hypot(lat) + 0.000_02 * (lat * TURN).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * TURN).cos();
    (length * angle.cos() + 0.006_5, length * angle.sin() + 0.006)
}

/// CGCS2000 (or WGS 84) to BD-09.
pub fn to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    if !inside(lon, lat) {
        return (lon, lat);
    }
    let (lon, lat) = to_gcj02(lon, lat);
    gcj02_to_bd09(lon, lat)
}

/// BD-09 to CGCS2000, by iteration.
pub fn from_bd09(lon: f64, lat: f64) -> (f64, f64) {
    invert(to_bd09, lon, lat)
}

/// The place that `forward` brings to (`lon`, `lat`): the offset hardly changes over its own length, so taking it back
/// again and again closes in quickly. Where no place inside the box answers, the coordinate stays as it is.
fn invert(forward: fn(f64, f64) -> (f64, f64), lon: f64, lat: f64) -> (f64, f64) {
    // The first guess must lie where the offset applies, or it would not move.
    let (mut x, mut y) = (lon.clamp(72.004, 137.8347), lat.clamp(0.8293, 55.8271));
    if (x - lon).abs() > 0.05 || (y - lat).abs() > 0.05 || !(lon.is_finite() && lat.is_finite()) {
        return (lon, lat);
    }
    for _ in 0..ROUNDS {
        let (fx, fy) = forward(x, y);
        let (dx, dy) = (lon - fx, lat - fy);
        (x, y) = (x + dx, y + dy);
        if dx.abs() < REST && dy.abs() < REST {
            return if inside(x, y) { (x, y) } else { (lon, lat) };
        }
    }
    // At the very edge of the box the offset begins with a jump, and some results belong to no start.
    (lon, lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every 0.37° of the box, and the odd meridian where the root has its kink.
    fn places() -> impl Iterator<Item = (f64, f64)> {
        let lons = (0..177).map(|i| 72.1 + f64::from(i) * 0.37).chain([105.0, 105.000_000_1, 120.65]);
        lons.flat_map(|lon| (0..148).map(move |i| (lon, 0.9 + f64::from(i) * 0.37)))
    }

    #[test]
    fn there_and_back_loses_less_than_a_millimetre() {
        let mut worst_m = 0.0f64;
        for (lon, lat) in places() {
            for (x, y) in [
                {
                    let (x, y) = to_gcj02(lon, lat);
                    from_gcj02(x, y)
                },
                {
                    let (x, y) = to_bd09(lon, lat);
                    from_bd09(x, y)
                },
            ] {
                worst_m = worst_m.max((x - lon).hypot(y - lat) * 111_320.0);
            }
        }
        assert!(worst_m < 0.001, "{worst_m} m");
        // What the documentation claims: far less.
        assert!(worst_m < 0.000_01, "{worst_m} m");
    }

    #[test]
    fn the_offset_is_some_hundred_metres_and_baidus_more() {
        for (lon, lat) in places() {
            let (x, y) = to_gcj02(lon, lat);
            let metres = ((x - lon) * lat.to_radians().cos()).hypot(y - lat) * 111_320.0;
            assert!(metres < 1800.0, "{lon} {lat}: {metres}");
        }
        let (x, y) = to_bd09(120.65, 28.01);
        assert!((x - 120.661).abs() < 0.002 && (y - 28.013).abs() < 0.002, "{x} {y}");
    }

    #[test]
    fn outside_nothing_moves() {
        for (lon, lat) in [(4.9, 52.4), (-74.0, 40.7), (139.7, 35.7), (120.0, -10.0), (180.0, 90.0), (f64::NAN, 1.0)] {
            for f in [to_gcj02, from_gcj02, to_bd09, from_bd09] {
                let (x, y) = f(lon, lat);
                assert!(x.to_bits() == lon.to_bits() && y == lat);
            }
        }
    }
}
