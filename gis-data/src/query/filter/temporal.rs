//! How stretches of time lie to each other (Allen 1983), half-open.

use super::Temporal;
use super::operand::Operand;
use crate::{Instant, Interval};

/// The moment that a text tells; `None` where it tells none.
pub fn instant(text: &str) -> Option<Instant> {
    // All that a time begins with is a digit: most texts are told apart without making an error.
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.parse().ok())?
}

/// An interval, or a moment as the shortest one.
pub(super) fn stretch(operand: &Operand<'_>) -> Option<Interval> {
    match operand {
        Operand::Interval(own) => Some(*own),
        other => other.instant().map(|at| Interval { from: at, until: at.plus_micros(1) }),
    }
}

/// Whether two stretches lie so.
pub(super) fn lie(how: Temporal, a: &Interval, b: &Interval) -> bool {
    match how {
        Temporal::After => b.until <= a.from,
        Temporal::Before => a.until <= b.from,
        Temporal::Disjoint => !a.overlaps(b),
        Temporal::Intersects => a.overlaps(b),
        Temporal::Equals => a == b,
        Temporal::During => during(a, b),
        Temporal::Contains => during(b, a),
        Temporal::Starts => a.from == b.from && a.until < b.until,
        Temporal::StartedBy => a.from == b.from && b.until < a.until,
        Temporal::Finishes => a.until == b.until && b.from < a.from,
        Temporal::FinishedBy => a.until == b.until && a.from < b.from,
        Temporal::Meets => a.until == b.from,
        Temporal::MetBy => b.until == a.from,
        Temporal::Overlaps => overlaps(a, b),
        Temporal::OverlappedBy => overlaps(b, a),
    }
}

fn during(a: &Interval, b: &Interval) -> bool {
    (b.from < a.from || b.from == Instant::DAWN) && (a.until < b.until || b.until == Instant::FOREVER)
}

fn overlaps(a: &Interval, b: &Interval) -> bool {
    a.from < b.from && b.from < a.until && a.until < b.until
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(from: i64, until: i64) -> Interval {
        Interval { from: Instant::from_micros(from), until: Instant::from_micros(until) }
    }

    fn named(a: Interval, b: Interval) -> Vec<&'static str> {
        Temporal::ALL.iter().filter(|how| lie(**how, &a, &b)).map(|how| how.name()).collect()
    }

    #[test]
    fn stretches_lie_as_they_are_named() {
        assert_eq!(named(of(0, 5), of(7, 9)), ["t_before", "t_disjoint"]);
        assert_eq!(named(of(0, 5), of(5, 9)), ["t_before", "t_disjoint", "t_meets"]);
        assert_eq!(named(of(5, 9), of(0, 5)), ["t_after", "t_disjoint", "t_metBy"]);
        assert_eq!(named(of(0, 6), of(5, 9)), ["t_intersects", "t_overlaps"]);
        assert_eq!(named(of(5, 9), of(0, 6)), ["t_intersects", "t_overlappedBy"]);
        assert_eq!(named(of(0, 5), of(0, 9)), ["t_intersects", "t_starts"]);
        assert_eq!(named(of(0, 9), of(0, 5)), ["t_intersects", "t_startedBy"]);
        assert_eq!(named(of(5, 9), of(0, 9)), ["t_finishes", "t_intersects"]);
        assert_eq!(named(of(0, 9), of(5, 9)), ["t_finishedBy", "t_intersects"]);
        assert_eq!(named(of(5, 6), of(0, 9)), ["t_during", "t_intersects"]);
        assert_eq!(named(of(0, 9), of(5, 6)), ["t_contains", "t_intersects"]);
        assert_eq!(named(of(0, 9), of(0, 9)), ["t_equals", "t_intersects"]);
    }

    #[test]
    fn nothing_reaches_an_open_end() {
        let since = |from| Interval::since(Instant::from_micros(from));
        assert_eq!(named(since(5), since(0)), ["t_during", "t_finishes", "t_intersects"]);
        assert_eq!(named(since(5), Interval::ALWAYS), ["t_during", "t_finishes", "t_intersects"]);
        assert!(!named(since(5), since(5)).contains(&"t_during"));
        assert!(named(of(5, 6), since(0)).contains(&"t_during"));
    }
}
