//! What the pictures show.

use renderer::frame::{AtlasChange, Frame, LabelMesh, LabelVertex, LayerPaint, Patch};
use renderer::mesh::{Shape, TileMesh, Triangles};

use crate::hand::{WHITE, above, block, bytes, circle, coord, frame, rectangle, rgb, tile, tilted};
use crate::lines::{Join, ribbon};

/// A frame and what is to be uploaded for it.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) tiles: Vec<TileMesh>,
    pub(crate) atlas: AtlasChange,
    pub(crate) frame: Frame,
}

pub(crate) fn all() -> Vec<Scene> {
    vec![fills(), lines(), tilted_lines(), boxes(), faint_boxes(), circles(), labels()]
}

fn scene(name: &'static str, tiles: Vec<TileMesh>, frame: Frame) -> Scene {
    Scene { name, tiles, atlas: AtlasChange::default(), frame }
}

/// Two tiles that fill half of the picture each and reach over their border; the upper layer of the right one is cut by its clip.
pub(crate) fn fills() -> Scene {
    let shapes = |one: (i16, i16, u32), color| {
        let (mut lower, mut upper) = (Triangles::default(), Triangles::default());
        rectangle(&mut lower, one.0, 40, one.1, 120, color, one.2);
        rectangle(&mut lower, one.0, 130, one.1, 170, color, one.2);
        rectangle(&mut upper, one.0, 140, one.1, 240, [0, 0, 0, 128], one.2 + 1);
        vec![(0, Shape::Fill(lower)), (1, Shape::Fill(upper))]
    };
    let left = tile(coord(0), shapes((20, 140, 1), WHITE));
    let right = tile(coord(1), shapes((110, 250, 3), bytes(0xc8_10_2e)));
    let mut draws = vec![above(coord(0)), above(coord(1))];
    draws[0].clip = [0.0, 0.0, 2048.0, 4096.0];
    draws[1].clip = [2048.0, 0.0, 4096.0, 3200.0];
    let mut frame = frame(draws, vec![LayerPaint::plain(0), LayerPaint::plain(1)]);
    let mut green = left.clone();
    if let Shape::Fill(lower) = &mut green.parts[0].shape {
        lower.vertices.iter_mut().for_each(|v| v.color = bytes(0x7f_b2_9c));
    }
    // 127.5 of 255: half of it is exact.
    frame.paints[1].color = [1.0, 1.0, 1.0, 127.5 / 128.0];
    scene("fills", vec![green, right], frame)
}

/// Joins, a casing, dashes, an offset and a blur.
pub(crate) fn lines() -> Scene {
    let zigzag = |y: i16| [[20, y], [80, y + 30], [130, y], [140, y + 30], [236, y + 10]];
    let mut shapes = Vec::new();
    let mut add = |layer, points: &[[i16; 2]], join, width, color| {
        let mut line = Triangles::default();
        ribbon(&mut line, points, join, width, color, layer as u32 + 1);
        shapes.push((layer, Shape::Line(line)));
    };
    add(0, &zigzag(15), Join::Mitre, 9.0, bytes(0x44_66_99));
    add(1, &zigzag(55), Join::Round, 9.0, bytes(0x99_66_44));
    add(2, &zigzag(95), Join::Round, 2.0, bytes(0x33_33_33));
    add(3, &zigzag(135), Join::Mitre, 4.0, bytes(0x22_88_44));
    add(4, &zigzag(170), Join::Mitre, 3.0, bytes(0xaa_22_66));
    add(5, &zigzag(170), Join::Mitre, 1.0, bytes(0x22_22_22));
    add(6, &[[20, 225], [236, 225]], Join::Round, 12.0, bytes(0x11_55_cc));
    add(7, &[[20, 246], [236, 243]], Join::Mitre, 0.4, bytes(0x00_00_00));
    let mut paints: Vec<_> = (0..8).map(LayerPaint::plain).collect();
    paints[2].gap_width = 8.0;
    paints[3].dashes = vec![3.0, 1.5, 1.0, 1.5];
    paints[4].offset = 5.0;
    paints[6].blur = 8.0;
    scene("lines", vec![tile(coord(0), shapes)], frame(vec![above(coord(0))], paints))
}

/// Lines lie on the ground.
pub(crate) fn tilted_lines() -> Scene {
    let mut solid = Triangles::default();
    let mut dashed = Triangles::default();
    for x in [-40, 40, 90, 128, 166, 216, 296] {
        ribbon(&mut solid, &[[x, 0], [x, 256]], Join::Round, 6.0, bytes(0x55_55_88), 1);
    }
    for y in [20, 90, 160, 230] {
        ribbon(&mut dashed, &[[0, y], [128, y + 10], [256, y]], Join::Mitre, 3.0, bytes(0xcc_66_22), 2);
    }
    let (draw, horizon) = tilted(coord(0), 76.0);
    let mut frame = frame(vec![draw], vec![LayerPaint::plain(0), LayerPaint::plain(1)]);
    frame.horizon_px = horizon;
    frame.paints[1].dashes = vec![2.0, 1.0];
    scene("tilted_lines", vec![tile(coord(0), vec![(0, Shape::Line(solid)), (1, Shape::Line(dashed))])], frame)
}

