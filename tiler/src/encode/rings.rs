//! Rings on the whole-number grid: cleaned, checked, turned the right way round.
//!
//! The specification wants rings that do not touch or cross themselves, an outer ring of positive area in tile
//! coordinates (`y` down) before its holes of negative area. Snapping and cutting can break this. [`settle`] finds out
//! in whole numbers, without rounding; only what is broken goes through [`super::repair`].

use super::commands::{Parts, Vertex};
use super::repair;

/// Twice the area by the surveyor's formula; positive for an outer ring.
pub(crate) fn double_area(ring: &[Vertex]) -> i64 {
    let Some(mut a) = ring.last().copied() else { return 0 };
    let mut sum = 0;
    for &b in ring {
        sum += i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]);
        a = b;
    }
    sum
}

/// Which side of `a`→`b` the point `c` lies on: the sign; 0 on the line.
fn side(a: Vertex, b: Vertex, c: Vertex) -> i64 {
    let d = |p: Vertex, q: Vertex, i: usize| i64::from(p[i]) - i64::from(q[i]);
    (d(b, a, 0) * d(c, a, 1) - d(b, a, 1) * d(c, a, 0)).signum()
}

/// Leaves out repeated vertices, vertices on a straight stretch, and spikes that go out and come back the same way.
pub(super) fn clean(ring: &mut Vec<Vertex>) {
    let mut kept = 0;
    for i in 0..ring.len() {
        let next = ring[i];
        while kept >= 1 && ring[kept - 1] == next || kept >= 2 && side(ring[kept - 2], ring[kept - 1], next) == 0 {
            kept -= 1;
        }
        ring[kept] = next;
        kept += 1;
    }
    ring.truncate(kept);
    // The same across the place where the ring closes.
    let mut start = 0;
    while let [a, b, .., y, z] = ring[start..] {
        if z == a || side(y, z, a) == 0 {
            ring.pop();
        } else if side(z, a, b) == 0 {
            start += 1;
        } else {
            break;
        }
    }
    ring.drain(..start);
    let flat = match ring[..] {
        [a, b, c] => side(a, b, c) == 0,
        _ => ring.len() < 3,
    };
    if flat {
        ring.clear();
    }
}

/// Makes the rings of one feature (outer rings, each followed by its holes) valid, and appends them to `out`.
pub(super) fn settle(rings: &Parts, min_double_area: i64, out: &mut Parts) {
    if sound(rings) {
        orient(rings, min_double_area, out);
    } else {
        orient(&repair::repaired(rings), min_double_area, out);
    }
}

/// Appends the rings turned the right way; a ring smaller than the minimum goes, and an outer ring takes its holes along.
fn orient(rings: &Parts, min_double_area: i64, out: &mut Parts) {
    let mut skip = false;
    let mut turned = Vec::new();
    for (ring, outer) in rings.iter() {
        let area = double_area(ring);
        let small = area == 0 || area.abs() < min_double_area;
        if outer {
            skip = small;
        }
        if skip || small {
            continue;
        }
        if (area > 0) == outer {
            out.push(ring, outer);
        } else {
            turned.clear();
            turned.extend(ring.iter().rev());
            out.push(&turned, outer);
        }
    }
}

#[derive(Clone, Copy)]
struct Edge {
    a: Vertex,
    b: Vertex,
    ring: u32,
    /// Its place in its ring, and how many edges the ring has.
    at: u32,
    of: u32,
}

impl Edge {
    fn min(&self, axis: usize) -> i32 {
        self.a[axis].min(self.b[axis])
    }
    fn max(&self, axis: usize) -> i32 {
        self.a[axis].max(self.b[axis])
    }

    fn follows(&self, other: &Self) -> bool {
        self.ring == other.ring && (other.at + 1) % other.of == self.at
    }

    /// Whether the two share a point that they should not share. [`clean`] has seen to edges that follow each other.
    fn meets(&self, other: &Self) -> bool {
        if self.min(0) > other.max(0)
            || other.min(0) > self.max(0)
            || self.min(1) > other.max(1)
            || other.min(1) > self.max(1)
            || self.follows(other)
            || other.follows(self)
        {
            return false;
        }
        // Their boxes meet: so they share a point just if neither lies wholly on one side of the other.
        side(self.a, self.b, other.a) * side(self.a, self.b, other.b) <= 0
            && side(other.a, other.b, self.a) * side(other.a, other.b, self.b) <= 0
    }
}

