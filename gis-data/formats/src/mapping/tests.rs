use geo_types::{Geometry as Shape, Point, polygon};
use gis_data::{Catalog, Class, FieldKind, GeometryKind, Kind, Value};

use super::*;
use crate::Table;

fn record(table: &str, shape: impl Into<Option<Shape<f64>>>, fields: &[(&str, &str)]) -> Record {
    let properties = fields.iter().copied().collect();
    Record { row: 1, table: table.into(), key: Some("w1".into()), shape: shape.into(), z: None, properties }
}

fn square() -> Shape<f64> {
    polygon![(x: 120.0, y: 28.0), (x: 120.1, y: 28.0), (x: 120.1, y: 28.1), (x: 120.0, y: 28.1)].into()
}

fn point() -> Shape<f64> {
    Point::new(120.0, 28.0).into()
}

/// Every field and code that the built-in rules write is one that the built-in layers have.
#[test]
fn the_built_in_rules_fit_the_built_in_layers() {
    let catalog = Catalog::built_in().unwrap();
    for sheet in &Mapping::built_in().unwrap().sheets {
        for rule in &sheet.rule {
            let layer = catalog.layer(rule.layer.as_str()).unwrap();
            for (name, field) in &rule.fields {
                let known = layer.field(name).unwrap_or_else(|| panic!("{}.{name}", rule.layer));
                let sheet::FieldRule::Made(made) = field else { continue };
                if known.codes.is_empty() {
                    continue;
                }
                let mut codes: Vec<String> = made.codes.iter().flat_map(|c| c.values().cloned()).collect();
                if let Some(kinds) = &made.kinds {
                    codes.extend(sheet.kinds[kinds].codes().map(str::to_owned));
                }
                // `=` keeps the source's own word, which the layer need not know; nothing leaves the field out.
                for code in codes.iter().filter(|c| !["", "="].contains(&c.as_str())) {
                    assert!(known.codes.iter().any(|c| c.code == *code), "{}.{name} = {code}", rule.layer);
                }
            }
        }
    }
}

#[test]
fn a_building_with_a_number_is_also_a_doorplate() {
    let tags = [
        ("building", "apartments"),
        ("building:levels", "3;4"),
        ("addr:street", "人民路"),
        ("addr:housenumber", "12号"),
    ];
    let drafts = Mapping::default().apply("a.osm.pbf", &record("osm_way", square(), &tags));
    let by = |layer: &str| drafts.iter().find(|d| d.layer.as_str() == layer).unwrap();
    assert_eq!(drafts.len(), 2);
    assert_eq!(by("building").properties.get("levels"), Some(&Value::Int(4)));
    assert_eq!(by("building").properties.get("height_m"), Some(&Value::Float(12.0)));
    assert_eq!(by("building").properties.text("use"), Some("apartments"));
    assert_eq!(by("building").properties.text("source"), Some("a.osm.pbf"));
    let door = by("doorplate");
    assert_eq!((door.key.as_str(), door.properties.text("address")), ("w1#door", Some("人民路12号")));
    let Some(Shape::Point(p)) = door.shape else { panic!() };
    assert!((p.x() - 120.05).abs() < 0.05 && (p.y() - 28.05).abs() < 0.05);
}

#[test]
fn what_no_rule_knows_is_skipped_or_generic() {
    let mapping = Mapping::default();
    assert!(mapping.apply("a.osm", &record("osm_node", point(), &[("name", "x")])).is_empty());
    let drafts = mapping.apply("a.shp", &record("Lakes", square(), &[("FID", "101")]));
    assert_eq!((drafts.len(), drafts[0].layer.as_str()), (1, "lakes"));
    assert_eq!(drafts[0].properties.text("FID"), Some("101"));
}

#[test]
fn kinds_are_told_from_several_tags() {
    let kind = |tags: &[(&str, &str)]| {
        let drafts = Mapping::default().apply("a.osm", &record("osm_node", point(), tags));
        let told: Vec<String> =
            drafts.iter().map(|d| format!("{}:{}", d.layer, d.properties.text("kind").unwrap_or_default())).collect();
        told.join(" ")
    };
    assert_eq!(kind(&[("amenity", "pharmacy"), ("shop", "chemist")]), "facility:pharmacy");
    assert_eq!(kind(&[("amenity", "bench")]), "component:bench");
    assert_eq!(kind(&[("amenity", "bar;cafe")]), "facility:restaurant");
    assert_eq!(kind(&[("highway", "bus_stop")]), "facility:bus_stop");
    assert_eq!(kind(&[("shop", "florist")]), "facility:other");
    assert_eq!(kind(&[("man_made", "surveillance")]), "device:camera");
    assert_eq!(kind(&[("emergency", "fire_hydrant")]), "component:hydrant");
    assert_eq!(kind(&[("office", "company"), ("name", "x")]), "organisation:company");
    assert_eq!(kind(&[("entrance", "main")]), "entrance:main");
}

