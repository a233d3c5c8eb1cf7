//! The private folder that holds a city.

use std::fs;
use std::path::{Path, PathBuf};

use gis_data::{Error, Kind, Result};

/// The name of the database file.
const FILE: &str = "city.db";

/// What may lie in a folder before a city is founded in it: the stores beside the database, what a crash while founding leaves, and
/// what a file system puts at its root.
const OURS: [&str; 8] =
    [FILE, "city.db-wal", "city.db-shm", "city.db-journal", "series", "blobs", "audit", "lost+found"];

/// Makes `dir` if need be, keeps others out of it, and gives the path of the database in it.
pub(crate) fn prepare(dir: &Path) -> Result<PathBuf> {
    let file = dir.join(FILE);
    if file.exists() {
        return Ok(file);
    }
    make(dir)?;
    for entry in fs::read_dir(dir).map_err(|c| failed(dir, c))? {
        let name = entry.map_err(|c| failed(dir, c))?.file_name();
        if !OURS.iter().any(|own| name == *own) {
            return Err(Error::new(
                Kind::Conflict,
                format!("文件夹 {} 中已有“{}”，不能在此建库；请指定空文件夹", dir.display(), name.display()),
                format!(
                    "the folder {} already holds “{}”, so no city can be founded in it; name an empty folder",
                    dir.display(),
                    name.display()
                ),
            ));
        }
    }
    private(dir, 0o700)?;
    Ok(file)
}

fn make(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).map_err(|c| failed(dir, c))
}

/// Takes all rights from others. Works by path and opens nothing.
#[cfg(unix)]
pub(crate) fn private(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|c| failed(path, c))
}

/// Elsewhere than on Unix a folder inherits its rights.
#[cfg(not(unix))]
pub(crate) fn private(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

fn failed(path: &Path, cause: std::io::Error) -> Error {
    Error::storage(
        format!("准备数据文件夹 {} 失败；请检查属主、权限和磁盘空间", path.display()),
        format!("preparing the data folder {} failed; check its owner, permissions and disk space", path.display()),
        cause,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_else_in_it_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.doc"), "x").unwrap();
        let error = prepare(folder.path()).unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict);
        assert!(error.en().contains("thesis.doc"), "{error}");
        assert!(!folder.path().join(FILE).exists());
    }
}
