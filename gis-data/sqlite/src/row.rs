//! Rows to features and facts, and back.

mod layers;
mod properties;

use std::str::FromStr;

use gis_data::geometry::wkb;
use gis_data::{
    Error, Fact, Feature, FeatureId, Geometry, Instant, Interval, LayerId, Method, PlaceId, Recorded, Relation, Result,
};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

pub(crate) use layers::Layers;
pub(crate) use properties::{Interner, encode as encode_properties};

use crate::error::{Doing, damaged};

/// The columns that [`Decoder::feature`] reads, of a table called `v`.
pub(crate) const VERSION: &str = "v.id, v.layer, v.valid_from, v.valid_until, v.rec_from, v.rec_until, v.rec_at, v.min_zoom, v.geometry, v.properties";

/// The same without the shape, where it is not asked for.
pub(crate) const VERSION_FLAT: &str =
    "v.id, v.layer, v.valid_from, v.valid_until, v.rec_from, v.rec_until, v.rec_at, v.min_zoom, NULL, v.properties";

/// The columns that [`fact`] reads.
pub(crate) const FACT: &str =
    "thing, relation, place, method, distance_m, valid_from, valid_until, rec_from, rec_until, rec_at, seq";

/// Makes features of rows. Names and short texts that repeat are shared.
pub(crate) struct Decoder<'a> {
    conn: &'a Connection,
    layers: &'a Layers,
    words: Interner,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(conn: &'a Connection, layers: &'a Layers) -> Self {
        Self { conn, layers, words: Interner::default() }
    }

    /// The feature in a row of [`VERSION`].
    pub(crate) fn feature(&mut self, row: &Row<'_>) -> Result<Feature> {
        let id = thing(number(row, 0)?)?;
        let told = |e: Error| e.at(format!("#{id}"));
        let min_zoom = u8::try_from(number(row, 7)?)
            .map_err(|cause| damaged("最小级别", "a lowest zoom").because(cause))
            .map_err(told)?;
        Ok(Feature {
            id,
            layer: self.layers.name(self.conn, number(row, 1)?)?,
            geometry: shape(row, 8).map_err(told)?,
            properties: self.words.decode(bytes(row, 9)?).map_err(told)?,
            valid: interval(number(row, 2)?, number(row, 3)?).map_err(told)?,
            recorded: recorded(row, 4)?,
            min_zoom,
        })
    }
}

/// The shape in a column, if there is one.
pub(crate) fn shape(row: &Row<'_>, column: usize) -> Result<Option<Geometry>> {
    match cell(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(wkb) => wkb::read(wkb).map(Some).map_err(|c| damaged("几何", "a shape").because(c)),
        _ => Err(damaged("几何", "a shape")),
    }
}

/// The fact in a row of [`FACT`].
pub(crate) fn fact(row: &Row<'_>) -> Result<Fact> {
    Ok(Fact {
        thing: thing(number(row, 0)?)?,
        relation: word(row, 1)?,
        place: PlaceId(thing(number(row, 2)?)?),
        method: word(row, 3)?,
        distance_m: match cell(row, 4)? {
            ValueRef::Null => None,
            ValueRef::Real(metres) => Some(metres),
            _ => return Err(damaged("距离", "a distance")),
        },
        valid: interval(number(row, 5)?, number(row, 6)?)?,
        recorded: recorded(row, 7)?,
    })
}

fn recorded(row: &Row<'_>, column: usize) -> Result<Recorded> {
    let until = match cell(row, column + 1)? {
        ValueRef::Null => Recorded::STILL,
        ValueRef::Integer(n) => n as u64,
        _ => return Err(damaged("记录号", "a log number")),
    };
    let at = Instant::from_micros(number(row, column + 2)?);
    Ok(Recorded { from: number(row, column)? as u64, until, at })
}

pub(crate) fn thing(id: i64) -> Result<FeatureId> {
    FeatureId::new(id as u64).map_err(|cause| damaged("编号", "an id").because(cause))
}

fn interval(from: i64, until: i64) -> Result<Interval> {
    Interval::new(Instant::from_micros(from), Instant::from_micros(until))
        .map_err(|cause| damaged("有效期", "a valid time").because(cause))
}

fn cell<'r>(row: &'r Row<'_>, column: usize) -> Result<ValueRef<'r>> {
    row.get_ref(column).doing("读取一行", "reading a row")
}

/// The whole number in a column.
pub(crate) fn number(row: &Row<'_>, column: usize) -> Result<i64> {
    match cell(row, column)? {
        ValueRef::Integer(n) => Ok(n),
        _ => Err(damaged("一个数", "a number")),
    }
}

/// The bytes in a column.
pub(crate) fn bytes<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8]> {
    match cell(row, column)? {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => Ok(bytes),
        _ => Err(damaged("一个字段", "a field")),
    }
}

/// The text in a column.
pub(crate) fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str> {
    std::str::from_utf8(bytes(row, column)?).map_err(|cause| damaged("一段文字", "a text").because(cause))
}

fn word<T: FromStr<Err = Error>>(row: &Row<'_>, column: usize) -> Result<T> {
    text(row, column)?.parse::<T>().map_err(|cause| damaged("一条关系", "a fact").because(cause))
}

/// The words that name a relation or a method in a row.
pub(crate) fn words(fact: &Fact) -> (&'static str, &'static str) {
    (Relation::as_str(fact.relation), Method::as_str(fact.method))
}

/// A layer's name out of a row.
pub(crate) fn layer(row: &Row<'_>, column: usize) -> Result<LayerId> {
    LayerId::new(text(row, column)?).map_err(|cause| damaged("图层名", "a layer's name").because(cause))
}
