//! Every expression case of the MapLibre style specification, run through this crate.
//!
//! A case agrees when it compiles or is refused as expected, with the same type and dependencies, with errors at the
//! same places, and with the same answers (numbers to six digits). The wording of errors is this crate's own.

#![expect(clippy::print_stdout, reason = "the count of agreeing cases is what this test reports")]

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use styles::expression::{Color, Context, Expression, PlainFeature, Section, Type, Value};
use styles::spec::PropertySpec;

/// Cases that are known to disagree, each with the reason.
const KNOWN: &[(&str, &str)] = &[];

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("MENPAI_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = root.join("maplibre-style-spec-tests");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing; set MENPAI_DATA", folder.display());
    println!("skipped: {} is missing; set MENPAI_DATA", folder.display());
    None
}

fn cases(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            cases(&path, found);
        } else if path.file_name().is_some_and(|name| name == "test.json") {
            found.push(path);
        }
    }
}

#[test]
fn agrees_with_the_specification() {
    let Some(folder) = data() else { return };
    let root = folder.join("expression/tests");
    let mut paths = Vec::new();
    cases(&root, &mut paths);
    paths.sort();
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.parent().and_then(|p| p.strip_prefix(&root).ok()).expect("a case folder").display().to_string();
        let text = std::fs::read_to_string(path).expect("a readable case");
        let case: Json = serde_json::from_str(&text).expect("a case in JSON");
        if let Err(why) = run(&case) {
            wrong.push((name, why));
        }
    }
    println!("{} of {} agree", paths.len() - wrong.len(), paths.len());
    for (name, why) in &wrong {
        println!("disagrees: {name}: {why}");
    }
    let known: BTreeSet<_> = KNOWN.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<_> = wrong.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(known, found, "the list of known disagreements is not what was found");
}

fn run(case: &Json) -> Result<(), String> {
    let spec = property_spec(case.get("propertySpec").unwrap_or(&Json::Null));
    let compiled = Expression::parse(&case["expression"], &spec);
    let expected = &case["expected"]["compiled"];
    let expression = match compiled {
        Err(errors) => {
            let keys: Vec<_> = errors.iter().map(|e| e.key.as_str()).collect();
            let none = Vec::new();
            let wanted: Vec<_> = expected["errors"]
                .as_array()
                .unwrap_or(&none)
                .iter()
                .map(|e| e["key"].as_str().unwrap_or("?"))
                .collect();
            return if expected["result"] == "error" && keys == wanted {
                Ok(())
            } else {
                Err(format!("refused with {errors:?}, expected {expected}"))
            };
        }
        Ok(expression) => expression,
    };
    let made = json!({
        "result": "success",
        "isFeatureConstant": expression.is_feature_constant(),
        "isZoomConstant": expression.is_zoom_constant(),
        "type": expression.kind().to_string(),
    });
    if made != *expected {
        return Err(format!("compiled {made}, expected {expected}"));
    }
    let none = Vec::new();
    let wanted = case["expected"]["outputs"].as_array().unwrap_or(&none);
    for (i, input) in case["inputs"].as_array().unwrap_or(&none).iter().enumerate() {
        let made = evaluate(&expression, input, &case["globalState"]);
        let wanted = wanted.get(i).unwrap_or(&Json::Null);
        let agrees = match &made {
            Ok(made) => same(made, wanted),
            Err(_) => wanted.get("error").is_some(),
        };
        if !agrees {
            return Err(format!("input {i} {input} gave {made:?}, expected {wanted}"));
        }
    }
    Ok(())
}

fn property_spec(json: &Json) -> PropertySpec {
    let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let expression = json.get("expression");
    PropertySpec {
        kind: text("type").unwrap_or_default(),
        item: text("value"),
        length: json["length"].as_u64().map(|n| n as usize),
        values: json["values"].as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default(),
        depends: text("property-type").unwrap_or_else(|| "data-driven".to_owned()),
        interpolated: expression.is_none_or(|e| e["interpolated"] == true),
        parameters: match expression.and_then(|e| e["parameters"].as_array()) {
            Some(list) => list.iter().filter_map(|p| p.as_str().map(str::to_owned)).collect(),
            None => vec!["zoom".to_owned(), "feature".to_owned()],
        },
        tokens: json["tokens"] == true,
        default: json.get("default").cloned(),
        ..PropertySpec::default()
    }
}

fn map(json: &Json) -> BTreeMap<Arc<str>, Value> {
    match Value::from_json(json) {
        Value::Map(map) => (*map).clone(),
        _ => BTreeMap::new(),
    }
}

