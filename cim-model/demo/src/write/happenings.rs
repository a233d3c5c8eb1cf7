//! Two years of incidents: reported, handled, closed; and those of the last days, each as far as its age has brought it.

use gis_data::{Interval, Value};

use super::Desk;
use crate::cell::Span;
use crate::place::shape;
use crate::rng::Rng;
use crate::sheet::{DAY, Dates, Sheet};
use crate::words;

/// Incidents a doorplate a year.
const A_YEAR: f64 = 0.08;
/// Days that are told of.
const DAYS: f64 = 730.0;
/// A closed incident stays on the map for so long.
const SHOWN: i64 = 30 * DAY;
const HOUR: i64 = DAY / 24;

/// Title, kind, class code (大类 + 小类, DOMAIN §2.3).
const KINDS: [(&str, &str, &str); 18] = [
    ("暴露垃圾", "sanitation", "0102"),
    ("积存垃圾渣土", "sanitation", "0103"),
    ("道路不洁", "sanitation", "0104"),
    ("水域不洁", "sanitation", "0105"),
    ("道路破损", "facility", "0110"),
    ("非法小广告", "advert", "0201"),
    ("施工扰民", "construction", "0301"),
    ("工地扬尘", "construction", "0302"),
    ("下水道堵塞", "emergency", "0404"),
    ("道路积水", "emergency", "0406"),
    ("架空线缆损坏", "emergency", "0408"),
    ("无照经营游商", "street", "0501"),
    ("店外经营", "street", "0504"),
    ("机动车乱停放", "street", "0505"),
    ("非机动车乱停放", "street", "0506"),
    ("邻里纠纷", "dispute", "0601"),
    ("消防隐患", "fire", "0602"),
    ("高空抛物", "safety", "0603"),
];

pub(super) fn write(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let doors: Vec<usize> = (0..desk.plates.len()).filter(|k| desk.fill.plates[*k].span == Span::ALL).collect();
    if doors.is_empty() {
        return;
    }
    let expected = doors.len() as f64 * A_YEAR * DAYS / 365.0;
    let count = (expected + desk.rng.unit()) as usize;
    for n in 0..count {
        let k = desk.rng.pick(&doors);
        incident(desk, n, k, sheet);
    }
}

fn incident(desk: &mut Desk<'_>, n: usize, k: usize, sheet: &mut Sheet) {
    let mut rng = Rng::of(desk.city.ground.hash(desk.home.cell, 121), n as u64);
    let now = desk.dates.now;
    // Evenly over the two years, to the minute.
    let age = ((rng.unit() * DAYS * 1440.0) as i64 + 1) * 60_000_000;
    let reported = now.plus_micros(-age);
    let lasts = HOUR * (2 + rng.below(90) as i64) + HOUR * 24 * rng.below(9) as i64;
    let closed = reported.plus_micros(lasts);
    let (title, kind, class_code) = rng.pick(&KINDS);
    let plate = &desk.fill.plates[k];
    let at = [plate.at[0] + rng.between(-4.0, 4.0), plate.at[1] + rng.between(-4.0, 4.0)];
    let reporter = words::person(&mut rng, None);
    let key = desk.key("incident", n);
    let address = &desk.plates[k].address;
    let fields = |status: &'static str, done: bool| {
        vec![
            ("title", format!("{address}{title}").into()),
            ("kind", kind.into()),
            ("class_code", class_code.into()),
            ("status", status.into()),
            ("reported", Dates::moment(reported).into()),
            ("closed", if done { Dates::moment(closed).into() } else { Value::Null }),
            ("reporter", reporter.clone().into()),
        ]
    };
    let point = shape::point(at);
    let mut put = |from, until, status, done| {
        sheet.put("incident", &key, Some(point.clone()), fields(status, done), Interval { from, until });
    };
    let last = if closed <= now {
        put(reported, closed, "dispatched", false);
        let last = closed.plus_micros(SHOWN);
        put(closed, last, "closed", true);
        last
    } else {
        // Open: the further, the more of its time has passed.
        let steps = ["reported", "accepted", "filed", "dispatched", "handled", "checked"];
        let reached = (age * steps.len() as i64 / lasts.max(1)).clamp(0, 5);
        let mut from = reported;
        for (s, status) in steps.iter().enumerate().take(reached as usize + 1) {
            let until = if s as i64 == reached {
                gis_data::Instant::FOREVER
            } else {
                reported.plus_micros(lasts / 6 * (s as i64 + 1))
            };
            put(from, until, status, false);
            from = until;
        }
        gis_data::Instant::FOREVER
    };
    let metres = shape::distance(at, plate.at);
    let valid = Interval { from: reported, until: last };
    sheet.hangs_near(&key, &desk.plates[k].key, metres, valid);
}
