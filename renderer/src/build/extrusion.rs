//! Buildings: walls and roofs.

use styles::expression::{Color, Feature};
use tiler::decode::Shape as Tile;

use super::job::{Job, MAX_VERTICES};
use super::property::{Property, rgba};
use super::ring::{Grid, Surface, is_cut, sides};
use crate::mesh::{ExtrusionVertex, Pick, Shape, Triangles};

/// Nothing built is higher; a sheet or tile that says so is wrong.
const MAX_HEIGHT_M: f32 = 10_000.0;
/// How far a roof without a colour of its own is from its walls to white: it sees more of the sky.
const ROOF_LIGHTER: f64 = 0.12;
/// The property that may hold a roof's colour.
const ROOF_COLOR: &str = "roof_color";
const UP: [i8; 4] = [0, 0, 127, 0];

/// From where to where a building reaches, and how it looks.
struct Body {
    base: f32,
    top: f32,
    wall: [u8; 4],
    roof: [u8; 4],
    pick: Pick,
}

/// The buildings of a layer, and the highest roof in metres.
///
/// Colours are in the vertices even if features share them: a roof's own colour must not be mixed with the walls'.
pub(super) fn build(job: &mut Job<'_>) -> Option<(Shape, f32)> {
    let ctx = job.context();
    let color = Property::new(job.layer.paint("fill-extrusion-color"), &ctx);
    let base = Property::new(job.layer.paint("fill-extrusion-base"), &ctx);
    let height = Property::new(job.layer.paint("fill-extrusion-height"), &ctx);
    let grid = Grid::new(job.tile.decoded.extent);
    let (mut bodies, mut top_m) = (Triangles::default(), 0.0_f32);
    let mut surface = Surface::default();
    // Extrusions have no property that orders them: depth does.
    job.each("", |feature, ctx, pick, cutter| {
        let Tile::Polygons(polygons) = &feature.decoded.shape else { return };
        let metres = |property: &Property<'_>| property.number(ctx, 0.0).clamp(0.0, MAX_HEIGHT_M);
        let wall = color.color(ctx);
        let (base, height) = (metres(&base), metres(&height));
        let body = Body { base, top: height.max(base), wall: rgba(wall, 1.0), roof: roof(wall, feature), pick };
        for polygon in polygons {
            if bodies.vertices.len() < MAX_VERTICES && surface.read(grid, polygon) {
                top_m = top_m.max(body.top);
                lid(&surface, cutter.cut(&surface), &body, &mut bodies);
                if body.top > body.base {
                    walls(&surface, &body, &mut bodies);
                }
            }
        }
    });
    (!bodies.indices.is_empty()).then_some((Shape::Extrusion(bodies), top_m))
}

fn roof(wall: Color, feature: &impl Feature) -> [u8; 4] {
    let own = feature.property(ROOF_COLOR).and_then(|value| Color::parse(value.as_text()?));
    let lighter = |v: f64| v + (1.0 - v) * ROOF_LIGHTER;
    let roof = own.unwrap_or(Color::new(lighter(wall.r), lighter(wall.g), lighter(wall.b), wall.a));
    rgba(Color { a: wall.a, ..roof }, 1.0)
}

fn lid(surface: &Surface, triangles: &[u32], body: &Body, out: &mut Triangles<ExtrusionVertex>) {
    let first = out.vertices.len() as u32;
    let corner = |at| ExtrusionVertex { at, height: body.top, normal: UP, color: body.roof, pick: body.pick };
    out.vertices.extend(surface.points.iter().copied().map(corner));
    out.indices.extend(triangles.iter().map(|i| first + i));
}

fn walls(surface: &Surface, body: &Body, out: &mut Triangles<ExtrusionVertex>) {
    for (a, b) in surface.rings().flat_map(sides).filter(|(a, b)| !is_cut(*a, *b)) {
        let [x, y] = [0, 1].map(|axis| f32::from(b[axis]) - f32::from(a[axis]));
        let length = x.hypot(y);
        // Rings turn so that what is built lies to the right of each side.
        let normal = [(127.0 * y / length).round() as i8, (-127.0 * x / length).round() as i8, 0, 0];
        let first = out.vertices.len() as u32;
        let corners = [(a, body.base), (a, body.top), (b, body.top), (b, body.base)];
        let corner = |(at, height)| ExtrusionVertex { at, height, normal, color: body.wall, pick: body.pick };
        out.vertices.extend(corners.map(corner));
        out.indices.extend([0, 3, 2, 0, 2, 1].map(|i| first + i));
    }
}
