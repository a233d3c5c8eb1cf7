//! A little city in the in-memory store, whose commits carry their consequences.

mod random;
mod told;

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use gis_data::memory::MemoryStore;
use gis_data::{Commit, Instant, Method, Part, PlaceId, Put, Relation, Store};

use super::*;
pub(super) use crate::placing::tests::{point, square, words};

/// The in-memory store never waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the store waits"),
    }
}

fn day(n: i64) -> Instant {
    Instant::from_micros(n * 86_400_000_000)
}

fn since(n: i64) -> Interval {
    Interval::since(day(n))
}

fn days(from: i64, until: i64) -> Interval {
    Interval::new(day(from), day(until)).unwrap()
}

#[derive(Clone, Debug)]
enum Ask {
    Put(&'static str, String, Geometry, Properties, Interval),
    Retire(String, Interval),
    Relate(String, Relation, String, Interval),
    Unrelate(String, Relation, String, Interval),
}

fn put(layer: &'static str, key: &str, geometry: Geometry, valid: Interval) -> Ask {
    Ask::Put(layer, key.to_owned(), geometry, Properties::new(), valid)
}

/// What is believed, as a caller of [`consequences`] shows it.
#[derive(Clone, Default)]
struct Believed {
    versions: Vec<Arc<Feature>>,
    facts: Vec<Fact>,
}

impl Around for Believed {
    fn near(&self, layer: &str, bbox: &BBox, each: &mut dyn FnMut(&Arc<Feature>)) {
        let here = |f: &&Arc<Feature>| f.layer.as_str() == layer && f.bbox().is_some_and(|b| b.meets(bbox));
        self.versions.iter().filter(here).for_each(each);
    }

    fn versions(&self, id: FeatureId) -> Vec<Arc<Feature>> {
        self.versions.iter().filter(|f| f.id == id).cloned().collect()
    }

    fn facts(&self, thing: FeatureId) -> Vec<Fact> {
        self.facts.iter().filter(|f| f.thing == thing).cloned().collect()
    }

    fn facts_to(&self, place: FeatureId) -> Vec<Fact> {
        self.facts.iter().filter(|f| f.place.0 == place).cloned().collect()
    }
}

#[derive(Default)]
struct City {
    store: MemoryStore,
    believed: Believed,
    keys: HashMap<String, FeatureId>,
    clock: i64,
}

impl City {
    fn with(asks: &[Ask]) -> Self {
        let mut city = Self::default();
        city.commit(asks);
        city
    }

    fn identity(&self, key: &str) -> Identity {
        let origin = || Identity::Origin { source: "test".to_owned(), key: key.to_owned() };
        self.keys.get(key).map_or_else(origin, |id| Identity::Id(*id))
    }

