//! Lists as sets.

use std::collections::BTreeSet;

use super::Array;
use super::operand::Operand;
use crate::Value;

/// 2^64: beyond, no whole number equals a double.
const BEYOND_WHOLE: f64 = 18_446_744_073_709_551_616.0;

/// Whether two lists lie so; `None` where one is no list.
pub(super) fn lie(how: Array, a: &Operand<'_>, b: &Operand<'_>) -> Option<bool> {
    let (a, b) = (set(a)?, set(b)?);
    Some(match how {
        Array::Equals => a == b,
        Array::Contains => a.is_superset(&b),
        Array::ContainedBy => a.is_subset(&b),
        Array::Overlaps => !a.is_disjoint(&b),
    })
}

/// The parts, each as a text that is equal for equal parts.
fn set(list: &Operand<'_>) -> Option<BTreeSet<String>> {
    let words = match list {
        Operand::List(parts) => parts.iter().map(operand).collect(),
        Operand::Value(value) => match value.as_ref() {
            Value::List(parts) => parts.iter().map(word).collect(),
            _ => return None,
        },
        _ => return None,
    };
    Some(words)
}

fn operand(part: &Operand<'_>) -> String {
    match part {
        Operand::Value(value) => word(value),
        Operand::List(parts) => list(parts.iter().map(operand)),
        // A list of JSON holds no moments and shapes: they equal only each other.
        Operand::Instant(at) => format!("@{}", at.micros()),
        Operand::Interval(i) => format!("@{}-{}", i.from.micros(), i.until.micros()),
        Operand::Geometry(shape) => format!("@{shape:?}"),
    }
}

/// As JSON, a double without a fraction as the whole number that it equals. How deep stored values nest is bounded by the store.
fn word(value: &Value) -> String {
    match value {
        Value::Float(x) if x.fract() == 0.0 && x.abs() < BEYOND_WHOLE => (*x as i128).to_string(),
        Value::List(parts) => list(parts.iter().map(word)),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

fn list(words: impl Iterator<Item = String>) -> String {
    format!("[{}]", words.collect::<Vec<_>>().join(","))
}
