//! Walled blocks: rows of slabs and towers facing south, schools, works, malls, parks.

use crate::cell::front::{PAVEMENT_M, SHOP_M};
use crate::cell::lots::{Block, EAST, Gate, Kind, NORTH, SOUTH, gate_node};
use crate::cell::yard::Yard;
use crate::cell::{Fill, Hull, Patch, Quarter, Rooms, Span, Way, level, toward, year};
use crate::place::frame::P;
use crate::place::land::Class;
use crate::place::shape::lerp;

/// Half the width of a road within a quarter that stays free of buildings, in metres.
const FREE_M: f64 = 3.5;

/// One building to be placed: width and depth in metres, levels, and what for.
struct Want {
    w: f64,
    d: f64,
    levels: (u8, u8),
    what: &'static str,
    rooms: Rooms,
}

impl Fill {
    pub(super) fn quarter(&mut self, block: &Block, micro: u16) {
        let Some(gate) = block.gate else {
            let ring = self.mesh.inset(block.build, clear(block, 2.0, 2.0));
            self.patches.push(Patch { ring, layer: "green", kind: "grass", plate: None });
            return;
        };
        let dwelling = matches!(block.kind, Kind::Slabs | Kind::Towers);
        let span = if dwelling && self.rng.chance(0.05) {
            Span { from: -(30 + self.rng.below(600) as i32), until: Span::EVER }
        } else {
            Span::ALL
        };
        let plate = self.gate_plate(block, gate, micro, span);
        let ring = self.mesh.inset(block.build, clear(block, 1.5, 0.8));
        self.quarters.push(Quarter { ring, kind: block.kind, plate, span });
        let before = self.hulls.len();
        self.shops(block, micro);
        let inner = self.mesh.inset(block.build, clear(block, 5.0, 5.0));
        let mut yard = Yard::new(&self.mesh, block.build, inner);
        yard.keep_off(self.hulls[before..].iter().map(|h| h.ring.clone()));
        if block.kind == Kind::Park {
            self.park(block, gate, &yard, plate);
            return;
        }
        self.roads(block, gate, &mut yard);
        match block.kind {
            Kind::OldSlabs => self.rows(&mut yard, block.kind, plate, (11.0, 38.0, 60.0, 17.0), (4, 6), span),
            Kind::Slabs => self.rows(&mut yard, block.kind, plate, (13.0, 32.0, 54.0, 25.0), (8, 12), span),
            Kind::Towers => self.rows(&mut yard, block.kind, plate, (19.0, 22.0, 34.0, 38.0), (11, 26), span),
            kind => self.large(&mut yard, kind, plate, span),
        }
        self.lawns(&mut yard, plate);
    }

    /// The road from the gate into the quarter, and a branch to either side. They follow the fine lattice, so that they pass
    /// between the rows of shops and end before those behind.
    fn roads(&mut self, block: &Block, gate: Gate, yard: &mut Yard) {
        let (a, b) = gate_node(block.rect, gate);
        let [a0, a1, b0, b1] = block.rect;
        let (deep, wide) = if level(gate.side) { (b1 - b0, a1 - a0) } else { (a1 - a0, b1 - b0) };
        let along = if level(gate.side) { a - a0 } else { b - b0 };
        // `d` steps in from the gate, `w` steps from the block's first side.
        let node = |d: u8, w: u8| match gate.side {
            SOUTH => (a0 + w, b0 + d),
            NORTH => (a0 + w, b1 - d),
            EAST => (a1 - d, b0 + w),
            _ => (a0 + d, b0 + w),
        };
        let (mid, end) = ((deep * 2 / 5).max(1), deep * 3 / 4);
        let arm = (wide / 3).max(1);
        let legs: [(Vec<(u8, u8)>, Class); 4] = [
            ((0..=mid).map(|d| node(d, along)).collect(), Class::Service),
            ((mid..=end).map(|d| node(d, along)).collect(), Class::Service),
            ((along..=(along + arm).min(wide - 1)).map(|w| node(mid, w)).collect(), Class::Footway),
            ((along.saturating_sub(arm).max(1)..=along).rev().map(|w| node(mid, w)).collect(), Class::Footway),
        ];
        for (leg, (nodes, class)) in legs.into_iter().enumerate() {
            let points: Vec<P> = nodes.into_iter().map(|(a, b)| self.mesh.node(a, b)).collect();
            // What would leave the yard is left out; the way in never is.
            let within = |p: &P| crate::place::shape::inside(yard.ring(), *p) && yard.depth(*p) > 1.0;
            if points.len() < 2 || leg > 0 && !points.iter().skip(1).all(within) {
                continue;
            }
            for pair in points.windows(2) {
                yard.keep_free(pair[0], pair[1], if class == Class::Service { FREE_M } else { 1.6 });
            }
            self.ways.push(Way { points, class });
        }
    }

