//! The Hilbert curve on the Web-Mercator quadtree: neighbours on the ground become neighbours in order.

use crate::mercator;

/// Levels of the quadtree: a cell is 0.6 m wide at the equator, finer than doors are apart.
const ORDER: u32 = 26;

/// The place of (`lon`, `lat`) along the curve.
pub(super) fn key(lon: f64, lat: f64) -> u64 {
    let (x, y) = mercator::project(lon, lat);
    let side = f64::from(1u32 << ORDER);
    let cell = |v: f64| (v * side).clamp(0.0, side - 1.0) as u32;
    distance(cell(x), cell(y))
}

/// Turns cell coordinates into the distance along the curve (Hilbert 1891; the usual rotate-and-flip walk from the top bit).
fn distance(mut x: u32, mut y: u32) -> u64 {
    let mut d = 0u64;
    let mut s = 1u32 << (ORDER - 1);
    while s > 0 {
        let (rx, ry) = (u32::from(x & s > 0), u32::from(y & s > 0));
        d = d << 2 | u64::from((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                x = (s.wrapping_mul(2).wrapping_sub(1)) & !x;
                y = (s.wrapping_mul(2).wrapping_sub(1)) & !y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        x &= s.wrapping_sub(1);
        y &= s.wrapping_sub(1);
        s >>= 1;
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successive_cells_are_neighbours() {
        let mut cells: Vec<(u64, u32, u32)> =
            (0..64).flat_map(|x| (0..64).map(move |y| (distance(x, y), x, y))).collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1);
        }
    }
}
