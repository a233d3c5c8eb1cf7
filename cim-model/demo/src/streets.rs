//! Streets by name and by piece: what a doorplate, a bridge and a crossing need to know of them.

use crate::cell::STRETCH;
use crate::cell::lots::{Facing, Lots, Street};
use crate::city::City;
use crate::place::frame::{Cell, FINE, RIVER_ROW};
use crate::place::land::{Class, Land};
use crate::words;

/// A piece of a street between two crossings: fine indices along it.
pub(crate) type Piece = (u8, u8);

impl City {
    /// Whether a street runs on the west (`upright`) or south side of the cell.
    pub(crate) fn has_street(&self, upright: bool, (i, j): Cell) -> bool {
        let beside = if upright { (i - 1, j) } else { (i, j - 1) };
        let near = self.home_at.contains_key(&(i, j)) || self.home_at.contains_key(&beside);
        if upright && (j == RIVER_ROW || j == RIVER_ROW + 1) {
            let bank = |row| self.home_at.contains_key(&(i, row)) || self.home_at.contains_key(&(i - 1, row));
            let both = bank(RIVER_ROW - 1) && bank(RIVER_ROW + 2);
            return self.ground.bridge(i) && (both || self.is_motorway(true, (i, j)));
        }
        near || self.is_motorway(upright, (i, j))
    }

    pub(crate) fn is_motorway(&self, upright: bool, cell: Cell) -> bool {
        upright && self.ground.street(true, cell) == Class::Motorway
    }

    /// Where the street on a side of a cell is cut: a bit for each fine index.
    pub(crate) fn marks(&self, upright: bool, (i, j): Cell) -> u16 {
        let mut marks = 1 | 1 << FINE;
        let beside = if upright { (i - 1, j) } else { (i, j - 1) };
        for (cell, far) in [((i, j), false), (beside, true)] {
            let land = self.land(cell);
            if !self.ground.frame.holds(cell) || matches!(land, Land::River | Land::Hill) {
                continue;
            }
            // Open country has canals too, and bridges over them.
            let lots = Lots::of(&self.ground, cell, land);
            marks |= side_marks(&lots, upright, far);
        }
        marks
    }

    /// Whether a canal crosses the first fine step of the street on a side of a cell.
    pub(crate) fn crosses_canal(&self, upright: bool, (i, j): Cell) -> bool {
        let beside = if upright { (i - 1, j) } else { (i, j - 1) };
        let frame = &self.ground.frame;
        [(i, j), beside]
            .into_iter()
            .any(|c| frame.holds(c) && self.ground.canal(!upright, c) && self.land(c) != Land::Hill)
    }

    /// The name of the street on a side of a cell. It changes every six cells: 西路, 中路, 东路.
    pub(crate) fn line_name(&self, upright: bool, (i, j): Cell) -> String {
        let class = self.ground.street(upright, (i, j));
        let (k, along) = if upright { (i, j) } else { (j, i) };
        let stretch = (along + 3).div_euclid(STRETCH);
        if class == Class::Motorway {
            return "温州绕城高速".to_owned();
        }
        let line = u64::from(k.unsigned_abs()) * 2 + u64::from(k > 0);
        let id = line * 2 + u64::from(upright);
        let tail = match (stretch, upright) {
            (0, _) => "中路",
            (1, false) => "东路",
            (-1, false) => "西路",
            (1, true) => "北路",
            (-1, true) => "南路",
            _ if class == Class::Primary => "大道",
            _ => "路",
        };
        if !upright && (k == RIVER_ROW || k == RIVER_ROW + 2) && stretch.abs() <= 1 {
            return format!("{}{tail}", if k == RIVER_ROW { "江滨" } else { "北岸" });
        }
        if class == Class::Trunk && stretch.abs() <= 1 {
            let side = match (upright, k > 0) {
                (true, true) => "东",
                (true, false) => "西",
                (false, true) => "北",
                (false, false) => "南",
            };
            return format!("环城{side}{tail}");
        }
        if stretch.abs() <= 1 {
            return format!("{}{tail}", words::great(id));
        }
        let turn = u64::from(stretch.unsigned_abs()) * 2 + u64::from(stretch > 0);
        format!("{}{tail}", words::pair(700 + id * 37 + turn * 211))
    }

    /// The name of an inner street.
    pub(crate) fn inner_name(&self, (i, j): Cell, s: usize, land: Land) -> String {
        let frame = &self.ground.frame;
        let wide = u64::from((frame.columns.1 - frame.columns.0).unsigned_abs());
        let serial =
            u64::from((j - frame.rows.0).unsigned_abs()) * wide + u64::from((i - frame.columns.0).unsigned_abs());
        words::lane(serial * 16 + s as u64, matches!(land, Land::OldTown | Land::Village))
    }
}

/// What a cell marks on one of its sides: its west or south one, or (`far`) its east or north one.
fn side_marks(lots: &Lots, upright: bool, far: bool) -> u16 {
    let line = if far { FINE } else { 0 };
    if upright {
        return lots.marks[line];
    }
    (0..=FINE).filter(|a| lots.marks[*a] >> line & 1 == 1).fold(0, |m, a| m | 1 << a)
}

/// Where an inner street is cut.
pub(crate) fn inner_marks(lots: &Lots, street: &Street) -> u16 {
    let all = if street.upright {
        lots.marks[street.at as usize]
    } else {
        (0..=FINE).filter(|a| lots.marks[*a] >> street.at & 1 == 1).fold(0, |m, a| m | 1 << a)
    };
    let within: u16 = (street.from..=street.to).fold(0, |m, k| m | 1 << k);
    all & within | 1 << street.from | 1 << street.to
}

/// The pieces between the marks.
pub(crate) fn pieces(marks: u16) -> Vec<Piece> {
    let at: Vec<u8> = (0..=FINE as u8).filter(|k| marks >> k & 1 == 1).collect();
    at.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Where the piece that holds the fine step `k` begins.
pub(crate) fn piece_of(marks: u16, k: u8) -> u8 {
    (0..=k).rev().find(|n| marks >> n & 1 == 1).unwrap_or(0)
}

/// The key of a piece of a street.
pub(crate) fn road_key(home: Cell, facing: Facing, from: u8) -> String {
    match facing {
        Facing::Line { upright, cell: (i, j) } => format!("road.{}{i}_{j}.{from}", if upright { 'v' } else { 'h' }),
        Facing::Inner(s) => format!("road.c{}_{}.s{s}.{from}", home.0, home.1),
    }
}