    /// Rows from the north to the south, buildings from the west to the east: 幢 are numbered in this order.
    fn rows(
        &mut self,
        yard: &mut Yard,
        kind: Kind,
        plate: usize,
        (d, min, max, gap): (f64, f64, f64, f64),
        levels: (u8, u8),
        span: Span,
    ) {
        let [u0, u1, v0, v1] = yard.reach;
        let (mut v, mut number) = (v1, 0);
        let low = levels.0 + self.rng.below(u64::from(levels.1 - levels.0 + 1)) as u8;
        while v - d >= v0 {
            let (mut u, mut any) = (u0, false);
            while u + min <= u1 {
                let long = self.rng.between(min, max);
                let spot = [long, min].into_iter().find_map(|w| yard.take([u, u + w, v - d, v], 7.0).map(|r| (r, w)));
                let Some((ring, w)) = spot else {
                    u += 4.0;
                    continue;
                };
                any = true;
                number += 1;
                u += w + if kind == Kind::Towers { 16.0 } else { 8.0 };
                let high = low.saturating_add(self.rng.below(3) as u8).min(levels.1);
                let (stairs, each) = match kind {
                    Kind::Towers => (1, 4),
                    Kind::Slabs => ((w / 17.0) as u8, 2),
                    _ => ((w / 15.0) as u8, 2),
                };
                let rooms = Rooms::Flats { stairs: stairs.max(1), each };
                let built = year(&mut self.rng, kind);
                let below = u8::from(kind != Kind::OldSlabs);
                let ring = self.shaped(ring, kind == Kind::Towers);
                self.hulls.push(Hull {
                    ring,
                    plates: (plate, 1),
                    what: "residential",
                    levels: high,
                    below,
                    rooms,
                    number,
                    built,
                    span,
                });
            }
            v -= if any { d + gap } else { 4.0 };
        }
    }

    /// A rectangle, or one with a notch in its north side.
    fn shaped(&mut self, [a, b, c, d]: [P; 4], often: bool) -> Vec<P> {
        if !self.rng.chance(if often { 0.6 } else { 0.25 }) {
            return vec![a, b, c, d];
        }
        let (s, t) = (self.rng.between(0.3, 0.4), self.rng.between(0.18, 0.35));
        let (p, q) = (lerp(d, c, s), lerp(d, c, 1.0 - s));
        let (down_p, down_q) = (lerp(p, lerp(a, b, s), t), lerp(q, lerp(a, b, 1.0 - s), t));
        vec![a, b, c, q, down_q, down_p, p, d]
    }

    fn large(&mut self, yard: &mut Yard, kind: Kind, plate: usize, span: Span) {
        if matches!(kind, Kind::School | Kind::Campus) {
            let size = if kind == Kind::Campus { (108.0, 66.0) } else { (72.0, 42.0) };
            self.pitch(yard, size, plate);
        }
        let (wide, deep) = (yard.reach[1] - yard.reach[0], yard.reach[3] - yard.reach[2]);
        let want = |w, d, levels, what, rooms| Want { w, d, levels, what, rooms };
        let floors = |each| Rooms::Floors { each };
        let (list, times): (Vec<Want>, usize) = match kind {
            Kind::School => (
                vec![
                    want(62.0, 14.0, (4, 5), "school", floors(3)),
                    want(46.0, 14.0, (4, 5), "school", floors(2)),
                    want(30.0, 24.0, (2, 2), "school", floors(1)),
                ],
                1,
            ),
            Kind::Campus => (
                vec![
                    want(70.0, 18.0, (5, 7), "school", floors(3)),
                    want(56.0, 16.0, (4, 6), "school", floors(2)),
                    want(44.0, 40.0, (6, 9), "school", floors(3)),
                    want(52.0, 13.0, (6, 7), "residential", floors(4)),
                ],
                4,
            ),
            Kind::Mall => (
                vec![
                    want(wide * 0.72, deep * 0.6, (4, 7), "retail", floors(6)),
                    want(32.0, 30.0, (18, 30), "office", floors(2)),
                ],
                1,
            ),
            Kind::Offices => (
                vec![
                    want(34.0, 30.0, (12, 32), "office", floors(2)),
                    want(44.0, 18.0, (6, 14), "office", floors(2)),
                    want(26.0, 26.0, (9, 22), "office", floors(2)),
                ],
                2,
            ),
            Kind::Market => (
                vec![
                    want(wide * 0.62, 30.0, (1, 2), "retail", floors(6)),
                    want(24.0, 12.0, (2, 3), "retail", floors(3)),
                ],
                1,
            ),
            Kind::Hospital => (
                vec![
                    want(64.0, 20.0, (8, 16), "hospital", floors(3)),
                    want(46.0, 18.0, (4, 6), "hospital", floors(3)),
                    want(26.0, 22.0, (3, 5), "hospital", floors(3)),
                ],
                1,
            ),
            Kind::Works => (
                vec![
                    want(66.0, 30.0, (1, 2), "industrial", floors(1)),
                    want(48.0, 24.0, (1, 3), "industrial", floors(1)),
                    want(34.0, 13.0, (3, 5), "office", floors(2)),
                ],
                5,
            ),
            Kind::Hotel => {
                (vec![want(40.0, 20.0, (10, 24), "hotel", floors(3)), want(30.0, 18.0, (2, 4), "retail", floors(3))], 1)
            }
            _ => {
                (vec![want(46.0, 15.0, (4, 7), "public", floors(2)), want(24.0, 18.0, (2, 4), "public", floors(2))], 1)
            }
        };
        let gap = match kind {
            Kind::Works => 9.0,
            Kind::Campus => 27.0,
            _ => 12.0,
        };
        let mut number = 0;
        for item in std::iter::repeat_n(&list, times).flatten() {
            let Some(ring) = Self::fit(yard, item.w, item.d, gap) else {
                continue;
            };
            number += 1;
            let levels = item.levels.0 + self.rng.below(u64::from(item.levels.1 - item.levels.0) + 1) as u8;
            let built = year(&mut self.rng, kind);
            let ring = self.shaped(ring, false);
            let below = u8::from(levels > 9) + u8::from(kind == Kind::Mall);
            self.hulls.push(Hull {
                ring,
                plates: (plate, 1),
                what: item.what,
                levels,
                below,
                rooms: item.rooms,
                number,
                built,
                span,
            });
        }
    }

