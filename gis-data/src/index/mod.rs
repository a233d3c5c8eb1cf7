//! The doorplate index: a mirror of the current belief that follows the log and answers from memory.
//!
//! [`Places`] gives every place a dense ordinal: doorplates along a Hilbert curve, and within a doorplate, in pre-order, its
//! buildings, stairwells, floors and rooms. So the subtree of a doorplate is one run of ordinals, a region is a compressed
//! bitmap of them, and [`Postings`] tell which records hang on which ordinal. Beside it each layer with shapes of its own has a
//! packed R-tree ([`Spatial`]). All of it holds every version of the current belief with its valid time, so any valid time as known
//! now is answered here; what was known at an earlier time is the store's to say. Ordinals never leave the process.
//!
//! An index that followed the log answers like one built afresh (`tests` below).

mod build;
mod hilbert;
mod places;
mod postings;
mod region;
mod spatial;
#[cfg(test)]
mod tests;
pub mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use build::{Builder, Facts};
pub use places::{Ordinal, Places};
pub use postings::Postings;
use roaring::RoaringBitmap;
pub use spatial::Spatial;

use crate::query::evaluate;
use crate::{
    Answer, Area, BBox, Fact, Feature, FeatureId, Instant, Interval, LayerId, PlaceId, Position, Query, Result, Scope,
    Time, Touched, Want, When,
};

/// The mirror of the current belief.
#[derive(Clone, Debug, Default)]
pub struct Index {
    position: Position,
    now: Instant,
    spatial: BTreeMap<LayerId, Arc<Spatial>>,
    places: Arc<Places>,
    postings: Arc<Postings>,
}

/// What a log entry changed, for [`Index::apply`].
#[derive(Debug, Default)]
pub struct Follow {
    /// The things that were touched.
    pub touched: Vec<Touched>,
    /// What is believed of them now: every version.
    pub features: Vec<Feature>,
    /// The facts that touch them, as thing or as place, as believed before.
    pub facts_before: Vec<Fact>,
    /// The same as believed now.
    pub facts: Vec<Fact>,
}

impl Index {
    /// The log position it has followed to.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The log's clock there.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Whether the layer has shapes, so that questions about it are answered here.
    pub fn holds(&self, layer: &LayerId) -> bool {
        self.spatial.contains_key(layer)
    }

    /// The layers with shapes.
    pub fn layers(&self) -> impl Iterator<Item = (&LayerId, &Spatial)> {
        self.spatial.iter().map(|(id, s)| (id, s.as_ref()))
    }

    /// One layer with shapes.
    pub fn layer(&self, layer: &str) -> Option<&Spatial> {
        self.spatial.get(layer).map(Arc::as_ref)
    }

    /// The places and their ordinals.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// What hangs on the places.
    pub fn postings(&self) -> &Postings {
        &self.postings
    }

    /// The rows of `layer` that are so at `valid`, shown at `zoom`, and whose box meets `bbox`: what a tile is made of.
    pub fn tile(&self, layer: &LayerId, bbox: &BBox, zoom: u8, valid: When) -> Vec<Arc<Feature>> {
        let at = valid.or(self.now);
        let mut rows = Vec::new();
        if let Some(spatial) = self.spatial.get(layer) {
            spatial.search(bbox, Some(zoom), |f| {
                if f.valid.contains(at) {
                    rows.push(Arc::clone(f));
                }
            });
        }
        rows
    }

    /// Answers a question about what is known now, if all its layers are held here; otherwise the store must be asked. Pages of a
    /// whole layer are the store's too: it reads them in the order of ids, where every row here would have to be sorted.
    pub fn read(&self, query: &Query, scope: &Scope) -> Option<Result<Answer>> {
        if query.time.recorded() != When::Now || query.from.is_empty() || !query.from.iter().all(|l| self.holds(l)) {
            return None;
        }
        if query.area.is_none() && query.want == Want::Rows {
            return None;
        }
        let mut rows: Vec<Arc<Feature>> = Vec::new();
        for layer in &query.from {
            self.candidates(self.spatial.get(layer)?, query, scope, &mut rows);
        }
        if let Some(Area::Place(place)) = query.area {
            let inside = self.inside(place, query.time);
            rows.retain(|f| inside.contains(f.id.get()));
        }
        let body = evaluate(query, scope, self.now, rows.into_iter());
        Some(body.map(|body| Answer { position: self.position, now: self.now, body }))
    }

