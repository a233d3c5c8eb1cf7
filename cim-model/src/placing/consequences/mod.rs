//! What a change does to the facts: which things belong elsewhere because of it, and since when.
//!
//! A commit says what things are like; where they belong follows. [`consequences`] finds the things whose places a commit may have
//! changed ([`reach`]), places each of them anew by the rule, over the changed stretch of valid time alone ([`anew`]), and tells
//! the differences from what is believed ([`difference`]), as changes to be committed together with it.
//!
//! # People's word
//!
//! * A fact that is [`Method::Stated`](gis_data::Method::Stated) is never taken back here.
//! * Where a thing has a stated fact of a relation to a place of some layer, no derived fact of that relation to a place of the same
//!   layer stands beside it at that time. Derived facts to places of other layers stay. While the named place is not there, nobody's
//!   word is heeded: the thing falls to what the rule finds.
//! * All other facts of the layers that the rule places are the rule's own: always what it finds, no more and no less. So to unrelate
//!   a derived fact has no effect that lasts: the rule finds it again. Whoever knows better states the right place.

mod anew;
mod belief;
mod difference;
mod reach;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gis_data::{BBox, Change, Fact, Feature, FeatureId, Geometry, Identity, Interval, LayerId, Properties};

use super::{AREAS, RECORDS};
use belief::Belief;

/// The believed city around a change, as it is before it.
pub trait Around {
    /// Every believed version (any valid time) of things of `layer` whose box meets `bbox`.
    fn near(&self, layer: &str, bbox: &BBox, each: &mut dyn FnMut(&Arc<Feature>));
    /// Every believed version of a thing.
    fn versions(&self, id: FeatureId) -> Vec<Arc<Feature>>;
    /// Every believed fact of which it is the thing.
    fn facts(&self, thing: FeatureId) -> Vec<Fact>;
    /// Every believed fact of which it is the place. Asked only about places that come or go.
    fn facts_to(&self, place: FeatureId) -> Vec<Fact>;
}

/// One change as it will be applied.
#[derive(Clone, Debug)]
pub struct Caused {
    /// Which thing, as the commit says it.
    pub identity: Identity,
    /// Its id. A new thing that the store will number has a provisional one, greater than those that are there, in the order of
    /// coming: of two doors at the same spot the lesser id is taken.
    pub id: FeatureId,
    /// Its layer.
    pub layer: LayerId,
    /// Over which stretch of valid time.
    pub valid: Interval,
    /// What it is like; `None` retires it.
    pub new: Option<(Option<Geometry>, Properties)>,
}

/// The Relate and Unrelate changes that follow from `changes`, in the order of the things' ids. `stated` are the Relate and
/// Unrelate changes that the same commit says itself. The store is to apply `changes`, then `stated`, then what is returned.
/// A change that would change nothing is not among them: what follows from a commit whose consequences are committed is nothing.
pub fn consequences(changes: &[Caused], stated: &[Change], around: &impl Around) -> Vec<Change> {
    let belief = Belief::after(changes, stated, around);
    let affected = reach::affected(&belief);
    let mut all = Vec::new();
    for (thing, mut pieces) in anew::placed(&belief, &affected) {
        difference::tell(&belief, thing, &mut pieces, &mut all);
    }
    all
}

/// Whether the rule says where things of the layer belong.
fn is_placed(layer: &str) -> bool {
    let [areas @ .., _district] = &AREAS;
    areas.contains(&layer) || ["doorplate", "building", "compound"].contains(&layer) || RECORDS.contains(&layer)
}

/// What two stretches have in common.
fn common(a: Interval, b: Interval) -> Option<Interval> {
    Interval::new(a.from.max(b.from), a.until.min(b.until)).ok()
}

/// The stretches from one boundary to the next, within `stretch`.
fn cut(stretch: Interval, boundaries: impl Iterator<Item = Interval>) -> Vec<Interval> {
    let ends = boundaries.flat_map(|i| [i.from, i.until]).filter(|at| stretch.from < *at && *at < stretch.until);
    let mut ends: Vec<_> = ends.chain([stretch.from, stretch.until]).collect();
    ends.sort_unstable();
    ends.dedup();
    ends.array_windows().map(|[from, until]| Interval { from: *from, until: *until }).collect()
}

/// Which cell of about half a kilometre the middle of a box lies in. Things of one cell are looked at together.
fn cell(bbox: &BBox) -> (i32, i32) {
    const CELL_DEG: f64 = 0.005;
    let (lon, lat) = bbox.centre();
    ((lon / CELL_DEG).floor() as i32, (lat / CELL_DEG).floor() as i32)
}
