//! What stands in a cell: doorplates, buildings, walled quarters, parks, inner roads. Geometry and numbers, no words yet.

mod cut;
mod front;
pub(crate) mod lots;
mod park;
pub(crate) mod quarter;
mod yard;

use crate::cell::lots::{Block, EAST, Facing, Gate, Kind, Lots, NORTH, SOUTH, gate_node, halved};
use crate::place::frame::{Cell, Mesh, P};
use crate::place::land::{Class, Ground, Land};
use crate::place::shape::lerp;
use crate::rng::Rng;

/// Days relative to the plan's now. `FIRST` is when the records begin, `EVER` is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i32,
    pub(crate) until: i32,
}

impl Span {
    pub(crate) const FIRST: i32 = i32::MIN;
    pub(crate) const EVER: i32 = i32::MAX;
    pub(crate) const ALL: Self = Self { from: Self::FIRST, until: Self::EVER };

    /// Whether it is so now.
    pub(crate) const fn now(self) -> bool {
        self.from <= 0 && 0 < self.until
    }
}

/// What sort of doorplate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Shop,
    House,
    /// The gate of a quarter or of a large building.
    Gate(Kind),
}

/// A doorplate.
#[derive(Clone, Debug)]
pub(crate) struct Plate {
    pub(crate) at: P,
    pub(crate) facing: Facing,
    /// The fine step of the street it stands at.
    pub(crate) k: u8,
    pub(crate) number: u32,
    /// 附号 of a shop that came later; 0 for none.
    pub(crate) extra: u8,
    pub(crate) door: Door,
    /// Its microgrid within the cell.
    pub(crate) micro: u16,
    /// Its quarter among `Fill::quarters`.
    pub(crate) quarter: Option<usize>,
    pub(crate) span: Span,
}

/// How a building is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rooms {
    /// None of its own: its doorplates' shops are its rooms.
    Shops,
    /// So many rooms, without floors in the records.
    Plain(u8),
    /// Stairwells, and flats on each floor of one.
    Flats { stairs: u8, each: u8 },
    /// Offices, wards, class rooms on each floor.
    Floors { each: u8 },
}

/// A building.
#[derive(Clone, Debug)]
pub(crate) struct Hull {
    /// From the south-west corner (or the street's), turning left.
    pub(crate) ring: Vec<P>,
    /// The doorplates it lies in: the first, and how many.
    pub(crate) plates: (usize, usize),
    pub(crate) what: &'static str,
    pub(crate) levels: u8,
    pub(crate) below: u8,
    pub(crate) rooms: Rooms,
    /// 幢 number within its quarter; 0 for none.
    pub(crate) number: u16,
    pub(crate) built: u16,
    pub(crate) span: Span,
}

/// A walled quarter or the plot of a large building.
#[derive(Clone, Debug)]
pub(crate) struct Quarter {
    pub(crate) ring: Vec<P>,
    pub(crate) kind: Kind,
    pub(crate) plate: usize,
    pub(crate) span: Span,
}

/// A surface that is no building: lawn, pitch, pond, square.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    pub(crate) ring: Vec<P>,
    pub(crate) layer: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) plate: Option<usize>,
}

/// An inner road or path.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) points: Vec<P>,
    pub(crate) class: Class,
}

/// What stands in a cell.
#[derive(Debug)]
pub(crate) struct Fill {
    pub(crate) mesh: Mesh,
    pub(crate) lots: Lots,
    pub(crate) plates: Vec<Plate>,
    pub(crate) hulls: Vec<Hull>,
    pub(crate) quarters: Vec<Quarter>,
    pub(crate) patches: Vec<Patch>,
    pub(crate) ways: Vec<Way>,
    pub(crate) rng: Rng,
}

/// Fine steps of a named stretch of a lattice street: numbers run on over so many cells.
pub(crate) const STRETCH: i32 = 6;
/// Numbers kept for one fine step of a street: four doors on either side.
const NUMBERS_A_STEP: u32 = 8;

impl Fill {
    /// Fills a cell that is `land`.
    pub(crate) fn of(ground: &Ground, cell: Cell, land: Land) -> Self {
        let mut fill = Self {
            mesh: ground.frame.mesh(cell, crooked_m(land)),
            lots: Lots::of(ground, cell, land),
            plates: Vec::new(),
            hulls: Vec::new(),
            quarters: Vec::new(),
            patches: Vec::new(),
            ways: Vec::new(),
            rng: Rng::of(ground.hash(cell, 61), 0),
        };
        let blocks = std::mem::take(&mut fill.lots.blocks);
        let mut micro = 0;
        for block in &blocks {
            fill.block(block, micro);
            micro += 1 + u16::from(halved(block));
        }
        fill.lots.blocks = blocks;
        fill
    }

