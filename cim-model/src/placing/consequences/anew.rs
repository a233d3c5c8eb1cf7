//! Where the affected things belong now, piece by piece of valid time.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use gis_data::{BBox, Feature, FeatureId, Instant, Interval};

use super::belief::Belief;
use super::reach::Affected;
use super::{Around, cell, common, is_placed};
use crate::placing::gazetteer::{anchor, grown, point_box};
use crate::placing::relations::{ADDRESS_M, ROAD_M, stand};
use crate::placing::{AREAS, Gazetteer, Placed, RECORDS};

/// A version of a place in a gazetteer that holds places of all times. Of one place no two versions are so at the same moment,
/// so keys are compared by the place alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dated {
    pub(super) id: FeatureId,
    pub(super) layer: &'static str,
    valid: Interval,
}

impl PartialEq for Dated {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Dated {}

impl PartialOrd for Dated {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dated {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// A stretch of valid time over which a thing is there and belongs to the same places.
pub(super) struct Piece {
    pub(super) stretch: Interval,
    pub(super) placed: Vec<Placed<Dated>>,
}

/// A version of a thing that is to be placed anew over a stretch.
struct Item {
    feature: Arc<Feature>,
    stretch: Interval,
    stand: Option<BBox>,
}

/// The pieces of each affected thing, over the stretches in which it is there.
pub(super) fn placed<A: Around>(belief: &Belief<'_, A>, affected: &Affected) -> BTreeMap<FeatureId, Vec<Piece>> {
    let mut groups: HashMap<Option<(i32, i32)>, Vec<Item>> = HashMap::new();
    for (id, stretches) in affected.each() {
        for feature in belief.versions(id).iter().filter(|f| is_placed(f.layer.as_str())) {
            let stand = feature.geometry.as_ref().map(|g| stand(feature.layer.as_str(), g));
            let group = groups.entry(stand.as_ref().map(cell)).or_default();
            let stretches = stretches.iter().filter_map(|s| common(*s, feature.valid));
            group.extend(stretches.map(|stretch| Item { feature: feature.clone(), stretch, stand }));
        }
    }
    let mut all: BTreeMap<FeatureId, Vec<Piece>> = BTreeMap::new();
    for items in groups.values() {
        let places = neighbourhood(belief, items);
        for item in items {
            item.pieces(&places, all.entry(item.feature.id).or_default());
        }
    }
    all
}

impl Item {
    /// Places the thing at the beginning of its stretch, and again at the first moment at which a place that the rule asked about
    /// comes or goes: until then it finds the same.
    fn pieces(&self, places: &Gazetteer<Dated>, pieces: &mut Vec<Piece>) {
        let Feature { id, layer, geometry, properties, valid, .. } = self.feature.as_ref();
        let own = Dated { id: *id, layer: "", valid: *valid };
        let mut from = self.stretch.from;
        while from < self.stretch.until {
            let until = Cell::new(self.stretch.until);
            let so = |place: &Dated| {
                let ends = [place.valid.from, place.valid.until].into_iter().filter(|at: &Instant| *at > from);
                until.set(ends.fold(until.get(), Instant::min));
                place.valid.contains(from)
            };
            let placed = places.relations_where(layer.as_str(), geometry.as_ref(), properties, &own, &so);
            pieces.push(Piece { stretch: Interval { from, until: until.get() }, placed });
            from = until.get();
        }
    }
}

/// Every version of a place that the rule may ask about for some of the things.
fn neighbourhood<A: Around>(belief: &Belief<'_, A>, items: &[Item]) -> Gazetteer<Dated> {
    let mut here = BBox::EMPTY;
    items.iter().filter_map(|i| i.stand.as_ref()).for_each(|b| here.join(b));
    let mut near = Near { belief, seen: HashSet::new(), places: Gazetteer::new() };
    if here.is_empty() {
        return near.places;
    }
    let has = |is: &dyn Fn(&str) -> bool| items.iter().any(|i| is(i.feature.layer.as_str()));
    let records = has(&|l| RECORDS.contains(&l));
    if has(&|l| l == "doorplate") {
        near.add("road", &grown(&here, ROAD_M), |_| {});
        near.add("compound", &here, |_| {});
    }
    if has(&|l| !RECORDS.contains(&l)) {
        near.add_areas(&here);
    }
    if records || has(&|l| l == "building") {
        let mut houses = here;
        if records {
            near.add("building", &here, |f| f.bbox().iter().for_each(|b| houses.join(b)));
        }
        near.add("doorplate", &grown(&houses, ADDRESS_M), |_| {});
    }
    near.places
}

/// Gathers places.
struct Near<'a, 'b, A> {
    belief: &'a Belief<'b, A>,
    seen: HashSet<(FeatureId, Instant)>,
    places: Gazetteer<Dated>,
}

impl<A: Around> Near<'_, '_, A> {
    /// Adds the places of a layer in a box, and shows each to `each`.
    fn add(&mut self, layer: &'static str, bbox: &BBox, mut each: impl FnMut(&Feature)) {
        let Self { belief, seen, places } = self;
        belief.near(layer, bbox, &mut |f| {
            if seen.insert((f.id, f.valid.from)) {
                places.add(layer, f.geometry.as_ref(), &f.properties, Dated { id: f.id, layer, valid: f.valid });
                each(f);
            }
        });
    }

    /// Adds the areas here, and the wider ones that these imply, which may lie elsewhere.
    fn add_areas(&mut self, here: &BBox) {
        let mut anchors: Vec<BBox> = Vec::new();
        for layer in AREAS {
            let mut found = Vec::new();
            let mut look = |f: &Feature| found.extend(f.geometry.as_ref().map(|g| point_box(anchor(g))));
            self.add(layer, here, &mut look);
            for bbox in &anchors {
                self.add(layer, bbox, &mut look);
            }
            anchors.extend(found.into_iter().filter(|b| !here.contains(b)));
        }
    }
}
