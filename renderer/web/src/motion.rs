//! Motions in pixels of the page, for the renderer's in pixels of the target.

use renderer::frame::Size;
use renderer::motion;
use renderer::view::View;

fn target(size: Size, at: [f64; 2]) -> [f64; 2] {
    at.map(|length| length * f64::from(size.ratio))
}

pub(crate) fn pan(view: View, size: Size, from: [f64; 2], to: [f64; 2]) -> View {
    motion::pan(view, size, target(size, from), target(size, to))
}

pub(crate) fn zoom_at(view: View, size: Size, at: [f64; 2], by: f64) -> View {
    motion::zoom_at(view, size, target(size, at), by)
}

pub(crate) fn turn(view: View, size: Size, right: f64) -> View {
    motion::turn(view, size, right * f64::from(size.ratio))
}

pub(crate) fn tilt(view: View, size: Size, down: f64) -> View {
    motion::tilt(view, size, down * f64::from(size.ratio))
}
