//! Checking sources.

use super::problem::Problems;
use super::value::{self, join};
use crate::expression::Expression;
use crate::spec::{PropertySpec, group};
use serde_json::{Value as Json, json};

pub(super) fn check(problems: &mut Problems, path: &str, json: &Json) {
    let Some(map) = json.as_object() else {
        return problems.expected(path, "object", json);
    };
    let Some(kind) = map.get("type") else {
        return problems.missing(path, "type");
    };
    let kind = kind.as_str().unwrap_or_default();
    let table = match kind {
        "vector" | "raster" | "raster-dem" | "geojson" | "video" | "image" => {
            group(&format!("source_{}", kind.replace('-', "_")))
        }
        _ => None,
    };
    let Some(table) = table else {
        return problems.expected(
            join(path, "type"),
            "one of [vector, raster, raster-dem, geojson, video, image]",
            map.get("type").unwrap_or(&Json::Null),
        );
    };
    value::object(problems, path, json, table, &["promoteId", "filter"]);
    if let Some(filter) = map.get("filter").filter(|_| kind == "geojson") {
        super::filter::check(problems, &join(path, "filter"), filter);
    }
    if let Some(id) = map.get("promoteId") {
        promote_id(problems, &join(path, "promoteId"), id);
    }
    if kind == "raster-dem" && map.get("encoding").and_then(Json::as_str) != Some("custom") {
        for name in ["redFactor", "greenFactor", "blueFactor", "baseShift"].iter().filter(|n| map.contains_key(**n)) {
            problems.error(
                join(path, name),
                "只有 encoding 为 custom 时才能设置",
                "Only possible when \"encoding\" is \"custom\".",
            );
        }
    }
    if let Some(clusters) = map.get("clusterProperties").filter(|_| map.get("cluster") == Some(&Json::Bool(true))) {
        cluster(problems, path, clusters);
    }
}

fn promote_id(problems: &mut Problems, path: &str, json: &Json) {
    match json {
        Json::String(_) => {}
        Json::Object(by_layer) => {
            for (name, json) in by_layer.iter().filter(|(_, json)| !json.is_string()) {
                problems.expected(join(path, name), "string", json);
            }
        }
        other => problems.expected(path, "string or object", other),
    }
}

/// `{"sum": ["+", ["get", "n"]]}`: each maps a feature and reduces the results.
fn cluster(problems: &mut Problems, path: &str, json: &Json) {
    let Some(map) = json.as_object() else {
        return problems.expected(join(path, "clusterProperties"), "object", json);
    };
    for (name, pair) in map {
        let inner = join(path, name);
        let Some([reduce, mapped]) = pair.as_array().map(Vec::as_slice) else {
            problems.expected(inner, "[reduce, map]", pair);
            continue;
        };
        let reduce = match reduce {
            Json::String(op) => json!([op, ["accumulated"], ["get", name]]),
            other => other.clone(),
        };
        cluster_expression(problems, &format!("{inner}.map"), mapped);
        cluster_expression(problems, &format!("{inner}.reduce"), &reduce);
    }
}

fn cluster_expression(problems: &mut Problems, path: &str, json: &Json) {
    let any = PropertySpec { kind: "*".to_owned(), parameters: vec!["zoom".to_owned()], ..PropertySpec::filter() };
    match Expression::parse(json, &any) {
        Ok(made) if made.is_zoom_constant() && made.is_state_constant() => {}
        Err(errors) if !errors.iter().all(|e| e.text.en.contains("\"zoom\"")) => {
            for e in errors {
                problems.push(format!("{path}{}", e.key), e.text);
            }
        }
        _ => problems.error(
            path,
            "聚合属性不能用 zoom 和 feature-state",
            "\"zoom\" and \"feature-state\" are not possible in cluster properties.",
        ),
    }
}
