//! Picks of each kind, on each back end.

use renderer::frame::{Hit, Painter};
use renderer::gpu::Gpu;

use crate::hand::block_on;
use crate::scenes::{self, Scene};

fn pick(gpu: &mut Gpu, scene: &Scene, at: [f32; 2]) -> Option<(usize, u32)> {
    hit(gpu, scene, at).map(|hit| (hit.tile, hit.pick))
}

fn hit(gpu: &mut Gpu, scene: &Scene, at: [f32; 2]) -> Option<Hit> {
    for tile in &scene.tiles {
        gpu.upload(tile).unwrap();
    }
    block_on(gpu.pick(&scene.frame, at)).unwrap()
}

fn on_each_back_end(test: impl Fn(&mut Gpu)) {
    test(&mut crate::vulkan());
    match block_on(Gpu::headless(wgpu::Backends::GL)) {
        Ok(mut gpu) => test(&mut gpu),
        Err(e) => println!("GL is not tried here (Debian: apt install libegl1 libgl1-mesa-dri): {e}"),
    }
}

#[test]
fn a_surface_is_picked_up_to_its_tiles_clip_the_upper_one_first() {
    on_each_back_end(|gpu| {
        let scene = scenes::fills();
        assert_eq!(pick(gpu, &scene, [60.0, 60.0]), Some((0, 1)));
        assert_eq!(pick(gpu, &scene, [60.0, 150.0]), Some((0, 2)));
        assert_eq!(pick(gpu, &scene, [200.0, 60.0]), Some((1, 3)));
        // Both tiles reach over their border at 128.
        assert_eq!(pick(gpu, &scene, [127.0, 60.0]), Some((0, 1)));
        assert_eq!(pick(gpu, &scene, [129.0, 60.0]), Some((1, 3)));
        assert_eq!(pick(gpu, &scene, [200.0, 220.0]), None);
        assert_eq!(pick(gpu, &scene, [5.0, 5.0]), None);
        assert_eq!(pick(gpu, &scene, [-5.0, 5.0]), None);
    });
}

#[test]
fn a_line_is_picked_from_beside_it() {
    on_each_back_end(|gpu| {
        let scene = scenes::lines();
        assert_eq!(pick(gpu, &scene, [50.0, 30.0]), Some((0, 1)));
        // The blurred line at the bottom is 12 pixels wide.
        assert_eq!(pick(gpu, &scene, [100.0, 225.0]), Some((0, 7)));
        assert_eq!(pick(gpu, &scene, [100.0, 236.0]), None);
        // A line of 0.4 pixels is found two pixels away.
        assert_eq!(pick(gpu, &scene, [236.0, 241.4]), Some((0, 8)));
    });
}

#[test]
fn a_building_is_picked_before_what_it_hides_with_its_depth() {
    on_each_back_end(|gpu| {
        let scene = scenes::boxes();
        let ground = hit(gpu, &scene, [128.0, 200.0]).unwrap();
        let tower = hit(gpu, &scene, [200.0, 80.0]).unwrap();
        let low = hit(gpu, &scene, [128.0, 130.0]).unwrap();
        assert_eq!((ground.pick, tower.pick, low.pick), (7, 4, 3));
        assert_eq!((tower.tile, hit(gpu, &scene, [70.0, 80.0]).unwrap().tile), (1, 0));
        // 1 is near.
        assert!(
            ground.depth > low.depth && low.depth > tower.depth && tower.depth > 0.0,
            "{ground:?} {low:?} {tower:?}"
        );
        // One sees through the buildings, and still they are what is picked.
        assert_eq!(pick(gpu, &scenes::faint_boxes(), [200.0, 80.0]), Some((1, 4)));
    });
}

#[test]
fn a_circle_is_picked_with_its_stroke() {
    on_each_back_end(|gpu| {
        let scene = scenes::circles();
        // The middle of the ground is the middle of the picture; this one is a little above it.
        let found: Vec<_> = (0..256).filter_map(|y| pick(gpu, &scene, [128.0, y as f32])).map(|(_, p)| p).collect();
        for pick in 5..9 {
            let rows = found.iter().filter(|p| **p == pick).count();
            // 18 pixels high, and two more on each side.
            assert!((20..=23).contains(&rows), "{pick}: {rows}");
        }
    });
}

#[test]
fn a_label_is_picked_on_top() {
    on_each_back_end(|gpu| {
        let scene = scenes::labels();
        assert_eq!(pick(gpu, &scene, [30.0, 80.0]), Some((0, 1)));
        assert_eq!(pick(gpu, &scene, [110.0, 160.0]), Some((0, 12)));
        assert_eq!(pick(gpu, &scene, [80.0, 150.0]), Some((0, 50)));
        assert_eq!(hit(gpu, &scene, [30.0, 80.0]).unwrap().depth, 0.5);
    });
}

#[test]
fn a_pick_waits_while_other_frames_are_drawn() {
    let mut gpu = crate::vulkan();
    let scene = scenes::fills();
    crate::pixels(&mut gpu, &scene);
    let pick = gpu.pick(&scene.frame, [60.0, 60.0]);
    let other = crate::pixels(&mut gpu, &scenes::labels());
    assert_eq!(block_on(pick).unwrap().map(|h| h.pick), Some(1));
    assert!(other == crate::pixels(&mut gpu, &scenes::labels()));
}
