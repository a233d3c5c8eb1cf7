//! Bad input meets a clear error that names file, row and remedy; nothing is half imported.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use menpai_tests::program::{Outcome, Server, menpai};
use menpai_tests::{data, gdal, json};
use tempfile::TempDir;

/// A store that holds two doorplates, and a folder for bad files.
struct Bench {
    folder: TempDir,
    before: String,
}

const GOOD: &str = "编号,地址,经度,纬度\n1,墨池坊1号,120.65,28.01\n2,墨池坊2号,120.66,28.02\n";

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut bench = Self { folder, before: String::new() };
        let good = bench.write("good.csv", GOOD.as_bytes());
        bench.import(&good, &[]).ok();
        bench.before = bench.catalog();
        bench
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn import(&self, file: &Path, more: &[&str]) -> Outcome {
        let [store, file] = [self.store(), file.to_path_buf()].map(|p| p.to_string_lossy().into_owned());
        let rejects = format!("{store}.rejects.csv");
        let mut args = vec!["import", &file, "--store", &store, "--json"];
        if !more.contains(&"--rejects") {
            args.extend(["--rejects", &rejects]);
        }
        args.extend(more);
        menpai(&args)
    }

    /// Everything that the store says of itself: its position and the counts of its layers.
    fn catalog(&self) -> String {
        let server = Server::serve(&self.store());
        let catalog = server.get("/catalog").expect(200).json();
        let counts: Vec<_> =
            json::list(&catalog["layers"]).iter().map(|l| format!("{} {}", l["id"], l["count"])).collect();
        format!("{} {counts:?}", catalog["position"])
    }

    /// The file is refused as a whole: the message names it and every one of `words`, in Chinese and English, and the store is untouched.
    #[track_caller]
    fn refuses(&self, file: &Path, more: &[&str], words: &[&str]) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let mut wanted = vec![name.as_str()];
        wanted.extend(words);
        let message = self.import(file, more).refused(&wanted);
        assert!(!message.is_ascii(), "the message has no Chinese: {message}");
        assert_eq!(self.catalog(), self.before, "{name} left something in the store: {message}");
    }

    /// The good rows come in, `rejected` rows do not, and each is named with a reason.
    #[track_caller]
    fn rejects(&self, file: &Path, rejected: u64) -> String {
        let list = self.folder.path().join("rejects.csv");
        let done = self.import(file, &["--rejects", &list.to_string_lossy()]).ok();
        let told = done.last_json();
        let layers = told["layers"].as_object().expect("layers").clone();
        let unmapped: u64 = told["unreadable"].as_u64().expect("a count");
        let sum: u64 = layers.values().filter_map(|l| l["rejected"].as_u64()).sum::<u64>() + unmapped;
        assert_eq!(sum, rejected, "{}", done.last_json());
        std::fs::read_to_string(&list).expect("a rejects file")
    }
}

#[test]
fn a_truncated_pbf_is_refused_whole() {
    let Some(data) = data::folder() else { return };
    let whole = std::fs::read(data.join("osm-helsinki-centre/helsinki-centre.osm.pbf")).expect("the file");
    let bench = Bench::new();
    for (name, part) in [("half.osm.pbf", whole.len() / 2), ("nearly.osm.pbf", whole.len() - 7), ("head.osm.pbf", 3)] {
        let file = bench.write(name, whole.get(..part).expect("shorter"));
        bench.refuses(&file, &[], &[]);
    }
    let mut damaged = whole;
    let middle = damaged.len() / 2;
    for byte in damaged.iter_mut().skip(middle).take(64) {
        *byte ^= 0x5a;
    }
    bench.refuses(&bench.write("damaged.osm.pbf", &damaged), &[], &[]);
}

