//! Where things are: a lattice of cells (about 420 m), bent along the river, and a fine lattice of 12 × 12 within each cell.
//!
//! Streets, blocks and every administrative boundary run on lattice lines, so that they share their vertices exactly: two
//! cells compute the points of their common side with the same operations on the same two corners.

use geo_types::Coord;

use crate::rng::{mix, mix_ij, noise, unit};

/// Metres east and north of the city's centre.
pub(crate) type P = [f64; 2];

/// Fine steps along a cell's side.
pub(crate) const FINE: usize = 12;

/// Columns beyond the lattice over which the river still runs.
const BEYOND: i32 = 30;

/// The centre: the old town of Wenzhou, on the south bank of its river.
const CENTRE: (f64, f64) = (120.655, 28.013);
/// Metres a degree of latitude (mean radius 6 371 008.8 m) and of longitude at the centre's latitude.
const METRES_A_DEGREE: (f64, f64) = (98_169.0, 111_195.08);

/// The first of the two lattice rows that are the river; the boundary between them is its middle.
pub(crate) const RIVER_ROW: i32 = 2;

/// A cell of the lattice: column (east) and row (north).
pub(crate) type Cell = (i32, i32);

/// The lattice.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    seed: u64,
    /// The columns, half-open.
    pub(crate) columns: (i32, i32),
    /// The rows, half-open.
    pub(crate) rows: (i32, i32),
    /// Lines between columns, from `columns.0 - BEYOND`.
    us: Vec<f64>,
    /// Lines between rows, from `rows.0`.
    vs: Vec<f64>,
    river_half_m: f64,
    /// How far the city reaches, in metres.
    pub(crate) radius_m: f64,
}

/// The points of a cell's fine lattice.
#[derive(Clone, Debug)]
pub(crate) struct Mesh([[P; FINE + 1]; FINE + 1]);

impl Frame {
    pub(crate) fn new(seed: u64, radius_m: f64) -> Self {
        let reach = (radius_m * 1.25 / 420.0).ceil() as i32 + 2;
        let columns = (-reach, reach);
        let rows = (-reach, (reach * 7 / 10).max(RIVER_ROW + 5));
        let river_half_m = (130.0 + radius_m * 0.06).min(380.0);
        // Wider towards the outskirts, and never twice the same.
        let step = |salt: u64, k: i32| {
            let far = (f64::from(k.abs()) * 420.0 / radius_m.max(1.0)).min(1.0);
            (385.0 + 60.0 * far) * (0.88 + 0.24 * unit(mix_ij(seed, k, salt as i32)))
        };
        let us = lines(columns.0 - BEYOND, columns.1 + BEYOND, |k| step(11, k), 0);
        let vs = lines(
            rows.0,
            rows.1,
            |k| if k == RIVER_ROW || k == RIVER_ROW + 1 { river_half_m } else { step(12, k) },
            RIVER_ROW + 1,
        );
        Self { seed, columns, rows, us, vs, river_half_m, radius_m }
    }

    /// Whether the cell belongs to the lattice.
    pub(crate) fn holds(&self, (i, j): Cell) -> bool {
        self.columns.0 <= i && i < self.columns.1 && self.rows.0 <= j && j < self.rows.1
    }

