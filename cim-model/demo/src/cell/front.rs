//! What stands along a street: courtyard houses in the lanes, rows of shops along the busier streets.

use crate::cell::lots::{Block, EAST, Kind, NORTH, SOUTH, WEST, halved};
use crate::cell::{Door, Fill, Hull, Plate, Rooms, Span, level, year};
use crate::place::frame::P;
use crate::place::land::{Class, Land};
use crate::place::shape::{area, distance};

/// Depth of a row of shops, and of the pavement before it, in metres.
pub(super) const SHOP_M: f64 = 11.0;
pub(super) const PAVEMENT_M: f64 = 3.0;

/// One fine step of a block's side, with its own axes: `s` along the street, `t` away from it, each from 0 to 1.
struct Step {
    side: usize,
    a: u8,
    b: u8,
    k: u8,
    /// Metres along and across.
    long_m: f64,
    deep_m: f64,
}

impl Fill {
    fn step(&self, block: &Block, side: usize, k: u8) -> Step {
        let [a0, a1, b0, b1] = block.build;
        let (a, b) = match side {
            SOUTH => (k, b0),
            EAST => (a1 - 1, k),
            NORTH => (k, b1 - 1),
            _ => (a0, k),
        };
        let p = |s, t| spot(&self.mesh, side, a, b, s, t);
        let long_m = distance(p(0.0, 0.0), p(1.0, 0.0));
        let deep_m = distance(p(0.0, 0.0), p(0.0, 1.0)).min(distance(p(1.0, 0.0), p(1.0, 1.0)));
        Step { side, a, b, k, long_m, deep_m }
    }

    fn quad(&self, step: &Step, (s0, s1): (f64, f64), (t0, t1): (f64, f64)) -> Vec<P> {
        let p = |s, t| spot(&self.mesh, step.side, step.a, step.b, s, t);
        let mut ring = vec![p(s0, t0), p(s1, t0), p(s1, t1), p(s0, t1)];
        if area(&ring) < 0.0 {
            // Keeps the street's side first.
            ring = vec![p(s1, t0), p(s0, t0), p(s0, t1), p(s1, t1)];
        }
        ring
    }

    fn plate(
        &mut self,
        block: &Block,
        step: &Step,
        (slot, s, front_m): (u8, f64, f64),
        micro: u16,
        (door, span): (Door, Span),
    ) -> usize {
        let side = block.sides[step.side];
        let number = self.number(side.facing, step.side, step.k, slot.min(3));
        let half = halved(block) && step.a >= u8::midpoint(block.rect[0], block.rect[1]);
        self.plates.push(Plate {
            at: spot(&self.mesh, step.side, step.a, step.b, s, front_m / step.deep_m),
            facing: side.facing,
            k: step.k,
            number,
            extra: slot.saturating_sub(3),
            door,
            micro: micro + u16::from(half),
            quarter: None,
            span,
        });
        self.plates.len() - 1
    }

    /// Courtyard houses along the lanes of an old town or a village.
    pub(super) fn houses(&mut self, block: &Block, micro: u16) {
        let [a0, a1, b0, b1] = block.build;
        let village = self.lots.land == Land::Village;
        // The long sides first; the short ones of a deep block have houses between.
        let tall = b1 - b0 > a1 - a0;
        let (long, short) = if tall { ([EAST, WEST], [SOUTH, NORTH]) } else { ([SOUTH, NORTH], [EAST, WEST]) };
        let (columns, rows) = ((a0, a1), (b0, b1));
        let ((lo, hi), (from, to)) = if tall { (rows, columns) } else { (columns, rows) };
        for side in long.into_iter().filter(|s| !block.sides[*s].wet) {
            (lo..hi).for_each(|k| self.house_row(block, side, k, to - from == 1, village, micro));
        }
        for side in short.into_iter().filter(|s| to - from > 2 && !block.sides[*s].wet) {
            (from + 1..to - 1).for_each(|k| self.house_row(block, side, k, hi - lo == 1, village, micro));
        }
    }

