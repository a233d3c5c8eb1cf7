//! What a hand does with mouse and keys, as motions of the view. Pure: the window tells it what happened and when.

use std::time::Duration;

use renderer::frame::Size;
use renderer::motion;
use renderer::view::View;

/// Target pixels, in sheet pixels, that a press may move and still be a click.
const STILL_PX: f64 = 4.0;
/// Two clicks within this time, at the same place, are a double click.
const DOUBLE: Duration = Duration::from_millis(400);
/// Wheel notches that double the scale.
const NOTCHES: f64 = 4.0;
/// Touchpad pixels that double the scale.
const SCROLL_PX: f64 = 200.0;
/// Part of the picture that an arrow key moves.
const ARROW: f64 = 0.125;
/// Degrees of a key.
const TURN: f64 = 15.0;
const TILT: f64 = 10.0;

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Left,
    Right,
    Up,
    Down,
    Nearer,
    Farther,
    TurnLeft,
    TurnRight,
    Flatter,
    Steeper,
    North,
}

/// What follows of what a hand did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Deed {
    /// Nothing.
    None,
    /// Look from elsewhere.
    Look(View),
    /// Tell what is at a target pixel.
    Pick([f64; 2]),
}

/// What a pressed button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drag {
    Pan,
    Turn,
}

/// The hand on the mouse.
#[derive(Debug, Default)]
pub(super) struct Hand {
    at: [f64; 2],
    drag: Option<(Drag, [f64; 2])>,
    has_moved: bool,
    clicked: Option<(Duration, [f64; 2])>,
    /// Whether the control key is down.
    pub(super) is_control: bool,
}

impl Hand {
    /// The pointer is at a target pixel.
    pub(super) fn moved(&mut self, view: View, size: Size, to: [f64; 2]) -> Deed {
        let from = std::mem::replace(&mut self.at, to);
        let Some((drag, begin)) = self.drag else { return Deed::None };
        self.has_moved |= !near(begin, to, size);
        if !self.has_moved {
            // A click with an unsteady hand moves nothing, but what it moved is not lost if it becomes a drag.
            self.at = from;
            return Deed::None;
        }
        Deed::Look(match drag {
            Drag::Pan => motion::pan(view, size, from, to),
            Drag::Turn => motion::tilt(motion::turn(view, size, to[0] - from[0]), size, to[1] - from[1]),
        })
    }

    /// A button goes down; `is_right` tells which.
    pub(super) fn pressed(&mut self, is_right: bool) {
        let drag = if is_right || self.is_control { Drag::Turn } else { Drag::Pan };
        self.drag = Some((drag, self.at));
        self.has_moved = false;
    }

    /// It goes up. `now` counts from anywhere, but always from there.
    pub(super) fn released(&mut self, view: View, size: Size, now: Duration) -> Deed {
        let Some((drag, begin)) = self.drag.take() else { return Deed::None };
        if self.has_moved || drag == Drag::Turn {
            return Deed::None;
        }
        let before = self.clicked.take();
        if before.is_some_and(|(then, at)| now.saturating_sub(then) <= DOUBLE && near(at, begin, size)) {
            return Deed::Look(motion::zoom_at(view, size, begin, 1.0));
        }
        self.clicked = Some((now, begin));
        Deed::Pick(begin)
    }

    /// The wheel turns by notches away from the hand.
    pub(super) fn wheel(&self, view: View, size: Size, notches: f64) -> Deed {
        Deed::Look(motion::zoom_at(view, size, self.at, notches / NOTCHES))
    }

    /// A touchpad scrolls by target pixels.
    pub(super) fn scrolled(&self, view: View, size: Size, px: f64) -> Deed {
        Deed::Look(motion::zoom_at(view, size, self.at, px / f64::from(size.ratio) / SCROLL_PX))
    }
}

fn near(a: [f64; 2], b: [f64; 2], size: Size) -> bool {
    (a[0] - b[0]).hypot(a[1] - b[1]) <= STILL_PX * f64::from(size.ratio)
}

