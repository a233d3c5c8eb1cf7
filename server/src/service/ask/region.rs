//! Questions about regions: what is in them, by door or by geometry, now or as of any two times.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cim_model::card::title_of;
use gis_data::query::Region;
use gis_data::{
    Answer, Area, AsOf, Body, Error, FeatureId, Geometry, Instant, LayerId, Page, PlaceId, Position, Query, Relation,
    Result, Scope, Shown, Time, Value, Want, When,
};
use roaring::RoaringTreemap;

use super::features;
use crate::service::City;

/// How things belong to a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum By {
    /// What hangs on or is a door in it.
    #[default]
    Door,
    /// What has its shape there.
    Geometry,
}

/// Steps from a thing up to its doorplate, with room for more.
const MOST_STEPS: usize = 16;

/// Answers `query` within a region.
pub(crate) async fn read(
    city: &City,
    scope: &Scope,
    mut query: Query,
    region: &Region,
    by: By,
    as_of: AsOf,
) -> Result<Answer> {
    query.time = Time::At(as_of);
    match by {
        By::Geometry => {
            let shapes = shapes(city, scope, region, as_of).await?;
            query.area = Some(Area::Region(Arc::new(shapes)));
        }
        By::Door => {
            let region = doors_only(city, scope, region, as_of).await?;
            let mut ids = RoaringTreemap::new();
            if as_of.recorded == When::Now {
                let mirror = city.mirror();
                let doors = mirror.index.doors(&region, query.time);
                let things = mirror.index.things(&doors, query.time).into_iter();
                things.filter(|(l, _)| query.from.contains(l)).for_each(|(_, own)| ids |= own);
            } else {
                ids = past(city, scope, &region, as_of).await?.whole()?;
            }
            query.ids = Some(ids.iter().map(FeatureId::new).collect::<Result<_>>()?);
        }
    }
    features::read(city, &query, scope).await
}

/// The row of a place as of then, or that there is none.
async fn row(city: &City, scope: &Scope, id: FeatureId, as_of: AsOf) -> Result<Shown> {
    let answer = city.store.read(&Query::thing(id, as_of), scope).await?;
    let catalog = city.catalog();
    let row = answer.into_rows().into_iter().find(|s| catalog.get(s.layer().as_str()).is_some());
    row.ok_or_else(|| {
        Error::not_found(
            format!("此时没有编号为 {id} 的地点，或您无权查看"),
            format!("there is no place with the id {id} at that time, or you may not see it"),
        )
        .on("region")
    })
}

/// The shape of a thing as of then.
pub(crate) async fn shape_of(city: &City, scope: &Scope, id: FeatureId, as_of: AsOf) -> Result<Geometry> {
    let row = row(city, scope, id, as_of).await?;
    row.geometry().cloned().ok_or_else(|| {
        Error::invalid(
            format!("{id} 没有几何；请换一个有几何的对象，或用 by=door 按门牌查询"),
            format!("{id} has no shape; name a thing that has one, or ask by=door"),
        )
        .on("region")
    })
}

/// The same region with the shapes of its places. Whoever may not see a place may not ask by it either.
async fn shapes(city: &City, scope: &Scope, region: &Region, as_of: AsOf) -> Result<Region> {
    let mut found: BTreeMap<FeatureId, Region> = BTreeMap::new();
    for id in named(region) {
        found.insert(id, Region::Shape(Arc::new(shape_of(city, scope, id, as_of).await?)));
    }
    region.try_map(&mut |leaf| {
        Ok(match leaf {
            Region::Place(PlaceId(id)) | Region::SameDoor(id) => found.get(id).cloned().unwrap_or_else(|| leaf.clone()),
            other => other.clone(),
        })
    })
}

/// The same region with the doorplate in the place of each thing whose door is meant.
async fn doors_only(city: &City, scope: &Scope, region: &Region, as_of: AsOf) -> Result<Region> {
    let mut doors: BTreeMap<FeatureId, FeatureId> = BTreeMap::new();
    for id in named(region) {
        row(city, scope, id, as_of).await?;
        doors.insert(id, id);
    }
    let mut things = BTreeSet::new();
    region.each_leaf(&mut |leaf| {
        if let Region::SameDoor(id) = leaf {
            things.insert(*id);
        }
    });
    for id in things {
        doors.insert(id, door_of(city, id, as_of).await?);
    }
    region.try_map(&mut |leaf| {
        Ok(match leaf {
            Region::SameDoor(id) => Region::Place(PlaceId(doors.get(id).copied().unwrap_or(*id))),
            other => other.clone(),
        })
    })
}

