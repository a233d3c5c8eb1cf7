//! The connections that read.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gis_data::{Error, Result};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::error::{Doing, closed};
use crate::row::Layers;
use crate::schema;
use crate::store::Options;

/// A few read-only connections, opened when first needed.
pub(crate) struct Pool {
    file: PathBuf,
    options: Options,
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
    layers: Layers,
}

impl Pool {
    pub(crate) fn new(file: PathBuf, options: Options) -> Arc<Self> {
        let turns = Arc::new(Semaphore::new(options.readers.max(1)));
        Arc::new(Self { file, options, idle: Mutex::default(), turns, layers: Layers::default() })
    }

    /// Runs `work` on a thread that may wait for the disk, within one snapshot.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection, &Layers) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_closed| closed())?;
        let pool = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            pool.snapshot(work)
        });
        done.await.map_err(|cause| {
            Error::storage(
                "读取数据库时程序出错；请重试，若再次发生请报告日志",
                "the program failed while reading the database; try again, and report the log if it happens again",
                cause,
            )
        })?
    }

    fn snapshot<T>(&self, work: impl FnOnce(&Connection, &Layers) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => schema::reader(&self.file, &self.options)?,
        };
        let run = |sql: &str| conn.execute_batch(sql).doing("读取数据库", "reading the database");
        run("BEGIN")?;
        let result = work(&conn, &self.layers);
        // A connection that cannot end its snapshot is not used again; dropping it ends the snapshot.
        run("COMMIT")?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        result
    }

    /// Lets the idle connections go, so that the file can be closed.
    pub(crate) fn close(&self) {
        self.turns.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
