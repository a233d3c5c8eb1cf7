//! Builds an index from every version and fact of the current belief.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::places::{Node, PLATES};
use super::{Index, Places, Postings, Spatial, hilbert};
use crate::{Catalog, Fact, Feature, FeatureId, GeometryKind, Instant, Interval, LayerId, Position};

/// Gathers features and facts, in any order.
#[derive(Debug, Default)]
pub struct Builder {
    catalog: Catalog,
    rows: BTreeMap<LayerId, Vec<Arc<Feature>>>,
    nodes: HashMap<FeatureId, Node>,
    layers: Vec<LayerId>,
    layer_of: HashMap<FeatureId, u16>,
    facts: Vec<(FeatureId, FeatureId, Interval)>,
}

impl Builder {
    /// The catalogue tells which layers are places and which have shapes.
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, ..Self::default() }
    }

    /// Takes in a version of a thing.
    pub fn feature(&mut self, f: Feature) {
        let schema = self.catalog.get(f.layer.as_str());
        let number = self.layers.iter().position(|l| *l == f.layer).unwrap_or_else(|| {
            self.layers.push(f.layer.clone());
            self.layers.len() - 1
        });
        self.layer_of.insert(f.id, number as u16);
        if schema.is_some_and(|l| l.place) {
            let curve = f.geometry.as_ref().map_or(0, |g| {
                let at = g.bbox().centre();
                hilbert::key(at.0, at.1)
            });
            self.nodes.insert(f.id, Node { id: f.id, layer: f.layer.clone(), curve });
        }
        if f.geometry.is_some() || schema.is_some_and(|l| l.geometry != GeometryKind::None) {
            self.rows.entry(f.layer.clone()).or_default().push(Arc::new(f));
        }
    }

    /// Takes in a fact.
    pub fn fact(&mut self, fact: &Fact) {
        self.facts.push((fact.thing, fact.place.0, fact.valid));
    }

    /// Builds the index as of a position of the log and its clock there.
    pub fn finish(self, position: Position, now: Instant) -> Index {
        let Self { catalog, mut rows, mut nodes, layers, layer_of, facts } = self;
        // A place of which nothing is believed any more may still have things that lie in it by dated facts.
        for (_, place, _) in &facts {
            nodes.entry(*place).or_insert_with(|| Node { id: *place, layer: LayerId::unknown(), curve: 0 });
        }
        let plate = |id: &FeatureId| nodes.get(id).is_some_and(|n| PLATES.contains(&n.layer.as_str()));
        // A plate whose facts name one plate once is in the tree; whatever else is said is a link.
        let mut tree: HashMap<FeatureId, (FeatureId, Interval)> = HashMap::new();
        let mut several: std::collections::HashSet<FeatureId> = std::collections::HashSet::new();
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
        let mut postings = Postings::default();
        for (thing, place, valid) in hanging {
            let layer = layer_of.get(&thing).map(|nr| &layers[*nr as usize]);
            if let (Some(layer), Some(place)) = (layer, places.ordinal(place)) {
                postings.add(layer, place, thing, valid);
            }
        }
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