#[test]
fn a_lying_geopackage_is_refused_or_its_lies_are_rejected() {
    let bench = Bench::new();
    let source = bench.write(
        "points.geojson",
        br#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[120.6,28.0]}},
        {"type":"Feature","properties":{"name":"b"},"geometry":{"type":"Point","coordinates":[120.7,28.1]}}]}"#,
    );
    let make = |name: &str, lie: &str| {
        let file = bench.folder.path().join(name);
        let [out, from] = [&file, &source].map(|p| p.to_string_lossy().into_owned());
        gdal::run("ogr2ogr", &["-f", "GPKG", &out, &from, "-nln", "points", "-lco", "SPATIAL_INDEX=NO"]);
        let told = Command::new("sqlite3").arg(&file).arg(lie).output().expect("sqlite3 runs");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        file
    };
    // A table that is named but not there.
    bench.refuses(&make("no-table.gpkg", "delete from gpkg_ogr_contents; drop table points;"), &[], &["no-table.gpkg"]);
    // A shape whose header speaks of four thousand million points: 4750 = GP, then a line string of 0xFFFFFFFF vertices.
    let lie = "drop trigger if exists trigger_update_feature_count_points; \
        update points set geom = x'47500001E6100000' || x'0102000000FFFFFFFF' where fid = 1;";
    let told = bench.rejects(&make("lying-count.gpkg", lie), 1);
    assert!(told.contains("lying-count.gpkg") || told.contains("points"), "{told}");
    // A header and then noise.
    let mut noise = b"SQLite format 3\0".to_vec();
    noise.extend((0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8));
    let bench = Bench::new();
    bench.refuses(&bench.write("noise.gpkg", &noise), &[], &[]);
    bench.refuses(&bench.write("text.gpkg", b"this is no database"), &[], &[]);
}

#[test]
fn a_hundred_thousand_levels_of_geojson_are_refused() {
    let bench = Bench::new();
    let deep = "[".repeat(100_000);
    for (name, text) in [
        ("deep.geojson", deep.clone()),
        (
            "deeper.geojson",
            format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":{deep}"#),
        ),
        (
            "property.geojson",
            format!(
                r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":null,"properties":{{"a":{deep}"#
            ),
        ),
    ] {
        bench.refuses(&bench.write(name, text.as_bytes()), &[], &[]);
    }
    // Of a file with one feature a line, the line alone is refused.
    let good = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120.6,28.0]}}"#;
    let lines = format!("{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{deep}\n{good}\n");
    let told = bench.rejects(&bench.write("lines.geojsonl", lines.as_bytes()), 1);
    assert!(told.contains("\"lines.geojsonl\",\"lines\",\"1\""), "{told}");
}

#[test]
fn an_unknown_or_wrong_crs_is_refused() {
    let bench = Bench::new();
    let file = bench.write("doors.csv", GOOD.as_bytes());
    bench.import(&file, &["--crs", "EPSG:999999"]).refused(&["EPSG:999999"]);
    bench.import(&file, &["--crs", "no such thing"]).refused(&["no such thing"]);
    assert_eq!(bench.catalog(), bench.before);
    // Metres that nobody declared are no degrees.
    let metres = bench.write("metres.csv", "编号,地址,经度,纬度\n9,墨池坊9号,467000.5,3099000.5\n".as_bytes());
    let told = bench.rejects(&metres, 1);
    assert!(told.contains("467000.5"), "{told}");
}

#[test]
fn impossible_coordinates_are_rejected_row_by_row() {
    let bench = Bench::new();
    let rows = ["NaN,28.0", "120.6,inf", "120.6,91", "-180.5,0", "1e400,0", "abc,28.0", "120.6,", "120.65,28.03"];
    let mut text = "编号,地址,经度,纬度\n".to_owned();
    for (n, row) in rows.iter().enumerate() {
        writeln!(text, "{},墨池坊{}号,{row}", n + 10, n + 10).expect("a String takes all");
    }
    let told = bench.rejects(&bench.write("wild.csv", text.as_bytes()), 7);
    // The row numbers are those that a person sees in the file: the header is row 1.
    for row in 2..=8 {
        assert!(
            told.lines().any(|l| l.split([',', '\t']).any(|c| c.trim_matches('"') == row.to_string())),
            "row {row}: {told}"
        );
    }
}

