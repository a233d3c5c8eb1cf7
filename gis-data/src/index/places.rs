//! Places, their ordinals, and which lies in which.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::{Feature, FeatureId, Interval, LayerId, PlaceId};

/// The dense number of a place within this process.
pub type Ordinal = u32;

/// Layers of plates from wide to narrow: the tree within a doorplate.
pub(super) const PLATES: [&str; 5] = ["doorplate", "building", "stairwell", "floor", "room"];

/// No parent in the tree.
const NONE: u32 = u32::MAX;

/// Valid intervals, each distinct one kept once: most facts of a city share a few.
#[derive(Clone, Debug, Default)]
pub(super) struct Whens {
    list: Vec<Interval>,
    numbers: FxHashMap<Interval, u32>,
}

impl Whens {
    pub(super) fn number(&mut self, valid: Interval) -> u32 {
        *self.numbers.entry(valid).or_insert_with(|| {
            self.list.push(valid);
            (self.list.len() - 1) as u32
        })
    }

    pub(super) fn get(&self, number: u32) -> Interval {
        self.list[number as usize]
    }
}

/// Every place with its ordinal, the tree within doorplates, and the links beside the tree.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By ordinal.
    ids: Vec<FeatureId>,
    /// Ordinals of the base in the order of their ids.
    by_id: Vec<Ordinal>,
    /// Ordinals of those that came after the base.
    late: BTreeMap<FeatureId, Ordinal>,
    /// By ordinal: the number of its layer.
    kinds: Vec<u8>,
    layers: Vec<LayerId>,
    /// The layers whose things are places.
    place_layers: BTreeSet<LayerId>,
    /// By ordinal: the first ordinal after its subtree.
    end: Vec<Ordinal>,
    /// By ordinal: its parent in the tree, and when.
    parent: Vec<Ordinal>,
    since: Vec<u32>,
    /// (place, thing, when) of all other facts.
    links: BTreeSet<(Ordinal, Ordinal, u32)>,
    whens: Whens,
}

/// What a place is built from.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: FeatureId,
    pub(super) layer: LayerId,
    pub(super) curve: u64,
}

impl Places {
    /// How many places there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of an ordinal.
    pub fn id(&self, ordinal: Ordinal) -> FeatureId {
        self.ids[ordinal as usize]
    }

    /// The ordinal of a place.
    pub fn ordinal(&self, id: FeatureId) -> Option<Ordinal> {
        let base = self.by_id.binary_search_by_key(&id, |o| self.ids[*o as usize]).ok().map(|i| self.by_id[i]);
        base.or_else(|| self.late.get(&id).copied())
    }

    /// The layer of a place.
    pub fn layer(&self, ordinal: Ordinal) -> &LayerId {
        &self.layers[self.kinds[ordinal as usize] as usize]
    }

    /// How many of a region's places each layer has.
    pub fn counts(&self, region: &RoaringBitmap) -> BTreeMap<LayerId, u64> {
        let mut counts = vec![0u64; self.layers.len()];
        region.iter().for_each(|o| counts[self.kinds[o as usize] as usize] += 1);
        let known = self.layers.iter().cloned().zip(counts).filter(|(l, n)| *n > 0 && *l != LayerId::unknown());
        known.collect()
    }

    /// The atoms (lowest plates known) of a region.
    pub fn atoms(&self, region: &RoaringBitmap) -> RoaringBitmap {
        let plates: Vec<bool> = self.layers.iter().map(|l| PLATES.contains(&l.as_str())).collect();
        let leaf = |o: &u32| self.end[*o as usize] == *o + 1 && plates[self.kinds[*o as usize] as usize];
        region.iter().filter(leaf).collect()
    }

    /// The place and all that lies in it during a moment of the stretch.
    pub fn region(&self, place: PlaceId, stretch: Interval) -> RoaringBitmap {
        self.below(self.ordinal(place.0).into_iter().collect(), stretch)
    }

    /// The doorplate that a place is or lies in during a moment of the stretch; the place itself where it lies in none.
    pub fn door_of(&self, ordinal: Ordinal, stretch: Interval) -> Ordinal {
        let mut at = ordinal;
        while self.layer(at).as_str() != PLATES[0] {
            match self.parent[at as usize] {
                NONE => return ordinal,
                up if self.whens.get(self.since[at as usize]).overlaps(&stretch) => at = up,
                _ => return ordinal,
            }
        }
        at
    }