fn named(region: &Region) -> BTreeSet<FeatureId> {
    let mut ids = BTreeSet::new();
    region.each_leaf(&mut |leaf| match leaf {
        Region::Place(PlaceId(id)) | Region::SameDoor(id) => drop(ids.insert(*id)),
        _ => {}
    });
    ids
}

/// The doorplate of a thing: the one that it is, lies in or hangs on, step by step; the widest plate found where there is none.
async fn door_of(city: &City, id: FeatureId, as_of: AsOf) -> Result<FeatureId> {
    let valid = moment(city, as_of).await?;
    let everything = Scope::everything("menpai");
    let mut at = id;
    for _ in 0..MOST_STEPS {
        let layer = city.store.read(&Query::thing(at, as_of), &everything).await?;
        if layer.into_rows().iter().any(|s| s.layer().as_str() == "doorplate") {
            return Ok(at);
        }
        let facts = city.store.facts(&[at], as_of.recorded).await?;
        let mut up: Vec<_> =
            facts.into_iter().filter(|f| f.thing == at && f.relation.places() && f.valid.contains(valid)).collect();
        // A plate lies in plates and in areas: what hangs is followed to its plate, and plates to the narrowest that they lie in.
        up.sort_by_key(|f| (f.relation != Relation::HangsOn, f.place));
        let ids: Vec<FeatureId> = up.iter().map(|f| f.place.0).collect();
        let plates = rows(city, &ids, as_of).await?;
        match plates
            .into_iter()
            .find(|s| ["doorplate", "building", "stairwell", "floor", "room"].contains(&s.layer().as_str()))
        {
            Some(plate) => at = plate.id(),
            None => break,
        }
    }
    Ok(at)
}

async fn rows(city: &City, ids: &[FeatureId], as_of: AsOf) -> Result<Vec<Shown>> {
    let query = Query {
        ids: Some(ids.to_vec()),
        time: Time::At(as_of),
        page: Page { limit: ids.len(), after: None },
        ..Query::default()
    };
    Ok(city.store.read(&query, &Scope::everything("menpai")).await?.into_rows())
}

/// What "then" means on the valid axis.
pub(super) async fn moment(city: &City, as_of: AsOf) -> Result<Instant> {
    let (_, now) = city.store.position().await?;
    Ok(as_of.valid.or(match as_of.recorded {
        When::Now => now,
        When::At(at) => at.min(now),
    }))
}

/// A set of things, or of all others.
struct Set {
    ids: RoaringTreemap,
    is_rest: bool,
}

impl Set {
    fn whole(self) -> Result<RoaringTreemap> {
        if self.is_rest {
            return Err(Error::invalid(
                "询问过去所知时，区域须至少由一个地点、面或距离限定（not 只能与它们一起用）",
                "a region of what was known in the past must be bounded by a place, a surface or a distance; not stands beside one of them",
            )
            .on("region"));
        }
        Ok(self.ids)
    }

    fn and(self, other: Self) -> Self {
        match (self.is_rest, other.is_rest) {
            (false, false) => Self { ids: self.ids & other.ids, is_rest: false },
            (false, true) => Self { ids: self.ids - other.ids, is_rest: false },
            (true, false) => Self { ids: other.ids - self.ids, is_rest: false },
            (true, true) => Self { ids: self.ids | other.ids, is_rest: true },
        }
    }

    fn not(self) -> Self {
        Self { is_rest: !self.is_rest, ..self }
    }
}

