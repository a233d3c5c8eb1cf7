//! A demo city, taken apart for looking at.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cim_model_demo::{Plan, Summary, changes};
use gis_data::{Change, Identity, Instant, Interval, Put, Relation};

/// What a city says, by key.
pub(crate) struct Told {
    pub(crate) plan: Plan,
    pub(crate) summary: Summary,
    /// The versions of each thing, in the order told.
    pub(crate) things: BTreeMap<String, Vec<Arc<Put>>>,
    /// Thing → (relation, place, valid).
    pub(crate) facts: BTreeMap<String, Vec<(Relation, String, Interval)>>,
    /// Complaints about the order of the stream.
    pub(crate) disorder: Vec<String>,
}

pub(crate) fn plan(doorplates: u32, seed: u64) -> Plan {
    Plan { doorplates, seed, now: "2026-03-01T10:00:00+08:00".parse().unwrap() }
}

pub(crate) fn key(identity: &Identity) -> String {
    match identity {
        Identity::Origin { source, key } => {
            assert_eq!(source, cim_model_demo::source());
            key.clone()
        }
        Identity::Id(id) => panic!("{id} has no key"),
    }
}

/// The city of 20 000 doorplates that most tests look at.
pub(crate) fn town() -> &'static Told {
    static TOWN: OnceLock<Told> = OnceLock::new();
    TOWN.get_or_init(|| Told::of(plan(20_000, 1)))
}

impl Told {
    pub(crate) fn of(plan: Plan) -> Self {
        let mut told = Self {
            plan,
            summary: Summary::default(),
            things: BTreeMap::new(),
            facts: BTreeMap::new(),
            disorder: vec![],
        };
        for change in changes(&plan) {
            told.summary.add(&change, plan.now);
            match change {
                Change::Put(put) => {
                    let key = key(&put.identity);
                    told.things.entry(key).or_default().push(Arc::new(put));
                }
                Change::Relate { thing, relation, place, valid, .. } => {
                    let (thing, place) = (key(&thing), key(&place));
                    for mentioned in [&thing, &place] {
                        if !told.things.contains_key(mentioned) {
                            told.disorder.push(format!("{thing} → {place}: {mentioned} was not put before"));
                        }
                    }
                    told.facts.entry(thing).or_default().push((relation, place, valid));
                }
                other => panic!("the demo city only adds: {other:?}"),
            }
        }
        told
    }

    /// The version of a thing at a time.
    pub(crate) fn at(&self, key: &str, when: Instant) -> Option<&Arc<Put>> {
        self.things.get(key)?.iter().find(|p| p.valid.contains(when))
    }

    /// Everything of a layer at a time.
    pub(crate) fn layer(&self, layer: &str, when: Instant) -> Vec<(&str, &Arc<Put>)> {
        let all = self.things.iter().flat_map(|(k, v)| v.iter().map(move |p| (k.as_str(), p)));
        all.filter(|(_, p)| p.layer.as_str() == layer && p.valid.contains(when)).collect()
    }

    /// Where a thing lies or hangs at a time.
    pub(crate) fn places(&self, thing: &str, when: Instant) -> Vec<&str> {
        let facts = self.facts.get(thing).map_or(&[][..], Vec::as_slice);
        facts.iter().filter(|(.., valid)| valid.contains(when)).map(|(_, p, _)| p.as_str()).collect()
    }

    /// All places above a thing at a time.
    pub(crate) fn above(&self, thing: &str, when: Instant) -> Vec<&str> {
        let mut all = self.places(thing, when);
        let mut k = 0;
        while k < all.len() {
            for p in self.places(all[k], when) {
                if !all.contains(&p) {
                    all.push(p);
                }
            }
            k += 1;
        }
        all
    }

    pub(crate) fn layer_of(&self, key: &str) -> &str {
        self.things[key][0].layer.as_str()
    }
}

/// So many days from the plan's now.
pub(crate) fn day(plan: &Plan, days: i64) -> Instant {
    plan.now.plus_micros(days * 86_400_000_000)
}
