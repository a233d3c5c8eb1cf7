//! Circles.

use tiler::decode::{Shape as Tile, Vertex};

use super::job::{Job, MAX_VERTICES};
use super::property::{Property, Tint, rgba};
use super::ring::{Grid, is_own};
use crate::mesh::{CircleVertex, Shape, Triangles};

/// A circle is never drawn larger, whatever a sheet says.
const MAX_RADIUS_PX: f32 = 1000.0;
const CORNERS: [[i8; 2]; 4] = [[-1, -1], [1, -1], [1, 1], [-1, 1]];

/// The circles of a layer: one at each corner of a feature that lies in the tile's own square. The paint has no stroke, so that its
/// width and colour are in the vertices even if features share them.
pub(super) fn build(job: &mut Job<'_>) -> Option<Shape> {
    let ctx = job.context();
    let layer = job.layer;
    let tint = Tint::new(layer, "circle-color", "circle-opacity", &ctx);
    let radius = Property::new(layer.paint("circle-radius"), &ctx);
    let stroke = Property::new(layer.paint("circle-stroke-width"), &ctx);
    let stroke_color = Property::new(layer.paint("circle-stroke-color"), &ctx);
    let stroke_opacity = Property::new(layer.paint("circle-stroke-opacity"), &ctx);
    let grid = Grid::new(job.tile.decoded.extent);
    let mut circles = Triangles::default();
    job.each("circle-sort-key", |feature, ctx, pick, _| {
        let pixels = |property: &Property<'_>, otherwise| property.number(ctx, otherwise).clamp(0.0, MAX_RADIUS_PX);
        let opacity = stroke_opacity.number(ctx, 1.0).clamp(0.0, 1.0);
        let mut circle = CircleVertex {
            radius: if radius.is_same() { 1.0 } else { pixels(&radius, 5.0) },
            stroke: pixels(&stroke, 0.0),
            color: tint.of(ctx),
            stroke_color: rgba(stroke_color.color(ctx), opacity),
            pick,
            ..CircleVertex::default()
        };
        let mut put = |at: &Vertex| {
            circle.at = grid.place(*at);
            if !is_own(circle.at.map(f32::from)) || circles.vertices.len() >= MAX_VERTICES {
                return;
            }
            let first = circles.vertices.len() as u32;
            circles.vertices.extend(CORNERS.map(|corner| CircleVertex { corner, ..circle }));
            circles.indices.extend([0, 1, 2, 0, 2, 3].map(|i| first + i));
        };
        match &feature.decoded.shape {
            Tile::Points(points) => points.iter().for_each(&mut put),
            Tile::Lines(lines) => lines.iter().flatten().for_each(&mut put),
            Tile::Polygons(polygons) => polygons.iter().flatten().flatten().for_each(&mut put),
            Tile::Unknown(_) => {}
        }
    });
    (!circles.indices.is_empty()).then_some(Shape::Circle(circles))
}
