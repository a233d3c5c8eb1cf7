//! Where labels stand and what they follow.

use tiler::EXTENT;

use super::ring::Surface;

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

/// A place in a surface that is far from its outline.
pub(super) fn pole(surface: &Surface) -> Option<Spot> {
    let rings: Vec<Vec<Spot>> = surface.rings().map(|ring| ring.iter().map(|at| at.map(f32::from)).collect()).collect();
    tiler::pole(&rings, PRECISION)
}

#[cfg(test)]
mod tests {
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

    proptest! {
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
