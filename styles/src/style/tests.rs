//! Sheets of our own, and sheets that mean harm.

use super::{Style, StyleLayer};
use crate::expression::{Color, Context, PlainFeature, Value};
use crate::{CITY, NIGHT, sprite};
use geo_types::{Geometry, line_string};
use std::collections::BTreeSet;

/// The layers and what is said of their kinds: what tiles carry.
const SOURCE_LAYERS: [&str; 29] = [
    "district",
    "subdistrict",
    "community",
    "grid",
    "microgrid",
    "road",
    "compound",
    "doorplate",
    "building",
    "entrance",
    "plate",
    "facility",
    "component",
    "device",
    "hazard",
    "incident",
    "shelter",
    "water",
    "green",
    "built_up",
    "district:label",
    "subdistrict:label",
    "community:label",
    "grid:label",
    "microgrid:label",
    "compound:label",
    "building:label",
    "water:label",
    "green:label",
];

fn road(class: &str) -> PlainFeature {
    let properties = [("class", Value::text(class)), ("name", Value::text("人民路"))];
    PlainFeature {
        properties: properties.into_iter().map(|(k, v)| (k.into(), v)).collect(),
        geometry: Some(Geometry::LineString(line_string![(x: 120.0, y: 28.0), (x: 120.1, y: 28.0)])),
        ..PlainFeature::default()
    }
}

#[test]
fn both_sheets_are_accepted_and_draw_every_layer() {
    for sheet in [CITY, NIGHT] {
        let style = Style::parse(sheet).expect("a good sheet");
        assert!(style.warnings.is_empty(), "{:?}", style.warnings);
        let drawn: BTreeSet<_> = style.layers.iter().filter_map(|l| l.source_layer.as_deref()).collect();
        assert_eq!(drawn, SOURCE_LAYERS.into_iter().collect());
        for layer in &style.layers {
            let group = &layer.metadata["menpai:group"];
            assert!(group["zh"].is_string() && group["en"].is_string(), "{} has no group", layer.id);
        }
    }
}

#[test]
fn every_icon_that_a_sheet_names_is_in_the_sprite() {
    let names: BTreeSet<_> = sprite::names().collect();
    for icon in ["doorplate", "hazard", "incident", "incident-closed", "shelter", "arrow", "device", "other"] {
        assert!(names.contains(icon) && CITY.contains(&format!("\"{icon}\"")), "{icon}");
    }
}

fn evaluated(layer: &StyleLayer, name: &str, zoom: f64, feature: &PlainFeature) -> Value {
    layer.paint(name).evaluate(&Context::new(zoom, feature)).expect("a value")
}

#[test]
fn a_layer_answers_for_a_feature() {
    let style = Style::parse(CITY).expect("a good sheet");
    let layer = style.layer("road-primary").expect("a layer");
    let (primary, steps) = (road("primary"), road("steps"));
    assert!(layer.filter.matches(&Context::new(14.0, &primary)));
    assert!(!layer.filter.matches(&Context::new(14.0, &steps)));
    assert_eq!(evaluated(layer, "line-width", 14.0, &primary), Value::Number(6.5));
    assert_eq!(
        evaluated(layer, "line-color", 14.0, &primary),
        Value::Color(Color::parse("#fde49a").expect("a colour"))
    );
    // Not set in the sheet: the specification's default.
    assert_eq!(evaluated(layer, "line-opacity", 14.0, &primary), Value::Number(1.0));
    assert!(layer.is_visible(&Context::new(14.0, &primary)) && !layer.is_visible(&Context::new(3.0, &primary)));
    assert!(!style.layer("building-3d").expect("a layer").is_visible(&Context::at_zoom(16.0)));
}

#[test]
fn hostile_sheets_get_an_answer() {
    let deep = format!("{{\"version\":8,\"sources\":{{}},\"layers\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for text in ["", "[]", "null", "{\"version\":8}", &deep, "{\"version\":8,\"sources\":{},\"layers\":[[],1,null,{}]}"]
    {
        assert!(Style::parse(text).is_err());
    }
    let filter = format!("{}1{}", "[\"all\",".repeat(60), "]".repeat(60));
    let sheet = format!(
        r#"{{"version":8,"sources":{{"v":{{"type":"vector"}}}},"layers":[{{"id":"a","type":"fill","source":"v","source-layer":"x","filter":{filter}}}]}}"#
    );
    assert!(Style::parse(&sheet).is_err());
}

#[test]
fn a_problem_names_its_place_in_two_languages() {
    let sheet =
        r#"{"version":8,"sources":{},"layers":[{"id":"b","type":"background","paint":{"background-color":"rot"}}]}"#;
    let problems = Style::parse(sheet).expect_err("a problem");
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.path, "layers[0].paint.background-color");
    assert!(problem.text.zh.contains("rot") && problem.text.en.contains("color"));
}
