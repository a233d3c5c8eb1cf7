//! GeoJSON (RFC 7946, and its elder's `crs` member), documents and sequences (RFC 8142), read and written as a stream.

mod crs;
mod document;
mod feature;
mod geometry;
mod lines;
mod scanner;
mod value;
mod write;

pub(crate) use document::Document;
pub(crate) use feature::json_properties;
pub(crate) use lines::Lines;
pub use write::{Form, Writer, feature, write_geometry};

use gis_data::{Error, Geometry};

/// Reads one geometry, longitude first.
///
/// # Errors
/// When it is not GeoJSON, is nested deeper than the parser allows (128), or holds coordinates that are none.
pub fn read_geometry(text: &str) -> gis_data::Result<Geometry> {
    let raw: geometry::RawGeometry<'_> = serde_json::from_str(text).map_err(syntax)?;
    let mut heights = crate::shape::Heights::default();
    let shape = raw.shape(&mut heights)?;
    Geometry::new(shape, heights.finish())
}

/// The CRS of GeoJSON that names none (RFC 7946 §4: WGS 84, longitude first).
pub(crate) const DEFAULT_CRS: &str = "EPSG:4326";

/// Tells JSON that is not GeoJSON.
pub(crate) fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::invalid(zh, en)
}

/// Tells a fault found by the JSON parser.
pub(crate) fn syntax(cause: serde_json::Error) -> Error {
    Error::invalid(
        format!("JSON 有误（{cause}）；请改正或删去这一条"),
        format!("the JSON is wrong ({cause}); correct this feature or take it out"),
    )
    .because(cause)
}
