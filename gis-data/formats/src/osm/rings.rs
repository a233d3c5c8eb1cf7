//! Surfaces out of the unordered ways of a multipolygon relation.
//!
//! All segments of all ways go into one pile. A segment that is there twice (two holes that share a border, a way named twice) bounds nothing and
//! cancels out. Every vertex must then have an even number of segments; they are walked into rings that visit no vertex twice, so rings
//! that touch fall apart there. What lies within an even number of rings is an outer ring, within an odd number a hole:
//! roles are wrong often enough in the field that the shape is trusted instead.
//!
//! All arithmetic is exact, in OSM's units of 1e-7 degrees.

use std::collections::HashMap;

use super::element::At;

/// The most rings of one relation: containment is tested pair by pair.
const MAX_RINGS: usize = 20_000;

/// Why no surface came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A ring does not close; its end lies here.
    Open(At),
    /// No segment is left.
    Empty,
    /// More rings than are tested.
    TooMany,
}

/// A ring: first vertex equal to the last.
type Ring = Vec<At>;

/// One surface: its outer ring and its holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Surface {
    pub(super) outer: Ring,
    pub(super) holes: Vec<Ring>,
}

/// Assembles surfaces.
pub(super) fn assemble(ways: &[Vec<At>]) -> Result<Vec<Surface>, Broken> {
    let rings = rings(&segments(ways))?;
    if rings.is_empty() {
        return Err(Broken::Empty);
    }
    if rings.len() > MAX_RINGS {
        return Err(Broken::TooMany);
    }
    Ok(nest(rings))
}

/// The segments that are there an odd number of times.
fn segments(ways: &[Vec<At>]) -> Vec<(At, At)> {
    let pairs = ways.iter().flat_map(|w| w.iter().zip(w.iter().skip(1)));
    let mut all: Vec<(At, At)> = pairs.filter(|(a, b)| a != b).map(|(a, b)| (*a.min(b), *a.max(b))).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).filter(|c| c.len() % 2 == 1).filter_map(|c| c.first().copied()).collect()
}

/// Segments by their ends.
struct Graph<'s> {
    segments: &'s [(At, At)],
    /// (vertex, number of the segment), sorted.
    ends: Vec<(At, usize)>,
    used: Vec<bool>,
}

impl Graph<'_> {
    fn at(&self, vertex: At) -> &[(At, usize)] {
        let from = self.ends.partition_point(|e| e.0 < vertex);
        let to = self.ends.partition_point(|e| e.0 <= vertex);
        self.ends.get(from..to).unwrap_or_default()
    }

    fn other(&self, segment: usize, vertex: At) -> At {
        let (a, b) = self.segments.get(segment).copied().unwrap_or((vertex, vertex));
        if a == vertex { b } else { a }
    }

    /// An unused segment at `vertex`: where several go on, the next one clockwise from where we came, so that rings touch instead of crossing.
    fn next(&self, vertex: At, came_from: Option<At>) -> Option<usize> {
        let free = self.at(vertex).iter().map(|(_, s)| *s).filter(|s| !self.used.get(*s).copied().unwrap_or(true));
        let Some(back) = came_from else { return free.min() };
        let towards = |to: At| {
            let [dx, dy] = [0, 1].map(|i| f64::from(to[i]) - f64::from(vertex[i]));
            dy.atan2(dx)
        };
        let from = towards(back);
        free.min_by(|a, b| {
            let turn = |s: usize| (from - towards(self.other(s, vertex))).rem_euclid(std::f64::consts::TAU);
            turn(*a).total_cmp(&turn(*b))
        })
    }
}

fn rings(segments: &[(At, At)]) -> Result<Vec<Ring>, Broken> {
    let mut ends: Vec<(At, usize)> = segments.iter().enumerate().flat_map(|(i, (a, b))| [(*a, i), (*b, i)]).collect();
    ends.sort_unstable();
    if let Some(odd) = ends.chunk_by(|a, b| a.0 == b.0).find(|c| c.len() % 2 == 1).and_then(<[_]>::first) {
        return Err(Broken::Open(odd.0));
    }
    let mut graph = Graph { segments, ends, used: vec![false; segments.len()] };
    let mut rings = Vec::new();
    for (first, (start, _)) in segments.iter().enumerate() {
        if graph.used.get(first).copied().unwrap_or(true) {
            continue;
        }
        let mut path = vec![*start];
        let mut place: HashMap<At, usize> = HashMap::from([(*start, 0)]);
        let mut step = Some(first);
        while let (Some(segment), Some(here)) = (step, path.last().copied()) {
            if let Some(used) = graph.used.get_mut(segment) {
                *used = true;
            }
            let there = graph.other(segment, here);
            let mut came_from = here;
            if let Some(&i) = place.get(&there) {
                // The walk has closed a ring: take it off the path and go on from where it touches.
                let mut ring = path.split_off(i);
                for vertex in &ring {
                    place.remove(vertex);
                }
                ring.push(there);
                rings.push(ring);
                came_from = path.last().copied().unwrap_or(here);
            }
            place.insert(there, path.len());
            path.push(there);
            step = graph.next(there, (path.len() > 1).then_some(came_from));
        }
    }
    Ok(rings)
}

/// Twice the area of a ring.
fn area2(ring: &Ring) -> i128 {
    let cross = |a: &At, b: &At| i128::from(a[0]) * i128::from(b[1]) - i128::from(b[0]) * i128::from(a[1]);
    ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| cross(a, b)).sum::<i128>().abs()
}

