//! The current belief, read from end to end.

use gis_data::{Fact, Feature, FeatureId, LayerId, Position, Result};
use rusqlite::{Connection, Row, params_from_iter};

use super::log::clock;
use crate::error::Doing;
use crate::row::{self, Decoder, FACT, Layers, VERSION};

/// How many things are handed on at once.
const BATCH: usize = 1000;

const DOING: (&str, &str) = ("通读数据库", "reading the database from end to end");

/// A part of the city, owned, for another thread.
pub(crate) enum Owned {
    All,
    Layers(Vec<LayerId>),
    Things(Vec<FeatureId>),
}

/// Takes a batch; says whether more are wanted.
pub(crate) trait Take<T>: FnMut(Vec<T>) -> bool {}
impl<T, F: FnMut(Vec<T>) -> bool> Take<T> for F {}

/// Hands on every believed version of a part, in batches, until `take` wants no more.
pub(crate) fn scan(conn: &Connection, layers: &Layers, part: &Owned, mut take: impl Take<Feature>) -> Result<Position> {
    let mut decoder = Decoder::new(conn, layers);
    let mut each = |row: &Row<'_>| decoder.feature(row);
    match part {
        // Versions of all layers lie mixed in the pages: in the table's order each page is read once.
        Owned::All => {
            let sql = format!("SELECT {VERSION} FROM version v NOT INDEXED WHERE v.rec_until IS NULL ORDER BY v.seq");
            batches(conn, &sql, &[], &mut each, &mut take)?;
        }
        Owned::Layers(names) if names.len() > 1 => {
            let numbers = numbers(conn, names)?;
            let sql = format!(
                "SELECT {VERSION} FROM version v NOT INDEXED WHERE v.rec_until IS NULL AND v.layer IN ({}) ORDER BY v.seq",
                vec!["?"; numbers.len()].join(",")
            );
            batches(conn, &sql, &numbers, &mut each, &mut take)?;
        }
        Owned::Layers(names) => {
            let sql = format!(
                "SELECT {VERSION} FROM version v INDEXED BY version_current WHERE v.layer = ?1 AND v.rec_until IS NULL ORDER BY v.id"
            );
            for number in numbers(conn, names)? {
                batches(conn, &sql, &[number], &mut each, &mut take)?;
            }
        }
        Owned::Things(ids) => {
            let sql = format!("SELECT {VERSION} FROM version v WHERE v.id = ?1 AND v.rec_until IS NULL ORDER BY v.seq");
            let mut keys: Vec<i64> = ids.iter().map(|id| id.get() as i64).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                if !batches(conn, &sql, &[key], &mut each, &mut take)? {
                    break;
                }
            }
        }
    }
    Ok(clock(conn)?.0)
}

/// Hands on the believed ids of some layers, a layer after the other. The index alone answers.
pub(crate) fn ids(
    conn: &Connection,
    names: &[LayerId],
    mut take: impl FnMut(&LayerId, Vec<FeatureId>) -> bool,
) -> Result<Position> {
    let sql =
        "SELECT DISTINCT id FROM version INDEXED BY version_current WHERE layer = ?1 AND rec_until IS NULL ORDER BY id";
    for name in names {
        if let Some(number) = Layers::nr(conn, name)? {
            let mut each = |row: &Row<'_>| row::thing(row::number(row, 0)?);
            if !batches(conn, sql, &[number], &mut each, &mut |batch| take(name, batch))? {
                break;
            }
        }
    }
    Ok(clock(conn)?.0)
}

/// Hands on every believed fact.
pub(crate) fn facts(conn: &Connection, mut take: impl Take<Fact>) -> Result<Position> {
    let sql = format!("SELECT {FACT} FROM fact NOT INDEXED WHERE rec_until IS NULL ORDER BY seq");
    batches(conn, &sql, &[], &mut row::fact, &mut take)?;
    Ok(clock(conn)?.0)
}

fn numbers(conn: &Connection, names: &[LayerId]) -> Result<Vec<i64>> {
    let mut numbers = Vec::new();
    for name in names {
        numbers.extend(Layers::nr(conn, name)?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// Reads the rows of a statement and hands them on; false when no more are wanted.
fn batches<T>(
    conn: &Connection,
    sql: &str,
    keys: &[i64],
    each: &mut impl FnMut(&Row<'_>) -> Result<T>,
    take: &mut impl Take<T>,
) -> Result<bool> {
    let mut statement = conn.prepare_cached(sql).doing(DOING.0, DOING.1)?;
    let mut rows = statement.query(params_from_iter(keys)).doing(DOING.0, DOING.1)?;
    let mut batch = Vec::new();
    while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
        batch.push(each(row)?);
        if batch.len() >= BATCH && !take(std::mem::take(&mut batch)) {
            return Ok(false);
        }
    }
    Ok(batch.is_empty() || take(batch))
}
