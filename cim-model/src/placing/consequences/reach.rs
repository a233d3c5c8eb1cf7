//! Which things a commit may have moved to another place, and over which stretch of valid time. Rather too many than too few: a thing
//! that stays where it was makes no difference.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use gis_data::{BBox, Feature, FeatureId, Instant, Interval};

use super::belief::{Belief, Changed};
use super::{Around, cell, cut, is_placed};
use crate::placing::gazetteer::{anchor, grown, words};
use crate::placing::relations::{ADDRESS_M, BUILDING_M, ROAD_M, record_m};
use crate::placing::{AREAS, PLACES, RECORDS};

/// Things and the stretches over which they are to be placed anew.
#[derive(Default)]
pub(super) struct Affected(BTreeMap<FeatureId, Vec<Interval>>);

/// Places of one layer and cell that came, went or changed over the same stretch.
struct Wave {
    layer: &'static str,
    stretch: Interval,
    bbox: BBox,
    /// The words by which others are matched with them, as they were and as they are.
    words: HashSet<String>,
}

type Waves = HashMap<(&'static str, (i32, i32), (Instant, Instant)), Wave>;

/// Every thing whose places the commit may have changed.
pub(super) fn affected<A: Around>(belief: &Belief<'_, A>) -> Affected {
    let mut affected = Affected::default();
    let mut waves = Waves::new();
    for (id, thing) in &belief.changed {
        let layer = PLACES.iter().find(|l| **l == thing.layer.as_str());
        if layer.is_none() && !is_placed(thing.layer.as_str()) {
            continue;
        }
        for stretch in thing.moved(Changed::reads_otherwise) {
            affected.add(*id, stretch);
            let then = [then(&thing.before, stretch.from), then(&thing.after, stretch.from)];
            for (layer, f) in layer.iter().flat_map(|l| then.into_iter().flatten().map(|f| (**l, f))) {
                join(&mut waves, layer, stretch, f);
            }
        }
        // A retirement ends facts even where the same commit puts the thing again.
        let gone: Vec<Interval> =
            thing.retired.iter().copied().chain(thing.moved(|_, a, b| comes_or_goes(a, b))).collect();
        let bereft = if gone.is_empty() { Vec::new() } else { belief.things_at(*id) };
        for stretch in gone {
            bereft.iter().chain([id]).for_each(|thing| affected.add(*thing, stretch));
        }
    }
    belief.spoken_of().for_each(|(thing, stretch)| affected.add(thing, stretch));
    for wave in waves.values() {
        wave.run(belief, &mut affected);
    }
    affected
}

impl Affected {
    fn add(&mut self, thing: FeatureId, stretch: Interval) {
        self.0.entry(thing).or_default().push(stretch);
    }

    /// Each thing with its stretches, joined and in order.
    pub(super) fn each(&self) -> impl Iterator<Item = (FeatureId, Vec<Interval>)> {
        self.0.iter().map(|(id, stretches)| {
            let mut sorted = stretches.clone();
            sorted.sort_unstable_by_key(|s| s.from);
            let mut joined: Vec<Interval> = Vec::new();
            for s in sorted {
                match joined.last_mut().filter(|last| s.from <= last.until) {
                    Some(last) => last.until = last.until.max(s.until),
                    None => joined.push(s),
                }
            }
            (*id, joined)
        })
    }
}

impl Changed {
    /// The stretches over which `other` tells what was believed before and what is believed after apart.
    fn moved(&self, other: impl Fn(&Self, Option<&Feature>, Option<&Feature>) -> bool) -> Vec<Interval> {
        let versions = || self.before.iter().chain(&self.after).map(|f| f.valid);
        let pieces = self.stretches.iter().flat_map(|s| cut(*s, versions()));
        pieces.filter(|p| other(self, then(&self.before, p.from), then(&self.after, p.from))).collect()
    }

    /// Whether the rule reads something else than before.
    fn reads_otherwise(&self, before: Option<&Feature>, after: Option<&Feature>) -> bool {
        let (Some(a), Some(b)) = (before, after) else { return comes_or_goes(before, after) };
        let other = |field: &&str| a.properties.get(field) != b.properties.get(field);
        a.geometry != b.geometry || read(self.layer.as_str()).iter().any(other)
    }
}

fn then(versions: &[Arc<Feature>], at: Instant) -> Option<&Feature> {
    versions.iter().map(Arc::as_ref).find(|f| f.valid.contains(at))
}

fn comes_or_goes(before: Option<&Feature>, after: Option<&Feature>) -> bool {
    before.is_some() != after.is_some()
}

/// The fields of a layer that the rule reads.
fn read(layer: &str) -> &'static [&'static str] {
    match layer {
        "doorplate" => &["address", "road_name", "number"],
        "building" => &["address"],
        "road" => &["name"],
        _ => &[],
    }
}

