//! A camera, tiles and glyphs for the tests of whole frames.

mod frames;
mod lines;
mod properties;

use super::*;
use crate::frame::Size;
use crate::mesh::{Candidate, Course, Look, Origin};
use glam::{DMat4, DVec3, DVec4};
use styles::glyph::{Glyph, message};

const SIZE: Size = Size { width: 1000, height: 800, ratio: 1.0 };
const WHOLE: [f32; 4] = [0.0, 0.0, 4096.0, 4096.0];

fn coord() -> Coord {
    Coord::new(14, 13_687, 6_841).expect("a tile")
}

/// A camera above the middle of the tile of zoom 14, from which one unit of that tile is half a pixel and the tile spans 2048.
fn matrix(pitch: f64) -> impl Fn(Coord) -> [f32; 16] {
    move |of: Coord| {
        let (width, height) = (f64::from(SIZE.width), f64::from(SIZE.height));
        let distance = height / 2.0 / (36.87f64 / 2.0).to_radians().tan();
        let unit = 0.5 * f64::from(1 << coord().z()) / f64::from(1 << of.z());
        let shift = |own: u32, other: u32| f64::from(own) * 4096.0 * unit - (f64::from(other) + 0.5) * 2048.0;
        let ground = DMat4::from_translation(DVec3::new(shift(of.x(), coord().x()), shift(of.y(), coord().y()), 0.0))
            * DMat4::from_scale(DVec3::new(unit, unit, 1.0));
        let eye = DMat4::from_translation(DVec3::new(0.0, 0.0, -distance))
            * DMat4::from_rotation_x(-pitch.to_radians())
            * DMat4::from_scale(DVec3::new(1.0, -1.0, 1.0));
        let focal = 1.0 / (36.87f64 / 2.0).to_radians().tan();
        let near = 1.0;
        let lens = DMat4::from_cols(
            DVec4::X * (focal * height / width),
            DVec4::Y * focal,
            DVec4::new(0.0, 0.0, 0.0, -1.0),
            DVec4::new(0.0, 0.0, near, 0.0),
        );
        (lens * eye * ground).as_mat4().to_cols_array()
    }
}

fn projection(matrix: &dyn Fn(Coord) -> [f32; 16]) -> Projection<'_> {
    let middle = [coord().x(), coord().y()].map(|n| (f64::from(n) + 0.5) / f64::from(1 << coord().z()));
    Projection { size: SIZE, zoom: 16.0, middle, matrix }
}

fn look() -> Look {
    Look {
        text_size: 24.0,
        text_color: [0, 0, 0, 255],
        halo_color: [255; 4],
        halo_width: 0.0,
        anchor: "center".to_owned(),
        offset: [0.0; 2],
        max_width: 8.0,
        line_height: 1.2,
        spacing: 0.0,
        padding: 2.0,
        repeat: 250.0,
        icon_size: 1.0,
        icon_rotate: 0.0,
        allow_overlap: false,
        ignore_placement: false,
        optional: [false; 2],
        opacity: [1.0; 2],
    }
}

fn text(text: &str, course: Course, pick: u32) -> Candidate {
    Candidate { layer: 0, sort_key: 0.0, course, text: text.to_owned(), icon: None, look: look(), pick }
}

fn point(name: &str, at: [f32; 2], pick: u32) -> Candidate {
    text(name, Course::Point(at), pick)
}

fn tile(coord: Coord, candidates: Vec<Candidate>) -> TileMesh {
    let picks = (1..=50_000).map(|id| Origin { layer: "poi".into(), id }).collect();
    TileMesh { coord, parts: Vec::new(), candidates, picks, top_m: 0.0 }
}

fn shown(mesh: &TileMesh) -> Shown<'_> {
    Shown { index: 0, mesh, clip: WHOLE }
}

fn labels() -> Labels {
    let sheet = r#"{"version": 8, "sources": {}, "layers": []}"#;
    Labels::new(Arc::new(Style::parse(sheet).expect("an empty sheet")))
}

/// Brings every character that is needed.
fn bring(labels: &mut Labels, tiles: &[Shown<'_>]) {
    loop {
        let needs = labels.needs(tiles);
        if needs.is_empty() {
            return;
        }
        let glyphs: Vec<_> = needs.iter().map(|c| (*c, Glyph::missing())).collect();
        labels.came(&needs, &message("any", "glyphs", &glyphs)).expect("glyphs");
    }
}

fn lay(labels: &mut Labels, tiles: &[Shown<'_>], pitch: f64) -> LabelMesh {
    bring(labels, tiles);
    labels.lay_in(&projection(&matrix(pitch)), tiles, true)
}

/// The picks of the labels in a mesh, one for each quad.
fn picks(mesh: &LabelMesh) -> Vec<u32> {
    mesh.vertices.chunks(4).map(|quad| quad[0].pick[1]).collect()
}

/// Middles of the quads.
fn middles(mesh: &LabelMesh) -> Vec<[f32; 2]> {
    let middle = |quad: &[crate::frame::LabelVertex]| [0, 1].map(|i| quad.iter().map(|v| v.at[i]).sum::<f32>() / 4.0);
    mesh.vertices.chunks(4).map(middle).collect()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.05
}
