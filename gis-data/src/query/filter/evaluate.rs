//! Whether a condition is true, false or unknown. It goes as deep as the condition, whose depth was checked.

use std::cmp::Ordering;

use super::operand::Operand;
use super::{Compare, Expr, Filter, array, spatial, temporal, text};
use crate::{Shown, Value};

/// `None` is unknown.
pub(super) fn truth(filter: &Filter, feature: &Shown) -> Option<bool> {
    let of = |e| Operand::of(e, feature);
    match filter {
        Filter::All(parts) => one_decides(false, parts.iter().map(|p| truth(p, feature))),
        Filter::Any(parts) => one_decides(true, parts.iter().map(|p| truth(p, feature))),
        Filter::Not(part) => truth(part, feature).map(|t| !t),
        Filter::Flag(e) => of(e).value().and_then(Value::as_bool),
        Filter::Compare(a, how, b) => compare(&of(a), *how, &of(b)),
        Filter::Between(e, low, high) => {
            let own = of(e);
            let ends = [(Compare::Ge, low), (Compare::Le, high)];
            one_decides(false, ends.into_iter().map(|(how, end)| compare(&own, how, &of(end))))
        }
        Filter::In(e, values) => {
            let own = of(e);
            one_decides(true, values.iter().map(|v| own.order(&of(v)).map(Ordering::is_eq)))
        }
        Filter::Like(e, pattern) => like(e, pattern, feature),
        Filter::IsNull(e) => Some(of(e).is_null()),
        Filter::Spatial(how, a, b) => match (of(a), of(b)) {
            (Operand::Geometry(a), Operand::Geometry(b)) => spatial::lie(*how, a, b),
            _ => None,
        },
        Filter::Temporal(how, a, b) => {
            Some(temporal::lie(*how, &temporal::stretch(&of(a))?, &temporal::stretch(&of(b))?))
        }
        Filter::Array(how, a, b) => array::lie(*how, &of(a), &of(b)),
    }
}

/// The first part that is `deciding` decides; else an unknown part makes the whole unknown.
fn one_decides(deciding: bool, parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(!deciding);
    for part in parts {
        match part {
            Some(t) if t == deciding => return part,
            Some(_) => {}
            None => whole = None,
        }
    }
    whole
}

fn compare(a: &Operand<'_>, how: Compare, b: &Operand<'_>) -> Option<bool> {
    a.order(b).map(|o| how.holds(o))
}

fn like(e: &Expr, pattern: &Expr, feature: &Shown) -> Option<bool> {
    let (own, pattern) = (Operand::of(e, feature), Operand::of(pattern, feature));
    Some(text::like(own.value()?.as_str()?, pattern.value()?.as_str()?))
}
