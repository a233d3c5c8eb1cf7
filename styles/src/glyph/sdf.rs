//! Signed distance fields out of outlines.

use super::{ASCENDER_PX, BUFFER_PX, CUTOFF, Glyph, RADIUS_PX};

/// A straight piece of an outline, in pixels, y upwards from the baseline.
pub(super) type Segment = [[f32; 2]; 2];

/// A glyph larger than this is drawn blank: no face has one, a broken font may.
pub(super) const MAX_SIDE: f32 = 200.0;

pub(super) fn rectangle(left: f32, bottom: f32, right: f32, top: f32) -> Vec<Segment> {
    let corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
    (0..4).map(|i| [corners[i], corners[(i + 1) % 4]]).collect()
}

/// Draws closed outlines; what winds around a point is inside.
pub(super) fn draw(outline: &[Segment], advance: u32) -> Glyph {
    let blank = Glyph { width: 0, height: 0, left: 0, top: 0, advance, bitmap: Vec::new() };
    let points = || outline.iter().flatten();
    let least = |axis: usize| points().map(|p| p[axis]).fold(f32::INFINITY, f32::min).floor();
    let most = |axis: usize| points().map(|p| p[axis]).fold(f32::NEG_INFINITY, f32::max).ceil();
    let (left, bottom, right, top) = (least(0), least(1), most(0), most(1));
    // Also false for outlines without points and with numbers that are none.
    if !(right - left > 0.0 && top - bottom > 0.0 && right - left <= MAX_SIDE && top - bottom <= MAX_SIDE) {
        return blank;
    }
    let (width, height) = ((right - left) as u32, (top - bottom) as u32);
    let (columns, rows) = (width + 2 * BUFFER_PX, height + 2 * BUFFER_PX);
    let mut bitmap = Vec::with_capacity((columns * rows) as usize);
    for row in 0..rows {
        let y = top + BUFFER_PX as f32 - row as f32 - 0.5;
        let near: Vec<&Segment> = outline.iter().filter(|s| reaches(s, y)).collect();
        for column in 0..columns {
            let x = left - BUFFER_PX as f32 + column as f32 + 0.5;
            bitmap.push(value(&near, x, y));
        }
    }
    Glyph { width, height, left: left as i32, top: top as i32 - ASCENDER_PX, advance, bitmap }
}

/// Whether a segment can matter to a row: further away, the field is flat.
fn reaches(segment: &Segment, y: f32) -> bool {
    let (a, b) = (segment[0][1], segment[1][1]);
    a.min(b) - RADIUS_PX <= y && y <= a.max(b) + RADIUS_PX
}

fn value(segments: &[&Segment], x: f32, y: f32) -> u8 {
    let mut least = RADIUS_PX * RADIUS_PX;
    let mut winding = 0;
    for [[ax, ay], [bx, by]] in segments {
        let (dx, dy) = (bx - ax, by - ay);
        let (px, py) = (x - ax, y - ay);
        let length = dx * dx + dy * dy;
        let t = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (ex, ey) = (px - dx * t, py - dy * t);
        least = least.min(ex * ex + ey * ey);
        if (*ay > y) != (*by > y) && x < ax + dx * (y - ay) / dy {
            winding += if *by > *ay { 1 } else { -1 };
        }
    }
    let distance = if winding == 0 { least.sqrt() } else { -least.sqrt() };
    (255.0 - 255.0 * (distance / RADIUS_PX + CUTOFF)).clamp(0.0, 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::{draw, rectangle};
    use crate::glyph::BUFFER_PX;

    #[test]
    fn the_field_falls_by_32_a_pixel_and_is_191_on_the_outline() {
        let glyph = draw(&rectangle(0.0, 0.0, 20.0, 20.0), 20);
        assert_eq!((glyph.width, glyph.height, glyph.left), (20, 20, 0));
        let columns = (glyph.width + 2 * BUFFER_PX) as usize;
        let middle: Vec<u8> = glyph.bitmap.iter().skip(columns * 13).take(6).copied().collect();
        // Centres of pixels: 2.5, 1.5, 0.5 outside, then 0.5, 1.5, 2.5 inside.
        assert_eq!(middle, [112, 143, 175, 207, 239, 255]);
    }

    #[test]
    fn what_is_not_an_outline_is_blank() {
        assert!(draw(&[], 6).bitmap.is_empty());
        assert!(draw(&[[[f32::NAN; 2]; 2]], 6).bitmap.is_empty());
        assert!(draw(&rectangle(0.0, 0.0, 1e9, 1e9), 6).bitmap.is_empty());
    }
}
