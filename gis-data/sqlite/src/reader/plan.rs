//! How candidates are found: by id, by the R-tree, or layer by layer in the order of ids.

use gis_data::{Area, BBox, Feature, Query, Result, Scope, Time, When};
use rusqlite::{Connection, Row, ToSql, params};

use super::gather::Gather;
use super::log::{clock, number_at};
use super::narrow::{self, Narrow};
use crate::error::Doing;
use crate::row::{Decoder, Layers, VERSION, VERSION_FLAT, number};

const DOING: (&str, &str) = ("查询数据库", "asking the database");

/// The first parameter that a filter binds.
const FIRST_OF_FILTER: usize = 5;

/// Both clocks of a question, as the columns are compared with.
pub(crate) struct Moment {
    /// Known at this entry of the log.
    pub(crate) number: i64,
    /// Whether that is the last entry: then what is believed is what was never ended.
    pub(crate) current: bool,
    /// `valid_from` is at most this.
    pub(crate) begun_by: i64,
    /// `valid_until` is more than this.
    pub(crate) lasts_beyond: i64,
}

impl Moment {
    pub(crate) fn of(conn: &Connection, time: Time) -> Result<Self> {
        let (last, now) = clock(conn)?;
        let number = number_at(conn, time.recorded())?;
        let (begun_by, lasts_beyond) = match time {
            Time::At(as_of) => {
                let known = match as_of.recorded {
                    When::Now => now,
                    When::At(at) => at.min(now),
                };
                let at = as_of.valid.or(known).micros();
                (at, at)
            }
            Time::During(stretch, _) => (stretch.until.micros().saturating_sub(1), stretch.from.micros()),
        };
        Ok(Self { number: number as i64, current: number == last.number, begun_by, lasts_beyond })
    }
}

