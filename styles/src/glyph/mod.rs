//! Glyphs as MapLibre wants them: signed distance fields of outlines, in protobuf messages.
//!
//! [`font::Font`] draws glyphs out of a font file; [`pack::Pack`] keeps the drawn glyphs of one font in a file and
//! answers ranges, or exactly the characters that are asked for; [`read`] reads those answers again. The set-up step makes
//! the pack with the program `glyph-pack`; a running server only reads it.

pub mod font;
#[cfg(not(target_arch = "wasm32"))]
pub mod pack;
mod pbf;
mod read;
mod sdf;

#[cfg(not(target_arch = "wasm32"))]
pub use pack::{Glyphs, Missing, Pack};
pub use pbf::message;
pub use read::read;

/// The size in pixels at which glyphs are drawn; renderers scale from it.
pub const SIZE_PX: f32 = 24.0;
/// The free pixels around a glyph.
pub const BUFFER_PX: u32 = 3;
/// How far from the outline, in pixels, the field still falls.
pub const RADIUS_PX: f32 = 8.0;
/// The part of the field's values that lies outside the outline.
pub const CUTOFF: f32 = 0.25;
/// From the top of a line to its baseline. MapLibre hangs glyphs from the top of the line and sets the baseline 17
/// pixels below the middle of its own choosing; with 26, the middle of Chinese characters and of capitals (8.8 pixels
/// above the baseline) falls on the middle of the line, so that numbers sit centred on their plates.
const ASCENDER_PX: i32 = 26;

/// One drawn glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// Pixels without the buffer.
    pub width: u32,
    /// Pixels without the buffer.
    pub height: u32,
    /// From the pen to the left edge.
    pub left: i32,
    /// From the top of the line to the upper edge, upwards; mostly negative.
    pub top: i32,
    /// From this pen position to the next.
    pub advance: u32,
    /// The field with the buffer around it, row by row: 191 on the outline, more inside. Empty for a blank.
    pub bitmap: Vec<u8>,
}

impl Glyph {
    /// The box that stands for a character that the font lacks.
    pub fn missing() -> Self {
        let outer = sdf::rectangle(3.0, -2.0, 21.0, 19.0);
        let mut inner = sdf::rectangle(5.0, 0.0, 19.0, 17.0);
        // Turned the other way round, so that the winding leaves a hole.
        inner.reverse();
        let turned = inner.into_iter().map(|s| [s[1], s[0]]);
        sdf::draw(&outer.into_iter().chain(turned).collect::<Vec<_>>(), 24)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUFFER_PX, Glyph};

    #[test]
    fn the_box_is_a_frame() {
        let glyph = Glyph::missing();
        let columns = glyph.width + 2 * BUFFER_PX;
        let at = |x: u32, y: u32| glyph.bitmap[(y * columns + x) as usize];
        let middle = (columns / 2, BUFFER_PX + glyph.height / 2);
        assert!(at(middle.0, middle.1) < 191, "the middle is empty");
        assert!(at(BUFFER_PX + 1, middle.1) >= 191, "the frame is full");
        assert!(at(0, 0) < 191, "outside is empty");
    }
}
