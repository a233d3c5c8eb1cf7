//! The pack: all glyphs of one font in one file, read a block of 256 code points at a time.
//!
//! Layout (numbers little endian): the mark `MPGLYPH1`; u16 length and UTF-8 of the font's name; u32 number of blocks;
//! for each block u32 number (code point / 256), u64 offset in the file, u32 length in the file, u32 length unpacked;
//! then the blocks, each compressed with Zstandard: for each glyph u8 (code point mod 256), u32 length, message body.

use super::{Glyph, pbf};
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

const MARK: &[u8; 8] = b"MPGLYPH1";
/// Unicode ends at U+10FFFF.
const MAX_BLOCKS: u32 = 0x1100;
/// 256 glyphs of the largest size that is drawn fit several times.
const MAX_BLOCK_BYTES: u32 = 16 << 20;
/// Packed smaller than anything worth keeping more tightly; a pack is made once and read often.
const LEVEL: i32 = 12;
/// More characters than this are not answered at once.
const MAX_ASKED: usize = 20_000;

/// A pack in memory, its blocks still compressed.
#[derive(Debug, Clone)]
pub struct Pack {
    name: String,
    blocks: BTreeMap<u32, Block>,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    offset: usize,
    packed: usize,
    raw: usize,
}

/// An answer: the message for MapLibre and the characters that the font lacks (they are shown as boxes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyphs {
    /// What is served.
    pub pbf: Vec<u8>,
    /// What the font lacks; the caller counts them.
    pub missing: Vec<Missing>,
}

/// A character that the font cannot show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing(pub char);

fn broken(what: &str) -> Text {
    Text::new(
        format!("字形包损坏（{what}），请重新运行 glyph-pack"),
        format!("The glyph pack is damaged ({what}); make it anew with glyph-pack."),
    )
}

/// A cursor that never reads past the end.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Text> {
        let (head, rest) = self.0.split_at_checked(length).ok_or_else(|| broken("truncated"))?;
        self.0 = rest;
        Ok(head)
    }

    fn number<const N: usize>(&mut self) -> Result<u64, Text> {
        Ok(self.take(N)?.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }
}