/// Below this many edges every pair is looked at.
const FEW: usize = 24;

/// Whether no two rings and no two edges touch, and holes lie in their outer ring and outer rings in none. Stricter than need be:
/// a hole that touches its outer ring in one point is valid, but is left to [`super::repair`].
fn sound(rings: &Parts) -> bool {
    let mut edges = Vec::with_capacity(64);
    for (n, (ring, _)) in rings.iter().enumerate() {
        let Some(mut a) = ring.last().copied() else { continue };
        for (i, &b) in ring.iter().enumerate() {
            edges.push(Edge { a, b, ring: n as u32, at: i as u32, of: ring.len() as u32 });
            a = b;
        }
    }
    if edges.len() <= FEW {
        let mut rest = edges.as_slice();
        while let Some((edge, others)) = rest.split_first() {
            if others.iter().any(|o| o.meets(edge)) {
                return false;
            }
            rest = others;
        }
    } else if !sweep(&mut edges) {
        return false;
    }
    nested(rings)
}

/// Whether no two edges meet, looking only at pairs that overlap along the longer axis.
fn sweep(edges: &mut [Edge]) -> bool {
    let length = |axis| {
        let low = edges.iter().map(|e| e.min(axis)).min().unwrap_or_default();
        edges.iter().map(|e| e.max(axis)).max().unwrap_or_default() - low
    };
    let axis = usize::from(length(1) > length(0));
    edges.sort_unstable_by_key(|e| e.min(axis));
    let mut rest = &*edges;
    while let Some((edge, others)) = rest.split_first() {
        let end = edge.max(axis);
        if others.iter().take_while(|o| o.min(axis) <= end).any(|o| o.meets(edge)) {
            return false;
        }
        rest = others;
    }
    true
}

/// A ring and the box around it.
struct Ring<'a> {
    vertices: &'a [Vertex],
    low: Vertex,
    high: Vertex,
    polygon: usize,
    outer: bool,
}

/// Whether the ring around each ring is what it should be. No two rings touch here, so one vertex speaks for all.
fn nested(rings: &Parts) -> bool {
    if rings.len() < 2 {
        return true;
    }
    let mut polygon = 0;
    let all: Vec<Ring<'_>> = rings
        .iter()
        .map(|(vertices, outer)| {
            polygon += usize::from(outer);
            let fold =
                |f: fn(i32, i32) -> i32, start| vertices.iter().fold([start; 2], |m, v| [f(m[0], v[0]), f(m[1], v[1])]);
            Ring { vertices, low: fold(i32::min, i32::MAX), high: fold(i32::max, i32::MIN), polygon, outer }
        })
        .collect();
    all.iter().enumerate().all(|(i, ring)| {
        let Some(&vertex) = ring.vertices.first() else { return true };
        let around = all
            .iter()
            .enumerate()
            .filter(|(j, o)| {
                *j != i
                    && o.low[0] < ring.low[0]
                    && o.low[1] < ring.low[1]
                    && o.high[0] > ring.high[0]
                    && o.high[1] > ring.high[1]
                    && holds(o.vertices, vertex)
            })
            .map(|(_, o)| o)
            .min_by_key(|o| double_area(o.vertices).abs());
        match around {
            Some(o) if ring.outer => !o.outer,
            Some(o) => o.outer && o.polygon == ring.polygon,
            None => ring.outer,
        }
    })
}

/// Whether a point that is not on the ring lies in it: an odd number of edges cross the ray to the east.
pub(super) fn holds(ring: &[Vertex], p: Vertex) -> bool {
    let Some(mut a) = ring.last().copied() else { return false };
    let mut inside = false;
    for &b in ring {
        if (a[1] > p[1]) != (b[1] > p[1]) {
            let (low, high) = if a[1] < b[1] { (a, b) } else { (b, a) };
            inside ^= side(low, high, p) > 0;
        }
        a = b;
    }
    inside
}

