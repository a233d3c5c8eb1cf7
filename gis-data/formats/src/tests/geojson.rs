//! GeoJSON as it comes: documents, sequences, gzip, old members, and everything that is wrong with it.

use std::io::Write;
use std::path::PathBuf;

use super::{all, data};
use crate::{Format, Item, Options, Record, open, sniff};
use geo_types::Geometry as Shape;
use gis_data::{Kind, Value};

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn read(name: &str, text: &str) -> gis_data::Result<Vec<Item>> {
    let (_dir, path) = file(name, text.as_bytes());
    all(&path)
}

fn record(item: &Item) -> &Record {
    match item {
        Item::Record(r) => r,
        Item::Reject(r) => panic!("{}", r.reason),
    }
}

fn reason(item: &Item) -> &gis_data::Error {
    match item {
        Item::Reject(r) => &r.reason,
        Item::Record(r) => panic!("{r:?}"),
    }
}

#[test]
fn a_document_is_read_with_its_ids_heights_and_old_crs() {
    let text = r#"{"features":[
        {"type":"Feature","id":7,"geometry":{"coordinates":[120.5,28.25,3],"type":"Point"},"properties":{"名称":"门","n":9007199254740993,"x":[1,{"a":null}]}},
        {"type":"Feature","id":"a","geometry":null,"properties":null},
        {"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]},"properties":{}}
    ],"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}}"#;
    let (_dir, path) = file("doors.geojson", text.as_bytes());
    let reader = open(&path, &Options::default()).unwrap();
    let table = &reader.tables()[0];
    assert_eq!((table.name.as_str(), table.crs.as_deref(), table.rows), ("doors", Some("EPSG:4490"), Some(3)));
    let items = all(&path).unwrap();
    let first = record(&items[0]);
    assert_eq!((first.key.as_deref(), first.row, first.z.as_deref()), (Some("7"), 1, Some(&[3.0][..])));
    assert_eq!(first.properties.get("n"), Some(&Value::Int(9_007_199_254_740_993)));
    assert_eq!(first.properties.text("名称"), Some("门"));
    assert_eq!((record(&items[1]).key.as_deref(), &record(&items[1]).shape), (Some("a"), &None));
    assert!(matches!(record(&items[2]).shape, Some(Shape::MultiPolygon(_))));
}

#[test]
fn a_bad_feature_is_rejected_and_the_next_one_read() {
    let bad = [
        (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[]},"properties":{}}"#, "no coordinates"),
        (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},"properties":{}}"#, "one number"),
        (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]},"properties":{}}"#, "JSON is wrong"),
        (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[[1,2]]},"properties":{}}"#, "nested"),
        (r#"{"type":"Feature","geometry":{"type":"Dot","coordinates":[1,2]},"properties":{}}"#, "Dot"),
        (
            r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]},"properties":{}}"#,
            "open",
        ),
        (r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":5}"#, "JSON is wrong"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "FeatureCollection"),
        (r#"{"no":1}"#, "no GeoJSON feature"),
        (r"[1,2", "JSON is wrong"),
    ];
    let good = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{}}"#;
    for (text, word) in bad {
        let items = read("a.geojsonl", &format!("{good}\n{text}\n\n{good}\n")).unwrap();
        assert_eq!(items.len(), 3, "{text}");
        assert!(reason(&items[1]).en().contains(word), "{text}: {}", reason(&items[1]));
        assert_eq!(record(&items[2]).row, 4, "an empty line is counted");
    }
}

#[test]
fn a_document_that_is_not_whole_is_refused_with_its_place() {
    let whole = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":"b\"]"}}]}"#;
    assert_eq!(read("a.geojson", whole).unwrap().len(), 1);
    for cut in 1..whole.len() {
        let error = read("a.geojson", whole.get(..cut).unwrap()).unwrap_err();
        assert!(error.en().contains("byte"), "{cut}: {error}");
    }
    for (text, word) in [
        (r#"{"type":"FeatureCollection"}"#, "no features"),
        (r#"{"type":"CityJSON","version":"2.0"}"#, "CityJSON"),
        (r#"{"a":1}"#, "type"),
        (r#"{"type":"FeatureCollection","features":[]} more"#, "follows"),
    ] {
        let error = read("a.geojson", text).unwrap_err();
        assert!(error.en().contains(word) && error.kind() == Kind::Invalid, "{error}");
    }
}

#[test]
fn a_hundred_thousand_levels_are_an_error_not_a_crash() {
    let deep = "[".repeat(100_000);
    let head = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":"#;
    assert_eq!(read("a.geojson", &format!("{head}{deep}")).unwrap_err().kind(), Kind::TooLarge);
    assert_eq!(read("a.geojson", &format!("{{\"a\":{deep}")).unwrap_err().kind(), Kind::TooLarge);
    let items = read("a.geojsonl", &format!("{{\"type\":\"Feature\",\"properties\":{deep}\n")).unwrap();
    assert_eq!(reason(&items[0]).kind(), Kind::TooLarge);
}

#[test]
fn sequences_are_told_and_read_with_rs_and_gzip() {
    let feature = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{}}"#;
    let rs = format!("\u{1e}{}\n\u{1e}{feature}\n", feature.replace(',', ",\n"));
    let (_dir, path) = file("a.json", rs.as_bytes());
    assert_eq!(sniff(&path).unwrap(), Format::GeoJsonSeq);
    assert_eq!(all(&path).unwrap().iter().map(|i| record(i).row).collect::<Vec<_>>(), [1, 2]);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(format!("{feature}\n{feature}\n").as_bytes()).unwrap();
    let bytes = gz.finish().unwrap();
    let (_dir, path) = file("a.json.gz", &bytes);
    assert_eq!(all(&path).unwrap().len(), 2);
    let (_dir, path) = file("a.json.gz", &bytes[..bytes.len() - 9]);
    assert!(all(&path).is_err(), "a gzip that is cut off");
}

#[test]
fn real_sets_have_the_counts_that_are_stated() {
    let Some(data) = data() else { return };
    let montevideo = all(&data.join("osm-qa-montevideo/osm-qa-montevideo.geojsonl.gz")).unwrap();
    let with = |tag: &str| montevideo.iter().filter(|i| record(i).properties.get(tag).is_some()).count();
    assert_eq!(
        (montevideo.len(), with("addr:housenumber"), with("highway"), with("building")),
        (94_425, 76_423, 7653, 2364)
    );
    let taipei = all(&data.join("taipei-buildings/taipei-3847.geojson")).unwrap();
    assert_eq!(taipei.iter().filter(|i| matches!(record(i).shape, Some(Shape::Polygon(_)))).count(), 3674);
    let wenzhou = data.join("wenzhou-districts/wenzhou-districts.geojson");
    assert_eq!(open(&wenzhou, &Options::default()).unwrap().tables()[0].rows, Some(12));
    assert_eq!(all(&wenzhou).unwrap().len(), 12);
}
