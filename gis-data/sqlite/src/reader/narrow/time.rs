//! How stretches of time lie to each other, in SQL.

use gis_data::query::filter::{Expr, Temporal, VALID};
use gis_data::{Instant, Interval};

use super::operand::{Said, Shown, micros, moment};
use super::piece::Piece;

/// A stretch: its ends, and the moment without which it is not known.
struct Stretch {
    from: Piece,
    until: Piece,
    unless: Option<Piece>,
}

enum Found {
    Never,
    So(Stretch),
    Nothing,
}

/// `None` where it cannot be said.
pub(super) fn lie(how: Temporal, a: &Expr, b: &Expr, shown: Shown<'_>) -> Option<Piece> {
    let (a, b) = match (stretch(a, shown), stretch(b, shown)) {
        (Found::Nothing, _) | (_, Found::Nothing) => return None,
        (Found::So(a), Found::So(b)) => (a, b),
        _ => return Some(Piece::unknown()),
    };
    let condition = condition(how, &a, &b);
    let doubts: Vec<_> = [a.unless, b.unless].into_iter().flatten().collect();
    if doubts.is_empty() {
        return Some(condition);
    }
    // What is not known is not known, though a part of the condition be false without it.
    let doubts = doubts.into_iter().map(|d| Piece::of("", [d], "", " IS NULL")).collect();
    Some(Piece::of("(CASE WHEN ", [Piece::joined(doubts, "OR", false), condition], " THEN NULL ELSE ", " END)"))
}

fn stretch(e: &Expr, shown: Shown<'_>) -> Found {
    let between = |from, until| Found::So(Stretch { from: micros(from), until: micros(until), unless: None });
    match e {
        Expr::Field(name) if name.as_ref() == VALID => Found::So(Stretch {
            from: Piece::plain("v.valid_from"),
            until: Piece::plain("v.valid_until"),
            unless: None,
        }),
        Expr::Instant(at) => between(*at, at.plus_micros(1)),
        Expr::Interval(from, until) => {
            match (end(from.as_deref(), Instant::DAWN), end(until.as_deref(), Instant::FOREVER)) {
                (Some(from), Some(until)) => {
                    Interval::new(from, until).map_or(Found::Never, |i| between(i.from, i.until))
                }
                _ => Found::Nothing,
            }
        }
        other => match moment(other, shown) {
            Said::Never => Found::Never,
            Said::Nothing => Found::Nothing,
            Said::So(at) => Found::So(Stretch {
                from: at.clone(),
                until: Piece::binary(at.clone(), "+", Piece::plain("1")),
                unless: Some(at),
            }),
        },
    }
}

/// An end that is given as a moment or open.
fn end(end: Option<&Expr>, open: Instant) -> Option<Instant> {
    match end {
        None => Some(open),
        Some(Expr::Instant(at)) => Some(*at),
        Some(_) => None,
    }
}

fn condition(how: Temporal, a: &Stretch, b: &Stretch) -> Piece {
    let compare = |x: &Piece, operator: &str, y: &Piece| Piece::binary(x.clone(), operator, y.clone());
    let both = |x, y| Piece::binary(x, "AND", y);
    let overlap = || both(compare(&a.from, "<", &b.until), compare(&b.from, "<", &a.until));
    match how {
        Temporal::After => compare(&b.until, "<=", &a.from),
        Temporal::Before => compare(&a.until, "<=", &b.from),
        Temporal::Disjoint => overlap().not(),
        Temporal::Intersects => overlap(),
        Temporal::Equals => both(compare(&a.from, "=", &b.from), compare(&a.until, "=", &b.until)),
        Temporal::During => during(a, b),
        Temporal::Contains => during(b, a),
        Temporal::Starts => both(compare(&a.from, "=", &b.from), compare(&a.until, "<", &b.until)),
        Temporal::StartedBy => both(compare(&a.from, "=", &b.from), compare(&b.until, "<", &a.until)),
        Temporal::Finishes => both(compare(&a.until, "=", &b.until), compare(&b.from, "<", &a.from)),
        Temporal::FinishedBy => both(compare(&a.until, "=", &b.until), compare(&a.from, "<", &b.from)),
        Temporal::Meets => compare(&a.until, "=", &b.from),
        Temporal::MetBy => compare(&b.until, "=", &a.from),
        Temporal::Overlaps => overlaps(a, b),
        Temporal::OverlappedBy => overlaps(b, a),
    }
}

/// Nothing reaches an open end.
fn during(a: &Stretch, b: &Stretch) -> Piece {
    let side = |inner: Piece, open: Instant, outer: &Piece| {
        Piece::binary(inner, "OR", Piece::binary(outer.clone(), "=", micros(open)))
    };
    let begins = Piece::binary(b.from.clone(), "<", a.from.clone());
    let ends = Piece::binary(a.until.clone(), "<", b.until.clone());
    Piece::binary(side(begins, Instant::DAWN, &b.from), "AND", side(ends, Instant::FOREVER, &b.until))
}

fn overlaps(a: &Stretch, b: &Stretch) -> Piece {
    let compare = |x: &Piece, y: &Piece| Piece::binary(x.clone(), "<", y.clone());
    let parts = vec![compare(&a.from, &b.from), compare(&b.from, &a.until), compare(&a.until, &b.until)];
    Piece::joined(parts, "AND", true)
}