/// The source of candidates of one question.
pub(crate) struct Plan<'a> {
    conn: &'a Connection,
    decoder: Decoder<'a>,
    moment: &'a Moment,
    zoom: u8,
    columns: &'static str,
    narrow: Option<Narrow>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        conn: &'a Connection,
        layers: &'a Layers,
        query: &Query,
        moment: &'a Moment,
        narrow: Option<Narrow>,
        with_shapes: bool,
    ) -> Self {
        let columns = if with_shapes { VERSION } else { VERSION_FLAT };
        let zoom = query.zoom.unwrap_or(u8::MAX);
        Self { conn, decoder: Decoder::new(conn, layers), moment, zoom, columns, narrow }
    }

    /// Versions of these things, in their order.
    pub(crate) fn things(&mut self, ids: &[i64], gather: &mut Gather<'_>) -> Result<()> {
        let more = self.first_more();
        let sql = format!("SELECT {} FROM version v WHERE v.id = ?{more} AND {}", self.columns, self.condition());
        for id in ids {
            if !self.each(&sql, &[id], gather)? {
                break;
            }
        }
        gather.end_of_run()
    }

    /// Versions of one layer in the order of ids, from behind `after`.
    pub(crate) fn layer(&mut self, nr: i64, after: i64, gather: &mut Gather<'_>) -> Result<()> {
        let condition = self.condition();
        let columns = self.columns;
        let (layer, behind) = (self.first_more(), self.first_more() + 1);
        let part = |index: &str, ended: &str| {
            format!(
                "SELECT {columns} FROM version v INDEXED BY {index}
                 WHERE v.layer = ?{layer} AND v.id > ?{behind} AND v.rec_until {ended} AND {condition}"
            )
        };
        let mut sql = part("version_current", "IS NULL");
        if !self.moment.current {
            sql = format!("{sql} UNION ALL {}", part("version_past", "IS NOT NULL"));
        }
        // The first column is the id; in that order the indexes are read, so nothing is sorted.
        self.each(&format!("{sql} ORDER BY 1"), &[&nr, &after], gather)?;
        gather.end_of_run()
    }

    /// Versions whose box meets `bbox`, of the layers with these numbers (or of all).
    pub(crate) fn area(&mut self, bbox: &BBox, layers: &[i64], by_id: bool, gather: &mut Gather<'_>) -> Result<()> {
        let mut seqs = Vec::new();
        for nr in layers {
            self.boxes(bbox, *nr, &mut seqs)?;
        }
        seqs.sort_unstable();
        let condition = self.condition();
        if by_id {
            self.order_by_id(&mut seqs, &condition)?;
        }
        let sql =
            format!("SELECT {} FROM version v WHERE v.seq = ?{} AND {condition}", self.columns, self.first_more());
        for seq in seqs {
            if !self.each(&sql, &[&seq], gather)? {
                break;
            }
        }
        gather.end_of_run()
    }

    fn boxes(&self, bbox: &BBox, nr: i64, seqs: &mut Vec<i64>) -> Result<()> {
        let read = |seqs: &mut Vec<i64>| -> rusqlite::Result<()> {
            let mut statement = self.conn.prepare_cached(
                "SELECT seq FROM box WHERE west <= ?1 AND east >= ?2 AND south <= ?3 AND north >= ?4
                 AND layer_from <= ?5 AND layer_until >= ?5",
            )?;
            let mut rows = statement.query(params![bbox.east, bbox.west, bbox.north, bbox.south, nr as f64])?;
            while let Some(row) = rows.next()? {
                seqs.push(row.get(0)?);
            }
            Ok(())
        };
        read(seqs).doing("查询空间索引", "asking the spatial index")
    }

    fn order_by_id(&self, seqs: &mut Vec<i64>, condition: &str) -> Result<()> {
        let sql = format!("SELECT v.id FROM version v WHERE v.seq = ?{} AND {condition}", self.first_more());
        let mut statement = self.conn.prepare_cached(&sql).doing(DOING.0, DOING.1)?;
        let mut pairs: Vec<(i64, i64)> = Vec::with_capacity(seqs.len());
        for seq in seqs.iter() {
            let mut rows = statement.query(&*self.bound(&[seq])).doing(DOING.0, DOING.1)?;
            if let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
                pairs.push((number(row, 0)?, *seq));
            }
        }
        pairs.sort_unstable();
        *seqs = pairs.into_iter().map(|(_, seq)| seq).collect();
        Ok(())
    }

    /// The condition of both clocks and the zoom, with the parameters 1 to 4, and of what can be said of the filter, with the next ones.
    fn condition(&self) -> String {
        let known =
            if self.moment.current { "v.rec_until IS NULL" } else { "(v.rec_until IS NULL OR v.rec_until > ?1)" };
        let narrow = self.narrow.as_ref().map(|n| format!(" AND {}", n.sql(FIRST_OF_FILTER))).unwrap_or_default();
        format!(
            "v.rec_from <= ?1 AND {known} AND v.valid_from <= ?2 AND v.valid_until > ?3 AND v.min_zoom <= ?4{narrow}"
        )
    }

    /// The parameter behind those of [`Plan::condition`].
    fn first_more(&self) -> usize {
        FIRST_OF_FILTER + self.narrow.as_ref().map_or(0, |n| n.bound().len())
    }

    fn bound<'p>(&'p self, more: &[&'p dyn ToSql]) -> Vec<&'p dyn ToSql> {
        let m = self.moment;
        let mut all: Vec<&dyn ToSql> = vec![&m.number, &m.begun_by, &m.lasts_beyond, &self.zoom];
        all.extend(self.narrow.iter().flat_map(Narrow::bound).map(|value| value as &dyn ToSql));
        all.extend_from_slice(more);
        all
    }

    /// Gathers the rows of `sql`; tells whether more are wanted.
    fn each(&mut self, sql: &str, more: &[&dyn ToSql], gather: &mut Gather<'_>) -> Result<bool> {
        let mut statement = self.conn.prepare_cached(sql).doing(DOING.0, DOING.1)?;
        let bound = self.bound(more);
        let mut rows = statement.query(&*bound).doing(DOING.0, DOING.1)?;
        drop(bound);
        while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
            let feature = Self::decode(&mut self.decoder, row)?;
            if !gather.push(feature)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn decode(decoder: &mut Decoder<'a>, row: &Row<'_>) -> Result<Feature> {
        decoder.feature(row)
    }
}

/// The numbers of the layers asked for that may be seen and hold anything.
pub(crate) fn wanted_layers(conn: &Connection, layers: &Layers, query: &Query, scope: &Scope) -> Result<Vec<i64>> {
    let mut wanted = Vec::new();
    if query.from.is_empty() {
        for nr in Layers::all(conn)? {
            if scope.sees(layers.name(conn, nr)?.as_str()) {
                wanted.push(nr);
            }
        }
    } else {
        for name in &query.from {
            wanted.extend(Layers::nr(conn, name)?);
        }
        wanted.sort_unstable();
        wanted.dedup();
    }
    Ok(wanted)
}

/// What can be said in SQL of the filter, by the fields that are shown in all the layers that may be looked at.
pub(crate) fn narrow(
    conn: &Connection,
    layers: &Layers,
    query: &Query,
    scope: &Scope,
    wanted: &[i64],
) -> Result<Option<Narrow>> {
    let Some(filter) = &query.filter else { return Ok(None) };
    let names = wanted.iter().map(|nr| layers.name(conn, *nr)).collect::<Result<Vec<_>>>()?;
    Ok(Narrow::of(filter, &|field| names.iter().all(|layer| scope.shows(layer.as_str(), field))))
}

/// The box in which all lies that is asked for, if it has one.
pub(crate) fn box_of(query: &Query) -> Option<BBox> {
    match &query.area {
        Some(Area::Box(bbox)) => Some(*bbox),
        Some(Area::Shape(shape)) => Some(shape.bbox()),
        Some(Area::Region(region)) => region.bbox(),
        Some(Area::Place(_)) | None => query.filter.as_ref().and_then(narrow::box_of),
    }
}