    fn house_row(&mut self, block: &Block, side: usize, k: u8, shared: bool, village: bool, micro: u16) {
        let step = self.step(block, side, k);
        let [a0, a1, b0, b1] = block.build;
        let half = block.sides[side].class.half_m();
        let front = half + 1.0;
        // A row shares its fine step with the one behind it, each to the middle less a yard.
        let behind = block.sides[(side + 2) % 4].class.half_m();
        let room = if shared { (step.deep_m - half - behind) / 2.0 - 1.8 } else { step.deep_m - front - 4.0 };
        let depth = room.min(self.rng.between(9.5, 13.5));
        if depth < 5.0 {
            return;
        }
        let trim = |at_end: bool, across: usize| {
            if at_end { (block.sides[across].class.half_m() + 1.0) / step.long_m } else { 0.004 }
        };
        let (mut s, end) = if level(side) {
            (trim(k == a0, WEST), 1.0 - trim(k + 1 == a1, EAST))
        } else {
            (trim(k == b0, SOUTH), 1.0 - trim(k + 1 == b1, NORTH))
        };
        let busy = block.sides[side].class <= Class::Tertiary;
        let mut slot = 0_u8;
        let mut lots: Vec<(f64, f64)> = Vec::new();
        while s < end && slot < 6 {
            let wide = self.rng.between(6.4, 10.2) / step.long_m;
            let e = if s + wide * 1.55 > end { end } else { s + wide };
            lots.push((s, e - 0.35 / step.long_m));
            s = e;
            slot += 1;
        }
        // Numbers rise westward and northward.
        if level(side) {
            lots.reverse();
        }
        for (slot, (s0, s1)) in lots.into_iter().enumerate() {
            if !self.rng.chance(0.035) {
                self.house(block, &step, slot as u8, [(s0, s1), (front, depth)], (village, busy), micro);
            }
        }
    }

    fn house(
        &mut self,
        block: &Block,
        step: &Step,
        slot: u8,
        [(s0, s1), (front, depth)]: [(f64, f64); 2],
        (village, busy): (bool, bool),
        micro: u16,
    ) {
        let depth = depth * self.rng.between(0.82, 1.0);
        let back = self.rng.between(0.0, 0.7);
        let (t0, t1) = ((front + back) / step.deep_m, (front + depth) / step.deep_m);
        let mut ring = self.quad(step, (s0, s1), (t0, t1));
        // Some are built round a court open to the back.
        if !village && (s1 - s0) * step.long_m > 8.0 && self.rng.chance(0.35) {
            let third = |x: f64| s0 + (s1 - s0) * x;
            let court = t0 + (t1 - t0) * 0.5;
            let p = |s, t| spot(&self.mesh, step.side, step.a, step.b, s, t);
            let u = [
                p(s0, t0),
                p(s1, t0),
                p(s1, t1),
                p(third(0.66), t1),
                p(third(0.66), court),
                p(third(0.33), court),
                p(third(0.33), t1),
                p(s0, t1),
            ];
            ring = u.to_vec();
            if area(&ring) < 0.0 {
                ring.reverse();
                ring.rotate_right(2);
            }
        }
        let span = match self.rng.below(400) {
            0 | 1 => Span { from: Span::FIRST, until: -(30 + self.rng.below(640) as i32) },
            2 | 3 => Span { from: -(20 + self.rng.below(680) as i32), until: Span::EVER },
            _ => Span::ALL,
        };
        let levels = if village { 3 + self.rng.below(4) } else { 1 + self.rng.below(3) } as u8;
        let door = if busy || self.rng.chance(0.06) { Door::Shop } else { Door::House };
        let plate = self.plate(block, step, (slot, f64::midpoint(s0, s1), front - 0.4), micro, (door, span));
        let rooms = if village { levels.div_ceil(2) + 1 } else { 1 + levels / 2 };
        let built = year(&mut self.rng, Kind::Houses) + if village { 26 } else { 0 };
        self.hulls.push(Hull {
            ring,
            plates: (plate, 1),
            what: if door == Door::Shop { "mixed" } else { "house" },
            levels,
            below: 0,
            rooms: Rooms::Plain(rooms),
            number: 0,
            built,
            span,
        });
    }

