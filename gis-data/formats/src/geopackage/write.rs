//! Writing a GeoPackage: whole under another name, then renamed, so that whoever opens the file sees the old one or the new one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use geo_types::{Geometry as Shape, MultiLineString, MultiPolygon};
use gis_data::{BBox, Error, Geometry, Instant, Layer, LayerId, Result, Shown, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::{APPLICATION_ID, blob, quoted, schema};
use crate::input::file_name;

/// How many features were written, by layer.
pub type Written = BTreeMap<LayerId, u64>;

/// Writes `features` of `layers` to `path`, whose old content stays until the new one is whole. Of a feature the fields of its layer's schema are
/// written that its viewer may see, so give schemas with only those fields whose names may be known. `now` is told as the time of change.
pub fn write(
    path: &Path,
    layers: &[Layer],
    features: impl IntoIterator<Item = Result<Shown>>,
    now: Instant,
) -> Result<Written> {
    let name = file_name(path);
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let told = |cause: rusqlite::Error| {
        Error::storage(
            format!("写 GeoPackage {name} 失败；请检查磁盘空间和权限"),
            format!("writing the GeoPackage {name} failed; check the disk's space and permissions"),
            cause,
        )
    };
    let moved = |cause: std::io::Error| {
        Error::storage(
            format!("替换 {name} 失败；请检查文件夹权限，或是否有程序占用它"),
            format!("{name} cannot be replaced; check the folder's permissions, and whether a program holds it"),
            cause,
        )
    };
    // What an earlier run left when it was killed.
    if beside.exists() {
        std::fs::remove_file(&beside).map_err(moved)?;
    }
    let done = fill(&beside, layers, features, now, &told).and_then(|written| {
        // SQLite has synced its pages; the rename itself is made durable by the folder.
        std::fs::rename(&beside, path).map_err(moved)?;
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(folder).and_then(|f| f.sync_all()).map_err(moved)?;
        }
        Ok(written)
    });
    if done.is_err() {
        // The error itself counts; a part that cannot be removed is removed by the next run.
        let _ = std::fs::remove_file(&beside);
    }
    done
}

fn fill(
    path: &Path,
    layers: &[Layer],
    features: impl IntoIterator<Item = Result<Shown>>,
    now: Instant,
    told: &impl Fn(rusqlite::Error) -> Error,
) -> Result<Written> {
    let mut connection = Connection::open(path).map_err(told)?;
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
            schema::USER_VERSION
        ))
        .map_err(told)?;
    let transaction = connection.transaction().map_err(told)?;
    transaction.execute_batch(&schema::core()).map_err(told)?;
    transaction.execute_batch(schema::COUNTS).map_err(told)?;
    let mut sinks: BTreeMap<LayerId, Sink<'_>> = BTreeMap::new();
    for layer in layers {
        let geometry = schema::geometry_type(layer.geometry);
        transaction.execute_batch(&schema::table(layer, geometry)).map_err(told)?;
        if geometry.is_some() {
            transaction.execute_batch(&schema::rtree(layer.id.as_str())).map_err(told)?;
        }
        sinks.insert(layer.id.clone(), Sink::new(layer, geometry));
    }
    for shown in features {
        let shown = shown?;
        let sink = sinks.get_mut(shown.layer()).ok_or_else(|| {
            let id = shown.layer();
            Error::invalid(format!("没有给出图层 {id} 的定义"), format!("the schema of layer {id} was not given"))
        })?;
        sink.put(&transaction, &shown).map_err(told)?;
    }
    let mut written = Written::new();
    for (id, sink) in sinks {
        sink.finish(&transaction, now).map_err(told)?;
        written.insert(id, sink.rows);
    }
    transaction.commit().map_err(told)?;
    connection.close().map_err(|(_, cause)| told(cause))?;
    Ok(written)
}

/// One layer while it is written.
struct Sink<'l> {
    layer: &'l Layer,
    geometry: Option<&'static str>,
    insert: String,
    index: String,
    bbox: BBox,
    rows: u64,
    flat: bool,
    high: bool,
}

impl<'l> Sink<'l> {
    fn new(layer: &'l Layer, geometry: Option<&'static str>) -> Self {
        let id = layer.id.as_str();
        let columns = 1 + usize::from(geometry.is_some()) + layer.fields.len();
        let places = vec!["?"; columns].join(", ");
        Self {
            layer,
            geometry,
            insert: format!("INSERT INTO {} VALUES ({places})", quoted(id)),
            index: format!("INSERT INTO {} VALUES (?, ?, ?, ?, ?)", quoted(&format!("rtree_{id}_geom"))),
            bbox: BBox::EMPTY,
            rows: 0,
            flat: false,
            high: false,
        }
    }

