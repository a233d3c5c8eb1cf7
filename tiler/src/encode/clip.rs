//! Cutting lines and rings at the tile's buffered edge.
//!
//! Rings: I. Sutherland and G. Hodgman, “Reentrant polygon clipping”, CACM 17 (1974). A ring that leaves and comes back gets
//! edges that lie on each other along the border; [`super::rings`] takes them apart.
//! Lines: Y.-D. Liang and B. Barsky, “A new concept and method for line clipping”, TOG 3 (1984).

/// A point in tile units, before it is snapped to whole ones.
pub(super) type Point = [f64; 2];

/// The square that is kept: both axes from `min` to `max`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Square {
    /// On which sides a point lies outside: a bit for each.
    pub(super) fn outside(&self, [x, y]: Point) -> u8 {
        u8::from(x < self.min) | u8::from(x > self.max) << 1 | u8::from(y < self.min) << 2 | u8::from(y > self.max) << 3
    }
}

/// Cuts a ring (without its closing point) in place.
pub(super) fn ring(ring: &mut Vec<Point>, scratch: &mut Vec<Point>, square: Square) {
    for (axis, bound, above) in
        [(0, square.min, true), (0, square.max, false), (1, square.min, true), (1, square.max, false)]
    {
        let inside = |p: Point| if above { p[axis] >= bound } else { p[axis] <= bound };
        if ring.iter().all(|p| inside(*p)) {
            continue;
        }
        scratch.clear();
        let Some(mut from) = ring.last().copied() else { return };
        for &to in ring.iter() {
            if inside(from) != inside(to) {
                scratch.push(crossing(from, to, axis, bound));
            }
            if inside(to) {
                scratch.push(to);
            }
            from = to;
        }
        std::mem::swap(ring, scratch);
    }
}

/// Where the edge crosses `bound`. The same whichever way the edge runs, so that neighbours keep a common border.
fn crossing(a: Point, b: Point, axis: usize, bound: f64) -> Point {
    let (a, b) = if a[axis] <= b[axis] { (a, b) } else { (b, a) };
    let t = (bound - a[axis]) / (b[axis] - a[axis]);
    let other = 1 - axis;
    let mut at = [bound; 2];
    at[other] = a[other] + t * (b[other] - a[other]);
    at
}

/// Cuts a line; `part` is called with each piece that is left.
pub(super) fn line(line: &[Point], piece: &mut Vec<Point>, square: Square, mut part: impl FnMut(&[Point])) {
    piece.clear();
    for pair in line.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let Some((t0, t1)) = segment(a, b, square) else { continue };
        let at = |t: f64| {
            // Rounding must not carry a cut beyond the edge.
            let along = |i: usize| (a[i] + t * (b[i] - a[i])).clamp(square.min, square.max);
            [along(0), along(1)]
        };
        if t0 > 0.0 && !piece.is_empty() {
            part(piece);
            piece.clear();
        }
        if piece.is_empty() {
            piece.push(if t0 > 0.0 { at(t0) } else { a });
        }
        piece.push(if t1 < 1.0 { at(t1) } else { b });
        if t1 < 1.0 {
            part(piece);
            piece.clear();
        }
    }
    if !piece.is_empty() {
        part(piece);
    }
}

/// The stretch of `a`→`b` within the square, from 0 at `a` to 1 at `b`.
fn segment(a: Point, b: Point, square: Square) -> Option<(f64, f64)> {
    let (mut t0, mut t1) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let d = b[axis] - a[axis];
        if d == 0.0 {
            if a[axis] < square.min || a[axis] > square.max {
                return None;
            }
            continue;
        }
        let (near, far) = ((square.min - a[axis]) / d, (square.max - a[axis]) / d);
        t0 = t0.max(near.min(far));
        t1 = t1.min(near.max(far));
        if t0 > t1 {
            return None;
        }
    }
    Some((t0, t1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Square = Square { min: 0.0, max: 10.0 };

    fn cut(points: &[Point]) -> Vec<Vec<Point>> {
        let mut all = Vec::new();
        line(points, &mut Vec::new(), SQUARE, |p| all.push(p.to_vec()));
        all
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two() {
        let pieces = cut(&[[5.0, 5.0], [15.0, 5.0], [15.0, 8.0], [5.0, 8.0]]);
        assert_eq!(pieces, [vec![[5.0, 5.0], [10.0, 5.0]], vec![[10.0, 8.0], [5.0, 8.0]]]);
        assert_eq!(cut(&[[-5.0, 5.0], [15.0, 5.0]]), [vec![[0.0, 5.0], [10.0, 5.0]]]);
        assert_eq!(cut(&[[1.0, 1.0], [2.0, 1.0], [3.0, 3.0]]), [vec![[1.0, 1.0], [2.0, 1.0], [3.0, 3.0]]]);
        assert!(cut(&[[-5.0, 4.0], [4.0, -6.0]]).is_empty());
        assert!(cut(&[[-5.0, -5.0], [15.0, -5.0]]).is_empty());
    }

    #[test]
    fn a_ring_is_cut_to_the_square() {
        let mut corner = vec![[5.0, 5.0], [15.0, 5.0], [15.0, 15.0], [5.0, 15.0]];
        ring(&mut corner, &mut Vec::new(), SQUARE);
        assert_eq!(corner, [[5.0, 10.0], [5.0, 5.0], [10.0, 5.0], [10.0, 10.0]]);
        let mut around = vec![[-90.0, -90.0], [90.0, -90.0], [90.0, 90.0], [-90.0, 90.0]];
        ring(&mut around, &mut Vec::new(), SQUARE);
        assert_eq!(around.len(), 4);
        let mut away = vec![[20.0, 20.0], [30.0, 20.0], [30.0, 30.0]];
        ring(&mut away, &mut Vec::new(), SQUARE);
        assert!(away.is_empty());
    }
}
