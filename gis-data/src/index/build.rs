//! Builds an index from every version and fact of the current belief.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::places::{Node, PLATES};
use super::{Index, Places, Postings, Spatial, hilbert};
use crate::{Catalog, Fact, Feature, FeatureId, GeometryKind, Instant, Interval, LayerId, Position};

/// Gathers features and facts, in any order.
#[derive(Debug, Default)]
pub struct Builder {
    catalog: Catalog,
    rows: BTreeMap<LayerId, Vec<Arc<Feature>>>,
    nodes: FxHashMap<FeatureId, Node>,
    layers: Vec<LayerId>,
    layer_of: FxHashMap<FeatureId, u16>,
}

/// The facts that an index is built from, without what it does not ask of them.
#[derive(Debug, Default)]
pub struct Facts(Vec<(FeatureId, FeatureId, Interval)>);

impl Facts {
    /// Takes in a fact.
    pub fn add(&mut self, fact: &Fact) {
        if fact.relation.places() {
            self.0.push((fact.thing, fact.place.0, fact.valid));
        }
    }
}

impl Builder {
    /// The catalogue tells which layers are places and which have shapes.
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, ..Self::default() }
    }

    /// The layers that the index holds every version of, and those of which it holds ids.
    pub fn parts(catalog: &Catalog) -> (Vec<LayerId>, Vec<LayerId>) {
        catalog
            .iter()
            .map(|l| l.id.clone())
            .partition(|id| catalog.get(id.as_str()).is_some_and(|l| l.geometry != GeometryKind::None))
    }

    /// Takes in a version of a thing of a layer that has shapes.
    pub fn feature(&mut self, f: Feature) {
        let curve = f.geometry.as_ref().map_or(0, |g| {
            let at = g.bbox().centre();
            hilbert::key(at.0, at.1)
        });
        self.know(&f.layer, f.id, curve);
        self.rows.entry(f.layer.clone()).or_default().push(Arc::new(f));
    }

    /// Takes in a thing of a layer without shapes, of which the index keeps no more than that it is.
    pub fn id(&mut self, layer: &LayerId, id: FeatureId) {
        self.know(layer, id, 0);
    }

    fn know(&mut self, layer: &LayerId, id: FeatureId, curve: u64) {
        let number = self.layers.iter().position(|l| l == layer).unwrap_or_else(|| {
            self.layers.push(layer.clone());
            self.layers.len() - 1
        });
        self.layer_of.insert(id, number as u16);
        if self.catalog.get(layer.as_str()).is_some_and(|l| l.place) {
            self.nodes.insert(id, Node { id, layer: layer.clone(), curve });
        }
    }

    /// Builds the index as of a position of the log and its clock there.
    pub fn finish(self, Facts(facts): Facts, position: Position, now: Instant) -> Index {
        let Self { catalog, mut rows, mut nodes, layers, layer_of } = self;
        // A place of which nothing is believed any more may still have things that lie in it by dated facts.
        for (_, place, _) in &facts {
            nodes.entry(*place).or_insert_with(|| Node { id: *place, layer: LayerId::unknown(), curve: 0 });
        }
        let plate = |id: &FeatureId| nodes.get(id).is_some_and(|n| PLATES.contains(&n.layer.as_str()));
        // A plate whose facts name one plate once is in the tree; whatever else is said is a link.
        let mut tree: FxHashMap<FeatureId, (FeatureId, Interval)> = FxHashMap::default();
        let mut several: FxHashSet<FeatureId> = FxHashSet::default();
        for (thing, place, valid) in facts.iter().filter(|(t, p, _)| plate(t) && plate(p)) {
            if tree.insert(*thing, (*place, *valid)).is_some() {
                several.insert(*thing);
            }
        }
        tree.retain(|thing, _| !several.contains(thing));
        let (mut links, mut hanging) = (Vec::new(), Vec::new());
        for (thing, place, valid) in facts {
            match (nodes.contains_key(&thing), tree.get(&thing)) {
                (true, Some((p, v))) if *p == place && *v == valid => {}
                (true, _) => links.push((thing, place, valid)),
                (false, _) => hanging.push((thing, place, valid)),
            }
        }
        for layer in catalog.iter().filter(|l| l.geometry != GeometryKind::None) {
            rows.entry(layer.id.clone()).or_default();
        }
        let place_layers = catalog.iter().filter(|l| l.place).map(|l| l.id.clone()).collect();
        let places = Places::lay(place_layers, nodes.into_values().collect(), &tree, &links);
        let postings = Postings::lay(hanging.into_iter().filter_map(|(thing, place, valid)| {
            let layer = layer_of.get(&thing).map(|nr| &layers[*nr as usize])?;
            Some((layer, places.ordinal(place)?, thing, valid))
        }));
        Index {
            position,
            now,
            spatial: rows.into_iter().map(|(id, rows)| (id, Arc::new(Spatial::new(rows)))).collect(),
            places: Arc::new(places),
            postings: Arc::new(postings),
        }
    }
}

/// Takes a fact into an index that exists: between places as a link, otherwise as a posting.
pub(super) fn link(places: &mut Places, postings: &mut Postings, fact: &Fact, layer: Option<&LayerId>) {
    places.remember(fact.place.0);
    if places.ordinal(fact.thing).is_some() {
        places.link(fact.thing, fact.place.0, fact.valid);
    } else if let (Some(layer), Some(place)) = (layer, places.ordinal(fact.place.0)) {
        postings.add(layer, place, fact.thing, fact.valid);
    }
}

/// Takes a fact out again.
pub(super) fn unlink(places: &mut Places, postings: &mut Postings, fact: &Fact) {
    if places.ordinal(fact.thing).is_some() {
        places.unlink(fact.thing, fact.place.0, fact.valid);
    } else if let Some(place) = places.ordinal(fact.place.0) {
        postings.remove(place, fact.thing, fact.valid);
    }
}
