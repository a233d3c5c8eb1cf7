//! Writes the planned city down, stage by stage: what is mentioned was put before.

mod admin;
mod ground;
mod happenings;
mod people;
mod places;
mod register;
mod roads;
mod things;

use std::collections::BTreeMap;

use gis_data::{Change, Interval};

use crate::cell::lots::Facing;
use crate::cell::{Fill, Span};
use crate::city::{City, Home};
use crate::place::frame::P;
use crate::rng::Rng;
use crate::sheet::{Dates, Sheet};

/// One stage, small enough to be held in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    Ground,
    Areas,
    Community(usize),
    /// The lattice streets of one row.
    Lines(i32),
    Home(usize),
}

/// All stages in order.
pub(crate) fn stages(city: &City) -> Vec<Stage> {
    let mut all = vec![Stage::Ground, Stage::Areas];
    all.extend((0..city.communities.len()).map(Stage::Community));
    let rows = city.ground.frame.rows;
    all.extend((rows.0..rows.1).map(Stage::Lines));
    all.extend((0..city.homes.len()).map(Stage::Home));
    all
}

/// The changes of one stage.
pub(crate) fn write(city: &City, stage: Stage) -> Vec<Change> {
    let mut sheet = Sheet::default();
    match stage {
        Stage::Ground => ground::write(city, &mut sheet),
        Stage::Areas => admin::areas(city, &mut sheet),
        Stage::Community(k) => admin::community(city, k, &mut sheet),
        Stage::Lines(row) => roads::lines(city, row, &mut sheet),
        Stage::Home(k) => home(city, &city.homes[k], k, &mut sheet),
    }
    sheet.changes
}

fn home(city: &City, home: &Home, rank: usize, sheet: &mut Sheet) {
    let fill = city.fill(home);
    let mut desk = Desk::new(city, home, rank, &fill);
    roads::inner(&desk, sheet);
    places::write(&mut desk, sheet);
    people::write(&mut desk, sheet);
    register::write(&mut desk, sheet);
    things::write(&mut desk, sheet);
    happenings::write(&mut desk, sheet);
}

/// A room that somebody may live or work in.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) key: String,
    pub(crate) dwelling: bool,
    pub(crate) span: Span,
}

/// A doorplate as written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) key: String,
    pub(crate) address: String,
}

/// What is at hand while a home is written.
pub(crate) struct Desk<'a> {
    pub(crate) city: &'a City,
    pub(crate) home: &'a Home,
    pub(crate) rank: usize,
    pub(crate) fill: &'a Fill,
    pub(crate) dates: Dates,
    pub(crate) rng: Rng,
    pub(crate) plates: Vec<Written>,
    pub(crate) rooms: Vec<Room>,
    /// Where the streets round and within the cell are cut.
    marks: BTreeMap<Facing, u16>,
    /// 温州市鹿城区望江街道
    pub(crate) prefix: String,
}

impl<'a> Desk<'a> {
    fn new(city: &'a City, home: &'a Home, rank: usize, fill: &'a Fill) -> Self {
        let (i, j) = home.cell;
        let mut marks = BTreeMap::new();
        for (upright, cell) in [(true, (i, j)), (true, (i + 1, j)), (false, (i, j)), (false, (i, j + 1))] {
            marks.insert(Facing::Line { upright, cell }, city.marks(upright, cell));
        }
        for (s, street) in fill.lots.streets.iter().enumerate() {
            marks.insert(Facing::Inner(s), crate::streets::inner_marks(&fill.lots, street));
        }
        let sub = &city.subdistricts[city.communities[city.community_at[&home.cell]].subdistrict];
        let prefix = format!("温州市{}{}", city.districts[sub.parent].name, sub.name);
        let rng = Rng::of(city.ground.hash(home.cell, 101), 0);
        let dates = Dates { now: city.plan.now };
        Self { city, home, rank, fill, dates, rng, plates: Vec::new(), rooms: Vec::new(), marks, prefix }
    }

    pub(crate) fn valid(&self, span: Span) -> Interval {
        self.dates.interval(span)
    }

    /// A key within this cell.
    pub(crate) fn key(&self, kind: &str, n: usize) -> String {
        let (i, j) = self.home.cell;
        format!("{kind}{i}_{j}.{n}")
    }

    /// The doorplate nearest to a point among those valid over all of `span`, and its distance in metres.
    pub(crate) fn nearest(&self, p: P, span: Span) -> Option<(usize, f64)> {
        let all = self.fill.plates.iter().enumerate();
        let fit = all.filter(|(_, d)| d.span.from <= span.from && span.until <= d.span.until);
        fit.map(|(k, d)| (k, crate::place::shape::distance(d.at, p))).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Hangs a record on the nearest doorplate.
    pub(crate) fn hang(&self, sheet: &mut Sheet, key: &str, p: P, span: Span) {
        if let Some((k, metres)) = self.nearest(p, span) {
            sheet.hangs_near(key, &self.plates[k].key, metres, self.valid(span));
        }
    }
}