/// What a key does to a view.
pub(super) fn key(view: View, size: Size, key: Key) -> View {
    let [width, height] = [size.width, size.height].map(f64::from);
    let middle = [width / 2.0, height / 2.0];
    let pan = |right: f64, down: f64| {
        motion::pan(view, size, middle, [middle[0] - right * width * ARROW, middle[1] - down * height * ARROW])
    };
    match key {
        Key::Left => pan(-1.0, 0.0),
        Key::Right => pan(1.0, 0.0),
        Key::Up => pan(0.0, -1.0),
        Key::Down => pan(0.0, 1.0),
        Key::Nearer => motion::zoom_at(view, size, middle, 0.5),
        Key::Farther => motion::zoom_at(view, size, middle, -0.5),
        Key::TurnLeft => View { bearing: view.bearing - TURN, ..view }.clamped(),
        Key::TurnRight => View { bearing: view.bearing + TURN, ..view }.clamped(),
        Key::Flatter => View { pitch: view.pitch + TILT, ..view }.clamped(),
        Key::Steeper => View { pitch: view.pitch - TILT, ..view }.clamped(),
        Key::North => View { bearing: 0.0, ..view },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 1280, height: 720, ratio: 1.0 };
    const VIEW: View = View { lon: 120.65, lat: 28.0, zoom: 16.0, bearing: 20.0, pitch: 40.0 };

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn at(x: f64, y: f64) -> Hand {
        Hand { at: [x, y], ..Hand::default() }
    }

    #[test]
    fn a_still_press_picks_and_a_second_zooms() {
        let mut hand = at(100.0, 500.0);
        hand.pressed(false);
        assert_eq!(hand.moved(VIEW, SIZE, [102.0, 501.0]), Deed::None);
        assert_eq!(hand.released(VIEW, SIZE, ms(0)), Deed::Pick([100.0, 500.0]));
        hand.pressed(false);
        let Deed::Look(nearer) = hand.released(VIEW, SIZE, ms(300)) else { panic!("a double click zooms") };
        assert!((nearer.zoom - 17.0).abs() < 1e-9);
        // The third click is a first one again, and so is one that comes late or elsewhere.
        hand.pressed(false);
        assert!(matches!(hand.released(VIEW, SIZE, ms(350)), Deed::Pick(_)));
        hand.pressed(false);
        assert!(matches!(hand.released(VIEW, SIZE, ms(2000)), Deed::Pick(_)));
        hand.moved(VIEW, SIZE, [300.0, 500.0]);
        hand.pressed(false);
        assert!(matches!(hand.released(VIEW, SIZE, ms(2100)), Deed::Pick(_)));
    }

    #[test]
    fn a_drag_pans_and_picks_nothing() {
        let mut hand = at(600.0, 500.0);
        assert_eq!(hand.moved(VIEW, SIZE, [610.0, 500.0]), Deed::None, "nothing is pressed");
        hand.pressed(false);
        hand.moved(VIEW, SIZE, [612.0, 500.0]);
        let Deed::Look(view) = hand.moved(VIEW, SIZE, [700.0, 540.0]) else { panic!("a drag looks elsewhere") };
        assert_eq!(view, motion::pan(VIEW, SIZE, [610.0, 500.0], [700.0, 540.0]), "the first pixels count too");
        assert_eq!(hand.released(view, SIZE, ms(0)), Deed::None);
    }

    #[test]
    fn the_right_button_or_control_turns_and_tilts() {
        for (is_right, is_control) in [(true, false), (false, true)] {
            let mut hand = Hand { is_control, ..at(600.0, 300.0) };
            hand.pressed(is_right);
            let Deed::Look(view) = hand.moved(VIEW, SIZE, [728.0, 264.0]) else { panic!("it turns") };
            assert!((view.bearing - 56.0).abs() < 1e-9 && (view.pitch - 47.5).abs() < 1e-9, "{view:?}");
            assert_eq!((view.lon, view.lat, view.zoom), (VIEW.lon, VIEW.lat, VIEW.zoom));
            assert_eq!(hand.released(view, SIZE, ms(0)), Deed::None);
        }
        let mut hand = at(600.0, 300.0);
        hand.pressed(true);
        assert_eq!(hand.released(VIEW, SIZE, ms(0)), Deed::None, "a right click picks nothing");
    }

    #[test]
    fn keys_do_what_they_say() {
        let north = View { bearing: 0.0, ..VIEW };
        assert!(key(north, SIZE, Key::Right).lon > north.lon && key(north, SIZE, Key::Left).lon < north.lon);
        assert!(key(north, SIZE, Key::Up).lat > north.lat && key(north, SIZE, Key::Down).lat < north.lat);
        assert!(key(VIEW, SIZE, Key::Nearer).zoom > VIEW.zoom && key(VIEW, SIZE, Key::Farther).zoom < VIEW.zoom);
        assert_eq!(key(VIEW, SIZE, Key::TurnRight).bearing, 35.0);
        assert_eq!(key(VIEW, SIZE, Key::TurnLeft).bearing, 5.0);
        assert_eq!(key(VIEW, SIZE, Key::Flatter).pitch, 50.0);
        assert_eq!(key(VIEW, SIZE, Key::Steeper).pitch, 30.0);
        assert_eq!(key(VIEW, SIZE, Key::North), north);
    }
}
