//! The characters that came, those that were asked for, and those that the font lacks.

use styles::glyph::{BUFFER_PX, Glyph};

/// Texels around a glyph's own field in the atlas, so that a wide halo is not cut off and neighbours do not bleed into each other.
pub(super) const MARGIN: u32 = 2;
/// How much the field falls in a texel: 255 over the glyphs' radius.
pub(super) const FALL: f32 = 255.0 / styles::glyph::RADIUS_PX;
/// More glyphs than this are not kept: four atlases full.
const MOST: usize = 16_384;

/// A character, as far as it is known.
#[derive(Debug, Default)]
pub(super) enum Cell {
    #[default]
    Unknown,
    Asked,
    /// The font lacks it, or it shows nothing: it is left out.
    Absent,
    Here(Box<Art>),
}

/// A glyph, ready for the atlas.
#[derive(Debug)]
pub(super) struct Art {
    /// Its measures; the field is in `texels`.
    pub(super) glyph: Glyph,
    /// Texels with all margins.
    pub(super) size: [u32; 2],
    /// One byte each; empty for a blank.
    pub(super) texels: Vec<u8>,
    /// The frame that last drew it.
    used: u64,
}

/// All characters of Unicode, in pages of 256.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    pages: Vec<Option<Box<[Cell; 256]>>>,
    count: usize,
}

impl Glyphs {
    pub(super) fn cell(&self, c: char) -> &Cell {
        let code = c as usize;
        let page = self.pages.get(code >> 8).and_then(Option::as_ref);
        page.and_then(|page| page.get(code & 0xff)).unwrap_or(&Cell::Unknown)
    }

    pub(super) fn art(&self, c: char) -> Option<&Art> {
        if let Cell::Here(art) = self.cell(c) { Some(art) } else { None }
    }

    /// The same by its number.
    pub(super) fn numbered(&self, code: u32) -> Option<&Art> {
        char::from_u32(code).and_then(|c| self.art(c))
    }

    fn set(&mut self, c: char, to: Cell) {
        let code = c as usize;
        if self.pages.len() <= code >> 8 {
            self.pages.resize_with((code >> 8) + 1, || None);
        }
        let Some(page) = self.pages.get_mut(code >> 8) else { return };
        let page = page.get_or_insert_with(|| Box::new([const { Cell::Unknown }; 256]));
        let Some(cell) = page.get_mut(code & 0xff) else { return };
        let here = |cell: &Cell| usize::from(matches!(cell, Cell::Here(_)));
        self.count = self.count + here(&to) - here(cell);
        *cell = to;
    }

    /// Marks a character as asked for; tells whether it was not before.
    pub(super) fn ask(&mut self, c: char) -> bool {
        if !matches!(self.cell(c), Cell::Unknown) {
            return false;
        }
        let shows = !is_silent(c);
        self.set(c, if shows { Cell::Asked } else { Cell::Absent });
        shows
    }

    /// Takes what came of the characters that were asked for. What did not come is not in the font.
    pub(super) fn came(&mut self, asked: &[char], glyphs: Vec<(char, Glyph)>, frame: u64) {
        for (c, glyph) in glyphs {
            if matches!(self.cell(c), Cell::Asked) {
                self.set(c, Cell::Here(Box::new(art(glyph, frame))));
            }
        }
        for c in asked {
            if matches!(self.cell(*c), Cell::Asked) {
                self.set(*c, Cell::Absent);
            }
        }
    }

    /// They did not come.
    pub(super) fn failed(&mut self, asked: &[char]) {
        for c in asked {
            if matches!(self.cell(*c), Cell::Asked) {
                self.set(*c, Cell::Unknown);
            }
        }
    }

    /// Notes that a character is drawn.
    pub(super) fn touch(&mut self, c: char, frame: u64) -> Option<&Art> {
        let code = c as usize;
        let page = self.pages.get_mut(code >> 8)?.as_mut()?;
        let Cell::Here(art) = page.get_mut(code & 0xff)? else { return None };
        art.used = frame;
        Some(art)
    }

