//! The log and the receipts.

use gis_data::{Changed, Commit, Counts, FeatureId, Instant, LogKind, Position, Receipt, Result};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::error::{Doing, damaged};
use crate::reader::log::{clock, parse};
use crate::row;

/// What a receipt keeps beside its log entry.
#[derive(Serialize, Deserialize)]
struct Body {
    counts: Counts,
    ids: Vec<FeatureId>,
}

/// An entry to be written.
pub(super) struct Entry<'a> {
    pub(super) kind: LogKind,
    pub(super) actor: &'a str,
    pub(super) reason: &'a str,
    pub(super) now: Instant,
}

/// Writes the next entry.
pub(super) fn append(conn: &Connection, entry: &Entry<'_>, changed: Changed) -> Result<Receipt> {
    let (last, before) = clock(conn)?;
    let position = Position { epoch: last.epoch, number: last.number + 1 };
    let at = entry.now.max(before.plus_micros(1));
    let told = json(&changed)?;
    let write = || -> rusqlite::Result<()> {
        let kind = match entry.kind {
            LogKind::Commit => "commit",
            LogKind::Effective => "effective",
        };
        conn.prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
            position.number as i64,
            position.epoch,
            at.micros(),
            kind,
            entry.actor,
            entry.reason,
            told
        ])?;
        conn.prepare_cached("DELETE FROM boundary WHERE at <= ?1")?.execute([at.micros()])?;
        Ok(())
    };
    write().doing("写入日志", "writing the log")?;
    Ok(Receipt { position, at, counts: Counts::new(), changed, ids: Vec::new() })
}

/// The receipt that the same actor's same key got before, and what told the content of that commit.
pub(super) fn receipt(conn: &Connection, actor: &str, key: &str) -> Result<Option<(u64, Receipt)>> {
    let mut statement = conn
        .prepare_cached(
            "SELECT r.epoch, r.number, r.at, r.body, l.changed, r.content FROM receipt r LEFT JOIN log l ON r.own AND l.number = r.number
             WHERE r.actor = ?1 AND r.key = ?2",
        )
        .doing("查找回执", "looking for a receipt")?;
    let mut rows = statement.query([actor, key]).doing("查找回执", "looking for a receipt")?;
    let Some(row) = rows.next().doing("查找回执", "looking for a receipt")? else {
        return Ok(None);
    };
    let broken = || damaged("回执", "a receipt");
    let epoch = u32::try_from(row::number(row, 0)?).map_err(|cause| broken().because(cause))?;
    let body: Body = parse(row::bytes(row, 3)?)?;
    let changed = match row.get_ref(4).doing("查找回执", "looking for a receipt")? {
        rusqlite::types::ValueRef::Null => Changed::Each(Vec::new()),
        _ => parse(row::bytes(row, 4)?)?,
    };
    let content = row::number(row, 5)? as u64;
    let receipt = Receipt {
        position: Position { epoch, number: row::number(row, 1)? as u64 },
        at: Instant::from_micros(row::number(row, 2)?),
        counts: body.counts,
        changed,
        ids: body.ids,
    };
    Ok(Some((content, receipt)))
}

/// Remembers the receipt of a commit with a key; `own` says whether it has an entry of its own.
pub(super) fn remember(conn: &Connection, commit: &Commit, receipt: &Receipt, own: bool) -> Result<()> {
    let body = json(&Body { counts: receipt.counts.clone(), ids: receipt.ids.clone() })?;
    let write = || -> rusqlite::Result<usize> {
        conn.prepare_cached("INSERT INTO receipt VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(params![
            commit.actor,
            commit.key,
            receipt.position.epoch,
            receipt.position.number as i64,
            receipt.at.micros(),
            own,
            body,
            commit.content as i64
        ])
    };
    write().doing("写入回执", "writing a receipt").map(|_one| ())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|cause| damaged("日志内容", "an entry of the log").because(cause))
}
