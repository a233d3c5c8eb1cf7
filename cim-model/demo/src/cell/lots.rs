//! How a cell is cut: inner streets and blocks, on the fine lattice. Cheap, so that a cell can ask how its neighbour is cut.

use std::collections::BTreeSet;

use crate::cell::cut::{Band, bands, gate, kind};
use crate::place::frame::{Cell, FINE};
use crate::place::land::{Class, Ground, Land};
use crate::rng::Rng;

/// Which street a side of a block faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Facing {
    /// The street on the west (`upright`) or south side of `cell`.
    Line { upright: bool, cell: Cell },
    /// An inner street of the cell.
    Inner(usize),
}

/// An inner street.
#[derive(Clone, Debug)]
pub(crate) struct Street {
    pub(crate) upright: bool,
    /// The fine line it runs on.
    pub(crate) at: u8,
    pub(crate) from: u8,
    pub(crate) to: u8,
    pub(crate) class: Class,
    pub(crate) oneway: bool,
}

/// South, east, north, west.
pub(crate) const SOUTH: usize = 0;
pub(crate) const EAST: usize = 1;
pub(crate) const NORTH: usize = 2;
pub(crate) const WEST: usize = 3;

/// A side of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) facing: Facing,
    pub(crate) class: Class,
    /// Whether a canal lies between the block and the street.
    pub(crate) wet: bool,
    /// Whether shops stand along it.
    pub(crate) shops: bool,
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Houses,
    OldSlabs,
    Slabs,
    Towers,
    School,
    Park,
    Mall,
    Offices,
    Market,
    Hospital,
    Works,
    Campus,
    Civic,
    Hotel,
    Wild,
}

/// The way into a walled block: at fine index `at` of `side`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub(crate) side: usize,
    pub(crate) at: u8,
}

/// A fine rectangle: west, east, south, north.
pub(crate) type Rect = [u8; 4];

/// A block between streets.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) rect: Rect,
    /// Without the fine row that a canal takes.
    pub(crate) build: Rect,
    pub(crate) sides: [Side; 4],
    pub(crate) kind: Kind,
    pub(crate) gate: Option<Gate>,
    /// Which grid of the cell it lies in.
    pub(crate) grid: u8,
}

/// How a cell is cut.
#[derive(Clone, Debug)]
pub(crate) struct Lots {
    pub(crate) land: Land,
    pub(crate) streets: Vec<Street>,
    pub(crate) blocks: Vec<Block>,
    /// Whether streets are cut at the fine node: for each `a` a bit for each `b`.
    pub(crate) marks: [u16; FINE + 1],
    /// Canals along the west and the south side.
    pub(crate) wet: (bool, bool),
}

impl Lots {
    pub(crate) fn of(ground: &Ground, cell: Cell, land: Land) -> Self {
        let mut rng = Rng::of(ground.hash(cell, 51), 0);
        let wet = (ground.canal(true, cell), ground.canal(false, cell));
        let mut lots = Self { land, streets: vec![], blocks: vec![], marks: [0; FINE + 1], wet };
        // In some quarters the lanes run north.
        let turned = matches!(land, Land::OldTown | Land::Village) && rng.chance(0.4);
        let (across, along) = if turned { wet } else { (wet.1, wet.0) };
        let bands = bands(land, across, &mut rng);
        lots.add_streets(&bands, (land, turned), along, &mut rng);
        lots.add_blocks((ground, cell), &bands, (turned, along), &mut rng);
        // A quadrant without a block of its own is no grid.
        let mut used: Vec<u8> = lots.blocks.iter().map(|b| b.grid).collect();
        used.sort_unstable();
        used.dedup();
        lots.blocks.iter_mut().for_each(|b| b.grid = used.partition_point(|g| *g < b.grid) as u8);
        lots.mark_crossings();
        lots
    }

