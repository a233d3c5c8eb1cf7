//! What is believed after the commit, before its consequences.

use std::collections::HashMap;
use std::sync::Arc;

use gis_data::commit::{facts_after, versions_after};
use gis_data::{BBox, Change, Fact, Feature, FeatureId, Identity, Instant, Interval, LayerId, PlaceId, Recorded};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{Around, Caused};

/// Stands for the entry that the commit will be.
const RECORDED: Recorded = Recorded::since(0, Instant::DAWN);

/// A thing that the commit changes.
pub(super) struct Changed {
    pub(super) layer: LayerId,
    pub(super) before: Vec<Arc<Feature>>,
    pub(super) after: Vec<Arc<Feature>>,
    /// Over which stretches the commit speaks of it.
    pub(super) stretches: Vec<Interval>,
    /// Over which stretches it ends facts.
    pub(super) retired: Vec<Interval>,
    identity: Identity,
}

type Versions = RTree<GeomWithData<Rectangle<[f64; 2]>, Arc<Feature>>>;

/// The city around the change, with the change laid over it.
pub(super) struct Belief<'a, A> {
    around: &'a A,
    pub(super) changed: HashMap<FeatureId, Changed>,
    /// The versions of changed things after the commit, by layer.
    after: HashMap<LayerId, Versions>,
    /// What the commit states, by thing, in order, and whether it is so or taken back.
    stated: HashMap<FeatureId, Vec<(Fact, bool)>>,
}

impl<'a, A: Around> Belief<'a, A> {
    pub(super) fn after(changes: &[Caused], stated: &[Change], around: &'a A) -> Self {
        let mut changed: HashMap<FeatureId, Changed> = HashMap::new();
        for c in changes {
            changed.entry(c.id).or_insert_with(|| Changed::new(c, around.versions(c.id))).apply(c);
        }
        let mut boxes: HashMap<LayerId, Vec<_>> = HashMap::new();
        for thing in changed.values() {
            for f in &thing.after {
                let Some(b) = f.bbox() else { continue };
                let rectangle = Rectangle::from_corners([b.west, b.south], [b.east, b.north]);
                boxes.entry(thing.layer.clone()).or_default().push(GeomWithData::new(rectangle, f.clone()));
            }
        }
        let after = boxes.into_iter().map(|(layer, all)| (layer, RTree::bulk_load(all))).collect();
        let ids: HashMap<&Identity, FeatureId> = changes.iter().map(|c| (&c.identity, c.id)).collect();
        let mut by_thing: HashMap<FeatureId, Vec<_>> = HashMap::new();
        for fact in stated.iter().filter_map(|change| said(change, &ids)) {
            by_thing.entry(fact.0.thing).or_default().push(fact);
        }
        Self { around, changed, after, stated: by_thing }
    }

    /// Every version of things of `layer` whose box meets `bbox`.
    pub(super) fn near(&self, layer: &str, bbox: &BBox, each: &mut dyn FnMut(&Arc<Feature>)) {
        self.around.near(layer, bbox, &mut |f| {
            if !self.changed.contains_key(&f.id) {
                each(f);
            }
        });
        let envelope = AABB::from_corners([bbox.west, bbox.south], [bbox.east, bbox.north]);
        let changed = self.after.get(layer).into_iter().flat_map(|t| t.locate_in_envelope_intersecting(&envelope));
        changed.for_each(|item| each(&item.data));
    }

    pub(super) fn versions(&self, id: FeatureId) -> Vec<Arc<Feature>> {
        self.changed.get(&id).map_or_else(|| self.around.versions(id), |thing| thing.after.clone())
    }

    /// How the commit calls a thing.
    pub(super) fn identity(&self, id: FeatureId) -> Identity {
        self.changed.get(&id).map_or(Identity::Id(id), |thing| thing.identity.clone())
    }

    /// The things of which a place is the place by any fact.
    pub(super) fn things_at(&self, place: FeatureId) -> Vec<FeatureId> {
        self.around.facts_to(place).iter().map(|f| f.thing).collect()
    }

