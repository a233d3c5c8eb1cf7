//! The numbers of layers. A committed number never changes, so what was once read is kept.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use gis_data::{LayerId, Result};
use rusqlite::{Connection, OptionalExtension};

use crate::error::{Doing, damaged};

/// Numbers to names, shared by all that read.
#[derive(Default)]
pub(crate) struct Layers(RwLock<HashMap<i64, LayerId>>);

impl Layers {
    /// The name of layer `nr`.
    pub(crate) fn name(&self, conn: &Connection, nr: i64) -> Result<LayerId> {
        if let Some(name) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&nr) {
            return Ok(name.clone());
        }
        let mut statement =
            conn.prepare_cached("SELECT name FROM layer WHERE nr = ?1").doing("读取图层", "reading a layer")?;
        let mut rows = statement.query([nr]).doing("读取图层", "reading a layer")?;
        let row = rows.next().doing("读取图层", "reading a layer")?;
        let name = super::layer(row.ok_or_else(|| damaged("图层号", "a layer's number"))?, 0)?;
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(nr, name.clone());
        Ok(name)
    }

    /// The number of the layer called `name`, if anything was ever put into it.
    pub(crate) fn nr(conn: &Connection, name: &LayerId) -> Result<Option<i64>> {
        let mut statement =
            conn.prepare_cached("SELECT nr FROM layer WHERE name = ?1").doing("读取图层", "reading a layer")?;
        statement.query_row([name.as_str()], |row| row.get(0)).optional().doing("读取图层", "reading a layer")
    }

    /// The numbers of all layers.
    pub(crate) fn all(conn: &Connection) -> Result<Vec<i64>> {
        let read = || -> rusqlite::Result<Vec<i64>> {
            conn.prepare_cached("SELECT nr FROM layer ORDER BY nr")?.query_map([], |row| row.get(0))?.collect()
        };
        read().doing("读取图层", "reading the layers")
    }
}
