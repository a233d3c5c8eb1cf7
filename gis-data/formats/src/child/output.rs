//! Reading the line protocol. The child handles hostile files and may be made to say anything, so its words are outside input too.

use std::io::{BufRead, BufReader, Read};

use gis_data::{Error, Kind, Properties, Result};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::geojson::json_properties;
use crate::guard::{json_depth, too_large};
use crate::names::Names;
use crate::{Format, Item, Reader, Record, Table};

/// A line is at most this long: two million vertices with heights in hexadecimal digits are 96 MB.
const MAX_LINE_BYTES: usize = 256 << 20;
/// The most tables.
const MAX_TABLES: usize = 10_000;

/// Reads what the child program says.
#[derive(Debug)]
pub struct Output<R> {
    inner: BufReader<R>,
    tables: Vec<Table>,
    line: Vec<u8>,
    number: u64,
    rows: u64,
    names: Names,
    ended: bool,
}

#[derive(Deserialize)]
struct Head {
    tables: Option<Vec<HeadTable>>,
    fatal: Option<Told>,
}

#[derive(Deserialize)]
struct HeadTable {
    name: String,
    crs: Option<String>,
    rows: Option<u64>,
}

#[derive(Deserialize)]
struct Told {
    zh: String,
    en: String,
}

impl Told {
    fn error(self) -> Error {
        Error::invalid(self.zh, self.en)
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    t: Option<usize>,
    #[serde(default)]
    row: u64,
    key: Option<String>,
    wkb: Option<&'a str>,
    #[serde(borrow)]
    p: Option<&'a RawValue>,
    error: Option<Told>,
    fatal: Option<Told>,
    #[serde(default)]
    end: bool,
}

impl<R: Read> Output<R> {
    /// Reads the first line.
    pub fn new(inner: R) -> Result<Self> {
        let mut output = Self {
            inner: BufReader::with_capacity(1 << 18, inner),
            tables: Vec::new(),
            line: Vec::new(),
            number: 0,
            rows: 0,
            names: Names::default(),
            ended: false,
        };
        if !output.fill()? {
            return Err(died());
        }
        let head: Head = serde_json::from_slice(&output.line).map_err(|e| output.nonsense().because(e))?;
        match (head.tables, head.fatal) {
            (_, Some(told)) => return Err(told.error()),
            (Some(tables), _) if tables.len() <= MAX_TABLES => {
                output.tables = tables.into_iter().map(|t| Table { name: t.name, crs: t.crs, rows: t.rows }).collect();
            }
            _ => return Err(output.nonsense()),
        }
        Ok(output)
    }

    fn nonsense(&self) -> Error {
        Error::new(
            Kind::Unavailable,
            format!("读取程序 menpai-gdal 输出的第 {} 行不合约定；请确认它与 menpai 版本一致", self.number),
            format!(
                "line {} from the reading program menpai-gdal is not as agreed; see that it is of the same version as menpai",
                self.number
            ),
        )
    }

    /// Reads the next line; whether it is there and whole.
    fn fill(&mut self) -> Result<bool> {
        self.line.clear();
        self.number += 1;
        loop {
            let chunk = self.inner.fill_buf().map_err(|e| crate::input::failed("menpai-gdal", e))?;
            let end = chunk.iter().position(|b| *b == b'\n');
            let part = end.unwrap_or(chunk.len());
            if chunk.is_empty() {
                return Ok(false);
            }
            if self.line.len() + part > MAX_LINE_BYTES {
                return Err(too_large(
                    "一个要素超过 256 MiB；请先切分这个要素",
                    "a feature is larger than 256 MiB; cut it first",
                ));
            }
            self.line.extend_from_slice(chunk.get(..part).unwrap_or_default());
            let taken = part + usize::from(end.is_some());
            self.inner.consume(taken);
            if end.is_some() {
                return json_depth(&self.line).map(|()| true);
            }
        }
    }

    /// The item that the current line tells; `None` if it is the end.
    fn item(&mut self) -> Result<Option<Item>> {
        let line: Line<'_> = serde_json::from_slice(&self.line).map_err(|e| self.nonsense().because(e))?;
        if let Some(told) = line.fatal {
            return Err(told.error());
        }
        if line.end {
            return Ok(None);
        }
        let Some(table) = line.t.and_then(|t| self.tables.get(t)) else { return Err(self.nonsense()) };
        let (name, row) = (table.name.clone(), line.row);
        if let Some(told) = line.error {
            return Ok(Some(Item::reject(&name, row, line.key, told.error())));
        }
        let properties = match line.p {
            Some(p) => json_properties(p.get(), &mut self.names).map_err(|e| self.nonsense().because(e))?,
            None => Properties::new(),
        };
        let shape = match line.wkb.map(unhex) {
            None => Ok((None, None)),
            Some(None) => return Err(self.nonsense()),
            Some(Some(bytes)) => gis_data::geometry::wkb::read_raw(&bytes).map(|(s, z)| (Some(s), z)),
        };
        Ok(Some(match shape {
            Ok((shape, z)) => Item::Record(Record { row, table: name, key: line.key, shape, z, properties }),
            Err(reason) => Item::reject(&name, row, line.key, reason),
        }))
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let nibble = |b: &u8| char::from(*b).to_digit(16).map(|d| d as u8);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [a, b] = pair { Some(nibble(a)? << 4 | nibble(b)?) } else { None }).collect()
}

fn died() -> Error {
    Error::new(
        Kind::Unavailable,
        "读取程序 menpai-gdal 中途退出，文件可能已损坏，或超出了内存或时间限制；请用 ogrinfo 检查文件，或先用 ogr2ogr 转成 GeoPackage",
        "the reading program menpai-gdal ended midway: the file may be damaged, or beyond the limits of memory or time; check it with ogrinfo, or convert it to GeoPackage with ogr2ogr",
    )
}

impl<R: Read + Send> Reader for Output<R> {
    fn format(&self) -> Format {
        Format::Child
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn next(&mut self) -> Result<Option<Item>> {
        if self.ended {
            return Ok(None);
        }
        if !self.fill()? {
            return Err(died());
        }
        let item = self.item()?;
        self.ended = item.is_none();
        self.rows += 1;
        Ok(item)
    }

    fn progress(&self) -> f32 {
        let all: Option<u64> = self.tables.iter().map(|t| t.rows).try_fold(0_u64, |n, r| n.checked_add(r?));
        match all {
            _ if self.ended => 1.0,
            Some(all) if all > 0 => (self.rows as f32 / all as f32).min(1.0),
            _ => 0.0,
        }
    }
}
