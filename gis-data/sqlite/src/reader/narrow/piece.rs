//! Pieces of SQL, each with what it binds.

use rusqlite::types::Value as Sql;

/// An expression in SQL. Each `?` in it is one bound value; no text of a filter is ever part of it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) sql: String,
    pub(super) bound: Vec<Sql>,
    pub(super) depth: usize,
}

impl Piece {
    /// SQL that binds nothing.
    pub(super) fn plain(sql: &'static str) -> Self {
        Self { sql: sql.to_owned(), bound: Vec::new(), depth: 1 }
    }

    /// What is never known.
    pub(super) fn unknown() -> Self {
        Self::value(Sql::Null)
    }

    /// What is always true or never. It is bound like any other value: SQLite makes `x AND 0` just `0`, and then no longer sees that the
    /// index which it was told to use would serve `x`.
    pub(super) fn always(truth: bool) -> Self {
        Self::value(truth)
    }

    /// A value.
    pub(super) fn value(value: impl Into<Sql>) -> Self {
        Self { sql: "?".to_owned(), bound: vec![value.into()], depth: 1 }
    }

    /// `before`, the parts with `between` between them, `after`.
    pub(super) fn of(before: &str, parts: impl IntoIterator<Item = Self>, between: &str, after: &str) -> Self {
        let mut whole = Self { sql: before.to_owned(), bound: Vec::new(), depth: 0 };
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                whole.sql.push_str(between);
            }
            whole.sql.push_str(&part.sql);
            whole.bound.extend(part.bound);
            whole.depth = whole.depth.max(part.depth);
        }
        whole.sql.push_str(after);
        whole.depth += 1;
        whole
    }

    /// A function of SQL.
    pub(super) fn call(name: &str, args: impl IntoIterator<Item = Self>) -> Self {
        Self::of(&format!("{name}("), args, ", ", ")")
    }

    /// An operator of SQL.
    pub(super) fn binary(a: Self, operator: &str, b: Self) -> Self {
        Self::of("(", [a, b], &format!(" {operator} "), ")")
    }

    pub(super) fn not(self) -> Self {
        Self::of("(NOT ", [self], "", ")")
    }

    /// Parts joined by `AND` or `OR`, as a tree without long branches: SQLite bounds their depth.
    pub(super) fn joined(mut parts: Vec<Self>, operator: &str, of_none: bool) -> Self {
        while parts.len() > 1 {
            let mut halved = Vec::with_capacity(parts.len().div_ceil(2));
            let mut rest = parts.into_iter();
            while let Some(a) = rest.next() {
                halved.push(match rest.next() {
                    Some(b) => Self::binary(a, operator, b),
                    None => a,
                });
            }
            parts = halved;
        }
        parts.pop().unwrap_or_else(|| Self::always(of_none))
    }
}