    /// The stretches over which the commit states or takes back facts, with their things.
    pub(super) fn spoken_of(&self) -> impl Iterator<Item = (FeatureId, Interval)> {
        self.stated.values().flatten().map(|(fact, _)| (fact.thing, fact.valid))
    }

    /// Every fact of a thing: those that a retirement ended are cut, and what the commit states is laid over them.
    pub(super) fn facts(&self, thing: FeatureId) -> Vec<Fact> {
        let mut facts = self.around.facts(thing);
        let retired = |id: &FeatureId| self.changed.get(id).into_iter().flat_map(|c| &c.retired);
        if retired(&thing).next().is_some() || facts.iter().any(|f| retired(&f.place.0).next().is_some()) {
            facts = facts
                .iter()
                .flat_map(|f| {
                    let cuts = retired(&thing).chain(retired(&f.place.0));
                    let left = cuts.fold(vec![f.valid], |left, c| left.iter().flat_map(|l| l.without(c)).collect());
                    left.into_iter().map(|valid| Fact { valid, ..f.clone() })
                })
                .collect();
        }
        for (fact, so) in self.stated.get(&thing).into_iter().flatten() {
            let is = |f: &Fact| f.relation == fact.relation && f.place == fact.place;
            let (mut own, others): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is);
            if let Some(change) = facts_after(&own, fact.valid, so.then_some(fact), RECORDED) {
                let mut at = 0..;
                own.retain(|_| at.next().is_some_and(|i| !change.ends.contains(&i)));
                own.extend(change.begins);
            }
            facts = others;
            facts.append(&mut own);
        }
        facts
    }
}

impl Changed {
    fn new(c: &Caused, before: Vec<Arc<Feature>>) -> Self {
        let (layer, identity) = (c.layer.clone(), c.identity.clone());
        Self { layer, after: before.clone(), before, stretches: Vec::new(), identity, retired: Vec::new() }
    }

    fn apply(&mut self, c: &Caused) {
        self.stretches.push(c.valid);
        let new = c.new.clone().map(|(geometry, properties)| Feature {
            id: c.id,
            layer: c.layer.clone(),
            geometry,
            properties,
            valid: c.valid,
            recorded: RECORDED,
            min_zoom: 0,
        });
        if new.is_none() {
            self.retired.push(c.valid);
        }
        let believed: Vec<Feature> = self.after.iter().map(|f| f.as_ref().clone()).collect();
        if let Some(change) = versions_after(&believed, c.valid, new.as_ref(), RECORDED) {
            let mut at = 0..;
            self.after.retain(|_| at.next().is_some_and(|i| !change.ends.contains(&i)));
            self.after.extend(change.begins.into_iter().map(Arc::new));
        }
    }
}

/// A stated fact, and whether it is so or taken back. An origin that the commit does not bring is unknown to the store too.
fn said(change: &Change, ids: &HashMap<&Identity, FeatureId>) -> Option<(Fact, bool)> {
    let id = |identity: &Identity| match identity {
        Identity::Id(id) => Some(*id),
        Identity::Origin { .. } => ids.get(identity).copied(),
    };
    match change {
        Change::Relate { thing, relation, place, method, distance_m, valid } => {
            let (thing, place) = (id(thing)?, PlaceId(id(place)?));
            let (relation, method, distance_m, valid) = (*relation, *method, *distance_m, *valid);
            Some((Fact { thing, relation, place, method, distance_m, valid, recorded: RECORDED }, true))
        }
        Change::Unrelate { thing, relation, place, valid } => {
            let (thing, relation, place, valid) = (*thing, *relation, *place, *valid);
            let method = gis_data::Method::Stated;
            Some((Fact { thing, relation, place, method, distance_m: None, valid, recorded: RECORDED }, false))
        }
        Change::Put(_) | Change::Retire { .. } => None,
    }
}
