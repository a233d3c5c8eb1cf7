use proptest::prelude::*;
use tiler::Coord;

use super::reference::MAPLIBRE;
use super::*;
use crate::frame::Size;

fn camera(view: [f64; 5], width: u32, height: u32, ratio: f32) -> Camera {
    let [lon, lat, zoom, bearing, pitch] = view;
    Camera::new(View { lon, lat, zoom, bearing, pitch }, Size { width, height, ratio })
}

/// Where a tile's corner lands with the matrix that the painter gets.
fn through(matrix: &[f32; 16], at: [f32; 3], size: Size) -> [f64; 3] {
    let row = |r: usize| matrix[r] * at[0] + matrix[4 + r] * at[1] + matrix[8 + r] * at[2] + matrix[12 + r];
    let [x, y, z, w] = [row(0), row(1), row(2), row(3)];
    [
        f64::from(f32::midpoint(1.0, x / w)) * f64::from(size.width),
        f64::from(f32::midpoint(1.0, -y / w)) * f64::from(size.height),
        f64::from(z / w),
    ]
}

#[test]
fn places_are_where_the_2d_map_has_them() {
    for (view, [width, height], places) in MAPLIBRE {
        for ratio in [1.0, 2.0, 0.5] {
            let wide = |px: u32| (px as f32 * ratio) as u32;
            // Half a pixel of 375 is lost at ratio 0.5: take only sizes that stay whole.
            if (wide(width) as f32, wide(height) as f32) != (width as f32 * ratio, height as f32 * ratio) {
                continue;
            }
            let camera = camera(view, wide(width), wide(height), ratio);
            for [lon, lat, height_m, x, y] in places {
                let [ours_x, ours_y] = camera.project(lon, lat, height_m).unwrap().at.map(|n| n / f64::from(ratio));
                let off = (ours_x - x).hypot(ours_y - y);
                assert!(off < 1e-3, "{view:?} {lon} {lat} {height_m}: {off} px");
            }
        }
    }
}

#[test]
fn five_numbers_are_read() {
    let view = View::parse(" 120.65, 28.01 ,15.5,-30,60").unwrap();
    assert_eq!(view, View { lon: 120.65, lat: 28.01, zoom: 15.5, bearing: -30.0, pitch: 60.0 });
    let view = View::parse("120.65，89，3").unwrap();
    assert_eq!((view.lat, view.bearing, view.pitch), (mercator::MAX_LAT, 0.0, 0.0));
    assert_eq!(View::parse("0,0,1,270").unwrap().bearing, -90.0);
}

#[test]
fn the_number_that_is_wrong_is_named() {
    for (text, zh, en) in [
        ("x,28,15", "经度", "longitude"),
        ("120,95,15", "纬度", "latitude"),
        ("120,28,23", "级别", "zoom"),
        ("120,28,15,NaN", "方位角", "bearing"),
        ("120,28,15,0,inf", "俯仰角", "pitch"),
        ("120,28", "2 个数", "2 numbers"),
        ("1,2,3,4,5,6", "6 个数", "6 numbers"),
        ("", "1 个数", "1 numbers"),
    ] {
        let error = View::parse(text).unwrap_err();
        assert!(error.zh().contains(zh) && error.en().contains(en), "{text}: {error}");
        assert!(error.zh().contains("120.6519,28.0132") && error.en().contains("120.6519,28.0132"), "{error}");
    }
}

#[test]
fn every_view_can_be_drawn() {
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0];
    for lon in bad {
        for rest in bad {
            let view = View { lon, lat: rest, zoom: rest, bearing: lon, pitch: rest }.clamped();
            assert!(view.lon.abs() <= 180.0 && view.bearing.abs() <= 180.0 && view.lat.abs() <= mercator::MAX_LAT);
            assert!((0.0..=22.0).contains(&view.zoom) && (0.0..=View::MAX_PITCH).contains(&view.pitch));
            assert_eq!(view.clamped(), view);
            for ratio in [0.0, -1.0, f32::NAN, f32::INFINITY] {
                let camera = Camera::new(view, Size { width: 0, height: 0, ratio });
                assert!(camera.tile_matrix(Coord::WORLD).iter().all(|n| n.is_finite()));
                assert!(camera.horizon_px().is_finite());
            }
        }
    }
    let view = View { lon: 540.5, lat: 0.0, zoom: 1.0, bearing: -450.0, pitch: 0.0 }.clamped();
    assert_eq!((view.lon, view.bearing), (-179.5, -90.0));
}

#[test]
fn nothing_trembles_when_one_is_near() {
    let camera = camera([120.651_937_1, 28.013_219_9, 20.0, 33.0, 60.0], 1280, 720, 1.0);
    for z in 14..=20 {
        let middle = Coord::holding(120.651_937_1, 28.013_219_9, z).unwrap();
        for tile in [(0, 0), (1, 0), (0, 1)].map(|(x, y)| Coord::new(z, middle.x() + x, middle.y() + y).unwrap()) {
            let matrix = camera.tile_matrix(tile);
            for u in (0..=16).map(|i| i as f32 * 256.0) {
                for v in (0..=16).map(|i| i as f32 * 256.0) {
                    let n = f64::from(z).exp2();
                    let (lon, lat) = mercator::unproject(
                        (f64::from(tile.x()) + f64::from(u) / 4096.0) / n,
                        (f64::from(tile.y()) + f64::from(v) / 4096.0) / n,
                    );
                    let Some(spot) = camera.project(lon, lat, 10.0) else { continue };
                    if !(-1280.0..2560.0).contains(&spot.at[0]) || !(-720.0..1440.0).contains(&spot.at[1]) {
                        continue;
                    }
                    let [x, y, depth] = through(&matrix, [u, v, 10.0], camera.size());
                    assert!((x - spot.at[0]).hypot(y - spot.at[1]) < 0.05, "{tile} {u} {v}");
                    assert!((depth - f64::from(spot.depth)).abs() < 1e-5);
                }
            }
        }
    }
}