#[test]
fn offices_tables_are_told_by_their_columns() {
    let mapping = Mapping::default();
    let told = |table: &str, shape: Option<Shape<f64>>, fields: &[(&str, &str)]| {
        let drafts = mapping.apply("a.csv", &record(table, shape, fields));
        assert_eq!(drafts.len(), 1, "{fields:?}");
        drafts.into_iter().next().unwrap()
    };
    let d =
        told("sheet1", Some(point()), &[("设施名称", "南门社区食堂"), ("设施类型", "社区食堂"), ("容纳人数", "80")]);
    assert_eq!((d.layer.as_str(), d.properties.text("kind")), ("facility", Some("canteen")));
    assert_eq!(d.properties.get("capacity"), Some(&Value::Int(80)));
    let d = told("人口", None, &[("姓名", "张三"), ("身份证号", "330302199001010000"), ("地址", "人民路12号")]);
    assert_eq!((d.layer.as_str(), d.key.as_str()), ("person", "330302199001010000"));
    let d = told("datong", None, &[("區名", "大同區"), ("街路段", "民生西路"), ("巷", "45巷"), ("號", "3號")]);
    assert_eq!((d.layer.as_str(), d.properties.text("text")), ("address", Some("大同區民生西路45巷3號")));
    let d = told("wenzhou-districts", Some(square()), &[("code", "330302"), ("name", "鹿城区")]);
    assert_eq!((d.layer.as_str(), d.properties.text("code")), ("district", Some("330302")));
    let d = told("街道", Some(square()), &[("名称", "南门街道")]);
    assert_eq!(d.layer.as_str(), "subdistrict");
}

#[test]
fn a_users_sheet_comes_first_and_faults_are_told() {
    let text = r#"
        [kinds.k]
        t = { a = "park" }
        [[sheet]]
        name = "ours"
        applies = [{ source = "*.csv", table = "t" }]
        [[sheet.rule]]
        layer = "facility"
        key = "id"
        needs = "kind"
        rest = true
        [sheet.rule.fields]
        kind = { kinds = "k" }
    "#;
    let mapping = Mapping::parse(text).unwrap();
    let drafts = mapping.apply("x.csv", &record("t", None, &[("t", "a"), ("id", "7"), ("more", "1")]));
    assert_eq!((drafts[0].key.as_str(), drafts[0].properties.text("more")), ("7", Some("1")));
    assert!(mapping.apply("x.csv", &record("t", None, &[("t", "b")])).is_empty());
    for (bad, word) in [
        ("[[sheet]]\nname = 1", "name"),
        ("[[sheet]]\nname = 'a'\n[[sheet.rule]]\nlayer = '门牌'", "门牌"),
        ("[[sheet]]\nname = 'a'\n[[sheet.rule]]\nlayer = 'road'\n[sheet.rule.fields]\na = { kinds = 'none' }", "none"),
        ("[[sheet]]\nname = 'a'\nrules = []", "rules"),
    ] {
        let error = Mapping::parse(bad).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(error.zh().contains(word), "{error}");
    }
}

#[test]
fn equal_rows_are_told_apart_in_the_same_way_each_time() {
    let mapping = Mapping::default();
    let mut row = record("stuff", point(), &[("a", "1")]);
    row.key = None;
    let keys = || {
        let mut session = mapping.session("x");
        [0, 1].map(|_| session.apply(&row)[0].key.clone())
    };
    let [first, second] = keys();
    assert_eq!(second, format!("{first}~2"));
    assert_eq!(keys(), [first, second]);
}

#[test]
fn a_layer_is_inferred_from_samples() {
    let table = Table { name: "消防栓".into(), crs: None, rows: None };
    let mut a = record("消防栓", point(), &[("name", "x")]);
    a.properties.set("n", 1_i64);
    let mut b = a.clone();
    b.properties.set("n", 1.5);
    b.properties.set("ok", true);
    let layer = infer_layer(&table, &[a, b]).unwrap();
    let kind = |n: &str| layer.field(n).unwrap().kind;
    assert_eq!((kind("name"), kind("n"), kind("ok")), (FieldKind::Text, FieldKind::Float, FieldKind::Bool));
    assert_eq!(
        (layer.class, layer.geometry, layer.title.zh.as_str()),
        (Class::Internal, GeometryKind::Point, "消防栓")
    );
}