    fn add_streets(&mut self, bands: &[Band], (land, turned): (Land, bool), wet: bool, rng: &mut Rng) {
        let class = |main: bool| match land {
            Land::OldTown if main => Class::Living,
            Land::OldTown => Class::Pedestrian,
            Land::Village => Class::Living,
            _ if main => Class::Tertiary,
            _ => Class::Residential,
        };
        for (k, band) in bands.iter().enumerate() {
            if k > 0 {
                let oneway = land == Land::OldTown && rng.chance(0.2);
                let class = class(band.main && (land == Land::OldTown || rng.chance(0.5)));
                self.streets.push(Street { upright: turned, at: band.rows.0, from: 0, to: 12, class, oneway });
            }
        }
        for band in bands {
            for &a in band.cuts.iter().filter(|a| !wet || **a > 1) {
                let before = self.streets.iter_mut().find(|s| s.upright != turned && s.at == a && s.to == band.rows.0);
                if let Some(street) = before {
                    street.to = band.rows.1;
                    continue;
                }
                let class = if land == Land::OldTown { Class::Living } else { class(false) };
                let (from, to) = band.rows;
                self.streets.push(Street { upright: !turned, at: a, from, to, class, oneway: false });
            }
        }
    }

    fn add_blocks(&mut self, at: (&Ground, Cell), bands: &[Band], (turned, wet): (bool, bool), rng: &mut Rng) {
        for band in bands {
            let mut lines = vec![0];
            lines.extend(band.cuts.iter().copied().filter(|a| !wet || *a > 1));
            lines.push(12);
            for pair in lines.windows(2) {
                let (x, y) = ((pair[0], pair[1]), band.rows);
                let ((a0, a1), (b0, b1)) = if turned { (y, x) } else { (x, y) };
                let block = self.block(at, [a0, a1, b0, b1], rng);
                self.blocks.push(block);
            }
        }
    }

    fn block(&self, (ground, cell): (&Ground, Cell), rect: Rect, rng: &mut Rng) -> Block {
        let [a0, a1, b0, b1] = rect;
        let (wet_west, wet_south) = (self.wet.0 && a0 == 0, self.wet.1 && b0 == 0);
        let build = [a0 + u8::from(wet_west), a1, b0 + u8::from(wet_south), b1];
        let (i, j) = cell;
        let line = |upright: bool, at: Cell| (Facing::Line { upright, cell: at }, ground.street(upright, at));
        let inner = |upright: bool, at: u8, over: u8| {
            let is = |s: &Street| s.upright == upright && s.at == at && s.from <= over && over < s.to;
            let k = self.streets.iter().position(is).unwrap_or(0);
            (Facing::Inner(k), self.streets[k].class)
        };
        let faces = [
            if b0 == 0 { line(false, cell) } else { inner(false, b0, a0) },
            if a1 == 12 { line(true, (i + 1, j)) } else { inner(true, a1, b0) },
            if b1 == 12 { line(false, (i, j + 1)) } else { inner(false, b1, a0) },
            if a0 == 0 { line(true, cell) } else { inner(true, a0, b0) },
        ];
        let kind = kind(self.land, build, rng);
        let sides: [Side; 4] = std::array::from_fn(|k| {
            let (facing, class) = faces[k];
            let wet = k == SOUTH && wet_south || k == WEST && wet_west;
            let busy = (Class::Primary..=Class::Tertiary).contains(&class);
            let quiet = class == Class::Residential;
            let shops = !wet
                && match kind {
                    Kind::OldSlabs | Kind::Slabs => {
                        busy && class != Class::Primary || quiet && rng.chance(0.55) || busy && rng.chance(0.75)
                    }
                    Kind::Towers => busy && rng.chance(0.7) || quiet && rng.chance(0.35),
                    Kind::Offices | Kind::Hotel | Kind::Market => (busy || quiet) && rng.chance(0.5),
                    _ => false,
                };
            Side { facing, class, wet, shops }
        });
        let walled = !matches!(kind, Kind::Houses | Kind::Wild);
        let gate = if walled { gate(rect, &sides, rng) } else { None };
        let grid = if bands_whole(self.land) { 0 } else { u8::from(a0 + a1 > 12) + 2 * u8::from(b0 + b1 > 12) };
        Block { rect, build, sides, kind, gate, grid }
    }

