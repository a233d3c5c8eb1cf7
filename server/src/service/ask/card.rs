//! The door card of a place: what it lies in, what lies in it, and what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use cim_model::card::{Card, MOST_ITEMS, Sources, compose};
use gis_data::{
    AsOf, Error, Fact, FeatureId, Instant, Interval, LayerId, Page, PlaceId, Position, Query, Result, Scope, Shown,
    Time, When,
};

use crate::service::City;

/// Rows read of one layer; of more the card tells the number.
const MOST_ROWS: usize = 4 * MOST_ITEMS;

/// Steps upwards: room, floor, stairwell, building, doorplate, microgrid, grid, community, subdistrict, district, and room for more.
const MOST_STEPS: usize = 16;

/// Composes the card of a place (or of any thing), as far as the viewer may see. `write` puts its shape as the protocol does.
pub(crate) async fn card(
    city: &City,
    scope: &Scope,
    id: FeatureId,
    as_of: AsOf,
    write: impl Fn(&Shown) -> serde_json::Value,
) -> Result<(Card, Position)> {
    let answer = city.store.read(&Query::thing(id, as_of), scope).await?;
    let (position, now) = (answer.position, answer.now);
    let known = match as_of.recorded {
        When::Now => now,
        When::At(at) => at.min(now),
    };
    let valid = as_of.valid.or(known);
    let catalog = city.catalog();
    let known_layer = |s: &Shown| catalog.get(s.layer().as_str()).is_some();
    let place = answer.into_rows().into_iter().find(known_layer).ok_or_else(|| missing(id))?;

    let mut facts = Vec::new();
    let above = above(city, id, as_of, valid, &mut facts).await?;
    let inside = inside(city, scope, id, as_of, valid).await?;
    let (mut below, mut records) = (Vec::new(), Vec::new());
    for row in rows(city, scope, inside.ids, as_of).await? {
        let is_place = catalog.get(row.layer().as_str()).is_some_and(|l| l.place);
        if is_place { below.push(row) } else { records.push(row) }
    }
    let hanging: Vec<FeatureId> = records.iter().map(Shown::id).collect();
    if !hanging.is_empty() {
        facts.extend(so(city.store.facts(&hanging, as_of.recorded).await?, valid));
    }
    let above = rows(city, scope, above, as_of).await?;
    let card = compose(&Sources {
        catalog: &catalog,
        place: &place,
        geometry: write(&place),
        above: &above,
        below: &below,
        records: &records,
        counts: &inside.counts,
        facts: &facts,
        as_of: (valid, known),
    });
    Ok((card, position))
}

/// The same words for what is not there and for what may not be seen.
fn missing(id: FeatureId) -> Error {
    Error::not_found(
        format!("此时没有编号为 {id} 的地点，或您无权查看"),
        format!("there is no place with the id {id} at that time, or you may not see it"),
    )
}

fn so(facts: Vec<Fact>, valid: Instant) -> impl Iterator<Item = Fact> {
    facts.into_iter().filter(move |f| f.relation.places() && f.valid.contains(valid))
}

/// Everything that the thing lies in or hangs on, step by step.
async fn above(
    city: &City,
    id: FeatureId,
    as_of: AsOf,
    valid: Instant,
    facts: &mut Vec<Fact>,
) -> Result<BTreeSet<FeatureId>> {
    let mut all = BTreeSet::new();
    let mut fresh = vec![id];
    for _ in 0..MOST_STEPS {
        if fresh.is_empty() {
            break;
        }
        let up: Vec<Fact> =
            so(city.store.facts(&fresh, as_of.recorded).await?, valid).filter(|f| fresh.contains(&f.thing)).collect();
        fresh = up.iter().map(|f| f.place.0).filter(|p| *p != id && all.insert(*p)).collect();
        facts.extend(up);
    }
    Ok(all)
}

/// What lies in a place and hangs on it: the first of each layer, and how many there are.
struct Inside {
    ids: BTreeSet<FeatureId>,
    counts: BTreeMap<LayerId, u64>,
}

async fn inside(city: &City, scope: &Scope, id: FeatureId, as_of: AsOf, valid: Instant) -> Result<Inside> {
    if as_of.recorded != When::Now {
        return past(city, id, as_of).await;
    }
    let mirror = city.mirror();
    let index = &mirror.index;
    let time = Time::At(as_of);
    let region = index.region(PlaceId(id), time);
    let mut of_layer: BTreeMap<&LayerId, usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for o in &region {
        let n = of_layer.entry(index.places().layer(o)).or_default();
        *n += 1;
        if *n <= MOST_ROWS && index.places().id(o) != id {
            ids.insert(index.places().id(o));
        }
    }
    let mut of_layer: BTreeMap<&LayerId, usize> = BTreeMap::new();
    let stretch = Interval { from: valid, until: valid.plus_micros(1) };
    index.postings().each_in(&region, stretch, |layer, thing| {
        let n = of_layer.entry(layer).or_default();
        *n += 1;
        if *n <= MOST_ROWS {
            ids.insert(thing);
        }
    });
    let mut counts = index.counts(&region, time);
    // The place itself is not in itself; what may not be seen is not counted either.
    if let Some(own) = index.places().ordinal(id).map(|o| index.places().layer(o))
        && let Some(n) = counts.get_mut(own)
    {
        *n = n.saturating_sub(1);
    }
    // Where every row is read, the rows count; the index counts facts, and a thing may be gone before its fact.
    counts.retain(|layer, n| *n > MOST_ROWS as u64 && scope.sees(layer.as_str()));
    Ok(Inside { ids, counts })
}

/// The same as known in the past, from the store's facts.
async fn past(city: &City, id: FeatureId, as_of: AsOf) -> Result<Inside> {
    let ids = super::region::below(city, vec![id], as_of).await?;
    let ids = ids.iter().map(FeatureId::new).collect::<Result<BTreeSet<_>>>()?;
    Ok(Inside { ids: ids.into_iter().filter(|own| *own != id).take(MOST_ROWS * 16).collect(), counts: BTreeMap::new() })
}

async fn rows(city: &City, scope: &Scope, ids: BTreeSet<FeatureId>, as_of: AsOf) -> Result<Vec<Shown>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Query {
        page: Page { limit: ids.len(), after: None },
        ids: Some(ids.into_iter().collect()),
        time: Time::At(as_of),
        ..Query::default()
    };
    Ok(city.store.read(&query, scope).await?.into_rows())
}
