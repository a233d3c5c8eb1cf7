//! Where labels stand and what they follow.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tiler::EXTENT;

use super::ring::{Surface, double_area, sides};

/// A place on the tile, finer than its grid.
pub(super) type Spot = [f32; 2];

/// The middle of a course by its length.
pub(super) fn middle(course: &[Spot]) -> Option<Spot> {
    let mut left = length(course) / 2.0;
    for w in course.windows(2) {
        let step = between(w[0], w[1]);
        if step >= left && step > 0.0 {
            return Some(part(w[0], w[1], left / step));
        }
        left -= step;
    }
    course.last().copied()
}

/// How long a course is.
pub(super) fn length(course: &[Spot]) -> f32 {
    course.windows(2).map(|w| between(w[0], w[1])).sum()
}

fn between(a: Spot, b: Spot) -> f32 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

fn part(a: Spot, b: Spot, t: f32) -> Spot {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// The parts of a course that lie in the tile's own square: its neighbours have the rest.
pub(super) fn own_parts(course: &[Spot]) -> Vec<Vec<Spot>> {
    let mut parts: Vec<Vec<Spot>> = Vec::new();
    for w in course.windows(2) {
        let Some([from, to]) = inside(w[0], w[1]) else { continue };
        let (a, b) = (part(w[0], w[1], from), part(w[0], w[1], to));
        match parts.last_mut() {
            Some(last) if from == 0.0 && last.last() == Some(&a) => last.push(b),
            _ if a != b => parts.push(vec![a, b]),
            _ => {}
        }
    }
    parts
}

/// From which to which share of its way a segment lies in the square.
fn inside(a: Spot, b: Spot) -> Option<[f32; 2]> {
    let side = EXTENT as f32;
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for axis in 0..2 {
        let step = b[axis] - a[axis];
        if step == 0.0 {
            if !(0.0..=side).contains(&a[axis]) {
                return None;
            }
            continue;
        }
        let [enter, leave] = [-a[axis] / step, (side - a[axis]) / step];
        from = from.max(enter.min(leave));
        to = to.min(enter.max(leave));
    }
    (from <= to).then_some([from, to])
}

/// Joins courses that begin where others end, so that a name can run along a road that is told in pieces. Courses that run against each
/// other are not joined.
pub(super) fn joined(courses: Vec<Vec<Spot>>) -> Vec<Vec<Spot>> {
    let key = |spot: &Spot| spot.map(f32::to_bits);
    let mut out: Vec<Vec<Spot>> = Vec::with_capacity(courses.len());
    let mut ends = std::collections::HashMap::new();
    let mut starts = std::collections::HashMap::new();
    for mut course in courses {
        let (Some(first), Some(last)) = (course.first().map(key), course.last().map(key)) else { continue };
        // A ring is whole already.
        if first == last {
            out.push(course);
            continue;
        }
        let before: Option<usize> = ends.remove(&first);
        let after: Option<usize> = starts.remove(&last);
        let at = match (before, after) {
            (Some(before), Some(after)) if before != after => {
                let mut rest = std::mem::take(&mut out[after]);
                let end = rest.last().map(key);
                out[before].extend(course.drain(1..));
                out[before].extend(rest.drain(1..));
                if let Some(end) = end {
                    ends.insert(end, before);
                }
                continue;
            }
            (Some(before), Some(_)) => {
                // It closes the course upon itself.
                out[before].extend(course.drain(1..));
                continue;
            }
            (Some(before), None) => {
                out[before].extend(course.drain(1..));
                ends.insert(last, before);
                continue;
            }
            (None, Some(after)) => {
                course.extend(out[after].drain(1..));
                out[after] = course;
                after
            }
            (None, None) => {
                out.push(course);
                ends.insert(last, out.len() - 1);
                out.len() - 1
            }
        };
        starts.insert(first, at);
    }
    out.retain(|course| course.len() > 1);
    out
}

/// Finer than this, in tile units, no label is put.
const PRECISION: f32 = 16.0;
/// A surface so wild that it takes more steps gets its label where the search stands.
const MAX_STEPS: usize = 500;

/// A square that may hold the place sought.
struct Cell {
    middle: Spot,
    half: f32,
    /// From the middle to the outline; negative outside.
    distance: f32,
}

impl Cell {
    fn new(surface: &Surface, middle: Spot, half: f32) -> Self {
        Self { middle, half, distance: distance(surface, middle) }
    }

    /// The most that a place in the square may have.
    fn most(&self) -> f32 {
        self.distance + self.half * std::f32::consts::SQRT_2
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most().total_cmp(&other.most())
    }
}

/// A place in a surface that is far from its outline: the pole of inaccessibility, within 16 units.
pub(super) fn pole(surface: &Surface) -> Option<Spot> {
    let outer = surface.rings().next()?;
    let [mut low, mut high] = [[f32::INFINITY; 2], [f32::NEG_INFINITY; 2]];
    for point in outer {
        for axis in 0..2 {
            low[axis] = low[axis].min(f32::from(point[axis]));
            high[axis] = high[axis].max(f32::from(point[axis]));
        }
    }
    let size = [high[0] - low[0], high[1] - low[1]];
    let half = (size[0].min(size[1]) / 2.0).max(PRECISION / 2.0);
    let mut best = Cell::new(surface, part(low, high, 0.5), 0.0);
    let centre = Cell::new(surface, centroid(surface).unwrap_or(best.middle), 0.0);
    if centre.distance > best.distance {
        best = centre;
    }
    // A long surface is covered by squares as wide as it is; a very long one by fewer, larger ones.
    let half = half.max(size[0].max(size[1]) / 64.0);
    let mut waiting = BinaryHeap::new();
    let mut y = low[1];
    while y < high[1] {
        let mut x = low[0];
        while x < high[0] {
            waiting.push(Cell::new(surface, [x + half, y + half], half));
            x += half * 2.0;
        }
        y += half * 2.0;
    }
    // Long outlines make each step dear.
    let steps = MAX_STEPS.min(1 + 2_000_000 / surface.points.len().max(1));
    for _ in 0..steps {
        let Some(cell) = waiting.pop() else { break };
        if cell.most() - best.distance.max(0.0) <= PRECISION && best.distance > 0.0 {
            break;
        }
        let half = cell.half / 2.0;
        for [x, y] in [[-half, -half], [half, -half], [-half, half], [half, half]] {
            waiting.push(Cell::new(surface, [cell.middle[0] + x, cell.middle[1] + y], half));
        }
        if cell.distance > best.distance {
            best = Cell { half: 0.0, ..cell };
        }
    }
    Some(best.middle)
}

/// The centre of gravity of the outer ring.
fn centroid(surface: &Surface) -> Option<Spot> {
    let outer = surface.rings().next()?;
    let area = double_area(outer) as f64;
    let mut sum = [0.0, 0.0];
    for (a, b) in sides(outer) {
        let [a, b] = [a, b].map(|p| p.map(f64::from));
        let cross = a[0] * b[1] - b[0] * a[1];
        sum = [sum[0] + (a[0] + b[0]) * cross, sum[1] + (a[1] + b[1]) * cross];
    }
    (area != 0.0).then(|| sum.map(|s| (s / (3.0 * area)) as f32))
}

/// How far a place is from the outline; negative outside of the surface.
fn distance(surface: &Surface, [x, y]: Spot) -> f32 {
    let (mut is_inside, mut least) = (false, f32::INFINITY);
    for (a, b) in surface.rings().flat_map(sides) {
        let [a, b] = [a, b].map(|p| p.map(f32::from));
        if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
            is_inside = !is_inside;
        }
        let step = [b[0] - a[0], b[1] - a[1]];
        let way = ((x - a[0]) * step[0] + (y - a[1]) * step[1]) / (step[0] * step[0] + step[1] * step[1]);
        let near = part(a, b, way.clamp(0.0, 1.0));
        least = least.min((x - near[0]).powi(2) + (y - near[1]).powi(2));
    }
    if is_inside { least.sqrt() } else { -least.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::super::ring::Grid;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_middle_is_half_of_the_way() {
        assert_eq!(middle(&[[0.0, 0.0], [10.0, 0.0], [10.0, 30.0]]), Some([10.0, 10.0]));
        assert_eq!(middle(&[[3.0, 4.0], [3.0, 4.0]]), Some([3.0, 4.0]));
        assert_eq!(middle(&[]), None);
    }

    #[test]
    fn a_course_is_cut_to_the_tile() {
        let parts = own_parts(&[[-100.0, 50.0], [100.0, 50.0], [100.0, -50.0], [200.0, -50.0], [200.0, 50.0]]);
        assert_eq!(parts, [vec![[0.0, 50.0], [100.0, 50.0], [100.0, 0.0]], vec![[200.0, 0.0], [200.0, 50.0]]]);
        assert!(own_parts(&[[-9.0, -9.0], [-9.0, 9000.0]]).is_empty());
    }

    #[test]
    fn pieces_are_joined_in_any_order() {
        let spot = |x: f32| [x, 0.0];
        let piece = |a: f32, b: f32| vec![spot(a), spot(b)];
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let pieces = [piece(0.0, 1.0), piece(1.0, 2.0), piece(2.0, 3.0)];
        for order in orders {
            let joined = joined(order.map(|i| pieces[i].clone()).to_vec());
            assert_eq!(joined, [[0.0, 1.0, 2.0, 3.0].map(spot).to_vec()], "{order:?}");
        }
        let apart = joined(vec![piece(0.0, 1.0), piece(5.0, 1.0)]);
        assert_eq!(apart.len(), 2, "they run against each other");
        let ring = joined(vec![piece(0.0, 1.0), piece(1.0, 2.0), piece(2.0, 0.0)]);
        assert_eq!(ring, [[0.0, 1.0, 2.0, 0.0].map(spot).to_vec()]);
    }

    fn label(rings: &[Vec<[i32; 2]>]) -> Option<Spot> {
        let mut surface = Surface::default();
        surface.read(Grid::new(EXTENT), rings).then(|| pole(&surface)).flatten()
    }

    #[test]
    fn a_label_stands_well_inside() {
        assert_eq!(label(&[vec![[0, 0], [100, 0], [100, 100], [0, 100]]]), Some([50.0, 50.0]));
        // A hook, whose centre of gravity lies outside of it.
        let hook = vec![[0, 0], [1000, 0], [1000, 200], [200, 200], [200, 1000], [0, 1000]];
        let [x, y] = label(&[hook]).unwrap();
        assert!(x < 200.0 || y < 200.0);
        let ring = [vec![[0, 0], [900, 0], [900, 900], [0, 900]], vec![[100, 100], [100, 800], [800, 800], [800, 100]]];
        let [x, y] = label(&ring).unwrap();
        assert!(!((100.0..800.0).contains(&x) && (100.0..800.0).contains(&y)), "not in the court");
    }

    proptest! {
        #[test]
        fn a_label_is_found_in_any_triangle(corners in prop::array::uniform3([0..4096_i32, 0..4096_i32])) {
            let doubled = (corners[1][0] - corners[0][0]) * (corners[2][1] - corners[0][1])
                - (corners[2][0] - corners[0][0]) * (corners[1][1] - corners[0][1]);
            prop_assume!(doubled.abs() > 8);
            let mut surface = Surface::default();
            surface.read(Grid::new(EXTENT), &[corners.to_vec()]);
            let spot = pole(&surface).unwrap();
            prop_assert!(distance(&surface, spot) > -0.01, "{spot:?}");
        }

        #[test]
        fn joining_loses_no_way(courses in prop::collection::vec(prop::collection::vec([0..4_u8, 0..4_u8], 2..5), 0..12)) {
            let mut courses: Vec<Vec<Spot>> =
                courses.into_iter().map(|c| c.into_iter().map(|p| p.map(f32::from)).collect()).collect();
            for course in &mut courses {
                course.dedup();
            }
            courses.retain(|c| c.len() > 1);
            let way: f32 = courses.iter().map(|c| length(c)).sum();
            let joined = joined(courses);
            prop_assert!((joined.iter().map(|c| length(c)).sum::<f32>() - way).abs() < 0.01);
        }
    }
}
