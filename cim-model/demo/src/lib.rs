//! A synthetic city from a seed, at the true place of Wenzhou.
//!
//! [`changes`] tells a whole city as the changes that make it: the ground, districts down to microgrids, streets, quarters,
//! doorplates, buildings, stairwells, floors and rooms, the registers, components, devices, hazards and two years of what
//! happened. The same [`Plan`] gives the same changes, on every machine; nothing is copied from a data set. The stream is made
//! cell by cell (about 420 m), so that ten million doorplates need no more memory than the plan of their cells.
//!
//! How numbers rise: westward along level streets, northward along upright ones; odd on the left, even on the right. A shop
//! that came later has a 附号. Names of people are made up, telephone numbers are of a range that nobody has (199 0000 xxxx),
//! id numbers begin with an area code that does not exist (999999).
//!
//! For each doorplate there are about 5 rooms, 1.2 floors, 0.9 buildings, 0.13 stairwells, 1 person in 0.35 households, 0.25
//! organisations, 0.25 components, 0.1 facilities and devices, and 0.16 incidents of two years: some 25 versions and facts.
//!
//! It never opens a file, reads a clock or speaks to a store.
//!
//! ```
//! let plan = cim_model_demo::Plan { doorplates: 50, seed: 1, now: "2026-03-01".parse()? };
//! let first = cim_model_demo::changes(&plan).next().expect("a city begins with its river");
//! assert!(matches!(first, gis_data::Change::Put(put) if put.layer.as_str() == "water"));
//! # Ok::<(), gis_data::Error>(())
//! ```

mod cell;
mod city;
mod place;
mod rng;
mod sheet;
mod streets;
mod words;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use gis_data::{Change, Instant};

/// What city to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many doorplates are valid at `now`; exactly so many are made.
    pub doorplates: u32,
    /// Another seed, another city.
    pub seed: u64,
    /// The present of the city: its records reach from 2020-01-01 to this moment, and a little beyond.
    pub now: Instant,
}

/// The source by whose keys the city's things are known: `demo`.
pub const fn source() -> &'static str {
    "demo"
}

/// The changes that make the city, in an order in which everything is put before it is mentioned.
pub fn changes(plan: &Plan) -> impl Iterator<Item = Change> + Send + use<> {
    let city = Arc::new(city::City::plan(plan));
    let stages = write::stages(&city);
    stages.into_iter().flat_map(move |stage| write::write(&city, stage))
}

/// What a plan makes, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Versions by layer.
    pub puts: BTreeMap<String, u64>,
    /// Facts.
    pub relates: u64,
    /// Doorplates valid at the plan's now.
    pub doorplates: u64,
}

impl Summary {
    /// Counts what `plan` makes. It makes all of it to do so: about a second for 100 000 doorplates in a release build.
    pub fn of(plan: &Plan) -> Self {
        let mut all = Self::default();
        changes(plan).for_each(|c| all.add(&c, plan.now));
        all
    }

    /// Counts one change.
    pub fn add(&mut self, change: &Change, now: Instant) {
        match change {
            Change::Put(put) => {
                *self.puts.entry(put.layer.as_str().to_owned()).or_default() += 1;
                self.doorplates += u64::from(put.layer.as_str() == "doorplate" && put.valid.contains(now));
            }
            Change::Relate { .. } => self.relates += 1,
            Change::Retire { .. } | Change::Unrelate { .. } => {}
        }
    }

    /// All versions and facts.
    pub fn rows(&self) -> u64 {
        self.puts.values().sum::<u64>() + self.relates
    }
}