    /// Every cell, south to north and west to east.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        (rows.0..rows.1).flat_map(move |j| (columns.0..columns.1).map(move |i| (i, j)))
    }

    /// A lattice node before bending: metres along the river, and metres north of its middle.
    fn flat(&self, i: i32, j: i32) -> P {
        let u = self.us[(i - self.columns.0 + BEYOND) as usize];
        let v = self.vs[(j - self.rows.0) as usize];
        let h = mix_ij(mix(self.seed, 13), i, j);
        let off = |bits: u64| (unit(bits) - 0.5) * 84.0;
        let calm = if (RIVER_ROW..=RIVER_ROW + 2).contains(&j) { 0.25 } else { 1.0 };
        [u + off(h), v + off(mix(h, 1)) * calm]
    }

    /// Bends the flat lattice along the river and shakes it, district by district.
    fn bend(&self, [u, v]: P) -> P {
        let s = self.seed;
        let half = self.river_half_m;
        // The estuary: the river widens towards the sea.
        let east = ((u + 0.2 * self.radius_m) / (1.4 * self.radius_m)).clamp(0.0, 1.2);
        let wide = 1.0 + 1.3 * east * east;
        let v = if v.abs() < half { v * wide } else { v + v.signum() * half * (wide - 1.0) };
        let w = v / 3200.0;
        let bow = 900.0 * noise(mix(s, 21), u / 5200.0 + 0.5, 0.5) + 130.0 * noise(mix(s, 22), u / 1900.0, 0.5);
        let bow0 = 900.0 * noise(mix(s, 21), 0.5, 0.5) + 130.0 * noise(mix(s, 22), 0.0, 0.5);
        let (x, y) = (u, v + (bow - bow0) / (1.0 + w * w));
        let shake = |salt: u64, amp: f64, size: f64| amp * noise(mix(s, salt), x / size + 0.37, y / size + 0.61);
        // The banks are calmer than the land behind them.
        let calm = 0.6 + 0.4 * ((v.abs() - half * wide) / 900.0).clamp(0.0, 1.0);
        let dx = shake(23, 215.0, 2000.0) + shake(24, 34.0, 520.0) * calm;
        let dy = (shake(25, 215.0, 2000.0) + shake(26, 34.0, 520.0)) * calm;
        // The centre of the frame is the old town, two rows south of the river.
        [x + dx, y + dy + half * 2.0 + 790.0]
    }

    /// A point of a cell: `a` and `b` from 0 (west, south) to 1 (east, north).
    pub(crate) fn within(&self, (i, j): Cell, a: f64, b: f64) -> P {
        let corner = |di, dj| self.flat(i + di, j + dj);
        let (sw, se, nw, ne) = (corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1));
        let at = |k: usize| (1.0 - b) * ((1.0 - a) * sw[k] + a * se[k]) + b * ((1.0 - a) * nw[k] + a * ne[k]);
        self.bend([at(0), at(1)])
    }

    /// The middle of a cell.
    pub(crate) fn middle(&self, cell: Cell) -> P {
        self.within(cell, 0.5, 0.5)
    }

    /// The fine lattice of a cell, its inner points moved by up to `crooked_m`.
    pub(crate) fn mesh(&self, cell: Cell, crooked_m: f64) -> Mesh {
        let mut mesh = [[[0.0; 2]; FINE + 1]; FINE + 1];
        for (a, column) in mesh.iter_mut().enumerate() {
            for (b, p) in column.iter_mut().enumerate() {
                *p = self.within(cell, a as f64 / FINE as f64, b as f64 / FINE as f64);
                let inner = (1..FINE).contains(&a) && (1..FINE).contains(&b);
                if inner {
                    let h = mix(mix_ij(mix(self.seed, 31), cell.0, cell.1), (a * 16 + b) as u64);
                    let wave = |salt| noise(mix(self.seed, salt), p[0] / 90.0, p[1] / 90.0);
                    let (wx, wy) = (wave(32), wave(33));
                    p[0] += crooked_m * (wx * 1.4 + unit(h) - 0.5) * 0.7;
                    p[1] += crooked_m * (wy * 1.4 + unit(mix(h, 1)) - 0.5) * 0.7;
                }
            }
        }
        Mesh(mesh)
    }

    /// The points along a line of the lattice from one node to the next, without the last.
    pub(crate) fn step(&self, from: Cell, to: Cell) -> impl Iterator<Item = P> + '_ {
        // The cell whose west or south side it is, so that every user computes the same points.
        let cell = (from.0.min(to.0), from.1.min(to.1));
        let (along_x, forth) = (from.1 == to.1, (from.0, from.1) < (to.0, to.1));
        (0..FINE).map(move |k| {
            let t = if forth { k } else { FINE - k } as f64 / FINE as f64;
            if along_x { self.edge(cell, true, t) } else { self.edge(cell, false, t) }
        })
    }

    /// A point on the south (`along_x`) or west side of a cell.
    pub(crate) fn edge(&self, cell: Cell, along_x: bool, t: f64) -> P {
        if along_x {
            self.side((cell.0, cell.1), (cell.0 + 1, cell.1), t)
        } else {
            self.side((cell.0, cell.1), (cell.0, cell.1 + 1), t)
        }
    }

    fn side(&self, from: (i32, i32), to: (i32, i32), t: f64) -> P {
        let (p, q) = (self.flat(from.0, from.1), self.flat(to.0, to.1));
        self.bend([(1.0 - t) * p[0] + t * q[0], (1.0 - t) * p[1] + t * q[1]])
    }

    /// Columns over which the river runs, beyond the lattice too.
    pub(crate) fn river_columns(&self) -> (i32, i32) {
        (self.columns.0 - BEYOND, self.columns.1)
    }
}

fn lines(from: i32, to: i32, step: impl Fn(i32) -> f64, zero: i32) -> Vec<f64> {
    let mut at = vec![0.0];
    for k in from..to {
        at.push(at[at.len() - 1] + step(k));
    }
    let origin = at[(zero - from) as usize];
    for x in &mut at {
        *x -= origin;
    }
    at
}

impl Mesh {
    /// A node of the fine lattice.
    pub(crate) fn node(&self, a: u8, b: u8) -> P {
        self.0[a as usize][b as usize]
    }

