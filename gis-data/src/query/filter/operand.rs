//! What an expression gives for a feature.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Expr, Function, GEOMETRY, ID, VALID, number, temporal, text};
use crate::{Geometry, Instant, Interval, Shown, Value};

/// A value at hand. Whatever is missing is a null.
pub(super) enum Operand<'a> {
    Value(Cow<'a, Value>),
    List(Vec<Operand<'a>>),
    Geometry(&'a Geometry),
    Instant(Instant),
    Interval(Interval),
}

const NULL: Operand<'static> = Operand::Value(Cow::Owned(Value::Null));

impl<'a> Operand<'a> {
    pub(super) fn of(expr: &'a Expr, feature: &'a Shown) -> Self {
        match expr {
            Expr::Field(name) => match name.as_ref() {
                ID => Value::Int(feature.id().get() as i64).into(),
                GEOMETRY => feature.geometry().map_or(NULL, Self::Geometry),
                VALID => Self::Interval(feature.valid()),
                name => feature.get(name).map_or(NULL, |v| Self::Value(Cow::Borrowed(v))),
            },
            Expr::Literal(value) => Self::Value(Cow::Borrowed(value)),
            Expr::Geometry(shape) => Self::Geometry(shape),
            Expr::Instant(at) => Self::Instant(*at),
            Expr::Interval(from, until) => {
                interval(from.as_deref(), until.as_deref(), feature).map_or(NULL, Self::Interval)
            }
            Expr::List(parts) => Self::List(parts.iter().map(|p| Self::of(p, feature)).collect()),
            Expr::Arithmetic(a, how, b) => match (Self::of(a, feature), Self::of(b, feature)) {
                (Self::Value(a), Self::Value(b)) => number::calculate(&a, *how, &b).into(),
                _ => NULL,
            },
            Expr::Call(Function::Coalesce, parts) => {
                parts.iter().map(|p| Self::of(p, feature)).find(|o| !o.is_null()).unwrap_or(NULL)
            }
            Expr::Call(function, parts) => match parts.first().map(|p| Self::of(p, feature)) {
                Some(Self::Value(value)) => call(*function, &value).into(),
                Some(Self::List(parts)) if *function == Function::Length => Value::Int(parts.len() as i64).into(),
                _ => NULL,
            },
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.value() == Some(&Value::Null)
    }

    pub(super) fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The order of two operands; `None` where they have none.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => number::order(a, b),
            (Self::Instant(_), _) | (_, Self::Instant(_)) => Some(self.instant()?.cmp(&other.instant()?)),
            _ => None,
        }
    }

    /// The moment that it is, or that its text tells.
    pub(super) fn instant(&self) -> Option<Instant> {
        match self {
            Self::Instant(at) => Some(*at),
            Self::Value(value) => temporal::instant(value.as_str()?),
            _ => None,
        }
    }
}

impl From<Value> for Operand<'_> {
    fn from(value: Value) -> Self {
        Self::Value(Cow::Owned(value))
    }
}

/// `None` where an end is not known or they are in the wrong order.
fn interval(from: Option<&Expr>, until: Option<&Expr>, feature: &Shown) -> Option<Interval> {
    let end = |end: Option<&Expr>, open| end.map_or(Some(open), |e| Operand::of(e, feature).instant());
    Interval::new(end(from, Instant::DAWN)?, end(until, Instant::FOREVER)?).ok()
}

fn call(function: Function, value: &Value) -> Value {
    match value {
        Value::Text(own) if function == Function::Length => Value::Int(own.chars().count() as i64),
        Value::List(parts) if function == Function::Length => Value::Int(parts.len() as i64),
        Value::Text(own) => text::apply(function, own).map_or(Value::Null, Value::from),
        other => number::apply(function, other),
    }
}
