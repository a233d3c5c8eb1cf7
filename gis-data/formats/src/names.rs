//! The few field names that a million rows share.

use std::collections::HashSet;

use gis_data::Name;

/// Beyond this many different names they are no longer shared, so that hostile input cannot grow the set for ever.
const MAX_SHARED: usize = 100_000;

/// Gives equal names one allocation.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<Name>);

impl Names {
    /// The shared form of `name`.
    pub(crate) fn get(&mut self, name: &str) -> Name {
        if let Some(known) = self.0.get(name) {
            return Name::clone(known);
        }
        let fresh: Name = name.into();
        if self.0.len() < MAX_SHARED {
            self.0.insert(Name::clone(&fresh));
        }
        fresh
    }
}
