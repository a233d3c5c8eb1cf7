//! Pictures of small hand-made tiles, compared with those in this folder: exactly, for an adapter that has its own there; otherwise with
//! lavapipe's, of which at most 0.5 % of the pixels may differ by more than 8 of 255. `MENPAI_BLESS=1` writes the pictures of the adapters at hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail loudly")]
#![expect(clippy::print_stdout, reason = "which adapters there are is what these tests report")]

mod compare;
mod hand;
mod lines;
mod picks;
mod scenes;

use gis_data::Kind;
use renderer::frame::{Frame, Painter};
use renderer::gpu::Gpu;
use renderer::mesh::{Shape, TileMesh, Triangles};

use crate::hand::{SIDE, block_on, coord};
use crate::scenes::Scene;

/// A painter on an adapter that every machine can have. Without one the tests fail, and say what to install.
fn vulkan() -> Gpu {
    block_on(Gpu::headless(wgpu::Backends::VULKAN)).unwrap_or_else(|e| panic!("{e}"))
}

fn pixels(gpu: &mut Gpu, scene: &Scene) -> Vec<u8> {
    for tile in &scene.tiles {
        gpu.upload(tile).unwrap();
    }
    gpu.atlas(&scene.atlas).unwrap();
    gpu.draw(&scene.frame).unwrap();
    block_on(gpu.picture()).unwrap()
}

fn golden(backends: wgpu::Backends) {
    for scene in scenes::all() {
        let mut gpu = block_on(Gpu::headless(backends)).unwrap_or_else(|e| panic!("{e}"));
        let got = pixels(&mut gpu, &scene);
        let size = scene.frame.size;
        compare::with_golden(scene.name, gpu.adapter(), size.width, size.height, &got);
    }
}

#[test]
fn pictures_on_vulkan_are_as_before() {
    golden(wgpu::Backends::VULKAN);
}

#[test]
fn pictures_on_gl_are_as_before() {
    // What a browser's WebGL2 draws, nearly: the shaders go through the same translation.
    match block_on(Gpu::headless(wgpu::Backends::GL)) {
        Ok(_) => golden(wgpu::Backends::GL),
        Err(e) => println!("GL is not tried here (Debian: apt install libegl1 libgl1-mesa-dri): {e}"),
    }
}

#[test]
fn a_frame_drawn_twice_is_the_same_to_the_byte() {
    let mut gpu = vulkan();
    for scene in scenes::all() {
        let first = pixels(&mut gpu, &scene);
        let second = pixels(&mut gpu, &scene);
        assert!(first == second, "{}", scene.name);
    }
}

#[test]
fn colours_are_exactly_the_sheets() {
    let mut gpu = vulkan();
    let scene = scenes::fills();
    let got = pixels(&mut gpu, &scene);
    let at = |x: usize, y: usize| <[u8; 4]>::try_from(&got[(y * SIDE as usize + x) * 4..][..4]).unwrap();
    // The background, a surface whose colour is the sheet's, and one whose colour is the feature's.
    assert_eq!(at(2, 2), [0xf5, 0xf2, 0xec, 255]);
    assert_eq!(at(60, 60), [0x7f, 0xb2, 0x9c, 255]);
    assert_eq!(at(200, 60), [0xc8, 0x10, 0x2e, 255]);
    // Half of black over that, mixed in sRGB: 0xc8 / 2, 0x10 / 2, 0x2e / 2.
    assert_eq!(at(200, 150), [100, 8, 23, 255]);
}

#[test]
fn what_is_uploaded_is_counted_and_what_is_forgotten_is_gone() {
    let mut gpu = vulkan();
    let empty = gpu.bytes();
    let scene = scenes::boxes();
    let mesh = &scene.tiles[0];
    let held = gpu.upload(mesh).unwrap();
    assert_eq!(gpu.bytes(), empty + held);
    // Uploaded again it takes the place of the first.
    assert_eq!(gpu.upload(mesh).unwrap(), held);
    assert_eq!(gpu.bytes(), empty + held);
    gpu.forget(mesh.coord);
    gpu.forget(mesh.coord);
    assert_eq!(gpu.bytes(), empty);
}

#[test]
fn a_tile_without_triangles_takes_no_memory() {
    let mut gpu = vulkan();
    let mesh = hand::tile(coord(0), vec![(0, Shape::Fill(Triangles::default()))]);
    assert_eq!(gpu.upload(&mesh).unwrap(), 0);
}

#[test]
fn a_damaged_tile_is_refused_and_the_others_are_drawn() {
    let mut gpu = vulkan();
    let scene = scenes::fills();
    let good = pixels(&mut gpu, &scene);
    let mut broken: TileMesh = scene.tiles[0].clone();
    let Shape::Fill(triangles) = &mut broken.parts[0].shape else { panic!("not a fill") };
    triangles.indices[1] = 4_000_000_000;
    assert_eq!(gpu.upload(&broken).unwrap_err().kind(), Kind::Invalid);
    gpu.draw(&scene.frame).unwrap();
    assert!(block_on(gpu.picture()).unwrap() == good);
}

#[test]
fn numbers_that_are_none_do_not_stop_a_frame() {
    let mut gpu = vulkan();
    let mut scene = scenes::lines();
    let nan = f32::NAN;
    scene.frame.tiles[0].matrix = [nan; 16];
    scene.frame.tiles[0].px_per_unit = nan;
    scene.frame.horizon_px = nan;
    for paint in &mut scene.frame.paints {
        (paint.width, paint.blur, paint.offset, paint.dashes) = (nan, nan, nan, vec![nan; 3]);
    }
    assert_eq!(pixels(&mut gpu, &scene).len(), (SIDE * SIDE * 4) as usize);
}

#[test]
fn a_picture_of_no_or_too_large_a_size_is_refused() {
    let mut gpu = vulkan();
    for (width, height) in [(0, 8), (8, 0), (8, 1 << 20)] {
        let mut frame: Frame = scenes::fills().frame;
        (frame.size.width, frame.size.height) = (width, height);
        assert_eq!(gpu.draw(&frame).unwrap_err().kind(), Kind::Invalid, "{width}×{height}");
    }
}

#[test]
fn a_lost_device_says_so_and_a_new_one_draws_the_same() {
    let scene = scenes::boxes();
    let mut gpu = vulkan();
    let before = pixels(&mut gpu, &scene);
    gpu.lose();
    assert!(gpu.is_lost());
    assert_eq!(gpu.draw(&scene.frame).unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(block_on(gpu.picture()).unwrap_err().kind(), Kind::Unavailable);
    assert!(block_on(gpu.pick(&scene.frame, [9.0, 9.0])).is_err());
    assert!(pixels(&mut vulkan(), &scene) == before);
}

#[test]
fn without_an_adapter_the_error_says_what_to_install() {
    let error = block_on(Gpu::headless(wgpu::Backends::empty())).err().unwrap();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.en().contains("mesa-vulkan-drivers") && error.zh().contains("mesa-vulkan-drivers"), "{error}");
}