    /// Some places and all that lies in them during a moment of the stretch.
    pub(super) fn below(&self, mut open: Vec<Ordinal>, stretch: Interval) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        while let Some(top) = open.pop() {
            let mut o = top;
            let end = self.end[top as usize];
            while o < end {
                let holds = o == top || self.whens.get(self.since[o as usize]).overlaps(&stretch);
                if !holds || all.contains(o) {
                    // What is already in has its subtree in, or is about to.
                    o = self.end[o as usize];
                    continue;
                }
                all.insert(o);
                let linked = self.links.range((o, 0, 0)..=(o, u32::MAX, u32::MAX));
                open.extend(
                    linked.filter(|(_, _, w)| self.whens.get(*w).overlaps(&stretch)).map(|(_, thing, _)| *thing),
                );
                o += 1;
            }
        }
        all
    }

    /// Lays the base: `tree` names for a plate the one plate it lies in; `links` are all other facts.
    pub(super) fn lay(
        place_layers: BTreeSet<LayerId>,
        mut nodes: Vec<Node>,
        tree: &FxHashMap<FeatureId, (FeatureId, Interval)>,
        links: &[(FeatureId, FeatureId, Interval)],
    ) -> Self {
        let rank = |n: &Node| PLATES.iter().position(|p| *p == n.layer.as_str()).unwrap_or(PLATES.len());
        nodes.sort_by_cached_key(|n| (rank(n), n.curve, n.id));
        let at: FxHashMap<FeatureId, u32> = nodes.iter().enumerate().map(|(i, n)| (n.id, i as u32)).collect();
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
        let mut has_parent = vec![false; nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            // Only from narrow to wide: so the tree has no circle.
            let wider =
                tree.get(&node.id).and_then(|(p, _)| at.get(p)).filter(|p| rank(&nodes[**p as usize]) < rank(node));
            if let Some(p) = wider {
                children[*p as usize].push(i as u32);
                has_parent[i] = true;
            }
        }
        let mut places = Self { place_layers, ..Self::default() };
        for i in (0..nodes.len() as u32).filter(|i| !has_parent[*i as usize]) {
            places.descend(i, &nodes, &children, tree);
        }
        let mut by_id: Vec<Ordinal> = (0..places.ids.len() as u32).collect();
        by_id.sort_unstable_by_key(|o| places.ids[*o as usize]);
        places.by_id = by_id;
        let told = tree.iter().filter(|(id, _)| at.get(id).is_some_and(|i| !has_parent[*i as usize]));
        for (thing, place, valid) in told.map(|(t, (p, v))| (t, p, v)).chain(links.iter().map(|(t, p, v)| (t, p, v))) {
            places.link(*thing, *place, *valid);
        }
        places
    }

    fn descend(
        &mut self,
        root: u32,
        nodes: &[Node],
        children: &[Vec<u32>],
        tree: &FxHashMap<FeatureId, (FeatureId, Interval)>,
    ) {
        // (node, ordinal of its parent); a node met again after its children closes its run.
        enum Step {
            Open(u32, Ordinal),
            Close(Ordinal),
        }
        let mut steps = vec![Step::Open(root, NONE)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Close(o) => self.end[o as usize] = self.ids.len() as u32,
                Step::Open(i, parent) => {
                    let node = &nodes[i as usize];
                    let valid = tree.get(&node.id).filter(|_| parent != NONE).map_or(Interval::ALWAYS, |(_, v)| *v);
                    let o = self.push(node.id, &node.layer, parent, valid);
                    steps.push(Step::Close(o));
                    steps.extend(children[i as usize].iter().rev().map(|c| Step::Open(*c, o)));
                }
            }
        }
    }

    fn push(&mut self, id: FeatureId, layer: &LayerId, parent: Ordinal, valid: Interval) -> Ordinal {
        let o = self.ids.len() as u32;
        let kind = self.layers.iter().position(|l| l == layer).unwrap_or_else(|| {
            self.layers.push(layer.clone());
            self.layers.len() - 1
        });
        self.ids.push(id);
        self.kinds.push(kind as u8);
        self.end.push(o + 1);
        self.parent.push(parent);
        let since = self.whens.number(valid);
        self.since.push(since);
        o
    }

    /// Gives a place that came after the base an ordinal.
    pub(super) fn meet(&mut self, feature: &Feature) {
        if self.place_layers.contains(&feature.layer) && self.ordinal(feature.id).is_none() {
            let o = self.push(feature.id, &feature.layer, NONE, Interval::ALWAYS);
            self.late.insert(feature.id, o);
        }
    }

    /// Gives a place of which nothing is believed any more, but in which things lie, an ordinal.
    pub(super) fn remember(&mut self, id: FeatureId) {
        if self.ordinal(id).is_none() {
            let o = self.push(id, &LayerId::unknown(), NONE, Interval::ALWAYS);
            self.late.insert(id, o);
        }
    }

    /// Says that a place lies in another. Both must have ordinals.
    pub(super) fn link(&mut self, thing: FeatureId, place: FeatureId, valid: Interval) {
        if let (Some(thing), Some(place)) = (self.ordinal(thing), self.ordinal(place)) {
            let when = self.whens.number(valid);
            if self.parent[thing as usize] != place || self.since[thing as usize] != when {
                self.links.insert((place, thing, when));
            }
        }
    }

    /// Says that it no longer does.
    pub(super) fn unlink(&mut self, thing: FeatureId, place: FeatureId, valid: Interval) {
        if let (Some(thing), Some(place)) = (self.ordinal(thing), self.ordinal(place)) {
            let when = self.whens.number(valid);
            self.links.remove(&(place, thing, when));
            if self.parent[thing as usize] == place && self.since[thing as usize] == when {
                // The run stays where it is; the edge that held it there is cut.
                self.parent[thing as usize] = NONE;
                self.since[thing as usize] = self.whens.number(NEVER);
            }
        }
    }
}

/// Overlaps no stretch.
const NEVER: Interval = Interval { from: crate::Instant::FOREVER, until: crate::Instant::DAWN };