    fn mark(&mut self, a: u8, b: u8) {
        self.marks[a as usize] |= 1 << b;
    }

    /// Streets are cut where they meet, at gates, and at the banks of canals.
    fn mark_crossings(&mut self) {
        let mut at = vec![(0, 0), (0, 12), (12, 0), (12, 12)];
        for s in &self.streets {
            let ends = if s.upright { [(s.at, s.from), (s.at, s.to)] } else { [(s.from, s.at), (s.to, s.at)] };
            at.extend(ends);
            for o in self.streets.iter().filter(|o| o.upright && !s.upright && o.from <= s.at && s.at <= o.to) {
                at.push((o.at, s.at));
            }
            if self.wet.0 && !s.upright {
                at.push((1, s.at));
            }
            if self.wet.1 && s.upright && s.from == 0 {
                at.push((s.at, 1));
            }
        }
        if self.wet.0 {
            at.extend([(1, 0), (1, 12)]);
        }
        if self.wet.1 {
            at.extend([(0, 1), (12, 1)]);
        }
        at.extend(self.blocks.iter().filter_map(|b| b.gate.map(|g| gate_node(b.rect, g))));
        for (a, b) in at {
            self.mark(a, b);
        }
    }

    /// How many grids the cell has.
    pub(crate) fn grids(&self) -> u8 {
        self.blocks.iter().map(|b| b.grid + 1).max().unwrap_or(1)
    }

    /// The microgrids that go over to the first grid when the grids are redrawn: those of the second along the border. None where
    /// there are fewer than four grids, or where nothing would be left of the second.
    pub(crate) fn movable(&self) -> BTreeSet<usize> {
        let all = self.microgrids().enumerate();
        let second: Vec<(usize, Rect)> = all.filter(|(_, (_, g))| *g == 1).map(|(n, (r, _))| (n, r)).collect();
        let border = second.iter().map(|(_, r)| r[0]).min().unwrap_or(0);
        let moved: BTreeSet<usize> = second.iter().filter(|(_, r)| r[0] == border).map(|(n, _)| *n).collect();
        if self.grids() == 4 && moved.len() < second.len() { moved } else { BTreeSet::new() }
    }

    /// The fine rectangles of the microgrids, each with its grid: a block, or its two halves where it is wide.
    pub(crate) fn microgrids(&self) -> impl Iterator<Item = (Rect, u8)> + '_ {
        self.blocks.iter().flat_map(|b| {
            let [a0, a1, b0, b1] = b.rect;
            let m = u8::midpoint(a0, a1);
            let halves = if halved(b) { vec![[a0, m, b0, b1], [m, a1, b0, b1]] } else { vec![b.rect] };
            halves.into_iter().map(|r| (r, b.grid))
        })
    }
}

/// Whether the block has two microgrids.
pub(crate) fn halved(block: &Block) -> bool {
    block.rect[1] - block.rect[0] >= 5
        && !matches!(block.kind, Kind::Wild | Kind::Park | Kind::Campus | Kind::Works | Kind::School)
}

/// The fine node of a gate.
pub(crate) fn gate_node(rect: Rect, gate: Gate) -> (u8, u8) {
    let [a0, a1, b0, b1] = rect;
    match gate.side {
        SOUTH => (gate.at, b0),
        EAST => (a1, gate.at),
        NORTH => (gate.at, b1),
        _ => (a0, gate.at),
    }
}

const fn bands_whole(land: Land) -> bool {
    matches!(land, Land::River | Land::Hill | Land::Farm | Land::Park | Land::Campus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_tile_their_cell_and_face_streets() {
        let ground = Ground::new(3, 2500.0);
        for cell in ground.frame.cells() {
            let lots = Lots::of(&ground, cell, ground.land(cell));
            let mut taken = [[0_u8; 12]; 12];
            for b in &lots.blocks {
                let [a0, a1, b0, b1] = b.rect;
                (a0..a1).for_each(|x| (b0..b1).for_each(|y| taken[x as usize][y as usize] += 1));
            }
            assert!(taken.iter().flatten().all(|n| *n == 1), "{cell:?} {:?}", lots.land);
        }
    }
}
