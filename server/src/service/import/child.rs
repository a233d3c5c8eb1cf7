//! Starts `menpai-gdal` for the formats that only GDAL reads.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use gis_data::{Error, Result};
use gis_data_formats::child::Output;
use gis_data_formats::{Format, Item, Options, Reader, Table};

/// Reads a file through the child program. The child is waited for when this is dropped.
pub(super) struct Gdal {
    output: Output<BufReader<ChildStdout>>,
    child: Child,
}

impl Gdal {
    /// Starts the child on a file.
    pub(super) fn open(path: &Path, options: &Options) -> Result<Self> {
        let program = program()?;
        let mut command = Command::new(&program);
        command.arg("read").arg(path);
        if let Some(table) = &options.table {
            command.args(["--table", table]);
        }
        if let Some(encoding) = &options.encoding {
            command.args(["--encoding", encoding]);
        }
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|cause| missing(&program).because(cause))?;
        let stdout = child.stdout.take().ok_or_else(|| missing(&program))?;
        match Output::new(BufReader::new(stdout)) {
            Ok(output) => Ok(Self { output, child }),
            Err(error) => Err(last_words(&mut child).unwrap_or(error)),
        }
    }
}

/// What the child said of its failure on standard error, if it said something.
fn last_words(child: &mut Child) -> Option<Error> {
    let mut text = String::new();
    // A few lines at most; whatever comes after them tells nothing more.
    child.stderr.take()?.take(64 << 10).read_to_string(&mut text).ok()?;
    let words = text.lines().rev().find_map(|l| serde_json::from_str::<serde_json::Value>(l).ok())?;
    Some(Error::invalid(words["zh"].as_str()?, words["en"].as_str()?))
}

/// The child program: beside this one, or the one that `MENPAI_GDAL` names.
fn program() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("MENPAI_GDAL") {
        return Ok(named.into());
    }
    let beside = std::env::current_exe().ok().and_then(|me| Some(me.parent()?.join("menpai-gdal")));
    beside.filter(|p| p.is_file()).ok_or_else(|| missing(Path::new("menpai-gdal")))
}

fn missing(program: &Path) -> Error {
    Error::new(
        gis_data::Kind::Unavailable,
        format!(
            "找不到或无法启动 {}：这种格式需要它；请与 menpai 一起安装，或先用 ogr2ogr 转成 GeoPackage",
            program.display()
        ),
        format!(
            "{} is not there or does not start: this format needs it; install it beside menpai, or convert the file to GeoPackage with ogr2ogr",
            program.display()
        ),
    )
}

impl Reader for Gdal {
    fn format(&self) -> Format {
        Format::Child
    }

    fn tables(&self) -> &[Table] {
        self.output.tables()
    }

    fn next(&mut self) -> Result<Option<Item>> {
        let next = self.output.next();
        next.map_err(|error| last_words(&mut self.child).unwrap_or(error))
    }

    fn progress(&self) -> f32 {
        self.output.progress()
    }
}

impl Drop for Gdal {
    fn drop(&mut self) {
        // It may still be writing what nobody reads any more; it has ended already in the ordinary case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
