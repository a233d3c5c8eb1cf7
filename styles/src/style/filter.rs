//! Checking filters of both forms.

use super::problem::Problems;
use crate::expression::{Filter, Writing, writing};
use serde_json::Value as Json;

const MAX_DEPTH: usize = 64;

pub(super) fn check(problems: &mut Problems, path: &str, json: &Json) {
    if writing(json, 0) == Writing::Legacy {
        let mut own = Problems::default();
        legacy(&mut own, path, json, 0);
        if let Err(found) = own.done() {
            for p in found {
                problems.push(p.path, p.text);
            }
            return;
        }
    } else {
        mixed(problems, path, json, 0);
    }
    match Filter::parse(json) {
        Err(errors) => errors.into_iter().for_each(|e| problems.push(format!("{path}{}", e.key), e.text)),
        Ok(filter) if !filter.is_state_constant() => {
            problems.error(path, "筛选条件不能用 feature-state", "feature-state is not possible in filters.");
        }
        Ok(_) => {}
    }
}

/// Warns of legacy comparisons within an expression: they mean something else there.
fn mixed(problems: &mut Problems, path: &str, json: &Json, depth: usize) {
    let list = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let op = list.first().and_then(Json::as_str).unwrap_or_default();
    if depth > MAX_DEPTH || !matches!(op, "all" | "any" | "!") {
        return;
    }
    for (i, child) in list.iter().enumerate().skip(1) {
        let inner = format!("{path}[{i}]");
        if child.is_array() && writing(child, 0) == Writing::Legacy {
            problems.warn(
                inner,
                "旧式筛选条件与表达式混用，含义可能不同；请写成 [\"==\", [\"get\", \"…\"], …]",
                "A legacy filter within an expression may mean something else; write [\"==\", [\"get\", \"…\"], …].",
            );
        } else {
            mixed(problems, &inner, child, depth + 1);
        }
    }
}

fn legacy(problems: &mut Problems, path: &str, json: &Json, depth: usize) {
    if depth > MAX_DEPTH {
        return problems.error(path, "筛选条件嵌套过深", "The filter nests too deeply.");
    }
    let Some(list) = json.as_array() else {
        return problems.expected(path, "array", json);
    };
    let [op, operands @ ..] = list.as_slice() else {
        return problems.error(path, "筛选条件不能为空数组", "A filter must have at least one element.");
    };
    let count = |problems: &mut Problems, wanted: usize| {
        if operands.len() != wanted {
            problems.error(
                path,
                format!("运算 {op} 要 {wanted} 个参数"),
                format!("The operator {op} takes {wanted} arguments."),
            );
        }
    };
    match op.as_str().unwrap_or_default() {
        "any" | "all" | "none" => {
            for (i, child) in operands.iter().enumerate() {
                legacy(problems, &format!("{path}[{}]", i + 1), child, depth + 1);
            }
        }
        "has" | "!has" => {
            count(problems, 1);
            name(problems, path, operands);
        }
        "in" | "!in" => {
            name(problems, path, operands);
            values(problems, path, operands);
        }
        order @ ("==" | "!=" | "<" | "<=" | ">" | ">=") => {
            count(problems, 2);
            name(problems, path, operands);
            if operands.first().is_some_and(|n| n == "$type") && !matches!(order, "==" | "!=") {
                problems.error(path, "$type 不能比较大小", "\"$type\" cannot be ordered.");
            }
            values(problems, path, operands);
        }
        _ => problems.expected(
            format!("{path}[0]"),
            "one of [==, !=, >, >=, <, <=, in, !in, all, any, none, has, !has]",
            op,
        ),
    }
}

fn name(problems: &mut Problems, path: &str, operands: &[Json]) {
    if let Some(name) = operands.first().filter(|name| !name.is_string()) {
        problems.expected(format!("{path}[1]"), "string", name);
    }
}

fn values(problems: &mut Problems, path: &str, operands: &[Json]) {
    let by_type = operands.first().is_some_and(|name| name == "$type");
    for (i, value) in operands.iter().enumerate().skip(1) {
        let inner = format!("{path}[{}]", i + 1);
        if by_type && !matches!(value.as_str(), Some("Point" | "LineString" | "Polygon")) {
            problems.expected(inner, "one of [Point, LineString, Polygon]", value);
        } else if !(value.is_string() || value.is_number() || value.is_boolean()) {
            problems.expected(inner, "string, number or boolean", value);
        }
    }
}
