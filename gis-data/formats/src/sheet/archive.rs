//! The zip around a workbook, inflated once under guard before a library takes it into memory.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use gis_data::{Error, Result};
use zip::ZipArchive;

use crate::guard::too_large;
use crate::input::file_name;

/// The most parts of a workbook.
const MAX_PARTS: usize = 10_000;
/// What all parts may inflate to together.
const MAX_BYTES: u64 = 512 << 20;
/// How many times its size a part may inflate to beyond [`FREE_BYTES`].
const MAX_RATIO: u64 = 200;
const FREE_BYTES: u64 = 16 << 20;

/// Refuses archives that are damaged, that are bombs, or that hold no workbook.
pub(super) fn check(path: &Path) -> Result<()> {
    let name = file_name(path);
    let damaged = |cause: zip::result::ZipError| {
        Error::invalid(
            "Excel 文件（zip）损坏；请在 Excel 中打开并另存，或重新下载",
            "the Excel file (a zip) is damaged; open it in Excel and save it anew, or download it again",
        )
        .because(cause)
    };
    let file = File::open(path).map_err(|e| crate::input::failed(&name, e))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(too_large(
            format!("Excel 文件里有 {} 个部件，超过 {MAX_PARTS} 个；请检查来源", archive.len()),
            format!("the Excel file has {} parts, more than {MAX_PARTS}; check where it comes from", archive.len()),
        ));
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Error::invalid(
            "zip 里没有 Excel 工作簿；请先解压，再导入其中的文件",
            "the zip holds no Excel workbook; unpack it and import the files in it",
        ));
    }
    let mut left = MAX_BYTES;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(damaged)?;
        let limit = left.min((part.compressed_size().saturating_mul(MAX_RATIO)).max(FREE_BYTES));
        let got = std::io::copy(&mut part.take(limit + 1), &mut std::io::sink());
        let got = got.map_err(|e| damaged(e.into()))?;
        if got > limit {
            return Err(too_large(
                "Excel 文件解压后过大，疑为解压炸弹；请检查来源，或拆成几个文件",
                "the Excel file inflates to too much, as a bomb does; check where it comes from, or split it",
            ));
        }
        left -= got;
    }
    Ok(())
}
