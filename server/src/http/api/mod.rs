//! `/api/v1`: places, features, search.

pub(crate) mod features;
pub(crate) mod places;
pub(crate) mod search;
