//! Rings that touch or cross, taken apart and put together again on the same whole-number grid.

use std::collections::{BTreeMap, HashMap};

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use super::commands::{Parts, Vertex};
use super::rings::{clean, double_area, holds, on};

type Contour = Vec<IntPoint>;
type Shape = Vec<Contour>;

/// Valid rings that cover what the given ones cover. Of an outer ring that crosses itself the odd parts count (a bow tie is two
/// triangles, and a bridge along the tile's edge is nothing); holes are taken out of their own polygon; polygons are joined.
pub(super) fn repaired(rings: &Parts) -> Parts {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut outer: Option<Contour> = None;
    let mut holes: Vec<Contour> = Vec::new();
    let mut polygons = 0;
    for (ring, begins) in rings.iter() {
        let contour = ring.iter().map(|v| IntPoint::new(v[0], v[1])).collect();
        if !begins {
            holes.push(contour);
            continue;
        }
        shapes.extend(polygon(outer.replace(contour), std::mem::take(&mut holes)));
        polygons += 1;
    }
    shapes.extend(polygon(outer, holes));
    if polygons > 1 {
        shapes = overlay(&Overlay::with_shapes_options, &shapes, &[], OverlayRule::Subject, FillRule::NonZero);
    }
    bind(shapes)
}

/// Outer rings, each followed by its holes. The overlay's rings do not cross, but may touch themselves and each other, and then it
/// may give a hole to an island beside it. So they are taken apart where they touch themselves, and what a ring is follows from the
/// rings around it: with an even number it is an outer one, with an odd number a hole of the smallest of them.
fn bind(shapes: Vec<Shape>) -> Parts {
    let mut rings: Vec<(i64, Vec<Vertex>)> = Vec::new();
    for contour in shapes.into_iter().flatten() {
        loops(contour.iter().map(|p| [p.x, p.y]), |mut ring| {
            clean(&mut ring);
            rings.push((double_area(&ring).abs(), ring));
        });
    }
    rings.retain(|(area, _)| *area > 0);
    // The smallest first; equal ones by their vertices, so that the order of the overlay does not matter.
    rings.sort_unstable();
    let mut outers = Vec::new();
    let mut holes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, (_, ring)) in rings.iter().enumerate() {
        // Only larger rings can lie around it, and the first of them is the smallest.
        let mut around = (i + 1..rings.len()).filter(|j| rings.get(*j).is_some_and(|(_, o)| lies_in(ring, o)));
        match (around.next(), around.count()) {
            (Some(parent), others) if others % 2 == 0 => holes.entry(parent).or_default().push(i),
            _ => outers.push(i),
        }
    }
    let mut out = Parts::default();
    let mut push = |i: &usize, outer| {
        if let Some((_, ring)) = rings.get(*i) {
            out.push(ring, outer);
        }
    };
    for outer in &outers {
        push(outer, true);
        holes.get(outer).into_iter().flatten().for_each(|hole| push(hole, false));
    }
    out
}

/// Calls `each` with rings that have no vertex twice.
fn loops(ring: impl Iterator<Item = Vertex>, mut each: impl FnMut(Vec<Vertex>)) {
    let mut path: Vec<Vertex> = Vec::new();
    let mut at: HashMap<Vertex, usize> = HashMap::new();
    for vertex in ring {
        if let Some(first) = at.get(&vertex).copied() {
            let back = path.split_off(first);
            for passed in &back {
                at.remove(passed);
            }
            each(back);
        }
        at.insert(vertex, path.len());
        path.push(vertex);
    }
    each(path);
}

/// Whether a ring lies in another that it touches, if at all, only in points: some corner or some middle of an edge is not on it.
fn lies_in(ring: &[Vertex], outer: &[Vertex]) -> bool {
    let twice = |v: Vertex| v.map(|c| c * 2);
    let outer: Vec<Vertex> = outer.iter().map(|v| twice(*v)).collect();
    let Some(mut from) = ring.last().copied() else { return false };
    for &to in ring {
        let middle = [from[0] + to[0], from[1] + to[1]];
        for probe in [middle, twice(to)] {
            if !on(&outer, probe) {
                return holds(&outer, probe);
            }
        }
        from = to;
    }
    false
}

