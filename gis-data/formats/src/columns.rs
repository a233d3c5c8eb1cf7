//! Rows of a table with a header into records: which columns are coordinates, and the shape they make.

use geo_types::{Geometry as Shape, Point};
use gis_data::{Error, Name, Properties, Result, Value};

use crate::{Options, Record, wkt};

/// Column names for x, east or longitude, in order of preference; for y likewise, in step.
const X: [&str; 14] = [
    "经度",
    "經度",
    "lon",
    "lng",
    "long",
    "longitude",
    "东经",
    "東經",
    "x",
    "x坐标",
    "x_coord",
    "point_x",
    "coord_x",
    "easting",
];
const Y: [&str; 14] = [
    "纬度", "緯度", "lat", "lat", "lat", "latitude", "北纬", "北緯", "y", "y坐标", "y_coord", "point_y", "coord_y",
    "northing",
];
/// Column names for WKT.
const WKT: [&str; 8] = ["wkt", "geom", "geometry", "the_geom", "shape", "几何", "几何信息", "空间坐标"];
/// The most columns.
const MAX_COLUMNS: usize = 16_384;

/// A shape and its heights, if there are any.
type Placed = (Option<Shape<f64>>, Option<Vec<f64>>);

/// The columns of a table.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    names: Vec<Name>,
    place: Place,
    /// The SRID that every WKT of the table must carry.
    srid: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    None,
    Xy(usize, usize),
    Wkt(usize),
}

impl Columns {
    /// Finds out the columns of a header. `sample` is the first row, whose WKT may name the CRS of all.
    pub(crate) fn of(header: &[String], sample: &[Value], options: &Options) -> Result<Self> {
        if header.len() > MAX_COLUMNS {
            return Err(crate::guard::too_large(
                format!("表头有 {} 列，超过 {MAX_COLUMNS} 列；请检查分隔符", header.len()),
                format!("the header has {} columns, more than {MAX_COLUMNS}; check the delimiter", header.len()),
            ));
        }
        let plain: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
        let named = |name: &str| plain.iter().position(|h| *h == name.trim().to_lowercase());
        let asked =
            |name: &Option<String>| name.as_ref().map(|n| named(n).ok_or_else(|| no_column(n, header))).transpose();
        let (x, y, w) = (asked(&options.x)?, asked(&options.y)?, asked(&options.wkt)?);
        let place = match (x, y, w) {
            (_, _, Some(w)) => Place::Wkt(w),
            (Some(x), Some(y), _) => Place::Xy(x, y),
            (Some(_), None, _) | (None, Some(_), _) => {
                return Err(Error::invalid(
                    "只指定了一个坐标列；请同时指定 x（经度）列和 y（纬度）列",
                    "one coordinate column is named; name both the x (longitude) and the y (latitude) column",
                ));
            }
            _ => {
                let wkt = WKT.iter().find_map(|n| named(n)).filter(|i| sample.get(*i).is_none_or(looks_like_wkt));
                let xy = X.iter().zip(Y).find_map(|(x, y)| Some(Place::Xy(named(x)?, named(y)?)));
                wkt.map(Place::Wkt).or(xy).unwrap_or(Place::None)
            }
        };
        let srid = match place {
            Place::Wkt(i) => sample.get(i).and_then(Value::as_str).and_then(|t| wkt::parse(t).ok()).and_then(|p| p.2),
            _ => None,
        };
        Ok(Self { names: names(header), place, srid })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The CRS that the table names, if it does.
    pub(crate) fn crs(&self) -> Option<String> {
        self.srid.map(|n| format!("EPSG:{n}"))
    }

    /// The record of one row. Columns of coordinates become the shape and are no fields.
    pub(crate) fn record(&self, table: &str, row: u64, cells: Vec<Value>) -> Result<Record> {
        let (shape, z) = match self.place {
            Place::None => (None, None),
            Place::Xy(x, y) => (point(cells.get(x), cells.get(y))?, None),
            Place::Wkt(i) => self.wkt(cells.get(i))?,
        };
        let is_place = |i: usize| match self.place {
            Place::None => false,
            Place::Xy(x, y) => i == x || i == y,
            Place::Wkt(w) => i == w,
        };
        // An empty cell stays as null: that a column is there tells what sort of table it is.
        let mut cells = cells.into_iter();
        let fields = self.names.iter().enumerate().map(|(i, n)| (i, n, cells.next().unwrap_or_default()));
        let properties: Properties =
            fields.filter(|(i, ..)| !is_place(*i)).map(|(_, n, v)| (Name::clone(n), blank(v))).collect();
        Ok(Record { row, table: table.to_owned(), key: None, shape, z, properties })
    }

    fn wkt(&self, cell: Option<&Value>) -> Result<Placed> {
        let Some(text) = cell.and_then(Value::as_str).filter(|t| !t.trim().is_empty()) else { return Ok((None, None)) };
        let (shape, z, srid) = wkt::parse(text)?;
        if srid.is_some() && srid != self.srid {
            return Err(Error::invalid(
                "WKT 的 SRID 与本表第一行不同；请统一坐标系",
                "the SRID of the WKT differs from the table's first row; use one CRS",
            ));
        }
        Ok((Some(shape), z))
    }
}

fn point(x: Option<&Value>, y: Option<&Value>) -> Result<Option<Shape<f64>>> {
    let number = |v: Option<&Value>| match v {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(t)) if t.trim().is_empty() => Ok(None),
        Some(v) => {
            let told = v.as_f64().or_else(|| v.as_str().and_then(|t| t.trim().parse().ok()));
            told.map(Some).ok_or_else(|| {
                let text = v.to_text();
                Error::invalid(
                    format!("坐标 “{text}” 不是数字；请改成十进制的度或米"),
                    format!("the coordinate “{text}” is not a number; write decimal degrees or metres"),
                )
            })
        }
    };
    match (number(x)?, number(y)?) {
        (Some(x), Some(y)) => Ok(Some(Shape::Point(Point::new(x, y)))),
        (None, None) => Ok(None),
        _ => Err(Error::invalid(
            "两个坐标缺了一个；请补齐，或把两个都留空",
            "one of the two coordinates is missing; give both or neither",
        )),
    }
}