#[test]
fn shapes_without_points_and_rings_that_cross_are_told() {
    let bench = Bench::new();
    let file = bench.write("building.geojson", r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","id":1,"properties":{"height":9},"geometry":{"type":"Polygon","coordinates":[]}},
        {"type":"Feature","id":2,"properties":{"height":9},"geometry":{"type":"Polygon","coordinates":[[[120.60,28.00],[120.61,28.01],[120.61,28.00],[120.60,28.01],[120.60,28.00]]]}},
        {"type":"Feature","id":3,"properties":{"height":9},"geometry":{"type":"Polygon","coordinates":[[[120.60,28.00],[120.61,28.00]]]}},
        {"type":"Feature","id":4,"properties":{"height":9},"geometry":{"type":"Polygon","coordinates":[[[120.60,28.00],[120.61,28.00],[120.61,28.01],[120.60,28.00]]]}}]}"#.as_bytes());
    let told = bench.rejects(&file, 3);
    assert!(told.contains("building.geojson"), "{told}");
}

#[test]
fn mixed_encodings_are_told_by_their_row() {
    let bench = Bench::new();
    let mut bytes = GOOD.as_bytes().to_vec();
    // 墨池坊 in GB18030, in a file that began as UTF-8.
    bytes.extend_from_slice(b"3,\xC4\xAB\xB3\xD8\xB7\xBB3,120.67,28.03\n");
    let file = bench.write("mixed.csv", &bytes);
    let done = bench.import(&file, &[]);
    if done.code == Some(0) {
        let told = bench.rejects(&file, 1);
        assert!(told.contains('4'), "row 4 is named: {told}");
    } else {
        bench.refuses(&file, &[], &["4"]);
    }
}

#[test]
fn what_is_not_what_its_name_says_is_refused() {
    let bench = Bench::new();
    let zip = b"PK\x03\x04\x14\x00\x00\x00\x08\x00";
    bench.refuses(&bench.write("zip.csv", &[&zip[..], &[0u8; 200]].concat()), &[], &["zip"]);
    bench.refuses(&bench.write("zip.xlsx", &[&zip[..], &[7u8; 200]].concat()), &[], &[]);
    bench.refuses(&bench.write("empty.csv", b""), &[], &[]);
    bench.refuses(&bench.write("empty.osm.pbf", b""), &[], &[]);
    bench.refuses(
        &bench.write("half.geojson", br#"{"type":"FeatureCollection","features":[{"type":"Feature""#),
        &[],
        &[],
    );
    bench.refuses(&bench.write("half.geojsonl.gz", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), &[], &[]);
    bench.refuses(&bench.write("noise.fgb", b"fgb\x03fgb\x00\xff\xff\xff\xff and so on"), &[], &[]);
    bench.refuses(&bench.write("noise.shp", b"no shapefile"), &[], &[]);
    bench.refuses(&bench.write("what.xyzzy", b"?"), &[], &[]);
    bench.refuses(&bench.folder.path().join("missing.csv"), &[], &[]);
    bench.import(&bench.write("good2.csv", GOOD.as_bytes()), &["--map", "/no/such/map.toml"]).refused(&["map.toml"]);
    let map = bench.write("map.toml", "sheet = 3".as_bytes());
    bench.import(&bench.write("good2.csv", GOOD.as_bytes()), &["--map", &map.to_string_lossy()]).refused(&[]);
    assert_eq!(bench.catalog(), bench.before);
}

#[test]
fn one_bad_file_among_good_ones_keeps_them_all_out() {
    let bench = Bench::new();
    let good = bench.write("more.csv", "编号,地址,经度,纬度\n7,墨池坊7号,120.65,28.07\n".as_bytes());
    let bad = bench.write("bad.geojson", b"{\"type\":");
    let [store, good, bad] = [bench.store(), good, bad].map(|p| p.to_string_lossy().into_owned());
    menpai(&["import", &good, &bad, "--store", &store]).refused(&["bad.geojson"]);
    assert_eq!(bench.catalog(), bench.before);
}

#[test]
fn an_import_is_refused_or_waits_while_the_store_is_served_and_the_server_goes_on() {
    let bench = Bench::new();
    let server = Server::serve(&bench.store());
    let before = server.get("/catalog").json()["position"].clone();
    let bad = bench.write("bad.geojson", b"{\"type\":");
    bench.import(&bad, &[]).refused(&[]);
    assert_eq!(server.get("/catalog").json()["position"], before);
    assert_eq!(server.get("/health").json()["status"], "ok");
}
