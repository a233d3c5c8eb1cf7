//! Which format a file is in: its content first, its name second.

use std::path::Path;

use gis_data::{Error, Result};

use crate::input::{Input, file_name};

/// How much of a file is looked at.
const HEAD_BYTES: usize = 64 << 10;

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// OpenStreetMap, protocol buffers.
    OsmPbf,
    /// OpenStreetMap, XML.
    OsmXml,
    /// GeoJSON, one document (RFC 7946).
    GeoJson,
    /// GeoJSON, a feature a line, or separated by RS (RFC 8142).
    GeoJsonSeq,
    /// OGC GeoPackage.
    GeoPackage,
    /// FlatGeobuf.
    FlatGeobuf,
    /// Text with a delimiter.
    Csv,
    /// XLSX; XLS and ODS are [`Format::Other`].
    Sheet,
    /// What the GDAL child program writes; see [`crate::child`].
    Child,
    /// Anything else: the GDAL child program may know it.
    Other,
}

/// Tells the format of a file, or says why it can be none.
pub fn sniff(path: &Path) -> Result<Format> {
    let name = file_name(path);
    let lower = name.to_lowercase();
    // A file geodatabase is a folder, and GDAL's.
    if path.is_dir() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gdb")) {
        return Ok(Format::Other);
    }
    let input = Input::new(path)?;
    let head = input.head(HEAD_BYTES)?;
    let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
    let ending = plain.rsplit('.').next().unwrap_or_default();
    by_content(&head, ending).map_err(|e| e.at(&name))
}

fn by_content(head: &[u8], ending: &str) -> Result<Format> {
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Format::GeoPackage);
    }
    if head.starts_with(b"fgb\x03fgb") {
        return Ok(Format::FlatGeobuf);
    }
    if head.get(4..15) == Some(b"\x0A\x09OSMHeader") {
        return Ok(Format::OsmPbf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return archive(head, ending);
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        // XLS; see `sheet` for why it is not read here.
        return Ok(Format::Other);
    }
    if let Some(packer) = packed(head) {
        return Err(Error::invalid(
            format!("文件是 {packer} 压缩包；请先解压再导入"),
            format!("the file is packed with {packer}; unpack it first"),
        ));
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    match text.first() {
        Some(b'<') => return xml(text),
        Some(0x1E) => return Ok(Format::GeoJsonSeq),
        Some(b'{') => return Ok(json(text, ending)),
        _ => {}
    }
    by_ending(head, ending)
}

fn packed(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 5] = [
        (b"BZh", "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
        (b"7z\xBC\xAF\x27\x1C", "7-Zip"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"\x28\xB5\x2F\xFD", "Zstandard"),
    ];
    kinds.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// A zip: a workbook, a KMZ, or something that has to be unpacked.
fn archive(head: &[u8], ending: &str) -> Result<Format> {
    let holds = |what: &[u8]| head.windows(what.len()).any(|w| w == what);
    if matches!(ending, "xlsx" | "xlsm") || holds(b"xl/") {
        return Ok(Format::Sheet);
    }
    if ending == "kmz" || holds(b"opendocument.spreadsheet") {
        return Ok(Format::Other);
    }
    Err(Error::invalid(
        format!("文件名以 .{ending} 结尾，内容却是 zip 压缩包；请先解压，再导入其中的文件"),
        format!("the name ends in .{ending} but the content is a zip archive; unpack it and import the files in it"),
    ))
}

fn xml(text: &[u8]) -> Result<Format> {
    let has = |what: &[u8]| text.windows(what.len()).any(|w| w == what);
    if has(b"<osmChange") {
        return Err(Error::invalid(
            "这是 OSM 变更文件（osmChange），不是完整数据；请先用 osmium apply-changes 合并",
            "this is an OSM change file, not data as a whole; apply it with osmium apply-changes first",
        ));
    }
    Ok(if has(b"<osm>") || has(b"<osm ") || has(b"<osm\n") { Format::OsmXml } else { Format::Other })
}

/// A document, or a feature a line? The name knows; else whether a second line begins another object.
fn json(text: &[u8], ending: &str) -> Format {
    match ending {
        "geojsonl" | "geojsons" | "ndjson" | "ndgeojson" | "jsonl" | "geojsonseq" => return Format::GeoJsonSeq,
        "topojson" => return Format::Other,
        _ => {}
    }
    let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    let whole = first.starts_with(b"{") && first.ends_with(b"}");
    if whole && lines.next().is_some_and(|second| second.starts_with(b"{")) {
        return Format::GeoJsonSeq;
    }
    Format::GeoJson
}

fn by_ending(head: &[u8], ending: &str) -> Result<Format> {
    let native = match ending {
        "pbf" => "OSM PBF",
        "osm" => "OSM XML",
        "geojson" | "json" | "geojsonl" | "geojsons" | "ndjson" | "jsonl" => "GeoJSON",
        "gpkg" => "GeoPackage",
        "fgb" => "FlatGeobuf",
        "xlsx" | "xlsm" | "xls" | "ods" => "Excel",
        "csv" | "tsv" | "txt" | "psv" => {
            // UTF-16 has zero bytes, but begins with its mark.
            let wide = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
            if wide || !head.contains(&0) {
                return Ok(Format::Csv);
            }
            "CSV"
        }
        _ => return Ok(Format::Other),
    };
    Err(Error::invalid(
        format!("文件名以 .{ending} 结尾，内容却不是 {native}；请检查文件是否下载完整、是否改错了扩展名"),
        format!(
            "the name ends in .{ending} but the content is not {native}; see that it was downloaded whole and is named right"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_name() {
        let told = |head: &[u8], ending: &str| by_content(head, ending);
        assert_eq!(told(b"SQLite format 3\0", "csv").unwrap(), Format::GeoPackage);
        assert_eq!(told(b"\0\0\0\x0E\x0A\x09OSMHeader", "dat").unwrap(), Format::OsmPbf);
        assert_eq!(told(b"{\"type\":\"FeatureCollection\"", "txt").unwrap(), Format::GeoJson);
        assert_eq!(told(b"{\"type\":\"Feature\"}\n{\"type\":\"Feature\"}", "json").unwrap(), Format::GeoJsonSeq);
        assert_eq!(told(b"{\n\"type\": \"Feature\"\n}", "json").unwrap(), Format::GeoJson);
        assert_eq!(told(b"<?xml version=\"1.0\"?>\n<osm version=\"0.6\">", "xml").unwrap(), Format::OsmXml);
        assert_eq!(told(b"<?xml version=\"1.0\"?><kml>", "kml").unwrap(), Format::Other);
        assert_eq!(told(b"a,b\n1,2", "csv").unwrap(), Format::Csv);
        assert_eq!(told(b"\0\0\x27\x0A", "shp").unwrap(), Format::Other);
    }

    #[test]
    fn what_is_not_as_it_is_named_is_told() {
        assert!(by_content(b"PK\x03\x04 data.csv", "csv").unwrap_err().zh().contains("zip"));
        assert!(by_content(b"\x1A\x05water", "pbf").unwrap_err().zh().contains("OSM PBF"));
        assert!(by_content(b"a\0b", "csv").is_err());
        assert!(by_content(b"<osmChange version=\"0.6\">", "osc").is_err());
    }
}
