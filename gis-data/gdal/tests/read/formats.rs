//! The other formats, written by GDAL's own programs or by hand.

use std::fs;
use std::path::{Path, PathBuf};

use geo_types::Geometry as Shape;

use crate::child::{gdal, read, shape, vertices};

const PLACES: &str = r#"{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"name":"墨池坊12号","floors":6,"area":12.5,"when":"2026-03-01T08:05:00+08:00","day":"2026/03/01","none":null},"geometry":{"type":"Point","coordinates":[120.65,28.01,7.5]}},
 {"type":"Feature","properties":{"name":"五马街1号"},"geometry":{"type":"Point","coordinates":[120.66,28.02,8.5]}}]}"#;

/// `PLACES` in another format, and the folder that holds it.
fn made(driver: &str, name: &str, more: &[&str]) -> Option<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("places.geojson");
    fs::write(&from, PLACES).unwrap();
    let to = folder.path().join(name);
    let mut arguments = vec!["-f", driver, to.to_str().unwrap(), from.to_str().unwrap()];
    arguments.extend(more);
    gdal("ogr2ogr", &arguments)?;
    Some((folder, to))
}

#[test]
fn every_format_gives_the_same_places() {
    let cases: [(&str, &str, &[&str]); 6] = [
        ("ESRI Shapefile", "places.shp", &["-lco", "ENCODING=UTF-8"]),
        ("MapInfo File", "places.tab", &["-lco", "ENCODING=UTF-8"]),
        ("GML", "places.gml", &[]),
        ("LIBKML", "places.kmz", &[]),
        ("OpenFileGDB", "places.gdb", &[]),
        ("DXF", "places.dxf", &[]),
    ];
    for (driver, name, more) in cases {
        let Some((_folder, file)) = made(driver, name, more) else { return };
        let run = read(&file, &[]).well();
        let points: Vec<_> = run.rows.iter().flat_map(vertices).collect();
        // A file geodatabase counts in billionths of a degree.
        let near = |[x, y]: &[f64; 2], [a, b]: [f64; 2]| (x - a).abs() < 2e-9 && (y - b).abs() < 2e-9;
        let [first, second] = points.as_slice() else { unreachable!("{driver}: {run:?}") };
        assert!(near(first, [120.65, 28.01]) && near(second, [120.66, 28.02]), "{driver}: {run:?}");
        if driver != "MapInfo File" {
            assert_eq!(shape(&run.rows[0]).1, Some(vec![7.5]), "{driver}");
        }
        if driver == "DXF" {
            continue;
        }
        let names: Vec<_> = run.rows.iter().map(|r| r["p"].get("name").or_else(|| r["p"].get("Name"))).collect();
        assert_eq!(names[0].unwrap(), "墨池坊12号", "{driver}: {run:?}");
        // Points with heights may have the CRS of three dimensions, in a .prj without its code.
        let crs = run.tables[0]["crs"].as_str().unwrap();
        assert!(["EPSG:4326", "EPSG:4979"].contains(&crs) || crs.contains("WGS 84"), "{driver}: {crs}");
    }
}

#[test]
fn values_keep_their_kind_and_nothing_is_left_out() {
    let Some((_folder, file)) = made("OpenFileGDB", "places.gdb", &[]) else { return };
    let run = read(&file, &[]).well();
    let p = &run.rows[0]["p"];
    assert_eq!(p["floors"], 6);
    assert_eq!(p["area"], 12.5);
    assert!(p["when"].as_str().unwrap().starts_with("2026-03-01T"), "{p}");
    assert!(p["day"].as_str().unwrap().starts_with("2026-03-01"), "{p}");
    let second = run.rows[1]["p"].as_object().unwrap();
    assert_eq!(second.len(), 1, "{second:?}");
}

/// A Shapefile as Chinese desktop programs leave it: GB18030, and nothing that says so.
#[test]
fn undeclared_chinese_tables_are_understood() {
    let Some((folder, file)) = made("ESRI Shapefile", "places.shp", &["-lco", "ENCODING=GB18030"]) else { return };
    fs::remove_file(file.with_extension("cpg")).unwrap();
    for language in [0u8, 0x57] {
        let mut dbf = fs::read(file.with_extension("dbf")).unwrap();
        dbf[29] = language;
        fs::write(file.with_extension("dbf"), dbf).unwrap();
        assert_eq!(read(&file, &[]).well().rows[0]["p"]["name"], "墨池坊12号", "{language}");
        assert_eq!(read(&file, &["--encoding", "gbk"]).well().rows[0]["p"]["name"], "墨池坊12号");
    }
    assert_ne!(
        read(&file, &["--encoding", "Big5"]).rows.first().map(|r| r["p"]["name"].clone()),
        Some("墨池坊12号".into())
    );
    drop(folder);
}

fn written(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    (folder, file)
}

