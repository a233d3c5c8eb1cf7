//! The contract of a store.

use async_trait::async_trait;

use crate::{
    Answer, Catalog, Commit, Error, Fact, Feature, FeatureId, Identity, Instant, LayerId, LogEntry, Position, Query,
    Receipt, Result, Scope, Shown, When,
};

/// The log after a position.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The entries, oldest first, cut to what the scope may see.
    pub entries: Vec<LogEntry>,
    /// How far they reach; ask on from here. May lie further than the last entry, when the later ones may not be seen.
    pub upto: Position,
}

/// A part of the city.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// All of it.
    All,
    /// Some layers.
    Layers(&'a [LayerId]),
    /// Some things.
    Things(&'a [FeatureId]),
}

/// Keeps a city's versions and facts. One conformance suite defines what every store answers.
#[async_trait]
pub trait Store: Send + Sync {
    /// Answers `query` as of its time, every row admitted by `scope`.
    async fn read(&self, query: &Query, scope: &Scope) -> Result<Answer>;

    /// All or nothing, durable on return. The same actor's key twice gives the same receipt. A commit that changes nothing
    /// writes no log entry.
    async fn commit(&self, commit: Commit) -> Result<Receipt>;

    /// The log after `after`, cut to `scope`. Waits until there is an entry after `after`, for as long as the caller keeps waiting.
    /// At most 1000 entries at once.
    async fn changes(&self, after: Position, scope: &Scope) -> Result<Changes>;

    /// Tells the store what time it is. Where a boundary of valid time was passed since the last entry, one `effective` entry is
    /// written that names what begins or ceases to be so.
    async fn pass_time(&self, now: Instant) -> Result<Option<Receipt>>;

    /// Where the log stands, and its clock there.
    async fn position(&self) -> Result<(Position, Instant)>;

    /// Every fact that touches one of `things` (as thing or as place), believed at the recorded time.
    async fn facts(&self, things: &[FeatureId], recorded: When) -> Result<Vec<Fact>>;

    /// Which things these are, in their order; `None` for what no source has brought yet. An id is taken as given.
    async fn find(&self, identities: &[Identity]) -> Result<Vec<Option<FeatureId>>>;

    /// Every version of a thing that was ever believed, as far as the scope may see, in the order in which they came to be known.
    async fn history(&self, id: FeatureId, scope: &Scope) -> Result<Vec<Shown>>;

    /// Every fact that was ever believed and of which `thing` is the thing, in the same order.
    async fn fact_history(&self, thing: FeatureId) -> Result<Vec<Fact>>;

    /// Every version of the current belief of a part of the city: what a mirror starts from, and looks at again after a change.
    async fn scan(&self, part: Part<'_>, each: &mut (dyn FnMut(Feature) + Send)) -> Result<Position>;

    /// Which things of some layers are believed in at any valid time, each once or oftener: [`Store::scan`] without what they say.
    async fn scan_ids(
        &self,
        layers: &[LayerId],
        each: &mut (dyn for<'l> FnMut(&'l LayerId, FeatureId) + Send),
    ) -> Result<Position>;

    /// Every fact of the current belief.
    async fn scan_facts(&self, each: &mut (dyn FnMut(Fact) + Send)) -> Result<Position>;

    /// The layers: the built-in ones and those that rows of the system layer `layer` define in their field `schema`.
    async fn catalog(&self) -> Result<Catalog> {
        let mut catalog = Catalog::built_in()?;
        let mut query = Query::layer(&LayerId::new(Catalog::SYSTEM)?);
        query.page.limit = crate::query::MAX_PAGE;
        for row in self.read(&query, &Scope::everything("menpai")).await?.into_rows() {
            catalog.add(serde_json::from_str(row.text("schema").unwrap_or_default()).map_err(|cause| {
                Error::invalid(
                    format!("图层定义 {} 损坏；请从备份恢复", row.id()),
                    format!("the layer definition {} is damaged; restore it from a backup", row.id()),
                )
                .because(cause)
            })?);
        }
        Ok(catalog)
    }
}
