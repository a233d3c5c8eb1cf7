//! Checking one value against its row in the property table.

use super::function;
use super::problem::Problems;
use crate::expression::{Color, Expression, Value, convert, is_operator};
use crate::spec::{Group, PropertySpec};
use serde_json::Value as Json;

/// Where the value stands, as far as that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Light, sky, projection: properties of the sheet.
    Sheet,
    Paint(&'a str),
    Layout(&'a str),
}

/// Checks the value of a property: an expression, a legacy function or a constant.
pub(super) fn property(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec, place: Place) {
    let operator = json.as_array().and_then(|list| list.first()).and_then(Json::as_str);
    if spec.takes_expressions() && json.is_object() {
        function::check(problems, path, json, spec);
    } else if spec.takes_expressions() && operator.is_some_and(is_operator) {
        expression(problems, path, json, spec, place);
    } else {
        constant(problems, path, json, spec);
    }
}

fn expression(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec, place: Place) {
    match Expression::parse(json, spec) {
        Err(errors) => {
            for error in errors {
                problems.push(format!("{path}{}", error.key), error.text);
            }
        }
        Ok(made) => match place {
            Place::Layout("text-font") if !made.outputs_are_literal() => problems.error(
                path,
                "text-font 的每个结果都必须直接写在表达式中，以便预先取字形",
                "Every output of text-font must be a literal, so that glyphs can be fetched beforehand.",
            ),
            Place::Layout(_) if !made.is_state_constant() => problems.error(
                path,
                "layout 属性不能用 feature-state",
                "feature-state is not possible in layout properties.",
            ),
            _ => {}
        },
    }
}

/// Checks a plain value.
pub(super) fn constant(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec) {
    let by_type = |wanted: &str, fits: bool, problems: &mut Problems| {
        if !fits {
            problems.expected(path, wanted, json);
        }
    };
    match spec.kind.as_str() {
        "number" => number(problems, path, json, spec),
        "string" => by_type("string", json.is_string(), problems),
        "boolean" => by_type("boolean", json.is_boolean(), problems),
        "enum" => {
            let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
            let known = (json.is_string() || json.is_number()) && spec.values.contains(&text);
            by_type(&format!("one of [{}]", spec.values.join(", ")), known, problems);
        }
        "color" => by_type("color", json.as_str().and_then(Color::parse).is_some(), problems),
        "array" => array(problems, path, json, spec),
        "formatted" | "resolvedImage" => {
            let operator = json.as_array().and_then(|list| list.first()).and_then(Json::as_str);
            if json.is_string() || operator.is_none() {
                by_type("string", json.is_string(), problems);
            } else {
                expression(problems, path, json, spec, Place::Sheet);
            }
        }
        "padding" | "numberArray" | "colorArray" | "variableAnchorOffsetCollection" | "projectionDefinition" => {
            let empty = json.as_array().is_some_and(Vec::is_empty);
            let fits = spec.expected_type().is_some_and(|kind| convert(&Value::from_json(json), &kind).is_ok());
            by_type(&spec.kind, fits && !empty, problems);
        }
        _ => {}
    }
}

fn number(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec) {
    let Some(n) = json.as_f64() else {
        return problems.expected(path, "number", json);
    };
    if let Some(least) = spec.minimum.filter(|least| n < *least) {
        problems.error(path, format!("{n} 小于最小值 {least}"), format!("{n} is less than the minimum {least}."));
    }
    if let Some(most) = spec.maximum.filter(|most| n > *most) {
        problems.error(path, format!("{n} 大于最大值 {most}"), format!("{n} is greater than the maximum {most}."));
    }
}

fn array(problems: &mut Problems, path: &str, json: &Json, spec: &PropertySpec) {
    let Some(items) = json.as_array() else {
        return problems.expected(path, "array", json);
    };
    if let Some(length) = spec.length.filter(|length| *length != items.len()) {
        return problems.error(
            path,
            format!("列表应有 {length} 项，却有 {} 项", items.len()),
            format!("The list must have {length} items, but has {}.", items.len()),
        );
    }
    let item = match spec.item.as_deref() {
        // The corners of a picture or film.
        Some("pair") => PropertySpec {
            kind: "array".to_owned(),
            item: Some("number".to_owned()),
            length: Some(2),
            ..PropertySpec::default()
        },
        Some(kind) => PropertySpec {
            kind: kind.to_owned(),
            values: spec.values.clone(),
            minimum: spec.minimum,
            maximum: spec.maximum,
            ..PropertySpec::default()
        },
        None => return,
    };
    for (i, json) in items.iter().enumerate() {
        constant(problems, &format!("{path}[{i}]"), json, &item);
    }
}

/// Checks an object against a group of the table: known names, their values, what is required.
pub(super) fn object(problems: &mut Problems, path: &str, json: &Json, group: &Group, skip: &[&str]) {
    let Some(map) = json.as_object() else {
        return problems.expected(path, "object", json);
    };
    for (name, json) in map.iter().filter(|(name, _)| !skip.contains(&name.as_str())) {
        let inner = join(path, name);
        match group.get(name) {
            Some(spec) => property(problems, &inner, json, spec, Place::Sheet),
            None if group.contains_key("*") => {}
            None => problems.unknown(inner, name),
        }
    }
    for (name, _) in group.iter().filter(|(name, spec)| spec.required && !skip.contains(&name.as_str())) {
        if !map.contains_key(name) {
            problems.missing(path, name);
        }
    }
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
