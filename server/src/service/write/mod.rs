//! The one way in for changes that come one by one, by hand or from another program. Files come in by [`super::import`].

mod amend;
mod codes;
mod cycle;
pub(crate) mod layers;
mod placing;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use cim_model::check::check;
use cim_model::zoom::{min_zoom, number_of};
use gis_data::{
    Catalog, Change, Commit, Error, FeatureId, Geometry, Identity, Instant, Interval, Kind, LayerId, Method, PlaceId,
    Position, Properties, Put, Receipt, Relation, Result,
};

use super::City;
use super::viewers::Viewers;

/// The most changes of one commit; more come in by `menpai import`.
pub(crate) const MAX_CHANGES: usize = 10_000;

/// How long a writer waits until the mirrors have followed: what was written is then seen by whoever asks next.
const FOLLOW_LIMIT: Duration = Duration::from_secs(2);

/// What is asked for, before it is checked.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) actor: String,
    pub(crate) reason: String,
    /// Empty: no key.
    pub(crate) key: String,
    /// See [`Commit::content`].
    pub(crate) content: u64,
    pub(crate) expected: Vec<(FeatureId, Position)>,
    pub(crate) rehearsal: bool,
    pub(crate) changes: Vec<Ask>,
}

/// One change that is asked for. Where no valid time is given it begins now.
#[derive(Debug)]
pub(crate) enum Ask {
    /// Says all that a thing is like.
    Put {
        identity: Identity,
        layer: LayerId,
        geometry: Option<Geometry>,
        properties: Properties,
        valid: Option<Interval>,
    },
    /// Says some of it; what else is believed stays, version by version.
    Amend { id: FeatureId, geometry: Shape, properties: Properties, valid: Option<Interval> },
    /// Says that it is not there.
    Retire { id: FeatureId, valid: Option<Interval> },
    /// Says where it belongs.
    Relate { thing: Identity, relation: Relation, place: Identity, valid: Option<Interval> },
    /// Says that it does not belong there.
    Unrelate { thing: FeatureId, relation: Relation, place: PlaceId, valid: Option<Interval> },
}

/// What an amendment says of the shape.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Nothing.
    Kept,
    /// That it is this, or that there is none.
    Is(Option<Geometry>),
}

/// Commits what is asked for, all of it or nothing.
pub(crate) async fn write(city: &Arc<City>, write: Write) -> Result<Receipt> {
    if write.changes.len() > MAX_CHANGES {
        return Err(Error::new(
            Kind::TooLarge,
            format!("一次提交最多 {MAX_CHANGES} 项变更，收到 {}；请分批，或用 menpai import", write.changes.len()),
            format!(
                "a commit has at most {MAX_CHANGES} changes, not {}; send them in parts, or use menpai import",
                write.changes.len()
            ),
        ));
    }
    let _one_at_a_time = city.writing.lock().await;
    // What is decided here is decided by what the mirrors and the store say of the same position.
    let (position, before) = city.store.position().await?;
    caught_up(city, position).await;
    let now = (city.clock)().max(before);
    let catalog = city.catalog();
    let mut asked = write.changes;
    find(city, &mut asked).await?;
    let mut changes = Vec::with_capacity(asked.len());
    for (i, ask) in asked.into_iter().enumerate() {
        let told = |e: Error| e.at(format!("changes[{i}]"));
        changes.extend(resolve(city, &catalog, ask, now).await.map_err(told)?);
    }
    apart(&changes)?;
    codes::refuse(city, &catalog, &changes)?;
    cycle::refuse(city, &changes).await?;
    changes.extend(placing::follow(city, &changes).await?);
    let commit = Commit {
        key: write.key,
        content: write.content,
        expected: write.expected,
        rehearsal: write.rehearsal,
        ..Commit::new(&write.actor, &write.reason, now, changes)
    };
    let receipt = city.store.commit(commit).await?;
    if !write.rehearsal {
        caught_up(city, receipt.position).await;
    }
    Ok(receipt)
}

/// Waits until the mirrors have followed to `position`, or for a while: a follower that is stuck must not hold up a writer, whose
/// commit is durable all the same.
async fn caught_up(city: &City, position: Position) {
    let mut events = city.events.subscribe();
    let follow = async {
        while city.mirror().index.position() < position {
            if matches!(events.recv().await, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
                return;
            }
        }
    };
    if tokio::time::timeout(FOLLOW_LIMIT, follow).await.is_err() {
        tracing::warn!(%position, "the mirrors are behind");
    }
}

