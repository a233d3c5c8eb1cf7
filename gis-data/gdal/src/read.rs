//! From a file to the lines of [`gis_data_formats::child`].

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use gdal::errors::CplErrType;
use gdal::vector::{Feature, Layer, LayerAccess};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use gis_data::{Error, Kind, Properties, Result};
use gis_data_formats::child::Encoder;

use crate::arguments::Wanted;
use crate::table::{self, Columns};
use crate::{drivers, encoding, path, value};

/// The most tables and columns a file may have.
const MAX_TABLES: usize = 10_000;
const MAX_COLUMNS: usize = 10_000;

/// Rejected rows in a row after which the file is given up: something is wrong with all of it.
const MAX_FAULTS: u64 = 100_000;

/// What GDAL complains of, kept until it is asked for.
#[derive(Clone, Default)]
struct Complaints(Arc<Mutex<Vec<String>>>);

impl Complaints {
    /// Listens to GDAL from here on.
    fn listen() -> Self {
        let all = Self::default();
        let kept = all.clone();
        gdal::config::set_error_handler(move |class, _, message| {
            let mut list = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A broken file can complain without end.
            if matches!(class, CplErrType::Failure | CplErrType::Fatal) && list.len() < 8 {
                list.push(message.chars().take(300).collect());
            }
        });
        all
    }

    /// What was said since the last time.
    fn take(&self) -> Option<String> {
        let said = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        (!said.is_empty()).then(|| said.join("; "))
    }
}

/// Reads a file and writes its lines. A failure of the whole is told twice: as the last line, and as the error.
pub(crate) fn file(wanted: &Wanted, out: impl Write) -> Result<()> {
    let complaints = Complaints::listen();
    let dataset = match open(wanted, &complaints) {
        Ok(dataset) => dataset,
        Err(e) => return refuse(out, e),
    };
    let shown = wanted.file.display().to_string();
    let mut chosen = match choose(&dataset, wanted, &shown) {
        Ok(chosen) => chosen,
        Err(e) => return refuse(out, e),
    };
    let heads: Vec<_> = chosen.iter().map(table::head).collect();
    // A count may fail without harm: the rows themselves will tell.
    complaints.take();
    let mut encoder = Encoder::new(out, &heads).map_err(broken)?;
    for (t, (layer, head)) in chosen.iter_mut().zip(&heads).enumerate() {
        match rows(t, layer, &complaints, &mut encoder) {
            Ok(()) => {}
            Err(e) if e.kind() == Kind::Storage => return Err(e),
            Err(e) => {
                let e = e.at(format!("{shown} {}", head.name));
                encoder.fail(&e).map_err(broken)?;
                return Err(e);
            }
        }
    }
    encoder.end().map_err(broken)
}

fn refuse(out: impl Write, e: Error) -> Result<()> {
    Encoder::refuse(out, &e).map_err(broken)?;
    Err(e)
}

/// The output could not be written: the reader is gone, or its disk full.
pub(crate) fn broken(cause: io::Error) -> Error {
    Error::storage("写不出结果；读取方可能已退出", "the result cannot be written; the reader may be gone", cause)
}

/// The tables that are wanted.
fn choose<'a>(dataset: &'a Dataset, wanted: &Wanted, shown: &str) -> Result<Vec<Layer<'a>>> {
    let n = dataset.layer_count();
    if n > MAX_TABLES {
        return Err(unreadable(shown, &format!("{n} tables are more than {MAX_TABLES}")));
    }
    let named = |layer: &Layer<'_>| wanted.tables.is_empty() || wanted.tables.contains(&layer.name());
    let chosen: Vec<_> = dataset.layers().filter(named).collect();
    match wanted.tables.iter().find(|t| chosen.iter().all(|l| l.name() != **t)) {
        None => Ok(chosen),
        Some(missing) => {
            let all: Vec<_> = dataset.layers().map(|l| l.name()).collect();
            Err(Error::not_found(
                format!("文件 {shown} 中没有表“{missing}”；有：{}", all.join("、")),
                format!("the file {shown} has no table “{missing}”; it has {}", all.join(", ")),
            ))
        }
    }
}

