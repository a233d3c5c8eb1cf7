//! A GeoJSON document, read feature by feature.

use gis_data::Result;

use super::scanner::Scanner;
use super::{DEFAULT_CRS, crs, feature, invalid};
use crate::guard::MAX_FEATURE_BYTES;
use crate::input::{Gauge, Input, Stream};
use crate::names::Names;
use crate::{Format, Item, Reader, Table};

/// The most bytes of a member that is not `features`.
const MAX_MEMBER_BYTES: usize = 1 << 20;

/// Reads a FeatureCollection, a feature or a geometry.
pub(crate) struct Document {
    table: [Table; 1],
    scanner: Scanner<Stream>,
    gauge: Gauge,
    many: bool,
    done: bool,
    row: u64,
    names: Names,
    text: Vec<u8>,
}

/// What a first walk over the document finds: a `crs` may stand behind a million features.
#[derive(Default)]
struct Survey {
    kind: String,
    /// The text of the `crs` member: null there is not the same as no member.
    crs: Option<Vec<u8>>,
    features: Option<u64>,
}

impl Document {
    /// Walks over the document once and stands before its first feature.
    pub(crate) fn open(input: &Input) -> Result<Self> {
        let survey = survey(input)?;
        let many = match (survey.kind.as_str(), survey.features) {
            ("FeatureCollection", Some(_)) => true,
            ("FeatureCollection", None) => {
                return Err(invalid(
                    "FeatureCollection 缺少 features 成员；请检查文件是否完整",
                    "the FeatureCollection has no features member; see whether the file is whole",
                ));
            }
            ("", _) => {
                return Err(invalid(
                    "JSON 没有 type 成员，不是 GeoJSON；请检查来源",
                    "the JSON has no type member and is not GeoJSON; check where it comes from",
                ));
            }
            ("CityJSON" | "Topology", _) => {
                return Err(invalid(
                    format!("文件是 {}，不是 GeoJSON；请先转换", survey.kind),
                    format!("the file is {}, not GeoJSON; convert it first", survey.kind),
                ));
            }
            _ => false,
        };
        let crs = match survey.crs {
            Some(member) => crs::declared(&member)?,
            None => Some(DEFAULT_CRS.to_owned()),
        };
        let table = Table { name: input.stem(), crs, rows: Some(survey.features.unwrap_or(1)) };
        let stream = input.open()?;
        let gauge = stream.gauge();
        let mut scanner = Scanner::new(stream, input.name())?;
        if many {
            enter(&mut scanner)?;
        }
        Ok(Self {
            table: [table],
            scanner,
            gauge,
            many,
            done: false,
            row: 0,
            names: Names::default(),
            text: Vec::new(),
        })
    }
}

/// Walks to the first feature.
fn enter(scanner: &mut Scanner<Stream>) -> Result<()> {
    scanner.expect(b'{')?;
    loop {
        let name = scanner.text(MAX_MEMBER_BYTES)?;
        scanner.expect(b':')?;
        if name == "features" {
            return scanner.expect(b'[');
        }
        scanner.value(None)?;
        scanner.expect(b',')?;
    }
}

fn survey(input: &Input) -> Result<Survey> {
    let mut scanner = Scanner::new(input.open()?, input.name())?;
    let mut found = Survey::default();
    scanner.expect(b'{')?;
    let mut first = true;
    while !scanner.take(b'}')? {
        if !first {
            scanner.expect(b',')?;
        }
        first = false;
        let name = scanner.text(MAX_MEMBER_BYTES)?;
        scanner.expect(b':')?;
        let mut text = Vec::new();
        match name.as_str() {
            "type" => found.kind = scanner.text(MAX_MEMBER_BYTES)?,
            "crs" => {
                scanner.value(Some((&mut text, MAX_MEMBER_BYTES)))?;
                found.crs = Some(text);
            }
            "features" => {
                if found.features.is_some() {
                    return Err(scanner.unexpected("features 出现了两次", "there are two features members"));
                }
                found.features = Some(count(&mut scanner)?);
            }
            _ => scanner.value(None)?,
        }
    }
    if scanner.peek()?.is_some() {
        return Err(scanner.unexpected("文档之后还有内容", "something follows the document"));
    }
    Ok(found)
}

fn count(scanner: &mut Scanner<Stream>) -> Result<u64> {
    scanner.expect(b'[')?;
    let mut n = 0;
    while !scanner.take(b']')? {
        if n > 0 {
            scanner.expect(b',')?;
        }
        scanner.value(None)?;
        n += 1;
    }
    Ok(n)
}

impl Reader for Document {
    fn format(&self) -> Format {
        Format::GeoJson
    }

    fn tables(&self) -> &[Table] {
        &self.table
    }

    fn next(&mut self) -> Result<Option<Item>> {
        if self.done || (self.many && self.scanner.take(b']')?) {
            self.done = true;
            return Ok(None);
        }
        if self.many && self.row > 0 {
            self.scanner.expect(b',')?;
        }
        self.done = !self.many;
        self.row += 1;
        self.text.clear();
        self.scanner.value(Some((&mut self.text, MAX_FEATURE_BYTES)))?;
        let [table] = &self.table;
        let read = feature::read(&self.text, &mut self.names, &table.name, self.row);
        Ok(Some(match read {
            Ok(record) => Item::Record(record),
            Err((key, reason)) => Item::reject(&table.name, self.row, key, reason),
        }))
    }

    fn progress(&self) -> f32 {
        if self.done { 1.0 } else { self.gauge.progress() }
    }
}
