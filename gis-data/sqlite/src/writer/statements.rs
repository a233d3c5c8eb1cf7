//! The statements of the writing thread, prepared once.

use std::collections::HashMap;

use gis_data::{LayerId, Result};
use rusqlite::{Connection, OptionalExtension, Statement, params};

use crate::error::Doing;
use crate::row::Layers;

/// Prepared statements, and the numbers of layers, which a roll-back may take away again.
pub(super) struct Statements<'c> {
    pub(super) conn: &'c Connection,
    pub(super) insert_version: Statement<'c>,
    pub(super) insert_box: Statement<'c>,
    pub(super) insert_boundary: Statement<'c>,
    pub(super) end_version: Statement<'c>,
    pub(super) delete_version: Statement<'c>,
    pub(super) delete_box: Statement<'c>,
    pub(super) delete_boundary: Statement<'c>,
    pub(super) believed: Statement<'c>,
    pub(super) any_layer: Statement<'c>,
    pub(super) new_origin: Statement<'c>,
    pub(super) origin: Statement<'c>,
    pub(super) insert_fact: Statement<'c>,
    pub(super) end_fact: Statement<'c>,
    pub(super) delete_fact: Statement<'c>,
    pub(super) believed_facts: Statement<'c>,
    pub(super) touching_facts: Statement<'c>,
    numbers: HashMap<LayerId, i64>,
    layers: Layers,
}

impl<'c> Statements<'c> {
    pub(super) fn new(conn: &'c Connection) -> Result<Self> {
        let prepare = |sql: &str| conn.prepare(sql).doing("准备写入", "preparing to write");
        let versions = crate::row::VERSION;
        let facts = crate::row::FACT;
        Ok(Self {
            conn,
            insert_version: prepare("INSERT INTO version VALUES (NULL, ?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, ?8, ?9)")?,
            insert_box: prepare("INSERT INTO box VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?,
            insert_boundary: prepare("INSERT OR IGNORE INTO boundary VALUES (?1, ?2)")?,
            end_version: prepare("UPDATE version SET rec_until = ?2 WHERE seq = ?1")?,
            delete_version: prepare("DELETE FROM version WHERE seq = ?1")?,
            delete_box: prepare("DELETE FROM box WHERE seq = ?1")?,
            delete_boundary: prepare("DELETE FROM boundary WHERE at IN (?2, ?3) AND seq = ?1")?,
            believed: prepare(&format!(
                "SELECT {versions}, v.seq FROM version v WHERE v.id = ?1 AND v.rec_until IS NULL ORDER BY v.seq"
            ))?,
            any_layer: prepare("SELECT layer FROM version WHERE id = ?1 LIMIT 1")?,
            new_origin: prepare("INSERT INTO origin VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?,
            origin: prepare("SELECT id FROM origin WHERE source = ?1 AND key = ?2")?,
            insert_fact: prepare("INSERT INTO fact VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9)")?,
            end_fact: prepare("UPDATE fact SET rec_until = ?2 WHERE seq = ?1")?,
            delete_fact: prepare("DELETE FROM fact WHERE seq = ?1")?,
            believed_facts: prepare(&format!(
                "SELECT {facts} FROM fact WHERE thing = ?1 AND relation = ?2 AND place = ?3 AND rec_until IS NULL ORDER BY seq"
            ))?,
            touching_facts: prepare(&format!(
                "SELECT {facts} FROM fact WHERE thing = ?1 AND rec_until IS NULL
                 UNION SELECT {facts} FROM fact WHERE place = ?1 AND rec_until IS NULL AND relation <> 'succeeds'"
            ))?,
            numbers: HashMap::new(),
            layers: Layers::default(),
        })
    }

    /// Forgets what a roll-back may have taken away.
    pub(super) fn forget(&mut self) {
        self.numbers.clear();
        self.layers = Layers::default();
    }

    /// The number of a layer; a new one gets the next.
    pub(super) fn layer_nr(&mut self, layer: &LayerId) -> Result<i64> {
        if let Some(nr) = self.numbers.get(layer) {
            return Ok(*nr);
        }
        let nr = match Layers::nr(self.conn, layer)? {
            Some(nr) => nr,
            None => self
                .conn
                .query_row("INSERT INTO layer VALUES (NULL, ?1) RETURNING nr", params![layer.as_str()], |row| {
                    row.get(0)
                })
                .doing("登记图层", "adding a layer")?,
        };
        self.numbers.insert(layer.clone(), nr);
        Ok(nr)
    }

    /// The name of layer `nr`, also of one that this transaction added.
    pub(super) fn layer_name(&self, nr: i64) -> Result<LayerId> {
        self.layers.name(self.conn, nr)
    }

    /// The statement that reads believed versions, with what turns its rows into features.
    pub(super) fn believed(&mut self) -> (&mut Statement<'c>, crate::row::Decoder<'_>) {
        (&mut self.believed, crate::row::Decoder::new(self.conn, &self.layers))
    }

    /// What turns rows into features.
    pub(super) fn decoder(&self) -> crate::row::Decoder<'_> {
        crate::row::Decoder::new(self.conn, &self.layers)
    }

    /// The layer of a thing of which a version is or was known.
    pub(super) fn layer_of(&mut self, id: gis_data::FeatureId) -> Result<Option<i64>> {
        let layer = self.any_layer.query_row([id.get() as i64], |row| row.get(0)).optional();
        layer.doing("查找对象", "looking for a thing")
    }
}
