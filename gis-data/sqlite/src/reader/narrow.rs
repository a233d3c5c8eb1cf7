//! A filter as a condition in SQL, so that rows that it cannot keep are not even decoded.
//!
//! What is said in SQL is either *exact* (true, false or unknown just as [`Filter::truth`] has it) or holds for more rows than the filter
//! keeps. `evaluate` looks at every row that is left, and decides. Nothing that a filter brings from outside stands in the SQL: every
//! name and value is bound, so that the text depends on the filter's shape alone and the same statement serves again.

mod compile;
mod operand;
mod piece;
#[cfg(test)]
mod tests;
mod time;

use gis_data::BBox;
use gis_data::query::filter::{Expr, Filter, GEOMETRY, Spatial};
use rusqlite::types::Value as Sql;

use piece::Piece;

/// No more values than this are bound by a condition: SQLite takes 32,766.
const MAX_BOUND: usize = 20_000;
/// No deeper than this does a condition nest in SQL: SQLite takes 1000.
const MAX_DEPTH: usize = 800;

/// A condition on a row of `version`, called `v`.
pub(crate) struct Narrow {
    piece: Piece,
}

impl Narrow {
    /// What can be said in SQL of a filter; `None` if nothing can. Of fields that are not `shown` in all the layers nothing is said: the
    /// rows hold more of them than the viewer may see.
    pub(crate) fn of(filter: &Filter, shown: &dyn Fn(&str) -> bool) -> Option<Self> {
        let piece = compile::Compiler { shown }.filter(filter)?.piece;
        (piece.bound.len() <= MAX_BOUND && piece.depth <= MAX_DEPTH).then_some(Self { piece })
    }

    /// The condition, with its values bound at `first` and up.
    pub(crate) fn sql(&self, first: usize) -> String {
        let mut sql = String::with_capacity(self.piece.sql.len() * 2);
        for (i, part) in self.piece.sql.split('?').enumerate() {
            if i > 0 {
                sql.push('?');
                sql.push_str(&(first + i - 1).to_string());
            }
            sql.push_str(part);
        }
        sql
    }

    /// What is bound.
    pub(crate) fn bound(&self) -> &[Sql] {
        &self.piece.bound
    }
}

/// The box that the shape of whatever the filter keeps must meet, if it names one.
pub(crate) fn box_of(filter: &Filter) -> Option<BBox> {
    match filter {
        Filter::Spatial(how, Expr::Field(name), Expr::Geometry(shape))
        | Filter::Spatial(how, Expr::Geometry(shape), Expr::Field(name))
            if *how != Spatial::Disjoint && name.as_ref() == GEOMETRY =>
        {
            Some(shape.bbox())
        }
        Filter::All(parts) => parts.iter().find_map(box_of),
        _ => None,
    }
}