/// Writes a pack of the given glyphs.
pub fn write(name: &str, glyphs: &[(char, Glyph)]) -> Result<Vec<u8>, Text> {
    let mut blocks: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    for (c, glyph) in glyphs {
        let body = pbf::body(glyph);
        let block = blocks.entry(u32::from(*c) >> 8).or_default();
        block.push(u32::from(*c) as u8);
        block.extend((body.len() as u32).to_le_bytes());
        block.extend(body);
    }
    let mut out = MARK.to_vec();
    out.extend((name.len() as u16).to_le_bytes());
    out.extend(name.as_bytes());
    out.extend((blocks.len() as u32).to_le_bytes());
    let mut offset = (out.len() + blocks.len() * 20) as u64;
    let mut packed_blocks = Vec::new();
    for (number, raw) in &blocks {
        let packed = zstd::bulk::compress(raw, LEVEL).map_err(|cause| {
            Text::new(format!("字形无法压缩：{cause}"), format!("Glyphs could not be compressed: {cause}."))
        })?;
        out.extend(number.to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend((packed.len() as u32).to_le_bytes());
        out.extend((raw.len() as u32).to_le_bytes());
        offset += packed.len() as u64;
        packed_blocks.push(packed);
    }
    out.extend(packed_blocks.concat());
    Ok(out)
}

impl Pack {
    /// Reads the head of a pack; every place it names is checked.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Text> {
        let mut reader = Reader(&bytes);
        if reader.take(MARK.len())? != MARK {
            return Err(broken("not a glyph pack"));
        }
        let length = reader.number::<2>()? as usize;
        let name = String::from_utf8(reader.take(length)?.to_vec()).map_err(|_not_utf8| broken("name"))?;
        let count = reader.number::<4>()?;
        if count > u64::from(MAX_BLOCKS) {
            return Err(broken("number of blocks"));
        }
        let mut blocks = BTreeMap::new();
        for _ in 0..count {
            let number = reader.number::<4>()?;
            let (offset, packed, raw) = (reader.number::<8>()?, reader.number::<4>()?, reader.number::<4>()?);
            let end = offset.checked_add(packed).ok_or_else(|| broken("block"))?;
            if number >= u64::from(MAX_BLOCKS) || end > bytes.len() as u64 || raw > u64::from(MAX_BLOCK_BYTES) {
                return Err(broken("block"));
            }
            let block = Block { offset: offset as usize, packed: packed as usize, raw: raw as usize };
            blocks.insert(number as u32, block);
        }
        Ok(Self { name, blocks, bytes })
    }

    /// The font's name, as style sheets call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bodies of one block, by code point.
    fn block(&self, number: u32) -> Result<BTreeMap<u32, Vec<u8>>, Text> {
        let Some(block) = self.blocks.get(&number) else { return Ok(BTreeMap::new()) };
        let packed = self.bytes.get(block.offset..block.offset + block.packed).ok_or_else(|| broken("block"))?;
        let raw = zstd::bulk::decompress(packed, block.raw).map_err(|_cause| broken("compression"))?;
        let mut reader = Reader(&raw);
        let mut glyphs = BTreeMap::new();
        while !reader.0.is_empty() {
            let low = reader.number::<1>()? as u32;
            let length = reader.number::<4>()? as usize;
            glyphs.insert(number << 8 | low, reader.take(length)?.to_vec());
        }
        Ok(glyphs)
    }

    /// The glyphs of a range of code points, as `{range}.pbf`. Characters that the font lacks are boxes; code points
    /// that show nothing (controls, blanks, private use) are left out.
    pub fn range(&self, range: RangeInclusive<u32>) -> Result<Glyphs, Text> {
        let (first, last) = (*range.start(), *range.end());
        if first > last || last - first > 255 || last > 0x0010_ffff {
            return Err(Text::new(
                format!("字符范围 {first}-{last} 无效，应为 256 个以内的码位，如 0-255"),
                format!("The range {first}-{last} is not possible; ask for up to 256 code points, e.g. 0-255."),
            ));
        }
        let mut glyphs = BTreeMap::new();
        for number in first >> 8..=last >> 8 {
            glyphs.extend(self.block(number)?);
        }
        glyphs.retain(|code, _| range.contains(code));
        let missing = range.filter(|code| !glyphs.contains_key(code)).filter_map(char::from_u32);
        let missing: Vec<_> = missing.filter(|c| shows(*c)).map(Missing).collect();
        Ok(self.answer(&format!("{first}-{last}"), glyphs, missing))
    }

    /// Exactly the glyphs of these characters, in one message.
    pub fn only(&self, characters: &[char]) -> Result<Glyphs, Text> {
        let wanted: BTreeSet<char> = characters.iter().copied().collect();
        if wanted.len() > MAX_ASKED {
            return Err(Text::new(
                format!("一次最多取 {MAX_ASKED} 个字，请求了 {} 个", wanted.len()),
                format!("At most {MAX_ASKED} characters are answered at once; {} were asked for.", wanted.len()),
            ));
        }
        let blocks: BTreeSet<u32> = wanted.iter().map(|c| u32::from(*c) >> 8).collect();
        let mut glyphs = BTreeMap::new();
        for number in blocks {
            glyphs.extend(self.block(number)?);
        }
        glyphs.retain(|code, _| char::from_u32(*code).is_some_and(|c| wanted.contains(&c)));
        let missing = wanted.into_iter().filter(|c| !glyphs.contains_key(&u32::from(*c)) && shows(*c));
        let missing = missing.map(Missing).collect();
        Ok(self.answer("glyphs", glyphs, missing))
    }

    fn answer(&self, range: &str, mut glyphs: BTreeMap<u32, Vec<u8>>, missing: Vec<Missing>) -> Glyphs {
        let boxed = pbf::body(&Glyph::missing());
        glyphs.extend(missing.iter().map(|Missing(c)| (u32::from(*c), boxed.clone())));
        let pbf = pbf::stack(&self.name, range, glyphs.iter().map(|(id, body)| (*id, body.as_slice())));
        Glyphs { pbf, missing }
    }
}

/// Whether a character is expected to be seen: not a control, a blank, a joiner, a selector, private use.
fn shows(c: char) -> bool {
    !c.is_control()
        && !c.is_whitespace()
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        && !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}')
        && !matches!(c, '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::{Missing, Pack, write};
    use crate::glyph::Glyph;
    use std::ops::RangeInclusive;

    fn pack() -> Vec<u8> {
        let glyphs: Vec<_> = "AB门牌".chars().map(|c| (c, Glyph::missing())).collect();
        write("测试 Regular", &glyphs).expect("a pack")
    }

    #[test]
    fn a_range_and_only_what_is_asked_for() {
        let pack = Pack::read(pack()).expect("a pack");
        assert_eq!(pack.name(), "测试 Regular");
        let some = pack.only(&['门', 'A', '猫', '\n']).expect("glyphs");
        assert_eq!(some.missing, [Missing('猫')]);
        let latin = pack.range(0..=255).expect("a range");
        assert!(latin.missing.contains(&Missing('C')) && !latin.missing.contains(&Missing('B')));
        assert!(latin.pbf.len() > some.pbf.len());
        let backwards = RangeInclusive::new(5, 4);
        for wrong in [backwards, 0..=256, 0x0010_ff80..=0x0011_0000] {
            assert!(pack.range(wrong).is_err());
        }
    }

    #[test]
    fn a_damaged_pack_is_refused_and_never_panics() {
        let good = pack();
        for cut in 0..good.len() {
            if let Ok(pack) = Pack::read(good.iter().copied().take(cut).collect()) {
                assert!(pack.range(0..=255).is_err() || pack.range(0x9500..=0x95ff).is_err());
            }
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0xff;
            // Either answer is right for a changed byte; what matters is that there is one.
            let _answer = Pack::read(bad).and_then(|pack| pack.only(&['门', 'A']));
        }
    }
}
