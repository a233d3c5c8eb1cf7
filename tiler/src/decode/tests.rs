//! The public fixtures and real tiles.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::*;
use crate::encode::commands::{self, Parts};

fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("MENPAI_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", folder.display());
    println!("skipped: {} is missing", folder.display());
    None
}

/// Where this reader differs from what the fixtures say, and why.
const DEVIATIONS: [(&str, &str); 6] = [
    ("016", "its bytes are those of 003, byte for byte, which is called invalid: no kind is written"),
    ("049", "a vertex beyond 32 bits is refused: wrapping it round would draw a line across the map"),
    ("050", "a vertex beyond 32 bits is refused: wrapping it round would draw a line across the map"),
    (
        "057",
        "a count of half a milliard points of which one follows is refused like that of 051, which is called invalid",
    ),
    ("061", "no version is written, which is called fatal in 024"),
    ("076", "its bytes hold the text 613, and are read so; tile.json writes a number"),
];

#[test]
fn the_public_fixtures_are_read_or_refused_as_they_say() {
    let Some(folder) = data("mvt-fixtures/fixtures") else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differing = Vec::new();
    let mut fixtures: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    fixtures.sort();
    for path in &fixtures {
        let number = path.file_name().unwrap().to_string_lossy().into_owned();
        let json = |name: &str| -> Json { serde_json::from_slice(&std::fs::read(path.join(name)).unwrap()).unwrap() };
        let (info, wanted) = (json("info.json"), json("tile.json"));
        let bytes = std::fs::read(path.join("tile.mvt")).unwrap();
        let version = if wanted["layers"][0]["version"] == 1 { "v1" } else { "v2" };
        let valid = info["validity"][version] == true;
        let (read, lossy) = (decode(&bytes), decode_lossy(&bytes));
        let outcome = match (&read, valid, info["validity"]["error"].as_str()) {
            (Ok(tile), true, _) if same(&as_json(tile), &wanted) => "valid, read equal",
            (Err(e), false, Some("recoverable"))
                if e.fault.recoverable() && lossy.as_ref().is_ok_and(|l| !l.1.is_empty()) =>
            {
                "recoverable, refused strictly and read without the faulty part"
            }
            (Err(e), false, Some("fatal") | None) if !e.fault.recoverable() && lossy.is_err() => "fatal, refused",
            _ => {
                differing.push((number.clone(), format!("{:?}", read.map(|t| as_json(&t).to_string()))));
                "differing"
            }
        };
        *counts.entry(outcome).or_default() += 1;
    }
    println!("{} fixtures: {counts:#?}\n{differing:#?}", fixtures.len());
    assert_eq!(fixtures.len(), 74);
    let numbers: Vec<&str> = differing.iter().map(|d| d.0.as_str()).collect();
    assert_eq!(numbers, DEVIATIONS.map(|d| d.0), "the list of deviations is stale");
}

/// As the fixtures write tiles, with the geometry as commands again.
fn as_json(tile: &DecodedTile) -> Json {
    let layer = |l: &DecodedLayer| {
        json!({
            "version": l.version, "name": l.name, "extent": l.extent, "keys": l.keys,
            "features": l.features.iter().map(feature_json).collect::<Vec<_>>(),
            "values": l.values.iter().map(value_json).collect::<Vec<_>>(),
        })
    };
    if tile.layers.is_empty() {
        json!({})
    } else {
        json!({ "layers": tile.layers.iter().map(layer).collect::<Vec<_>>() })
    }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Text(x) => json!({ "string_value": x }),
        Value::Float(x) => json!({ "float_value": x.to_string().parse::<f64>().unwrap() }),
        Value::Double(x) => json!({ "double_value": x }),
        Value::Int(x) => json!({ "int_value": x }),
        Value::Uint(x) => json!({ "uint_value": x }),
        Value::Sint(x) => json!({ "sint_value": x }),
        Value::Bool(x) => json!({ "bool_value": x }),
    }
}

fn feature_json(feature: &DecodedFeature) -> Json {
    let mut parts = Parts::default();
    let mut bytes = Vec::new();
    let kind = match &feature.shape {
        Shape::Unknown(commands) => {
            let json = json!({ "type": 0, "geometry": commands, "tags": tag_list(feature) });
            return with_id(json, feature.id);
        }
        Shape::Points(points) => {
            commands::points(points, &mut bytes);
            1
        }
        Shape::Lines(lines) => {
            for line in lines {
                parts.push(line, false);
            }
            commands::lines(&parts, &mut bytes);
            2
        }
        Shape::Polygons(polygons) => {
            for ring in polygons.iter().flatten() {
                parts.push(ring, true);
            }
            commands::rings(&parts, &mut bytes);
            3
        }
    };
    let mut reader = Reader::new(&bytes);
    let mut numbers = Vec::new();
    while !reader.is_empty() {
        numbers.push(reader.uint32().unwrap());
    }
    with_id(json!({ "type": kind, "geometry": numbers, "tags": tag_list(feature) }), feature.id)
}

fn tag_list(feature: &DecodedFeature) -> Vec<u32> {
    feature.tags.iter().flat_map(|t| [t.0, t.1]).collect()
}

fn with_id(mut json: Json, id: Option<u64>) -> Json {
    if let Some(id) = id {
        json["id"] = id.into();
    }
    json
}

/// Equal, but for an extent that is not written: it is 4096.
fn same(read: &Json, wanted: &Json) -> bool {
    let mut wanted = wanted.clone();
    for layer in wanted.get_mut("layers").and_then(Json::as_array_mut).into_iter().flatten() {
        layer.as_object_mut().unwrap().entry("extent").or_insert(4096.into());
    }
    *read == wanted
}

#[test]
fn real_tiles_have_the_features_that_their_source_counts() {
    let Some(folder) = data("osm-qa-montevideo") else { return };
    let source = std::fs::read_to_string(folder.join("SOURCE.md")).unwrap();
    for (name, features) in [("12-1409-2472", 34_986), ("12-1410-2471", 8_267)] {
        let with_commas = format!("{name} ({},{:03}", features / 1000, features % 1000);
        assert!(source.contains(&with_commas), "{with_commas}");
        let (tile, faults) = decode_lossy(&std::fs::read(folder.join(format!("{name}.mvt"))).unwrap()).unwrap();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for f in &faults {
            *kinds.entry(format!("{:?}", f.fault)).or_default() += 1;
        }
        let read: usize = tile.layers.iter().map(|l| l.features.len()).sum();
        println!("{name}: {read} read, left out {kinds:?}");
        assert_eq!(read + faults.len(), features);
        assert!(kinds.keys().all(|k| ["Repeated", "Degenerate", "HoleFirst"].contains(&k.as_str())), "{kinds:?}");
        assert!(faults.len() * 100 < features, "{}", faults.len());
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let Some(folder) = data("mvt-fixtures/fixtures") else { return };
    for number in ["022", "038", "062"] {
        let whole = std::fs::read(folder.join(number).join("tile.mvt")).unwrap();
        for i in 0..whole.len() {
            let cut = decode(&whole[..i]);
            assert!(i == 0 || cut.is_err(), "{number} cut at {i}");
            for flip in [1, 0x80, 0xff] {
                let mut bad = whole.clone();
                bad[i] ^= flip;
                let strict = decode(&bad);
                let lossy = decode_lossy(&bad);
                assert!(strict.is_err() || lossy.is_ok_and(|l| l.1.is_empty()));
            }
        }
    }
    assert_eq!(decode(&vec![0; MAX_BYTES + 1]).unwrap_err().fault, Fault::TooLarge);
}
