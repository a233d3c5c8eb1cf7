//! The embedded store: one city in one private folder, on SQLite.
//!
//! [`SqliteStore`] answers what [`gis_data::memory::MemoryStore`] answers, from a disk. One thread writes: waiting commits are
//! folded into one transaction, a savepoint each, and their receipts leave when it is durable. A few read-only connections read,
//! each read in one snapshot. A watch on the file's version wakes [`Store::changes`] when another process has written.
//!
//! Nothing but SQLite ever opens `city.db`: another open and close of the file by this process would drop SQLite's locks.
//!
//! ```
//! use gis_data::{Change, Commit, Identity, Instant, Interval, LayerId, Properties, Put, Query, Scope, Store};
//! use gis_data_sqlite::{Options, SqliteStore};
//!
//! # let folder = tempfile::tempdir()?;
//! # tokio::runtime::Builder::new_multi_thread().build()?.block_on(async {
//! let store = SqliteStore::open(&folder.path().join("city"), Options::default())?;
//! let door = LayerId::new("doorplate")?;
//! let put = Put {
//!     identity: Identity::Origin { source: "register".into(), key: "330302-1".into() },
//!     layer: door.clone(),
//!     geometry: None,
//!     properties: Properties::new(),
//!     valid: Interval::ALWAYS,
//!     min_zoom: 14,
//! };
//! let receipt = store.commit(Commit::new("clerk", "a new door", Instant::from_micros(1), [Change::Put(put)])).await?;
//! assert_eq!(receipt.position.number, 1);
//! assert_eq!(store.read(&Query::layer(&door), &Scope::everything("clerk")).await?.into_rows().len(), 1);
//! # Ok::<(), gis_data::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod folder;
mod follow;
mod functions;
mod pool;
mod reader;
mod row;
mod schema;
mod store;
mod verify;
mod writer;

pub use store::{Options, SqliteStore};
pub use verify::Report;
