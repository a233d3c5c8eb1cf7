//! The door card: what a viewer may know of a place, on one page.
//!
//! [`compose`] takes rows that a scope let out and the facts between them, and puts them in order; it leaves nothing out but what
//! goes beyond [`MOST_ITEMS`]. What the viewer may not see was never in the rows.

mod order;
#[cfg(test)]
mod tests;
mod title;

use std::collections::{BTreeMap, HashMap, HashSet};

use gis_data::{Catalog, Fact, FeatureId, Instant, Interval, LayerId, Relation, Shown, Value, Words};
use serde::Serialize;

use order::{natural, record_rank, width};
pub use title::title_of;

/// Items listed of each layer; all are counted.
pub const MOST_ITEMS: usize = 50;

/// What a card is made of.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    /// The layers' titles and fields.
    pub catalog: &'a Catalog,
    /// The place.
    pub place: &'a Shown,
    /// Its shape as the protocol writes it (GeoJSON), or null.
    pub geometry: serde_json::Value,
    /// The places that it lies in, directly or through others, in any order.
    pub above: &'a [Shown],
    /// The places that lie in it, in any order.
    pub below: &'a [Shown],
    /// What hangs on it or on a place in it, in any order.
    pub records: &'a [Shown],
    /// How many there are of a layer, where `below` and `records` do not hold all of them.
    pub counts: &'a BTreeMap<LayerId, u64>,
    /// The facts that tie them.
    pub facts: &'a [Fact],
    /// The two clocks that the question was answered at: valid, recorded.
    pub as_of: (Instant, Instant),
}

/// The card, as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card {
    /// The place.
    pub id: FeatureId,
    /// Its layer.
    pub layer: LayerId,
    /// What people call it.
    pub title: String,
    /// Its address as far as known.
    pub address: Option<String>,
    /// Its shape.
    pub geometry: serde_json::Value,
    /// Its fields.
    pub properties: BTreeMap<String, Value>,
    /// What it lies in, from the nearest to the widest.
    pub lies_in: Vec<Within>,
    /// Who looks after it, from the nearest.
    pub responsible: Vec<Responsible>,
    /// The places in it, by layer.
    pub contains: Vec<Group>,
    /// What hangs on it, by layer, the most urgent first.
    pub records: Vec<Group>,
    /// When this is so.
    pub valid: Span,
    /// Since when it is known.
    pub recorded: Since,
    /// The clocks of the answer.
    pub as_of: Clocks,
}

/// A place around the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Within {
    /// Which.
    pub id: FeatureId,
    /// Its layer.
    pub layer: LayerId,
    /// What people call it.
    pub name: String,
}

/// Somebody who looks after the place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Responsible {
    /// As what, in Chinese: 网格长 …
    pub role: String,
    /// Who.
    pub name: String,
    /// How to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// For which grid.
    pub grid: FeatureId,
}

/// The things of one layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The layer.
    pub layer: LayerId,
    /// Its name for people.
    pub title: Words,
    /// How many.
    pub count: u64,
    /// The first [`MOST_ITEMS`].
    pub items: Vec<Item>,
}

/// One thing of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Which.
    pub id: FeatureId,
    /// What people call it.
    pub title: String,
    /// Its fields; none for places, which have cards of their own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
    /// Metres from the place it hangs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// How it was found to hang there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<gis_data::Method>,
}

/// A stretch of time as RFC 3339; an open end is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Its beginning.
    pub from: Option<String>,
    /// The first moment after it.
    pub until: Option<String>,
}

/// Since when something is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Since {
    /// RFC 3339.
    pub from: Option<String>,
}

/// The clocks of an answer, as RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// When it is so in the city.
    pub valid: Option<String>,
    /// What was known by then.
    pub recorded: Option<String>,
}

