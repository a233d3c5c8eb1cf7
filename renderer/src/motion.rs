//! Moves a view by what a pointer does: the same in a window and in a browser.
//!
//! All pixels are the target's, from the upper left corner, as everywhere in [`crate::view`]. What is given back can always be drawn.

use gis_data::mercator;

use crate::frame::Size;
use crate::view::{Camera, View, WORLD_PX};

/// How many times faster than the pointer the ground may move. Near the horizon a pixel is kilometres wide: what is grabbed there
/// would tear the city away.
const MAX_PULL: f64 = 8.0;

/// Degrees that a drag across the whole width turns.
const TURN_DEGREES: f64 = 360.0;

/// Degrees that a drag across the whole height tilts.
const TILT_DEGREES: f64 = 150.0;

/// Drags the ground that is under one pixel to another.
pub fn pan(view: View, size: Size, from: [f64; 2], to: [f64; 2]) -> View {
    let pixels = [to[0] - from[0], to[1] - from[1]];
    if !pixels.iter().all(|p| p.is_finite()) {
        return view.clamped();
    }
    let camera = Camera::new(view, size);
    let pulled = match (unit(&camera, from), unit(&camera, to)) {
        (Some(a), Some(b)) => [a[0] - b[0], a[1] - b[1]],
        // Above the horizon there is no ground to hold: it goes with the pointer as in the middle of the picture.
        _ => flat(view, size, pixels),
    };
    let most = MAX_PULL * length(flat(view, size, pixels));
    let pull = length(pulled);
    let slower = if pull > most { most / pull } else { 1.0 };
    moved(view, [pulled[0] * slower, pulled[1] * slower])
}

/// Zooms by levels (1 doubles, -1 halves) around the ground under a pixel, which stays there.
pub fn zoom_at(view: View, size: Size, at: [f64; 2], levels: f64) -> View {
    if !levels.is_finite() {
        return view.clamped();
    }
    let nearer = View { zoom: view.zoom + levels, ..view }.clamped();
    let held = unit(&Camera::new(view, size), at).zip(unit(&Camera::new(nearer, size), at));
    match held {
        Some((before, after)) => moved(nearer, [before[0] - after[0], before[1] - after[1]]),
        None => nearer,
    }
}

/// Turns around the middle of the picture by a drag of so many pixels to the right: the near ground goes with the pointer.
pub fn turn(view: View, size: Size, right_px: f64) -> View {
    let degrees = right_px / f64::from(size.width.max(1)) * TURN_DEGREES;
    if !degrees.is_finite() {
        return view.clamped();
    }
    View { bearing: view.bearing + degrees, ..view }.clamped()
}

/// Tilts by a drag of so many pixels down: downwards looks more steeply, upwards shows more of the horizon.
pub fn tilt(view: View, size: Size, down_px: f64) -> View {
    let degrees = down_px / f64::from(size.height.max(1)) * TILT_DEGREES;
    if !degrees.is_finite() {
        return view.clamped();
    }
    View { pitch: view.pitch - degrees, ..view }.clamped()
}

/// Where the ground under a pixel lies in the unit square.
fn unit(camera: &Camera, at: [f64; 2]) -> Option<[f64; 2]> {
    let [lon, lat] = camera.ground(at)?;
    let (x, y) = mercator::project(lon, lat);
    // The camera says what lies beyond the date line as another longitude; the shorter way is meant.
    let (middle, _) = mercator::project(camera.view().lon, 0.0);
    let x = x - (x - middle).round();
    (x.is_finite() && y.is_finite()).then_some([x, y])
}

/// How far the middle goes, in the unit square, when flat ground seen from straight above goes by pixels.
fn flat(view: View, size: Size, pixels: [f64; 2]) -> [f64; 2] {
    let world_px = WORLD_PX * view.zoom.exp2() * f64::from(size.ratio);
    let (sin, cos) = view.bearing.to_radians().sin_cos();
    let [right, down] = pixels.map(|p| -p / world_px);
    [right * cos - down * sin, right * sin + down * cos]
}

fn length(v: [f64; 2]) -> f64 {
    v[0].hypot(v[1])
}