    /// The first place from the north-west where a building fits, smaller if need be.
    fn fit(yard: &mut Yard, w: f64, d: f64, gap: f64) -> Option<[P; 4]> {
        let [u0, u1, v0, v1] = yard.reach;
        for scale in [1.0, 0.8, 0.62, 0.48] {
            let (w, d) = (w * scale, d * scale);
            let mut v = v1;
            while v - d >= v0 {
                let mut u = u0;
                while u + w <= u1 {
                    if let Some(ring) = yard.take([u, u + w, v - d, v], gap) {
                        return Some(ring);
                    }
                    u += 5.0;
                }
                v -= 5.0;
            }
        }
        None
    }

    fn pitch(&mut self, yard: &mut Yard, (w, d): (f64, f64), plate: usize) {
        for scale in [1.0, 0.8, 0.6] {
            let (w, d) = (w * scale, d * scale);
            let [u0, u1, v0, v1] = yard.reach;
            let mut v = v0;
            while v + d <= v1 {
                let mut u = u0;
                while u + w <= u1 {
                    if yard.take([u, u + w, v, v + d], 4.0).is_some() {
                        let c = [u + w / 2.0, v + d / 2.0];
                        let ring = oval(d / 2.0, (w - d) / 2.0).map(|[x, y]| yard.world(c[0] + x, c[1] + y)).collect();
                        self.patches.push(Patch { ring, layer: "green", kind: "pitch", plate: Some(plate) });
                        return;
                    }
                    u += 5.0;
                }
                v += 5.0;
            }
        }
    }

    fn lawns(&mut self, yard: &mut Yard, plate: usize) {
        for (w, d) in [(30.0, 16.0), (18.0, 12.0), (14.0, 8.0)] {
            if self.rng.chance(0.7)
                && let Some([a, b, c, d]) = Self::fit(yard, w, d, 2.5)
            {
                // Rounded corners.
                let round = |p: P, x: P, y: P| [toward(p, x, 3.0), toward(p, y, 3.0)];
                let ring = [round(a, d, b), round(b, a, c), round(c, b, d), round(d, c, a)].concat();
                self.patches.push(Patch { ring, layer: "green", kind: "garden", plate: Some(plate) });
            }
        }
    }
}

/// Metres that each side of a block keeps free: the street, shops if there are any, and `margin` or (behind shops) `behind`.
fn clear(block: &Block, margin: f64, behind: f64) -> [f64; 4] {
    block.sides.map(|s| {
        if s.wet {
            margin.max(3.0)
        } else if s.shops {
            s.class.half_m() + PAVEMENT_M + SHOP_M + behind
        } else {
            s.class.half_m() + margin
        }
    })
}

/// Points of the unit circle, without trigonometry: the rational parametrisation, a quarter at a time.
pub(crate) fn circle(n: u32) -> impl Iterator<Item = P> {
    (0..n).map(move |k| {
        let quarter = 4 * k / n;
        let t = f64::from(4 * k - quarter * n) / f64::from(n);
        let m = 1.0 + t * t;
        let (c, s) = ((1.0 - t * t) / m, 2.0 * t / m);
        match quarter {
            0 => [c, s],
            1 => [-s, c],
            2 => [-c, -s],
            _ => [s, -c],
        }
    })
}

/// A running track's outline: two half circles of radius `r`, their middles `2 × half` apart.
fn oval(r: f64, half: f64) -> impl Iterator<Item = P> {
    circle(32).map(move |[x, y]| [x * r + if x >= 0.0 { half } else { -half }, y * r])
}