#[test]
fn heights_of_tracks_belong_to_their_shapes() {
    let gpx = r#"<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="28.01" lon="120.65"><ele>7.5</ele><time>2026-03-01T00:05:00Z</time><name>门</name></wpt></gpx>"#;
    let (_folder, file) = written("walk.gpx", gpx);
    let run = read(&file, &["--table", "waypoints"]).well();
    assert_eq!(run.rows[0]["p"]["time"], "2026-03-01T00:05:00Z");
    assert_eq!(vertices(&run.rows[0]), [[120.65, 28.01]]);
    assert_eq!(shape(&run.rows[0]).1, Some(vec![7.5]), "{run:?}");
}

fn gml(member: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><c:FC xmlns:c="c" xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><c:door gml:id="d.1">{member}</c:door></gml:featureMember></c:FC>"#
    )
}

#[test]
fn curves_become_lines() {
    let arc = r#"<c:geom><gml:Curve srsName="EPSG:4549"><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve></c:geom>"#;
    let (_folder, file) = written("arc.gml", &gml(arc));
    let run = read(&file, &[]).well();
    let Shape::LineString(line) = shape(&run.rows[0]).0 else { unreachable!("{run:?}") };
    assert!(line.0.len() > 10);
    assert!(line.0.iter().all(|c| ((c.x - 1.0).hypot(c.y) - 1.0).abs() < 1e-9), "{line:?}");
    assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing is written beside the file");
}

#[test]
fn shapes_come_east_first_whatever_the_file_says() {
    let point = |crs: &str, at: &str| {
        gml(&format!(r#"<c:geom><gml:Point srsName="{crs}"><gml:pos>{at}</gml:pos></gml:Point></c:geom>"#))
    };
    let cases = [
        ("urn:ogc:def:crs:EPSG::4490", "28.01 120.65", [120.65, 28.01], "EPSG:4490"),
        ("EPSG:4490", "120.65 28.01", [120.65, 28.01], "EPSG:4490"),
        ("urn:ogc:def:crs:EPSG::4549", "3099540 563885", [563_885.0, 3_099_540.0], "EPSG:4549"),
    ];
    for (crs, at, expected, code) in cases {
        let (_folder, file) = written("point.gml", &point(crs, at));
        let run = read(&file, &[]).well();
        assert_eq!(vertices(&run.rows[0]), [expected], "{crs}: {run:?}");
        assert_eq!(run.tables[0]["crs"], code);
    }
}

#[test]
fn lists_and_truth_values() {
    let member = "<c:n>1</c:n><c:n>2</c:n><c:word>甲</c:word><c:word>乙</c:word><c:x>1.5</c:x><c:x>2.5</c:x>";
    let (_folder, file) = written("lists.gml", &gml(member));
    let run = read(&file, &[]).well();
    let p = &run.rows[0]["p"];
    assert_eq!(p["n"], serde_json::json!([1, 2]), "{p}");
    assert_eq!(p["word"], serde_json::json!(["甲", "乙"]));
    assert_eq!(p["x"], serde_json::json!([1.5, 2.5]));
    let topology = r#"{"type":"Topology","arcs":[],"objects":{"doors":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[120.65,28.01],"properties":{"lit":true,"name":"门"}}]}}}"#;
    let (_folder, file) = written("doors.topojson", topology);
    let run = read(&file, &[]).well();
    assert_eq!(run.tables[0]["name"], "doors");
    assert_eq!(run.rows[0]["p"]["lit"], true, "{run:?}");
    assert_eq!(vertices(&run.rows[0]), [[120.65, 28.01]]);
}

#[test]
fn formats_are_listed_and_gdal_has_each() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_menpai-gdal")).arg("formats").output().unwrap();
    let list = String::from_utf8(out.stdout).unwrap();
    assert!(list.lines().any(|l| l == "ESRI Shapefile"));
    let Some(known) = gdal("ogrinfo", &["--formats"]) else { return };
    for driver in list.lines() {
        assert!(known.lines().any(|l| l.trim_start().starts_with(&format!("{driver} -"))), "{driver}");
    }
    assert!(!list.lines().any(|l| ["OGR_VRT", "WFS", "HTTP", "PostgreSQL", "GMLAS"].contains(&l)));
}

/// Output that goes to a file is not cut by the limit on written files.
#[test]
fn output_may_go_to_a_file() {
    let (folder, file) = written("point.gml", &gml("<c:n>1</c:n>"));
    let to = folder.path().join("out.jsonl");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_menpai-gdal"))
        .args(["read", file.to_str().unwrap()])
        .stdout(fs::File::create(&to).unwrap())
        .status()
        .unwrap();
    assert!(status.success() && ends_whole(&to));
}

fn ends_whole(file: &Path) -> bool {
    fs::read_to_string(file).unwrap().ends_with("{\"end\":true}\n")
}
