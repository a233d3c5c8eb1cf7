//! What a change makes of what was believed. Pure, and the same for every store.

use super::Touched;
use crate::{BBox, Fact, Feature, Instant, Interval, Recorded};

/// What a change makes of the believed versions of one thing: which cease to be believed, and which begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary<T> {
    /// Positions in the slice of believed versions that cease to be believed.
    pub ends: Vec<usize>,
    /// The versions that begin to be believed.
    pub begins: Vec<T>,
}

/// Replaces what is believed about `stretch` by `new` (or by nothing), and keeps what is believed before and after it.
/// `None` when it changes nothing. `recorded` is the entry that says so.
pub fn versions_after(
    believed: &[Feature],
    stretch: Interval,
    new: Option<&Feature>,
    recorded: Recorded,
) -> Option<Boundary<Feature>> {
    let same = |old: &Feature| {
        new.is_some_and(|n| n.geometry == old.geometry && n.properties == old.properties && n.min_zoom == old.min_zoom)
    };
    after(believed, stretch, new.cloned(), same, |f| f.valid, |f, valid| Feature { valid, recorded, ..f.clone() })
}

/// The same for the believed facts of one thing, relation and place.
pub fn facts_after(
    believed: &[Fact],
    stretch: Interval,
    new: Option<&Fact>,
    recorded: Recorded,
) -> Option<Boundary<Fact>> {
    let same = |old: &Fact| new.as_ref().is_some_and(|n| n.same_as(old.method, old.distance_m));
    after(believed, stretch, new.cloned(), same, |f| f.valid, |f, valid| Fact { valid, recorded, ..f.clone() })
}

fn after<T>(
    believed: &[T],
    stretch: Interval,
    new: Option<T>,
    same: impl Fn(&T) -> bool,
    valid: impl Fn(&T) -> Interval,
    with: impl Fn(&T, Interval) -> T,
) -> Option<Boundary<T>> {
    // Already believed over all of the stretch: one version covers it, or none touches what shall be empty.
    let mut touching = believed.iter().enumerate().filter(|(_, f)| valid(f).overlaps(&stretch)).peekable();
    match &new {
        Some(_) if believed.iter().any(|f| same(f) && valid(f).covers(&stretch)) => {
            return None;
        }
        None if touching.peek().is_none() => return None,
        _ => {}
    }
    let mut change = Boundary { ends: Vec::new(), begins: Vec::new() };
    for (i, old) in touching {
        change.ends.push(i);
        change.begins.extend(valid(old).without(&stretch).map(|rest| with(old, rest)));
    }
    change.begins.extend(new);
    Some(change)
}

/// What begins or ceases to be so between two clocks (`after` excluded, `upto` included), of the believed versions.
pub fn boundary<'a>(believed: impl Iterator<Item = &'a Feature>, after: Instant, upto: Instant) -> Vec<Touched> {
    let passed = |at: Instant| after < at && at <= upto;
    let mut touched: Vec<Touched> = Vec::new();
    for f in believed {
        let (begins, ends) = (passed(f.valid.from), passed(f.valid.until));
        if !begins && !ends {
            continue;
        }
        let bbox: Option<BBox> = f.bbox();
        touched.push(Touched {
            id: f.id,
            layer: f.layer.clone(),
            old: bbox.filter(|_| ends),
            new: bbox.filter(|_| begins),
            min_zoom: f.min_zoom,
        });
    }
    touched.sort_by_key(|t| t.id);
    touched
}
