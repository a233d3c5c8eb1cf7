//! What is written, and what became of it.

mod apply;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use apply::{Boundary, boundary, facts_after, versions_after};

use crate::{
    BBox, Error, Fact, FeatureId, Geometry, Instant, Interval, Kind, LayerId, Method, PlaceId, Position, Properties,
    Relation, Result,
};

/// Which thing a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A thing that is known by its id. An id that the store does not know yet is taken as given.
    Id(FeatureId),
    /// The thing that a source calls by `key`. The store gives it an id at its first coming and finds it again later.
    Origin {
        /// The source's name, e.g. `osm`.
        source: String,
        /// What the source calls it, e.g. `w123`.
        key: String,
    },
}

/// A new version of a thing, over a stretch of valid time.
#[derive(Clone, Debug, PartialEq)]
pub struct Put {
    /// Which thing.
    pub identity: Identity,
    /// Its layer; a thing never changes its layer.
    pub layer: LayerId,
    /// Its shape.
    pub geometry: Option<Geometry>,
    /// Its fields.
    pub properties: Properties,
    /// When this is so. What was believed about the same stretch is replaced, what was believed before and after stays.
    pub valid: Interval,
    /// The lowest zoom whose tiles show it.
    pub min_zoom: u8,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Says what a thing is like. If that is believed already, nothing changes.
    Put(Put),
    /// Says that a thing is not there during `valid`; the facts that name it, as thing or as place, end for that stretch too (but for what
    /// succeeds it).
    Retire {
        /// Which thing.
        id: FeatureId,
        /// When it is not there.
        valid: Interval,
    },
    /// Says where a thing belongs. Of one thing and relation to one place there is one fact at a time.
    Relate {
        /// Which thing.
        thing: Identity,
        /// How.
        relation: Relation,
        /// To which place.
        place: Identity,
        /// How it was found.
        method: Method,
        /// Metres between the two.
        distance_m: Option<f64>,
        /// When it is so.
        valid: Interval,
    },
    /// Says that a thing does not belong there during `valid`.
    Unrelate {
        /// Which thing.
        thing: FeatureId,
        /// How.
        relation: Relation,
        /// To which place.
        place: PlaceId,
        /// When it is not so.
        valid: Interval,
    },
}

/// Changes that become true together or not at all.
pub struct Commit {
    /// Who does it.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The same actor's same key gives the same receipt, and nothing is done twice. Empty: no key.
    pub key: String,
    /// Tells the contents of commits apart: the same key with another content is a conflict. 0: the content was not looked at.
    pub content: u64,
    /// Things that must not have changed after these positions.
    pub expected: Vec<(FeatureId, Position)>,
    /// The wall clock. The log's own clock is `max(now, previous + 1 µs)`.
    pub now: Instant,
    /// Do everything, tell the receipt, and keep nothing.
    pub rehearsal: bool,
    /// What changes, in order. An error stops the commit and leaves the store as it was.
    pub changes: Box<dyn Iterator<Item = Result<Change>> + Send>,
}

impl Commit {
    /// A commit without key and expectations.
    pub fn new<I>(actor: &str, reason: &str, now: Instant, changes: I) -> Self
    where
        I: IntoIterator<Item = Change>,
        I::IntoIter: Send + 'static,
    {
        Self {
            actor: actor.to_owned(),
            reason: reason.to_owned(),
            key: String::new(),
            content: 0,
            expected: Vec::new(),
            now,
            rehearsal: false,
            changes: Box::new(changes.into_iter().map(Ok)),
        }
    }
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commit").field("actor", &self.actor).field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// What became of the things put into one layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Things that were not there before.
    pub added: u64,
    /// Things that are otherwise than believed before, retired ones too.
    pub changed: u64,
    /// Things that are as believed before.
    pub unchanged: u64,
}

/// Tallies by layer.
pub type Counts = BTreeMap<LayerId, Tally>;

/// A thing that was changed, with the boxes around its old and new shape: what a mirror must look at again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Touched {
    /// The thing.
    pub id: FeatureId,
    /// Its layer.
    pub layer: LayerId,
    /// The box around what was believed before of the stretch that changed.
    pub old: Option<BBox>,
    /// The box around what is believed now.
    pub new: Option<BBox>,
    /// The lowest zoom that shows either.
    pub min_zoom: u8,
}

/// The things that were changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Changed {
    /// Each of them (things whose facts alone changed too).
    Each(Vec<Touched>),
    /// Too many to name; of each layer the box around all of them. Mirrors read these layers again.
    Bulk(BTreeMap<LayerId, Option<BBox>>),
}

/// More things than this are told as [`Changed::Bulk`].
pub const MAX_NAMED: usize = 20_000;

