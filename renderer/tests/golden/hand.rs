//! Meshes and frames made by hand: nothing here depends on how the renderer makes its own.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use glam::camera::rh::proj::directx::perspective_infinite_reverse;
use glam::camera::rh::view::look_at_mat4;
use glam::{Mat4, Vec3};
use renderer::frame::{Frame, LabelMesh, LayerPaint, Light, Size, TileDraw};
use renderer::mesh::{CircleVertex, ExtrusionVertex, FillVertex, Origin, Part, Pick, Shape, TileMesh, Triangles};
use tiler::Coord;

/// Pixels to a side of the pictures.
pub(crate) const SIDE: u32 = 256;
/// Tile units in a pixel, seen from above.
pub(crate) const UNITS: i16 = 16;
/// Metres in a tile unit.
const METRES: f32 = 0.25;
pub(crate) const WHITE: [u8; 4] = [255; 4];

/// The result of a future that needs no one to wake it.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

/// Tiles beside each other.
pub(crate) fn coord(x: u32) -> Coord {
    Coord::new(14, x, 0).unwrap()
}

/// Straight sRGB of `0xrrggbb`.
pub(crate) fn rgb(hex: u32) -> [f32; 4] {
    let [_, r, g, b] = hex.to_be_bytes().map(|c| f32::from(c) / 255.0);
    [r, g, b, 1.0]
}

/// Straight sRGB of `0xrrggbb` for a vertex.
pub(crate) fn bytes(hex: u32) -> [u8; 4] {
    let [_, r, g, b] = hex.to_be_bytes();
    [r, g, b, 255]
}

/// A tile with shapes by layer, and so many picks that any number below 100 is one.
pub(crate) fn tile(coord: Coord, parts: Vec<(usize, Shape)>) -> TileMesh {
    TileMesh {
        coord,
        parts: parts.into_iter().map(|(layer, shape)| Part { layer, shape }).collect(),
        candidates: Vec::new(),
        picks: (0..100).map(|id| Origin { layer: Arc::from("thing"), id }).collect(),
        top_m: 0.0,
    }
}

/// A frame with nothing in it.
pub(crate) fn frame(tiles: Vec<TileDraw>, paints: Vec<LayerPaint>) -> Frame {
    Frame {
        size: Size { width: SIDE, height: SIDE, ratio: 1.0 },
        background: rgb(0xf5_f2_ec),
        sky: rgb(0xcf_e3_f2),
        horizon_px: 0.0,
        light: Light { towards: [-0.46, -0.4, 0.79], color: [1.0; 3], intensity: 0.4 },
        tiles,
        paints,
        labels: LabelMesh::default(),
    }
}

/// A tile seen straight from above, 16 units a pixel: it fills the picture.
pub(crate) fn above(coord: Coord) -> TileDraw {
    let scale = 2.0 / 4096.0;
    let matrix = Mat4::from_translation(Vec3::new(-1.0, 1.0, 0.1)) * Mat4::from_scale(Vec3::new(scale, -scale, 0.001));
    TileDraw { coord, matrix: matrix.to_cols_array(), clip: WHOLE, px_per_unit: 1.0 / f32::from(UNITS) }
}

/// All of a tile.
pub(crate) const WHOLE: [f32; 4] = [0.0, 0.0, 4096.0, 4096.0];

/// A tile seen from the south, its middle in the middle of the picture, as far away as fits; and the row of the horizon.
pub(crate) fn tilted(coord: Coord, pitch: f32) -> (TileDraw, f32) {
    let half = f32::to_radians(18.0);
    let away = 2048.0 * METRES / half.tan();
    let pitch = pitch.to_radians();
    let eye = Vec3::new(0.0, -pitch.sin(), pitch.cos()) * away;
    let up = Vec3::new(0.0, pitch.cos(), pitch.sin());
    let ground =
        Mat4::from_scale(Vec3::new(METRES, -METRES, 1.0)) * Mat4::from_translation(Vec3::new(-2048.0, -2048.0, 0.0));
    let lens = perspective_infinite_reverse(half * 2.0, 1.0, away * 0.1);
    let matrix = lens * look_at_mat4(eye, Vec3::ZERO, up) * ground;
    let far = lens * look_at_mat4(eye, Vec3::ZERO, up) * glam::Vec4::new(0.0, 1.0, 0.0, 0.0);
    let horizon = (1.0 - far.y / far.w) / 2.0 * SIDE as f32;
    let draw = TileDraw { coord, matrix: matrix.to_cols_array(), clip: WHOLE, px_per_unit: 1.0 / f32::from(UNITS) };
    (draw, horizon)
}

/// A rectangle on the ground: pixels as seen from above.
pub(crate) fn rectangle(
    to: &mut Triangles<FillVertex>,
    west: i16,
    north: i16,
    east: i16,
    south: i16,
    color: [u8; 4],
    pick: Pick,
) {
    let base = to.vertices.len() as u32;
    for at in [[west, north], [east, north], [east, south], [west, south]] {
        to.vertices.push(FillVertex { at: at.map(|x| x * UNITS), color, pick });
    }
    to.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
}

/// A building: pixels as seen from above, metres.
pub(crate) fn block(
    to: &mut Triangles<ExtrusionVertex>,
    [west, north, east, south]: [i16; 4],
    roof: f32,
    color: [u8; 4],
    pick: Pick,
) {
    let corners = [[west, north], [east, north], [east, south], [west, south]].map(|at| at.map(|x: i16| x * UNITS));
    let mut face = |four: [([i16; 2], f32); 4], normal: [i8; 3]| {
        let base = to.vertices.len() as u32;
        let normal = [normal[0], normal[1], normal[2], 0];
        to.vertices.extend(four.map(|(at, height)| ExtrusionVertex { at, height, normal, color, pick }));
        to.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
    };
    face(corners.map(|at| (at, roof)), [0, 0, 127]);
    for (i, normal) in [[0, -127, 0], [127, 0, 0], [0, 127, 0], [-127, 0, 0]].into_iter().enumerate() {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        face([(a, roof), (b, roof), (b, 0.0), (a, 0.0)], normal);
    }
}

/// A circle: pixels as seen from above.
pub(crate) fn circle(to: &mut Triangles<CircleVertex>, at: [i16; 2], radius: f32, stroke: f32, pick: Pick) {
    let base = to.vertices.len() as u32;
    for corner in [[-1, -1], [1, -1], [1, 1], [-1, 1]] {
        to.vertices.push(CircleVertex {
            at: at.map(|x| x * UNITS),
            corner,
            radius,
            stroke,
            color: bytes(0xd6_45_45),
            stroke_color: WHITE,
            pick,
            ..CircleVertex::default()
        });
    }
    to.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
}
