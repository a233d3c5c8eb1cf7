//! Damaged files of every format: an error or rejects, never a panic, never memory beyond reason.

use std::io::Write;
use std::path::Path;

use super::data;
use crate::child::Output;
use crate::{Options, Reader, open};

/// Numbers without a pattern, the same in every run (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.roll(8) {
            let at = self.roll(bytes.len());
            let wild = [0, 1, 0x7F, 0x80, 0xFF, b'{', b'[', b'"', b'<'][self.roll(9)];
            match self.roll(5) {
                0 => bytes.truncate(at + 1),
                1 => bytes[at] = wild,
                2 => bytes[at] ^= 1 << self.roll(8),
                3 => bytes.insert(at, wild),
                _ => {
                    let end = (at + 4).min(bytes.len());
                    bytes[at..end].fill(wild);
                }
            }
        }
    }
}

/// Reads to the end or to the first error.
fn drain(path: &Path) -> (usize, bool) {
    let Ok(mut reader) = open(path, &Options::default()) else { return (0, false) };
    let mut n = 0;
    loop {
        match reader.next() {
            Ok(Some(_)) => n += 1,
            Ok(None) => return (n, true),
            Err(e) => {
                assert!(!e.zh().is_empty() && !e.en().is_empty());
                return (n, false);
            }
        }
    }
}

fn fuzz(name: &str, whole: &[u8], rounds: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, whole).unwrap();
    let (sound, ended) = drain(&path);
    assert!(ended && sound > 0, "{name} is read when it is sound");
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..rounds {
        let mut bytes = whole.to_vec();
        dice.damage(&mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        // Damage may double some rows, but never make many out of few.
        assert!(drain(&path).0 <= 20 * sound + 1000, "{name}");
    }
}

const FEATURES: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[
{"type":"Feature","id":1,"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},"properties":{"a":"门\"","b":[1,{"c":null}]}},
{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2,3]}]},"properties":{}}]}"#;

const OSM: &str = r#"<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon="1"><tag k="a" v="b&amp;"/></node><node id="2" lat="1" lon="2"/>
<node id="3" lat="2" lon="2"/><way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
<relation id="1"><member type="way" ref="1" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation></osm>"#;

#[test]
fn text_formats_survive_damage() {
    fuzz("a.geojson", FEATURES.as_bytes(), 1000);
    let lines: String =
        FEATURES.lines().skip(1).map(|l| l.trim_end_matches([',', ']', '}']).to_owned() + "}\n").collect();
    fuzz("a.geojsonl", lines.as_bytes(), 1000);
    fuzz("a.osm", OSM.as_bytes(), 1000);
    fuzz("a.csv", "名称,wkt\n门,\"POLYGON((0 0,1 0,1 1,0 0))\"\n楼,POINT Z (1 2 3)\n".as_bytes(), 1000);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(FEATURES.as_bytes()).unwrap();
    fuzz("a.geojson.gz", &gz.finish().unwrap(), 500);
}

#[test]
fn the_childs_words_survive_damage() {
    let whole = b"{\"tables\":[{\"name\":\"a\",\"crs\":null,\"rows\":1}]}\n{\"t\":0,\"row\":1,\"wkb\":\"0101000000000000000000F03F0000000000000040\",\"p\":{\"a\":1}}\n{\"end\":true}\n";
    let mut dice = Dice(7);
    for _ in 0..3000 {
        let mut bytes = whole.to_vec();
        dice.damage(&mut bytes);
        let Ok(mut output) = Output::new(bytes.as_slice()) else { continue };
        while let Ok(Some(_)) = output.next() {}
    }
}

#[test]
fn osm_pbf_survives_damage_and_names_the_place() {
    let Some(data) = data() else { return };
    let whole = std::fs::read(data.join("osm-cn-shanghai-baoshan/shanghai-baoshan.osm.pbf")).unwrap();
    fuzz("a.osm.pbf", &whole, 120);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.osm.pbf");
    for cut in (20..whole.len()).step_by(whole.len() / 40) {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let error = open(&path, &Options::default()).err().unwrap();
        assert!(error.en().contains("blob") && error.en().contains("byte"), "{error}");
    }
}

#[test]
fn geopackage_survives_damage() {
    let Some(data) = data() else { return };
    let whole = std::fs::read(data.join("dutch-addresses/dutch_addresses_4326.gpkg")).unwrap();
    fuzz("a.gpkg", &whole, 60);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.gpkg");
    for cut in (100..whole.len()).step_by(whole.len() / 20) {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert!(!drain(&path).1, "{cut}");
    }
}

#[test]
fn flatgeobuf_and_workbooks_survive_damage() {
    fuzz("a.fgb", &super::flatgeobuf::written(), 1000);
    let rows = r#"<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#;
    fuzz("a.xlsx", &super::tables::workbook(&[("a", rows)]), 300);
}
