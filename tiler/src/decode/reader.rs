//! Reading protocol buffers: every length is checked before it is used.

use super::Fault;

/// The bytes of one message that are still to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

/// What stands in a field.
#[derive(Clone, Copy)]
pub(super) enum Wire<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes left.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn varint(&mut self) -> Result<u64, Fault> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(Fault::Truncated)?;
            self.0 = rest;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                // The tenth byte has room for one bit.
                return if shift == 63 && byte > 1 { Err(Fault::WrongField) } else { Ok(n) };
            }
        }
        Err(Fault::WrongField)
    }

    /// A number of 32 bits. Encoders that write more are wrong.
    pub(super) fn uint32(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.varint()?).or(Err(Fault::WrongField))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Fault::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Fault::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// The next field: its number and what stands in it. `None` at the end.
    pub(super) fn field(&mut self) -> Result<Option<(u32, Wire<'a>)>, Fault> {
        if self.is_empty() {
            return Ok(None);
        }
        let tag = self.uint32()?;
        let wire = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => Wire::Fixed64(self.array()?),
            2 => {
                let length = usize::try_from(self.varint()?).or(Err(Fault::Truncated))?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Fixed32(self.array()?),
            // Groups are not part of this format.
            _ => return Err(Fault::WrongField),
        };
        Ok(Some((tag >> 3, wire)))
    }
}

impl<'a> Wire<'a> {
    pub(super) fn varint(self) -> Result<u64, Fault> {
        match self {
            Self::Varint(n) => Ok(n),
            _ => Err(Fault::WrongField),
        }
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], Fault> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Fault::WrongField),
        }
    }

    pub(super) fn text(self) -> Result<String, Fault> {
        std::str::from_utf8(self.bytes()?).map(str::to_owned).or(Err(Fault::NotText))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_lie_are_found_out() {
        let read = |bytes: &[u8]| Reader::new(bytes).field().map(|f| f.is_some());
        assert_eq!(read(&[]), Ok(false));
        assert_eq!(read(&[0x08, 0x96, 0x01]), Ok(true));
        assert_eq!(read(&[0x08, 0x96]), Err(Fault::Truncated));
        assert_eq!(read(&[0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Err(Fault::Truncated));
        assert_eq!(read(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), Err(Fault::WrongField));
        assert_eq!(read(&[0x0b]), Err(Fault::WrongField));
        assert_eq!(read(&[0x0d, 0, 0, 0]), Err(Fault::Truncated));
    }
}
