//! What a CRS is.

use std::fmt;
use std::sync::Arc;

use gis_data::Result;

use crate::facts::Facts;

/// A coordinate reference system.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    /// One that PROJ knows.
    Known(Known),
    /// The offset coordinates of Chinese public maps, degrees. Only when declared.
    Gcj02,
    /// Baidu's offset upon GCJ-02, degrees. Only when declared.
    Bd09,
}

/// A CRS that PROJ knows: geographic or projected, with or without heights.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What PROJ is given.
    pub(crate) definition: Arc<str>,
    pub(crate) facts: Arc<Facts>,
}

impl Crs {
    /// Reads a CRS from whatever names one: `EPSG:4549`, `4549`, `urn:ogc:def:crs:EPSG::4549`, the OGC's web addresses,
    /// `OGC:CRS84`, WKT 1 and 2 (the text of a `.prj`), PROJJSON, PROJ strings, exact names
    /// (`CGCS2000 / 3-degree Gauss-Kruger CM 120E`), `GCJ-02`, `BD-09`, and the shorthand `GK3:120` / `GK6:123`
    /// (CGCS2000, 3° or 6° zones, central meridian, no zone number in the easting).
    ///
    /// # Errors
    /// When it names none, is longer than 64 KiB or nested deeper than 64, asks PROJ to read a file, or has no place on
    /// the earth (a drawing's own coordinates).
    pub fn parse(text: &str) -> Result<Self> {
        crate::parse::parse(text)
    }

    /// The CRS of the store: CGCS2000 longitude and latitude.
    pub fn store() -> Result<Self> {
        Self::parse("EPSG:4490")
    }

    /// Its name, as the EPSG data set or the file writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(known) => &known.facts.name,
            Self::Gcj02 => "GCJ-02",
            Self::Bd09 => "BD-09",
        }
    }

    /// Its EPSG code, where it was given one or is a Chinese Gauss-Krüger zone.
    pub fn epsg(&self) -> Option<u32> {
        match self {
            Self::Known(known) => known.facts.epsg,
            Self::Gcj02 | Self::Bd09 => None,
        }
    }

    /// Whether its coordinates are degrees.
    pub fn is_geographic(&self) -> bool {
        match self {
            Self::Known(known) => known.facts.geographic,
            Self::Gcj02 | Self::Bd09 => true,
        }
    }

    /// Whether its own first axis points north (EPSG:4326, EPSG:4490, EPSG:4549 …). Protocols bound to the order of the
    /// CRS (WMS 1.3, WFS 2.0, GML) swap; this crate does not.
    pub fn northing_first(&self) -> bool {
        match self {
            Self::Known(known) => known.facts.northing_first,
            Self::Gcj02 | Self::Bd09 => false,
        }
    }

    /// Whether its degrees are the store's, within the frames' centimetres: nothing needs to be converted.
    pub fn is_store(&self) -> bool {
        matches!(self, Self::Known(known) if known.facts.geographic && known.facts.same.is_some())
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.epsg() {
            Some(code) => write!(f, "{} (EPSG:{code})", self.name()),
            None => f.write_str(self.name()),
        }
    }
}
