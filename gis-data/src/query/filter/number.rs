//! Numbers: their order, and what is done with them. The SQL of a store calls this too, so that both give the same to the last bit.

use std::cmp::Ordering;

use super::{Arithmetic, Compare, Function};
use crate::Value;

impl Compare {
    /// Whether values in this order meet it.
    pub const fn holds(self, o: Ordering) -> bool {
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

/// The order of two values of one kind; numbers of both kinds are one, and compared exactly. `None` for values without an order.
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => order_exactly(*a, *b),
        (Value::Float(a), Value::Int(b)) => order_exactly(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

/// A total order for sorting: missing last, then by kind, then by value.
pub(in crate::query) fn sort_order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
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
        (Some(a), Some(b)) => order(a, b).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    })
}

/// Whole numbers beyond 2^53 share a double with their neighbours: were they equal to it, the order would not be total,
/// and sorting by it may panic.
fn order_exactly(a: i64, b: f64) -> Option<Ordering> {
    (a as f64).partial_cmp(&b).map(|o| o.then_with(|| i128::from(a).cmp(&(b as i128))))
}

/// What arithmetic gives; null where it is no number.
pub fn calculate(a: &Value, how: Arithmetic, b: &Value) -> Value {
    if let (Value::Int(a), Value::Int(b)) = (a, b)
        && let Some(whole) = whole(*a, how, *b)
    {
        return whole;
    }
    let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return Value::Null };
    Value::from(match how {
        Arithmetic::Add => a + b,
        Arithmetic::Sub => a - b,
        Arithmetic::Mul => a * b,
        Arithmetic::Div => a / b,
        Arithmetic::Rem => a % b,
        Arithmetic::Whole => (a / b).trunc(),
        Arithmetic::Pow => a.powf(b),
    })
}

/// Of two whole numbers; `None` where only doubles can hold it.
fn whole(a: i64, how: Arithmetic, b: i64) -> Option<Value> {
    let n = match how {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        Arithmetic::Mul => a.checked_mul(b),
        Arithmetic::Div => None,
        Arithmetic::Rem | Arithmetic::Whole if b == 0 => return Some(Value::Null),
        // The least number by -1 leaves nothing, though its quotient does not fit.
        Arithmetic::Rem => Some(a.wrapping_rem(b)),
        Arithmetic::Whole => a.checked_div(b),
        Arithmetic::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
    };
    n.map(Value::Int)
}

/// What a function of a number gives; null of what is none.
pub fn apply(function: Function, value: &Value) -> Value {
    match (value, function) {
        (Value::Int(n), Function::Abs) => n.checked_abs().map_or_else(|| Value::from((*n as f64).abs()), Value::Int),
        (Value::Int(n), Function::Floor | Function::Ceil | Function::Round) => Value::Int(*n),
        (Value::Float(x), Function::Abs) => Value::from(x.abs()),
        (Value::Float(x), Function::Floor) => Value::from(x.floor()),
        (Value::Float(x), Function::Ceil) => Value::from(x.ceil()),
        (Value::Float(x), Function::Round) => Value::from(x.round()),
        _ => Value::Null,
    }
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
        assert_eq!(order(&Value::Int(i64::MAX), &Value::Float(i64::MAX as f64)), Some(Ordering::Less));
        assert_eq!(order(&Value::Int(1), &Value::from("1")), None);
    }

    #[test]
    fn whole_numbers_stay_whole_as_long_as_they_fit() {
        let int = Value::Int;
        let of = |a, how, b| calculate(&a, how, &b);
        assert_eq!(of(int(7), Arithmetic::Div, int(2)), Value::Float(3.5));
        assert_eq!(of(int(-7), Arithmetic::Whole, int(2)), int(-3));
        assert_eq!(of(int(-7), Arithmetic::Rem, int(2)), int(-1));
        assert_eq!(of(int(2), Arithmetic::Pow, int(62)), int(1 << 62));
        assert_eq!(of(int(2), Arithmetic::Pow, int(64)), Value::Float(2_f64.powi(64)));
        assert_eq!(of(int(i64::MAX), Arithmetic::Add, int(1)), Value::Float(i64::MAX as f64));
        assert_eq!(of(int(i64::MIN), Arithmetic::Rem, int(-1)), int(0));
        assert_eq!(of(int(i64::MIN), Arithmetic::Whole, int(-1)), Value::Float(2_f64.powi(63)));
        for how in [Arithmetic::Div, Arithmetic::Rem, Arithmetic::Whole] {
            assert_eq!(of(int(1), how, int(0)), Value::Null, "{how:?}");
            assert_eq!(of(Value::Float(1.0), how, int(0)), Value::Null, "{how:?}");
        }
        assert_eq!(of(Value::from("1"), Arithmetic::Add, int(1)), Value::Null);
    }
}
