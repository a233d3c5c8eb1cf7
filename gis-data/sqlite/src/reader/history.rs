//! Which thing a source means, and all that was ever believed of it.

use std::sync::Arc;

use gis_data::{Fact, FeatureId, Identity, Result, Scope, Shown};
use rusqlite::{Connection, OptionalExtension};

use crate::error::Doing;
use crate::row::{self, Decoder, FACT, Layers, VERSION};

const DOING: (&str, &str) = ("读取历史", "reading a history");

/// Which things these are.
pub(crate) fn find(conn: &Connection, identities: &[Identity]) -> Result<Vec<Option<FeatureId>>> {
    let doing = ("查找来源标识", "looking for an origin");
    let mut statement =
        conn.prepare_cached("SELECT id FROM origin WHERE source = ?1 AND key = ?2").doing(doing.0, doing.1)?;
    let mut one = |identity: &Identity| match identity {
        Identity::Id(id) => Ok(Some(*id)),
        Identity::Origin { source, key } => {
            let id = statement.query_row((source, key), |row| row.get::<_, i64>(0)).optional();
            id.doing(doing.0, doing.1)?.map(row::thing).transpose()
        }
    };
    identities.iter().map(&mut one).collect()
}

/// Every version of a thing, in the order in which they came to be known.
pub(crate) fn versions(conn: &Connection, layers: &Layers, id: FeatureId, scope: &Scope) -> Result<Vec<Shown>> {
    let sql = format!("SELECT {VERSION} FROM version v WHERE v.id = ?1 ORDER BY v.rec_from, v.valid_from");
    let mut decoder = Decoder::new(conn, layers);
    let mut statement = conn.prepare_cached(&sql).doing(DOING.0, DOING.1)?;
    let mut rows = statement.query([id.get() as i64]).doing(DOING.0, DOING.1)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
        all.extend(scope.admit(Arc::new(decoder.feature(row)?)));
    }
    Ok(all)
}

/// Every fact of a thing, in the same order.
pub(crate) fn facts(conn: &Connection, thing: FeatureId) -> Result<Vec<Fact>> {
    let sql = format!("SELECT {FACT} FROM fact WHERE thing = ?1");
    let mut statement = conn.prepare_cached(&sql).doing(DOING.0, DOING.1)?;
    let mut rows = statement.query([thing.get() as i64]).doing(DOING.0, DOING.1)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
        all.push(row::fact(row)?);
    }
    all.sort_by_key(|f: &Fact| (f.recorded.from, f.valid.from, f.relation, f.place));
    Ok(all)
}
