//! The tables, and how a connection to them is made.

use std::path::Path;
use std::time::Duration;

use gis_data::{Error, Kind, Result};
use rusqlite::{Connection, OpenFlags};

use crate::error::Doing;
use crate::store::Options;

/// In the header of every city's file: “mpcy”.
const APPLICATION: i32 = 0x6d70_6379;

/// The version of the tables that this program knows: the first one and its steps since.
const VERSION: i32 = 1 + STEPS.len() as i32;

/// What was added since the first version, one step a version. A city of an older version is brought up step by step, in one
/// transaction; a step is never changed after it was released.
const STEPS: [&str; 1] = [
    // The same key with another content is a conflict. And no two believed versions of a thing overlap, nor two facts of the same
    // thing, relation and place, whoever writes: the rule that makes them is checked here once more.
    "
ALTER TABLE receipt ADD COLUMN content INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER version_overlap BEFORE INSERT ON version
WHEN EXISTS (SELECT 1 FROM version WHERE id = NEW.id AND rec_until IS NULL
             AND valid_from < NEW.valid_until AND valid_until > NEW.valid_from)
BEGIN SELECT RAISE(ABORT, 'two believed versions of a thing would overlap'); END;
CREATE TRIGGER fact_overlap BEFORE INSERT ON fact
WHEN EXISTS (SELECT 1 FROM fact WHERE thing = NEW.thing AND relation = NEW.relation AND place = NEW.place AND rec_until IS NULL
             AND valid_from < NEW.valid_until AND valid_until > NEW.valid_from)
BEGIN SELECT RAISE(ABORT, 'two believed facts of the same thing, relation and place would overlap'); END;
",
];

/// `rec_until` is NULL while a row is believed; other ends of time are the greatest and least integers.
///
/// `box` has the layer as its third axis, as wide as half a layer: a box of zero width has no volume, and R-tree nodes are
/// chosen by volume. `boundary` holds only what lies ahead of the log's clock: it never turns back.
const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', 1), ('next_id', 0);

CREATE TABLE layer (nr INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE log (
    number INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL,
    actor TEXT NOT NULL, reason TEXT NOT NULL, changed BLOB NOT NULL
);
CREATE TABLE receipt (
    actor TEXT NOT NULL, key TEXT NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
    own INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (actor, key)
) WITHOUT ROWID;

CREATE TABLE version (
    seq INTEGER PRIMARY KEY, id INTEGER NOT NULL, layer INTEGER NOT NULL, valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL, rec_from INTEGER NOT NULL, rec_until INTEGER, rec_at INTEGER NOT NULL,
    min_zoom INTEGER NOT NULL, geometry BLOB, properties BLOB NOT NULL
);
CREATE INDEX version_id ON version (id, rec_until);
CREATE INDEX version_current ON version (layer, id) WHERE rec_until IS NULL;
CREATE INDEX version_past ON version (layer, id) WHERE rec_until IS NOT NULL;
CREATE VIRTUAL TABLE box USING rtree (seq, west, east, south, north, layer_from, layer_until);
CREATE TABLE boundary (at INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (at, seq)) WITHOUT ROWID;

CREATE TABLE fact (
    seq INTEGER PRIMARY KEY, thing INTEGER NOT NULL, relation TEXT NOT NULL, place INTEGER NOT NULL, method TEXT NOT NULL,
    distance_m REAL, valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, rec_from INTEGER NOT NULL,
    rec_until INTEGER, rec_at INTEGER NOT NULL
);
CREATE INDEX fact_thing ON fact (thing, relation, place, rec_until);
CREATE INDEX fact_place ON fact (place, rec_until);

CREATE TABLE origin (source TEXT NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (source, key)) WITHOUT ROWID;
";

/// Opens the one connection that writes; makes the tables where there are none.
pub(crate) fn writer(file: &Path, options: &Options) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags).doing("打开数据库", "opening the database")?;
    // Before anything is written into it; the folder keeps others out until then.
    crate::folder::private(file, 0o600)?;
    conn.busy_timeout(options.busy_timeout).doing("设置数据库", "setting up the database")?;
    let set = || -> rusqlite::Result<()> {
        conn.pragma_update(None, "page_size", 8192)?;
        conn.pragma_update(None, "journal_mode", "wal")?;
        conn.pragma_update(None, "synchronous", "full")?;
        conn.pragma_update(None, "foreign_keys", false)?;
        conn.pragma_update(None, "wal_autocheckpoint", 4000)?;
        conn.pragma_update(None, "temp_store", "memory")?;
        conn.pragma_update(None, "cache_size", -131_072)?;
        common(&conn, options)
    };
    // Judged before the journal mode would be written into somebody else's file.
    check(&conn)?;
    set().doing("设置数据库", "setting up the database")?;
    found(&conn)?;
    Ok(conn)
}

/// Opens a connection that only reads.
pub(crate) fn reader(file: &Path, options: &Options) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(file, flags)?;
        conn.busy_timeout(Duration::from_secs(5))?;
        conn.pragma_update(None, "query_only", true)?;
        conn.pragma_update(None, "cache_size", -16_384)?;
        crate::functions::register(&conn)?;
        common(&conn, options)?;
        Ok(conn)
    };
    open().doing("打开数据库读取连接", "opening the database for reading")
}

fn common(conn: &Connection, options: &Options) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "mmap_size", options.mmap_bytes)
}

/// The version of the tables of a city's file; 0 for an empty one.
fn check(conn: &Connection) -> Result<i32> {
    let look = || -> rusqlite::Result<(i32, i32, i64)> {
        let number = |name| conn.pragma_query_value(None, name, |row| row.get(0));
        let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((number("application_id")?, number("user_version")?, tables))
    };
    let (application, version, tables) = look().doing("打开数据库", "opening the database")?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    if application != APPLICATION {
        return Err(Error::new(
            Kind::Conflict,
            "文件夹中的 city.db 是别的程序的数据库；请指定另一个文件夹",
            "the city.db in the folder is another program's database; name another folder",
        ));
    }
    if !(1..=VERSION).contains(&version) {
        return Err(Error::new(
            Kind::Conflict,
            format!("数据库的结构版本是 {version}，本程序只认识 1 到 {VERSION}；请使用与之匹配的 menpai 版本"),
            format!(
                "the database has tables of version {version} and this program knows versions 1 to {VERSION}; use the menpai that fits"
            ),
        ));
    }
    Ok(version)
}

/// Makes the tables where there are none, and brings older ones up. Two processes that open a new folder at once take turns.
fn found(conn: &Connection) -> Result<()> {
    let begin = |sql: &str| conn.execute_batch(sql).doing("建立数据表", "making the tables");
    begin("BEGIN IMMEDIATE")?;
    let made = check(conn).and_then(|version| {
        if version == VERSION {
            return Ok(());
        }
        if version == 0 {
            begin(TABLES)?;
        }
        let done = usize::try_from(version - 1).unwrap_or(0);
        STEPS.iter().skip(done).try_for_each(|step| begin(step))?;
        begin(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"))
    });
    match made {
        Ok(()) => begin("COMMIT"),
        Err(error) => {
            begin("ROLLBACK")?;
            Err(error)
        }
    }
}
