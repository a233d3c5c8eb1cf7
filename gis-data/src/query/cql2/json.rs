//! CQL2 JSON to a condition, with a stack of open operations instead of recursion.

use serde_json::{Map, Value};

use super::build::{Builder, Node, Op, condition};
use super::failure::{at_path, check_length, wrong};
use super::{geojson, wkt};
use crate::query::filter::{Expr, MAX_DEPTH, too_deep};
use crate::{Error, Filter, Result};

/// An operation whose arguments are being read.
struct Open<'a> {
    op: Op,
    args: &'a [Value],
    /// What leads from one argument to the next in a path: `args` or nothing.
    step: &'static str,
    done: Vec<Node>,
}

/// Reads CQL2 JSON. Errors tell the path to what is wrong, and what was expected there.
pub fn read(text: &str) -> Result<Filter> {
    check_length(text)?;
    // It refuses what is nested deeper than 127, before anything of it is kept.
    let whole: Value = serde_json::from_str(text).map_err(|cause| {
        Error::invalid(
            format!("不是 JSON（第 {} 行附近）：{cause}", cause.line()),
            format!("this is not JSON (near line {}): {cause}", cause.line()),
        )
        .because(cause)
    })?;
    let (mut builder, mut open) = (Builder::default(), Vec::new());
    let mut current = Some(&whole);
    loop {
        let step = match current.take() {
            Some(value) => begin(value, &mut builder, &mut open),
            None => finish(&mut builder, &mut open),
        };
        let Some(node) = step.map_err(|e| at_path(e, &path(&open)))? else {
            current = open.last().and_then(|o| o.args.get(o.done.len()));
            continue;
        };
        let Some(above) = open.last_mut() else {
            return condition(node);
        };
        above.done.push(node);
        current = above.args.get(above.done.len());
    }
}

/// Where the reader is.
fn path(open: &[Open<'_>]) -> String {
    let steps = open.iter().filter(|o| o.done.len() < o.args.len()).map(|o| format!("{}[{}]", o.step, o.done.len()));
    steps.collect::<Vec<_>>().join(".").replace(".[", "[")
}

/// A value as a node; or none, where it opens an operation.
fn begin<'a>(value: &'a Value, builder: &mut Builder, open: &mut Vec<Open<'a>>) -> Result<Option<Node>> {
    let (op, args, step): (Op, &[Value], _) = match value {
        Value::Null => return builder.expr(Expr::Literal(crate::Value::Null)).map(Some),
        Value::Bool(b) => return builder.expr((*b).into()).map(Some),
        Value::String(text) => return builder.expr(text.as_str().into()).map(Some),
        Value::Number(n) => {
            let float = || n.as_f64().map(crate::Value::from);
            let number = n.as_i64().map(crate::Value::Int).or_else(float).unwrap_or_default();
            return builder.expr(Expr::Literal(number)).map(Some);
        }
        Value::Array(parts) => (Op::List, parts, ""),
        Value::Object(object) => match opens(object)? {
            Some((op, args, step)) => (op, args, step),
            None => return leaf(object, builder).map(Some),
        },
    };
    if open.len() >= 2 * MAX_DEPTH {
        return Err(too_deep());
    }
    open.push(Open { op, args, step, done: Vec::new() });
    Ok(None)
}

type Opened<'a> = (Op, &'a [Value], &'static str);

/// The operation that an object is, if it is one.
fn opens(object: &Map<String, Value>) -> Result<Option<Opened<'_>>> {
    if let Some(op) = object.get("op") {
        let Value::String(name) = op else { return wrong("op 须为文字", "the op is a text") };
        let Some(Value::Array(args)) = object.get("args") else {
            return wrong("args 须为数组", "the args are an array");
        };
        return Ok(Some((Op::named(name)?, args, "args")));
    }
    match object.get("interval") {
        None => Ok(None),
        Some(Value::Array(ends)) => Ok(Some((Op::Interval, ends, "interval"))),
        Some(_) => wrong("interval 须为数组", "an interval is an array"),
    }
}

/// An object that holds no others.
fn leaf(object: &Map<String, Value>, builder: &mut Builder) -> Result<Node> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    if let Some(name) = text("property") {
        return builder.field(name);
    }
    if let Some(at) = text("date") {
        return builder.moment(at, true);
    }
    if let Some(at) = text("timestamp") {
        return builder.moment(at, false);
    }
    if object.contains_key("type") {
        return geojson::read(object).and_then(|s| builder.shape(s));
    }
    if let Some(Value::Array(numbers)) = object.get("bbox") {
        let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
        return wkt::surface(&numbers.unwrap_or_default()).and_then(|s| builder.shape(s));
    }
    wrong(
        "对象应有 op、property、date、timestamp、interval、bbox 或 type（GeoJSON）",
        "an object has an op, property, date, timestamp, interval, bbox or type (GeoJSON)",
    )
}

/// Puts together the operation whose arguments are all read.
fn finish(builder: &mut Builder, open: &mut Vec<Open<'_>>) -> Result<Option<Node>> {
    match open.pop() {
        Some(Open { op, done, .. }) => builder.apply(op, done).map(Some),
        None => wrong("条件为空", "the filter is empty"),
    }
}