/// The box around a ring: west, south, east, north.
fn bounds(ring: &Ring) -> [i32; 4] {
    ring.iter().fold([i32::MAX, i32::MAX, i32::MIN, i32::MIN], |b, p| {
        [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]
    })
}

fn nest(mut rings: Vec<Ring>) -> Vec<Surface> {
    rings.sort_by_cached_key(|r| std::cmp::Reverse(area2(r)));
    let boxes: Vec<[i32; 4]> = rings.iter().map(bounds).collect();
    // For each ring: how many hold it, and the smallest of them. A larger ring comes first.
    let mut surfaces: Vec<Surface> = Vec::new();
    let mut role: Vec<(usize, Option<usize>)> = Vec::new();
    for (i, ring) in rings.iter().enumerate() {
        let (mut depth, mut parent) = (0, None);
        for (j, (outer, b)) in rings.iter().zip(&boxes).enumerate().take(i) {
            let own = boxes.get(i).copied().unwrap_or_default();
            let within = b[0] <= own[0] && b[1] <= own[1] && b[2] >= own[2] && b[3] >= own[3];
            if within && holds(outer, ring) {
                depth += 1;
                parent = Some(j);
            }
        }
        if depth % 2 == 0 {
            role.push((depth, Some(surfaces.len())));
            surfaces.push(Surface { outer: ring.clone(), holes: Vec::new() });
        } else {
            let owner = parent.and_then(|p| role.get(p)).and_then(|(_, s)| *s);
            if let Some(surface) = owner.and_then(|s| surfaces.get_mut(s)) {
                surface.holes.push(ring.clone());
            }
            role.push((depth, None));
        }
    }
    surfaces
}

/// Whether `inner` lies within `outer`, given that they do not cross: told by the first of its points that is not on the border.
fn holds(outer: &Ring, inner: &Ring) -> bool {
    // Doubled, so that the middles of edges are whole numbers too.
    let double = |p: &At| [i64::from(p[0]) * 2, i64::from(p[1]) * 2];
    let vertices = inner.iter().map(double);
    let middles = inner
        .iter()
        .zip(inner.iter().skip(1))
        .map(|(a, b)| [i64::from(a[0]) + i64::from(b[0]), i64::from(a[1]) + i64::from(b[1])]);
    vertices.chain(middles).find_map(|p| side(outer, p)).unwrap_or(false)
}

/// Whether a doubled point lies within the ring; `None` on its border.
fn side(ring: &Ring, p: [i64; 2]) -> Option<bool> {
    let mut within = false;
    for (a, b) in ring.iter().zip(ring.iter().skip(1)) {
        let [ax, ay, bx, by] = [a[0], a[1], b[0], b[1]].map(|n| i128::from(n) * 2);
        let [px, py] = p.map(i128::from);
        let cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
        let between = px >= ax.min(bx) && px <= ax.max(bx) && py >= ay.min(by) && py <= ay.max(by);
        if cross == 0 && between {
            return None;
        }
        if (ay > py) != (by > py) {
            within ^= (cross > 0) == (by > ay);
        }
    }
    Some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: i32, y: i32, size: i32) -> Vec<At> {
        vec![[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    }

    fn shape(ways: &[Vec<At>]) -> Vec<(i128, Vec<i128>)> {
        let mut all: Vec<_> = assemble(ways)
            .unwrap()
            .iter()
            .map(|s| (area2(&s.outer) / 2, s.holes.iter().map(|h| area2(h) / 2).collect::<Vec<_>>()))
            .collect();
        all.sort();
        all
    }

    #[test]
    fn unordered_pieces_become_a_ring() {
        let ways = [vec![[0, 0], [10, 0]], vec![[10, 10], [0, 10], [0, 0]], vec![[10, 10], [10, 0]]];
        assert_eq!(shape(&ways), [(100, vec![])]);
        assert_eq!(assemble(ways.get(..2).unwrap()), Err(Broken::Open([10, 0])));
    }

    #[test]
    fn islands_in_lakes_in_islands() {
        let ways = [square(0, 0, 100), square(10, 10, 50), square(20, 20, 10), square(200, 0, 10)];
        assert_eq!(shape(&ways), [(100, vec![]), (100, vec![]), (10_000, vec![2500])]);
    }

    #[test]
    fn holes_that_share_a_border_are_one() {
        let ways = [square(0, 0, 100), square(10, 10, 10), square(20, 10, 10)];
        assert_eq!(shape(&ways), [(10_000, vec![200])]);
    }

    #[test]
    fn rings_that_touch_fall_apart() {
        let ways = [square(0, 0, 10), square(10, 10, 10)];
        assert_eq!(shape(&ways), [(100, vec![]), (100, vec![])]);
        // A hole that touches its outer ring in one vertex.
        let ways =
            [vec![[0, 0], [50, 0], [100, 0], [100, 100], [0, 100], [0, 0]], vec![[50, 0], [60, 20], [40, 20], [50, 0]]];
        assert_eq!(shape(&ways), [(10_000, vec![200])]);
    }

    #[test]
    fn a_way_named_twice_cancels_out() {
        assert_eq!(assemble(&[square(0, 0, 10), square(0, 0, 10)]), Err(Broken::Empty));
    }
}
