//! Leaving out vertices that cannot be seen at a zoom.
//!
//! D. Douglas and T. Peucker, “Algorithms for the reduction of the number of points”, Cartographica 10 (1973), with an own stack,
//! after vertices nearer than the tolerance to the one before were left out.

use super::clip::Point;

/// Simplifies a line in place; its ends stay.
pub(super) fn line(line: &mut Vec<Point>, keep: &mut Vec<bool>, tolerance: f64) {
    thin(line, tolerance);
    let Some(last) = line.len().checked_sub(1) else { return };
    keep.clear();
    keep.resize(line.len(), false);
    mark(line, keep, 0, last, tolerance);
    retain(line, keep);
}

/// Simplifies a ring (without its closing point) in place. What is narrower than the tolerance ends with fewer than three
/// vertices. It is held at its westernmost and easternmost vertex, so the result does not depend on where it begins.
pub(super) fn ring(ring: &mut Vec<Point>, keep: &mut Vec<bool>, tolerance: f64) {
    if ring.len() <= 4 {
        return;
    }
    let order = |a: &&Point, b: &&Point| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    let west = ring.iter().enumerate().min_by(|a, b| order(&a.1, &b.1)).map_or(0, |(i, _)| i);
    ring.rotate_left(west);
    thin(ring, tolerance);
    let east = ring.iter().enumerate().max_by(|a, b| order(&a.1, &b.1)).map_or(0, |(i, _)| i);
    let Some(first) = ring.first().copied() else { return };
    // The closing point is needed as the end of the second half.
    ring.push(first);
    keep.clear();
    keep.resize(ring.len(), false);
    mark(ring, keep, 0, east, tolerance);
    mark(ring, keep, east, ring.len() - 1, tolerance);
    retain(ring, keep);
    ring.pop();
}

/// Leaves out vertices nearer than `tolerance` to the last one kept; both ends stay.
fn thin(points: &mut Vec<Point>, tolerance: f64) {
    let last = points.len().saturating_sub(1);
    let mut kept: Option<Point> = None;
    let mut i = 0;
    points.retain(|p| {
        let near = kept.is_some_and(|k| (p[0] - k[0]).powi(2) + (p[1] - k[1]).powi(2) < tolerance * tolerance);
        let stay = !near || i == last;
        i += 1;
        if stay {
            kept = Some(*p);
        }
        stay
    });
}

fn retain(points: &mut Vec<Point>, keep: &[bool]) {
    let mut kept = keep.iter();
    points.retain(|_| kept.next().copied().unwrap_or_default());
}

/// Marks what stays between `from` and `to`, both included.
fn mark(points: &[Point], keep: &mut [bool], from: usize, to: usize, tolerance: f64) {
    let mut stretches = vec![(from, to)];
    while let Some((from, to)) = stretches.pop() {
        keep[from] = true;
        keep[to] = true;
        let (a, b) = (points[from], points[to]);
        let mut far = (tolerance * tolerance, from);
        for (i, p) in points.iter().enumerate().take(to).skip(from + 1) {
            let d = distance_squared(*p, a, b);
            if d > far.0 {
                far = (d, i);
            }
        }
        if far.1 != from {
            stretches.push((from, far.1));
            stretches.push((far.1, to));
        }
    }
}

/// From a point to the segment `a`–`b`.
fn distance_squared(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let t = if length == 0.0 { 0.0 } else { ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length };
    let t = t.clamp(0.0, 1.0);
    (p[0] - a[0] - t * dx).powi(2) + (p[1] - a[1] - t * dy).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_bends_go_and_large_ones_stay() {
        let mut l = vec![[0.0, 0.0], [5.0, 0.5], [10.0, 0.0], [10.0, 9.0], [10.2, 9.1], [20.0, 9.0]];
        line(&mut l, &mut Vec::new(), 1.0);
        assert_eq!(l, [[0.0, 0.0], [10.0, 0.0], [10.0, 9.0], [20.0, 9.0]]);
    }

    #[test]
    fn a_ring_is_the_same_wherever_it_begins() {
        let circle: Vec<Point> = (0..100)
            .map(|i| f64::from(i) / 100.0 * std::f64::consts::TAU)
            .map(|a| [50.0 * a.cos(), 50.0 * a.sin()])
            .collect();
        let mut first = circle.clone();
        ring(&mut first, &mut Vec::new(), 1.0);
        assert!((8..40).contains(&first.len()), "{}", first.len());
        let mut second = circle;
        second.rotate_left(37);
        ring(&mut second, &mut Vec::new(), 1.0);
        assert_eq!(first, second);
        let mut sliver = vec![[0.0, 0.0], [5.0, 0.1], [10.0, 0.0], [5.0, -0.1], [3.0, -0.1]];
        ring(&mut sliver, &mut Vec::new(), 1.0);
        assert!(sliver.len() < 3);
    }
}
