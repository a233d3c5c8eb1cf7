//! A running city: its store, the mirrors that follow it, and who may look.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use gis_data::index::Index;
use gis_data::index::text::Texts;
use gis_data::{Catalog, Instant, LayerId, LogEntry, Position, Result, Scope, Store};
use tokio::sync::broadcast;

use super::catalog::Summary;
use super::mirror;
use super::scene::Pictures;
use super::tiles::Tiles;
use super::viewers::Viewers;

/// What the mirrors have followed to, for whoever listens.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Up to here in the log.
    pub(crate) position: Position,
    /// The entries that brought them there.
    pub(crate) entries: Arc<[LogEntry]>,
}

/// The mirrors that follow the log together, so that an answer is of one position.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) index: Index,
    pub(crate) texts: Texts,
}

/// A running city.
pub(crate) struct City {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: fn() -> Instant,
    mirror: RwLock<Mirror>,
    catalog: RwLock<Arc<Catalog>>,
    viewers: RwLock<Arc<Viewers>>,
    pub(crate) tiles: Tiles,
    pub(crate) pictures: Pictures,
    /// What there is, as of the last position it was asked at.
    pub(super) summary: Mutex<Option<Arc<Summary>>>,
    pub(crate) events: broadcast::Sender<Event>,
    /// Held by who decides on the ground of what is there and then commits.
    pub(super) writing: tokio::sync::Mutex<()>,
}

/// How many changes a slow listener may fall behind before it is told to read everything again.
const EVENTS: usize = 256;

impl City {
    /// Reads the store and begins to follow it.
    pub(crate) async fn open(store: Arc<dyn Store>, clock: fn() -> Instant, cache_bytes: u64) -> Result<Arc<Self>> {
        // Boundaries that passed while nobody looked come first, so that "now" means now.
        store.pass_time(clock()).await?;
        let catalog = Arc::new(store.catalog().await?);
        let mirror = mirror::read(store.as_ref(), &catalog).await?;
        let viewers = Viewers::read(store.as_ref(), &catalog).await?;
        let city = Arc::new(Self {
            store,
            clock,
            mirror: RwLock::new(mirror),
            catalog: RwLock::new(catalog),
            viewers: RwLock::new(Arc::new(viewers)),
            tiles: Tiles::new(cache_bytes),
            pictures: Pictures::default(),
            summary: Mutex::default(),
            events: broadcast::channel(EVENTS).0,
            writing: tokio::sync::Mutex::default(),
        });
        Ok(city)
    }

    /// Follows the log and the clock until the task is dropped.
    pub(crate) async fn run(self: Arc<Self>) {
        let followed = Arc::clone(&self);
        tokio::join!(followed.follow(), self.pass_time());
    }

    async fn follow(&self) {
        loop {
            let after = self.mirror().index.position();
            if let Err(error) = self.follow_once(after).await {
                tracing::error!(%error, "the log could not be followed; trying again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }

    async fn follow_once(&self, after: Position) -> Result<()> {
        let changes = self.store.changes(after, &Scope::everything("menpai")).await?;
        let layers: BTreeSet<LayerId> = changes.entries.iter().flat_map(|e| e.changed.layers()).collect();
        if layers.contains(Catalog::SYSTEM) || layers.contains(Viewers::LAYER) {
            let catalog = Arc::new(self.store.catalog().await?);
            let viewers = Arc::new(Viewers::read(self.store.as_ref(), &catalog).await?);
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&catalog);
            *self.viewers.write().unwrap_or_else(PoisonError::into_inner) = viewers;
        }
        let entries = changes.entries.clone().into();
        mirror::follow(self, changes, layers.contains(Catalog::SYSTEM)).await?;
        let position = self.mirror().index.position();
        // Nobody listening is no failure.
        let _ = self.events.send(Event { position, entries });
        Ok(())
    }

    /// Tells the store the time, so that what begins today begins.
    async fn pass_time(&self) {
        let mut every = tokio::time::interval(Duration::from_secs(1));
        loop {
            every.tick().await;
            if let Err(error) = self.store.pass_time((self.clock)()).await {
                tracing::error!(%error, "the passing of time could not be written");
            }
        }
    }

    /// The mirrors, all of one position while the guard is held.
    pub(crate) fn mirror(&self) -> RwLockReadGuard<'_, Mirror> {
        self.mirror.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the mirrors while no one reads them.
    pub(super) fn update(&self, change: impl FnOnce(&mut Mirror)) {
        change(&mut self.mirror.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// The layers as they are now.
    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who may look, as it is now.
    pub(crate) fn viewers(&self) -> Arc<Viewers> {
        Arc::clone(&self.viewers.read().unwrap_or_else(PoisonError::into_inner))
    }
}
