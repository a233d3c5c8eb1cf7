//! GeoPackage in and out, with GDAL as the judge where it is installed.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::{all, data};
use crate::geojson::{Form, Writer};
use crate::mapping::Mapping;
use crate::{Item, Options, Record, geopackage, open};
use geo_types::{Geometry as Shape, polygon};
use gis_data::{
    Catalog, Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown, Value,
};

fn record(item: &Item) -> &Record {
    match item {
        Item::Record(r) => r,
        Item::Reject(r) => panic!("{}", r.reason),
    }
}

#[test]
fn real_sets_are_read_and_mapped_as_stated() {
    let Some(data) = data() else { return };
    for (file, crs, extent) in [
        ("dutch_addresses_4326.gpkg", "EPSG:4326", [5.670_670, 52.042_700, 5.829_110, 52.123_700]),
        ("dutch_addresses_28992.gpkg", "EPSG:28992", [174_420.0, 450_567.0, 185_280.0, 459_543.0]),
    ] {
        let path = data.join("dutch-addresses").join(file);
        let reader = open(&path, &Options::default()).unwrap();
        assert_eq!((reader.tables()[0].crs.as_deref(), reader.tables()[0].rows), (Some(crs), Some(2481)));
        let items = all(&path).unwrap();
        assert_eq!(items.len(), 2481);
        let mut found = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for item in &items {
            let Some(Shape::Point(p)) = &record(item).shape else { panic!() };
            found = [found[0].min(p.x()), found[1].min(p.y()), found[2].max(p.x()), found[3].max(p.y())];
        }
        for (a, b) in found.iter().zip(extent) {
            assert!((a - b).abs() < 1e-5 * b.abs().max(1.0), "{found:?}");
        }
        let drafts: Vec<_> = items.iter().flat_map(|i| Mapping::default().apply(file, record(i))).take(5).collect();
        assert!(drafts.iter().all(|d| d.layer.as_str() == "doorplate" && d.properties.text("number").is_some()));
    }
    let items = all(&data.join("osm-poi-portugal/poi_portugal.gpkg")).unwrap();
    assert_eq!(items.len(), 8107);
    let mapping = Mapping::default();
    let mut session = mapping.session("poi_portugal.gpkg");
    let drafts: Vec<_> = items.iter().flat_map(|i| session.apply(record(i))).collect();
    assert!(drafts.len() + session.skipped() as usize == 8107 && drafts.len() > 6000, "{}", drafts.len());
}

fn shown(id: u64, layer: &str, shape: Option<Shape<f64>>, z: Option<Vec<f64>>, fields: &[(&str, Value)]) -> Shown {
    let feature = Feature {
        id: FeatureId::new(id).unwrap(),
        layer: LayerId::new(layer).unwrap(),
        geometry: shape.map(|s| Geometry::new(s, z).unwrap()),
        properties: fields.iter().cloned().collect::<Properties>(),
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
        min_zoom: 0,
    };
    Scope::everything("test").admit(Arc::new(feature)).unwrap()
}

fn sample() -> Vec<Shown> {
    let square = polygon![(x: 120.0, y: 28.0), (x: 120.1, y: 28.0), (x: 120.1, y: 28.1), (x: 120.0, y: 28.1)];
    let text = |t: &str| Value::from(t);
    vec![
        shown(
            1,
            "building",
            Some(square.clone().into()),
            None,
            &[("name", text("楼")), ("levels", Value::Int(6)), ("height_m", Value::Float(18.5))],
        ),
        shown(2, "building", Some(square.clone().into()), Some(vec![1.0; 5]), &[]),
        shown(
            3,
            "doorplate",
            Some(geo_types::Point::new(120.05, 28.05).into()),
            None,
            &[("number", text("12号 \"甲\""))],
        ),
        shown(
            4,
            "road",
            Some(geo_types::LineString::from(vec![(120.0, 28.0), (120.1, 28.1)]).into()),
            None,
            &[("bridge", Value::Bool(true)), ("class", text("primary"))],
        ),
        shown(5, "address", None, None, &[("text", text("人民路12号"))]),
        // No point, though the layer says so: the table takes any shape from here on.
        shown(6, "doorplate", Some(geo_types::MultiPoint::from(vec![(120.0, 28.0), (120.2, 28.2)]).into()), None, &[]),
    ]
}

