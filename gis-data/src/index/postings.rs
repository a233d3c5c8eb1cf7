//! Which records hang on which ordinal.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::places::{Ordinal, Whens};
use crate::{FeatureId, Interval, LayerId};

/// Records by the ordinal of the place they hang on, layer by layer: 16 bytes each.
#[derive(Clone, Debug, Default)]
pub struct Postings {
    layers: BTreeMap<LayerId, BTreeSet<(Ordinal, FeatureId, u32)>>,
    whens: Whens,
}

impl Postings {
    /// How many.
    pub fn len(&self) -> usize {
        self.layers.values().map(BTreeSet::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.layers.values().all(BTreeSet::is_empty)
    }

    /// Lays the base.
    pub(super) fn lay<'a>(records: impl Iterator<Item = (&'a LayerId, Ordinal, FeatureId, Interval)>) -> Self {
        let mut whens = Whens::default();
        let mut layers: BTreeMap<&LayerId, Vec<(Ordinal, FeatureId, u32)>> = BTreeMap::new();
        for (layer, place, thing, valid) in records {
            layers.entry(layer).or_default().push((place, thing, whens.number(valid)));
        }
        // Collected at once a set is sorted once, and its nodes are full.
        Self { layers: layers.into_iter().map(|(l, all)| (l.clone(), all.into_iter().collect())).collect(), whens }
    }

    pub(super) fn add(&mut self, layer: &LayerId, place: Ordinal, thing: FeatureId, valid: Interval) {
        let when = self.whens.number(valid);
        self.layers.entry(layer.clone()).or_default().insert((place, thing, when));
    }

    pub(super) fn remove(&mut self, place: Ordinal, thing: FeatureId, valid: Interval) {
        let when = self.whens.number(valid);
        self.layers.values_mut().for_each(|set| {
            set.remove(&(place, thing, when));
        });
    }

    /// Every record that hangs within the region during a moment of the stretch, with its layer.
    pub fn each_in<'a>(&'a self, region: &RoaringBitmap, stretch: Interval, mut f: impl FnMut(&'a LayerId, FeatureId)) {
        const FIRST: FeatureId = FeatureId::FIRST;
        let runs = runs(region);
        for (layer, set) in &self.layers {
            for (start, end) in &runs {
                for (_, thing, when) in set.range((*start, FIRST, 0)..=(*end, FeatureId::MAX, u32::MAX)) {
                    if self.whens.get(*when).overlaps(&stretch) {
                        f(layer, *thing);
                    }
                }
            }
        }
    }
}

/// The runs of a bitmap, both ends included. Along the curve a region is a few of them.
fn runs(region: &RoaringBitmap) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for o in region {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == o => *end = o,
            _ => runs.push((o, o)),
        }
    }
    runs
}