fn open(wanted: &Wanted, complaints: &Complaints) -> Result<Dataset> {
    let path = &path::check(&wanted.file)?;
    drivers::set_up()?;
    let mut options = wanted.open_options.clone();
    let encoding = wanted.encoding.clone().or_else(|| encoding::guess(path));
    options.extend(encoding.map(|e| format!("ENCODING={e}")));
    // GML: no schema from the web, nothing written beside the file.
    options.extend(["DOWNLOAD_SCHEMA=NO".to_owned(), "WRITE_GFS=NO".to_owned()]);
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    let opened = Dataset::open_ex(
        path,
        DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
            allowed_drivers: Some(&drivers::ALLOWED),
            open_options: Some(&options),
            ..DatasetOptions::default()
        },
    );
    opened.map_err(|e| {
        let shown = wanted.file.display().to_string();
        let said = complaints.take().unwrap_or_else(|| "no allowed driver knows its content".into());
        unreadable(&shown, &said).because(e)
    })
}

fn unreadable(file: &str, said: &str) -> Error {
    // As C++ and GDAL say it, where a driver catches it and goes on.
    let lower = said.to_ascii_lowercase();
    if ["bad_alloc", "out of memory", "cannot allocate"].iter().any(|w| lower.contains(w)) {
        return Error::new(
            Kind::TooLarge,
            format!("读取文件 {file} 时内存用尽（{said}）；请拆分文件或提高 --memory-mib"),
            format!("reading the file {file} ran out of memory ({said}); split it or raise --memory-mib"),
        );
    }
    Error::invalid(
        format!(
            "读不了文件 {file}：{said}；请检查文件是否完整（Shapefile 需 .shp .shx .dbf 同在），或在桌面软件中另存为 GeoPackage"
        ),
        format!(
            "the file {file} cannot be read: {said}; check that it is whole (a Shapefile needs .shp, .shx and .dbf together), or save it as GeoPackage in a desktop program"
        ),
    )
}

fn rows<W: Write>(
    t: usize,
    layer: &mut impl LayerAccess,
    complaints: &Complaints,
    encoder: &mut Encoder<W>,
) -> Result<()> {
    let columns = Columns::of(layer);
    if columns.names.len() > MAX_COLUMNS {
        return Err(unreadable("", &format!("{} columns are more than {MAX_COLUMNS}", columns.names.len())));
    }
    let swap = value::north_first(layer);
    let (mut row, mut faults) = (0u64, 0u64);
    for feature in layer.features() {
        row += 1;
        let key = feature.fid().map(|fid| fid.to_string());
        match one(&feature, &columns, swap, complaints) {
            Ok((wkb, values)) => {
                faults = 0;
                encoder.row(t, row, key.as_deref(), wkb.as_deref(), &values).map_err(broken)?;
            }
            Err(e) => {
                faults += 1;
                encoder.reject(t, row, key.as_deref(), &e).map_err(broken)?;
                if faults > MAX_FAULTS {
                    return Err(e);
                }
            }
        }
    }
    // GDAL ends a layer it cannot read further as if it were at its end.
    match complaints.take() {
        Some(said) => Err(unreadable("", &said)),
        None => Ok(()),
    }
}

/// The shape and the fields of a row.
fn one(
    feature: &Feature<'_>,
    columns: &Columns,
    swap: bool,
    complaints: &Complaints,
) -> Result<(Option<Vec<u8>>, Properties)> {
    let large = |e: value::TooLarge| {
        Error::invalid(
            format!("该要素的内容（{}）过大或无法转换；请在源软件中修复", e.0),
            format!(
                "the content of the feature ({}) is too large or cannot be converted; repair it in its program",
                e.0
            ),
        )
    };
    let wkb = value::shape(feature, swap).map_err(large)?;
    let mut values = Properties::new();
    for (i, (name, kind)) in columns.names.iter().zip(&columns.kinds).enumerate() {
        if let Some(value) = value::field(feature, i, *kind).map_err(large)? {
            values.set(name.clone(), value);
        }
    }
    match complaints.take() {
        Some(said) => Err(Error::invalid(
            format!("要素读取出错：{said}；请在源软件中修复"),
            format!("the feature cannot be read: {said}; repair it in its program"),
        )),
        None => Ok((wkb, values)),
    }
}
