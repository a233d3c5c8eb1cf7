//! FlatGeobuf, written by the published crate.

use super::all;
use crate::{Item, Options, Record, open};
use ::flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo_types::{Geometry as Shape, MultiPolygon, polygon};
use geozero::{ColumnValue, PropertyProcessor};
use gis_data::{Kind, Value};

fn record(item: &Item) -> &Record {
    match item {
        Item::Record(r) => r,
        Item::Reject(r) => panic!("{}", r.reason),
    }
}

fn shapes() -> Vec<Shape<f64>> {
    let a = polygon!(exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0)], interiors: [[(x: 4.0, y: 1.0), (x: 5.0, y: 1.0), (x: 5.0, y: 2.0)]]);
    vec![
        geo_types::Point::new(120.5, 28.25).into(),
        geo_types::LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]).into(),
        a.clone().into(),
        MultiPolygon(vec![a.clone(), a]).into(),
    ]
}

pub(super) fn written() -> Vec<u8> {
    let options = FgbWriterOptions {
        crs: FgbCrs { code: 4490, ..FgbCrs::default() },
        write_index: true,
        detect_type: false,
        promote_to_multi: false,
        ..FgbWriterOptions::default()
    };
    let mut fgb = FgbWriter::create_with_options("湖", GeometryType::Unknown, options).unwrap();
    fgb.add_column("name", ColumnType::String, |_, _| {});
    fgb.add_column("n", ColumnType::Long, |_, _| {});
    for shape in shapes() {
        fgb.add_feature_geom(shape, |f| {
            f.property(0, "name", &ColumnValue::String("蓝湖")).unwrap();
            f.property(1, "n", &ColumnValue::Long(1 << 60)).unwrap();
        })
        .unwrap();
    }
    let mut bytes = Vec::new();
    fgb.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_kind_of_shape_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.fgb");
    std::fs::write(&path, written()).unwrap();
    let reader = open(&path, &Options::default()).unwrap();
    let table = &reader.tables()[0];
    assert_eq!((table.name.as_str(), table.crs.as_deref(), table.rows), ("湖", Some("EPSG:4490"), Some(4)));
    let items = all(&path).unwrap();
    for shape in shapes() {
        // The index orders features by where they are.
        let found = items.iter().map(record).find(|r| r.shape.as_ref() == Some(&shape)).unwrap();
        assert_eq!(
            (found.properties.text("name"), found.properties.get("n")),
            (Some("蓝湖"), Some(&Value::Int(1 << 60)))
        );
    }
}

#[test]
fn a_size_that_lies_is_told_before_it_is_reserved() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.fgb");
    let whole = written();
    for cut in 8..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert!(all(&path).is_err(), "{cut}");
    }
    let header = u32::from_le_bytes(whole[8..12].try_into().unwrap()) as usize;
    let mut lie = whole.clone();
    // Four features in a tree of sixteen: five nodes of 40 bytes.
    let feature = 12 + header + 5 * 40;
    lie[feature..feature + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    std::fs::write(&path, lie).unwrap();
    assert_eq!(all(&path).unwrap_err().kind(), Kind::TooLarge);
}
