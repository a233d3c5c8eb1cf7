//! In which encoding the text of a Shapefile is, where it does not say.
//!
//! A `.cpg` beside it or the language byte of the `.dbf` say so, and GDAL heeds both. Chinese desktop programs write neither,
//! or the byte for "ANSI", which means the code page of the machine it was written on: there GDAL guesses Latin 1 and
//! every name is garbage. So the bytes themselves are asked: UTF-8 if they are valid as such, else GB18030.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

/// How many bytes of records are looked at.
const SAMPLE: u64 = 1 << 20;

/// The name by which iconv knows it.
pub(crate) fn name(encoding: &'static Encoding) -> String {
    match encoding.name() {
        "windows-1252" => "CP1252".into(),
        other => other.to_ascii_uppercase(),
    }
}

/// The encoding of a Shapefile's table, if it declares none.
pub(crate) fn guess(shapefile: &Path) -> Option<String> {
    let extension = shapefile.extension()?.to_str()?;
    if !["shp", "dbf", "shx"].iter().any(|e| extension.eq_ignore_ascii_case(e)) {
        return None;
    }
    let beside =
        |extensions: [&str; 2]| extensions.into_iter().map(|e| shapefile.with_extension(e)).find(|p| p.is_file());
    if beside(["cpg", "CPG"]).is_some() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(beside(["dbf", "DBF"])?).ok()?.take(SAMPLE).read_to_end(&mut bytes).ok()?;
    of_table(&bytes).map(name)
}

fn of_table(dbf: &[u8]) -> Option<&'static Encoding> {
    // Byte 29: the language; 0 is none, 0x57 is "ANSI" of the machine that wrote it. Bytes 8 and 9: where records begin.
    let language = *dbf.get(29)?;
    if language != 0 && language != 0x57 {
        return None;
    }
    // Field names, which may be Chinese too, begin at 32.
    let text = dbf.get(32..)?;
    if text.is_ascii() {
        return None;
    }
    let faults = |encoding: &'static Encoding| {
        let (decoded, _) = encoding.decode_without_bom_handling(text);
        decoded.chars().filter(|c| *c == '\u{fffd}').count()
    };
    // Fields have fixed widths and programs cut characters in two at the end: few faults are no proof against.
    let beyond_ascii = text.iter().filter(|b| **b >= 0x80).count();
    if faults(UTF_8) * 50 <= beyond_ascii {
        return Some(UTF_8);
    }
    (faults(GB18030) * 20 <= beyond_ascii).then_some(GB18030)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(language: u8, text: &[u8]) -> Vec<u8> {
        let mut dbf = vec![0u8; 32];
        dbf[29] = language;
        dbf.extend(b"NAME\0\0\0\0\0\0\0C");
        dbf.extend(text.repeat(20));
        dbf
    }

    #[test]
    fn chinese_text_is_told_apart() {
        let words = "温州市鹿城区五马街道门牌";
        let (gb, _, _) = GB18030.encode(words);
        assert_eq!(of_table(&table(0, words.as_bytes())), Some(UTF_8));
        assert_eq!(of_table(&table(0x57, &gb)), Some(GB18030));
        // Declared, or nothing to tell.
        assert_eq!(of_table(&table(0x4d, &gb)), None);
        assert_eq!(of_table(&table(0, b"plain")), None);
        assert_eq!(of_table(&[0; 10]), None);
    }

    #[test]
    fn names_are_those_of_iconv() {
        assert_eq!(name(GB18030), "GB18030");
        assert_eq!(name(UTF_8), "UTF-8");
        assert_eq!(name(encoding_rs::WINDOWS_1252), "CP1252");
    }
}
