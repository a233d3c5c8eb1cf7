//! Places rectangles in a block so that none leaves it, meets another or stands on an inner road.

use crate::place::frame::{Mesh, P};
use crate::place::shape::{inside, mean, to_segment};

/// A rectangle in the yard's own axes, in metres from its middle: west, east, south, north.
pub(crate) type Box4 = [f64; 4];

/// The inner part of a block, with axes of its own: `u` about east, `v` about north.
#[derive(Clone, Debug)]
pub(crate) struct Yard {
    ring: Vec<P>,
    origin: P,
    ex: P,
    /// The reach of the ring along the axes.
    pub(crate) reach: Box4,
    taken: Vec<Box4>,
    /// Inner roads: two ends in the yard's axes, and half their width.
    roads: Vec<(P, P, f64)>,
    /// What stands along the street already.
    front: Vec<Vec<P>>,
}

impl Yard {
    /// The yard within `ring`; its `u` axis is the block's, turned to within 20° of east, so that houses face south.
    pub(crate) fn new(mesh: &Mesh, [a0, a1, b0, b1]: [u8; 4], ring: Vec<P>) -> Self {
        let middle = |a: u8| mesh.at(f64::from(a), f64::midpoint(b0.into(), b1.into()));
        let (w, e) = (middle(a0), middle(a1));
        let (dx, dy) = (e[0] - w[0], e[1] - w[1]);
        let len = (dx * dx + dy * dy).sqrt().max(1e-6);
        let sin = (dy / len).clamp(-0.342, 0.342);
        let ex = [(1.0 - sin * sin).sqrt(), sin];
        let mut yard = Self {
            origin: mean(&ring),
            ring,
            ex,
            reach: [0.0; 4],
            taken: Vec::new(),
            roads: Vec::new(),
            front: Vec::new(),
        };
        for p in &yard.ring {
            let [u, v] = yard.local(*p);
            let r = &mut yard.reach;
            *r = [r[0].min(u), r[1].max(u), r[2].min(v), r[3].max(v)];
        }
        yard
    }

    pub(crate) fn world(&self, u: f64, v: f64) -> P {
        [self.origin[0] + u * self.ex[0] - v * self.ex[1], self.origin[1] + u * self.ex[1] + v * self.ex[0]]
    }

    pub(crate) fn local(&self, p: P) -> P {
        let (x, y) = (p[0] - self.origin[0], p[1] - self.origin[1]);
        [x * self.ex[0] + y * self.ex[1], -x * self.ex[1] + y * self.ex[0]]
    }

    /// The ring itself.
    pub(crate) fn ring(&self) -> &[P] {
        &self.ring
    }

    /// Keeps a road free of buildings.
    pub(crate) fn keep_free(&mut self, from: P, to: P, half_m: f64) {
        let ends = (self.local(from), self.local(to));
        self.roads.push((ends.0, ends.1, half_m));
    }

    /// Keeps clear of what stands along the street already.
    pub(crate) fn keep_off(&mut self, rings: impl Iterator<Item = Vec<P>>) {
        self.front.extend(rings);
    }

    /// Takes a rectangle if it fits with `gap` metres to all others; gives its corners from the south-west, turning left.
    pub(crate) fn take(&mut self, b: Box4, gap: f64) -> Option<[P; 4]> {
        if !self.fits(b, gap) {
            return None;
        }
        self.taken.push(b);
        Some(self.corners(b))
    }

    pub(crate) fn corners(&self, [u0, u1, v0, v1]: Box4) -> [P; 4] {
        [self.world(u0, v0), self.world(u1, v0), self.world(u1, v1), self.world(u0, v1)]
    }

    fn fits(&self, b: Box4, gap: f64) -> bool {
        let [u0, u1, v0, v1] = b;
        let apart = |t: &Box4| u0 - gap >= t[1] || t[0] >= u1 + gap || v0 - gap >= t[3] || t[2] >= v1 + gap;
        if !self.taken.iter().all(apart) || self.roads.iter().any(|(p, q, half)| crosses(*p, *q, grown(b, half + 1.0)))
        {
            return false;
        }
        let (um, vm) = (f64::midpoint(u0, u1), f64::midpoint(v0, v1));
        let spots = [(u0, v0), (u1, v0), (u1, v1), (u0, v1), (um, v0), (um, v1), (u0, vm), (u1, vm)];
        // Two metres from every side of what stands along the street.
        let near = grown(b, 2.0);
        let apart = |ring: &Vec<P>| {
            let n = ring.len();
            (0..n).all(|k| !crosses(self.local(ring[k]), self.local(ring[(k + 1) % n]), near))
        };
        self.front.iter().all(apart)
            && spots.iter().all(|(u, v)| inside(&self.ring, self.world(*u, *v)))
            // No corner of the ring pokes into the rectangle.
            && self.ring.iter().all(|p| {
                let [u, v] = self.local(*p);
                u <= u0 || u >= u1 || v <= v0 || v >= v1
            })
    }

    /// Metres from the ring, for points within.
    pub(crate) fn depth(&self, p: P) -> f64 {
        let n = self.ring.len();
        (0..n).map(|k| to_segment(p, self.ring[k], self.ring[(k + 1) % n])).fold(f64::INFINITY, f64::min)
    }
}

const fn grown([u0, u1, v0, v1]: Box4, by: f64) -> Box4 {
    [u0 - by, u1 + by, v0 - by, v1 + by]
}

/// Whether a segment meets a rectangle (Liang and Barsky's clipping).
fn crosses(p: P, q: P, [u0, u1, v0, v1]: Box4) -> bool {
    let (mut lo, mut hi) = (0.0_f64, 1.0_f64);
    for (from, by, low, high) in [(p[0], q[0] - p[0], u0, u1), (p[1], q[1] - p[1], v0, v1)] {
        if by.abs() < 1e-9 {
            if from < low || from > high {
                return false;
            }
            continue;
        }
        let (a, b) = ((low - from) / by, (high - from) / by);
        (lo, hi) = (lo.max(a.min(b)), hi.min(a.max(b)));
    }
    lo <= hi
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_through_a_box_crosses_it() {
        let b = [0.0, 2.0, 0.0, 2.0];
        assert!(crosses([-1.0, 1.0], [3.0, 1.0], b));
        assert!(crosses([1.0, 1.0], [1.5, 1.5], b));
        assert!(!crosses([-1.0, 2.0], [1.0, 4.0], b));
        assert!(!crosses([-1.0, 3.0], [3.0, 3.0], b));
    }
}