impl Changed {
    /// Tells each, or the boxes where there are too many.
    pub fn of(touched: Vec<Touched>) -> Self {
        if touched.len() <= MAX_NAMED {
            return Self::Each(touched);
        }
        let mut layers: BTreeMap<LayerId, Option<BBox>> = BTreeMap::new();
        for t in touched {
            let slot = layers.entry(t.layer).or_default();
            for b in [t.old, t.new].into_iter().flatten() {
                slot.get_or_insert(BBox::EMPTY).join(&b);
            }
        }
        Self::Bulk(layers)
    }

    /// The layers touched.
    pub fn layers(&self) -> std::collections::BTreeSet<LayerId> {
        match self {
            Self::Each(all) => all.iter().map(|t| t.layer.clone()).collect(),
            Self::Bulk(all) => all.keys().cloned().collect(),
        }
    }
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Where it stands in the log. A commit that changed nothing has the position it found.
    pub position: Position,
    /// The log's clock there.
    pub at: Instant,
    /// What became of the things, by layer.
    pub counts: Counts,
    /// Which things changed.
    pub changed: Changed,
    /// The ids of the things put, in the order of the changes (at most the first 20 000).
    pub ids: Vec<FeatureId>,
}

/// Why a log entry is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// Somebody committed.
    Commit,
    /// A boundary of valid time passed: what it names begins or ceases to be so.
    Effective,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// Its place.
    pub position: Position,
    /// Its clock.
    pub at: Instant,
    /// Why it is there.
    pub kind: LogKind,
    /// Who did it.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// What changed.
    pub changed: Changed,
}

impl Fact {
    /// Whether a believed fact says the same as the arguments.
    pub fn same_as(&self, method: Method, distance_m: Option<f64>) -> bool {
        self.method == method && self.distance_m == distance_m
    }
}

impl Tally {
    /// Counts one thing.
    pub fn count(&mut self, was_there: bool, changed: bool) {
        match (was_there, changed) {
            (false, _) => self.added += 1,
            (true, true) => self.changed += 1,
            (true, false) => self.unchanged += 1,
        }
    }
}

impl Touched {
    /// Grows by more boxes.
    pub fn add(&mut self, old: Option<BBox>, new: Option<BBox>, min_zoom: u8) {
        let join = |slot: &mut Option<BBox>, b: Option<BBox>| {
            if let Some(b) = b {
                slot.get_or_insert(BBox::EMPTY).join(&b);
            }
        };
        join(&mut self.old, old);
        join(&mut self.new, new);
        self.min_zoom = self.min_zoom.min(min_zoom);
    }
}

/// A log entry as `scope` may see it: without the layers that it may not see.
pub fn cut(mut entry: LogEntry, scope: &crate::Scope) -> Option<LogEntry> {
    match &mut entry.changed {
        Changed::Each(all) => all.retain(|t| scope.sees(t.layer.as_str())),
        Changed::Bulk(all) => all.retain(|l, _| scope.sees(l.as_str())),
    }
    let empty = match &entry.changed {
        Changed::Each(all) => all.is_empty(),
        Changed::Bulk(all) => all.is_empty(),
    };
    (!empty).then_some(entry)
}

/// The error when an expected position was overtaken; `current` is the entry that changed the thing last.
pub fn moved_on(id: FeatureId, expected: Position, current: u64) -> Error {
    let current = Position { number: current, ..expected };
    Error::new(
        Kind::Conflict,
        format!("{id} 在 {expected} 之后已被改动，现为 {current} 的版本；请重新读取后再提交"),
        format!("{id} was changed after {expected} and is now as of {current}; read it again, then commit"),
    )
}

/// Refuses a key that comes again with another content. What was not looked at is not compared.
pub fn same_content(key: &str, before: u64, now: u64) -> Result<()> {
    if before == 0 || now == 0 || before == now {
        return Ok(());
    }
    Err(Error::new(
        Kind::Conflict,
        format!("幂等键 “{key}” 已用于另一次内容不同的提交；新的提交请换一个键"),
        format!("the key “{key}” was used for a commit with another content; give a new commit a key of its own"),
    ))
}

/// The error when a thing would change its layer.
pub fn layer_changed(id: FeatureId, old: &LayerId, new: &LayerId) -> Error {
    Error::new(
        Kind::Conflict,
        format!("{id} 属于图层 “{old}”，不能写入 “{new}”；请注销后另建"),
        format!("{id} belongs to the layer “{old}” and cannot be written to “{new}”; retire it and make a new one"),
    )
}

/// The error when a thing is not known.
pub fn unknown_thing(id: FeatureId) -> Error {
    Error::not_found(format!("没有编号为 {id} 的对象"), format!("there is no thing with the id {id}"))
}

/// The error when an identity is not known.
pub fn unknown_identity(identity: &Identity) -> Error {
    match identity {
        Identity::Id(id) => unknown_thing(*id),
        Identity::Origin { source, key } => Error::not_found(
            format!("来源 “{source}” 中没有 “{key}”；请先写入它，再建立关系"),
            format!("the source “{source}” has brought no “{key}”; put it before relating to it"),
        ),
    }
}
