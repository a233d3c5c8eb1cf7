//! What is read within one snapshot.

pub(crate) mod facts;
pub(crate) mod gather;
pub(crate) mod history;
pub(crate) mod log;
pub(crate) mod narrow;
pub(crate) mod nearest;
pub(crate) mod plan;
pub(crate) mod query;
pub(crate) mod scan;