    /// A point in the fine quad whose south-west node is (`a`, `b`): `s` east and `t` north, each from 0 to 1.
    pub(crate) fn point(&self, a: u8, b: u8, s: f64, t: f64) -> P {
        let (sw, se) = (self.node(a, b), self.node(a + 1, b));
        let (nw, ne) = (self.node(a, b + 1), self.node(a + 1, b + 1));
        let at = |k: usize| (1.0 - t) * ((1.0 - s) * sw[k] + s * se[k]) + t * ((1.0 - s) * nw[k] + s * ne[k]);
        [at(0), at(1)]
    }

    /// A point by fine coordinates: `a` east and `b` north, each from 0 to 12.
    pub(crate) fn at(&self, a: f64, b: f64) -> P {
        let last = (FINE - 1) as f64;
        let (qa, qb) = (a.floor().clamp(0.0, last), b.floor().clamp(0.0, last));
        self.point(qa as u8, qb as u8, a - qa, b - qb)
    }

    /// The ring of a fine rectangle, drawn in from each side (south, east, north, west) by so many metres.
    pub(crate) fn inset(&self, [a0, a1, b0, b1]: [u8; 4], by: [f64; 4]) -> Vec<P> {
        let high = |a: u8, b: u8| 1.0 / dist(self.node(a, b), self.node(a, b + 1));
        let wide = |a: u8, b: u8| 1.0 / dist(self.node(a, b), self.node(a + 1, b));
        let (lo_a, hi_a, lo_b, hi_b) = (f64::from(a0), f64::from(a1), f64::from(b0), f64::from(b1));
        let column = |a: u8, b: u8| {
            let (w, e) = (by[3] * wide(a0, b), by[1] * wide(a1 - 1, b));
            f64::from(a).clamp(lo_a + w, (hi_a - e).max(lo_a + w))
        };
        let row = |a: u8, b: f64| {
            let (s, n) = (by[0] * high(a, b0), by[2] * high(a, b1 - 1));
            b.clamp(lo_b + s, (hi_b - n).max(lo_b + s))
        };
        let mut ring = Vec::with_capacity(2 * usize::from(a1 - a0 + b1 - b0));
        ring.extend((a0..a1).map(|a| self.at(column(a, b0), row(a, lo_b))));
        ring.extend((b0..b1).map(|b| self.at(column(a1, b), row(a1, f64::from(b)))));
        ring.extend((a0 + 1..=a1).rev().map(|a| self.at(column(a, b1), row(a, hi_b))));
        ring.extend((b0 + 1..=b1).rev().map(|b| self.at(column(a0, b), row(a0, f64::from(b)))));
        ring.dedup_by(|p, q| dist(*p, *q) < 0.5);
        ring
    }
}

fn dist(p: P, q: P) -> f64 {
    let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
    (dx * dx + dy * dy).sqrt().max(1.0)
}

/// Longitude and latitude in degrees, to 1e-7 (about 1 cm).
pub(crate) fn lonlat([x, y]: P) -> Coord<f64> {
    let round = |d: f64| (d * 1e7).round() / 1e7;
    Coord { x: round(CENTRE.0 + x / METRES_A_DEGREE.0), y: round(CENTRE.1 + y / METRES_A_DEGREE.1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_the_points_of_their_side() {
        let frame = Frame::new(5, 3000.0);
        let (west, east) = (frame.mesh((0, 0), 9.0), frame.mesh((1, 0), 4.0));
        let north = frame.mesh((0, 1), 2.0);
        for k in 0..=FINE as u8 {
            assert_eq!(lonlat(west.node(12, k)), lonlat(east.node(0, k)));
            assert_eq!(lonlat(west.node(k, 12)), lonlat(north.node(k, 0)));
            let t = f64::from(k) / FINE as f64;
            assert_eq!(lonlat(frame.edge((0, 1), true, t)), lonlat(north.node(k, 0)));
            assert_eq!(lonlat(frame.edge((1, 0), false, t)), lonlat(east.node(0, k)));
        }
    }

    #[test]
    fn every_fine_quad_is_convex_and_turns_left() {
        let frame = Frame::new(1, 4000.0);
        for cell in frame.cells() {
            let mesh = frame.mesh(cell, 9.0);
            for a in 0..FINE as u8 {
                for b in 0..FINE as u8 {
                    let q = [mesh.node(a, b), mesh.node(a + 1, b), mesh.node(a + 1, b + 1), mesh.node(a, b + 1)];
                    for k in 0..4 {
                        assert!(
                            crate::place::shape::turn(q[k], q[(k + 1) % 4], q[(k + 2) % 4]) > 0.0,
                            "{cell:?} {a} {b}"
                        );
                    }
                }
            }
        }
    }
}
