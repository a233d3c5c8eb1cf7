//! Looks for damage.

use gis_data::{BBox, Result};
use rusqlite::{Connection, Row};

use crate::error::Doing;
use crate::row::{Decoder, Layers, VERSION, fact, number};

/// What an inspection found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many versions were looked at.
    pub versions: u64,
    /// How many facts were looked at.
    pub facts: u64,
    /// How many log entries were looked at.
    pub entries: u64,
    /// What is wrong, in Chinese and English; at most the first hundred of each sort.
    pub faults: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

const DOING: (&str, &str) = ("检查数据库", "inspecting the database");
/// The most faults of one sort that are told.
const MAX_TOLD: usize = 100;

pub(crate) fn verify(conn: &Connection, layers: &Layers) -> Result<Report> {
    let mut report = Report::default();
    let mut told = 0;
    for check in [
        "SELECT quick_check, quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'",
        "SELECT told, told FROM (SELECT rtreecheck('box') AS told) WHERE told <> 'ok'",
        "SELECT '#' || id || ' 的两个现行版本重叠', 'two believed versions of #' || id || ' overlap' FROM (
             SELECT id, valid_from, lag(valid_until) OVER (PARTITION BY id ORDER BY valid_from) AS before
             FROM version WHERE rec_until IS NULL) WHERE before > valid_from LIMIT 100",
        "SELECT '#' || thing || ' 与 #' || place || ' 的两条现行关系重叠', 'two believed facts of #' || thing || ' and #' || place || ' overlap'
         FROM (SELECT thing, place, valid_from,
                      lag(valid_until) OVER (PARTITION BY thing, relation, place ORDER BY valid_from) AS before
               FROM fact WHERE rec_until IS NULL) WHERE before > valid_from LIMIT 100",
        "SELECT '日志 ' || number || ' 之前缺号或时钟倒退', 'before log entry ' || number || ' a number is missing or the clock ran back'
         FROM (SELECT number, at, lag(number) OVER log AS previous, lag(at) OVER log AS before FROM log
               WINDOW log AS (ORDER BY number))
         WHERE number <> coalesce(previous, 0) + 1 OR at <= before LIMIT 100",
        "SELECT '#' || id || ' 的版本没有日志', 'a version of #' || id || ' has no log entry' FROM version v
         WHERE NOT EXISTS (SELECT 1 FROM log WHERE number = v.rec_from)
            OR (rec_until IS NOT NULL AND NOT EXISTS (SELECT 1 FROM log WHERE number = v.rec_until)) LIMIT 100",
    ] {
        rows(conn, check, |row| {
            report.faults.push(format!("{} / {}", crate::row::text(row, 0)?, crate::row::text(row, 1)?));
            Ok(())
        })?;
    }
    let mut decoder = Decoder::new(conn, layers);
    let sql = format!(
        "SELECT {VERSION}, b.west, b.south, b.east, b.north, b.layer_from FROM version v LEFT JOIN box b ON b.seq = v.seq"
    );
    rows(conn, &sql, |row| {
        report.versions += 1;
        let fault = match decoder.feature(row) {
            Err(error) => Some(error.to_string()),
            Ok(f) if !boxed(row, f.bbox())? => {
                Some(format!("#{0} 的空间索引与几何不符 / the spatial index of #{0} differs from its shape", f.id))
            }
            Ok(_) => None,
        };
        if fault.is_some() && told < MAX_TOLD {
            told += 1;
            report.faults.extend(fault);
        }
        Ok(())
    })?;
    rows(conn, &format!("SELECT {} FROM fact", crate::row::FACT), |row| {
        report.facts += 1;
        if let Err(error) = fact(row) {
            report.faults.push(error.to_string());
        }
        Ok(())
    })?;
    rows(conn, "SELECT count(*), (SELECT count(*) FROM box), (SELECT count(geometry) FROM version) FROM log", |row| {
        report.entries = number(row, 0)? as u64;
        if number(row, 1)? != number(row, 2)? {
            report
                .faults
                .push("空间索引的行数与有几何的版本数不符 / the spatial index has not as many rows as shapes".into());
        }
        Ok(())
    })?;
    Ok(report)
}

fn rows(conn: &Connection, sql: &str, mut each: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare(sql).doing(DOING.0, DOING.1)?;
    let mut rows = statement.query([]).doing(DOING.0, DOING.1)?;
    while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
        each(row)?;
    }
    Ok(())
}

/// Whether the index's box of a row is the shape's, as far as single precision goes: it is rounded outwards.
fn boxed(row: &Row<'_>, shape: Option<BBox>) -> Result<bool> {
    let side = |i: usize| row.get::<_, Option<f64>>(10 + i).doing(DOING.0, DOING.1);
    let sides = [side(0)?, side(1)?, side(2)?, side(3)?];
    Ok(match (shape, sides) {
        (None, [None, None, None, None]) => true,
        (Some(b), [Some(west), Some(south), Some(east), Some(north)]) => {
            // Two steps of single precision at 180 degrees.
            const SLACK: f64 = 3.1e-5;
            let near = |own: f64, indexed: f64| (own - indexed).abs() <= SLACK;
            west <= b.west
                && south <= b.south
                && east >= b.east
                && north >= b.north
                && near(b.west, west)
                && near(b.south, south)
                && near(b.east, east)
                && near(b.north, north)
        }
        _ => false,
    })
}
