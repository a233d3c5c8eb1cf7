//! On which doors the imported things hang: the rule of `cim_model`, over what is there and what comes.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use cim_model::placing::{AREAS, Gazetteer, RECORDS};
use gis_data::geometry::wkb;
use gis_data::{Change, Feature, FeatureId, Geometry, Identity, Interval, Properties, Put};

/// A place by its id, or as the source calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ref {
    Id(FeatureId),
    Origin(String, String),
}

impl Ref {
    fn of(identity: &Identity) -> Self {
        match identity {
            Identity::Id(id) => Self::Id(*id),
            Identity::Origin { source, key } => Self::Origin(source.clone(), key.clone()),
        }
    }

    fn identity(self) -> Identity {
        match self {
            Self::Id(id) => Identity::Id(id),
            Self::Origin(source, key) => Identity::Origin { source, key },
        }
    }
}

/// Whether things of the layer may be what others hang on or lie in.
pub(super) fn is_target(layer: &str) -> bool {
    AREAS.contains(&layer) || ["doorplate", "building", "compound", "road"].contains(&layer)
}

/// Gathers places and the things that need facts, and makes the facts at the end, when every place is known.
#[derive(Default)]
pub(super) struct Facts {
    gazetteer: Gazetteer<Ref>,
    /// Places of the store, by what they look like. One that comes again as it is must not stand there twice, under two keys:
    /// ties between doors are broken by their keys, and the second import would decide otherwise than the first.
    there: HashMap<u64, Feature>,
    waiting: Vec<Put>,
}

fn look(layer: &str, geometry: Option<&Geometry>, properties: &Properties) -> u64 {
    let mut hasher = DefaultHasher::new();
    layer.hash(&mut hasher);
    geometry.map(wkb::write).hash(&mut hasher);
    serde_json::to_string(properties).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

impl Facts {
    /// A place that is in the store.
    pub(super) fn known(&mut self, f: &Feature) {
        self.there.insert(look(f.layer.as_str(), f.geometry.as_ref(), &f.properties), f.clone());
    }

    /// A thing that comes.
    pub(super) fn comes(&mut self, put: &Put) {
        let layer = put.layer.as_str();
        if is_target(layer) {
            self.there.remove(&look(layer, put.geometry.as_ref(), &put.properties));
            self.gazetteer.add(layer, put.geometry.as_ref(), &put.properties, Ref::of(&put.identity));
        }
        if is_target(layer) || RECORDS.contains(&layer) {
            self.waiting.push(put.clone());
        }
    }

    /// The facts about all that came.
    pub(super) fn changes(self) -> impl Iterator<Item = Change> {
        let Self { mut gazetteer, there, waiting } = self;
        for f in there.into_values() {
            gazetteer.add(f.layer.as_str(), f.geometry.as_ref(), &f.properties, Ref::Id(f.id));
        }
        waiting.into_iter().flat_map(move |put| {
            let own = Ref::of(&put.identity);
            let placed = gazetteer.relations(put.layer.as_str(), put.geometry.as_ref(), &put.properties, &own);
            let (thing, valid): (Identity, Interval) = (put.identity, put.valid);
            placed.into_iter().map(move |p| Change::Relate {
                thing: thing.clone(),
                relation: p.relation,
                place: p.place.identity(),
                method: p.method,
                distance_m: p.distance_m.map(|d| (d * 100.0).round() / 100.0),
                valid,
            })
        })
    }
}
