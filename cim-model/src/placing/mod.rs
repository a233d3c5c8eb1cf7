//! On which doorplate a record hangs, and in which place a place lies.
//!
//! | thing | lies in |
//! |---|---|
//! | doorplate | the narrowest of microgrid, grid, community, subdistrict, district that holds it; any wider one that the narrower ones do not imply; the compound that holds it; the road of its `road_name` within 200 m |
//! | building | the doorplate of its address within 300 m, else the one within its outline nearest to its middle, else the nearest within 30 m, else the narrowest area |
//! | microgrid, grid, community, subdistrict | the narrowest wider area that holds its anchor |
//! | compound | the community (or wider) that holds its anchor |
//! | stairwell, floor, room, road, district | nothing by this rule: sources state what the first three lie in |
//!
//! | record | hangs on |
//! |---|---|
//! | those of [`RECORDS`] | the doorplate of the building that holds it, else the nearest doorplate (component 100 m, facility 80 m, others 50 m) |
//!
//! A microgrid lies in a grid by its anchor, so a door at the rim may lie in another community than its grid's: then the community is
//! named too. Equal distances are settled by the places' keys, so the answer does not depend on the order of adding.

mod consequences;
mod gazetteer;
mod relations;
#[cfg(test)]
mod tests;

use gis_data::{Method, Relation};

pub use consequences::{Around, Caused, consequences};
pub use gazetteer::Gazetteer;

/// Areas that tile the city, from the narrowest.
pub const AREAS: [&str; 5] = ["microgrid", "grid", "community", "subdistrict", "district"];

/// Layers whose things hang on a doorplate.
pub const RECORDS: [&str; 13] = [
    "facility",
    "organisation",
    "component",
    "device",
    "hazard",
    "incident",
    "shelter",
    "activity",
    "force",
    "crew",
    "entrance",
    "plate",
    "vehicle",
];

/// Layers of places that a [`Gazetteer`] looks in; others need not be added.
pub const PLACES: [&str; 9] =
    ["microgrid", "grid", "community", "subdistrict", "district", "compound", "road", "doorplate", "building"];

/// A relation that the rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<K> {
    /// How the two belong together.
    pub relation: Relation,
    /// The place.
    pub place: K,
    /// How it was found.
    pub method: Method,
    /// Metres between the two, where the place does not hold the thing.
    pub distance_m: Option<f64>,
}