    fn candidates(&self, spatial: &Spatial, query: &Query, scope: &Scope, rows: &mut Vec<Arc<Feature>>) {
        let bbox = match &query.area {
            Some(Area::Box(bbox)) => Some(*bbox),
            Some(Area::Shape(shape)) => Some(shape.bbox()),
            Some(Area::Region(region)) => region.bbox(),
            Some(Area::Place(_)) | None => None,
        };
        if let Want::Nearest { k, lon, lat } = query.want
            && bbox.is_none()
        {
            // Enough of those that count: so at the time asked for, seen by the caller, met by the filter.
            let counts = |f: &Arc<Feature>| {
                let area = query.area.clone().filter(|a| matches!(a, Area::Region(_)));
                let one = Query { want: Want::Count, area, page: crate::Page::default(), ..query.clone() };
                matches!(
                    evaluate(&one, scope, self.now, std::iter::once(Arc::clone(f))),
                    Ok(crate::Body::Count(n)) if n > 0
                )
            };
            return spatial.nearest(lon, lat, k, counts, rows);
        }
        match bbox {
            Some(bbox) => spatial.search(&bbox, query.zoom, |f| rows.push(Arc::clone(f))),
            None => spatial.each(|f| rows.push(Arc::clone(f))),
        }
    }

    /// Everything that hangs on or lies in the place, itself included, by facts: a set of ids.
    pub fn inside(&self, place: PlaceId, time: Time) -> roaring::RoaringTreemap {
        let stretch = self.stretch(time);
        let region = self.places.region(place, stretch);
        let mut all: roaring::RoaringTreemap = region.iter().map(|o| self.places.id(o).get()).collect();
        all.insert(place.0.get());
        self.postings.each_in(&region, stretch, |_, thing| {
            all.insert(thing.get());
        });
        all
    }

    /// The region of a place as a bitmap of ordinals.
    pub fn region(&self, place: PlaceId, time: Time) -> RoaringBitmap {
        self.places.region(place, self.stretch(time))
    }

    /// How many places and records of each layer a region holds.
    pub fn counts(&self, region: &RoaringBitmap, time: Time) -> BTreeMap<LayerId, u64> {
        let mut counts = self.places.counts(region);
        let mut seen: BTreeMap<&LayerId, roaring::RoaringTreemap> = BTreeMap::new();
        self.postings.each_in(region, self.stretch(time), |layer, thing| {
            seen.entry(layer).or_default().insert(thing.get());
        });
        for (layer, things) in seen {
            *counts.entry(layer.clone()).or_default() += things.len();
        }
        counts
    }

    /// The stretch of valid time asked for; one moment is the shortest stretch from it on.
    fn stretch(&self, time: Time) -> Interval {
        match time {
            Time::At(as_of) => {
                let at = as_of.valid.or(self.now);
                Interval { from: at, until: at.plus_micros(1) }
            }
            Time::During(stretch, _) => stretch,
        }
    }

    /// Follows log entries up to `position`.
    pub fn apply(&mut self, position: Position, now: Instant, follow: Follow) {
        let touched: std::collections::HashSet<FeatureId> = follow.touched.iter().map(|t| t.id).collect();
        let own = |f: &&Fact| touched.contains(&f.thing) && f.relation.places();
        let mut layers: BTreeMap<LayerId, (Vec<Touched>, Vec<Arc<Feature>>)> = BTreeMap::new();
        for t in follow.touched {
            layers.entry(t.layer.clone()).or_default().0.push(t);
        }
        let places = Arc::make_mut(&mut self.places);
        let postings = Arc::make_mut(&mut self.postings);
        for f in &follow.features {
            places.meet(f);
        }
        for fact in follow.facts_before.iter().filter(own) {
            build::unlink(places, postings, fact);
        }
        let layer_of: BTreeMap<FeatureId, &LayerId> = follow.features.iter().map(|f| (f.id, &f.layer)).collect();
        for fact in follow.facts.iter().filter(own) {
            build::link(places, postings, fact, layer_of.get(&fact.thing).copied());
        }
        for f in follow.features {
            if f.geometry.is_some() || self.spatial.contains_key(&f.layer) {
                layers.entry(f.layer.clone()).or_default().1.push(Arc::new(f));
            }
        }
        for (layer, (touched, rows)) in layers {
            if self.spatial.contains_key(&layer) || !rows.is_empty() {
                Arc::make_mut(self.spatial.entry(layer).or_default()).replace(&touched, rows);
            }
        }
        self.advance(position, now);
    }

    /// Moves on to an entry that changed nothing here.
    pub fn advance(&mut self, position: Position, now: Instant) {
        self.position = position;
        self.now = now;
    }
}
