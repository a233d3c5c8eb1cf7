//! Conditions in SQL, which has the same three values.

use gis_data::query::filter::{Compare, Expr, Filter, Function, GEOMETRY, RESERVED};

use super::operand::{Kind, Said, Shown, field, moment, of_kind};
use super::piece::Piece;
use super::time;

/// A condition that was said in SQL.
pub(super) struct Condition {
    pub(super) piece: Piece,
    /// Whether it is true, false and unknown just where the filter is; else it is only true wherever the filter is.
    pub(super) exact: bool,
}

impl Condition {
    const fn exact(piece: Piece) -> Self {
        Self { piece, exact: true }
    }
}

pub(super) struct Compiler<'a> {
    pub(super) shown: Shown<'a>,
}

impl Compiler<'_> {
    /// `None` where nothing can be said.
    pub(super) fn filter(&self, filter: &Filter) -> Option<Condition> {
        match filter {
            // A part about which nothing can be said is left out: what is left holds for more rows.
            Filter::All(parts) => {
                let said: Vec<_> = parts.iter().filter_map(|p| self.filter(p)).collect();
                let exact = said.len() == parts.len() && said.iter().all(|c| c.exact);
                let none = said.is_empty() && !exact;
                let piece = Piece::joined(said.into_iter().map(|c| c.piece).collect(), "AND", true);
                (!none).then_some(Condition { piece, exact })
            }
            Filter::Any(parts) => {
                let said: Vec<_> = parts.iter().map(|p| self.filter(p)).collect::<Option<_>>()?;
                let exact = said.iter().all(|c| c.exact);
                Some(Condition {
                    piece: Piece::joined(said.into_iter().map(|c| c.piece).collect(), "OR", false),
                    exact,
                })
            }
            // What holds for too many rows would, turned round, hold for too few.
            Filter::Not(part) => self.filter(part).filter(|c| c.exact).map(|c| Condition::exact(c.piece.not())),
            Filter::Spatial(_, a, b) => {
                let shape = [a, b].into_iter().any(|e| matches!(e, Expr::Field(name) if name.as_ref() == GEOMETRY));
                shape.then(|| Condition { piece: Piece::plain("(v.geometry IS NOT NULL)"), exact: false })
            }
            Filter::Array(..) => None,
            plain => self.plain(plain).map(Condition::exact),
        }
    }

    fn plain(&self, filter: &Filter) -> Option<Piece> {
        match filter {
            Filter::Flag(e) => known(of_kind(Kind::Flag, e, self.shown)),
            Filter::Compare(a, how, b) => self.compare(a, *how, b),
            Filter::Between(e, low, high) => {
                let ends = [self.compare(e, Compare::Ge, low)?, self.compare(e, Compare::Le, high)?];
                Some(Piece::joined(ends.into(), "AND", true))
            }
            Filter::In(e, values) => self.one_of(e, values),
            Filter::Like(e, pattern) => {
                let texts = [of_kind(Kind::Text, e, self.shown), of_kind(Kind::Text, pattern, self.shown)];
                match texts {
                    [Said::Nothing, _] | [_, Said::Nothing] => None,
                    [Said::So(text), Said::So(pattern)] => Some(Piece::call("text_like", [text, pattern])),
                    _ => Some(Piece::unknown()),
                }
            }
            Filter::IsNull(e) => self.is_null(e),
            Filter::Temporal(how, a, b) => time::lie(*how, a, b, self.shown),
            _ => None,
        }
    }

    fn compare(&self, a: &Expr, how: Compare, b: &Expr) -> Option<Piece> {
        let pair = |a: Said, b: Said| match (a, b) {
            (Said::Nothing, _) | (_, Said::Nothing) => None,
            (Said::So(a), Said::So(b)) => Some(Some(Piece::binary(a, how.name(), b))),
            _ => Some(None),
        };
        if matches!(a, Expr::Instant(_)) || matches!(b, Expr::Instant(_)) {
            let said = pair(moment(a, self.shown), moment(b, self.shown))?;
            return Some(said.unwrap_or_else(Piece::unknown));
        }
        let mut all = Vec::new();
        for kind in [Kind::Number, Kind::Text, Kind::Flag] {
            all.extend(pair(of_kind(kind, a, self.shown), of_kind(kind, b, self.shown))?);
        }
        // Each is NULL unless both are of its kind, so that one at most is not.
        Some(match all.len() {
            0 | 1 => all.pop().unwrap_or_else(Piece::unknown),
            _ => Piece::call("coalesce", all),
        })
    }

    /// Values of one kind make one list; a value of another kind is unknown, as in the list of one.
    fn one_of(&self, e: &Expr, values: &[Expr]) -> Option<Piece> {
        let mut parts = Vec::new();
        let mut rest: Vec<&Expr> = values.iter().collect();
        if !matches!(e, Expr::Instant(_)) {
            for kind in [Kind::Number, Kind::Text] {
                let mut list = Vec::new();
                rest.retain(|value| match (value, of_kind(kind, value, self.shown)) {
                    (Expr::Literal(_), Said::So(piece)) => {
                        list.push(piece);
                        false
                    }
                    _ => true,
                });
                if list.is_empty() {
                    continue;
                }
                let own = known(of_kind(kind, e, self.shown))?;
                parts.push(Piece::binary(own, "IN", Piece::of("(", list, ", ", ")")));
            }
        }
        for value in rest {
            parts.push(self.compare(e, Compare::Eq, value)?);
        }
        Some(Piece::joined(parts, "OR", false))
    }

    fn is_null(&self, e: &Expr) -> Option<Piece> {
        let of = |kind| known(of_kind(kind, e, self.shown)).map(|piece| Piece::of("(", [piece], "", " IS NULL)"));
        match e {
            Expr::Field(name) if name.as_ref() == GEOMETRY => Some(Piece::plain("(v.geometry IS NULL)")),
            Expr::Field(name) if RESERVED.contains(&name.as_ref()) => Some(Piece::always(false)),
            Expr::Field(name) => (self.shown)(name).then(|| field("field_null", name)),
            Expr::Literal(value) => Some(Piece::always(*value == gis_data::Value::Null)),
            Expr::Geometry(_) | Expr::Instant(_) | Expr::List(_) => Some(Piece::always(false)),
            Expr::Interval(..) => None,
            Expr::Arithmetic(..) => of(Kind::Number),
            Expr::Call(Function::Coalesce, args) => {
                let all: Vec<_> = args.iter().map(|a| self.is_null(a)).collect::<Option<_>>()?;
                Some(Piece::joined(all, "AND", true))
            }
            Expr::Call(function, _) => {
                of(if crate::functions::TEXTS.contains(function) { Kind::Text } else { Kind::Number })
            }
        }
    }
}

/// What is said, or that it is never known.
fn known(said: Said) -> Option<Piece> {
    match said {
        Said::Nothing => None,
        Said::Never => Some(Piece::unknown()),
        Said::So(piece) => Some(piece),
    }
}
