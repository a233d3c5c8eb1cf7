//! A condition as CQL2 JSON. It goes as deep as the condition, whose depth was checked.

use serde_json::{Value, json};

use super::geojson;
use crate::query::filter::{Expr, Filter};

/// Writes CQL2 JSON that is read back equal, if the condition was read from text or JSON. A map, which CQL2 has no word for, becomes
/// null.
pub fn write(filter: &Filter) -> String {
    condition(filter).to_string()
}

fn op(name: &str, args: impl IntoIterator<Item = Value>) -> Value {
    json!({"op": name, "args": args.into_iter().collect::<Vec<_>>()})
}

fn condition(filter: &Filter) -> Value {
    match filter {
        Filter::All(parts) => joined("and", parts),
        Filter::Any(parts) => joined("or", parts),
        Filter::Not(part) => op("not", [condition(part)]),
        Filter::Flag(e) => expr(e),
        Filter::Compare(a, how, b) => op(how.name(), [expr(a), expr(b)]),
        Filter::Between(e, low, high) => op("between", [expr(e), expr(low), expr(high)]),
        Filter::In(_, values) if values.is_empty() => Value::Bool(false),
        Filter::In(e, values) => op("in", [expr(e), values.iter().map(expr).collect()]),
        Filter::Like(e, pattern) => op("like", [expr(e), expr(pattern)]),
        Filter::IsNull(e) => op("isNull", [expr(e)]),
        Filter::Spatial(how, a, b) => op(how.name(), [expr(a), expr(b)]),
        Filter::Temporal(how, a, b) => op(how.name(), [expr(a), expr(b)]),
        Filter::Array(how, a, b) => op(how.name(), [expr(a), expr(b)]),
    }
}

fn joined(name: &str, parts: &[Filter]) -> Value {
    match parts {
        [] => Value::Bool(name == "and"),
        [only] => condition(only),
        parts => op(name, parts.iter().map(condition)),
    }
}

fn expr(e: &Expr) -> Value {
    match e {
        Expr::Field(name) => json!({"property": name.as_ref()}),
        Expr::Literal(value) => literal(value),
        Expr::Geometry(shape) => geojson::write(shape),
        Expr::Instant(at) => json!({"timestamp": at.to_string()}),
        Expr::Interval(from, until) => json!({"interval": [end(from.as_deref()), end(until.as_deref())]}),
        Expr::List(parts) => parts.iter().map(expr).collect(),
        Expr::Arithmetic(a, how, b) => op(how.name(), [expr(a), expr(b)]),
        Expr::Call(function, args) => op(function.name(), args.iter().map(expr)),
    }
}

fn literal(value: &crate::Value) -> Value {
    match value {
        crate::Value::List(parts) => parts.iter().map(literal).collect(),
        crate::Value::Map(_) | crate::Value::Null => Value::Null,
        crate::Value::Bool(b) => Value::Bool(*b),
        crate::Value::Int(n) => json!(n),
        crate::Value::Float(x) => json!(x),
        crate::Value::Text(text) => json!(text.as_ref()),
    }
}

fn end(end: Option<&Expr>) -> Value {
    match end {
        None => json!(".."),
        Some(Expr::Instant(at)) => json!(at.to_string()),
        Some(e) => expr(e),
    }
}
