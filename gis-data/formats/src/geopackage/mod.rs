//! OGC GeoPackage (12-128r17, version 1.3): all feature and attribute tables in, chosen layers out.

mod blob;
mod read;
mod schema;
mod write;

pub(crate) use read::GeoPackage;
pub use write::{Written, write};

use gis_data::Error;

/// `GPKG`, the application id of a GeoPackage since 1.2.
const APPLICATION_ID: i32 = 0x4750_4B47;

/// A name in SQL.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Tells a fault of the file.
fn damaged(cause: rusqlite::Error) -> Error {
    Error::invalid(
        "GeoPackage 已损坏或被其他程序占用；请重新导出，或先在 QGIS 中打开检查",
        "the GeoPackage is damaged or held by another program; export it again, or open it in QGIS to check",
    )
    .because(cause)
}
