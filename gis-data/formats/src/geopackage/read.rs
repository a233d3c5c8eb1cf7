//! Reading a GeoPackage.
//!
//! The file is opened read-only and immutable, so that no lock of a program that has it open is disturbed. A journal beside it that is not
//! empty means that another program is still writing; then it is refused. Only true tables are read: a view or virtual table could compute for ever.

use std::collections::VecDeque;
use std::path::Path;

use gis_data::{Error, Name, Properties, Result, Value};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{APPLICATION_ID, blob, damaged, quoted};
use crate::guard::MAX_FEATURE_BYTES;
use crate::input::file_name;
use crate::{Format, Item, Reader, Record, Table};

/// Rows and bytes that are read at once.
const BATCH_ROWS: usize = 500;
const BATCH_BYTES: usize = 16 << 20;
/// The most tables.
const MAX_TABLES: usize = 10_000;

/// Reads a GeoPackage.
pub(crate) struct GeoPackage {
    connection: Connection,
    tables: Vec<Table>,
    sources: Vec<Source>,
    /// The table that is read, and the rowid that was read last.
    current: usize,
    last: Option<i64>,
    row: u64,
    done: u64,
    total: u64,
    queue: VecDeque<Item>,
}

struct Source {
    names: Vec<Name>,
    bools: Vec<bool>,
    geometry: Option<usize>,
    sql: String,
}

