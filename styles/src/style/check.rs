//! Checking a whole sheet and its layers.

use super::problem::Problems;
use super::value::{self, Place, join};
use super::{filter, source};
use crate::spec::group;
use serde_json::{Map, Value as Json};
use std::collections::HashSet;

pub(super) fn sheet(problems: &mut Problems, json: &Json) {
    let (Some(root), Some(table)) = (json.as_object(), group("$root")) else {
        return problems.expected("", "object", json);
    };
    for (name, _) in table.iter().filter(|(name, spec)| spec.required && !root.contains_key(*name)) {
        problems.missing("", name);
    }
    if root.contains_key("constants") {
        problems.error("constants", "第 8 版不再支持 constants", "\"constants\" are gone since version 8.");
    }
    for (name, json) in root {
        match (name.as_str(), table.get(name)) {
            ("layers", _) => match json {
                Json::Array(list) => layers(problems, root, list),
                other => problems.expected("layers", "array", other),
            },
            ("sources", _) => match json {
                Json::Object(sources) => {
                    for (name, json) in sources {
                        source::check(problems, &format!("sources.{name}"), json);
                    }
                }
                other => problems.expected("sources", "object", other),
            },
            ("light" | "sky" | "terrain" | "projection" | "transition", _) => {
                if let Some(table) = group(name) {
                    value::object(problems, name, json, table, &[]);
                }
            }
            ("state", _) if !json.is_object() => problems.expected("state", "object", json),
            ("font-faces", _) if !json.is_object() => problems.expected("font-faces", "object", json),
            ("glyphs", _) => glyphs(problems, json),
            ("sprite", _) => sprite(problems, json),
            (_, Some(spec)) => value::property(problems, name, json, spec, Place::Sheet),
            // Others may keep things of their own beside the sheet.
            (_, None) => {}
        }
    }
}

fn glyphs(problems: &mut Problems, json: &Json) {
    let Some(url) = json.as_str() else {
        return problems.expected("glyphs", "string", json);
    };
    for token in ["{fontstack}", "{range}"].iter().filter(|token| !url.contains(**token)) {
        problems.error("glyphs", format!("字形地址缺少 {token}"), format!("The address of glyphs lacks {token}."));
    }
}

fn sprite(problems: &mut Problems, json: &Json) {
    let Json::Array(list) = json else {
        if !json.is_string() {
            problems.expected("sprite", "string or array", json);
        }
        return;
    };
    let (mut ids, mut urls) = (HashSet::new(), HashSet::new());
    for (i, one) in list.iter().enumerate() {
        for (name, seen) in [("id", &mut ids), ("url", &mut urls)] {
            match one.get(name).and_then(Json::as_str) {
                None => problems.missing(format!("sprite[{i}]"), name),
                Some(text) if !seen.insert(text) => problems.error(
                    format!("sprite[{i}].{name}"),
                    format!("“{text}”重复"),
                    format!("\"{text}\" is used twice."),
                ),
                Some(_) => {}
            }
        }
    }
}

fn layers(problems: &mut Problems, root: &Map<String, Json>, list: &[Json]) {
    let mut ids = HashSet::new();
    for (i, json) in list.iter().enumerate() {
        let path = format!("layers[{i}]");
        let Some(layer) = json.as_object() else {
            problems.expected(path, "object", json);
            continue;
        };
        match layer.get("id") {
            None => problems.missing(&*path, "id"),
            Some(Json::String(id)) if !ids.insert(id) => {
                problems.error(&*path, format!("图层 id“{id}”重复"), format!("The layer id \"{id}\" is used twice."));
            }
            Some(_) => {}
        }
        let kind = if layer.contains_key("ref") {
            reference(problems, &path, layer, list)
        } else {
            if !layer.contains_key("type") {
                problems.missing(&*path, "type");
            }
            let kind = layer.get("type").and_then(Json::as_str);
            from_source(problems, &path, layer, kind.unwrap_or_default(), root);
            kind
        };
        parts(problems, &path, layer, kind.unwrap_or_default());
    }
}

/// A layer that borrows from another: the type of that one.
fn reference<'a>(problems: &mut Problems, path: &str, layer: &Map<String, Json>, list: &'a [Json]) -> Option<&'a str> {
    for name in ["type", "source", "source-layer", "filter", "layout"].iter().filter(|name| layer.contains_key(**name))
    {
        problems.error(
            join(path, name),
            format!("引用其他图层的图层不能有“{name}”"),
            format!("\"{name}\" is not possible in a layer that refers to another."),
        );
    }
    let parent = list.iter().find(|other| other.get("id").is_some() && other.get("id") == layer.get("ref"));
    match parent {
        None => problems.error(path, "被引用的图层不存在", "The layer that is referred to does not exist."),
        Some(parent) if parent.get("ref").is_some() => {
            problems.error(path, "不能引用本身也是引用的图层", "A reference cannot refer to another reference.");
        }
        Some(parent) => return parent.get("type").and_then(Json::as_str),
    }
    None
}

