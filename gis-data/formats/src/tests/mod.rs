//! Files through the front door: every format, sound and damaged, and the real sets.

mod flatgeobuf;
mod geojson;
mod geopackage;
mod hostile;
mod real;
mod tables;

use std::path::{Path, PathBuf};

use crate::{Item, Options, open};
use gis_data::Result;

/// The folder of real data; without it the test says so and ends, or fails in CI.
fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("MENPAI_DATA").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").is_err(), "{} is missing: set MENPAI_DATA", folder.display());
    eprintln!("skipped: {} is missing, set MENPAI_DATA", folder.display());
    None
}

/// Everything that a file yields.
fn all(path: &Path) -> Result<Vec<Item>> {
    let mut reader = open(path, &Options::default())?;
    let mut items = Vec::new();
    while let Some(item) = reader.next()? {
        items.push(item);
    }
    Ok(items)
}
