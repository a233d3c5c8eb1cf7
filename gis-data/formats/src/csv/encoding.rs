//! Which encoding a file is in. Offices save as GB18030, exchange as UTF-8, and Excel writes either mark or none.

use std::io::{self, BufRead, BufReader, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use gis_data::{Error, Result};

use crate::Options;
use crate::input::{Input, Stream};

/// The longest line that is looked at as a whole; of a longer one its pieces.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// The file's encoding: as asked, by its mark, or found out from all of its lines.
pub(super) fn find(input: &Input, options: &Options) -> Result<&'static Encoding> {
    if let Some(asked) = &options.encoding {
        return Encoding::for_label(asked.trim().as_bytes()).map(wider).ok_or_else(|| {
            Error::invalid(
                format!("不认识编码 “{asked}”；常用的有 UTF-8、GB18030、Big5"),
                format!("the encoding “{asked}” is unknown; usual ones are UTF-8, GB18030, Big5"),
            )
        });
    }
    let head = input.head(4)?;
    if head.starts_with(b"\xEF\xBB\xBF") {
        return Ok(UTF_8);
    }
    if let Some(wide) = find_wide(&head) {
        return Ok(wide);
    }
    by_lines(input)
}

/// UTF-16 by its mark.
pub(super) fn find_wide(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// GB18030 holds all of GBK.
fn wider(found: &'static Encoding) -> &'static Encoding {
    if found == GBK { GB18030 } else { found }
}

/// The encoding of most lines that are not plain ASCII: a file that was glued together of two is read in the commoner one, and the other's rows are
/// rejected by name.
fn by_lines(input: &Input) -> Result<&'static Encoding> {
    let mut lines = BufReader::with_capacity(1 << 18, input.open()?);
    let (mut utf8, mut other) = (0_u64, 0_u64);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut line = Vec::new();
    loop {
        line.clear();
        let n = lines.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line).map_err(|e| input.failed(e))?;
        if n == 0 {
            break;
        }
        if line.is_ascii() {
            if line.contains(&0) {
                return Err(Error::invalid(
                    "文件里有零字节，不是文本；请检查文件，UTF-16 请带 BOM 保存",
                    "the file holds zero bytes and is not text; check it, and save UTF-16 with its mark",
                ));
            }
        } else if std::str::from_utf8(&line).is_ok() {
            utf8 += 1;
        } else {
            other += 1;
            detector.feed(&line, false);
        }
    }
    if utf8 >= other {
        return Ok(UTF_8);
    }
    detector.feed(b"", true);
    // Where the bytes fit several, what is usual in China.
    Ok(wider(detector.guess(Some(b"cn"), Utf8Detection::Deny)))
}

/// The bytes of a CSV, with UTF-16 turned into UTF-8, and a mark taken off.
pub(super) enum Bytes {
    /// As in the file.
    Plain(BufReader<Stream>),
    /// Decoded on the way.
    Wide(Box<Wide>),
}

/// Gives the bytes for a CSV parser, and the encoding that its cells are then in.
pub(super) fn plain(stream: Stream, encoding: &'static Encoding) -> (Bytes, &'static Encoding) {
    let mut inner = BufReader::with_capacity(1 << 16, stream);
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let wide = Wide { inner, decoder: encoding.new_decoder_with_bom_removal(), out: vec![], at: 0, done: false };
        return (Bytes::Wide(Box::new(wide)), UTF_8);
    }
    // An error comes again at the next read.
    if encoding == UTF_8 && inner.fill_buf().is_ok_and(|b| b.starts_with(b"\xEF\xBB\xBF")) {
        inner.consume(3);
    }
    (Bytes::Plain(inner), encoding)
}

impl Read for Bytes {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.read(buf),
            Self::Wide(wide) => wide.read(buf),
        }
    }
}

/// UTF-16 on its way to UTF-8.
pub(super) struct Wide {
    inner: BufReader<Stream>,
    decoder: Decoder,
    out: Vec<u8>,
    at: usize,
    done: bool,
}

impl Read for Wide {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.out.len() && !self.done {
            let chunk = self.inner.fill_buf()?;
            let (n, last) = (chunk.len(), chunk.is_empty());
            let mut text = String::with_capacity(self.decoder.max_utf8_buffer_length(n).unwrap_or(n * 3 + 16));
            let (_, read, _) = self.decoder.decode_to_string(chunk, &mut text, last);
            self.inner.consume(read);
            self.out = text.into_bytes();
            self.at = 0;
            self.done = last;
        }
        let rest = self.out.get(self.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        for (to, from) in buf.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += n;
        Ok(n)
    }
}