/// What is asked for as changes of the store, checked against the layers.
async fn resolve(city: &City, catalog: &Catalog, ask: Ask, now: Instant) -> Result<Vec<Change>> {
    let since = |valid: Option<Interval>| valid.unwrap_or(Interval::since(now));
    Ok(match ask {
        Ask::Put { identity, layer, geometry, properties, valid } => {
            let schema = own_layer(catalog, &layer)?;
            check(schema, geometry.as_ref(), &properties)?;
            let number = match &identity {
                Identity::Id(id) => id.get(),
                Identity::Origin { key, .. } => number_of(&format!("{layer}:{key}")),
            };
            let min_zoom = min_zoom(schema, geometry.as_ref(), &properties, number);
            let put = Put { identity, layer, geometry, properties, valid: since(valid), min_zoom };
            vec![Change::Put(amend::kept_zoom(city, schema, put).await?)]
        }
        Ask::Amend { id, geometry, properties, valid } => {
            let amended = amend::amend(city, id, geometry, &properties, since(valid)).await?;
            let checked = amended.into_iter().map(|put| {
                check(own_layer(catalog, &put.layer)?, put.geometry.as_ref(), &put.properties)?;
                Ok(Change::Put(put))
            });
            checked.collect::<Result<_>>()?
        }
        Ask::Retire { id, valid } => {
            amend::believed(city, id).await?.into_iter().try_for_each(|f| own_layer(catalog, &f.layer).map(drop))?;
            vec![Change::Retire { id, valid: since(valid) }]
        }
        Ask::Relate { thing, relation, place, valid } => {
            let (method, valid) = (Method::Stated, since(valid));
            vec![Change::Relate { thing, relation, place, method, distance_m: None, valid }]
        }
        Ask::Unrelate { thing, relation, place, valid } => {
            vec![Change::Unrelate { thing, relation, place, valid: since(valid) }]
        }
    })
}

/// The schema of a layer that may be written to here.
fn own_layer<'a>(catalog: &'a Catalog, layer: &LayerId) -> Result<&'a gis_data::Layer> {
    if [Catalog::SYSTEM, Viewers::LAYER].contains(&layer.as_str()) {
        return Err(Error::new(
            Kind::Forbidden,
            format!("图层 “{layer}” 由系统保留；新图层请用 PUT /api/v1/layers/{{layer}}"),
            format!("the layer “{layer}” is the system's own; make new layers by PUT /api/v1/layers/{{layer}}"),
        ));
    }
    catalog.layer(layer.as_str())
}

/// Refuses two changes of the same thing for overlapping periods: which of them is meant cannot be told.
fn apart(changes: &[Change]) -> Result<()> {
    let mut said: HashMap<Identity, Vec<Interval>> = HashMap::new();
    for change in changes {
        match change {
            Change::Put(put) => said.entry(put.identity.clone()).or_default().push(put.valid),
            Change::Retire { id, valid } => said.entry(Identity::Id(*id)).or_default().push(*valid),
            Change::Relate { .. } | Change::Unrelate { .. } => {}
        }
    }
    for (identity, mut periods) in said {
        periods.sort_by_key(|p| p.from);
        if let Some([a, b]) = periods.array_windows().find(|[a, b]| a.overlaps(b)) {
            let name = match &identity {
                Identity::Id(id) => id.to_string(),
                Identity::Origin { source, key } => format!("{source}/{key}"),
            };
            let (a, b) = (format!("{}–{}", a.from, a.until), format!("{}–{}", b.from, b.until));
            return Err(Error::invalid(
                format!("对 {name} 的两项变更有效期重叠（{a} 与 {b}）；请改正起止时间，或分两次提交"),
                format!(
                    "two changes of {name} have overlapping periods ({a} and {b}); correct them, or commit one after the other"
                ),
            )
            .on("valid"));
        }
    }
    Ok(())
}

/// Puts ids in the place of the origins that the store knows.
async fn find(city: &City, changes: &mut [Ask]) -> Result<()> {
    let mut slots: Vec<&mut Identity> = Vec::new();
    for ask in changes {
        match ask {
            Ask::Put { identity, .. } => slots.push(identity),
            Ask::Relate { thing, place, .. } => slots.extend([thing, place]),
            Ask::Amend { .. } | Ask::Retire { .. } | Ask::Unrelate { .. } => {}
        }
    }
    let asked: Vec<Identity> = slots.iter().map(|slot| (*slot).clone()).collect();
    for (slot, id) in slots.into_iter().zip(city.store.find(&asked).await?) {
        if let Some(id) = id {
            *slot = Identity::Id(id);
        }
    }
    Ok(())
}
