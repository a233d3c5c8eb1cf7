//! One commit within the writer's transaction.

mod put;
mod relate;

use gis_data::{
    Change, Changed, Commit, Counts, FeatureId, Identity, Instant, LogKind, PlaceId, Receipt, Recorded, Result,
};
use rusqlite::{Connection, OptionalExtension};

use super::boundary::{due, passed};
use super::done::Done;
use super::log::{self, Entry};
use super::statements::Statements;
use crate::error::Doing;
use crate::reader::log::clock;

/// The home of things that are born here.
const HOME: u16 = 0;

struct Work<'w, 'c> {
    s: &'w mut Statements<'c>,
    recorded: Recorded,
    next_id: u64,
    done: Done,
    /// Reused for each row.
    json: Vec<u8>,
}

/// Does a commit; adds the number of its changes to `changes`.
pub(super) fn commit(
    conn: &Connection,
    s: &mut Statements<'_>,
    mut commit: Commit,
    changes: &mut u64,
) -> Result<Receipt> {
    if !commit.key.is_empty()
        && let Some((content, receipt)) = log::receipt(conn, &commit.actor, &commit.key)?
    {
        gis_data::commit::same_content(&commit.key, content, commit.content)?;
        return Ok(receipt);
    }
    for (id, position) in &commit.expected {
        let last = last_change(conn, *id)?;
        if last > position.number {
            return Err(gis_data::commit::moved_on(*id, *position, last));
        }
    }
    let (last, before) = clock(conn)?;
    let due = due(conn, s, before, commit.now)?;
    let at = due.as_ref().map_or(before, |d| d.at).plus_micros(1).max(commit.now);
    let recorded = Recorded::since(last.number + 1 + u64::from(due.is_some()), at);
    let known_ids = next_id(conn)?;
    let mut work = Work { s, recorded, next_id: known_ids, done: Done::default(), json: Vec::new() };
    let source = std::mem::replace(&mut commit.changes, Box::new(std::iter::empty()));
    for change in source {
        *changes += 1;
        work.apply(change?)?;
    }
    let Work { next_id, mut done, .. } = work;
    if next_id != known_ids {
        conn.execute("UPDATE meta SET value = ?1 WHERE name = 'next_id'", [next_id as i64])
            .doing("登记编号", "remembering the last id")?;
    }
    let own = done.changed;
    let mut receipt = if own {
        if let Some(due) = due {
            effective(conn, due.at, due.touched)?;
        }
        let entry = Entry { kind: LogKind::Commit, actor: &commit.actor, reason: &commit.reason, now: commit.now };
        log::append(conn, &entry, done.changed())?
    } else {
        Receipt { position: last, at: before, counts: Counts::new(), changed: Changed::Each(vec![]), ids: vec![] }
    };
    receipt.counts = done.counts;
    receipt.ids = done.ids;
    if !commit.key.is_empty() {
        log::remember(conn, &commit, &receipt, own)?;
    }
    Ok(receipt)
}

/// Writes an `effective` entry if a boundary was passed.
pub(super) fn pass_time(conn: &Connection, s: &mut Statements<'_>, now: Instant) -> Result<Option<Receipt>> {
    let (_, before) = clock(conn)?;
    if now <= before {
        return Ok(None);
    }
    let touched = passed(conn, s, before, now)?;
    if touched.is_empty() {
        return Ok(None);
    }
    effective(conn, now, touched).map(Some)
}

fn effective(conn: &Connection, now: Instant, touched: Vec<gis_data::Touched>) -> Result<Receipt> {
    let entry = Entry { kind: LogKind::Effective, actor: "menpai", reason: "时间推移 / time passed", now };
    log::append(conn, &entry, Changed::of(touched))
}

/// The entry that changed a thing last; a retirement is a change too. 0: it is not known.
fn last_change(conn: &Connection, id: FeatureId) -> Result<u64> {
    let find = || -> rusqlite::Result<i64> {
        conn.prepare_cached(
            "SELECT coalesce(max(max(rec_from, coalesce(rec_until, 0))), 0) FROM version WHERE id = ?1",
        )?
        .query_row([id.get() as i64], |row| row.get(0))
    };
    find().map(|n| n as u64).doing("核对预期的版本", "checking the expected versions")
}

fn next_id(conn: &Connection) -> Result<u64> {
    let read = || -> rusqlite::Result<i64> {
        conn.prepare_cached("SELECT value FROM meta WHERE name = 'next_id'")?.query_row([], |row| row.get(0))
    };
    Ok(read().doing("读取编号", "reading the last id")? as u64)
}

impl Work<'_, '_> {
    fn apply(&mut self, change: Change) -> Result<()> {
        match change {
            Change::Put(put) => self.put(put),
            Change::Retire { id, valid } => self.retire(id, valid),
            Change::Relate { thing, relation, place, method, distance_m, valid } => {
                let (thing, place) = (self.known(&thing)?, PlaceId(self.known(&place)?));
                let recorded = self.recorded;
                let fact = gis_data::Fact { thing, relation, place, method, distance_m, valid, recorded };
                self.relate((thing, relation, place), valid, Some(&fact))
            }
            Change::Unrelate { thing, relation, place, valid } => self.relate((thing, relation, place), valid, None),
        }
    }

    /// The id of a thing to be put, and whether it was given just now.
    fn identify(&mut self, identity: &Identity) -> Result<(FeatureId, bool)> {
        match identity {
            Identity::Id(id) => {
                if id.home() == HOME {
                    self.next_id = self.next_id.max(id.get());
                }
                Ok((*id, false))
            }
            Identity::Origin { source, key } => {
                let id = FeatureId::born(HOME, self.next_id + 1)?;
                let new = self.s.new_origin.execute((source, key, id.get() as i64));
                if new.doing("登记来源标识", "remembering an origin")? == 1 {
                    self.next_id += 1;
                    return Ok((id, true));
                }
                self.known(identity).map(|id| (id, false))
            }
        }
    }

    fn known(&mut self, identity: &Identity) -> Result<FeatureId> {
        let id = match identity {
            Identity::Id(id) => self.s.layer_of(*id)?.map(|_| *id),
            Identity::Origin { source, key } => {
                let found = self.s.origin.query_row((source, key), |row| row.get::<_, i64>(0)).optional();
                found.doing("查找来源标识", "looking for an origin")?.map(crate::row::thing).transpose()?
            }
        };
        id.ok_or_else(|| gis_data::commit::unknown_identity(identity))
    }
}