/// The view whose middle lies further by a vector in the unit square.
fn moved(view: View, by: [f64; 2]) -> View {
    let (x, y) = mercator::project(view.lon, view.lat);
    let (x, y) = ((x + by[0]).rem_euclid(1.0), (y + by[1]).clamp(0.0, 1.0));
    if !(x.is_finite() && y.is_finite()) {
        return view.clamped();
    }
    let (lon, lat) = mercator::unproject(x, y);
    View { lon, lat, ..view }.clamped()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: Size = Size { width: 1280, height: 720, ratio: 1.0 };

    fn town() -> View {
        View { lon: 120.65, lat: 28.0, zoom: 16.0, bearing: 30.0, pitch: 50.0 }
    }

    /// Pixels between two places in the picture, where both can be seen.
    fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
        (a[0] - b[0]).hypot(a[1] - b[1])
    }

    /// Where a place on the ground is in the picture.
    fn seen(view: View, place: [f64; 2]) -> [f64; 2] {
        Camera::new(view, SIZE).project(place[0], place[1], 0.0).expect("in front of the camera").at
    }

    #[test]
    fn what_is_grabbed_goes_with_the_pointer() {
        let (from, to) = ([600.0, 500.0], [420.0, 610.0]);
        let held = Camera::new(town(), SIZE).ground(from).expect("ground");
        let view = pan(town(), SIZE, from, to);
        assert!(apart(seen(view, held), to) < 0.01);
        assert_eq!((view.zoom, view.bearing, view.pitch), (16.0, 30.0, 50.0));
    }

    #[test]
    fn the_ground_under_the_pointer_stays_while_zooming() {
        let at = [900.0, 600.0];
        let held = Camera::new(town(), SIZE).ground(at).expect("ground");
        for levels in [1.0, -2.5, 0.1] {
            let view = zoom_at(town(), SIZE, at, levels);
            assert!((view.zoom - 16.0 - levels).abs() < 1e-9);
            assert!(apart(seen(view, held), at) < 0.01, "{levels}");
        }
    }

    #[test]
    fn to_the_right_is_east_when_north_is_up() {
        let north = View { bearing: 0.0, pitch: 0.0, ..town() };
        let west = pan(north, SIZE, [640.0, 360.0], [740.0, 360.0]);
        assert!(
            west.lon < north.lon && (west.lat - north.lat).abs() < 1e-9,
            "dragging right shows what is west: {west:?}"
        );
        let south = pan(north, SIZE, [640.0, 360.0], [640.0, 260.0]);
        assert!(
            south.lat < north.lat && (south.lon - north.lon).abs() < 1e-9,
            "dragging up shows what is south: {south:?}"
        );
    }

    #[test]
    fn from_straight_above_a_pixel_is_a_pixel() {
        let above = View { pitch: 0.0, ..town() };
        let (from, to) = ([100.0, 700.0], [160.0, 620.0]);
        let by_ground = pan(above, SIZE, from, to);
        let by_flat = moved(above, flat(above, SIZE, [60.0, -80.0]));
        assert!(apart([by_ground.lon, by_ground.lat], [by_flat.lon, by_flat.lat]) < 1e-9, "{by_ground:?} {by_flat:?}");
    }

    #[test]
    fn the_sky_moves_the_city_gently() {
        let low = View { pitch: View::MAX_PITCH, ..town() };
        let pixel = length(flat(low, SIZE, [1.0, 0.0]));
        for y in 0..720 {
            let view = pan(low, SIZE, [640.0, f64::from(y)], [640.0, f64::from(y) + 1.0]);
            let (x0, y0) = mercator::project(low.lon, low.lat);
            let (x1, y1) = mercator::project(view.lon, view.lat);
            assert!(apart([x0, y0], [x1, y1]) <= MAX_PULL * pixel * 1.001, "row {y}");
        }
    }

    #[test]
    fn the_date_line_is_no_wall() {
        let fiji = View { lon: 179.999, lat: -17.0, bearing: 0.0, pitch: 0.0, zoom: 16.0 };
        let view = pan(fiji, SIZE, [900.0, 360.0], [300.0, 360.0]);
        assert!(view.lon < -179.9, "{view:?}");
        let back = pan(view, SIZE, [300.0, 360.0], [900.0, 360.0]);
        assert!((back.lon - fiji.lon).abs() < 1e-7, "{back:?}");
    }

    #[test]
    fn a_drag_turns_and_tilts_whatever_the_density() {
        let dense = Size { width: 2560, height: 1440, ratio: 2.0 };
        let turned = turn(town(), SIZE, 128.0);
        assert!((turned.bearing - 66.0).abs() < 1e-9, "{turned:?}");
        assert_eq!(turn(town(), dense, 256.0), turned);
        let tilted = tilt(town(), SIZE, -72.0);
        assert!((tilted.pitch - 65.0).abs() < 1e-9, "{tilted:?}");
        assert_eq!(tilt(town(), dense, -144.0), tilted);
        assert_eq!(tilt(town(), SIZE, 10_000.0).pitch, 0.0);
        assert_eq!(tilt(town(), SIZE, -10_000.0).pitch, View::MAX_PITCH);
    }

    proptest! {
        #[test]
        fn every_motion_gives_a_view_that_can_be_drawn(
            (lon, lat, zoom) in (-180.0..180.0f64, -85.0..85.0f64, 0.0..22.0f64),
            (bearing, pitch) in (-180.0..180.0f64, 0.0..75.0f64),
            (a, b, c, d) in (any::<f64>(), any::<f64>(), -3000.0..3000.0f64, -3000.0..3000.0f64),
        ) {
            let view = View { lon, lat, zoom, bearing, pitch }.clamped();
            for next in [
                pan(view, SIZE, [a, b], [c, d]),
                pan(view, SIZE, [c, d], [d, c]),
                zoom_at(view, SIZE, [c, d], a),
                zoom_at(view, SIZE, [a, b], c / 1000.0),
                turn(view, SIZE, a),
                tilt(view, SIZE, b),
            ] {
                let numbers = [next.lon, next.lat, next.zoom, next.bearing, next.pitch];
                prop_assert!(numbers.iter().all(|n| n.is_finite()), "{next:?}");
                prop_assert_eq!(next, next.clamped());
            }
        }
    }
}
