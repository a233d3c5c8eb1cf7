//! Writing protocol buffers: varints, and fields after their tags.

/// Wire type of varints.
const VARINT: u32 = 0;
/// Wire type of 8 bytes.
const FIXED64: u32 = 1;
/// Wire type of what carries its length before it.
const LENGTH: u32 = 2;
/// Wire type of 4 bytes.
const FIXED32: u32 = 5;

/// Appends `n`, seven bits a byte, low bits first.
#[inline]
pub(super) fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Signed numbers with small ones of either sign short: 0, -1, 1, -2 … as 0, 1, 2, 3 …
#[inline]
pub(super) const fn zigzag(n: i64) -> u64 {
    (n << 1 ^ n >> 63) as u64
}

fn tag(out: &mut Vec<u8>, field: u32, wire: u32) {
    varint(out, u64::from(field << 3 | wire));
}

/// A number.
pub(super) fn number(out: &mut Vec<u8>, field: u32, n: u64) {
    tag(out, field, VARINT);
    varint(out, n);
}

/// A float.
pub(super) fn float(out: &mut Vec<u8>, field: u32, x: f32) {
    tag(out, field, FIXED32);
    out.extend_from_slice(&x.to_le_bytes());
}

/// A double.
pub(super) fn double(out: &mut Vec<u8>, field: u32, x: f64) {
    tag(out, field, FIXED64);
    out.extend_from_slice(&x.to_le_bytes());
}

/// Bytes: text, a packed list or a message.
pub(super) fn bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    message(out, field, bytes.len());
    out.extend_from_slice(bytes);
}

/// The head of a message of `length` bytes, which the caller appends.
pub(super) fn message(out: &mut Vec<u8>, field: u32, length: usize) {
    tag(out, field, LENGTH);
    varint(out, length as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_wire_wants_them() {
        let mut out = Vec::new();
        number(&mut out, 1, 150);
        assert_eq!(out, [0x08, 0x96, 0x01]);
        assert_eq!([0, -1, 1, -2].map(zigzag), [0, 1, 2, 3]);
        assert_eq!(zigzag(i64::MIN), u64::MAX);
    }
}
