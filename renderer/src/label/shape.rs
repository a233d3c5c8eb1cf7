//! Setting a text: where each character stands from the anchor.
//!
//! Lengths are in pixels of the glyphs' own size (24 to the em), y downwards. Lines and characters stand where MapLibre puts them, so
//! that a city looks the same in both. Writing from right to left is not turned round.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use styles::glyph::SIZE_PX;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::breaks;
use super::glyphs::{Cell, Glyphs};

/// Where MapLibre puts the top of a glyph's line from the middle of that line.
const LINE_TOP: f32 = -17.0;
/// A longer text is cut: nobody reads it on a map.
const LONGEST: usize = 256;
/// Set texts that are remembered; twice as many at most.
const REMEMBERED: usize = 1 << 16;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Setting {
    /// Em; not positive for one line.
    pub(super) max_width: f32,
    /// Em.
    pub(super) line_height: f32,
    /// Em.
    pub(super) spacing: f32,
    /// Which part of the text lies on the anchor: 0 left and top, 1 right and bottom.
    pub(super) align: [f32; 2],
    /// Where shorter lines lie: 0 left, 1 right.
    pub(super) justify: f32,
}

/// One character of a set text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Where its pen stands.
    pub(super) at: [f32; 2],
    /// Half of its advance.
    pub(super) half: f32,
}

/// A set text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) letters: Vec<Letter>,
    /// Left, top, right, bottom from the anchor.
    pub(super) bounds: [f32; 4],
}

/// Sets a text; nothing while a character is still to come.
pub(super) fn shape(text: &str, setting: &Setting, glyphs: &Glyphs) -> Option<Shape> {
    let spacing = sane(setting.spacing, 10.0) * SIZE_PX;
    let mut chars = Vec::new();
    let mut advances = Vec::new();
    for c in text.chars().take(LONGEST) {
        let advance = match glyphs.cell(c) {
            Cell::Here(art) => art.glyph.advance as f32 + spacing,
            Cell::Absent if c == '\n' => 0.0,
            Cell::Absent => continue,
            Cell::Unknown | Cell::Asked => return None,
        };
        chars.push(c);
        advances.push(advance);
    }
    let ends = breaks::lines(&chars, &advances, sane(setting.max_width, 1e4) * SIZE_PX);
    let height = sane(setting.line_height, 10.0) * SIZE_PX;
    let mut lines = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let (mut first, mut last) = (start, end);
        let is_blank = |i: usize| chars.get(i).is_none_or(|c| c.is_whitespace());
        while first < last && is_blank(first) {
            first += 1;
        }
        while first < last && is_blank(last - 1) {
            last -= 1;
        }
        start = end;
        let length = advances.get(first..last).unwrap_or_default().iter().sum::<f32>() - spacing;
        lines.push((first..last, length.max(0.0)));
    }
    let width = lines.iter().map(|(_, length)| *length).fold(0.0, f32::max);
    let count = lines.len() as f32;
    let left = -setting.align[0] * width;
    let top = -setting.align[1] * count * height;
    let mut letters = Vec::with_capacity(chars.len());
    for (row, (range, length)) in (0u16..).zip(lines) {
        let y = top + (f32::from(row) + 0.5) * height + LINE_TOP;
        let mut x = left + setting.justify * (width - length);
        for i in range {
            let (Some(c), Some(advance)) = (chars.get(i), advances.get(i)) else { break };
            letters.push(Letter { c: *c, at: [x, y], half: (advance - spacing) / 2.0 });
            x += advance;
        }
    }
    Some(Shape { letters, bounds: [left, top, left + width, top + count * height] })
}

/// A sheet may say anything.
fn sane(n: f32, most: f32) -> f32 {
    if n.is_finite() { n.clamp(-most, most) } else { 0.0 }
}

/// Texts that were set before: most labels of a frame were in the last one too.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    young: FxHashMap<u64, Arc<Shape>>,
    old: FxHashMap<u64, Arc<Shape>>,
}

impl Shapes {
    pub(super) fn get(&mut self, text: &str, setting: &Setting, glyphs: &Glyphs) -> Option<Arc<Shape>> {
        let Setting { max_width, line_height, spacing, align, justify } = *setting;
        let numbers = [max_width, line_height, spacing, align[0], align[1], justify];
        let key = xxh3_64_with_seed(text.as_bytes(), xxh3_64(bytemuck::bytes_of(&numbers)));
        if let Some(found) = self.young.get(&key) {
            return Some(Arc::clone(found));
        }
        let found = match self.old.remove(&key) {
            Some(found) => found,
            None => Arc::new(shape(text, setting, glyphs)?),
        };
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, Arc::clone(&found));
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use styles::glyph::Glyph;

