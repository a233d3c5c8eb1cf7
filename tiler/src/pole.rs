//! Where a surface's name is written.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A place.
type Spot = [f32; 2];

/// A surface so wild that it takes more steps gets the place where the search stands.
const MAX_STEPS: usize = 500;
/// Distances to so many sides are measured for one surface at most: long outlines make each step dear.
const MAX_SIDES: usize = 2_000_000;

/// A square that may hold the place sought.
struct Cell {
    middle: Spot,
    half: f32,
    /// From the middle to the outline; negative outside.
    distance: f32,
}

impl Cell {
    fn new<R: AsRef<[Spot]>>(rings: &[R], middle: Spot, half: f32) -> Self {
        Self { middle, half, distance: distance(rings, middle) }
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

/// The place in a surface that is farthest from its outline, the pole of inaccessibility, within `precision`. The first ring is the
/// outer one, in whatever unit; that its first place comes again at its end makes no difference. `None` without a ring.
///
/// Squares that cover the surface are searched, the most promising first, and quartered, as in Agafonkin's polylabel.
pub fn pole<R: AsRef<[Spot]>>(rings: &[R], precision: f32) -> Option<Spot> {
    let outer = rings.first()?.as_ref();
    let [mut low, mut high] = [[f32::INFINITY; 2], [f32::NEG_INFINITY; 2]];
    for point in outer {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    let size = [high[0] - low[0], high[1] - low[1]];
    if !(size[0].is_finite() && size[1].is_finite() && precision > 0.0) {
        return None;
    }
    let half = (size[0].min(size[1]) / 2.0).max(precision / 2.0);
    let mut best = Cell::new(rings, between(low, high, 0.5), 0.0);
    let centre = Cell::new(rings, centroid(outer).unwrap_or(best.middle), 0.0);
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
            waiting.push(Cell::new(rings, [x + half, y + half], half));
            x += half * 2.0;
        }
        y += half * 2.0;
    }
    let sides: usize = rings.iter().map(|ring| ring.as_ref().len()).sum();
    let steps = MAX_STEPS.min(1 + MAX_SIDES / sides.max(1));
    for _ in 0..steps {
        let Some(cell) = waiting.pop() else { break };
        if cell.most() - best.distance.max(0.0) <= precision && best.distance > 0.0 {
            break;
        }
        let half = cell.half / 2.0;
        for [x, y] in [[-half, -half], [half, -half], [-half, half], [half, half]] {
            waiting.push(Cell::new(rings, [cell.middle[0] + x, cell.middle[1] + y], half));
        }
        if cell.distance > best.distance {
            best = Cell { half: 0.0, ..cell };
        }
    }
    Some(best.middle)
}

fn between(a: Spot, b: Spot, t: f32) -> Spot {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// The sides of a ring, the one that closes it last; one between equal places is none.
fn sides(ring: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> + '_ {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter().zip(next).map(|(a, b)| (*a, *b)).filter(|(a, b)| a != b)
}

/// The centre of gravity of a ring.
fn centroid(ring: &[Spot]) -> Option<Spot> {
    let (mut doubled, mut sum) = (0.0, [0.0, 0.0]);
    for (a, b) in sides(ring) {
        let [a, b] = [a, b].map(|p| p.map(f64::from));
        let cross = a[0] * b[1] - b[0] * a[1];
        doubled += cross;
        sum = [sum[0] + (a[0] + b[0]) * cross, sum[1] + (a[1] + b[1]) * cross];
    }
    (doubled != 0.0).then(|| sum.map(|s| (s / (3.0 * doubled)) as f32))
}

/// How far a place is from the outline; negative outside of the surface.
fn distance<R: AsRef<[Spot]>>(rings: &[R], [x, y]: Spot) -> f32 {
    let (mut is_inside, mut least) = (false, f32::INFINITY);
    for (a, b) in rings.iter().flat_map(|ring| sides(ring.as_ref())) {
        if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
            is_inside = !is_inside;
        }
        let step = [b[0] - a[0], b[1] - a[1]];
        let way = ((x - a[0]) * step[0] + (y - a[1]) * step[1]) / (step[0] * step[0] + step[1] * step[1]);
        let near = between(a, b, way.clamp(0.0, 1.0));
        least = least.min((x - near[0]).powi(2) + (y - near[1]).powi(2));
    }
    if is_inside { least.sqrt() } else { -least.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_lies_well_inside() {
        assert_eq!(pole(&[[[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]], 1.0), Some([50.0, 50.0]));
        // A hook, whose centre of gravity lies outside of it.
        let hook = [[0.0, 0.0], [1000.0, 0.0], [1000.0, 200.0], [200.0, 200.0], [200.0, 1000.0], [0.0, 1000.0]];
        let [x, y] = pole(&[hook], 16.0).unwrap();
        assert!(x < 200.0 || y < 200.0);
        let court = [
            [[0.0, 0.0], [900.0, 0.0], [900.0, 900.0], [0.0, 900.0]],
            [[100.0, 100.0], [100.0, 800.0], [800.0, 800.0], [800.0, 100.0]],
        ];
        let [x, y] = pole(&court, 16.0).unwrap();
        assert!(!((100.0..800.0).contains(&x) && (100.0..800.0).contains(&y)), "not in the court");
        assert_eq!(pole(&[[[f32::NAN; 2]; 3]], 1.0), None);
        assert_eq!(pole::<[Spot; 3]>(&[], 1.0), None);
    }

    proptest! {
        #[test]
        fn it_is_found_in_any_triangle(corners in prop::array::uniform3([0..4096_i16, 0..4096_i16])) {
            let ring = corners.map(|corner| corner.map(f32::from));
            let doubled = (ring[1][0] - ring[0][0]) * (ring[2][1] - ring[0][1]) - (ring[2][0] - ring[0][0]) * (ring[1][1] - ring[0][1]);
            prop_assume!(doubled.abs() > 8.0);
            let spot = pole(&[ring], 16.0).unwrap();
            prop_assert!(distance(&[ring], spot) > -0.01, "{spot:?}");
        }
    }
}
