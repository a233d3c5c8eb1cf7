//! The log: where it stands, and what it says.

use gis_data::{Changes, Instant, LogEntry, LogKind, Position, Result, Scope, When};
use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;

use crate::error::{Doing, damaged};
use crate::row;

/// The most entries told at once.
const MAX_ENTRIES: i64 = 1000;
/// No more entries are read once they hold so many bytes.
const ENOUGH_BYTES: usize = 64 << 20;

const DOING: (&str, &str) = ("读取日志", "reading the log");

/// Where the log stands and its clock there.
pub(crate) fn clock(conn: &Connection) -> Result<(Position, Instant)> {
    let read = || -> rusqlite::Result<(u32, i64, i64)> {
        conn.prepare_cached(
            "SELECT (SELECT value FROM meta WHERE name = 'epoch'), coalesce(max(number), 0),
                    coalesce((SELECT at FROM log ORDER BY number DESC LIMIT 1), ?1) FROM log",
        )?
        .query_row([Instant::DAWN.micros()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    };
    let (epoch, number, at) = read().doing(DOING.0, DOING.1)?;
    Ok((Position { epoch, number: number as u64 }, Instant::from_micros(at)))
}

/// The number of the last entry whose clock is not after `recorded`.
pub(crate) fn number_at(conn: &Connection, recorded: When) -> Result<u64> {
    let at = match recorded {
        When::Now => return Ok(clock(conn)?.0.number),
        When::At(at) => at,
    };
    let read = || -> rusqlite::Result<i64> {
        conn.prepare_cached("SELECT coalesce((SELECT number FROM log WHERE at <= ?1 ORDER BY at DESC LIMIT 1), 0)")?
            .query_row([at.micros()], |row| row.get(0))
    };
    Ok(read().doing(DOING.0, DOING.1)? as u64)
}

/// The entries after a position; `None` while there are none.
pub(crate) fn changes(conn: &Connection, after: Position, scope: &Scope) -> Result<Option<Changes>> {
    let (now, _) = clock(conn)?;
    let after = if after.epoch < now.epoch { 0 } else { i64::try_from(after.number).unwrap_or(i64::MAX) };
    let mut statement = conn
        .prepare_cached(
            "SELECT epoch, number, at, kind, actor, reason, changed FROM log WHERE number > ?1 ORDER BY number LIMIT ?2",
        )
        .doing(DOING.0, DOING.1)?;
    let mut rows = statement.query([after, MAX_ENTRIES]).doing(DOING.0, DOING.1)?;
    let (mut entries, mut upto, mut read_bytes) = (Vec::new(), None, 0);
    while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
        let entry = entry(row)?;
        read_bytes += row::bytes(row, 6)?.len();
        upto = Some(entry.position);
        entries.extend(gis_data::commit::cut(entry, scope));
        if read_bytes > ENOUGH_BYTES {
            break;
        }
    }
    Ok(upto.map(|upto| Changes { entries, upto }))
}

fn entry(row: &Row<'_>) -> Result<LogEntry> {
    let broken = || damaged("日志", "an entry of the log");
    let epoch = u32::try_from(row::number(row, 0)?).map_err(|cause| broken().because(cause))?;
    Ok(LogEntry {
        position: Position { epoch, number: row::number(row, 1)? as u64 },
        at: Instant::from_micros(row::number(row, 2)?),
        kind: match row::text(row, 3)? {
            "commit" => LogKind::Commit,
            "effective" => LogKind::Effective,
            _ => return Err(broken()),
        },
        actor: row::text(row, 4)?.to_owned(),
        reason: row::text(row, 5)?.to_owned(),
        changed: parse(row::bytes(row, 6)?)?,
    })
}

/// Reads JSON that the writer wrote.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|cause| damaged("日志内容", "the content of the log").because(cause))
}
