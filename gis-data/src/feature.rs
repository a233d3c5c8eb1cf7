//! One version of one thing.

use crate::{BBox, FeatureId, Geometry, Instant, Interval, LayerId, Properties};

/// The recorded axis of a version, in log numbers: known from entry `from` on, until entry `until` said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recorded {
    /// The log entry that brought it.
    pub from: u64,
    /// The log entry that replaced it; `u64::MAX` while it is the current belief.
    pub until: u64,
    /// The clock of the entry `from`.
    pub at: Instant,
}

impl Recorded {
    /// `until` of what is still believed.
    pub const STILL: u64 = u64::MAX;

    /// Believed since entry `number`.
    pub const fn since(number: u64, at: Instant) -> Self {
        Self { from: number, until: Self::STILL, at }
    }

    /// Whether it was believed when the log stood at `number`.
    pub const fn known_at(&self, number: u64) -> bool {
        self.from <= number && number < self.until
    }

    /// Whether it is still believed.
    pub const fn current(&self) -> bool {
        self.until == Self::STILL
    }
}

/// One version of one thing: what was so during `valid`, as known during `recorded`.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// The thing; the same in all its versions.
    pub id: FeatureId,
    /// Its layer.
    pub layer: LayerId,
    /// Its shape, in CGCS2000 degrees; a household has none.
    pub geometry: Option<Geometry>,
    /// Its fields.
    pub properties: Properties,
    /// When it was so in the city.
    pub valid: Interval,
    /// When the database knew.
    pub recorded: Recorded,
    /// The lowest zoom whose tiles show it, fixed at commit from class and id, so that a change dirties only its own tiles.
    pub min_zoom: u8,
}

impl Feature {
    /// The box around its shape.
    pub fn bbox(&self) -> Option<BBox> {
        self.geometry.as_ref().map(Geometry::bbox)
    }
}
