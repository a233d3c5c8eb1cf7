//! `/api/v1`: places, features, search, the change stream, sessions.

pub(crate) mod changes;
pub(crate) mod commits;
pub(crate) mod features;
pub(crate) mod layers;
pub(crate) mod places;
pub(crate) mod regions;
pub(crate) mod search;
pub(crate) mod session;