    /// Forgets glyphs when they are too many: those that were not drawn since a frame.
    pub(super) fn trim(&mut self, since: u64) {
        if self.count <= MOST {
            return;
        }
        for cell in self.pages.iter_mut().flatten().flat_map(|page| page.iter_mut()) {
            if matches!(cell, Cell::Here(art) if art.used < since) {
                *cell = Cell::Unknown;
                self.count -= 1;
            }
        }
    }
}

/// Whether a character shows nothing and takes no room: controls, joiners, selectors, marks of direction.
fn is_silent(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Lets the field fall on for some texels beyond its edge.
fn art(mut glyph: Glyph, frame: u64) -> Art {
    let field = std::mem::take(&mut glyph.bitmap);
    if field.is_empty() {
        return Art { glyph, size: [0; 2], texels: field, used: frame };
    }
    let [columns, rows] = [glyph.width, glyph.height].map(|n| n + 2 * BUFFER_PX);
    let size = [columns + 2 * MARGIN, rows + 2 * MARGIN];
    let mut texels = Vec::with_capacity((size[0] * size[1]) as usize);
    for y in 0..size[1] {
        for x in 0..size[0] {
            let inner = |at: u32, count: u32| at.saturating_sub(MARGIN).min(count - 1);
            let (column, row) = (inner(x, columns), inner(y, rows));
            let beyond = [x.abs_diff(column + MARGIN), y.abs_diff(row + MARGIN)].map(|n| n as f32);
            let value = field.get((row * columns + column) as usize).copied().unwrap_or(0);
            texels.push((f32::from(value) - FALL * beyond[0].hypot(beyond[1])).max(0.0) as u8);
        }
    }
    Art { glyph, size, texels, used: frame }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(glyphs: &Glyphs, c: char) -> bool {
        glyphs.art(c).is_some()
    }

    #[test]
    fn a_character_is_asked_for_once() {
        let mut glyphs = Glyphs::default();
        assert!(glyphs.ask('门') && !glyphs.ask('门'));
        glyphs.failed(&['门']);
        assert!(glyphs.ask('门'), "what failed is asked for again");
        glyphs.came(&['门'], vec![('门', Glyph::missing()), ('牌', Glyph::missing())], 1);
        assert!(here(&glyphs, '门') && !glyphs.ask('门'));
        assert!(!here(&glyphs, '牌'), "what nobody asked for is not kept");
        glyphs.failed(&['门']);
        assert!(here(&glyphs, '门'), "a late failure takes nothing away");
    }

    #[test]
    fn what_did_not_come_is_left_out_and_what_shows_nothing_is_not_asked_for() {
        let mut glyphs = Glyphs::default();
        glyphs.ask('猫');
        glyphs.came(&['猫'], Vec::new(), 1);
        assert!(matches!(glyphs.cell('猫'), Cell::Absent));
        for c in ['\n', '\u{200d}', '\u{fe0f}', '\u{202e}'] {
            assert!(!glyphs.ask(c) && matches!(glyphs.cell(c), Cell::Absent));
        }
    }

    #[test]
    fn the_field_falls_on_in_the_margin() {
        let art = art(Glyph::missing(), 0);
        let at = |x: u32, y: u32| art.texels[(y * art.size[0] + x) as usize];
        assert_eq!(art.texels.len(), (art.size[0] * art.size[1]) as usize);
        let middle = art.size[1] / 2;
        let row: Vec<u8> = (0..5).map(|x| at(x, middle)).collect();
        assert!(row.windows(2).all(|w| (30..=33).contains(&w[1].abs_diff(w[0]))), "{row:?}");
        assert!(at(0, 0) < at(2, 2));
    }

    #[test]
    fn too_many_are_forgotten_unless_they_were_drawn() {
        let mut glyphs = Glyphs::default();
        let all: Vec<char> = (0x4e00u32..0x9fff).filter_map(char::from_u32).take(MOST + 1).collect();
        let blank = || Glyph { width: 0, height: 0, left: 0, top: 0, advance: 9, bitmap: Vec::new() };
        for c in &all {
            glyphs.ask(*c);
        }
        glyphs.came(&all, all.iter().map(|c| (*c, blank())).collect(), 1);
        glyphs.touch(all[5], 9);
        glyphs.trim(5);
        assert_eq!(glyphs.count, 1);
        assert!(here(&glyphs, all[5]) && glyphs.ask(all[6]));
    }
}