/// Composes the card.
pub fn compose(sources: &Sources<'_>) -> Card {
    let Sources { catalog, place, above, .. } = sources;
    let named = |s: &Shown| catalog.get(s.layer().as_str()).map_or_else(|| s.id().to_string(), |l| title_of(s, l));
    let mut seen = HashSet::from([place.id()]);
    let mut around: Vec<&Shown> = above.iter().filter(|s| seen.insert(s.id())).collect();
    around.sort_by_key(|s| (width(s.layer().as_str()), s.id()));
    let within = |s: &&Shown| Within { id: s.id(), layer: s.layer().clone(), name: named(s) };
    Card {
        id: place.id(),
        layer: place.layer().clone(),
        title: named(place),
        address: title::address(place, &around, &named),
        geometry: sources.geometry.clone(),
        properties: fields(place),
        lies_in: around.iter().map(within).collect(),
        responsible: std::iter::once(*place).chain(around.iter().copied()).filter_map(|s| leader(catalog, s)).collect(),
        contains: groups(sources, sources.below, &named, |l| (usize::MAX - width(l), 0), false),
        records: groups(sources, sources.records, &named, record_rank, true),
        valid: span(place.valid()),
        recorded: Since { from: moment(place.recorded().at) },
        as_of: Clocks { valid: moment(sources.as_of.0), recorded: moment(sources.as_of.1) },
    }
}

fn fields(s: &Shown) -> BTreeMap<String, Value> {
    s.properties().map(|(n, v)| (n.to_string(), v.clone())).collect()
}

/// The leader of a grid or microgrid, as far as shown.
fn leader(catalog: &Catalog, grid: &Shown) -> Option<Responsible> {
    let layer = catalog.get(grid.layer().as_str()).filter(|l| ["grid", "microgrid"].contains(&l.id.as_str()))?;
    let name = grid.text("leader").filter(|n| !n.is_empty())?.to_owned();
    let role = layer.field("leader").map_or_else(|| layer.title.zh.clone(), |f| f.title.zh.clone());
    Some(Responsible { role, name, phone: grid.text("phone").map(str::to_owned), grid: grid.id() })
}

fn groups<R: Ord>(
    sources: &Sources<'_>,
    rows: &[Shown],
    named: &impl Fn(&Shown) -> String,
    rank: impl Fn(&str) -> R,
    whole: bool,
) -> Vec<Group> {
    // Of several facts of one thing the nearest speaks.
    let mut facts: HashMap<FeatureId, &Fact> = HashMap::new();
    for fact in sources.facts.iter().filter(|f| whole && f.relation == Relation::HangsOn) {
        let far = |f: &Fact| f.distance_m.unwrap_or(0.0);
        let nearest = facts.entry(fact.thing).or_insert(fact);
        if (far(fact), fact.place) < (far(nearest), nearest.place) {
            *nearest = fact;
        }
    }
    let mut seen = HashSet::from([sources.place.id()]);
    let mut layers: BTreeMap<&LayerId, Vec<Item>> = BTreeMap::new();
    for row in rows.iter().filter(|r| seen.insert(r.id())) {
        let fact = facts.get(&row.id());
        layers.entry(row.layer()).or_default().push(Item {
            id: row.id(),
            title: named(row),
            properties: if whole { fields(row) } else { BTreeMap::new() },
            distance_m: fact.and_then(|f| f.distance_m),
            method: fact.map(|f| f.method),
        });
    }
    let mut groups: Vec<Group> = layers
        .into_iter()
        .map(|(layer, mut items)| {
            items.sort_by(|a, b| {
                let far = |i: &Item| i.distance_m.unwrap_or(0.0);
                far(a).total_cmp(&far(b)).then_with(|| natural(&a.title, &b.title)).then(a.id.cmp(&b.id))
            });
            let count = sources.counts.get(layer).copied().unwrap_or_default().max(items.len() as u64);
            items.truncate(MOST_ITEMS);
            let title = sources.catalog.get(layer.as_str()).map_or_else(|| plain(layer), |l| l.title.clone());
            Group { layer: layer.clone(), title, count, items }
        })
        .collect();
    groups.sort_by_cached_key(|g| rank(g.layer.as_str()));
    groups
}

/// For a layer that the catalogue does not know.
fn plain(layer: &LayerId) -> Words {
    Words { zh: layer.to_string(), en: layer.to_string() }
}

fn span(interval: Interval) -> Span {
    Span { from: moment(interval.from), until: moment(interval.until) }
}

fn moment(at: Instant) -> Option<String> {
    (at != Instant::DAWN && at != Instant::FOREVER).then(|| at.to_string())
}
