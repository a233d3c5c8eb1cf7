//! The repository the tests belong to: its root, and its text files as git knows them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Every file that git tracks or would track, by its path from the root, if it is UTF-8 text.
///
/// # Panics
/// When git cannot list the files: without the list no rule can be checked.
pub fn texts() -> BTreeMap<String, String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap_or_else(|e| panic!("git could not be run to list the repository's files: {e}"));
    assert!(listed.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter(|path| !path.is_empty())
        .filter_map(|path| Some((path.to_owned(), std::fs::read_to_string(root().join(path)).ok()?)))
        .collect()
}

/// The folder that cargo builds into: where this test runs from.
///
/// # Panics
/// When the test runs from no target folder.
pub fn target() -> PathBuf {
    let me = std::env::current_exe().unwrap_or_else(|e| panic!("where does this test run? {e}"));
    // target/<profile>/deps/<test>
    me.ancestors().nth(3).unwrap_or_else(|| panic!("{} lies in no target folder", me.display())).to_path_buf()
}