#[test]
fn depth_is_one_at_the_near_plane_and_falls_to_nothing() {
    let camera = camera([120.65, 28.0, 16.0, 0.0, 0.0], 1280, 720, 1.0);
    // Straight above the middle, the camera's height in metres less the near plane's.
    let per_metre = camera.px_per_m();
    let near = (1080.0 - 720.0 / 50.0) / per_metre;
    assert!((camera.project(120.65, 28.0, near - 0.01).unwrap().depth - 1.0).abs() < 1e-3);
    assert_eq!(camera.project(120.65, 28.0, near + 0.01), None);
    assert_eq!(camera.project(120.65, 28.0, 1e6), None);
    let tilted = super::tests::camera([120.65, 28.0, 16.0, 0.0, 75.0], 1280, 720, 1.0);
    let depths = [28.0, 28.1, 29.0, 40.0, 80.0].map(|lat| tilted.project(120.65, lat, 0.0).unwrap().depth);
    assert!(depths.is_sorted_by(|a, b| a > b) && depths[4] > 0.0 && depths[4] < 1e-4, "{depths:?}");
}

#[test]
fn the_horizon_is_where_the_ground_ends() {
    let low = camera([120.65, 28.0, 14.0, 40.0, 75.0], 1280, 720, 2.0);
    let row = f64::from(low.horizon_px());
    assert!((60.0..100.0).contains(&row), "{row}");
    assert_eq!(low.ground([640.0, row - 0.5]), None);
    assert!(low.ground([640.0, row + 0.5]).is_some());
    assert_eq!(camera([120.65, 28.0, 14.0, 40.0, 60.0], 1280, 720, 1.0).horizon_px(), 0.0);
    assert_eq!(camera([120.65, 28.0, 14.0, 40.0, 0.0], 1280, 720, 1.0).horizon_px(), 0.0);
}

#[test]
fn a_unit_is_as_many_pixels_as_it_should() {
    let camera = camera([120.65, 28.0, 15.0, 0.0, 0.0], 1280, 720, 2.0);
    assert_eq!(camera.px_per_unit(Coord::holding(120.65, 28.0, 15).unwrap()), 512.0 / 4096.0);
    assert_eq!(camera.px_per_unit(Coord::holding(120.65, 28.0, 13).unwrap()), 2048.0 / 4096.0);
}

prop_compose! {
    fn any_view()(
        lon in -179.9..179.9f64, lat in -84.0..84.0f64, zoom in 3.0..21.0f64, bearing in -180.0..180.0f64, pitch in 0.0..75.0f64,
    ) -> [f64; 5] {
        [lon, lat, zoom, bearing, pitch]
    }
}

proptest! {
    #[test]
    fn the_ground_at_a_pixel_is_at_that_pixel(
        view in any_view(), x in 0.0..1280.0f64, y in 0.0..720.0f64, ratio in prop::sample::select(vec![0.5f32, 1.0, 1.5, 3.0]),
    ) {
        let camera = camera(view, 1280, 720, ratio);
        let Some([lon, lat]) = camera.ground([x, y]) else {
            prop_assert!(y <= f64::from(camera.horizon_px()) + 0.1);
            return Ok(());
        };
        prop_assert!(y + 0.1 > f64::from(camera.horizon_px()));
        prop_assume!(lat.abs() < 85.0);
        let spot = camera.project(lon, lat, 0.0);
        prop_assume!(spot.is_some());
        let spot = spot.unwrap();
        prop_assert!((spot.at[0] - x).hypot(spot.at[1] - y) < 1e-3, "{:?}", spot);
    }

    #[test]
    fn what_has_a_depth_at_a_pixel_is_there(view in any_view(), x in -0.4..0.4f64, y in -0.4..0.4f64, height in 0.0..1.0f64) {
        let camera = camera(view, 1280, 720, 1.0);
        // Somewhere around the middle, no higher than a third of the way to the camera.
        let px = 360.0 / (512.0 * view[2].exp2());
        let lon = view[0] + x * 1280.0 * px;
        let lat = view[1] + y * 720.0 * px * view[1].to_radians().cos();
        prop_assume!(lat.abs() < 85.0);
        let height_m = height * 300.0 / camera.px_per_m();
        let Some(spot) = camera.project(lon, lat, height_m) else { return Ok(()) };
        let [back_lon, back_lat, back_m] = camera.unproject(spot).unwrap();
        // The depth has 24 bits; a thousandth of a pixel is far below what can be seen.
        let off = (back_lon - lon).hypot(back_lat - lat) / px;
        prop_assert!(off < 2e-3 && (back_m - height_m).abs() * camera.px_per_m() < 2e-3, "{} px", off);
    }
}