    /// Drops doorplates valid now beyond the first `limit`, and what stands on them.
    pub(crate) fn cut(&mut self, limit: u32) {
        let mut now = 0;
        let keep = self.plates.iter().position(|p| {
            now += u32::from(p.span.now());
            now > limit
        });
        let Some(keep) = keep else { return };
        self.plates.truncate(keep);
        self.hulls.retain(|h| h.plates.0 + h.plates.1 <= keep);
        // Quarters keep their order; doorplates name them by position, and a quarter's doorplate comes before its use.
        let gone = self.quarters.iter().position(|q| q.plate >= keep).unwrap_or(self.quarters.len());
        self.quarters.truncate(gone);
        self.patches.retain(|p| p.plate.is_none_or(|d| d < keep));
    }

    /// How many doorplates are valid now.
    pub(crate) fn count(&self) -> u32 {
        self.plates.iter().filter(|p| p.span.now()).count() as u32
    }

    fn block(&mut self, block: &Block, micro: u16) {
        match block.kind {
            Kind::Wild => {}
            Kind::Houses => self.houses(block, micro),
            _ => self.quarter(block, micro),
        }
    }

    /// The number of a doorplate: odd on the left of the direction in which numbers rise (westward and northward, DOMAIN
    /// §1.3), even on the right.
    pub(super) fn number(&self, facing: Facing, side: usize, k: u8, slot: u8) -> u32 {
        let upright = side == EAST || side == crate::cell::lots::WEST;
        let (base, step) = match facing {
            Facing::Line { cell: (i, j), .. } => {
                let edge =
                    if upright { (j + 3).rem_euclid(STRETCH) } else { STRETCH - 1 - (i + 3).rem_euclid(STRETCH) };
                (edge as u32 * 12, if upright { k } else { 11 - k })
            }
            Facing::Inner(s) => {
                let s = &self.lots.streets[s];
                (0, if upright { k - s.from } else { s.to - 1 - k })
            }
        };
        let odd = side == NORTH || side == EAST;
        (base + u32::from(step)) * NUMBERS_A_STEP + 2 * u32::from(slot) + if odd { 1 } else { 2 }
    }

    /// The doorplate of a walled block, at its gate.
    pub(super) fn gate_plate(&mut self, block: &Block, gate: Gate, micro: u16, span: Span) -> usize {
        let (a, b) = gate_node(block.rect, gate);
        let node = self.mesh.node(a, b);
        let [a0, a1, b0, b1] = block.rect;
        let (ma, mb) = (f64::midpoint(a0.into(), a1.into()), f64::midpoint(b0.into(), b1.into()));
        let upright = gate.side == EAST || gate.side == crate::cell::lots::WEST;
        let into = if upright { self.mesh.at(ma, f64::from(b)) } else { self.mesh.at(f64::from(a) + 0.4, mb) };
        let side = &block.sides[gate.side];
        let at = toward(node, into, side.class.half_m() + 1.5);
        // The step whose last door is at the gate, in the direction in which numbers rise.
        let k = if upright { gate.at - 1 } else { gate.at };
        let number = self.number(side.facing, gate.side, k, 3);
        let half = halved(block) && a >= u8::midpoint(a0, a1);
        let quarter = Some(self.quarters.len());
        self.plates.push(Plate {
            at,
            facing: side.facing,
            k,
            number,
            extra: 0,
            door: Door::Gate(block.kind),
            micro: micro + u16::from(half),
            quarter,
            span,
        });
        self.plates.len() - 1
    }
}

/// How far the inner points of a cell's fine lattice stray, in metres.
pub(crate) const fn crooked_m(land: Land) -> f64 {
    match land {
        Land::OldTown => 9.0,
        Land::Village => 7.0,
        Land::Homes | Land::Mixed => 5.0,
        _ => 3.0,
    }
}

/// A point so many metres from `a` towards `b`.
pub(crate) fn toward(a: P, b: P, metres: f64) -> P {
    lerp(a, b, metres / crate::place::shape::distance(a, b).max(1e-6))
}

/// The year in which something like this was built.
pub(super) fn year(rng: &mut Rng, kind: Kind) -> u16 {
    let (from, to) = match kind {
        Kind::Houses => (1952, 1996),
        Kind::OldSlabs => (1982, 2002),
        Kind::Slabs | Kind::Market | Kind::School => (1998, 2012),
        Kind::Towers | Kind::Mall => (2006, 2021),
        _ => (1990, 2019),
    };
    (from + rng.below(to - from)) as u16
}

/// Whether a side lies along a row of the fine lattice.
pub(super) const fn level(side: usize) -> bool {
    side == SOUTH || side == NORTH
}
