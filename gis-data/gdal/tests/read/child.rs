//! Runs the program and reads its lines.

use std::path::{Path, PathBuf};
use std::process::Command;

use gis_data::geometry::wkb;
use serde_json::Value;

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) tables: Vec<Value>,
    pub(crate) rows: Vec<Value>,
    pub(crate) errors: Vec<Value>,
    /// The last line was there.
    pub(crate) whole: bool,
    /// The line on stderr.
    pub(crate) told: Option<Value>,
}

pub(crate) fn run(arguments: &[&str]) -> Run {
    let out = Command::new(env!("CARGO_BIN_EXE_menpai-gdal")).args(arguments).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let mut run =
        Run { code: out.status.code(), tables: vec![], rows: vec![], errors: vec![], whole: false, told: None };
    for line in text.lines() {
        // What a dying child leaves may end in the middle of a line.
        let Ok(value) = serde_json::from_str::<Value>(line) else { break };
        if let Some(tables) = value["tables"].as_array() {
            run.tables.clone_from(tables);
        } else if value["end"] == true {
            run.whole = true;
        } else if value["error"].is_object() {
            run.errors.push(value);
        } else {
            run.rows.push(value);
        }
    }
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    run.told = told.lines().last().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic_with(&told, &e)));
    run
}

fn panic_with(told: &str, e: &serde_json::Error) -> Value {
    assert!(told.is_empty(), "stderr is not one line of JSON ({e}): {told}");
    Value::Null
}

pub(crate) fn read(file: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["read", file.to_str().unwrap()];
    arguments.extend(more);
    run(&arguments)
}

impl Run {
    /// A run that went well.
    pub(crate) fn well(self) -> Self {
        assert!(self.code == Some(0) && self.whole && self.errors.is_empty(), "{self:?}");
        self
    }

    /// A run that was refused, with what it said in English.
    pub(crate) fn refused(&self) -> String {
        assert!(self.code == Some(2) && !self.whole, "{self:?}");
        let told = self.told.as_ref().unwrap();
        assert!(!told["zh"].as_str().unwrap().is_empty());
        told["en"].as_str().unwrap().to_owned()
    }

    /// West, south, east, north of table `t`.
    pub(crate) fn extent(&self, t: u64) -> [f64; 4] {
        let mut extent = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for row in self.rows.iter().filter(|r| r["t"] == t) {
            for [x, y] in vertices(row) {
                extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
            }
        }
        extent
    }
}

/// The shape of a row and its heights.
pub(crate) fn shape(row: &Value) -> (geo_types::Geometry<f64>, Option<Vec<f64>>) {
    let hex = row["wkb"].as_str().unwrap_or_default();
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|d| d[0] * 16 + d[1]).collect();
    wkb::read_raw(&bytes).unwrap()
}

pub(crate) fn vertices(row: &Value) -> Vec<[f64; 2]> {
    use geo_types::Geometry as Shape;
    fn add(shape: &Shape<f64>, all: &mut Vec<[f64; 2]>) {
        let mut line = |l: &geo_types::LineString<f64>| all.extend(l.0.iter().map(|c| [c.x, c.y]));
        match shape {
            Shape::Point(p) => all.push([p.x(), p.y()]),
            Shape::LineString(l) => line(l),
            Shape::Polygon(p) => line(p.exterior()),
            Shape::MultiPoint(m) => all.extend(m.0.iter().map(|p| [p.x(), p.y()])),
            Shape::MultiLineString(m) => m.0.iter().for_each(line),
            Shape::MultiPolygon(m) => m.0.iter().for_each(|p| line(p.exterior())),
            Shape::GeometryCollection(c) => c.0.iter().for_each(|s| add(s, all)),
            other => unreachable!("{other:?}"),
        }
    }
    let mut all = Vec::new();
    if row["wkb"].is_string() {
        add(&shape(row).0, &mut all);
    }
    all
}

/// A folder of the shared test data, or none with the reason printed; without it CI fails.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("MENPAI_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", folder.display());
    eprintln!("skipped: {} is missing (set MENPAI_DATA)", folder.display());
    None
}

/// Runs a program of GDAL, or says why not; without it CI fails.
pub(crate) fn gdal(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(out) => {
            assert!(out.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
            Some(String::from_utf8_lossy(&out.stdout).into_owned())
        }
        Err(e) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{program} (gdal-bin) is needed: {e}");
            eprintln!("skipped: {program} (gdal-bin) is not installed");
            None
        }
    }
}
