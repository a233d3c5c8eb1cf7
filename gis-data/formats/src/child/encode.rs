//! Writing the line protocol.

use std::io::{self, Write};

use gis_data::{Error, Properties};
use serde_json::json;

use crate::Table;

/// Writes tables, rows and the end, in this order.
#[derive(Debug)]
pub struct Encoder<W> {
    out: W,
}

impl<W: Write> Encoder<W> {
    /// Begins with the tables.
    pub fn new(mut out: W, tables: &[Table]) -> io::Result<Self> {
        let list: Vec<_> = tables.iter().map(|t| json!({ "name": t.name, "crs": t.crs, "rows": t.rows })).collect();
        line(&mut out, &json!({ "tables": list }))?;
        Ok(Self { out })
    }

    /// One row. `wkb` is WKB as GDAL exports it.
    pub fn row(
        &mut self,
        table: usize,
        row: u64,
        key: Option<&str>,
        wkb: Option<&[u8]>,
        properties: &Properties,
    ) -> io::Result<()> {
        let out = &mut self.out;
        write!(out, "{{\"t\":{table},\"row\":{row}")?;
        if let Some(key) = key {
            out.write_all(b",\"key\":")?;
            serde_json::to_writer(&mut *out, key)?;
        }
        if let Some(wkb) = wkb {
            out.write_all(b",\"wkb\":\"")?;
            for part in wkb.chunks(1024) {
                let digits: Vec<u8> = part.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect();
                out.write_all(&digits)?;
            }
            out.write_all(b"\"")?;
        }
        out.write_all(b",\"p\":")?;
        serde_json::to_writer(&mut *out, properties)?;
        out.write_all(b"}\n")
    }

    /// A row that cannot be read.
    pub fn reject(&mut self, table: usize, row: u64, key: Option<&str>, reason: &Error) -> io::Result<()> {
        let told = json!({ "t": table, "row": row, "key": key, "error": { "zh": reason.zh(), "en": reason.en() } });
        line(&mut self.out, &told)
    }

    /// Ends in failure: the parent uses nothing of what was said.
    pub fn fail(mut self, reason: &Error) -> io::Result<()> {
        line(&mut self.out, &json!({ "fatal": { "zh": reason.zh(), "en": reason.en() } }))?;
        self.out.flush()
    }

    /// Ends well. Without this the parent takes the child for dead.
    pub fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"{\"end\":true}\n")?;
        self.out.flush()
    }

    /// Ends in failure before there are tables: the file cannot be opened at all.
    pub fn refuse(mut out: W, reason: &Error) -> io::Result<()> {
        line(&mut out, &json!({ "fatal": { "zh": reason.zh(), "en": reason.en() } }))?;
        out.flush()
    }
}

const fn digit(n: u8) -> u8 {
    if n < 10 { b'0' + n } else { b'a' + n - 10 }
}

fn line(out: &mut impl Write, value: &serde_json::Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