fn written(path: &Path) -> geopackage::Written {
    let catalog = Catalog::built_in().unwrap();
    let layers: Vec<_> =
        ["address", "building", "doorplate", "road", "water"].map(|l| catalog.layer(l).unwrap().clone()).into();
    let now: Instant = "2026-03-01T08:00:00+08:00".parse().unwrap();
    geopackage::write(path, &layers, sample().into_iter().map(Ok), now).unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("城市.gpkg");
    let counts = written(&path);
    assert_eq!(counts[&LayerId::new("building").unwrap()], 2);
    // Again, over the old one.
    written(&path);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    let reader = open(&path, &Options::default()).unwrap();
    assert_eq!(reader.tables().len(), 5);
    assert!(reader.tables().iter().all(|t| t.name == "address" || t.crs.as_deref() == Some("EPSG:4490")));
    let items = all(&path).unwrap();
    assert_eq!(items.len(), 6);
    let by = |key: &str| items.iter().map(record).find(|r| r.key.as_deref() == Some(key)).unwrap();
    assert_eq!(by("1").properties.text("name"), Some("楼"));
    assert_eq!(by("1").properties.get("height_m"), Some(&Value::Float(18.5)));
    assert!(matches!(by("1").shape, Some(Shape::MultiPolygon(_))));
    assert_eq!(by("2").z.as_ref().map(Vec::len), Some(5));
    assert_eq!(by("3").properties.text("number"), Some("12号 \"甲\""));
    assert_eq!(by("4").properties.get("bridge"), Some(&Value::Bool(true)));
    assert_eq!((by("5").table.as_str(), &by("5").shape), ("address", &None));
    assert!(matches!(by("6").shape, Some(Shape::MultiPoint(_))));
    let connection = rusqlite::Connection::open(&path).unwrap();
    let told = |sql: &str| connection.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(told("PRAGMA journal_mode"), "delete");
    assert_eq!(told("SELECT last_change FROM gpkg_contents LIMIT 1"), "2026-03-01T00:00:00.000Z");
    assert_eq!(told("PRAGMA integrity_check"), "ok");
}

#[test]
fn gdal_opens_it_without_a_warning() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        assert!(std::env::var("CI").is_err(), "ogrinfo is missing: install gdal-bin");
        eprintln!("skipped: ogrinfo is missing, install gdal-bin");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("city.gpkg");
    written(&path);
    let out = Command::new("ogrinfo").args(["-al", "-ro"]).arg(&path).output().unwrap();
    let (told, warned) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success() && warned.is_empty(), "{warned}");
    for part in [
        "CGCS2000",
        "Layer name: building",
        "12号 \"甲\"",
        "levels (Integer64) = 6",
        "bridge (Integer(Boolean)) = 1",
        "Geometry: 3D Multi Polygon",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    // The index answers, and its triggers let an editor change the file.
    let boxed = Command::new("ogrinfo")
        .args(["-q", "-spat", "120.04", "28.04", "120.06", "28.06"])
        .arg(&path)
        .arg("doorplate")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&boxed.stdout).matches("OGRFeature").count(), 1);
    let edit = Command::new("ogrinfo")
        .args(["-q", "-sql", "DELETE FROM doorplate WHERE fid = 3"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(edit.status.success() && edit.stderr.is_empty(), "{}", String::from_utf8_lossy(&edit.stderr));
    // QGIS asks this table how many rows there are, and counts by it.
    let counted = rusqlite::Connection::open(&path).unwrap();
    let doors = |sql: &str| counted.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(
        doors("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'doorplate'"),
        doors("SELECT count(*) FROM doorplate")
    );
}

#[test]
fn what_is_no_geopackage_or_in_use_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let plain = dir.path().join("plain.gpkg");
    rusqlite::Connection::open(&plain).unwrap().execute_batch("CREATE TABLE a (b); INSERT INTO a VALUES (1)").unwrap();
    assert!(open(&plain, &Options::default()).err().unwrap().zh().contains("不是 GeoPackage"));
    let path = dir.path().join("a.gpkg");
    written(&path);
    std::fs::write(dir.path().join("a.gpkg-wal"), b"x").unwrap();
    assert!(open(&path, &Options::default()).err().unwrap().zh().contains("a.gpkg-wal"));
    std::fs::remove_file(dir.path().join("a.gpkg-wal")).unwrap();
    let c = rusqlite::Connection::open(&path).unwrap();
    c.execute_batch(
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n;
        INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('endless', 'attributes', 'endless'), ('gone', 'features', 'gone');
        DROP TRIGGER rtree_building_geom_update1; DROP TRIGGER rtree_building_geom_update2;
        DROP TRIGGER rtree_building_geom_update3; DROP TRIGGER rtree_building_geom_update4;
        UPDATE building SET geom = x'4750000100000000010200000000FFFFFFFF' WHERE fid = 1;
        UPDATE address SET text = CAST(x'FFFE' AS TEXT);",
    )
    .unwrap();
    drop(c);
    let rejected: Vec<String> = all(&path)
        .unwrap()
        .iter()
        .filter_map(|i| match i {
            Item::Reject(r) => Some(format!("{} {}", r.table, r.row)),
            Item::Record(_) => None,
        })
        .collect();
    assert_eq!(rejected, ["endless 0", "gone 0", "address 1", "building 1"]);
}

#[test]
fn geojson_is_written_as_a_stream() {
    let mut writer = Writer::new(Vec::new(), Form::Collection).unwrap();
    for s in sample() {
        writer.write(&s).unwrap();
    }
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.geojson");
    std::fs::write(&path, &text).unwrap();
    let items = all(&path).unwrap();
    assert_eq!(items.len(), 6);
    assert_eq!(record(&items[2]).properties.text("number"), Some("12号 \"甲\""));
    assert_eq!((record(&items[1]).key.as_deref(), record(&items[1]).z.as_ref().map(Vec::len)), (Some("2"), Some(5)));
}