fn blank(value: Value) -> Value {
    if value.as_str().is_some_and(|t| t.trim().is_empty()) { Value::Null } else { value }
}

fn looks_like_wkt(value: &Value) -> bool {
    value.as_str().is_none_or(|t| t.trim().is_empty() || t.contains('(') || t.to_uppercase().contains("EMPTY"))
}

/// Names without doubles: an empty one is `column_3`, a second `name` is `name_2`.
fn names(header: &[String]) -> Vec<Name> {
    let mut seen: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
    let mut all = Vec::with_capacity(header.len());
    for (i, name) in header.iter().enumerate() {
        let name = name.trim();
        let name = if name.is_empty() { format!("column_{}", i + 1) } else { name.to_owned() };
        let n = seen.entry(name.clone()).or_insert(0);
        *n += 1;
        all.push(if *n == 1 { name.into() } else { format!("{name}_{n}").into() });
    }
    all
}

fn no_column(name: &str, header: &[String]) -> Error {
    Error::not_found(
        format!("没有名为 “{name}” 的列；有：{}", header.join("、")),
        format!("there is no column “{name}”; there are: {}", header.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &[&str], sample: &[&str]) -> Columns {
        let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
        let sample: Vec<Value> = sample.iter().map(|s| Value::from(*s)).collect();
        Columns::of(&header, &sample, &Options::default()).unwrap()
    }

    #[test]
    fn coordinates_are_found_by_name() {
        assert_eq!(columns(&["名称", "经度", "纬度"], &[]).place, Place::Xy(1, 2));
        assert_eq!(columns(&["LAT", "Name", " Lon "], &[]).place, Place::Xy(2, 0));
        assert_eq!(columns(&["x", "lat"], &[]).place, Place::None);
        assert_eq!(columns(&["lng", "lat"], &[]).place, Place::Xy(0, 1));
        assert_eq!(columns(&["a", "WKT"], &["1", "POINT(1 2)"]).place, Place::Wkt(1));
        assert_eq!(columns(&["shape", "x", "y"], &["round", "1", "2"]).place, Place::Xy(1, 2));
        assert_eq!(columns(&["geom"], &["SRID=4549;POINT(1 2)"]).crs().as_deref(), Some("EPSG:4549"));
    }

    #[test]
    fn rows_become_records() {
        let c = columns(&["name", "x", "y", "name", ""], &[]);
        let row = |x: &str, y: &str| c.record("t", 2, ["a", x, y, "b", ""].iter().map(|t| Value::from(*t)).collect());
        let record = row("1.5", "2").unwrap();
        assert_eq!(record.shape, Some(Point::new(1.5, 2.0).into()));
        assert_eq!(record.properties.text("name_2"), Some("b"));
        assert_eq!(record.properties.get("column_5"), Some(&Value::Null));
        assert_eq!(record.properties.get("x"), None);
        assert_eq!(row("", " ").unwrap().shape, None);
        assert!(row("1", "").is_err() && row("东", "2").is_err());
    }
}
