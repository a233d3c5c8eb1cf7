//! From a source's records to the city's layers: data files, not code.
//!
//! A mapping is a list of *sheets*. The first sheet that applies to a record (by source name, table, fields it has) takes it; each of
//! its rules whose conditions hold makes one [`Draft`], and of several rules for one layer the first makes it. A record that a sheet
//! took but no rule matched gives nothing (the caller counts it); one that no sheet takes goes into a layer named
//! after its table, fields as found ([`infer_layer`] makes the schema).
//!
//! ```toml
//! [[sheet]]
//! name = "POI"
//! applies = [{ table = "poi_*", has = ["fclass"] }]
//!
//! [[sheet.rule]]
//! layer = "facility"
//! shape = ["point"]
//! all = { fclass = { not = ["bench"] } }          # also "value", ["a", "b"], true (there), false (not there)
//! key = "osm_id"
//! [sheet.rule.fields]
//! name = "name"                                   # copied
//! kind = { from = "fclass", kinds = "poi" }       # by the code table [kinds.poi]
//! capacity = { from = ["beds", "seats"], as = "int" }
//! source = { value = "OpenStreetMap" }
//! ```

mod apply;
mod convert;
mod generic;
mod keys;
mod kinds;
mod sheet;

use gis_data::{Error, LayerId, Properties, Result};

pub use generic::{infer_layer, slug};
pub use keys::Session;

use self::sheet::{File, Sheet};
use crate::Record;

/// The mappings that come with the program.
const BUILT_IN: [(&str, &str); 3] = [
    ("osm.toml", include_str!("../../maps/osm.toml")),
    ("known.toml", include_str!("../../maps/known.toml")),
    ("table.toml", include_str!("../../maps/table.toml")),
];

/// A feature to be: what a rule made of a record. The shape is still in the source's CRS.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The layer it belongs to.
    pub layer: LayerId,
    /// Its key within its source and layer: the same in every import of the source.
    pub key: String,
    /// Its shape in the source's CRS, not checked.
    pub shape: Option<geo_types::Geometry<f64>>,
    /// One height for each vertex, if it has any.
    pub z: Option<Vec<f64>>,
    /// Its fields.
    pub properties: Properties,
}

/// Sheets in the order in which they are asked.
#[derive(Clone, Debug)]
pub struct Mapping {
    sheets: Vec<Sheet>,
}

impl Mapping {
    /// The mapping that comes with the program.
    pub fn built_in() -> Result<Self> {
        let mut sheets = Vec::new();
        for (name, text) in BUILT_IN {
            sheets.extend(File::parse(text).map_err(|e| e.at(name))?.sheets()?);
        }
        Ok(Self { sheets })
    }

    /// The mapping of a file's text. Its sheets are asked before the built-in ones, which `only = true` leaves out.
    pub fn parse(text: &str) -> Result<Self> {
        let file = File::parse(text)?;
        let only = file.only;
        let mut sheets = file.sheets()?;
        if !only {
            sheets.extend(Self::built_in()?.sheets);
        }
        Ok(Self { sheets })
    }

    /// What becomes of one record of `source` (the name of the file). Nothing: a sheet took it and no rule matched.
    ///
    /// A record without a key of its own gets one from its content; so two equal rows get the same key. [`Mapping::session`]
    /// tells them apart.
    pub fn apply(&self, source: &str, record: &Record) -> Vec<Draft> {
        match self.sheets.iter().find(|s| s.takes(source, record)) {
            Some(sheet) => apply::by_sheet(sheet, source, record),
            None => generic::drafts(source, record),
        }
    }

    /// Whether a sheet takes the record, so that it does not fall to the generic rule.
    pub fn knows(&self, source: &str, record: &Record) -> bool {
        self.sheets.iter().any(|s| s.takes(source, record))
    }

    /// Applies the mapping to all records of one source.
    pub fn session(&self, source: &str) -> Session<'_> {
        Session::new(self, source)
    }
}

impl Default for Mapping {
    /// The built-in mapping, whose wholeness a test holds; should it be broken, everything falls to the generic rule.
    fn default() -> Self {
        Self::built_in().unwrap_or(Self { sheets: Vec::new() })
    }
}

/// Tells a fault in a mapping file.
fn wrong(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::invalid(zh, en)
}

#[cfg(test)]
mod tests;
