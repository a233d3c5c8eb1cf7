//! What every reader yields, and the door to all of them.

use std::path::Path;

use gis_data::{Error, Properties, Result};

use crate::input::Input;
use crate::{Format, sniff};

/// A table, layer or sheet of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name; for formats with a single nameless table the name of the file without its ending.
    pub name: String,
    /// `EPSG:4326`, or WKT or PROJ text; `None` if the file declares nothing.
    pub crs: Option<String>,
    /// How many rows the file says or is found to have.
    pub rows: Option<u64>,
}

/// One row, feature or element.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The 1-based row, line or feature number in its table.
    pub row: u64,
    /// The table it comes from.
    pub table: String,
    /// The source's own id: `w123` in OSM, the fid of a GeoPackage, the `id` of a GeoJSON feature.
    pub key: Option<String>,
    /// The shape in the CRS of its table, x (east) before y (north); not checked, so NaN is possible.
    pub shape: Option<geo_types::Geometry<f64>>,
    /// One height for each vertex, if the shape has any.
    pub z: Option<Vec<f64>>,
    /// The fields as found.
    pub properties: Properties,
}

/// One row that cannot be read. The rows after it can.
#[derive(Debug)]
pub struct Reject {
    /// The table it comes from.
    pub table: String,
    /// The 1-based row, line or feature number; 0 when the whole table is meant.
    pub row: u64,
    /// The source's own id, if that much could be read.
    pub key: Option<String>,
    /// What is wrong and what to do.
    pub reason: Error,
}

/// What a reader yields.
#[derive(Debug)]
pub enum Item {
    /// A row.
    Record(Record),
    /// A row that cannot be read.
    Reject(Reject),
}

impl Item {
    pub(crate) fn reject(table: &str, row: u64, key: Option<String>, reason: Error) -> Self {
        Self::Reject(Reject { table: table.to_owned(), row, key, reason })
    }
}

/// Yields the rows of one file.
pub trait Reader: Send {
    /// What is being read.
    fn format(&self) -> Format;

    /// The tables that will be read, in order.
    fn tables(&self) -> &[Table];

    /// The next row, or `None` at the end. An error means that the file as a whole is unusable from here on.
    fn next(&mut self) -> Result<Option<Item>>;

    /// How much of the file has been read, 0 to 1.
    fn progress(&self) -> f32;
}

/// What the caller knows better than the file. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The format, where content and name mislead.
    pub format: Option<Format>,
    /// The encoding of a CSV (`UTF-8`, `GB18030`, `Big5` … as the WHATWG names them).
    pub encoding: Option<String>,
    /// The delimiter of a CSV.
    pub delimiter: Option<char>,
    /// Reads this table only.
    pub table: Option<String>,
    /// The column with x, east or longitude.
    pub x: Option<String>,
    /// The column with y, north or latitude.
    pub y: Option<String>,
    /// The column with WKT shapes.
    pub wkt: Option<String>,
}

/// Opens a file for reading. The error of [`Format::Other`] says that the GDAL child program reads it: call [`sniff`] first.
pub fn open(path: &Path, options: &Options) -> Result<Box<dyn Reader>> {
    let format = match options.format {
        Some(format) => format,
        None => sniff(path)?,
    };
    let input = Input::new(path)?;
    let name = input.name();
    let reader: Result<Box<dyn Reader>> = match format {
        Format::OsmPbf | Format::OsmXml => boxed(crate::osm::Osm::open(&input, format)),
        Format::GeoJson => boxed(crate::geojson::Document::open(&input)),
        Format::GeoJsonSeq => boxed(crate::geojson::Lines::open(&input)),
        Format::GeoPackage => boxed(crate::geopackage::GeoPackage::open(path)),
        Format::FlatGeobuf => boxed(crate::flatgeobuf::FlatGeobuf::open(&input)),
        Format::Csv => boxed(crate::csv::Csv::open(&input, options)),
        Format::Sheet => boxed(crate::sheet::Sheets::open(path, options)),
        Format::Child => Err(Error::invalid(
            "子程序的输出不是文件；请用 child::Output 读取",
            "the output of the child program is no file; read it with child::Output",
        )),
        Format::Other => Err(Error::invalid(
            "这种格式由 GDAL 子程序 menpai-gdal 读取；请确认它已安装，或先用 ogr2ogr 转成 GeoPackage",
            "this format is read by the GDAL child program menpai-gdal; see that it is installed, or convert the file to GeoPackage with ogr2ogr first",
        )),
    };
    let reader = reader.map_err(|e| e.at(&name))?;
    match &options.table {
        Some(table) => crate::guard::only(reader, table).map_err(|e| e.at(&name)),
        None => Ok(reader),
    }
}

fn boxed<R: Reader + 'static>(reader: Result<R>) -> Result<Box<dyn Reader>> {
    reader.map(|r| Box::new(r) as Box<dyn Reader>)
}