    fn put(&mut self, c: &Connection, shown: &Shown) -> rusqlite::Result<()> {
        let fid = shown.id().get() as i64;
        let mut row: Vec<Sql> = vec![Sql::Integer(fid)];
        let shape = shown.geometry().filter(|_| self.geometry.is_some());
        if let Some(declared) = self.geometry {
            match shape {
                Some(shape) => {
                    let shape = promoted(shape, declared);
                    if declared != "GEOMETRY" && !shape.kind().eq_ignore_ascii_case(declared) {
                        self.widen(c)?;
                    }
                    row.push(Sql::Blob(blob::write(&shape, schema::SRS)));
                }
                None => row.push(Sql::Null),
            }
        }
        row.extend(self.layer.fields.iter().map(|f| shown.get(&f.name).map_or(Sql::Null, sql)));
        c.prepare_cached(&self.insert)?.execute(params_from_iter(row))?;
        if let Some(shape) = shape {
            let b = shape.bbox();
            c.prepare_cached(&self.index)?.execute(params![fid, b.west, b.east, b.south, b.north])?;
            self.bbox.join(&b);
            self.flat |= shape.z().is_none();
            self.high |= shape.z().is_some();
        }
        self.rows += 1;
        Ok(())
    }

    /// A shape came that the declared type does not hold: the table is made anew for any shape.
    fn widen(&mut self, c: &Connection) -> rusqlite::Result<()> {
        let (id, old) = (quoted(self.layer.id.as_str()), quoted(&format!("{}_old", self.layer.id)));
        c.flush_prepared_statement_cache();
        c.execute_batch(&format!("ALTER TABLE {id} RENAME TO {old}"))?;
        c.execute_batch(&schema::table(self.layer, Some("GEOMETRY")))?;
        c.execute_batch(&format!("INSERT INTO {id} SELECT * FROM {old}; DROP TABLE {old};"))?;
        self.geometry = Some("GEOMETRY");
        Ok(())
    }

    fn finish(&self, c: &Connection, now: Instant) -> rusqlite::Result<()> {
        let id = self.layer.id.as_str();
        let kind = if self.geometry.is_some() { "features" } else { "attributes" };
        let b = Some(self.bbox).filter(|b| !b.is_empty());
        let srs = self.geometry.map(|_| schema::SRS);
        c.execute(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', ? / 1e6, 'unixepoch'), ?, ?, ?, ?, ?)",
            params![
                id,
                kind,
                id,
                self.layer.title.zh,
                now.micros(),
                b.map(|b| b.west),
                b.map(|b| b.south),
                b.map(|b| b.east),
                b.map(|b| b.north),
                srs
            ],
        )?;
        c.execute("INSERT INTO gpkg_ogr_contents VALUES (?, ?)", params![id, self.rows as i64])?;
        c.execute_batch(&schema::count_triggers(id))?;
        let Some(declared) = self.geometry else { return Ok(()) };
        // 0: heights prohibited, 1: mandatory, 2: optional.
        let z = match (self.high, self.flat) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        };
        c.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, 0)",
            params![id, declared, schema::SRS, z],
        )?;
        c.execute(
            "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
            [id],
        )?;
        c.execute_batch(&schema::rtree_triggers(id))
    }
}

/// A single line or surface as its Multi form, where the column asks for that.
fn promoted<'g>(geometry: &'g Geometry, declared: &str) -> Cow<'g, Geometry> {
    let many = match (declared, geometry.shape()) {
        ("MULTILINESTRING", Shape::LineString(l)) => Shape::MultiLineString(MultiLineString(vec![l.clone()])),
        ("MULTIPOLYGON", Shape::Polygon(p)) => Shape::MultiPolygon(MultiPolygon(vec![p.clone()])),
        _ => return Cow::Borrowed(geometry),
    };
    // A Multi form of a checked shape is one itself.
    Geometry::new(many, geometry.z().map(<[f64]>::to_vec)).map_or(Cow::Borrowed(geometry), Cow::Owned)
}

fn sql(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(b) => Sql::Integer(i64::from(*b)),
        Value::Int(n) => Sql::Integer(*n),
        Value::Float(x) => Sql::Real(*x),
        other => Sql::Text(other.to_text()),
    }
}
