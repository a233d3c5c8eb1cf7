//! Facts, and what lies in a place.

use std::collections::BTreeMap;

use gis_data::{Fact, FeatureId, PlaceId, Result, When};
use rusqlite::Connection;

use super::log::number_at;
use super::plan::Moment;
use crate::error::Doing;
use crate::row;

const DOING: (&str, &str) = ("读取关系", "reading the facts");

/// The condition that a fact was believed at entry `?1`.
const KNOWN: &str = "rec_from <= ?1 AND (rec_until IS NULL OR rec_until > ?1)";

/// Every fact that touches one of `things`.
pub(crate) fn facts(conn: &Connection, things: &[FeatureId], recorded: When) -> Result<Vec<Fact>> {
    let number = number_at(conn, recorded)? as i64;
    let columns = row::FACT;
    let mut found = BTreeMap::new();
    for id in things {
        for side in ["thing", "place"] {
            let sql = format!("SELECT {columns} FROM fact WHERE {KNOWN} AND {side} = ?2");
            let mut statement = conn.prepare_cached(&sql).doing(DOING.0, DOING.1)?;
            let mut rows = statement.query([number, id.get() as i64]).doing(DOING.0, DOING.1)?;
            while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
                found.insert(row::number(row, 10)?, row::fact(row)?);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The place itself, what lies in it, and what hangs on any of those; by id. `UNION` visits each once, so circles end.
pub(crate) fn inside(conn: &Connection, place: PlaceId, moment: &Moment) -> Result<Vec<i64>> {
    let read = || -> rusqlite::Result<Vec<i64>> {
        conn.prepare_cached(&format!(
            "WITH RECURSIVE inside (id) AS (
                 VALUES (?4) UNION
                 SELECT f.thing FROM inside CROSS JOIN fact f INDEXED BY fact_place ON f.place = inside.id
                 WHERE {KNOWN} AND f.valid_from <= ?2 AND f.valid_until > ?3 AND f.relation <> 'succeeds'
             ) SELECT id FROM inside ORDER BY id"
        ))?
        .query_map([moment.number, moment.begun_by, moment.lasts_beyond, place.0.get() as i64], |row| row.get(0))?
        .collect()
    };
    read().doing("查找地点范围内的对象", "looking for what lies in a place")
}