/// Buildings that hide each other, two of them across the border of the tiles, on a green ground that comes after them in the sheet.
pub(crate) fn boxes() -> Scene {
    let mesh = |x: u32| {
        let (mut ground, mut blocks) = (Triangles::default(), Triangles::default());
        rectangle(&mut ground, 10, 10, 246, 246, bytes(0xcf_e0_b8), 7);
        block(&mut blocks, [30, 40, 90, 90], 120.0, WHITE, 1);
        block(&mut blocks, [100, 60, 156, 120], 40.0, WHITE, 2);
        block(&mut blocks, [60, 130, 190, 150], 15.0, bytes(0xff_b0_a0), 3);
        block(&mut blocks, [180, 60, 220, 100], 260.0, WHITE, 4);
        block(&mut blocks, [120, 180, 136, 200], 60.0, WHITE, 5);
        tile(coord(x), vec![(4, Shape::Extrusion(blocks)), (6, Shape::Fill(ground))])
    };
    let (mut left, horizon) = tilted(coord(0), 55.0);
    let mut right = left.clone();
    right.coord = coord(1);
    left.clip = [0.0, 0.0, 2048.0, 4096.0];
    right.clip = [2048.0, 0.0, 4096.0, 4096.0];
    let mut frame = frame(vec![left, right], vec![LayerPaint::plain(4), LayerPaint::plain(6)]);
    frame.paints[0].color = rgb(0xe2_d9_ca);
    frame.paints[0].gradient = true;
    frame.horizon_px = horizon;
    scene("boxes", vec![mesh(0), mesh(1)], frame)
}

/// The same, and one sees the ground through them, but neither their inside nor each other.
pub(crate) fn faint_boxes() -> Scene {
    let mut scene = boxes();
    scene.name = "faint_boxes";
    scene.frame.paints[0].opacity = 0.5;
    scene
}

/// Circles keep their size.
pub(crate) fn circles() -> Scene {
    let (mut plain, mut soft) = (Triangles::default(), Triangles::default());
    for (i, y) in [30, 100, 170, 230].into_iter().enumerate() {
        circle(&mut plain, [60, y], 6.0, 2.0, 1 + i as u32);
        circle(&mut plain, [128, y], 9.0, 0.0, 5 + i as u32);
        circle(&mut soft, [200, y], 10.0, 0.0, 9 + i as u32);
    }
    let (draw, horizon) = tilted(coord(0), 50.0);
    let mut frame = frame(vec![draw], vec![LayerPaint::plain(0), LayerPaint::plain(1)]);
    frame.horizon_px = horizon;
    frame.paints[1].blur = 8.0;
    frame.paints[1].opacity = 0.7;
    frame.paints[1].translate = [0.0, 6.0];
    scene("circles", vec![tile(coord(0), vec![(0, Shape::Circle(plain)), (1, Shape::Circle(soft))])], frame)
}

/// Texels to a side of the hand-made character and icon.
const GLYPH: u32 = 32;
const ICON: u32 = 8;

/// A ring as a character (with a halo, and larger and smaller than its texels) and a checked icon.
pub(crate) fn labels() -> Scene {
    let texels = (0..GLYPH * GLYPH).map(|i| {
        let (x, y) = ((i % GLYPH) as f32 + 0.5 - 16.0, (i / GLYPH) as f32 + 0.5 - 16.0);
        // Texels inside the ring's outline, as distances in a glyph message: 192 on it, 255 / 8 for a texel.
        let inside = 2.5 - (x.hypot(y) - 8.0).abs();
        (192.0 + inside * 255.0 / 8.0).clamp(0.0, 255.0) as u8
    });
    let glyph = Patch { at: [16, 8], size: [GLYPH, GLYPH], texels: texels.collect() };
    let check = (0..ICON * ICON).flat_map(|i| {
        let dark = (i % ICON / 2 + i / ICON / 2).is_multiple_of(2);
        if dark { [0x20, 0x40, 0xc0, 255] } else { [255, 255, 255, 96] }
    });
    let icon = Patch { at: [4, 4], size: [ICON, ICON], texels: check.collect() };
    let mut mesh = LabelMesh::default();
    let mut quad = |at: [f32; 2], side: f32, uv: [u32; 2], texels: u32, like: LabelVertex| {
        let base = mesh.vertices.len() as u32;
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] {
            mesh.vertices.push(LabelVertex {
                at: [at[0] + x * side, at[1] + y * side],
                uv: [uv[0] as f32 + x * texels as f32, uv[1] as f32 + y * texels as f32],
                ..like
            });
        }
        mesh.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
    };
    let text = LabelVertex { depth: 0.5, color: bytes(0x22_22_22), halo_color: WHITE, ..LabelVertex::default() };
    for (i, side) in [96.0, 48.0, 24.0].into_iter().enumerate() {
        let sharpness = GLYPH as f32 / side;
        let like = LabelVertex { sharpness, halo: 2.0 * sharpness * 255.0 / 8.0, pick: [0, 1 + i as u32], ..text };
        quad([10.0 + 90.0 * i as f32, 20.0], side, glyph.at, GLYPH, like);
        // A neighbour that overlaps it with its halo.
        quad([10.0 + 90.0 * i as f32 + side * 0.55, 20.0], side, glyph.at, GLYPH, like);
        quad(
            [20.0 + 80.0 * i as f32, 150.0],
            side / 2.0,
            icon.at,
            ICON,
            LabelVertex {
                color: [255, 255, 255, 255 - 80 * i as u8],
                pick: [0, 11 + i as u32],
                ..LabelVertex::default()
            },
        );
    }
    let mut green = Triangles::default();
    rectangle(&mut green, 0, 60, 256, 200, bytes(0x99_bb_88), 50);
    let mut frame = frame(vec![above(coord(0))], vec![LayerPaint::plain(0)]);
    frame.labels = mesh;
    let atlas = AtlasChange { glyph_side: 64, glyphs: vec![glyph], icon_side: 16, icons: vec![icon] };
    Scene { name: "labels", tiles: vec![tile(coord(0), vec![(0, Shape::Fill(green))])], atlas, frame }
}