fn join(waves: &mut Waves, layer: &'static str, stretch: Interval, f: &Feature) {
    let Some(geometry) = &f.geometry else { return };
    let bbox = geometry.bbox();
    let wave = waves.entry((layer, cell(&bbox), (stretch.from, stretch.until))).or_insert_with(|| Wave {
        layer,
        stretch,
        bbox: BBox::EMPTY,
        words: HashSet::new(),
    });
    wave.bbox.join(&bbox);
    let said: &[&[&str]] = match layer {
        "doorplate" => &[&["address"], &["road_name", "number"]],
        "road" => &[&["name"]],
        _ => &[],
    };
    wave.words.extend(said.iter().filter_map(|fields| words(&f.properties, fields)));
}

impl Wave {
    fn run<A: Around>(&self, belief: &Belief<'_, A>, affected: &mut Affected) {
        match self.layer {
            "doorplate" => self.doors(belief, affected),
            "building" => RECORDS.iter().for_each(|r| self.reach(belief, r, &self.bbox, affected, |_| true)),
            "compound" => self.reach(belief, "doorplate", &self.bbox, affected, |_| true),
            "road" => {
                let on_it = |f: &Feature| self.says(words(&f.properties, &["road_name"]));
                self.reach(belief, "doorplate", &grown(&self.bbox, ROAD_M), affected, on_it);
            }
            area => {
                if let Some(level) = AREAS.iter().position(|a| *a == area) {
                    self.areas(belief, level, affected);
                }
            }
        }
    }

    /// Adds the things of a layer in a box that are `good`.
    fn reach<A: Around>(
        &self,
        belief: &Belief<'_, A>,
        layer: &str,
        bbox: &BBox,
        affected: &mut Affected,
        mut good: impl FnMut(&Feature) -> bool,
    ) {
        belief.near(layer, bbox, &mut |f| {
            if f.valid.overlaps(&self.stretch) && good(f) {
                affected.add(f.id, self.stretch);
            }
        });
    }

    fn says(&self, text: Option<String>) -> bool {
        text.is_some_and(|t| self.words.contains(&t))
    }

    /// Doors: buildings near by or of their address, what is within those, and records near by.
    fn doors<A: Around>(&self, belief: &Belief<'_, A>, affected: &mut Affected) {
        let near = grown(&self.bbox, BUILDING_M);
        let mut houses: Vec<BBox> = Vec::new();
        self.reach(belief, "building", &grown(&self.bbox, ADDRESS_M), affected, |f| {
            let Some(bbox) = f.bbox() else { return false };
            let hit = bbox.meets(&near) || self.says(words(&f.properties, &["address"]));
            if hit {
                houses.push(bbox);
            }
            hit
        });
        let mut all = BBox::EMPTY;
        for house in &houses {
            all.join(house);
        }
        for record in RECORDS {
            self.reach(belief, record, &grown(&self.bbox, record_m(record)), affected, |_| true);
            if !houses.is_empty() {
                let inside = |f: &Feature| f.bbox().is_some_and(|b| houses.iter().any(|house| house.meets(&b)));
                self.reach(belief, record, &all, affected, inside);
            }
        }
    }

    /// Areas: what stands in them, and what stands in a narrower area whose anchor is in them, since that one implies the wider.
    fn areas<A: Around>(&self, belief: &Belief<'_, A>, level: usize, affected: &mut Affected) {
        let mut boxes = vec![self.bbox];
        for narrower in AREAS.iter().take(level).rev() {
            let mut beyond = Vec::new();
            for bbox in &boxes {
                self.reach(belief, narrower, bbox, affected, |f| {
                    let Some(geometry) = &f.geometry else { return false };
                    let (lon, lat) = anchor(geometry);
                    let hit = bbox.contains(&BBox { west: lon, south: lat, east: lon, north: lat });
                    let own = geometry.bbox();
                    if hit && !self.bbox.contains(&own) {
                        beyond.push(own);
                    }
                    hit
                });
            }
            boxes.append(&mut beyond);
        }
        self.reach(belief, "compound", &self.bbox, affected, |_| true);
        for bbox in &boxes {
            self.reach(belief, "doorplate", bbox, affected, |_| true);
            self.reach(belief, "building", bbox, affected, |_| true);
        }
    }
}
