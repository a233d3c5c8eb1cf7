//! The store itself: threads and connections behind the contract.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gis_data::{
    Answer, Changes, Commit, Fact, Feature, FeatureId, Identity, Instant, LayerId, Part, Position, Query, Receipt,
    Result, Scope, Shown, Store, When,
};
use rusqlite::Connection;
use tokio::sync::{mpsc, watch};

use crate::error::closed;
use crate::follow::{Follower, Tick};
use crate::pool::Pool;
use crate::reader::{self, scan::Owned};
use crate::row::Layers;
use crate::verify::Report;
use crate::writer::Writer;
use crate::{folder, schema, verify};

/// How a city's folder is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many questions are answered at once. Default 4.
    pub readers: usize,
    /// How long a commit waits for another process that writes. Default one minute.
    pub busy_timeout: Duration,
    /// How often the file is looked at for commits of other processes. Default 200 ms.
    pub poll: Duration,
    /// How much of the file is mapped into memory. Default 1 GiB.
    pub mmap_bytes: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, busy_timeout: Duration::from_mins(1), poll: Duration::from_millis(200), mmap_bytes: 1 << 30 }
    }
}

/// A city in a private folder. Its futures need a tokio runtime.
pub struct SqliteStore {
    pool: Arc<Pool>,
    writer: Writer,
    follower: Mutex<Option<Follower>>,
    tick: Tick,
    is_closed: AtomicBool,
}

impl SqliteStore {
    /// Opens the city in `dir`; founds it there if the folder is new or empty.
    ///
    /// # Errors
    /// `Conflict` when the folder holds something else, or a database of another program or of another version of the tables;
    /// `Storage` when the medium fails.
    pub fn open(dir: &Path, options: Options) -> Result<Self> {
        let file = folder::prepare(dir)?;
        let told = |e: gis_data::Error| e.at(dir.display());
        let conn = schema::writer(&file, &options).map_err(told)?;
        let watcher = schema::reader(&file, &options).map_err(told)?;
        let tick = watch::Sender::new(0);
        let writer = Writer::start(conn, options.busy_timeout, tick.clone())?;
        let follower = Follower::start(watcher, &options, tick.clone())?;
        Ok(Self {
            pool: Pool::new(file, options),
            writer,
            follower: Mutex::new(Some(follower)),
            tick,
            is_closed: AtomicBool::new(false),
        })
    }

    /// Finishes what waits to be written, moves it all into the one file, and refuses everything from then on. Dropping does
    /// the same.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.pool.close();
        let follower = self.follower.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(follower) = follower {
            follower.stop();
        }
        self.writer.close();
        // Wakes those who wait for changes, so that they are told.
        self.tick.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Looks for damage: the file itself, versions and facts that overlap, the spatial index, the log.
    pub async fn verify(&self) -> Result<Report> {
        self.pool.read(verify::verify).await
    }
}

impl SqliteStore {
    /// Reads on one thread what is taken on another, a few batches apart. A caller who went away wants no more.
    async fn stream<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection, &Layers, mpsc::Sender<T>) -> Result<Position> + Send + 'static,
        mut take: impl FnMut(T) + Send,
    ) -> Result<Position> {
        let (send, mut batches) = mpsc::channel::<T>(4);
        let reading = self.pool.read(move |conn, layers| read(conn, layers, send));
        let taking = async {
            while let Some(batch) = batches.recv().await {
                take(batch);
            }
        };
        let (position, ()) = tokio::join!(reading, taking);
        position
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.close();
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self, query: &Query, scope: &Scope) -> Result<Answer> {
        let (query, scope) = (query.clone(), scope.clone());
        self.pool.read(move |conn, layers| reader::query::answer(conn, layers, &query, &scope)).await
    }

    async fn commit(&self, commit: Commit) -> Result<Receipt> {
        self.writer.commit(commit).await
    }

    async fn changes(&self, after: Position, scope: &Scope) -> Result<Changes> {
        let mut tick = self.tick.subscribe();
        loop {
            // Seen before looking, so that an entry written in between still wakes.
            tick.borrow_and_update();
            if self.is_closed.load(Ordering::Acquire) {
                return Err(closed());
            }
            let scope = scope.clone();
            let found = self.pool.read(move |conn, _| reader::log::changes(conn, after, &scope)).await?;
            if let Some(changes) = found {
                return Ok(changes);
            }
            tick.changed().await.map_err(|_gone| closed())?;
        }
    }

    async fn pass_time(&self, now: Instant) -> Result<Option<Receipt>> {
        self.writer.pass_time(now).await
    }

    async fn position(&self) -> Result<(Position, Instant)> {
        self.pool.read(|conn, _| reader::log::clock(conn)).await
    }

    async fn facts(&self, things: &[FeatureId], recorded: When) -> Result<Vec<Fact>> {
        let things = things.to_vec();
        self.pool.read(move |conn, _| reader::facts::facts(conn, &things, recorded)).await
    }

    async fn find(&self, identities: &[Identity]) -> Result<Vec<Option<FeatureId>>> {
        let identities = identities.to_vec();
        self.pool.read(move |conn, _| reader::history::find(conn, &identities)).await
    }

    async fn history(&self, id: FeatureId, scope: &Scope) -> Result<Vec<Shown>> {
        let scope = scope.clone();
        self.pool.read(move |conn, layers| reader::history::versions(conn, layers, id, &scope)).await
    }

    async fn fact_history(&self, thing: FeatureId) -> Result<Vec<Fact>> {
        self.pool.read(move |conn, _| reader::history::facts(conn, thing)).await
    }

    async fn scan(&self, part: Part<'_>, each: &mut (dyn FnMut(Feature) + Send)) -> Result<Position> {
        let part = match part {
            Part::All => Owned::All,
            Part::Layers(layers) => Owned::Layers(layers.to_vec()),
            Part::Things(ids) => Owned::Things(ids.to_vec()),
        };
        let read = move |conn: &_, layers: &_, send: mpsc::Sender<_>| {
            reader::scan::scan(conn, layers, &part, |batch| send.blocking_send(batch).is_ok())
        };
        self.stream(read, |batch: Vec<Feature>| batch.into_iter().for_each(&mut *each)).await
    }

    async fn scan_ids(
        &self,
        layers: &[LayerId],
        each: &mut (dyn for<'l> FnMut(&'l LayerId, FeatureId) + Send),
    ) -> Result<Position> {
        let names = layers.to_vec();
        let read = move |conn: &_, _: &_, send: mpsc::Sender<_>| {
            reader::scan::ids(conn, &names, |layer, batch| send.blocking_send((layer.clone(), batch)).is_ok())
        };
        self.stream(read, |(layer, batch)| batch.into_iter().for_each(|id| each(&layer, id))).await
    }

    async fn scan_facts(&self, each: &mut (dyn FnMut(Fact) + Send)) -> Result<Position> {
        let read = |conn: &_, _: &_, send: mpsc::Sender<_>| {
            reader::scan::facts(conn, |batch| send.blocking_send(batch).is_ok())
        };
        self.stream(read, |batch: Vec<Fact>| batch.into_iter().for_each(&mut *each)).await
    }
}