fn from_source(problems: &mut Problems, path: &str, layer: &Map<String, Json>, kind: &str, root: &Map<String, Json>) {
    if kind == "background" {
        return;
    }
    let Some(name) = layer.get("source").and_then(Json::as_str) else {
        return problems.missing(path, "source");
    };
    let Some(source) = root.get("sources").and_then(|sources| sources.get(name)) else {
        return problems.error(
            join(path, "source"),
            format!("没有数据源“{name}”"),
            format!("There is no source \"{name}\"."),
        );
    };
    let from = source.get("type").and_then(Json::as_str).unwrap_or_default();
    let relief = matches!(kind, "hillshade" | "color-relief");
    let wanted = match (from, kind) {
        ("vector", "raster") => Some("raster"),
        (from, _) if from != "raster-dem" && relief => Some("raster-dem"),
        ("raster", kind) if kind != "raster" => Some("vector"),
        ("raster-dem", _) if !relief => Some("vector"),
        _ => None,
    };
    if let Some(wanted) = wanted {
        problems.error(
            join(path, "source"),
            format!("“{kind}”图层要 {wanted} 数据源，“{name}”是 {from}"),
            format!("A {kind} layer needs a {wanted} source; \"{name}\" is {from}."),
        );
    } else if from == "vector" && !layer.contains_key("source-layer") {
        problems.missing(path, "source-layer");
    } else if kind == "line"
        && layer.get("paint").is_some_and(|paint| paint.get("line-gradient").is_some())
        && !(from == "geojson" && source.get("lineMetrics") == Some(&Json::Bool(true)))
    {
        problems.error(
            path,
            "line-gradient 要求 GeoJSON 数据源并设置 lineMetrics",
            "line-gradient needs a GeoJSON source with lineMetrics.",
        );
    }
}

fn parts(problems: &mut Problems, path: &str, layer: &Map<String, Json>, kind: &str) {
    let Some(table) = group("layer") else { return };
    for (name, json) in layer {
        let inner = join(path, name);
        match name.as_str() {
            "filter" => filter::check(problems, &inner, json),
            "layout" | "paint" => properties(problems, &inner, json, kind, name == "paint"),
            _ => {
                // Names that the specification does not know are left to whoever wrote them.
                if let Some(spec) = table.get(name) {
                    value::constant(problems, &inner, json, spec);
                }
            }
        }
    }
    let paint = |name: &str| layer.get("paint").is_some_and(|paint| paint.get(name).is_some());
    if kind == "raster" && paint("resampling") && paint("raster-resampling") {
        problems.error(
            join(path, "paint"),
            "resampling 与 raster-resampling 只能写一个",
            "Only one of resampling and raster-resampling may be given.",
        );
    }
}

fn properties(problems: &mut Problems, path: &str, json: &Json, kind: &str, paint: bool) {
    let Some(map) = json.as_object() else {
        return problems.expected(path, "object", json);
    };
    let Some(table) = group(&format!("{}_{kind}", if paint { "paint" } else { "layout" })) else { return };
    for (name, json) in map {
        let inner = join(path, name);
        let base = name.strip_suffix("-transition").and_then(|base| table.get(base));
        if base.is_some_and(|spec| paint && spec.transition) {
            if let Some(transition) = group("transition") {
                value::object(problems, &inner, json, transition, &[]);
            }
            continue;
        }
        let Some(spec) = table.get(name) else {
            problems.unknown(inner, name);
            continue;
        };
        let token = json.as_str().is_some_and(|text| {
            text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).is_some_and(|t| !t.is_empty() && !t.contains('}'))
        });
        if token && spec.takes_features() && !spec.tokens {
            problems.error(
                inner,
                format!("“{name}”不能写 {{字段}}，请用 [\"get\", …]"),
                format!("\"{name}\" does not fill in {{fields}}; use [\"get\", …]."),
            );
            continue;
        }
        if name == "text-font" && json.get("type").is_some_and(|kind| kind == "identity") {
            problems.error(inner, "text-font 不支持 identity 函数", "text-font does not support identity functions.");
            continue;
        }
        value::property(problems, &inner, json, spec, if paint { Place::Paint(name) } else { Place::Layout(name) });
    }
}
