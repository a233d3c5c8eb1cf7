//! `menpai-gdal`: reads the long tail of formats (Shapefile, MapInfo, GML, KML, GPX, DXF, file geodatabases …) in a
//! process of its own.
//!
//! GDAL is a large C++ library and the files come from strangers, so it is linked into this small program alone. It takes
//! its own limits before it opens anything (memory, time, open files, no file written, no network), opens only with the
//! drivers of [`drivers`], and writes what it finds to its output. A crash ends this process and nothing else: the parent
//! reads one line of JSON on stderr and an exit status other than 0.
//!
//! ```text
//! menpai-gdal read FILE [--table NAME]… [--encoding GB18030] [--open-option KEY=VALUE]… [--memory-mib 2048] [--seconds 600]
//! menpai-gdal formats
//! ```
//!
//! `read` writes the lines of [`gis_data_formats::child`]. Shapes are ISO WKB in the CRS of their table, east before north;
//! curves are made lines; null fields are left out. Output without its last line is not whole. Exit status 2: the file as a
//! whole cannot be read, with one line `{"zh":"…","en":"…"}` on stderr; 1: the output could not be written.

mod arguments;
mod drivers;
mod encoding;
mod limits;
mod path;
mod read;
mod system;
mod table;
mod value;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use crate::arguments::Command;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let done = Command::parse(&arguments).and_then(|command| match command {
        Command::Formats => {
            let mut out = io::stdout().lock();
            drivers::ALLOWED.iter().try_for_each(|d| writeln!(out, "{d}")).map_err(read::broken)
        }
        Command::Help => writeln!(io::stdout().lock(), "{}", arguments::USAGE).map_err(read::broken),
        Command::Read(wanted) => {
            limits::take(wanted.memory_mib, wanted.seconds)?;
            read::file(&wanted, BufWriter::with_capacity(256 * 1024, io::stdout().lock()))
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let line = serde_json::json!({ "zh": e.zh(), "en": e.en() });
            // Where stderr is gone too, the exit status is all that is left to say.
            let _ = writeln!(io::stderr().lock(), "{line}");
            ExitCode::from(if e.kind() == gis_data::Kind::Storage { 1 } else { 2 })
        }
    }
}
