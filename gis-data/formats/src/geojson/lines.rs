//! A feature a line (also with RS before each, RFC 8142). A bad line is rejected and the next one read.

use std::io::{BufRead, BufReader};

use gis_data::Result;

use super::{DEFAULT_CRS, feature};
use crate::guard::{MAX_FEATURE_BYTES, json_depth, too_large};
use crate::input::{Gauge, Input, Stream};
use crate::names::Names;
use crate::{Format, Item, Reader, Table};

/// The record separator of RFC 8142.
const RS: u8 = 0x1E;

/// Reads a sequence of features.
pub(crate) struct Lines {
    table: [Table; 1],
    name: String,
    inner: BufReader<Stream>,
    gauge: Gauge,
    /// What ends a feature: RS if the file begins with one, since a feature may then span lines.
    end: u8,
    row: u64,
    names: Names,
    text: Vec<u8>,
}

impl Lines {
    /// Stands before the first line.
    pub(crate) fn open(input: &Input) -> Result<Self> {
        let table = Table { name: input.stem(), crs: Some(DEFAULT_CRS.to_owned()), rows: None };
        let head = input.head(16)?;
        let end = if head.trim_ascii_start().first() == Some(&RS) { RS } else { b'\n' };
        let stream = input.open()?;
        let gauge = stream.gauge();
        Ok(Self {
            table: [table],
            name: input.name(),
            inner: BufReader::with_capacity(1 << 18, stream),
            gauge,
            end,
            row: 0,
            names: Names::default(),
            text: Vec::new(),
        })
    }

    /// Reads up to the next end into `text`; whether there was anything.
    fn fill(&mut self) -> Result<bool> {
        self.text.clear();
        let mut any = false;
        loop {
            let chunk = self.inner.fill_buf().map_err(|cause| crate::input::failed(&self.name, cause))?;
            if chunk.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = chunk.iter().position(|b| *b == self.end);
            let part = end.unwrap_or(chunk.len());
            if self.text.len() + part > MAX_FEATURE_BYTES {
                return Err(too_large(
                    format!("第 {} 条超过 {} MiB；请检查换行，或先切分这个要素", self.row + 1, MAX_FEATURE_BYTES >> 20),
                    format!(
                        "feature {} is larger than {} MiB; check the line ends, or cut that feature first",
                        self.row + 1,
                        MAX_FEATURE_BYTES >> 20
                    ),
                ));
            }
            self.text.extend_from_slice(chunk.get(..part).unwrap_or_default());
            let taken = part + usize::from(end.is_some());
            self.inner.consume(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

impl Reader for Lines {
    fn format(&self) -> Format {
        Format::GeoJsonSeq
    }

    fn tables(&self) -> &[Table] {
        &self.table
    }

    fn next(&mut self) -> Result<Option<Item>> {
        while self.fill()? {
            let text = self.text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.text);
            let text = text.trim_ascii().strip_prefix(&[RS]).unwrap_or(text).trim_ascii();
            // Lines are counted as an editor counts them, features of an RS sequence as they come.
            if self.end == b'\n' || !text.is_empty() {
                self.row += 1;
            }
            if text.is_empty() {
                continue;
            }
            let [table] = &self.table;
            let read = json_depth(text)
                .map_err(|e| (None, e))
                .and_then(|()| feature::read(text, &mut self.names, &table.name, self.row));
            return Ok(Some(match read {
                Ok(record) => Item::Record(record),
                Err((key, reason)) => Item::reject(&table.name, self.row, key, reason),
            }));
        }
        Ok(None)
    }

    fn progress(&self) -> f32 {
        self.gauge.progress()
    }
}
