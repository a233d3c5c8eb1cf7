//! Making one type out of another.

use super::super::value::number_text;
use super::super::{Color, Image, Projection, Section, Type, Value};
use super::{Answer, calls::rgb, fault};
use std::sync::Arc;

/// The places a label may be anchored at.
const ANCHORS: [&str; 9] =
    ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"];

/// `value` as a `kind`: what `to-number` and its like, and properties of these types, accept.
pub(crate) fn convert(value: &Value, kind: &Type) -> Answer {
    let made = match kind {
        Type::Boolean => Some(Value::Bool(value.truthy())),
        Type::Number => number(value).map(Value::Number),
        Type::Color => return color(value),
        Type::Padding => padding(value),
        Type::NumberArray => match value {
            Value::NumberArray(_) => Some(value.clone()),
            Value::Number(n) => Some(Value::NumberArray([*n].into())),
            other => other.as_numbers().map(|numbers| Value::NumberArray(numbers.into())),
        },
        Type::ColorArray => colors(value),
        Type::AnchorOffsets => anchor_offsets(value),
        Type::Formatted => Some(match value {
            Value::Formatted(_) => value.clone(),
            Value::Image(image) => {
                Value::Formatted([Section { image: Some(image.clone()), ..Section::default() }].into())
            }
            other => Value::Formatted([Section { text: other.to_text(), ..Section::default() }].into()),
        }),
        Type::Image => Some(match value {
            Value::Image(_) => value.clone(),
            other => match other.to_text() {
                name if name.is_empty() => Value::Null,
                name => Value::Image(Image { name, available: false }),
            },
        }),
        Type::Projection => projection(value),
        _ => Some(Value::Text(value.to_text())),
    };
    made.map_or_else(|| cannot(value, kind), Ok)
}

fn cannot(value: &Value, kind: &Type) -> Answer {
    let shown: String = match value {
        Value::Text(text) => text.chars().take(80).collect(),
        other => other.to_json().to_string().chars().take(80).collect(),
    };
    fault(format!("“{shown}”不能转换为 {kind}"), format!("Could not parse {kind} from value '{shown}'."))
}

/// As ECMAScript converts: an empty text is 0, a text may be hexadecimal.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(b) => Some(f64::from(u8::from(*b))),
        Value::Number(n) => (!n.is_nan()).then_some(*n),
        Value::Text(text) => {
            let text = text.trim();
            let radix = |prefix: [&str; 2], radix| {
                let digits = prefix.iter().find_map(|p| text.strip_prefix(p))?;
                u64::from_str_radix(digits, radix).ok().map(|n| n as f64)
            };
            let sign = text.strip_prefix(['+', '-']).unwrap_or(text);
            match text {
                "" => Some(0.0),
                "Infinity" | "+Infinity" => Some(f64::INFINITY),
                "-Infinity" => Some(f64::NEG_INFINITY),
                _ if sign.starts_with(|c: char| c.is_ascii_digit() || c == '.') => radix(["0x", "0X"], 16)
                    .or_else(|| radix(["0o", "0O"], 8))
                    .or_else(|| radix(["0b", "0B"], 2))
                    .or_else(|| text.parse().ok()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn color(value: &Value) -> Answer {
    match value {
        Value::Color(_) => Ok(value.clone()),
        Value::Text(text) => Color::parse(text).map_or_else(|| cannot(value, &Type::Color), |c| Ok(Value::Color(c))),
        Value::List(_) => match value.as_numbers() {
            Some(parts) => rgb(&parts).map(Value::Color),
            None => cannot(value, &Type::Color),
        },
        other => cannot(other, &Type::Color),
    }
}

/// One to four sides in the order of CSS.
fn padding(value: &Value) -> Option<Value> {
    let sides = match value {
        Value::Padding(_) => return Some(value.clone()),
        Value::Number(n) => vec![*n],
        Value::List(_) => value.as_numbers()?,
        _ => return None,
    };
    Some(Value::Padding(match *sides.as_slice() {
        [all] => [all; 4],
        [v, h] => [v, h, v, h],
        [t, h, b] => [t, h, b, h],
        [t, r, b, l] => [t, r, b, l],
        _ => return None,
    }))
}

fn colors(value: &Value) -> Option<Value> {
    let one = |value: &Value| match value {
        Value::Text(text) => Color::parse(text),
        other => other.as_color(),
    };
    match value {
        Value::ColorArray(_) => Some(value.clone()),
        Value::List(items) => items.iter().map(one).collect::<Option<_>>().map(Value::ColorArray),
        other => Some(Value::ColorArray([one(other)?].into())),
    }
}

fn anchor_offsets(value: &Value) -> Option<Value> {
    if let Value::AnchorOffsets(_) = value {
        return Some(value.clone());
    }
    let Value::List(items) = value else { return None };
    if items.is_empty() || !items.len().is_multiple_of(2) {
        return None;
    }
    let pair = |pair: &[Value]| {
        let [Value::Text(anchor), offset] = pair else { return None };
        let offset = <[f64; 2]>::try_from(offset.as_numbers()?).ok()?;
        ANCHORS.contains(&&**anchor).then(|| (anchor.clone(), offset))
    };
    items.chunks(2).map(pair).collect::<Option<Arc<[_]>>>().map(Value::AnchorOffsets)
}

/// A name stands for itself; a list of two names and a step is a projection between them. Neither is rewritten.
fn projection(value: &Value) -> Option<Value> {
    match value {
        Value::Projection(_) | Value::Text(_) => Some(value.clone()),
        Value::List(items) => match &**items {
            [Value::Text(_), Value::Text(_), Value::Number(_)] => Some(value.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A projection between two others at `t`.
pub(super) fn between(from: &Value, to: &Value, t: f64) -> Value {
    let end = |value: &Value| match value {
        Value::Number(n) => Arc::from(number_text(*n)),
        other => other.to_text(),
    };
    Value::Projection(Arc::new(Projection { from: end(from), to: end(to), transition: t }))
}