fn polygon(outer: Option<Contour>, holes: Vec<Contour>) -> Vec<Shape> {
    let Some(outer) = outer else { return Vec::new() };
    let make = &Overlay::with_contours_custom;
    let outer = overlay(make, &[outer], &[], OverlayRule::Subject, FillRule::EvenOdd);
    if holes.is_empty() {
        return outer;
    }
    let holes = holes
        .into_iter()
        .flat_map(|h| overlay(make, &[h], &[], OverlayRule::Subject, FillRule::EvenOdd))
        .collect::<Vec<_>>();
    overlay(&Overlay::with_shapes_options, &outer, &holes, OverlayRule::Difference, FillRule::NonZero)
}

fn overlay<T>(
    make: &impl Fn(&[T], &[T], IntOverlayOptions, i_overlay::core::solver::Solver) -> Overlay,
    subject: &[T],
    clip: &[T],
    rule: OverlayRule,
    fill: FillRule,
) -> Vec<Shape> {
    // Points on straight stretches are kept: there another part of the ring may touch.
    make(subject, clip, IntOverlayOptions::keep_output_points(), i_overlay::core::solver::Solver::default())
        .overlay(rule, fill)
}

#[cfg(test)]
mod tests {
    use geo::Validation;
    use geo_types::{Coord, LineString, MultiPolygon, Polygon};

    use super::*;

    /// The polygons of the repaired rings, as an independent judge takes them.
    fn valid(rings: &[(&[Vertex], bool)]) -> MultiPolygon<f64> {
        let mut parts = Parts::default();
        for (ring, outer) in rings {
            parts.push(ring, *outer);
        }
        let mut polygons: Vec<Vec<LineString<f64>>> = Vec::new();
        for (ring, outer) in repaired(&parts).iter() {
            let place = |v: &Vertex| Coord { x: f64::from(v[0]), y: f64::from(v[1]) };
            let line = LineString(ring.iter().chain(ring.first()).map(place).collect());
            if outer {
                polygons.push(Vec::new());
            }
            polygons.last_mut().unwrap().push(line);
        }
        let shape = MultiPolygon(polygons.into_iter().map(|mut p| Polygon::new(p.remove(0), p)).collect());
        shape.check_validation().unwrap();
        shape
    }

    #[test]
    fn a_hole_that_touches_itself_is_two_holes() {
        let outer = [[40, 0], [-120, 120], [-80, 0], [160, 320], [-80, -40], [-120, 120], [200, 0]];
        let hole = [[-80, -80], [40, 240], [0, 0]];
        assert!(valid(&[(&outer, true), (&hole, false)]).0.len() > 1);
        let square = [[0, 0], [90, 0], [90, 90], [0, 90]];
        let hourglass = [[10, 10], [45, 45], [80, 10], [80, 80], [45, 45], [10, 80]];
        let shape = valid(&[(&square, true), (&hourglass, false)]);
        assert_eq!(shape.0.iter().map(|p| p.interiors().len()).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn an_island_that_touches_the_shore_does_not_take_its_holes() {
        let land: [Vertex; 4] = [[0, 0], [240, 0], [440, 120], [280, 400]];
        let lake = [[160, 240], [0, 0], [120, 40], [320, 200], [-80, 0], [320, 320], [120, 360], [440, 0]];
        let other = [[240, 360], [360, 0], [320, 240], [0, 0]];
        assert!(!valid(&[(&land, true), (&lake, false), (&other, true)]).0.is_empty());
    }

    #[test]
    fn a_bay_closed_in_one_point_is_a_hole_there() {
        // The ring comes back to its own corner 0/50.
        let ring = [[0, 0], [100, 0], [100, 100], [0, 100], [0, 50], [50, 70], [50, 30], [0, 50]];
        let shape = valid(&[(&ring, true)]);
        assert_eq!(shape.0.iter().map(|p| p.interiors().len()).collect::<Vec<_>>(), [1]);
    }
}
