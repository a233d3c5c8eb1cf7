//! Surfaces on the ground.

use earcut::int::EarcutI32;
use styles::expression::Value;
use tiler::decode::Shape as Tile;

use super::job::{Job, MAX_VERTICES};
use super::line::ribbon::{Stroke, around};
use super::property::{Property, Tint, rgba};
use super::ring::{Grid, Point, Surface};
use crate::mesh::{FillVertex, LineVertex, Pick, Shape, Triangles};

/// Cuts surfaces into triangles, with room that is used again and again.
#[derive(Default)]
pub(super) struct Cutter {
    earcut: EarcutI32,
    wide: Vec<[i32; 2]>,
    triangles: Vec<u32>,
}

impl Cutter {
    /// Triples of indices into the surface's corners, each triangle turning from east to south.
    pub(super) fn cut(&mut self, surface: &Surface) -> &[u32] {
        self.wide.clear();
        self.wide.extend(surface.points.iter().map(|p| p.map(i32::from)));
        self.earcut.earcut_slice(&self.wide, &surface.holes, &mut self.triangles);
        for triangle in self.triangles.as_chunks_mut::<3>().0 {
            let [a, b, c] = triangle.map(|i| surface.points.get(i as usize).map_or([0, 0], |p| p.map(i64::from)));
            if (b[0] - a[0]) * (c[1] - a[1]) < (b[1] - a[1]) * (c[0] - a[0]) {
                triangle.swap(1, 2);
            }
        }
        &self.triangles
    }
}

/// The surfaces of a layer, and their outlines if the sheet gives them a colour.
///
/// A layer with outlines has its colours in the vertices, since its paint can have but one.
pub(super) fn build(job: &mut Job<'_>) -> [Option<Shape>; 2] {
    let ctx = job.context();
    let tint = Tint::new(job.layer, "fill-color", "fill-opacity", &ctx);
    let edge = Property::new(job.layer.paint("fill-outline-color"), &ctx);
    let has_edge = is_outlined(job.layer);
    let mut fills = Triangles::default();
    let mut edges = Triangles::default();
    let mut surface = Surface::default();
    let grid = Grid::new(job.tile.decoded.extent);
    job.each("fill-sort-key", |feature, ctx, pick, cutter| {
        let Tile::Polygons(polygons) = &feature.decoded.shape else { return };
        let color = if has_edge { tint.of_any(ctx) } else { tint.of(ctx) };
        for polygon in polygons {
            if fills.vertices.len() >= MAX_VERTICES || !surface.read(grid, polygon) {
                continue;
            }
            push(&mut fills, &surface.points, cutter.cut(&surface), color, pick);
            if has_edge {
                outlines(&surface, &edge.value(ctx), tint.differing_opacity(ctx), pick, &mut edges);
            }
        }
    });
    let some = |is_empty: bool, shape| (!is_empty).then_some(shape);
    [some(fills.indices.is_empty(), Shape::Fill(fills)), some(edges.indices.is_empty(), Shape::Line(edges))]
}

/// Whether the sheet gives the layer's surfaces an outline of their own.
pub(super) fn is_outlined(layer: &styles::StyleLayer) -> bool {
    layer.paint("fill-outline-color").constant() != Some(&Value::Null)
}

fn push(fills: &mut Triangles<FillVertex>, points: &[Point], triangles: &[u32], color: [u8; 4], pick: Pick) {
    let first = fills.vertices.len() as u32;
    fills.vertices.extend(points.iter().map(|at| FillVertex { at: *at, color, pick }));
    fills.indices.extend(triangles.iter().map(|i| first + i));
}

fn outlines(surface: &Surface, color: &Value, opacity: f32, pick: Pick, edges: &mut Triangles<LineVertex>) {
    // No colour for this one feature: no outline.
    let Some(color) = color.as_color() else { return };
    let stroke = Stroke { is_thin: true, color: rgba(color, opacity), pick, ..Stroke::default() };
    for ring in surface.rings() {
        around(ring, &stroke, edges);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ring::double_area;
    use super::*;
    use proptest::prelude::*;

    fn cut(rings: &[Vec<[i32; 2]>]) -> Option<(i64, i64)> {
        let (mut surface, mut cutter) = (Surface::default(), Cutter::default());
        surface.read(Grid::new(4096), rings).then(|| {
            let whole = surface.rings().map(double_area).sum();
            let corner = |i: &u32| surface.points[*i as usize];
            let parts =
                cutter.cut(&surface).chunks(3).map(|t| double_area(&[corner(&t[0]), corner(&t[1]), corner(&t[2])]));
            (whole, parts.inspect(|area| assert!(*area >= 0, "from east to south")).sum())
        })
    }

    #[test]
    fn a_hole_stays_open() {
        let outer = vec![[0, 0], [100, 0], [100, 100], [0, 100]];
        let hole = vec![[20, 20], [20, 60], [60, 60], [60, 20]];
        assert_eq!(cut(&[outer, hole]), Some((20_000 - 3_200, 20_000 - 3_200)));
    }

    /// A ring seen from its middle: corners in the order of their angles never cross.
    fn star(radii: &[f64], middle: [f64; 2]) -> Vec<[i32; 2]> {
        let turn = std::f64::consts::TAU / radii.len() as f64;
        let corner = |(i, r): (usize, &f64)| {
            let angle = turn * i as f64;
            [(middle[0] + r * angle.cos()).round() as i32, (middle[1] + r * angle.sin()).round() as i32]
        };
        radii.iter().enumerate().map(corner).collect()
    }

    proptest! {
        #[test]
        fn triangles_cover_the_surface_and_nothing_else(
            radii in prop::collection::vec(300.0..2000.0_f64, 3..60),
            hole in prop::collection::vec(20.0..120.0_f64, 3..20),
        ) {
            let (outer, hole) = (star(&radii, [2000.0, 2000.0]), star(&hole, [2000.0, 2000.0]));
            // Few and uneven corners may leave the middle outside; then the hole is no hole.
            prop_assume!(radii.len() > 7);
            let (whole, parts) = cut(&[outer, hole]).unwrap();
            prop_assert!((whole - parts).abs() as f64 <= whole as f64 * 1e-3, "{whole} {parts}");
        }

        #[test]
        fn no_ring_is_too_wild(rings in prop::collection::vec(prop::collection::vec(any::<[i32; 2]>(), 0..30), 0..5)) {
            cut_any(&rings);
        }

        #[test]
        fn no_small_ring_is_too_wild(rings in prop::collection::vec(prop::collection::vec([0..12_i32, 0..12_i32], 0..30), 0..5)) {
            cut_any(&rings);
        }
    }

    fn cut_any(rings: &[Vec<[i32; 2]>]) {
        let (mut surface, mut cutter) = (Surface::default(), Cutter::default());
        if surface.read(Grid::new(4096), rings) {
            let triangles = cutter.cut(&surface);
            assert!(
                triangles.iter().all(|i| (*i as usize) < surface.points.len()) && triangles.len().is_multiple_of(3)
            );
        }
    }
}
