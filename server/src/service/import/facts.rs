//! On which doors the imported things hang: the rule of `cim_model`, over what is there and what comes.

use cim_model::placing::{AREAS, Gazetteer, RECORDS};
use gis_data::{Change, Feature, FeatureId, Identity, Interval, Put};

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
    waiting: Vec<Put>,
}

impl Facts {
    /// A place that is in the store.
    pub(super) fn known(&mut self, f: &Feature) {
        self.gazetteer.add(f.layer.as_str(), f.geometry.as_ref(), &f.properties, Ref::Id(f.id));
    }

    /// A thing that comes.
    pub(super) fn comes(&mut self, put: &Put) {
        let layer = put.layer.as_str();
        if is_target(layer) {
            self.gazetteer.add(layer, put.geometry.as_ref(), &put.properties, Ref::of(&put.identity));
        }
        if is_target(layer) || RECORDS.contains(&layer) {
            self.waiting.push(put.clone());
        }
    }

    /// The facts about all that came.
    pub(super) fn changes(self) -> impl Iterator<Item = Change> {
        let Self { gazetteer, waiting } = self;
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
