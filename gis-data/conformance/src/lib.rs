//! What every store must answer.
//!
//! [`run`] puts fresh stores through named checks, theme by theme, and then through random commits and questions that
//! are compared step by step with the in-memory store, the definition of right. A store that disagrees panics with what was
//! asked and both answers.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! gis_data_conformance::random::agree(&gis_data::memory::MemoryStore::new(), 7, 5).await;
//! # });
//! ```
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a check that fails panics: that is what a test suite is for"
)]

pub mod city;
pub mod random;
mod soon;
mod suite;

use std::future::Future;

use gis_data::Store;

/// How many random steps one seed takes.
const STEPS: usize = 60;
/// The seeds of [`run`].
const SEEDS: std::ops::Range<u64> = 1..9;

/// Runs every check, each on a store of its own that `make` gives, empty.
///
/// # Panics
/// When a store answers otherwise than it must.
pub async fn run<S, F, Fut>(make: F)
where
    S: Store,
    F: Fn() -> Fut,
    Fut: Future<Output = S>,
{
    suite::all(&make).await;
    for seed in SEEDS {
        random::agree(&make().await, seed, STEPS).await;
    }
}
