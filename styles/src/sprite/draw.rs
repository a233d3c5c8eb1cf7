//! Drawing one icon.

use super::ICON_SIZE;
use super::icon::{IconDrawing, Shape, Step};
use tiny_skia::{Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

/// The height of a doorplate on its field of 24.
const PLATE_HEIGHT: u32 = 16;
/// How far a circle's control points lie from its corners: 4/3 (√2 − 1).
const ROUND: f32 = 0.552_284_8;

pub(super) fn icon(icon: &IconDrawing, scale: u8) -> Option<Pixmap> {
    let height = if icon.shape == Shape::Plate { PLATE_HEIGHT } else { ICON_SIZE };
    let factor = u32::from(scale);
    let mut pen = Pen {
        picture: Pixmap::new(ICON_SIZE * factor, height * factor)?,
        zoom: Transform::from_scale(f32::from(scale), f32::from(scale)),
    };
    let [r, g, b] = icon.color;
    let badge = Color::from_rgba8(r, g, b, 255);
    pen.badge(icon.shape, badge);
    let mut color = if icon.shape == Shape::None { badge } else { Color::WHITE };
    let mut width = None;
    let mut path = PathBuilder::new();
    for step in &icon.steps {
        match *step {
            Step::Move(x, y) => path.move_to(x, y),
            Step::Line(x, y) => path.line_to(x, y),
            Step::Curve(cx, cy, x, y) => path.quad_to(cx, cy, x, y),
            Step::Close => path.close(),
            Step::Circle(x, y, r) => path.push_circle(x, y, r),
            Step::Rect { x, y, w, h, r } => round_rect(&mut path, [x, y, w, h], r),
            Step::Fill | Step::Stroke(_) | Step::White | Step::Badge => {
                pen.draw(std::mem::take(&mut path).finish(), color, width);
                match *step {
                    Step::Stroke(w) => width = Some(w),
                    Step::White => color = Color::WHITE,
                    Step::Badge => color = badge,
                    _ => width = None,
                }
            }
        }
    }
    pen.draw(path.finish(), color, width);
    Some(pen.picture)
}

struct Pen {
    picture: Pixmap,
    zoom: Transform,
}

impl Pen {
    fn draw(&mut self, path: Option<Path>, color: Color, width: Option<f32>) {
        let Some(path) = path else { return };
        let mut paint = Paint::default();
        paint.set_color(color);
        paint.anti_alias = true;
        match width {
            None => self.picture.fill_path(&path, &paint, FillRule::Winding, self.zoom, None),
            Some(width) => {
                let stroke =
                    Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
                self.picture.stroke_path(&path, &paint, &stroke, self.zoom, None);
            }
        }
    }

    /// A soft shadow, a white rim, the badge.
    fn badge(&mut self, shape: Shape, color: Color) {
        let shadow = Color::from_rgba8(20, 30, 45, 46);
        match shape {
            Shape::None => {}
            Shape::Plate => {
                self.draw(rect([0.5, 0.5, 23.0, 15.0], 3.0), shadow, None);
                self.draw(rect([1.0, 1.0, 22.0, 14.0], 2.6), Color::WHITE, None);
                self.draw(rect([1.8, 1.8, 20.4, 12.4], 2.0), color, None);
            }
            Shape::Circle => {
                self.draw(circle(12.0, 12.4, 11.5), shadow, None);
                self.draw(circle(12.0, 12.0, 11.2), Color::WHITE, None);
                self.draw(circle(12.0, 12.0, 10.1), color, None);
            }
            Shape::Square => {
                self.draw(rect([1.0, 1.4, 22.0, 22.0], 6.2), shadow, None);
                self.draw(rect([1.2, 1.2, 21.6, 21.6], 6.0), Color::WHITE, None);
                self.draw(rect([2.3, 2.3, 19.4, 19.4], 5.0), color, None);
            }
            Shape::Triangle => {
                self.draw(triangle(), shadow, Some(4.6));
                self.draw(triangle(), Color::WHITE, Some(4.0));
                self.draw(triangle(), color, Some(1.9));
                self.draw(triangle(), color, None);
            }
            Shape::Pin => {
                self.draw(pin(1.0), shadow, Some(2.8));
                self.draw(pin(1.0), Color::WHITE, Some(2.2));
                self.draw(pin(1.0), color, None);
            }
        }
    }
}

fn circle(x: f32, y: f32, r: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, r)
}

fn rect(area: [f32; 4], r: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    round_rect(&mut path, area, r);
    path.finish()
}

fn triangle() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(12.0, 4.0);
    path.line_to(20.6, 19.2);
    path.line_to(3.4, 19.2);
    path.close();
    path.finish()
}

/// A drop that points down; its tip is the place.
fn pin(top: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(12.0, 22.6);
    path.quad_to(3.4, 14.6, 3.4, top + 8.4);
    path.cubic_to(3.4, top + 3.6, 7.2, top + 0.4, 12.0, top + 0.4);
    path.cubic_to(16.8, top + 0.4, 20.6, top + 3.6, 20.6, top + 8.4);
    path.quad_to(20.6, 14.6, 12.0, 22.6);
    path.close();
    path.finish()
}

fn round_rect(path: &mut PathBuilder, [x, y, w, h]: [f32; 4], r: f32) {
    let r = r.min(w / 2.0).min(h / 2.0);
    let c = r * (1.0 - ROUND);
    let (right, bottom) = (x + w, y + h);
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - c, y, right, y + c, right, y + r);
    path.line_to(right, bottom - r);
    path.cubic_to(right, bottom - c, right - c, bottom, right - r, bottom);
    path.line_to(x + r, bottom);
    path.cubic_to(x + c, bottom, x, bottom - c, x, bottom - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + c, x + c, y, x + r, y);
    path.close();
}
