//! The current belief, read from end to end.

use gis_data::{Feature, FeatureId, LayerId, Position, Result};
use rusqlite::Connection;

use super::log::clock;
use crate::error::Doing;
use crate::row::{Decoder, Layers, VERSION};

/// How many features are handed on at once.
const BATCH: usize = 1000;

const DOING: (&str, &str) = ("通读数据库", "reading the database from end to end");

/// A part of the city, owned, for another thread.
pub(crate) enum Owned {
    All,
    Layers(Vec<LayerId>),
    Things(Vec<FeatureId>),
}

/// Hands on every believed version of a part, in batches, until `take` wants no more.
pub(crate) fn scan(
    conn: &Connection,
    layers: &Layers,
    part: &Owned,
    mut take: impl FnMut(Vec<Feature>) -> bool,
) -> Result<Position> {
    let (position, _) = clock(conn)?;
    let mut decoder = Decoder::new(conn, layers);
    let mut batch = Vec::new();
    let mut each = |condition: &str, key: i64| -> Result<bool> {
        let sql = format!("SELECT {VERSION} FROM version v {condition}");
        let mut statement = conn.prepare_cached(&sql).doing(DOING.0, DOING.1)?;
        let mut rows = statement.query([key]).doing(DOING.0, DOING.1)?;
        while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
            batch.push(decoder.feature(row)?);
            if batch.len() >= BATCH && !take(std::mem::take(&mut batch)) {
                return Ok(false);
            }
        }
        Ok(true)
    };
    let by_layer = "INDEXED BY version_current WHERE v.layer = ?1 AND v.rec_until IS NULL ORDER BY v.id";
    let by_thing = "WHERE v.id = ?1 AND v.rec_until IS NULL ORDER BY v.seq";
    let (condition, keys) = match part {
        Owned::All => (by_layer, Layers::all(conn)?),
        Owned::Layers(names) => {
            let mut numbers = Vec::new();
            for name in names {
                numbers.extend(Layers::nr(conn, name)?);
            }
            (by_layer, numbers)
        }
        Owned::Things(ids) => (by_thing, ids.iter().map(|id| id.get() as i64).collect()),
    };
    let mut keys = keys;
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        if !each(condition, key)? {
            return Ok(position);
        }
    }
    if !batch.is_empty() {
        take(batch);
    }
    Ok(position)
}
