//! The protobuf messages in which MapLibre takes glyphs.
//!
//! `glyphs { stacks = 1: { name = 1, range = 2, glyphs = 3: { id = 1, bitmap = 2, width = 3, height = 4, left = 5,
//! top = 6, advance = 7 } } }`; left and top are zigzag numbers.

use super::Glyph;

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n as u8) | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn number(out: &mut Vec<u8>, field: u64, n: u64) {
    varint(out, field << 3);
    varint(out, n);
}

fn signed(out: &mut Vec<u8>, field: u64, n: i32) {
    number(out, field, u64::from(((n << 1) ^ (n >> 31)) as u32));
}

fn bytes(out: &mut Vec<u8>, field: u64, data: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, data.len() as u64);
    out.extend_from_slice(data);
}

/// A glyph's message without its id: what a pack keeps.
pub(super) fn body(glyph: &Glyph) -> Vec<u8> {
    let mut out = Vec::with_capacity(glyph.bitmap.len() + 24);
    if !glyph.bitmap.is_empty() {
        bytes(&mut out, 2, &glyph.bitmap);
    }
    number(&mut out, 3, u64::from(glyph.width));
    number(&mut out, 4, u64::from(glyph.height));
    signed(&mut out, 5, glyph.left);
    signed(&mut out, 6, glyph.top);
    number(&mut out, 7, u64::from(glyph.advance));
    out
}

/// The message of one font with the given glyph bodies.
pub(super) fn stack<'a>(name: &str, range: &str, glyphs: impl Iterator<Item = (u32, &'a [u8])>) -> Vec<u8> {
    let mut stack = Vec::new();
    bytes(&mut stack, 1, name.as_bytes());
    bytes(&mut stack, 2, range.as_bytes());
    let mut glyph = Vec::new();
    for (id, body) in glyphs {
        glyph.clear();
        number(&mut glyph, 1, u64::from(id));
        glyph.extend_from_slice(body);
        bytes(&mut stack, 3, &glyph);
    }
    let mut out = Vec::with_capacity(stack.len() + 8);
    bytes(&mut out, 1, &stack);
    out
}

/// Encodes glyphs of one font, without a pack.
pub fn message(name: &str, range: &str, glyphs: &[(char, Glyph)]) -> Vec<u8> {
    let bodies: Vec<_> = glyphs.iter().map(|(c, glyph)| (u32::from(*c), body(glyph))).collect();
    stack(name, range, bodies.iter().map(|(id, body)| (*id, body.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::message;
    use crate::glyph::Glyph;

    #[test]
    fn bytes_are_as_protobuf_writes_them() {
        let blank = Glyph { width: 0, height: 0, left: -1, top: -300, advance: 150, bitmap: Vec::new() };
        let made = message("A", "0-255", &[(' ', blank)]);
        let glyph = [8, 32, 24, 0, 32, 0, 40, 1, 48, 0xd7, 4, 56, 0x96, 1];
        let mut stack = vec![10, 1, b'A', 18, 5, b'0', b'-', b'2', b'5', b'5', 26, glyph.len() as u8];
        stack.extend(glyph);
        let mut wanted = vec![10, stack.len() as u8];
        wanted.extend(stack);
        assert_eq!(made, wanted);
    }
}
