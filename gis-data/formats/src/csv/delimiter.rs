//! Which character parts the columns.

use encoding_rs::{Encoding, UTF_8};
use gis_data::{Error, Result};

use crate::Options;

/// Candidates, the commonest first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are looked at.
const ROWS: usize = 50;

/// The delimiter that gives most rows as many columns as the first; of those the one with the most columns.
pub(super) fn find(sample: &[u8], encoding: &'static Encoding, options: &Options) -> Result<u8> {
    // In GB18030 and Big5 the byte of | is also the second half of characters.
    let bar = encoding == UTF_8;
    if let Some(asked) = options.delimiter {
        let byte = u8::try_from(asked).ok().filter(|b| b.is_ascii() && *b != b'"' && (bar || *b != b'|'));
        return byte.ok_or_else(|| {
            Error::invalid(
                format!("不能用 “{asked}” 作这个文件的分隔符；请用逗号、分号或制表符，或另存为 UTF-8"),
                format!(
                    "“{asked}” cannot part the columns of this file; use comma, semicolon or tab, or save it as UTF-8"
                ),
            )
        });
    }
    let mut best = (0, 0, b',');
    for candidate in CANDIDATES.into_iter().filter(|c| bar || *c != b'|') {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(candidate).has_headers(false).flexible(true).from_reader(sample);
        let widths: Vec<usize> = reader.byte_records().map_while(Result::ok).take(ROWS).map(|r| r.len()).collect();
        let Some(width) = widths.first().copied().filter(|w| *w > 1) else { continue };
        let same = widths.iter().filter(|w| **w == width).count() * 100 / widths.len();
        if (same, width) > (best.0, best.1) {
            best = (same, width, candidate);
        }
    }
    Ok(best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found_out() {
        let told = |text: &str| find(text.as_bytes(), UTF_8, &Options::default()).unwrap();
        assert_eq!(told("a,b\n1,2\n"), b',');
        assert_eq!(told("a;b\n1,5;2,5\n3,5;4,5\n"), b';');
        assert_eq!(told("a\tb,c\n1\t2\n"), b'\t');
        assert_eq!(told("a|b|c\n1|2|3,4\n"), b'|');
        assert_eq!(told("名称\n门\n"), b',');
        assert_eq!(told("a,b\n\"x;y\",2\n"), b',');
    }
}