fn evaluate(expression: &Expression, input: &Json, global: &Json) -> Result<Json, String> {
    let (at, thing) = (&input[0], &input[1]);
    let tile = at.get("canonicalID").map(|id| [&id["z"], &id["x"], &id["y"]].map(|n| n.as_f64().unwrap_or(0.0)));
    let feature = PlainFeature {
        properties: map(&thing["properties"]),
        id: thing.get("id").map(Value::from_json),
        geometry: thing.get("geometry").map(|g| geometry(g, tile)),
    };
    let (state, global) = (map(&thing["featureState"]), map(global));
    let images: BTreeSet<Arc<str>> = at["availableImages"]
        .as_array()
        .map(|list| list.iter().filter_map(|name| name.as_str().map(Arc::from)).collect())
        .unwrap_or_default();
    let ctx = Context {
        zoom: at["zoom"].as_f64(),
        feature: Some(&feature),
        feature_state: Some(&state),
        global_state: Some(&global),
        images: Some(&images),
        heatmap_density: at["heatmapDensity"].as_f64(),
        elevation: at["elevation"].as_f64(),
        tile_zoom: tile.map(|[z, ..]| z as u8),
        line_progress: at["lineProgress"].as_f64(),
        ..Context::default()
    };
    let value = expression.evaluate_plain(&ctx).map_err(|text| text.en)?;
    Ok(if *expression.kind() == Type::Color {
        match value {
            Value::Color(c) => json!(c.premultiplied()),
            other => other.to_json(),
        }
    } else {
        written(&value)
    })
}

/// The shape after it went through a tile, as features do: positions on a grid of 8192 steps.
fn geometry(json: &Json, tile: Option<[f64; 3]>) -> Geometry<f64> {
    let point = |json: &Json| {
        let (lon, lat) = (json[0].as_f64().unwrap_or(0.0), json[1].as_f64().unwrap_or(0.0));
        let Some([z, ..]) = tile else { return Coord { x: lon, y: lat } };
        let steps = 8192.0 * 2f64.powf(z);
        let y = (180.0 - (45.0 + lat / 2.0).to_radians().tan().ln().to_degrees()) / 360.0;
        let (x, y) = (((180.0 + lon) / 360.0 * steps).round() / steps, (y * steps).round() / steps);
        let lat = 2.0 * (180.0 - y * 360.0).to_radians().exp().atan().to_degrees() - 90.0;
        Coord { x: x * 360.0 - 180.0, y: lat }
    };
    let none = Vec::new();
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let line = |json: &Json| LineString::new(json.as_array().unwrap_or(&none).iter().map(point).collect());
    let polygon = |json: &Json| {
        let mut rings: Vec<_> = json.as_array().unwrap_or(&none).iter().map(line).collect();
        let outer = rings.remove(0);
        Polygon::new(outer, rings)
    };
    let c = &json["coordinates"];
    match json["type"].as_str().unwrap_or_default() {
        "Point" => Point(point(c)).into(),
        "MultiPoint" => MultiPoint(list(c).iter().map(|p| Point(point(p))).collect()).into(),
        "LineString" => line(c).into(),
        "MultiLineString" => MultiLineString(list(c).iter().map(line).collect()).into(),
        "Polygon" => polygon(c).into(),
        _ => MultiPolygon(list(c).iter().map(polygon).collect()).into(),
    }
}

/// A value as the cases write it.
fn written(value: &Value) -> Json {
    let color = |c: Color| {
        let [r, g, b, a] = c.premultiplied();
        json!({"r": r, "g": g, "b": b, "a": a})
    };
    let image = |image: &styles::expression::Image| json!({"name": *image.name, "available": image.available});
    match value {
        Value::Image(i) => image(i),
        Value::Padding(sides) => json!({"values": sides}),
        Value::NumberArray(numbers) => json!({"values": **numbers}),
        Value::ColorArray(colors) => json!({"values": colors.iter().map(|c| color(*c)).collect::<Vec<_>>()}),
        Value::Projection(p) => json!({"from": *p.from, "to": *p.to, "transition": p.transition}),
        Value::Formatted(sections) => {
            let section = |s: &Section| {
                json!({"text": *s.text, "image": s.image.as_ref().map(image), "scale": s.scale,
                    "fontStack": s.fonts, "textColor": s.color.map(color), "verticalAlign": s.vertical_align})
            };
            json!({"sections": sections.iter().map(section).collect::<Vec<_>>()})
        }
        other => other.to_json(),
    }
}

/// Equal, numbers to six significant digits (the cases cut off what is behind them) or two in a million (curves are
/// solved by steps). Below 10⁻⁷ (of a metre, in
/// `distance`) only the order of the arithmetic is left to differ.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            let sixth = 10f64.powf(a.abs().max(b.abs()).max(1e-9).log10().floor() - 5.0);
            (a - b).abs() <= (sixth * 1.000_001).max(2e-6 * b.abs()).max(1e-7)
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}
