//! Conditions on fields.

use std::cmp::Ordering;

use crate::{Error, LayerId, Result, Scope, Shown, Value};

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

/// A condition. A comparison with a missing field, or with a value of another kind, is not met.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them.
    All(Vec<Filter>),
    /// One of them at least.
    Any(Vec<Filter>),
    /// Not it.
    Not(Box<Filter>),
    /// A comparison.
    Is(String, Compare, Value),
    /// One of a list of values.
    In(String, Vec<Value>),
    /// The text holds this text, capital or small.
    Holds(String, String),
    /// The field is missing or null.
    Missing(String),
}

impl Filter {
    /// Whether `feature` meets it, by the fields that may be seen.
    pub fn matches(&self, feature: &Shown) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|p| p.matches(feature)),
            Self::Any(parts) => parts.iter().any(|p| p.matches(feature)),
            Self::Not(part) => !part.matches(feature),
            Self::Is(field, compare, value) => {
                feature.get(field).and_then(|own| order(own, value)).is_some_and(|o| compare.holds(o))
            }
            Self::In(field, values) => {
                feature.get(field).is_some_and(|own| values.iter().any(|v| order(own, v) == Some(Ordering::Equal)))
            }
            Self::Holds(field, part) => {
                feature.text(field).is_some_and(|own| own.to_lowercase().contains(&part.to_lowercase()))
            }
            Self::Missing(field) => feature.get(field).is_none_or(|v| *v == Value::Null),
        }
    }

    /// Refuses a condition on a field that is not shown in clear: otherwise its value could be guessed by asking.
    pub fn check(&self, scope: &Scope, layers: &[LayerId]) -> Result<()> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().try_for_each(|p| p.check(scope, layers)),
            Self::Not(part) => part.check(scope, layers),
            Self::Is(field, ..) | Self::In(field, _) | Self::Holds(field, _) | Self::Missing(field) => {
                check_field(field, scope, layers)
            }
        }
    }
}

/// Refuses a field that is not shown in clear in one of the layers.
pub(super) fn check_field(field: &str, scope: &Scope, layers: &[LayerId]) -> Result<()> {
    match layers.iter().find(|l| !scope.shows(l.as_str(), field)) {
        None => Ok(()),
        Some(layer) => Err(Error::invalid(
            format!("图层 “{layer}” 没有可供查询的字段 “{field}”；可用字段见 /catalog"),
            format!("the layer “{layer}” has no field “{field}” to ask by; /catalog lists the fields"),
        )),
    }
}

impl Compare {
    fn holds(self, o: Ordering) -> bool {
        match self {
            Self::Eq => o.is_eq(),
            Self::Ne => o.is_ne(),
            Self::Lt => o.is_lt(),
            Self::Le => o.is_le(),
            Self::Gt => o.is_gt(),
            Self::Ge => o.is_ge(),
        }
    }
}

/// The order of two values of one kind; numbers of both kinds are one.
pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// A total order for sorting: missing last, then by kind, then by value.
pub(super) fn sort_order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    fn rank(v: Option<&Value>) -> u8 {
        match v {
            Some(Value::Int(_) | Value::Float(_)) => 0,
            Some(Value::Text(_)) => 1,
            Some(Value::Bool(_)) => 2,
            Some(Value::List(_) | Value::Map(_)) => 3,
            Some(Value::Null) | None => 4,
        }
    }
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Some(Value::Int(a)), Some(Value::Float(b))) => order_exactly(*a, *b),
        (Some(Value::Float(a)), Some(Value::Int(b))) => order_exactly(*b, *a).reverse(),
        (Some(a), Some(b)) => order(a, b).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    })
}

/// Whole numbers beyond 2^53 share a double with their neighbours: were they equal to it, the order would not be total,
/// and sorting by it may panic.
fn order_exactly(a: i64, b: f64) -> Ordering {
    (a as f64).partial_cmp(&b).unwrap_or(Ordering::Less).then_with(|| i128::from(a).cmp(&(b as i128)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_kinds_have_a_total_order() {
        const EDGE: i64 = 1 << 53;
        let (near, beyond, double) = (Value::Int(EDGE), Value::Int(EDGE + 1), Value::Float(EDGE as f64));
        assert_eq!(sort_order(Some(&near), Some(&double)), Ordering::Equal);
        assert_eq!(sort_order(Some(&beyond), Some(&double)), Ordering::Greater);
        assert_eq!(sort_order(Some(&double), Some(&beyond)), Ordering::Less);
    }
}
