//! All that was ever believed of one thing, and what differs between two times.

use std::collections::{BTreeMap, BTreeSet};

use cim_model::card::title_of;
use gis_data::{
    AsOf, Error, Fact, FeatureId, Instant, Interval, Kind, LayerId, LogEntry, LogKind, Position, Query, Recorded,
    Relation, Result, Scope, Shown, Time,
};

use super::features;
use crate::service::City;

/// More versions and facts of one thing than this are not told at once.
const MOST: usize = 1000;

/// A history as far as its viewer may see it.
pub(crate) struct History {
    pub(crate) position: Position,
    /// Its versions, in the order in which they came to be known.
    pub(crate) versions: Vec<Shown>,
    /// Where it belonged, with what the place is called.
    pub(crate) facts: Vec<(Fact, Place)>,
    /// The log entries that brought or ended any of them.
    pub(crate) entries: BTreeMap<u64, LogEntry>,
}

/// A place in a history.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) layer: LayerId,
    pub(crate) title: String,
}

/// Everything that was ever believed of a thing.
pub(crate) async fn history(city: &City, scope: &Scope, id: FeatureId) -> Result<History> {
    let catalog = city.catalog();
    let (position, _) = city.store.position().await?;
    let known = |s: &Shown| catalog.get(s.layer().as_str()).is_some();
    let mut versions = city.store.history(id, scope).await?;
    versions.retain(known);
    if versions.is_empty() {
        return Err(Error::not_found(
            format!("没有编号为 {id} 的对象，或您无权查看"),
            format!("there is no thing with the id {id}, or you may not see it"),
        ));
    }
    let facts = city.store.fact_history(id).await?;
    if versions.len() + facts.len() > MOST {
        return Err(too_much(versions.len() + facts.len()));
    }
    let mut places: BTreeMap<FeatureId, Option<Place>> = BTreeMap::new();
    for place in facts.iter().map(|f| f.place.0).collect::<BTreeSet<_>>() {
        let last = city.store.history(place, scope).await?.into_iter().rfind(known);
        let told = last.and_then(|s| {
            let layer = catalog.get(s.layer().as_str())?;
            Some(Place { layer: layer.id.clone(), title: title_of(&s, layer) })
        });
        places.insert(place, told);
    }
    let seen = |f: Fact| places.get(&f.place.0)?.clone().map(|place| (f, place));
    let facts: Vec<(Fact, Place)> = facts.into_iter().filter_map(seen).collect();
    let recorded = versions.iter().map(Shown::recorded).chain(facts.iter().map(|(f, _)| f.recorded));
    let entries = entries(city, recorded, position.epoch).await?;
    Ok(History { position, versions, facts, entries })
}

async fn entries(city: &City, recorded: impl Iterator<Item = Recorded>, epoch: u32) -> Result<BTreeMap<u64, LogEntry>> {
    let numbers: BTreeSet<u64> =
        recorded.flat_map(|r| [Some(r.from), Some(r.until).filter(|_| !r.current())]).flatten().collect();
    let mut all = BTreeMap::new();
    for number in numbers {
        let before = Position { epoch, number: number.saturating_sub(1) };
        let found = city.store.changes(before, &Scope::everything("menpai")).await?;
        all.extend(found.entries.into_iter().find(|e| e.position.number == number).map(|e| (number, e)));
    }
    Ok(all)
}

/// Whether the actor and the reason of an entry may be told: those who work here may know who did it; time has neither.
pub(crate) fn tells_who(scope: &Scope, entry: &LogEntry) -> bool {
    entry.kind == LogKind::Commit && scope.viewer() != "anonymous"
}

/// What came in the place of a thing that is there no more.
pub(crate) struct Ended {
    /// Since when it is not there.
    pub(crate) at: Instant,
    /// What succeeds it, as far as the viewer may see, with what it is called.
    pub(crate) successors: Vec<(FeatureId, Place)>,
}

/// Whether a thing was there before `as_of` and is not there then, and what succeeds it. `None` for what the viewer may not know of.
pub(crate) async fn ended(city: &City, scope: &Scope, id: FeatureId, as_of: AsOf) -> Result<Option<Ended>> {
    let catalog = city.catalog();
    let at = super::region::moment(city, as_of).await?;
    let was = Query {
        time: Time::During(Interval { from: Instant::DAWN, until: at }, as_of.recorded),
        ..Query::thing(id, as_of)
    };
    let known = |s: &Shown| catalog.get(s.layer().as_str()).is_some();
    let Some(last) = city.store.read(&was, scope).await?.into_rows().into_iter().find(known) else { return Ok(None) };
    if last.valid().until > at {
        return Ok(None);
    }
    let mut successors = Vec::new();
    for fact in city.store.facts(&[id], as_of.recorded).await? {
        if fact.relation == Relation::Succeeds && fact.place.0 == id && fact.valid.contains(at) {
            let row =
                city.store.read(&Query::thing(fact.thing, as_of), scope).await?.into_rows().into_iter().find(known);
            successors.extend(row.and_then(|row| {
                let layer = catalog.get(row.layer().as_str())?;
                Some((fact.thing, Place { layer: layer.id.clone(), title: title_of(&row, layer) }))
            }));
        }
    }
    Ok(Some(Ended { at: last.valid().until, successors }))
}

/// What differs between two times.
#[derive(Default)]
pub(crate) struct Differences {
    pub(crate) added: Vec<Shown>,
    pub(crate) removed: Vec<Shown>,
    pub(crate) changed: Vec<(Shown, Shown)>,
}

/// What is otherwise at `after` than at `before`, of the things that `query` finds at either.
pub(crate) async fn differences(
    city: &City,
    scope: &Scope,
    query: &Query,
    before: AsOf,
    after: AsOf,
) -> Result<(Differences, Position)> {
    let at = |as_of| Query { time: Time::At(as_of), ..query.clone() };
    let old = features::read(city, &at(before), scope).await?;
    let new = features::read(city, &at(after), scope).await?;
    let position = new.position;
    let (old, new) = (whole(old, query)?, whole(new, query)?);
    let mut old: BTreeMap<FeatureId, Shown> = old.into_iter().map(|s| (s.id(), s)).collect();
    let mut all = Differences::default();
    for row in new {
        match old.remove(&row.id()) {
            None => all.added.push(row),
            Some(before) if same(&before, &row) => {}
            Some(before) => all.changed.push((before, row)),
        }
    }
    all.removed = old.into_values().collect();
    Ok((all, position))
}

fn same(a: &Shown, b: &Shown) -> bool {
    a.geometry() == b.geometry() && a.properties().eq(b.properties())
}

fn whole(answer: gis_data::Answer, query: &Query) -> Result<Vec<Shown>> {
    if let gis_data::Body::Rows { more: true, .. } = &answer.body {
        return Err(too_much(query.page.limit + 1));
    }
    Ok(answer.into_rows())
}

fn too_much(n: usize) -> Error {
    Error::new(
        Kind::TooLarge,
        format!("结果至少有 {n} 项，一次给不完；请缩小范围（bbox、within）或缩短期间"),
        format!("there are {n} or more, too many for one answer; ask for a smaller area (bbox, within) or period"),
    )
}
