//! Protocol-buffer fields out of bytes, every length checked.
//!
//! Own code, since the published readers of OSM PBF add ids and coordinates without a check for overflow and unwrap unknown member types, so that
//! a damaged block ends the program instead of the import.

/// What is wrong with a message, in Chinese and English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) &'static str, pub(super) &'static str);

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Fixed-width values, which OSM does not use.
    Fixed,
}

/// Walks over the fields of a message.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field's number and value.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Wire<'a>)>, Broken> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => Wire::Varint(varint(&mut self.0)?),
            1 => {
                take(&mut self.0, 8)?;
                Wire::Fixed
            }
            2 => {
                let n = varint(&mut self.0)?;
                let n = usize::try_from(n).ok().ok_or(Broken("长度超出内存", "a length is beyond memory"))?;
                Wire::Bytes(take(&mut self.0, n)?)
            }
            5 => {
                take(&mut self.0, 4)?;
                Wire::Fixed
            }
            _ => return Err(Broken("字段类型未知", "a field has an unknown wire type")),
        };
        Ok(Some((key >> 3, value)))
    }
}

/// Takes `n` bytes off the front.
fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Result<&'a [u8], Broken> {
    let (head, rest) = bytes.split_at_checked(n).ok_or(Broken("字段比消息长", "a field is longer than its message"))?;
    *bytes = rest;
    Ok(head)
}

/// Takes a base-128 number off the front.
pub(super) fn varint(bytes: &mut &[u8]) -> Result<u64, Broken> {
    let mut n = 0_u64;
    for shift in (0..64).step_by(7) {
        let (b, rest) = bytes.split_first().ok_or(Broken("数字中断", "a number breaks off"))?;
        *bytes = rest;
        n |= u64::from(b & 0x7F) << shift;
        if b & 0x80 == 0 {
            return Ok(n);
        }
    }
    Err(Broken("数字超过十个字节", "a number has more than ten bytes"))
}

/// A zigzag number.
pub(super) const fn signed(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

/// Walks over packed numbers.
#[derive(Clone, Default)]
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Packed<'_> {
    /// The next number.
    pub(super) fn next(&mut self) -> Result<Option<u64>, Broken> {
        if self.0.is_empty() {
            return Ok(None);
        }
        varint(&mut self.0).map(Some)
    }

    /// The next number, which must be there.
    pub(super) fn must(&mut self) -> Result<u64, Broken> {
        self.next()?.ok_or(Broken("列表长短不一", "a list is shorter than its neighbours"))
    }
}

/// Adds up zigzag differences.
#[derive(Clone, Default)]
pub(super) struct Delta<'a> {
    packed: Packed<'a>,
    sum: i64,
}

impl<'a> Delta<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { packed: Packed(bytes), sum: 0 }
    }

    /// The next sum.
    pub(super) fn next(&mut self) -> Result<Option<i64>, Broken> {
        let Some(d) = self.packed.next()? else { return Ok(None) };
        self.sum = self.sum.checked_add(signed(d)).ok_or(Broken("数字溢出", "a number overflows"))?;
        Ok(Some(self.sum))
    }

    /// The next sum, which must be there.
    pub(super) fn must(&mut self) -> Result<i64, Broken> {
        self.next()?.ok_or(Broken("列表长短不一", "a list is shorter than its neighbours"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_checked() {
        assert_eq!(varint(&mut &[0xAC, 0x02][..]), Ok(300));
        assert!(varint(&mut &[0x80][..]).is_err());
        assert!(varint(&mut &[0xFF; 11][..]).is_err());
        assert_eq!((signed(0), signed(1), signed(2), signed(u64::MAX)), (0, -1, 1, i64::MIN));
        assert!(Fields(&[0x0A, 0x05, 1]).next().is_err());
        let most = [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        let mut twice = Delta::new(&[most, most].concat().leak()[..]).clone();
        assert_eq!(twice.next(), Ok(Some(i64::MAX)));
        assert!(twice.next().is_err());
    }
}
