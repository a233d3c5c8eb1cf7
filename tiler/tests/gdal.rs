//! What GDAL reads from our tiles is what was written: a reader that knows nothing of this program.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of a test, which clippy does not know as such")]

use std::process::Command;
use std::sync::Arc;

use geo_types::{Coord as Degrees, Geometry as Shape, LineString, Polygon};
use gis_data::{
    Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown, mercator,
};
use serde_json::Value as Json;
use tiler::{Coord, Options};

fn row(id: u64, shape: Shape<f64>, properties: &str) -> Shown {
    let feature = Feature {
        id: FeatureId::new(id).unwrap(),
        layer: LayerId::new("things").unwrap(),
        geometry: Some(Geometry::new(shape, None).unwrap()),
        properties: serde_json::from_str::<Properties>(properties).unwrap(),
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
        min_zoom: 0,
    };
    Scope::everything("test").admit(Arc::new(feature)).unwrap()
}

fn path(coord: Coord, units: &[(f64, f64)]) -> LineString<f64> {
    let n = f64::from(coord.z()).exp2();
    let place = |(x, y): &(f64, f64)| {
        let (lon, lat) =
            mercator::unproject((f64::from(coord.x()) + x / 4096.0) / n, (f64::from(coord.y()) + y / 4096.0) / n);
        Degrees { x: lon, y: lat }
    };
    LineString(units.iter().map(place).collect())
}

/// Whether GDAL is there; its absence fails where tests are binding.
fn gdal() -> bool {
    let there = Command::new("ogrinfo").arg("--version").output().is_ok_and(|o| o.status.success());
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "ogr2ogr is missing: install gdal-bin");
    if !there {
        println!("skipped: ogr2ogr is missing; install gdal-bin");
    }
    there
}

#[test]
fn gdal_reads_what_was_written() {
    if !gdal() {
        return;
    }
    let coord = Coord::new(14, 13_682, 6_828).unwrap();
    let outer = [(100.0, 100.0), (900.0, 100.0), (900.0, 900.0), (100.0, 900.0)];
    let hole = [(300.0, 300.0), (300.0, 600.0), (600.0, 600.0), (600.0, 300.0)];
    let rows = vec![
        row(
            1,
            Shape::Point(path(coord, &[(2048.0, 1024.0)]).0[0].into()),
            r#"{"number":"12号","levels":3,"height_m":10.5,"open":true}"#,
        ),
        row(2, Shape::LineString(path(coord, &[(-2000.0, 500.0), (2000.0, 500.0)])), r#"{"name":"墨池坊"}"#),
        row(
            9_007_199_254_740_991,
            Shape::Polygon(Polygon::new(path(coord, &outer), vec![path(coord, &hole)])),
            r#"{"depth":-4}"#,
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    // GDAL tells the tile's place from its path.
    let file = folder.path().join("14").join("13682").join("6828.mvt");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, tiler::encode("things", coord, rows, &Options::default()).unwrap()).unwrap();

    let output = Command::new("ogr2ogr")
        .args([
            "-f",
            "GeoJSON",
            "-t_srs",
            "EPSG:4326",
            "-oo",
            "CLIP=NO",
            "-lco",
            "COORDINATE_PRECISION=9",
            "/vsistdout/",
        ])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let features = json["features"].as_array().unwrap();
    assert_eq!(features.len(), 3, "{json}");
    let ids: Vec<u64> = features.iter().map(|f| f["properties"]["mvt_id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 9_007_199_254_740_991]);
    let properties = &features[0]["properties"];
    assert_eq!((&properties["number"], &properties["levels"]), (&"12号".into(), &3.into()));
    assert_eq!((&properties["height_m"], &properties["open"]), (&10.5.into(), &true.into()));
    assert_eq!(features[1]["properties"]["name"], "墨池坊");
    assert_eq!(features[2]["properties"]["depth"], -4);

    let near = |got: &Json, at: (f64, f64)| {
        let want = path(coord, &[at]).0[0];
        let off = (got[0].as_f64().unwrap() - want.x).hypot(got[1].as_f64().unwrap() - want.y);
        assert!(off < 1e-6, "{got} is not {want:?}");
    };
    near(&features[0]["geometry"]["coordinates"], (2048.0, 1024.0));
    let line = &features[1]["geometry"];
    let line = if line["type"] == "MultiLineString" { &line["coordinates"][0] } else { &line["coordinates"] };
    near(&line[0], (-64.0, 500.0));
    near(&line[1], (2000.0, 500.0));
    let surface = &features[2]["geometry"];
    let rings = if surface["type"] == "MultiPolygon" { &surface["coordinates"][0] } else { &surface["coordinates"] };
    assert_eq!(rings.as_array().unwrap().len(), 2, "one hole: {surface}");
    assert_eq!(rings[1].as_array().unwrap().len(), 5);
}
