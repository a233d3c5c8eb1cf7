//! Interpolation between stops.

use super::super::node::{Curve, Interpolate};
use super::super::{Color, Type, Value};
use super::{Answer, Run, convert::between, fault, wrong_type};

impl Curve {
    /// How far `input` is from `lower` to `upper`, 0 to 1.
    pub(super) fn progress(self, input: f64, lower: f64, upper: f64) -> f64 {
        match self {
            Self::Exponential(base) => exponential(input, base, lower, upper),
            Self::CubicBezier(points) => bezier(exponential(input, 1.0, lower, upper), points),
        }
    }
}

fn exponential(input: f64, base: f64, lower: f64, upper: f64) -> f64 {
    let (range, progress) = (upper - lower, input - lower);
    if range == 0.0 {
        0.0
    } else if base == 1.0 {
        progress / range
    } else {
        (base.powf(progress) - 1.0) / (base.powf(range) - 1.0)
    }
}

/// The height of a curve from (0, 0) to (1, 1) over `x`: Newton's method, by halving where it fails. x grows with the
/// parameter, as both control points lie within 0 and 1.
fn bezier(x: f64, [x1, y1, x2, y2]: [f64; 4]) -> f64 {
    /// Near enough for a pixel, a colour, a width.
    const NEAR: f64 = 1e-6;
    let at = |t: f64, a: f64, b: f64| {
        let u = 1.0 - t;
        3.0 * u * u * t * a + 3.0 * u * t * t * b + t * t * t
    };
    let slope = |t: f64| {
        let u = 1.0 - t;
        3.0 * u * u * x1 + 6.0 * u * t * (x2 - x1) + 3.0 * t * t * (1.0 - x2)
    };
    let mut t = x;
    for _ in 0..8 {
        let off = at(t, x1, x2) - x;
        if off.abs() < NEAR {
            return at(t, y1, y2);
        }
        let steep = slope(t);
        if steep.abs() < NEAR {
            break;
        }
        t -= off / steep;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if at(middle, x1, x2) < x {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(f64::midpoint(low, high), y1, y2)
}

impl Run<'_> {
    pub(super) fn interpolate(&mut self, kind: &Type, parts: &Interpolate) -> Answer {
        let input = self.number(&parts.input)?;
        if let Some((_, first)) = parts.stops.first().filter(|(stop, _)| input <= *stop || input.is_nan()) {
            return self.node(first);
        }
        let after = parts.stops.partition_point(|(stop, _)| *stop <= input);
        let (lower, upper) = match (after.checked_sub(1).and_then(|i| parts.stops.get(i)), parts.stops.get(after)) {
            (Some(lower), Some(upper)) => (lower, upper),
            (Some((_, only)), None) | (None, Some((_, only))) => return self.node(only),
            (None, None) => return Ok(Value::Null),
        };
        let t = parts.curve.progress(input, lower.0, upper.0);
        let (from, to) = (self.node(&lower.1)?, self.node(&upper.1)?);
        mix(kind, &from, &to, t, parts.space)
    }
}

fn mix(kind: &Type, from: &Value, to: &Value, t: f64, space: super::super::color::Space) -> Answer {
    let line = |a: f64, b: f64| a + (b - a) * t;
    let uneven =
        || fault("不能在长度或锚点不同的列表之间插值", "Cannot interpolate lists of different lengths or anchors.");
    Ok(match (from, to) {
        (Value::Number(a), Value::Number(b)) => Value::Number(line(*a, *b)),
        (Value::Color(a), Value::Color(b)) => Value::Color(a.mix(*b, t, space)),
        (Value::Padding(a), Value::Padding(b)) => {
            let mut sides = *a;
            sides.iter_mut().zip(b).for_each(|(side, b)| *side = line(*side, *b));
            Value::Padding(sides)
        }
        (Value::NumberArray(a), Value::NumberArray(b)) => {
            if a.len() != b.len() {
                return uneven();
            }
            Value::NumberArray(a.iter().zip(&**b).map(|(a, b)| line(*a, *b)).collect())
        }
        (Value::ColorArray(a), Value::ColorArray(b)) => {
            if a.len() != b.len() {
                return uneven();
            }
            let mixed = |(a, b): (&Color, &Color)| a.mix(*b, t, space);
            Value::ColorArray(a.iter().zip(&**b).map(mixed).collect())
        }
        (Value::AnchorOffsets(a), Value::AnchorOffsets(b)) => {
            if a.len() != b.len() || a.iter().zip(&**b).any(|(a, b)| a.0 != b.0) {
                return uneven();
            }
            let pairs = a.iter().zip(&**b);
            Value::AnchorOffsets(
                pairs.map(|((n, p), (_, q))| (n.clone(), [line(p[0], q[0]), line(p[1], q[1])])).collect(),
            )
        }
        (Value::List(a), Value::List(b)) if *kind != Type::Projection => {
            let (Some(x), Some(y)) = (from.as_numbers(), to.as_numbers()) else {
                return wrong_type(kind, from);
            };
            if a.len() != b.len() {
                return uneven();
            }
            Value::List(x.iter().zip(&y).map(|(a, b)| Value::Number(line(*a, *b))).collect())
        }
        (from, to) if *kind == Type::Projection => between(from, to, t),
        (from, _) => return wrong_type(kind, from),
    })
}

#[cfg(test)]
mod tests {
    use super::{Curve, bezier};

    #[test]
    fn a_straight_bezier_is_a_straight_line() {
        for x in [0.0, 0.25, 0.5, 1.0] {
            assert!((bezier(x, [0.25, 0.25, 0.75, 0.75]) - x).abs() < 1e-5);
        }
        assert_eq!(Curve::Exponential(2.0).progress(1.0, 0.0, 2.0), 1.0 / 3.0);
    }
}
