//! What a commit has done so far, in bounded memory.

use std::collections::BTreeMap;

use gis_data::commit::MAX_NAMED;
use gis_data::{BBox, Changed, Counts, FeatureId, LayerId, Touched};
use roaring::RoaringTreemap;

/// Counts, ids and touched things of one commit.
#[derive(Default)]
pub(super) struct Done {
    pub(super) counts: Counts,
    pub(super) ids: Vec<FeatureId>,
    /// Whether anything is believed otherwise than before.
    pub(super) changed: bool,
    touched: Touching,
    seen: RoaringTreemap,
}

/// Like [`Changed`], while it grows.
enum Touching {
    Each(BTreeMap<FeatureId, Touched>),
    Bulk(BTreeMap<LayerId, Option<BBox>>),
}

impl Default for Touching {
    fn default() -> Self {
        Self::Each(BTreeMap::new())
    }
}

impl Done {
    /// Counts a thing by what became of it at its first change in this commit.
    pub(super) fn count(&mut self, id: FeatureId, layer: &LayerId, was_there: bool, changed: bool) {
        if !self.seen.insert(id.get()) {
            return;
        }
        match self.counts.get_mut(layer) {
            Some(tally) => tally.count(was_there, changed),
            None => self.counts.entry(layer.clone()).or_default().count(was_there, changed),
        }
    }

    /// Remembers the id of a thing put.
    pub(super) fn put(&mut self, id: FeatureId) {
        if self.ids.len() < MAX_NAMED {
            self.ids.push(id);
        }
    }

    pub(super) fn touch(&mut self, id: FeatureId, layer: &LayerId, old: Option<BBox>, new: Option<BBox>, min_zoom: u8) {
        self.changed = true;
        match &mut self.touched {
            Touching::Each(all) => {
                let fresh = || Touched { id, layer: layer.clone(), old: None, new: None, min_zoom };
                all.entry(id).or_insert_with(fresh).add(old, new, min_zoom);
                if all.len() > MAX_NAMED
                    && let Changed::Bulk(boxes) = Changed::of(std::mem::take(all).into_values().collect())
                {
                    self.touched = Touching::Bulk(boxes);
                }
            }
            Touching::Bulk(boxes) => {
                if !boxes.contains_key(layer) {
                    boxes.insert(layer.clone(), None);
                }
                if let Some(slot) = boxes.get_mut(layer) {
                    for b in [old, new].into_iter().flatten() {
                        slot.get_or_insert(BBox::EMPTY).join(&b);
                    }
                }
            }
        }
    }

    pub(super) fn changed(&mut self) -> Changed {
        match std::mem::take(&mut self.touched) {
            Touching::Each(all) => Changed::of(all.into_values().collect()),
            Touching::Bulk(boxes) => Changed::Bulk(boxes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_things_are_told_as_the_boxes_of_their_layers() {
        let (a, b) = (LayerId::new("a").unwrap(), LayerId::new("b").unwrap());
        let mut done = Done::default();
        let mut all = Vec::new();
        for n in 1..=(MAX_NAMED as u64 + 50) {
            let id = FeatureId::new(n).unwrap();
            let x = n as f64 / 1000.0;
            let at = (n % 3 != 0).then_some(BBox { west: x, south: x, east: x, north: x });
            let layer = if n % 2 == 0 { &a } else { &b };
            done.touch(id, layer, None, at, 3);
            all.push(Touched { id, layer: layer.clone(), old: None, new: at, min_zoom: 3 });
        }
        assert_eq!(done.changed(), Changed::of(all));
    }
}