    const CENTER: Setting = Setting { max_width: 8.0, line_height: 1.2, spacing: 0.0, align: [0.5; 2], justify: 0.5 };

    fn glyphs(text: &str) -> Glyphs {
        let mut glyphs = Glyphs::default();
        let all: Vec<char> = text.chars().filter(|c| glyphs.ask(*c)).collect();
        glyphs.came(&all, all.iter().map(|c| (*c, Glyph::missing())).collect(), 0);
        glyphs
    }

    /// The bounds to a hundredth.
    fn bounds(shape: &Shape) -> [f32; 4] {
        shape.bounds.map(|n| (n * 100.0).round() / 100.0)
    }

    fn set(text: &str, setting: &Setting) -> Shape {
        shape(text, setting, &glyphs(text)).expect("all glyphs are there")
    }

    #[test]
    fn a_line_is_centred_on_the_anchor() {
        let shape = set("门牌", &CENTER);
        let at: Vec<[f32; 2]> = shape.letters.iter().map(|l| l.at).collect();
        assert_eq!(at, [[-24.0, -17.0], [0.0, -17.0]]);
        assert_eq!(bounds(&shape), [-24.0, -14.4, 24.0, 14.4]);
    }

    #[test]
    fn lines_stand_below_each_other() {
        let shape = set("一二三四五六七八九十", &CENTER);
        let rows: Vec<f32> = shape.letters.iter().map(|l| l.at[1]).collect();
        let wanted = [-17.0 - 14.4, -17.0 + 14.4];
        assert!(rows.iter().all(|y| wanted.iter().any(|w| (y - w).abs() < 1e-3)), "{rows:?}");
        assert_eq!(bounds(&shape), [-60.0, -28.8, 60.0, 28.8]);
    }

    #[test]
    fn anchors_and_justification_move_lines() {
        let top_left = Setting { align: [0.0; 2], justify: 0.0, ..CENTER };
        let shape = set("一二\n三", &top_left);
        let at: Vec<f32> = shape.letters.iter().map(|l| l.at[0]).collect();
        assert_eq!(at, [0.0, 24.0, 0.0]);
        assert_eq!(bounds(&shape), [0.0, 0.0, 48.0, 57.6]);
        let right = Setting { align: [1.0, 0.5], justify: 1.0, ..CENTER };
        let at: Vec<f32> = set("一二\n三", &right).letters.iter().map(|l| l.at[0]).collect();
        assert_eq!(at, [-48.0, -24.0, -24.0]);
    }

    #[test]
    fn spacing_stands_between_characters_only() {
        let shape = set("门牌", &Setting { spacing: 0.5, ..CENTER });
        assert_eq!(shape.bounds[2] - shape.bounds[0], 60.0);
        assert_eq!(shape.letters[1].at[0] - shape.letters[0].at[0], 36.0);
    }

    #[test]
    fn a_text_waits_for_its_characters_but_not_for_those_that_do_not_exist() {
        let mut glyphs = glyphs("门");
        assert_eq!(shape("门牌", &CENTER, &glyphs), None);
        glyphs.ask('牌');
        assert_eq!(shape("门牌", &CENTER, &glyphs), None);
        glyphs.came(&['牌'], Vec::new(), 1);
        assert_eq!(shape("门牌", &CENTER, &glyphs).expect("it need not wait").letters.len(), 1);
    }

    #[test]
    fn strange_numbers_are_set_somehow() {
        for n in [f32::NAN, f32::INFINITY, -1e30, 0.0] {
            let setting = Setting { max_width: n, line_height: n, spacing: n, ..CENTER };
            let shape = set("门牌 abc", &setting);
            assert!(shape.letters.iter().flat_map(|l| l.at).all(f32::is_finite));
        }
    }

    #[test]
    fn a_text_is_set_once() {
        let mut shapes = Shapes::default();
        let glyphs = glyphs("门");
        let first = shapes.get("门", &CENTER, &glyphs).expect("a shape");
        let again = shapes.get("门", &CENTER, &glyphs).expect("a shape");
        let other = shapes.get("门", &Setting { spacing: 1.0, ..CENTER }, &glyphs).expect("a shape");
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &other));
    }
}
