//! The few words in which checks speak of a city.

use gis_data::{
    AsOf, Change, Commit, FeatureId, Geometry, Identity, Instant, Interval, LayerId, Method, Properties, Put, Query,
    Receipt, Relation, Result, Scope, Shown, Store, Time, Value, When,
};

/// A layer.
pub fn layer(name: &str) -> LayerId {
    LayerId::new(name).unwrap()
}

/// Microsecond `n`.
pub const fn at(n: i64) -> Instant {
    Instant::from_micros(n)
}

/// From `from` until `until`.
pub fn during(from: i64, until: i64) -> Interval {
    Interval::new(at(from), at(until)).unwrap()
}

/// What the source `test` calls `key`.
pub fn origin(key: &str) -> Identity {
    Identity::Origin { source: "test".into(), key: key.into() }
}

/// A thing of the layer `tree` at (`x`, 28) with a `name`.
pub fn tree(key: &str, name: &str, x: f64, valid: Interval) -> Change {
    Change::Put(Put {
        identity: origin(key),
        layer: layer("tree"),
        geometry: Some(Geometry::point(x, 28.0).unwrap()),
        properties: [("name", Value::from(name))].into_iter().collect::<Properties>(),
        valid,
        min_zoom: 10,
    })
}

/// A thing without shape.
pub fn note(layer_name: &str, key: &str, properties: Properties) -> Change {
    Change::Put(Put {
        identity: origin(key),
        layer: layer(layer_name),
        geometry: None,
        properties,
        valid: Interval::ALWAYS,
        min_zoom: 0,
    })
}

/// `thing` lies in `place`.
pub fn lies_in(thing: &str, place: &str, valid: Interval) -> Change {
    Change::Relate {
        thing: origin(thing),
        relation: Relation::LiesIn,
        place: origin(place),
        method: Method::Stated,
        distance_m: None,
        valid,
    }
}

/// Sees everything.
pub fn all() -> Scope {
    Scope::everything("suite")
}

/// Commits at `now`; must succeed.
pub async fn write(store: &impl Store, now: i64, changes: Vec<Change>) -> Receipt {
    store.commit(Commit::new("clerk", "a check", at(now), changes)).await.unwrap()
}

/// Commits at `now`, errors among the changes.
pub async fn try_write(store: &impl Store, now: i64, changes: Vec<Result<Change>>) -> Result<Receipt> {
    let mut commit = Commit::new("clerk", "a check", at(now), []);
    commit.changes = Box::new(changes.into_iter());
    store.commit(commit).await
}

/// The rows of `query`.
pub async fn rows(store: &impl Store, query: &Query) -> Vec<Shown> {
    store.read(query, &all()).await.unwrap().into_rows()
}

/// The names of the trees as of two moments.
pub async fn names(store: &impl Store, valid: When, recorded: When) -> Vec<String> {
    let mut query = Query::layer(&layer("tree"));
    query.time = Time::At(AsOf { valid, recorded });
    rows(store, &query).await.iter().map(|r| r.text("name").unwrap_or_default().to_owned()).collect()
}

/// The ids of rows.
pub fn ids(rows: &[Shown]) -> Vec<FeatureId> {
    rows.iter().map(Shown::id).collect()
}