impl GeoPackage {
    /// Opens the file and lists its tables.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        refuse_journal(path)?;
        let connection = connect(path)?;
        check(&connection)?;
        let mut this = Self {
            connection,
            tables: Vec::new(),
            sources: Vec::new(),
            current: 0,
            last: None,
            row: 0,
            done: 0,
            total: 0,
            queue: VecDeque::new(),
        };
        this.list()?;
        Ok(this)
    }

    fn list(&mut self) -> Result<()> {
        let listed: Vec<(String, Option<i64>)> = {
            let mut statement = self
                .connection
                .prepare("SELECT table_name, srs_id FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY table_name")
                .map_err(damaged)?;
            let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(damaged)?;
            rows.take(MAX_TABLES).collect::<Result<_, _>>().map_err(damaged)?
        };
        for (name, srs) in listed {
            match self.source(&name) {
                Ok((source, rows)) => {
                    let crs = if source.geometry.is_some() { self.crs(&name, srs)? } else { None };
                    self.total += rows;
                    self.tables.push(Table { name, crs, rows: Some(rows) });
                    self.sources.push(source);
                }
                Err(reason) => self.queue.push_back(Item::reject(&name, 0, None, reason)),
            }
        }
        if self.tables.is_empty() && self.queue.is_empty() {
            return Err(Error::invalid(
                "GeoPackage 里没有要素表或属性表；请检查导出设置",
                "the GeoPackage has no table of features or attributes; check how it was exported",
            ));
        }
        Ok(())
    }

    /// What is read of a table, and how many rows it has.
    fn source(&self, name: &str) -> Result<(Source, u64)> {
        let c = &self.connection;
        let real: Option<i64> = c
            .query_row("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?1", [name], |r| r.get(0))
            .optional()
            .map_err(damaged)?;
        if real.is_none_or(|page| page <= 0) {
            return Err(Error::invalid(
                "不是普通表（视图、虚拟表或并不存在），不读取；请在 QGIS 中另存为表",
                "it is no plain table (a view, a virtual table, or not there) and is not read; save it as a table in QGIS",
            ));
        }
        let geometry: Option<String> = c
            .query_row("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?1", [name], |r| r.get(0))
            .optional()
            .map_err(damaged)?;
        let mut info = c.prepare("SELECT name, type, pk FROM pragma_table_info(?1)").map_err(damaged)?;
        let columns: Vec<(String, String, i64)> = info
            .query_map([name], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .and_then(Iterator::collect)
            .map_err(damaged)?;
        let mut source = Source { names: vec![], bools: vec![], geometry: None, sql: String::new() };
        let mut selected = String::from("rowid");
        for (column, kind, pk) in columns {
            let kind = kind.to_uppercase();
            if geometry.as_ref().is_some_and(|g| g.eq_ignore_ascii_case(&column)) {
                source.geometry = Some(source.names.len());
            } else if pk == 1 && kind == "INTEGER" || kind.starts_with("BLOB") {
                // The fid is the key; binary attributes are no fields.
                continue;
            }
            selected.push_str(", ");
            selected.push_str(&quoted(&column));
            source.names.push(column.into());
            source.bools.push(kind == "BOOLEAN");
        }
        source.sql = format!("SELECT {selected} FROM {} WHERE rowid > ?1 ORDER BY rowid", quoted(name));
        // Also tells a table without rowids before its turn comes.
        let rows: i64 =
            c.query_row(&format!("SELECT count(rowid) FROM {}", quoted(name)), [], |r| r.get(0)).map_err(damaged)?;
        Ok((source, rows.unsigned_abs()))
    }

    fn crs(&self, table: &str, listed: Option<i64>) -> Result<Option<String>> {
        let c = &self.connection;
        let own: Option<i64> = c
            .query_row("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?1", [table], |r| r.get(0))
            .optional()
            .map_err(damaged)?;
        let Some(srs) = own.or(listed).filter(|n| *n > 0) else { return Ok(None) };
        let told: Option<(String, i64, String)> = c
            .query_row(
                "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
                [srs],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()
            .map_err(damaged)?;
        Ok(told.and_then(|(organisation, code, definition)| {
            if organisation.eq_ignore_ascii_case("EPSG") {
                return Some(format!("EPSG:{code}"));
            }
            (!definition.trim().is_empty() && definition.trim() != "undefined").then_some(definition)
        }))
    }

    /// Reads the next rows of the current table; whether there were any.
    fn fill(&mut self) -> Result<bool> {
        let Some((source, table)) = self.sources.get(self.current).zip(self.tables.get(self.current)) else {
            return Ok(false);
        };
        let before = self.queue.len();
        let mut bytes = 0;
        let mut statement = self.connection.prepare_cached(&source.sql).map_err(damaged)?;
        let mut rows = statement.query([self.last.unwrap_or(i64::MIN)]).map_err(damaged)?;
        while let Some(row) = rows.next().map_err(damaged)? {
            let fid: i64 = row.get(0).map_err(damaged)?;
            // A damaged b-tree can lead in circles.
            if self.last.is_some_and(|last| fid <= last) {
                return Err(Error::invalid(
                    format!("表 {} 的行序错乱，GeoPackage 已损坏；请重新导出", table.name),
                    format!("the rows of {} are out of order, the GeoPackage is damaged; export it again", table.name),
                ));
            }
            self.last = Some(fid);
            self.row += 1;
            let key = fid.to_string();
            self.queue.push_back(match record(source, row, &table.name, self.row, &mut bytes) {
                Ok(record) => Item::Record(Record { key: Some(key), ..record }),
                Err(reason) => Item::reject(&table.name, self.row, Some(key), reason),
            });
            if self.queue.len() - before >= BATCH_ROWS || bytes >= BATCH_BYTES {
                break;
            }
        }
        let read = self.queue.len() - before;
        self.done += read as u64;
        Ok(read > 0)
    }
}

/// One row; its size is added to `bytes`.
fn record(source: &Source, row: &rusqlite::Row<'_>, table: &str, number: u64, bytes: &mut usize) -> Result<Record> {
    let (mut shape, mut z) = (None, None);
    let mut fields: Vec<(Name, Value)> = Vec::with_capacity(source.names.len());
    for (i, name) in source.names.iter().enumerate() {
        let value = row.get_ref(i + 1).map_err(damaged)?;
        if source.geometry == Some(i) {
            match value {
                ValueRef::Null => {}
                ValueRef::Blob(blob) => {
                    *bytes += blob.len();
                    let (s, heights) = blob::read(blob)?;
                    (shape, z) = (Some(s), heights);
                }
                _ => {
                    return Err(Error::invalid(
                        "几何列里不是几何；请修复这一行",
                        "the column of shapes holds something else; repair this row",
                    ));
                }
            }
            continue;
        }
        let value = match value {
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
            ValueRef::Integer(n) if source.bools.get(i) == Some(&true) => Value::Bool(n != 0),
            ValueRef::Integer(n) => Value::Int(n),
            ValueRef::Real(x) => Value::from(x),
            ValueRef::Text(text) => {
                *bytes += text.len();
                Value::from(std::str::from_utf8(text).map_err(|cause| {
                    Error::invalid(
                        format!("字段 {name} 不是 UTF-8；请在源数据中改正"),
                        format!("the field {name} is not UTF-8; correct the source"),
                    )
                    .because(cause)
                })?)
            }
        };
        fields.push((Name::clone(name), value));
    }
    let properties: Properties = fields.into_iter().collect();
    Ok(Record { row: number, table: table.to_owned(), key: None, shape, z, properties })
}

fn refuse_journal(path: &Path) -> Result<()> {
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        if std::fs::metadata(&beside).is_ok_and(|m| m.len() > 0) {
            let name = file_name(Path::new(&beside));
            return Err(Error::new(
                gis_data::Kind::Unavailable,
                format!("旁边有未合并的日志 {name}，说明其他程序正在写；请先关闭 QGIS 等程序再导入"),
                format!(
                    "a journal {name} lies beside it, so another program is writing; close QGIS and the like first"
                ),
            ));
        }
    }
    Ok(())
}

