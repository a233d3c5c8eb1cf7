//! Boundaries of valid time that the clock has passed.

use gis_data::{Instant, Result, Touched};
use rusqlite::{Connection, params};

use super::statements::Statements;
use crate::error::Doing;

/// What began or ceased to be so before a commit, and when the last of it did.
pub(super) struct Due {
    pub(super) at: Instant,
    pub(super) touched: Vec<Touched>,
}

/// What passes between the log's clock `before` and a commit at `now`. The commit's own clock stays free of boundaries.
pub(super) fn due(conn: &Connection, s: &Statements<'_>, before: Instant, now: Instant) -> Result<Option<Due>> {
    let mut upto = now.max(before.plus_micros(1));
    loop {
        let Some(at) = last(conn, before, upto)? else {
            return Ok(None);
        };
        let own = now.max(at.plus_micros(1));
        if own == upto {
            return Ok(Some(Due { at, touched: passed(conn, s, before, at)? }));
        }
        upto = own;
    }
}

/// The last boundary of a believed version after `before`, not after `upto`.
fn last(conn: &Connection, before: Instant, upto: Instant) -> Result<Option<Instant>> {
    let find = || -> rusqlite::Result<Option<i64>> {
        conn.prepare_cached(
            "SELECT max(b.at) FROM boundary b JOIN version v ON v.seq = b.seq
             WHERE b.at > ?1 AND b.at <= ?2 AND v.rec_until IS NULL",
        )?
        .query_row([before.micros(), upto.micros()], |row| row.get(0))
    };
    Ok(find().doing("查找到期的有效期", "looking for passed boundaries")?.map(Instant::from_micros))
}

/// The believed versions that begin or end after `after` and not after `upto`.
pub(super) fn passed(conn: &Connection, s: &Statements<'_>, after: Instant, upto: Instant) -> Result<Vec<Touched>> {
    let doing = ("查找到期的有效期", "looking for passed boundaries");
    let mut statement = conn
        .prepare_cached(&format!(
            "SELECT {} FROM version v WHERE v.rec_until IS NULL
             AND v.seq IN (SELECT seq FROM boundary WHERE at > ?1 AND at <= ?2) ORDER BY v.seq",
            crate::row::VERSION
        ))
        .doing(doing.0, doing.1)?;
    let mut rows = statement.query(params![after.micros(), upto.micros()]).doing(doing.0, doing.1)?;
    let mut decoder = s.decoder();
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(doing.0, doing.1)? {
        // One by one, so that a million shapes are not held at once.
        found.extend(gis_data::commit::boundary(std::iter::once(&decoder.feature(row)?), after, upto));
    }
    found.sort_by_key(|t| t.id);
    Ok(found)
}
