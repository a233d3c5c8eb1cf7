//! Lines, and the outlines of surfaces.

pub(super) mod ribbon;

use styles::expression::Value;
use tiler::decode::Shape as Tile;

use super::job::{Job, MAX_VERTICES};
use super::property::{Property, Tint};
use super::ring::Grid;
use crate::mesh::{Shape, Triangles};
use ribbon::{Cap, Join, Stroke, along, around};

/// Pixels up to which all joins look alike.
const THIN_PX: f32 = 2.5;
/// A line is never drawn wider, whatever a sheet says.
const MAX_WIDTH_PX: f32 = 1000.0;

/// The ribbons of a layer.
pub(super) fn build(job: &mut Job<'_>) -> Option<Shape> {
    let ctx = job.context();
    let layer = job.layer;
    let tint = Tint::new(layer, "line-color", "line-opacity", &ctx);
    let width = Property::new(layer.paint("line-width"), &ctx);
    let join = Property::new(layer.layout("line-join"), &ctx);
    let cap = Property::new(layer.layout("line-cap"), &ctx);
    let limit = Property::new(layer.layout("line-miter-limit"), &ctx);
    let is_thin = job.widest("line-width").is_some_and(|px| px <= THIN_PX);
    let grid = Grid::new(job.tile.decoded.extent);
    let mut ribbons = Triangles::default();
    job.each("line-sort-key", |feature, ctx, pick, _| {
        let stroke = Stroke {
            join: named_join(&join.value(ctx)),
            cap: named_cap(&cap.value(ctx)),
            miter_limit: limit.number(ctx, 2.0),
            is_thin,
            width: if width.is_same() { 1.0 } else { width.number(ctx, 1.0).clamp(0.0, MAX_WIDTH_PX) },
            color: tint.of(ctx),
            pick,
        };
        match &feature.decoded.shape {
            Tile::Lines(lines) => {
                for line in lines {
                    let mut course = grid.course(line);
                    if ribbons.vertices.len() >= MAX_VERTICES {
                        break;
                    } else if course.len() > 3 && course.first() == course.last() {
                        course.pop();
                        around(&course, &stroke, &mut ribbons);
                    } else {
                        along(&course, &stroke, &mut ribbons);
                    }
                }
            }
            Tile::Polygons(polygons) => {
                for ring in polygons.iter().flatten().filter_map(|ring| grid.ring(ring)) {
                    if ribbons.vertices.len() < MAX_VERTICES {
                        around(&ring, &stroke, &mut ribbons);
                    }
                }
            }
            Tile::Points(_) | Tile::Unknown(_) => {}
        }
    });
    (!ribbons.indices.is_empty()).then_some(Shape::Line(ribbons))
}

fn named_join(word: &Value) -> Join {
    match word.as_text() {
        Some("bevel") => Join::Bevel,
        Some("round") => Join::Round,
        _ => Join::Miter,
    }
}

fn named_cap(word: &Value) -> Cap {
    match word.as_text() {
        Some("round") => Cap::Round,
        Some("square") => Cap::Square,
        _ => Cap::Butt,
    }
}
