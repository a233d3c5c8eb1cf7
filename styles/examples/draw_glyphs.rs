//! Draws a line of text from its distance fields, to look at: `draw_glyphs FONT FACE TEXT OUT.png`. The grey lines are
//! the middle and the edges of a line as MapLibre sets it.

use styles::glyph::font::Font;
use styles::glyph::{BUFFER_PX, Glyph};
use tiny_skia::{Color, Paint, Pixmap, Rect, Transform};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [font, face, text, out] = arguments.as_slice() else {
        return Err("draw_glyphs FONT FACE TEXT OUT.png".into());
    };
    let bytes = std::fs::read(font)?;
    let font = Font::find(&bytes, face)?;
    let glyphs: Vec<Glyph> = text.chars().map(|c| font.glyph(c).unwrap_or_else(Glyph::missing)).collect();
    let width: u32 = glyphs.iter().map(|g| g.advance).sum();
    let mut picture = Pixmap::new(width + 20, 48).ok_or("no room")?;
    picture.fill(Color::WHITE);
    for y in [12.0, 24.0, 36.0] {
        let mut paint = Paint::default();
        paint.set_color_rgba8(210, 210, 210, 255);
        let line = Rect::from_xywh(0.0, y, (width + 20) as f32, 1.0).ok_or("a line")?;
        picture.fill_rect(line, &paint, Transform::identity(), None);
    }
    let mut pen = 10_i32;
    for glyph in &glyphs {
        draw(&mut picture, glyph, pen);
        pen += glyph.advance as i32;
    }
    std::fs::write(out, picture.encode_png()?)?;
    Ok(())
}

fn draw(picture: &mut Pixmap, glyph: &Glyph, pen: i32) {
    let columns = (glyph.width + 2 * BUFFER_PX) as usize;
    // The baseline is where MapLibre puts it: 17 above the middle, less the glyph's top.
    let (left, top) = (pen + glyph.left - BUFFER_PX as i32, 24 - 17 - glyph.top - BUFFER_PX as i32);
    for (i, value) in glyph.bitmap.iter().enumerate() {
        let ink = ((f32::from(*value) - 191.0) / 32.0 + 0.5).clamp(0.0, 1.0);
        let mut paint = Paint::default();
        paint.set_color_rgba8(30, 40, 60, (ink * 255.0) as u8);
        let (x, y) = (left + (i % columns) as i32, top + (i / columns) as i32);
        if let Some(dot) = Rect::from_xywh(x as f32, y as f32, 1.0, 1.0) {
            picture.fill_rect(dot, &paint, Transform::identity(), None);
        }
    }
}
