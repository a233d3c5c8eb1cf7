//! Reading the glyphs' messages, for a renderer of our own. The bytes come over a network and are not trusted.

use super::sdf::MAX_SIDE;
use super::{BUFFER_PX, Glyph};
use crate::text::Text;

/// A longer message is refused before it is read: 20,000 large glyphs take half of it.
const MAX_BYTES: usize = 64 << 20;
/// More glyphs than this are refused; nobody asks for as many at once.
const MAX_GLYPHS: usize = 20_000;
/// No pen position is farther away, in pixels.
const MAX_REACH: u32 = 4 * MAX_SIDE as u32;

/// The glyphs of a message as [`super::message`] writes it: every font's, one after the other.
///
/// A message that breaks off, claims what it does not hold, or has a glyph whose field does not fit its size is refused as a
/// whole. Fields that nobody knows are passed over, as protobuf wants it.
///
/// ```
/// use styles::glyph::{Glyph, message, read};
///
/// let sent = [('门', Glyph::missing())];
/// assert_eq!(read(&message("Any", "glyphs", &sent))?, sent);
/// # Ok::<(), styles::Text>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Vec<(char, Glyph)>, Text> {
    if bytes.len() > MAX_BYTES {
        return Err(broken("it is too long", "过长"));
    }
    let mut glyphs = Vec::new();
    let mut message = Reader(bytes);
    while let Some(field) = message.field()? {
        if let (1, Wire::Bytes(stack)) = field {
            let mut stack = Reader(stack);
            while let Some(field) = stack.field()? {
                if let (3, Wire::Bytes(body)) = field {
                    if glyphs.len() == MAX_GLYPHS {
                        return Err(broken("it has too many glyphs", "字形过多"));
                    }
                    glyphs.push(glyph(body)?);
                }
            }
        }
    }
    Ok(glyphs)
}

fn broken(en: &str, zh: &str) -> Text {
    Text::new(
        format!("字形数据损坏（{zh}），请重新请求"),
        format!("The glyph message is damaged ({en}); ask for it again."),
    )
}

fn glyph(body: &[u8]) -> Result<(char, Glyph), Text> {
    let mut id = None;
    let mut glyph = Glyph { width: 0, height: 0, left: 0, top: 0, advance: 0, bitmap: Vec::new() };
    let mut body = Reader(body);
    while let Some(field) = body.field()? {
        match field {
            (1, Wire::Number(n)) => id = u32::try_from(n).ok().and_then(char::from_u32),
            (2, Wire::Bytes(bitmap)) => glyph.bitmap = bitmap.to_vec(),
            (3, Wire::Number(n)) => glyph.width = small(n)?,
            (4, Wire::Number(n)) => glyph.height = small(n)?,
            (5, Wire::Number(n)) => glyph.left = signed(n)?,
            (6, Wire::Number(n)) => glyph.top = signed(n)?,
            (7, Wire::Number(n)) => glyph.advance = small(n)?,
            (1..=7, _) => return Err(broken("a field is of the wrong kind", "字段类型不符")),
            _ => {}
        }
    }
    let c = id.ok_or_else(|| broken("a glyph is no character's", "字形没有对应的字符"))?;
    let texels = u64::from(glyph.width + 2 * BUFFER_PX) * u64::from(glyph.height + 2 * BUFFER_PX);
    if !glyph.bitmap.is_empty() && glyph.bitmap.len() as u64 != texels {
        return Err(broken("a glyph does not fit its size", "字形与其尺寸不符"));
    }
    Ok((c, glyph))
}

fn small(n: u64) -> Result<u32, Text> {
    u32::try_from(n).ok().filter(|n| *n <= MAX_REACH).ok_or_else(|| broken("a glyph is too large", "字形过大"))
}

/// Undoes the zigzag.
fn signed(n: u64) -> Result<i32, Text> {
    let size = i32::try_from(n >> 1).ok().map(|half| half ^ -((n & 1) as i32));
    size.filter(|n| n.unsigned_abs() <= MAX_REACH).ok_or_else(|| broken("a glyph is too far away", "字形位置过远"))
}

/// A cursor that never reads past the end.
struct Reader<'a>(&'a [u8]);

/// What stands in a field.
enum Wire<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

impl<'a> Reader<'a> {
    fn varint(&mut self) -> Result<u64, Text> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or_else(|| broken("it breaks off", "不完整"))?;
            self.0 = rest;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(broken("a number does not end", "数字过长"))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Text> {
        let length = usize::try_from(length).ok();
        let split = length.and_then(|length| self.0.split_at_checked(length));
        let (taken, rest) = split.ok_or_else(|| broken("it breaks off", "不完整"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn field(&mut self) -> Result<Option<(u64, Wire<'a>)>, Text> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()?),
            1 => self.take(8).map(|_eight| Wire::Fixed)?,
            2 => {
                let length = self.varint()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_four| Wire::Fixed)?,
            _ => return Err(broken("a field is of no known kind", "字段类型未知")),
        };
        Ok(Some((tag >> 3, wire)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glyph::message;
    use proptest::prelude::*;

    fn any_glyph() -> impl Strategy<Value = Glyph> {
        let sizes = (0u32..40, 0u32..40, -300i32..300, -300i32..300, 0u32..200, any::<bool>());
        sizes.prop_map(|(width, height, left, top, advance, blank)| {
            let texels = if blank { 0 } else { ((width + 6) * (height + 6)) as usize };
            Glyph { width, height, left, top, advance, bitmap: (0..texels).map(|i| (i * 7) as u8).collect() }
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(glyphs in prop::collection::vec((any::<char>(), any_glyph()), 0..8)) {
            prop_assert_eq!(read(&message("测试", "0-255", &glyphs)), Ok(glyphs));
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(glyphs) = read(&bytes) {
                prop_assert!(glyphs.len() <= bytes.len());
            }
        }
    }

    #[test]
    fn a_message_that_breaks_off_is_refused() {
        let whole = message("A", "0-255", &[('门', Glyph::missing())]);
        for cut in 1..whole.len() {
            assert!(read(&whole[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_changed_byte_never_panics() {
        let whole = message("A", "0-255", &[('门', Glyph::missing()), (' ', Glyph::missing())]);
        let mut refused = 0;
        for at in 0..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bad = whole.clone();
                bad[at] ^= flip;
                refused += usize::from(read(&bad).is_err());
            }
        }
        assert!(refused > 20, "lengths, sizes and kinds are looked at: {refused}");
    }

    #[test]
    fn a_glyph_that_lies_is_refused() {
        let lying = |change: fn(&mut Glyph)| {
            let mut glyph = Glyph::missing();
            change(&mut glyph);
            read(&message("A", "0-255", &[('A', glyph)]))
        };
        assert!(lying(|_| ()).is_ok());
        assert!(lying(|g| g.width += 1).is_err());
        assert!(lying(|g| g.height = u32::MAX).is_err());
        assert!(lying(|g| g.left = i32::MIN).is_err());
        assert!(lying(|g| g.top = 100_000).is_err());
        assert!(lying(|g| g.advance = 100_000).is_err());
        assert!(lying(|g| g.bitmap.truncate(1)).is_err());
    }
}
