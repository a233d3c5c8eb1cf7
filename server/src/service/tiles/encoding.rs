//! How bytes travel.

use std::io::Write;
use std::sync::Arc;

use actix_web::web::Bytes;
use gis_data::{Error, Result};

/// A content encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

/// A tile is compressed once and sent many times, but the first asker waits for it: middling effort.
const BROTLI_QUALITY: u32 = 5;

impl Encoding {
    /// The best that an `Accept-Encoding` allows.
    pub(crate) fn negotiate(accept: Option<&str>) -> Self {
        let accepts = |name: &str| {
            accept.unwrap_or_default().split(',').any(|part| {
                let mut words = part.split(';').map(str::trim);
                let named = words.next().is_some_and(|w| w.eq_ignore_ascii_case(name));
                named && !words.any(|w| matches!(w.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(q)) if q <= 0.0))
            })
        };
        match (accepts("br"), accepts("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Identity,
        }
    }

    /// The header's word; none for identity.
    pub(crate) const fn header(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// Encodes bytes. Nothing stays nothing.
    pub(crate) fn encode(self, bytes: Vec<u8>) -> Result<Bytes> {
        let failed = |cause| Error::storage("压缩失败", "compressing failed", cause);
        if bytes.is_empty() {
            return Ok(Bytes::new());
        }
        Ok(match self {
            Self::Identity => Bytes::from(bytes),
            Self::Gzip => {
                let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
                out.write_all(&bytes).and_then(|()| out.finish()).map_err(failed)?.into()
            }
            Self::Brotli => {
                let mut out = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, 22);
                out.write_all(&bytes).and_then(|()| out.flush()).map_err(failed)?;
                out.into_inner().into()
            }
        })
    }
}

/// The strong tag of bytes: 128 bits that differ by chance alone (XXH3; nobody is kept out by a tag), quoted.
pub(crate) fn etag(bytes: &[u8]) -> Arc<str> {
    format!("\"{:032x}\"", xxhash_rust::xxh3::xxh3_128(bytes)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_chooses() {
        assert_eq!(Encoding::negotiate(None), Encoding::Identity);
        assert_eq!(Encoding::negotiate(Some("gzip, deflate, br")), Encoding::Brotli);
        assert_eq!(Encoding::negotiate(Some("gzip;q=0.5, br;q=0")), Encoding::Gzip);
        assert_eq!(Encoding::negotiate(Some("identity")), Encoding::Identity);
    }
}