fn connect(path: &Path) -> Result<Connection> {
    let whole = std::path::absolute(path).map_err(|cause| crate::input::failed(&file_name(path), cause))?;
    // In a URI these three have a meaning of their own.
    let escaped = whole.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags).map_err(damaged)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_FEATURE_BYTES as i32).map_err(damaged)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).map_err(damaged)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;").map_err(damaged)?;
    Ok(connection)
}

/// Refuses a SQLite file that is no GeoPackage.
fn check(connection: &Connection) -> Result<()> {
    let id: i32 = connection.query_row("PRAGMA application_id", [], |r| r.get(0)).map_err(damaged)?;
    // `GP10` and `GP11` are versions 1.0 and 1.1. Some writers set none at all.
    let known = [APPLICATION_ID, 0x4750_3130, 0x4750_3131, 0].contains(&id);
    let has: bool = connection
        .query_row("SELECT count(*) = 2 FROM sqlite_master WHERE type = 'table' AND name IN ('gpkg_contents', 'gpkg_spatial_ref_sys')", [], |r| r.get(0))
        .map_err(damaged)?;
    if known && has {
        return Ok(());
    }
    Err(Error::invalid(
        "这是 SQLite 数据库，但不是 GeoPackage（缺少 gpkg_contents）；请用 ogr2ogr 或 QGIS 另存为 GeoPackage",
        "this is a SQLite database but no GeoPackage (it lacks gpkg_contents); save it as GeoPackage with ogr2ogr or QGIS",
    ))
}

impl Reader for GeoPackage {
    fn format(&self) -> Format {
        Format::GeoPackage
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn next(&mut self) -> Result<Option<Item>> {
        loop {
            if let Some(item) = self.queue.pop_front() {
                return Ok(Some(item));
            }
            if self.current >= self.sources.len() {
                return Ok(None);
            }
            if !self.fill()? {
                self.current += 1;
                self.last = None;
                self.row = 0;
            }
        }
    }

    fn progress(&self) -> f32 {
        if self.current >= self.sources.len() {
            return 1.0;
        }
        (self.done as f32 / self.total.max(1) as f32).min(1.0)
    }
}
