//! Rings that touch or cross, taken apart and put together again on the same whole-number grid.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use super::commands::{Parts, Vertex};
use super::rings::clean;

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
    let mut out = Parts::default();
    let mut ring: Vec<Vertex> = Vec::new();
    for shape in &shapes {
        let before = out.len();
        for (i, contour) in shape.iter().enumerate() {
            ring.clear();
            ring.extend(contour.iter().map(|p| [p.x, p.y]));
            clean(&mut ring);
            if ring.is_empty() && i == 0 {
                break;
            }
            if !ring.is_empty() {
                out.push(&ring, out.len() == before);
            }
        }
    }
    out
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
    make(subject, clip, IntOverlayOptions::ogc(), i_overlay::core::solver::Solver::default()).overlay(rule, fill)
}
