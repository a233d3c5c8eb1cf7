//! Questions: rows, cards, regions, histories, words. All take a scope and both times.

pub(crate) mod card;
pub(crate) mod features;
pub(crate) mod history;
pub(crate) mod region;
pub(crate) mod search;
