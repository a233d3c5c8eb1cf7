//! How long a frame of so many buildings takes on the adapter at hand: `draw_boxes [COUNT …]`, 1280 by 720 pixels.
#![expect(clippy::print_stdout, reason = "the command reports what it measured")]

use std::task::{Context, Poll, Waker};
use std::time::Instant;

use gis_data::Result;
use glam::camera::rh::proj::directx::perspective_infinite_reverse;
use glam::camera::rh::view::look_at_mat4;
use glam::{Mat4, Vec3};
use renderer::frame::{Frame, LabelMesh, LayerPaint, Light, Painter, Size, TileDraw};
use renderer::gpu::Gpu;
use renderer::mesh::{ExtrusionVertex, Part, Shape, TileMesh, Triangles};
use tiler::Coord;

const SIZE: Size = Size { width: 1280, height: 720, ratio: 1.0 };
/// Tiles to a side of the city, and metres to a side of a tile.
const TILES: u32 = 4;
const TILE_M: f32 = 1000.0;
/// Drawn one after another; the median is told.
const FRAMES: usize = 15;

fn main() -> Result<()> {
    let counts: Vec<u32> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 10_000, 100_000] } else { counts };
    for backends in [wgpu::Backends::PRIMARY, wgpu::Backends::GL] {
        match block_on(Gpu::headless(backends)) {
            Ok(mut gpu) => measure(&mut gpu, &counts)?,
            Err(e) => println!("{backends:?}: {e}"),
        }
    }
    Ok(())
}

fn measure(gpu: &mut Gpu, counts: &[u32]) -> Result<()> {
    println!("{} ({})", gpu.adapter().name, gpu.adapter().backend);
    for &count in counts {
        let mut tiles = Vec::new();
        for i in 0..TILES * TILES {
            let mesh = city(Coord::new(14, i % TILES, i / TILES)?, count / (TILES * TILES));
            gpu.upload(&mesh)?;
            tiles.push(mesh.coord);
        }
        for opacity in [1.0, 0.9] {
            let frame = frame(&tiles, opacity);
            let mut times: Vec<f64> = (0..FRAMES)
                .map(|_| {
                    let from = Instant::now();
                    gpu.draw(&frame)?;
                    gpu.finish()?;
                    Ok(from.elapsed().as_secs_f64() * 1000.0)
                })
                .collect::<Result<_>>()?;
            times.sort_by(f64::total_cmp);
            let (median, least) = (times[FRAMES / 2], times[0]);
            let mib = gpu.bytes() as f64 / f64::from(1 << 20);
            println!("  {count} boxes, opacity {opacity}: {median:.1} ms a frame (least {least:.1}), {mib:.0} MiB");
        }
    }
    Ok(())
}

/// Boxes on a grid, of heights that repeat.
fn city(coord: Coord, count: u32) -> TileMesh {
    let side = f64::from(count).sqrt().ceil().max(1.0) as u32;
    let step = 4096 / side;
    let mut triangles = Triangles::default();
    for i in 0..count {
        let [x, y] = [i % side, i / side].map(|n| (n * step) as i16);
        let wide = (step * 2 / 3).max(1) as i16;
        block(&mut triangles, [x, y, x + wide, y + wide], 10.0 + (i * 7919 % 60) as f32);
    }
    let part = Part { layer: 0, shape: Shape::Extrusion(triangles) };
    TileMesh { coord, parts: vec![part], candidates: Vec::new(), picks: Vec::new(), top_m: 70.0 }
}

fn block(to: &mut Triangles<ExtrusionVertex>, [west, north, east, south]: [i16; 4], roof: f32) {
    let corners = [[west, north], [east, north], [east, south], [west, south]];
    let mut face = |four: [([i16; 2], f32); 4], normal: [i8; 4]| {
        let base = to.vertices.len() as u32;
        to.vertices.extend(four.map(|(at, height)| ExtrusionVertex { at, height, normal, color: [255; 4], pick: 1 }));
        to.indices.extend([0, 1, 2, 0, 2, 3].map(|i| base + i));
    };
    face(corners.map(|at| (at, roof)), [0, 0, 127, 0]);
    for (i, normal) in [[0, -127, 0, 0], [127, 0, 0, 0], [0, 127, 0, 0], [-127, 0, 0, 0]].into_iter().enumerate() {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        face([(a, roof), (b, roof), (b, 0.0), (a, 0.0)], normal);
    }
}

/// The city from the south, filling the picture.
fn frame(tiles: &[Coord], opacity: f32) -> Frame {
    let away = 3000.0;
    let pitch = 50.0_f32.to_radians();
    let eye = Vec3::new(0.0, -pitch.sin(), pitch.cos()) * away;
    let lens = perspective_infinite_reverse(0.6435, SIZE.width as f32 / SIZE.height as f32, 10.0);
    let look = lens * look_at_mat4(eye, Vec3::ZERO, Vec3::Z);
    let metres = TILE_M / 4096.0;
    let half = TILES as f32 / 2.0;
    let draw = |coord: &Coord| {
        let corner = Vec3::new((coord.x() as f32 - half) * TILE_M, (half - coord.y() as f32) * TILE_M, 0.0);
        let ground = Mat4::from_translation(corner) * Mat4::from_scale(Vec3::new(metres, -metres, 1.0));
        TileDraw {
            coord: *coord,
            matrix: (look * ground).to_cols_array(),
            clip: [0.0, 0.0, 4096.0, 4096.0],
            px_per_unit: SIZE.height as f32 / 2.0 / (away * 0.3333) * metres,
        }
    };
    Frame {
        size: SIZE,
        background: [0.96, 0.95, 0.93, 1.0],
        sky: [0.8, 0.9, 1.0, 1.0],
        horizon_px: 0.0,
        light: Light { towards: [-0.46, -0.4, 0.79], color: [1.0; 3], intensity: 0.3 },
        tiles: tiles.iter().map(draw).collect(),
        paints: vec![LayerPaint {
            layer: 0,
            color: [0.89, 0.85, 0.79, 1.0],
            opacity,
            width: 1.0,
            gap_width: 0.0,
            offset: 0.0,
            blur: 0.0,
            dashes: Vec::new(),
            gradient: true,
            radius: 1.0,
            translate: [0.0; 2],
        }],
        labels: LabelMesh::default(),
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}
