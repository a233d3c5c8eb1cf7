//! Drawing glyphs out of a font file (TTF, OTF, TTC).

use super::sdf::{Segment, draw};
use super::{Glyph, SIZE_PX};
use crate::text::Text;
use ttf_parser::{Face, OutlineBuilder, name_id};

/// Into how many straight pieces a curve is cut: at 24 pixels, the error is below a hundredth of a pixel.
const PIECES: u8 = 8;

/// No collection has more faces.
const MAX_FACES: u32 = 256;

/// One face of a font file.
pub struct Font<'a> {
    face: Face<'a>,
    scale: f32,
}

impl<'a> Font<'a> {
    /// Finds the face with this family or full name in a font file or collection.
    pub fn find(bytes: &'a [u8], name: &str) -> Result<Self, Text> {
        let mut seen: Vec<String> = Vec::new();
        // A lying count would overflow in the parser, so it is looked at first.
        let count = match bytes {
            [b't', b't', b'c', b'f', _, _, _, _, n @ ..] => {
                n.first_chunk().map_or(0, |n| u32::from_be_bytes(*n)).min(MAX_FACES + 1)
            }
            _ => 1,
        };
        if count > MAX_FACES {
            return Err(Text::new(
                format!("字体集声称有超过 {MAX_FACES} 个字体，文件损坏"),
                format!("The font collection claims more than {MAX_FACES} faces; the file is damaged."),
            ));
        }
        for index in 0..count {
            let face = Face::parse(bytes, index).map_err(|cause| {
                Text::new(
                    format!("字体文件的第 {index} 个字体读不出：{cause}；请换一个 TTF、OTF 或 TTC 文件"),
                    format!("Face {index} of the font cannot be read: {cause}. Give a TTF, OTF or TTC file."),
                )
            })?;
            let names: Vec<String> = face
                .names()
                .into_iter()
                .filter(|n| [name_id::FAMILY, name_id::FULL_NAME, name_id::TYPOGRAPHIC_FAMILY].contains(&n.name_id))
                .filter_map(|n| n.to_string())
                .collect();
            if names.iter().any(|known| known == name) {
                let scale = SIZE_PX / f32::from(face.units_per_em().max(1));
                return Ok(Self { face, scale });
            }
            seen.extend(names);
        }
        seen.sort();
        seen.dedup();
        Err(Text::new(
            format!("字体文件中没有“{name}”，只有：{}", seen.join("、")),
            format!("The font file has no face \"{name}\"; it has: {}.", seen.join(", ")),
        ))
    }

    /// Every character that the face can show, in order.
    pub fn characters(&self) -> Vec<char> {
        let mut all = Vec::new();
        if let Some(cmap) = self.face.tables().cmap {
            for table in cmap.subtables.into_iter().filter(ttf_parser::cmap::Subtable::is_unicode) {
                table.codepoints(|code| all.extend(char::from_u32(code)));
            }
        }
        all.sort_unstable();
        all.dedup();
        all.retain(|c| self.face.glyph_index(*c).is_some_and(|id| id.0 != 0));
        all
    }

    /// Draws a character; nothing when the face lacks it.
    pub fn glyph(&self, c: char) -> Option<Glyph> {
        let id = self.face.glyph_index(c).filter(|id| id.0 != 0)?;
        let advance = f32::from(self.face.glyph_hor_advance(id).unwrap_or(0)) * self.scale;
        let mut outline = Outline { scale: self.scale, segments: Vec::new(), start: [0.0; 2], pen: [0.0; 2] };
        // A blank has no outline.
        let _blank = self.face.outline_glyph(id, &mut outline).is_none();
        Some(draw(&outline.segments, advance.round().max(0.0) as u32))
    }
}

struct Outline {
    scale: f32,
    segments: Vec<Segment>,
    start: [f32; 2],
    pen: [f32; 2],
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> [f32; 2] {
        [x * self.scale, y * self.scale]
    }

    fn to(&mut self, to: [f32; 2]) {
        if to != self.pen {
            self.segments.push([self.pen, to]);
            self.pen = to;
        }
    }

    /// A Bézier curve of any degree, by De Casteljau's construction.
    fn curve<const N: usize>(&mut self, points: [[f32; 2]; N]) {
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let mut rest = points;
            for left in (1..N).rev() {
                for i in 0..left {
                    let (a, b) = (rest[i], rest[i + 1]);
                    rest[i] = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
                }
            }
            self.to(rest[0]);
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.start = self.at(x, y);
        self.pen = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to(self.at(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.curve([self.pen, self.at(x1, y1), self.at(x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.curve([self.pen, self.at(x1, y1), self.at(x2, y2), self.at(x, y)]);
    }

    fn close(&mut self) {
        self.to(self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::Font;

    #[test]
    fn a_file_that_is_no_font_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", &[0xff; 64], b"ttcf\x00\x01\x00\x00\xff\xff\xff\xff"] {
            assert!(Font::find(bytes, "any").is_err());
        }
    }
}