/// What was in a region as known in the past, from the store.
async fn past(city: &City, scope: &Scope, region: &Region, as_of: AsOf) -> Result<Set> {
    Ok(match region {
        Region::Place(place) => Set { ids: below(city, vec![place.0], as_of).await?, is_rest: false },
        Region::SameDoor(id) => Set { ids: below(city, vec![*id], as_of).await?, is_rest: false },
        Region::Shape(_) | Region::Near { .. } => {
            let area = Some(Area::Region(Arc::new(region.clone())));
            let query = Query { area, time: Time::At(as_of), ..Query::layer(&LayerId::new("doorplate")?) };
            let query = Query { page: Page { limit: gis_data::query::MAX_PAGE, after: None }, ..query };
            let doors = city.store.read(&query, scope).await?.into_rows();
            Set { ids: below(city, doors.iter().map(Shown::id).collect(), as_of).await?, is_rest: false }
        }
        Region::Not(part) => Box::pin(past(city, scope, part, as_of)).await?.not(),
        Region::All(parts) => {
            let mut all = Set { ids: RoaringTreemap::new(), is_rest: true };
            for part in parts {
                all = all.and(Box::pin(past(city, scope, part, as_of)).await?);
            }
            all
        }
        Region::Any(parts) => {
            // What is in none of the complements of all.
            let mut none = Set { ids: RoaringTreemap::new(), is_rest: true };
            for part in parts {
                none = none.and(Box::pin(past(city, scope, part, as_of)).await?.not());
            }
            none.not()
        }
    })
}

/// Some things and all that lies in or hangs on them, step by step, as of then.
pub(super) async fn below(city: &City, starts: Vec<FeatureId>, as_of: AsOf) -> Result<RoaringTreemap> {
    let valid = moment(city, as_of).await?;
    let mut all: RoaringTreemap = starts.iter().map(|id| id.get()).collect();
    let mut fresh = starts;
    while !fresh.is_empty() {
        let at: BTreeSet<FeatureId> = fresh.iter().copied().collect();
        let facts = city.store.facts(&fresh, as_of.recorded).await?;
        let down = facts
            .into_iter()
            .filter(|f| f.relation.places() && f.valid.contains(valid) && at.contains(&f.place.0))
            .map(|f| f.thing);
        fresh = down.filter(|t| all.insert(t.get())).collect();
    }
    Ok(all)
}

/// What there is in a place, layer by layer.
pub(crate) struct Summary {
    pub(crate) place: Shown,
    pub(crate) title: String,
    pub(crate) position: Position,
    pub(crate) valid: Instant,
    pub(crate) known: Instant,
    pub(crate) layers: Vec<LayerSummary>,
}

/// How many things of a layer there are, and how many of each kind.
pub(crate) struct LayerSummary {
    pub(crate) layer: LayerId,
    pub(crate) count: u64,
    pub(crate) groups: Option<(String, Vec<(Value, u64)>)>,
}

/// Counts everything in a place that the viewer may see.
pub(crate) async fn summary(city: &City, scope: &Scope, id: FeatureId, as_of: AsOf) -> Result<Summary> {
    let place = row(city, scope, id, as_of).await?;
    let (position, now) = city.store.position().await?;
    let known = match as_of.recorded {
        When::Now => now,
        When::At(at) => at.min(now),
    };
    let catalog = city.catalog();
    let time = Time::At(as_of);
    let region = Region::Place(PlaceId(id));
    let mut things: BTreeMap<LayerId, RoaringTreemap> = BTreeMap::new();
    if as_of.recorded == When::Now {
        let mirror = city.mirror();
        things = mirror.index.things(&mirror.index.doors(&region, time), time);
    } else {
        let ids = past(city, scope, &region, as_of).await?.whole()?;
        let ids: Vec<FeatureId> = ids.iter().map(FeatureId::new).collect::<Result<_>>()?;
        for row in rows(city, &ids, as_of).await? {
            things.entry(row.layer().clone()).or_default().insert(row.id().get());
        }
    }
    let mut layers = Vec::new();
    for (layer, mut ids) in things.into_iter().filter(|(l, _)| scope.sees(l.as_str())) {
        // The place is not in itself.
        ids.remove(id.get());
        let Some(schema) = catalog.get(layer.as_str()).filter(|_| !ids.is_empty()) else { continue };
        let field = ["kind", "class"].iter().find(|f| schema.field(f).is_some() && scope.shows(layer.as_str(), f));
        let count = ids.len();
        let mut groups = None;
        if let Some(field) = field {
            let query = Query {
                ids: Some(ids.iter().map(FeatureId::new).collect::<Result<_>>()?),
                want: Want::Groups((*field).to_owned()),
                time,
                ..Query::layer(&layer)
            };
            if let Body::Groups(all) = features::read(city, &query, scope).await?.body {
                groups = Some(((*field).to_owned(), all));
            }
        }
        layers.push(LayerSummary { layer, count, groups });
    }
    let title = catalog.get(place.layer().as_str()).map_or_else(String::new, |l| title_of(&place, l));
    Ok(Summary { title, place, position, valid: as_of.valid.or(known), known, layers })
}