    /// Commits with all consequences, and tells these as sentences.
    fn commit(&mut self, asks: &[Ask]) -> Vec<String> {
        let (mut caused, mut changes, mut stated) = (Vec::new(), Vec::new(), Vec::new());
        let mut fresh: Vec<String> = Vec::new();
        for ask in asks {
            match ask.clone() {
                Ask::Put(layer, key, geometry, properties, valid) => {
                    if !self.keys.contains_key(&key) && !fresh.contains(&key) {
                        fresh.push(key.clone());
                    }
                    let coming = fresh.iter().position(|k| *k == key).unwrap_or_default() as u64;
                    let id = self.keys.get(&key).copied().unwrap_or(FeatureId::new((1 << 40) + coming).unwrap());
                    let (identity, layer) = (self.identity(&key), LayerId::new(layer).unwrap());
                    let new = Some((Some(geometry.clone()), properties.clone()));
                    caused.push(Caused { identity: identity.clone(), id, layer: layer.clone(), valid, new });
                    let geometry = Some(geometry);
                    changes.push(Change::Put(Put { identity, layer, geometry, properties, valid, min_zoom: 0 }));
                }
                Ask::Retire(key, valid) => {
                    let Some(id) = self.keys.get(&key).copied() else { continue };
                    let layer = self.believed.versions(id).first().map(|f| f.layer.clone());
                    let Some(layer) = layer else { continue };
                    caused.push(Caused { identity: Identity::Id(id), id, layer, valid, new: None });
                    changes.push(Change::Retire { id, valid });
                }
                Ask::Relate(thing, relation, place, valid) => {
                    if [&thing, &place].iter().all(|k| self.keys.contains_key(*k) || fresh.contains(k)) {
                        let (thing, place) = (self.identity(&thing), self.identity(&place));
                        let (method, distance_m) = (Method::Stated, None);
                        stated.push(Change::Relate { thing, relation, place, method, distance_m, valid });
                    }
                }
                Ask::Unrelate(thing, relation, place, valid) => {
                    if let (Some(thing), Some(place)) = (self.keys.get(&thing), self.keys.get(&place)) {
                        let (thing, place) = (*thing, PlaceId(*place));
                        stated.push(Change::Unrelate { thing, relation, place, valid });
                    }
                }
            }
        }
        let follow = consequences(&caused, &stated, &self.believed);
        changes.extend(stated.iter().cloned().chain(follow.iter().cloned()));
        self.clock += 1;
        done(self.store.commit(Commit::new("test", "test", day(-1000).plus_micros(self.clock), changes))).unwrap();
        let before = std::mem::take(&mut self.believed);
        self.look();
        for key in fresh {
            let id = done(self.store.find(&[self.identity(&key)])).unwrap().remove(0).unwrap();
            self.keys.insert(key, id);
        }
        // The consequences are there; asked for again, by the same commit, there are none left.
        for c in &mut caused {
            if let Identity::Origin { key, .. } = &c.identity {
                c.id = self.keys[key];
            }
        }
        // Not where the commit ends facts that follow anew: said again, it would end them again.
        let ends = |change: &Change| matches!(change, Change::Unrelate { .. });
        let put_again = |c: &Caused| c.new.is_none() && caused.iter().any(|o| o.id == c.id && o.new.is_some());
        if !stated.iter().any(ends) && !caused.iter().any(put_again) {
            let believed = Believed { facts: self.believed.facts.clone(), ..before };
            let again = consequences(&caused, &stated, &believed);
            assert!(again.is_empty(), "{again:?}");
        }
        follow.iter().map(|change| self.sentence(change)).collect()
    }

    fn look(&mut self) {
        let Believed { versions, facts } = &mut self.believed;
        done(self.store.scan(Part::All, &mut |f| versions.push(Arc::new(f)))).unwrap();
        done(self.store.scan_facts(&mut |f| facts.push(f))).unwrap();
    }

    fn name(&self, id: FeatureId) -> &str {
        self.keys.iter().find(|(_, i)| **i == id).map_or("?", |(key, _)| key)
    }

    fn sentence(&self, change: &Change) -> String {
        let called = |identity: &Identity| match identity {
            Identity::Id(id) => self.name(*id).to_owned(),
            Identity::Origin { key, .. } => key.clone(),
        };
        let on = |at: Instant| {
            if at == Instant::FOREVER { String::new() } else { (at.micros() / day(1).micros()).to_string() }
        };
        let when = |v: &Interval| format!("{}..{}", on(v.from), on(v.until));
        match change {
            Change::Relate { thing, place, distance_m, valid, .. } => {
                let far = distance_m.map(|d| format!(" {d:.0} m")).unwrap_or_default();
                format!("{} in {} {}{far}", called(thing), called(place), when(valid))
            }
            Change::Unrelate { thing, place, valid, .. } => {
                format!("{} not in {} {}", self.name(*thing), self.name(place.0), when(valid))
            }
            other => panic!("{other:?} is no consequence"),
        }
    }

    /// The places of a thing on a day, sorted by name.
    fn places(&self, thing: &str, on: i64) -> Vec<&str> {
        let id = self.keys[thing];
        let so = |f: &&Fact| f.thing == id && f.valid.contains(day(on));
        let mut all: Vec<&str> = self.believed.facts.iter().filter(so).map(|f| self.name(f.place.0)).collect();
        all.sort_unstable();
        all
    }
}
