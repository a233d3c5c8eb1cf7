//! No place lies in itself, however far round.

use std::collections::HashSet;

use gis_data::{Change, Error, FeatureId, Identity, Interval, Relation, Result, When};

use super::super::City;

/// More steps than any tree of places has.
const MAX_STEPS: usize = 64;

/// Refuses a commit after which some place would lie in itself at some time.
pub(super) async fn refuse(city: &City, changes: &[Change]) -> Result<()> {
    let edges = edges(changes);
    for (thing, place, valid) in &edges {
        if reaches(city, place, thing, *valid, changes, &edges).await? {
            let name = |identity: &Identity| match identity {
                Identity::Id(id) => id.to_string(),
                Identity::Origin { source, key } => format!("{source}/{key}"),
            };
            let (thing, place) = (name(thing), name(place));
            return Err(Error::invalid(
                format!("{thing} 不能属于 {place}：{place} 已经（逐级）属于 {thing}；请先解除其中一条关系"),
                format!(
                    "{thing} cannot lie in {place}: {place} lies in {thing} already, step by step; take one of the relations back first"
                ),
            )
            .on("place"));
        }
    }
    Ok(())
}

type Edge = (Identity, Identity, Interval);

fn edges(changes: &[Change]) -> Vec<Edge> {
    let edge = |change: &Change| match change {
        Change::Relate { thing, relation: Relation::LiesIn, place, valid, .. } => {
            Some((thing.clone(), place.clone(), *valid))
        }
        _ => None,
    };
    changes.iter().filter_map(edge).collect()
}

/// Whether `from` lies in `to`, step by step, at a moment of `valid`: by what is believed and not taken back, and by what comes.
async fn reaches(
    city: &City,
    from: &Identity,
    to: &Identity,
    valid: Interval,
    changes: &[Change],
    edges: &[Edge],
) -> Result<bool> {
    let mut fresh = vec![(from.clone(), valid)];
    let mut seen: HashSet<(Identity, Interval)> = HashSet::new();
    for _ in 0..MAX_STEPS {
        if fresh.iter().any(|(at, _)| at == to) {
            return Ok(true);
        }
        let ids: Vec<FeatureId> = fresh.iter().filter_map(|(at, _)| id(at)).collect();
        if fresh.is_empty() {
            return Ok(false);
        }
        let mut up: Vec<Edge> = edges.to_vec();
        for fact in city.store.facts(&ids, When::Now).await? {
            if fact.relation == Relation::LiesIn && ids.contains(&fact.thing) {
                let left = not_taken_back((fact.thing, fact.place.0), fact.valid, changes);
                up.extend(left.into_iter().map(|v| (Identity::Id(fact.thing), Identity::Id(fact.place.0), v)));
            }
        }
        let mut next = Vec::new();
        for (at, when) in &fresh {
            for (_, place, valid) in up.iter().filter(|(thing, ..)| thing == at) {
                if let Ok(both) = Interval::new(valid.from.max(when.from), valid.until.min(when.until))
                    && seen.insert((place.clone(), both))
                {
                    next.push((place.clone(), both));
                }
            }
        }
        fresh = next;
    }
    Ok(!fresh.is_empty())
}

fn id(identity: &Identity) -> Option<FeatureId> {
    match identity {
        Identity::Id(id) => Some(*id),
        Identity::Origin { .. } => None,
    }
}

/// What is left of a fact's time when the commit has taken back what it takes back.
fn not_taken_back(fact: (FeatureId, FeatureId), valid: Interval, changes: &[Change]) -> Vec<Interval> {
    let mut left = vec![valid];
    for change in changes {
        let cut = match change {
            Change::Unrelate { thing, relation: Relation::LiesIn, place, valid } if (*thing, place.0) == fact => *valid,
            Change::Retire { id, valid } if *id == fact.0 || *id == fact.1 => *valid,
            _ => continue,
        };
        left = left.iter().flat_map(|l| l.without(&cut)).collect();
    }
    left
}
