//! Checking legacy functions: `{"type": "exponential", "property": "height", "stops": [[0, 1], [10, 5]]}`.

use super::problem::Problems;
use super::value::{self, join};
use crate::expression::{Expression, is_operator};
use crate::spec::PropertySpec;
use serde_json::{Map, Value as Json};

struct Stops<'a> {
    spec: &'a PropertySpec,
    kind: Option<&'a str>,
    composite: bool,
    domain: Option<&'static str>,
    last_value: Option<f64>,
    last_zoom: Option<f64>,
    seen: Vec<&'a Json>,
}

fn type_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Checks a function. The rules on its parts come first; when they find nothing, it is compiled too.
pub(super) fn check(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec) {
    let Some(function) = json.as_object() else { return };
    let mut own = Problems::default();
    parts(&mut own, path, function, spec);
    match own.done() {
        Err(found) => found.into_iter().for_each(|p| problems.push(p.path, p.text)),
        Ok(_) => {
            for error in Expression::parse(json, spec).err().into_iter().flatten() {
                problems.push(format!("{path}{}", error.key), error.text);
            }
        }
    }
}

fn parts(problems: &mut Problems, path: &str, function: &Map<String, Json>, spec: &PropertySpec) {
    let kind = function.get("type").and_then(Json::as_str);
    let stops = function.get("stops");
    let first = stops.and_then(|s| s.get(0)).and_then(|s| s.get(0));
    let composite = first.is_some_and(Json::is_object);
    let by_zoom = kind != Some("categorical") && !function.contains_key("property");
    for (name, json) in function {
        let inner = join(path, name);
        match name.as_str() {
            "stops" if kind == Some("identity") => {
                problems.error(inner, "identity 函数不能有 stops", "An identity function may not have \"stops\".");
            }
            "stops" => {
                let mut state =
                    Stops { spec, kind, composite, domain: None, last_value: None, last_zoom: None, seen: Vec::new() };
                state.check(problems, &inner, json);
            }
            "base" if !json.is_number() => problems.expected(inner, "number", json),
            "property" if !json.is_string() => problems.expected(inner, "string", json),
            "type" if !matches!(kind, Some("identity" | "exponential" | "interval" | "categorical")) => {
                problems.expected(inner, "one of [identity, exponential, interval, categorical]", json);
            }
            "colorSpace" if !matches!(json.as_str(), Some("rgb" | "lab" | "hcl")) => {
                problems.expected(inner, "one of [rgb, lab, hcl]", json);
            }
            "default" => value::constant(problems, &inner, json, spec),
            "base" | "property" | "type" | "colorSpace" | "expression" => {}
            _ => problems.unknown(inner, name),
        }
    }
    if kind == Some("identity") && by_zoom {
        problems.missing(path, "property");
    }
    if kind != Some("identity") && stops.is_none() {
        problems.missing(path, "stops");
    }
    if kind == Some("exponential") && !spec.interpolated {
        problems.error(path, "此属性不能插值", "Exponential functions are not supported by this property.");
    }
    if !by_zoom && !spec.takes_features() {
        problems.error(path, "此属性不能取决于要素的字段", "Property functions are not supported by this property.");
    } else if by_zoom && !spec.takes_zoom() {
        problems.error(path, "此属性不能取决于缩放级别", "Zoom functions are not supported by this property.");
    }
    if (kind == Some("categorical") || composite) && !function.contains_key("property") {
        problems.missing(path, "property");
    }
}

impl<'a> Stops<'a> {
    fn check(&mut self, problems: &mut Problems, path: &str, json: &'a Json) {
        let Some(stops) = json.as_array() else {
            return problems.expected(path, "array", json);
        };
        if stops.is_empty() {
            problems.error(path, "至少要有一个分段点", "There must be at least one stop.");
        }
        for (i, stop) in stops.iter().enumerate() {
            self.stop(problems, &format!("{path}[{i}]"), stop);
        }
    }

    fn stop(&mut self, problems: &mut Problems, path: &str, json: &'a Json) {
        let Some([input, output]) = json.as_array().map(Vec::as_slice) else {
            return problems.expected(path, "[input, output]", json);
        };
        if self.composite {
            let (Some(zoom), Some(value)) = (input.get("zoom"), input.get("value")) else {
                return problems.expected(path, "{\"zoom\": …, \"value\": …}", input);
            };
            let Some(zoom) = zoom.as_f64() else {
                return problems.expected(format!("{path}[0].zoom"), "number", zoom);
            };
            if self.last_zoom.is_some_and(|last| last > zoom) {
                return problems.error(
                    path,
                    "分段点的缩放级别必须递增",
                    "The zooms of stops must be in ascending order.",
                );
            }
            if self.last_zoom != Some(zoom) {
                self.last_zoom = Some(zoom);
                self.last_value = None;
                self.seen.clear();
            }
            for name in input.as_object().into_iter().flat_map(Map::keys) {
                if !matches!(name.as_str(), "zoom" | "value") {
                    problems.unknown(format!("{path}[0]"), name);
                }
            }
            self.input(problems, &format!("{path}[0].value"), value);
        } else {
            self.input(problems, &format!("{path}[0]"), input);
        }
        let inner = format!("{path}[1]");
        let operator = output.as_array().and_then(|list| list.first()).and_then(Json::as_str);
        if operator.is_some_and(is_operator) {
            problems.error(inner, "分段函数中不能写表达式", "Expressions are not allowed in function stops.");
        } else {
            value::constant(problems, &inner, output, self.spec);
        }
    }

    fn input(&mut self, problems: &mut Problems, path: &str, json: &'a Json) {
        let found = type_of(json);
        let domain = *self.domain.get_or_insert(found);
        let categorical = self.kind == Some("categorical");
        if domain != found {
            return problems.expected(path, domain, json);
        }
        if !matches!(found, "number" | "string" | "boolean") {
            return problems.expected(path, "number, string or boolean", json);
        }
        if found != "number" && !categorical {
            return problems.error(
                path,
                "此处应为数字；按类别取值请写 \"type\": \"categorical\"",
                "Expected a number. For values by category write \"type\": \"categorical\".",
            );
        }
        let n = json.as_f64();
        if categorical && n.is_some_and(|n| n.fract() != 0.0) {
            return problems.expected(path, "integer", json);
        }
        if !categorical && n < self.last_value {
            return problems.error(path, "分段点必须递增", "The inputs of stops must be in ascending order.");
        }
        self.last_value = n;
        if categorical && self.seen.contains(&json) {
            return problems.error(path, "分段点不能重复", "The inputs of stops must be unique.");
        }
        self.seen.push(json);
    }
}