    /// Rows of shops along the sides that have them; flats above some.
    pub(super) fn shops(&mut self, block: &Block, micro: u16) {
        let [a0, a1, b0, b1] = block.build;
        for side in [SOUTH, EAST, NORTH, WEST] {
            if !block.sides[side].shops {
                continue;
            }
            let (lo, hi) = if level(side) { (a0, a1) } else { (b0, b1) };
            for k in lo..hi {
                // The corner belongs to the row along the level side.
                let (before, after) = if level(side) { (WEST, EAST) } else { (SOUTH, NORTH) };
                let taken = |across: usize| !level(side) && block.sides[across].shops;
                if k == lo && taken(before) || k + 1 == hi && taken(after) {
                    continue;
                }
                self.shop_row(block, side, k, (k == lo, k + 1 == hi), micro);
            }
        }
    }

    fn shop_row(&mut self, block: &Block, side: usize, k: u8, (first, last): (bool, bool), micro: u16) {
        let step = self.step(block, side, k);
        let front = block.sides[side].class.half_m() + PAVEMENT_M;
        if step.deep_m < front + SHOP_M {
            return;
        }
        let (before, after) = if level(side) { (WEST, EAST) } else { (SOUTH, NORTH) };
        let gate = block.gate.filter(|g| g.side == side).map(|g| g.at);
        let trim = |at_end: bool, across: usize, node: u8| {
            let metres = if at_end {
                block.sides[across].class.half_m() + PAVEMENT_M
            } else if gate == Some(node) {
                6.0
            } else {
                0.0
            };
            let canal = if at_end && block.sides[across].wet { 4.0 } else { metres };
            canal.max(0.8) / step.long_m
        };
        let (s0, s1) = (trim(first, before, k), 1.0 - trim(last, after, k + 1));
        let wide = (s1 - s0) * step.long_m;
        let count = (wide / self.rng.between(7.2, 9.6)) as u8;
        if count == 0 || self.rng.chance(0.03) {
            return;
        }
        let (t0, t1) = (front / step.deep_m, (front + SHOP_M) / step.deep_m);
        let start = self.plates.len();
        for n in 0..count {
            let place = if level(side) { count - 1 - n } else { n };
            let s = s0 + (s1 - s0) * (f64::from(place) + 0.5) / f64::from(count);
            // Slot 3 is the gate's; what does not fit gets a 附号 of the third number.
            let (slot, extra) = if n < 3 { (n, 0) } else { (2, n - 2) };
            let id = self.plate(block, &step, (slot, s, front - 0.7), micro, (Door::Shop, Span::ALL));
            self.plates[id].extra = extra;
        }
        let flats = block.kind == Kind::OldSlabs && self.rng.chance(0.30) || self.rng.chance(0.05);
        let levels = if flats { 5 + self.rng.below(3) as u8 } else { 1 + self.rng.below(3) as u8 };
        let rooms =
            if flats { Rooms::Flats { stairs: if wide > 24.0 { 2 } else { 1 }, each: 2 } } else { Rooms::Shops };
        let built = year(&mut self.rng, block.kind);
        self.hulls.push(Hull {
            ring: self.quad(&step, (s0, s1), (t0, t1)),
            plates: (start, usize::from(count)),
            what: if flats { "mixed" } else { "retail" },
            levels,
            below: 0,
            rooms,
            number: 0,
            built,
            span: Span::ALL,
        });
    }
}

/// A point of the fine quad seen from one of its sides.
fn spot(mesh: &crate::place::frame::Mesh, side: usize, a: u8, b: u8, s: f64, t: f64) -> P {
    match side {
        SOUTH => mesh.point(a, b, s, t),
        EAST => mesh.point(a, b, 1.0 - t, s),
        NORTH => mesh.point(a, b, s, 1.0 - t),
        _ => mesh.point(a, b, t, s),
    }
}
