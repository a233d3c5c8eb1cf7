//! Expressions in SQL. A value of a filter has a kind that SQL does not know (a truth is no number, a number no text), so each is asked
//! for kind by kind; of another kind it is NULL, and so unknown.

use gis_data::query::filter::{Expr, Function, GEOMETRY, ID, RESERVED, VALID, instant};
use gis_data::{Instant, Value};
use rusqlite::types::Value as Sql;

use super::piece::Piece;
use crate::functions::{NUMBERS, TEXTS, arithmetic};

/// The kinds that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Flag,
}

/// What SQL says of an expression as a value of one kind.
pub(super) enum Said {
    /// It is never of the kind.
    Never,
    /// This, which is NULL where it is not of the kind.
    So(Piece),
    /// It cannot be said.
    Nothing,
}

impl Said {
    /// A function of it.
    fn then(self, f: impl FnOnce(Piece) -> Piece) -> Self {
        match self {
            Self::So(piece) => Self::So(f(piece)),
            other => other,
        }
    }
}

/// A field of the properties, asked by a function of SQL.
pub(super) fn field(function: &str, name: &str) -> Piece {
    Piece::call(function, [Piece::plain("v.properties"), Piece::value(name.to_owned())])
}

/// Which fields may be asked by.
pub(super) type Shown<'a> = &'a dyn Fn(&str) -> bool;

pub(super) fn of_kind(kind: Kind, e: &Expr, shown: Shown<'_>) -> Said {
    match e {
        Expr::Field(name) if RESERVED.contains(&name.as_ref()) => match (kind, name.as_ref()) {
            (Kind::Number, ID) => Said::So(Piece::plain("v.id")),
            _ => Said::Never,
        },
        Expr::Field(name) if !shown(name) => Said::Nothing,
        Expr::Field(name) => Said::So(field(
            match kind {
                Kind::Number => "field_number",
                Kind::Text => "field_text",
                Kind::Flag => "field_flag",
            },
            name,
        )),
        Expr::Literal(value) => literal(kind, value),
        Expr::Arithmetic(a, how, b) if kind == Kind::Number => {
            match (of_kind(kind, a, shown), of_kind(kind, b, shown)) {
                (Said::Nothing, _) | (_, Said::Nothing) => Said::Nothing,
                (Said::So(a), Said::So(b)) => Said::So(Piece::call(arithmetic(*how), [a, b])),
                _ => Said::Never,
            }
        }
        Expr::Geometry(_) | Expr::Instant(_) | Expr::Interval(..) | Expr::List(_) | Expr::Arithmetic(..) => Said::Never,
        Expr::Call(Function::Coalesce, _) => Said::Nothing,
        Expr::Call(function, args) => match (args.first(), kind) {
            (Some(arg), Kind::Text) if TEXTS.contains(function) => {
                of_kind(kind, arg, shown).then(|p| Piece::call(&format!("text_{}", function.name()), [p]))
            }
            (Some(arg), Kind::Number) if NUMBERS.contains(function) => {
                of_kind(kind, arg, shown).then(|p| Piece::call(&format!("number_{}", function.name()), [p]))
            }
            // Lists have a length too.
            (Some(Expr::List(_) | Expr::Literal(Value::List(_))), Kind::Number) if *function == Function::Length => {
                Said::Nothing
            }
            (Some(Expr::Field(name)), Kind::Number)
                if *function == Function::Length && !RESERVED.contains(&name.as_ref()) =>
            {
                Said::Nothing
            }
            (Some(arg), Kind::Number) if *function == Function::Length => {
                of_kind(Kind::Text, arg, shown).then(|p| Piece::call("text_length", [p]))
            }
            _ => Said::Never,
        },
    }
}

fn literal(kind: Kind, value: &Value) -> Said {
    Said::So(match (kind, value) {
        (Kind::Number, Value::Int(n)) => Piece::value(*n),
        (Kind::Number, Value::Float(x)) => Piece::value(*x),
        (Kind::Text, Value::Text(text)) => Piece::value(text.to_string()),
        (Kind::Flag, Value::Bool(b)) => Piece::value(*b),
        _ => return Said::Never,
    })
}

/// An expression as a moment, in microseconds.
pub(super) fn moment(e: &Expr, shown: Shown<'_>) -> Said {
    match e {
        Expr::Instant(at) => Said::So(micros(*at)),
        Expr::Field(name) if matches!(name.as_ref(), ID | GEOMETRY | VALID) => Said::Never,
        Expr::Field(name) if shown(name) => Said::So(field("field_moment", name)),
        Expr::Literal(Value::Text(text)) => instant(text).map_or(Said::Never, |at| Said::So(micros(at))),
        Expr::Field(_) | Expr::Call(Function::Coalesce, _) => Said::Nothing,
        other => of_kind(Kind::Text, other, shown).then(|p| Piece::call("text_moment", [p])),
    }
}

pub(super) fn micros(at: Instant) -> Piece {
    Piece::value(Sql::Integer(at.micros()))
}