/// Whether a point lies on the ring itself.
pub(super) fn on(ring: &[Vertex], p: Vertex) -> bool {
    let Some(mut a) = ring.last().copied() else { return false };
    ring.iter().any(|&b| {
        let from = std::mem::replace(&mut a, b);
        let between = |axis: usize| (from[axis].min(b[axis])..=from[axis].max(b[axis])).contains(&p[axis]);
        between(0) && between(1) && side(from, b, p) == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(rings: &[(&[Vertex], bool)]) -> Vec<(Vec<Vertex>, bool)> {
        let mut parts = Parts::default();
        for (ring, outer) in rings {
            let mut ring = ring.to_vec();
            clean(&mut ring);
            parts.push(&ring, *outer);
        }
        let mut out = Parts::default();
        settle(&parts, 0, &mut out);
        out.iter().map(|(r, o)| (r.to_vec(), o)).collect()
    }

    #[test]
    fn repeated_straight_and_spiky_vertices_go() {
        let cleaned = |ring: &[Vertex]| {
            let mut ring = ring.to_vec();
            clean(&mut ring);
            ring
        };
        let square = [[0, 0], [9, 0], [9, 9], [0, 9]];
        assert_eq!(cleaned(&[[0, 0], [0, 0], [5, 0], [9, 0], [9, 9], [9, 12], [9, 9], [0, 9], [0, 4]]), square);
        assert_eq!(cleaned(&[[4, 0], [9, 0], [9, 9], [0, 9], [0, 0]]).len(), 4);
        assert!(cleaned(&[[0, 0], [5, 0], [9, 0], [3, 0]]).is_empty());
        assert!(cleaned(&[[0, 0], [0, 0], [0, 0]]).is_empty());
        assert!(cleaned(&[[0, 0], [9, 9]]).is_empty());
        assert!(cleaned(&[]).is_empty());
    }

    #[test]
    fn rings_turn_the_right_way() {
        let outer = [[0, 0], [0, 9], [9, 9], [9, 0]];
        let hole = [[2, 2], [5, 2], [5, 5], [2, 5]];
        let rings = settled(&[(&outer, true), (&hole, false)]);
        assert_eq!(rings.iter().map(|r| double_area(&r.0)).collect::<Vec<_>>(), [162, -18]);
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles() {
        let rings = settled(&[(&[[0, 0], [10, 10], [10, 0], [0, 10]], true)]);
        assert_eq!(rings.len(), 2);
        assert!(rings.iter().all(|(r, outer)| *outer && double_area(r) == 50));
    }

    #[test]
    fn a_hole_outside_its_ring_is_no_land() {
        let rings =
            settled(&[(&[[0, 0], [9, 0], [9, 9], [0, 9]], true), (&[[20, 20], [25, 20], [25, 25], [20, 25]], false)]);
        assert_eq!(rings.len(), 1);
        assert_eq!(double_area(&rings[0].0), 162);
    }

    #[test]
    fn polygons_that_overlap_become_one() {
        let rings =
            settled(&[(&[[0, 0], [9, 0], [9, 9], [0, 9]], true), (&[[5, 5], [15, 5], [15, 15], [5, 15]], true)]);
        assert_eq!(rings.len(), 1);
        assert_eq!(double_area(&rings[0].0), 2 * (81 + 100 - 16));
        let island = settled(&[
            (&[[0, 0], [90, 0], [90, 90], [0, 90]], true),
            (&[[10, 10], [10, 80], [80, 80], [80, 10]], false),
            (&[[20, 20], [30, 20], [30, 30], [20, 30]], true),
        ]);
        assert_eq!(island.iter().map(|r| r.1).collect::<Vec<_>>(), [true, false, true], "an island in a lake stays");
        let inner = settled(&[
            (&[[0, 0], [90, 0], [90, 90], [0, 90]], true),
            (&[[20, 20], [30, 20], [30, 30], [20, 30]], true),
        ]);
        assert_eq!(inner.len(), 1, "land within land is land once");
    }

    #[test]
    fn the_sweep_sees_what_every_pair_sees() {
        let mut ring: Vec<Vertex> = (0..40).map(|i| [i * 10, i % 2 * 3]).collect();
        ring.extend((0..40).rev().map(|i| [i * 10, 20 + i % 2 * 3]));
        let parts = |ring: &[Vertex]| {
            let mut parts = Parts::default();
            parts.push(ring, true);
            parts
        };
        assert!(sound(&parts(&ring)));
        ring[17][1] = 24;
        assert!(!sound(&parts(&ring)));
    }
}
