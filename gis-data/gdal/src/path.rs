//! Which paths may be handed to GDAL.
//!
//! GDAL takes far more than paths: `/vsicurl/…`, `GML:…`, JSON text, connection strings. Here a path is an existing file
//! (or a file geodatabase, which is a folder), made absolute so that it can be nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use gis_data::{Error, Result};

/// The most files a geodatabase may have.
const MAX_FILES: usize = 20_000;

/// How much of an XML file is searched for a document type.
const PROLOG: usize = 64 * 1024;

/// Checks the file and what lies beside it under the same name, and returns the absolute path.
pub(crate) fn check(file: &Path) -> Result<PathBuf> {
    let shown = file.display();
    let missing = |e: std::io::Error| {
        Error::not_found(
            format!("打不开文件 {shown}；请核对路径与权限"),
            format!("the file {shown} cannot be opened; check its path and permissions"),
        )
        .because(e)
    };
    let path = fs::canonicalize(file).map_err(missing)?;
    let about = fs::metadata(&path).map_err(missing)?;
    if path.starts_with("/dev") || path.starts_with("/proc") || path.starts_with("/sys") || is_virtual(&path) {
        return Err(refused(file));
    }
    if about.is_dir() {
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gdb")) {
            return Err(refused(file));
        }
        all_plain(&path, |_| true)?;
    } else if about.is_file() {
        let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return Err(refused(file)) };
        all_plain(folder, |other| other.file_stem() == Some(stem))?;
        no_document_type(&path)?;
    } else {
        return Err(refused(file));
    }
    Ok(path)
}

/// Whether GDAL would take the path for one of its virtual file systems.
fn is_virtual(path: &Path) -> bool {
    path.to_str().is_none_or(|p| p.starts_with("/vsi"))
}

fn refused(path: &Path) -> Error {
    Error::invalid(
        format!("{} 不是普通文件（或 .gdb 文件夹），不读取；请先把文件复制到普通文件夹", path.display()),
        format!(
            "{} is not an ordinary file (or .gdb folder) and is not read; copy the file to an ordinary folder first",
            path.display()
        ),
    )
}

/// Whether every chosen entry of a folder is an ordinary file: a link could lead a driver anywhere.
fn all_plain(folder: &Path, chosen: impl Fn(&Path) -> bool) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        // The file itself may be read where its folder may not be listed; then GDAL finds nothing beside it either.
        return Ok(());
    };
    let mut files = 0;
    for entry in entries.flatten() {
        let path = entry.path();
        if !chosen(&path) {
            continue;
        }
        files += 1;
        let plain = entry.file_type().is_ok_and(|t| t.is_file() || t.is_dir());
        if !plain || files > MAX_FILES {
            return Err(refused(&path));
        }
    }
    Ok(())
}

/// Refuses XML with a document type: no format here has one, and entities are how XML bombs are built.
fn no_document_type(path: &Path) -> Result<()> {
    use std::io::Read;
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|f| f.take(PROLOG as u64).read_to_end(&mut head));
    read.map_err(|e| {
        Error::not_found(
            format!("读不了文件 {}；请核对权限", path.display()),
            format!("the file {} cannot be read; check its permissions", path.display()),
        )
        .because(e)
    })?;
    // UTF-16 is seen too, its zero bytes left out.
    let text: Vec<u8> = head.iter().filter(|b| **b != 0).map(u8::to_ascii_uppercase).collect();
    let holds = |word: &[u8]| text.windows(word.len()).any(|w| w == word);
    let xml = text.iter().take(64).any(|b| *b == b'<');
    if xml && (holds(b"<!DOCTYPE") || holds(b"<!ENTITY")) {
        return Err(Error::invalid(
            format!("{} 含有 DOCTYPE 或 ENTITY，可能是 XML 炸弹，不读取；请去掉后再导入", path.display()),
            format!(
                "{} holds a DOCTYPE or ENTITY and may be an XML bomb, so it is not read; remove them first",
                path.display()
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("门牌.shp");
        fs::write(&file, b"x").unwrap();
        assert!(check(&file).unwrap().is_absolute());
        for path in [
            "/vsicurl/http://x/a.shp",
            "/vsizip/a.zip",
            "http://x/a.shp",
            "GML:a.gml",
            "{\"type\":\"Topology\"}",
            "",
            "/dev/zero",
            "/dev/stdin",
            "/proc/self/environ",
        ] {
            assert!(check(Path::new(path)).is_err(), "{path}");
        }
        assert!(check(folder.path()).is_err());
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("门牌.dbf")).unwrap();
        assert!(check(&file).is_err());
    }

    #[test]
    fn document_types_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.gml");
        let bomb = "<?xml version=\"1.0\"?>\n<!doctype x [<!ENTITY a \"b\">]><x>&a;</x>";
        fs::write(&file, bomb).unwrap();
        assert!(check(&file).unwrap_err().en().contains("ENTITY"));
        let wide: Vec<u8> = bomb.encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(&file, wide).unwrap();
        assert!(check(&file).is_err());
        fs::write(&file, "<x>DOCTYPE in words is none</x>").unwrap();
        assert!(check(&file).is_ok());
    }
}
