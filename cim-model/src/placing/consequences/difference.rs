//! What is to be said so that the believed facts become what the rule finds.

use std::collections::BTreeMap;

use gis_data::{Change, Fact, FeatureId, Interval, LayerId, Method, PlaceId, Relation};

use super::anew::{Dated, Piece};
use super::belief::Belief;
use super::{Around, common, cut};
use crate::placing::Placed;

/// How a fact was found, and its metres.
type Found = (Method, Option<f64>);

/// What changes of the facts of a relation to a place, in the order of time; `None` takes the fact back.
type Steps = BTreeMap<(Relation, FeatureId), Vec<(Interval, Option<Found>)>>;

/// Adds the changes that make the derived facts of a thing what its pieces say, and touch nothing outside of the pieces.
pub(super) fn tell<A: Around>(belief: &Belief<'_, A>, thing: FeatureId, pieces: &mut [Piece], all: &mut Vec<Change>) {
    let (stated, derived): (Vec<Fact>, Vec<Fact>) =
        belief.facts(thing).into_iter().partition(|f| f.method == Method::Stated);
    let stated = stated.iter().flat_map(|f| words(belief, f)).collect::<Vec<_>>();
    pieces.sort_unstable_by_key(|p| p.stretch.from);
    let mut steps = Steps::new();
    for piece in pieces {
        let boundaries = stated.iter().map(|w| w.valid).chain(derived.iter().map(|f| f.valid));
        for stretch in cut(piece.stretch, boundaries) {
            let mut step = |key, found| push(steps.entry(key).or_default(), stretch, found);
            let mut had: Vec<&Fact> = derived.iter().filter(|f| f.valid.contains(stretch.from)).collect();
            let word = |p: &Placed<Dated>| stated.iter().any(|w| w.valid.contains(stretch.from) && w.overrules(p));
            for p in piece.placed.iter().filter(|p| !word(p)) {
                // To the centimetre, as the import tells it: both ways give equal facts.
                let found = (p.method, p.distance_m.map(|d| (d * 100.0).round() / 100.0));
                let is = |f: &Fact| f.relation == p.relation && f.place.0 == p.place.id;
                if !had.iter().any(|f| is(f) && f.same_as(found.0, found.1)) {
                    step((p.relation, p.place.id), Some(found));
                }
                had.retain(|f| !is(f));
            }
            for f in had {
                step((f.relation, f.place.0), None);
            }
        }
    }
    for ((relation, place), steps) in steps {
        all.extend(steps.into_iter().map(|(valid, found)| match found {
            Some((method, distance_m)) => {
                let (thing, place) = (belief.identity(thing), belief.identity(place));
                Change::Relate { thing, relation, place, method, distance_m, valid }
            }
            None => Change::Unrelate { thing, relation, place: PlaceId(place), valid },
        }));
    }
}

/// What people say about the thing while the place that they name is there.
struct Word {
    relation: Relation,
    layer: LayerId,
    valid: Interval,
}

impl Word {
    fn overrules(&self, p: &Placed<Dated>) -> bool {
        self.relation == p.relation && self.layer.as_str() == p.place.layer
    }
}

fn words<A: Around>(belief: &Belief<'_, A>, stated: &Fact) -> Vec<Word> {
    let versions = belief.versions(stated.place.0).into_iter();
    let there = versions.filter_map(|f| Some((f.layer.clone(), common(stated.valid, f.valid)?)));
    there.map(|(layer, valid)| Word { relation: stated.relation, layer, valid }).collect()
}

/// Adds a step, joined to the last one where that says the same and ends where this begins.
fn push(steps: &mut Vec<(Interval, Option<Found>)>, stretch: Interval, found: Option<Found>) {
    match steps.last_mut() {
        Some((last, same)) if last.until == stretch.from && *same == found => last.until = stretch.until,
        _ => steps.push((stretch, found)),
    }
}
