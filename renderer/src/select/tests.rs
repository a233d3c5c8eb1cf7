use std::collections::BTreeSet;

use gis_data::mercator;
use proptest::prelude::*;
use tiler::Coord;

use super::*;
use crate::frame::Size;
use crate::view::View;

fn camera(view: [f64; 5], width: u32, height: u32) -> Camera {
    let [lon, lat, zoom, bearing, pitch] = view;
    Camera::new(View { lon, lat, zoom, bearing, pitch }, Size { width, height, ratio: 1.0 })
}

/// The selected tiles that hold a place.
fn holding(tiles: &[Coord], lon: f64, lat: f64) -> usize {
    let (x, y) = mercator::project(lon, lat);
    let inside = |c: &&Coord| {
        let n = f64::from(c.z()).exp2();
        ((x * n).floor(), (y * n).floor()) == (f64::from(c.x()), f64::from(c.y()))
    };
    tiles.iter().filter(inside).count()
}

#[test]
fn seen_from_above_all_tiles_have_the_zoom_of_the_view() {
    for (zoom, z) in [(0.0, 0), (3.99, 3), (15.0, 15), (15.7, 15), (16.0, 16), (19.5, 16)] {
        for bearing in [0.0, 33.0, 180.0] {
            let tiles = select(&camera([120.65, 28.0, zoom, bearing, 0.0], 1280, 720), 16, 0.0);
            assert!(!tiles.is_empty() && tiles.iter().all(|t| t.z() == z), "{zoom}: {tiles:?}");
            assert!(tiles[0] == Coord::holding(120.65, 28.0, z).unwrap());
        }
    }
}

#[test]
fn no_tile_beside_the_picture_is_asked_for() {
    // 1024 pixels are two tiles wide, and the picture's corner lies on that of a tile.
    let n = 15f64.exp2();
    let (lon, lat) = mercator::unproject(27_366.0 / n, 13_689.0 / n);
    let straight = select(&camera([lon, lat, 15.0, 0.0, 0.0], 1000, 1000), 16, 0.0);
    assert_eq!(straight.len(), 4);
    let turned = select(&camera([lon, lat, 15.0, 45.0, 0.0], 1000, 1000), 16, 0.0);
    // A square on its corner, 1414 pixels across, touches these: two by two, and one beyond each side of each arm.
    assert_eq!(turned.len(), 12);
}

#[test]
fn far_tiles_are_coarser_and_the_nearest_come_first() {
    let camera = camera([120.65, 28.0, 16.0, 20.0, 70.0], 1280, 720);
    let tiles = select(&camera, 16, 0.0);
    let zooms: BTreeSet<u8> = tiles.iter().map(|t| t.z()).collect();
    assert!(zooms.len() > 4 && zooms.last() == Some(&16), "{zooms:?}");
    assert_eq!(tiles[0], Coord::holding(120.65, 28.0, 16).unwrap());
    let gap = |t: &Coord| nearness(&camera, *t)[0];
    assert!(tiles.is_sorted_by(|a, b| gap(a) <= gap(b)));
}

#[test]
fn a_tower_beside_the_picture_is_seen() {
    let mut added = 0;
    for step in 0..20 {
        let camera = camera([120.65, 28.0 + f64::from(step) * 3e-4, 17.0, 0.0, 50.0], 1280, 720);
        let flat: BTreeSet<Coord> = select(&camera, 16, 0.0).into_iter().collect();
        let high: BTreeSet<Coord> = select(&camera, 16, 300.0).into_iter().collect();
        assert!(high.is_superset(&flat));
        // A roof whose foot is below the picture but whose top is in it.
        let foot = camera.ground([640.0, 800.0]).unwrap();
        assert!(camera.project(foot[0], foot[1], 150.0).unwrap().at[1] < 720.0);
        let here = |tiles: BTreeSet<Coord>| holding(&tiles.into_iter().collect::<Vec<_>>(), foot[0], foot[1]);
        assert_eq!(here(high), 1);
        added += 1 - here(flat);
    }
    assert!(added > 0, "the foot was in the picture's tiles at all places: the test shows nothing");
}

#[test]
fn never_too_many() {
    let mut most = 0;
    for (width, height) in [(1280, 720), (375, 667), (3840, 2160), (7680, 4320), (16_000, 1000), (1, 1)] {
        for pitch in (0..=75).step_by(5) {
            for zoom in 0..=22 {
                for bearing in [0.0, 30.0, 45.0] {
                    for top in [0.0, 300.0, f32::INFINITY, f32::NAN, 1e30] {
                        let view = [120.65, 28.0, f64::from(zoom) + 0.01, bearing, f64::from(pitch)];
                        let tiles = select(&camera(view, width, height), 16, top);
                        assert!(!tiles.is_empty() && tiles.len() <= MOST, "{view:?}: {}", tiles.len());
                        if (width, height) == (1280, 720) && top <= 300.0 {
                            most = most.max(tiles.len());
                        }
                    }
                }
            }
        }
    }
    assert!(most <= 70, "an ordinary picture needs {most}");
}

#[test]
fn at_the_edge_of_the_world_there_are_tiles_too() {
    for lon in [-180.0, -179.99, 179.99, 180.0] {
        for lat in [-85.05, 0.0, 85.05] {
            for pitch in [0.0, 60.0, 75.0] {
                let tiles = select(&camera([lon, lat, 12.0, 90.0, pitch], 1280, 720), 16, 100.0);
                assert!(!tiles.is_empty(), "{lon} {lat} {pitch}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_ground_is_covered_once(
        lon in -179.9..179.9f64, lat in -80.0..80.0f64, zoom in 0.0..22.0f64, bearing in -180.0..180.0f64, pitch in 0.0..75.0f64,
        top in prop::sample::select(vec![0.0f32, 80.0, 500.0]),
        wide in 200u32..4000, high in 200u32..3000,
        pixels in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 40),
    ) {
        let camera = camera([lon, lat, zoom, bearing, pitch], wide, high);
        let tiles = select(&camera, 16, top);
        let distinct: BTreeSet<Coord> = tiles.iter().copied().collect();
        prop_assert_eq!(distinct.len(), tiles.len());
        prop_assert!(tiles.iter().all(|t| t.parents().all(|p| !distinct.contains(&p))));
        for (x, y) in pixels {
            let Some([lon, lat]) = camera.ground([x * f64::from(wide), y * f64::from(high)]) else { continue };
            if lon.abs() < 180.0 && lat.abs() < 85.0 {
                prop_assert_eq!(holding(&tiles, lon, lat), 1, "{} {}", lon, lat);
            }
        }
    }
}
