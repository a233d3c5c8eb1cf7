//! Real data beside the checkout. They are never part of the project.

use std::path::PathBuf;

use crate::repository;

/// Whether nothing may be skipped.
pub fn strict() -> bool {
    std::env::var("CI").is_ok_and(|v| v == "true" || v == "1")
}

/// The folder of real data: `MENPAI_DATA`, else `../shared/data` beside the checkout. `None` (and a line that says so)
/// when it is not there.
///
/// # Panics
/// When it is not there and `CI=true`: a build machine skips nothing.
pub fn folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("MENPAI_DATA").map_or_else(|| repository::root().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let line = format!("no real data at {}: set MENPAI_DATA to the folder that holds them", folder.display());
    assert!(!strict(), "{line}");
    println!("skipped: {line}");
    None
}
