//! What an import tells: as it goes, and at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use gis_data::{Error, LayerId, Receipt, Result};
use serde::Serialize;

/// Is told how far it is.
pub(crate) trait Progress: Send + Sync {
    /// A file is being read.
    fn file(&self, name: &str, rows: Option<u64>);
    /// `rows` rows of it have been read, `part` of the whole (0 to 1).
    fn rows(&self, rows: u64, part: f32);
    /// Everything is read; the store is writing.
    fn writing(&self);
}

/// What became of one layer's rows.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) added: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
}

/// What became of an import.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) layers: BTreeMap<LayerId, Tally>,
    /// Rows that no rule of the mapping wanted.
    pub(crate) skipped: u64,
    /// Rows that could not be read, so that no layer could be told.
    pub(crate) unreadable: u64,
    /// Where the log stands now.
    pub(crate) position: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rejects: Option<PathBuf>,
    /// Projections that are less exact than the data may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

impl Report {
    /// Takes in what the store says.
    pub(super) fn receive(&mut self, receipt: &Receipt) {
        for (layer, counts) in &receipt.counts {
            // The definition of a layer is no row of the source.
            if layer.as_str() != gis_data::Catalog::SYSTEM {
                let tally = self.layers.entry(layer.clone()).or_default();
                (tally.added, tally.changed, tally.unchanged) = (counts.added, counts.changed, counts.unchanged);
            }
        }
        self.position = receipt.position.to_string();
    }

    /// All refused rows.
    pub(crate) fn rejected(&self) -> u64 {
        self.unreadable + self.layers.values().map(|t| t.rejected).sum::<u64>()
    }
}

/// Writes refused rows, one a line, with the reason: a CSV that offices open. Made at the first one.
pub(super) struct Rejects {
    path: PathBuf,
    out: Option<std::io::BufWriter<std::fs::File>>,
}

impl Rejects {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), out: None }
    }

    /// Tells one refused row.
    pub(super) fn tell(&mut self, file: &str, table: &str, row: u64, key: &str, reason: &Error) -> Result<()> {
        let failed = |cause: std::io::Error| {
            Error::storage(
                format!("拒收清单 {} 写不进去；请换一个位置（--rejects）", self.path.display()),
                format!(
                    "the list of refused rows {} cannot be written; name another place (--rejects)",
                    self.path.display()
                ),
                cause,
            )
        };
        let out = if let Some(out) = &mut self.out {
            out
        } else {
            let mut out = std::io::BufWriter::new(std::fs::File::create(&self.path).map_err(failed)?);
            // The byte order mark makes Excel read it as UTF-8.
            out.write_all("\u{FEFF}file,table,row,key,reason,reason_en\n".as_bytes()).map_err(failed)?;
            self.out.insert(out)
        };
        let row = row.to_string();
        let cells = [file, table, row.as_str(), key, reason.zh(), reason.en()];
        let line: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        writeln!(out, "{}", line.join(",")).map_err(failed)
    }

    /// The file, if any row was refused.
    pub(super) fn done(self) -> Result<Option<PathBuf>> {
        let Some(mut out) = self.out else { return Ok(None) };
        out.flush().map_err(|cause| {
            Error::storage("拒收清单写不完整", "the list of refused rows cannot be written whole", cause)
        })?;
        Ok(Some(self.path))
    }
}
