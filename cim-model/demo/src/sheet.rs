//! The sheet on which changes are written down in order.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cim_model::zoom::min_zoom;
use gis_data::{
    Catalog, Change, Geometry, Identity, Instant, Interval, Layer, Method, Name, Properties, Put, Relation, Value,
};

use crate::cell::Span;

/// Microseconds in a day.
pub(crate) const DAY: i64 = 86_400_000_000;
/// Beijing is eight hours ahead.
const BEIJING: i64 = DAY / 3;

/// Names and short texts that occur a million times, shared.
static SHARED: LazyLock<BTreeMap<&'static str, Name>> = LazyLock::new(|| {
    let words = "address area_m2 built capacity care class class_code closed code compound_name contact credit_code department \
        elevation_m ends found height_m id_number industry kind leader level levels levels_below name number occupancy \
        opening_hours operator organiser phone postcode primary reported reporter road_name serial size skills source staff \
        starts status text title use born sex household_key person_key head_key relation bridge tunnel oneway layer width_m \
        surface color roof_color wheelchair plate_number owner demo residential retail office industrial school hospital house \
        mixed public hotel let vacant business good active registered floating male female primary secondary tertiary";
    words.split_whitespace().map(|w| (w, Name::from(w))).collect()
});

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::built_in().expect("the built-in layers are tested to be whole"));

fn layer(id: &str) -> &'static Layer {
    CATALOG.get(id).expect("the demo city writes built-in layers only")
}

fn shared(word: &'static str) -> Name {
    SHARED.get(word).cloned().unwrap_or_else(|| word.into())
}

/// A text that is the same in many features.
pub(crate) fn same(word: &'static str) -> Value {
    Value::Text(shared(word))
}

/// The plan's clock and the dates counted from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dates {
    pub(crate) now: Instant,
}

impl Dates {
    /// 2020-01-01 in Beijing: when the demo city's records begin.
    pub(crate) const FIRST: Instant = Instant::from_micros(1_577_808_000_000_000);

    /// So many days (and parts of a day) from now.
    pub(crate) const fn at(self, days: i32, micros: i64) -> Instant {
        self.now.plus_micros(days as i64 * DAY + micros)
    }

    fn day(self, days: i32) -> Instant {
        // Changes of buildings and areas take effect at midnight in Beijing.
        let micros = self.at(days, 0).micros() + BEIJING;
        Instant::from_micros(micros.div_euclid(DAY) * DAY - BEIJING)
    }

    pub(crate) fn interval(self, span: Span) -> Interval {
        let from = if span.from == Span::FIRST { Self::FIRST } else { self.day(span.from) };
        let until = if span.until == Span::EVER { Instant::FOREVER } else { self.day(span.until) };
        Interval { from, until: if until <= from { from.plus_micros(DAY) } else { until } }
    }

    /// A day as `2024-05-01`.
    pub(crate) fn date(at: Instant) -> String {
        let (y, m, d) = civil((at.micros() + BEIJING).div_euclid(DAY));
        format!("{y:04}-{m:02}-{d:02}")
    }

    /// A moment as RFC 3339 in Beijing.
    pub(crate) fn moment(at: Instant) -> String {
        let micros = at.micros() + BEIJING;
        let seconds = micros.rem_euclid(DAY) / 1_000_000;
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{}T{h:02}:{m:02}:{s:02}+08:00", Self::date(at))
    }

    /// The year of a moment.
    pub(crate) fn year(at: Instant) -> i64 {
        civil((at.micros() + BEIJING).div_euclid(DAY)).0
    }
}

/// Year, month and day of the `days`-th day since 1970-01-01: the Gregorian rule, counted from 1 March of year 0.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day = z.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (m, d) = (if month < 10 { month + 3 } else { month - 9 }, of_year - (153 * month + 2) / 5 + 1);
    (year + era * 400 + i64::from(m <= 2), m, d)
}

/// Fields of one feature.
pub(crate) type Fields = Vec<(&'static str, Value)>;

/// Changes in order.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) changes: Vec<Change>,
}

fn origin(key: &str) -> Identity {
    Identity::Origin { source: crate::source().to_owned(), key: key.to_owned() }
}

impl Sheet {
    /// Writes a version of the thing called `key`.
    pub(crate) fn put(
        &mut self,
        layer: &'static str,
        key: &str,
        geometry: Option<Geometry>,
        fields: Fields,
        valid: Interval,
    ) {
        let fields = fields.into_iter().filter(|(_, v)| *v != Value::Null).map(|(n, v)| (shared(n), v));
        let properties: Properties = fields.chain([(shared("source"), same("demo"))]).collect();
        let hash =
            key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let layer = self::layer(layer);
        let min_zoom = min_zoom(layer, geometry.as_ref(), &properties, hash);
        let layer = layer.id.clone();
        self.changes.push(Change::Put(Put { identity: origin(key), layer, geometry, properties, valid, min_zoom }));
    }

    fn relate(&mut self, relation: Relation, thing: &str, place: &str, found: (Method, Option<f64>), valid: Interval) {
        let (method, distance_m) = found;
        let (thing, place) = (origin(thing), origin(place));
        self.changes.push(Change::Relate { thing, relation, place, method, distance_m, valid });
    }

    /// Says that a place lies in a wider one.
    pub(crate) fn lies_in(&mut self, thing: &str, place: &str, method: Method, valid: Interval) {
        self.relate(Relation::LiesIn, thing, place, (method, None), valid);
    }

    /// Says that a record hangs on a place, as its source states.
    pub(crate) fn hangs_on(&mut self, thing: &str, place: &str, valid: Interval) {
        self.relate(Relation::HangsOn, thing, place, (Method::Stated, None), valid);
    }

    /// Says that a record hangs on the nearest doorplate.
    pub(crate) fn hangs_near(&mut self, thing: &str, place: &str, distance_m: f64, valid: Interval) {
        self.relate(
            Relation::HangsOn,
            thing,
            place,
            (Method::Nearest, Some((distance_m * 10.0).round() / 10.0)),
            valid,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_beijing() {
        let dates = Dates { now: "2026-03-01T07:30:00+08:00".parse().unwrap() };
        assert_eq!(Dates::moment(dates.now), "2026-03-01T07:30:00+08:00");
        assert_eq!(Dates::date(dates.at(-1, 0)), "2026-02-28");
        assert_eq!(dates.day(0), "2026-03-01".parse().unwrap());
        assert_eq!(Dates::FIRST, "2020-01-01".parse().unwrap());
        assert_eq!(civil(19_782), (2024, 2, 29));
    }
}
