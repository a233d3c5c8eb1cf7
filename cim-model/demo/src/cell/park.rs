//! Parks: a round path from the gate, water within it, a hall and pavilions.

use crate::cell::lots::{Block, Gate, gate_node};
use crate::cell::quarter::circle;
use crate::cell::yard::Yard;
use crate::cell::{Fill, Hull, Patch, Rooms, Span, Way};
use crate::place::frame::P;
use crate::place::land::Class;
use crate::place::shape::distance;

impl Fill {
    pub(super) fn park(&mut self, block: &Block, gate: Gate, yard: &Yard, plate: usize) {
        self.patches.push(Patch { ring: yard.ring().to_vec(), layer: "green", kind: "park", plate: Some(plate) });
        let [u0, u1, v0, v1] = yard.reach;
        let (ru, rv) = ((u1 - u0) / 2.0, (v1 - v0) / 2.0);
        // The water lies a little off the middle.
        let (east, north) = (self.rng.between(-0.14, 0.14), self.rng.between(-0.14, 0.14));
        let centre = [f64::midpoint(u0, u1) + east * ru, f64::midpoint(v0, v1) + north * rv];
        let wave = self.rng.unit() * 8.0;
        let blob = |f: f64| -> Vec<P> {
            circle(28)
                .map(|[x, y]| {
                    let k = 1.0
                        + 0.22 * crate::rng::noise(77, x * 1.6 + wave, y * 1.6)
                        + 0.1 * crate::rng::noise(78, x * 3.0 + wave, y * 3.0);
                    yard.world(centre[0] + x * ru * f * k, centre[1] + y * rv * f * k)
                })
                .collect()
        };
        // The largest round that stays within the park; a park at a slant may have room for none.
        let within =
            |f: f64| blob(f).iter().all(|p| crate::place::shape::inside(yard.ring(), *p) && yard.depth(*p) > 2.0);
        let Some(round) = [0.58, 0.48, 0.38, 0.28].into_iter().find(|f| within(*f)) else { return };
        let small = ru.min(rv) < 110.0;
        if ru.min(rv) * round > 23.0 && !(small && self.rng.chance(0.6)) {
            self.patches.push(Patch { ring: blob(round * 0.72), layer: "water", kind: "lake", plate: None });
        }
        let mut ring = blob(round);
        let (a, b) = gate_node(block.rect, gate);
        let from = self.mesh.node(a, b);
        let near =
            (0..ring.len()).min_by(|x, y| distance(ring[*x], from).total_cmp(&distance(ring[*y], from))).unwrap_or(0);
        ring.rotate_left(near);
        let first = ring[0];
        self.ways.push(Way { points: vec![from, first], class: Class::Footway });
        ring.push(first);
        self.ways.push(Way { points: ring.clone(), class: Class::Footway });
        // A hall and two pavilions between the path and the street.
        for k in [7_usize, 14, 21] {
            let outer = blob(round * 1.27)[(k + near) % 28];
            let [u, v] = yard.local(outer);
            let size = if k == 14 { (9.0, 6.0) } else { (3.0, 3.0) };
            let mut free = yard.clone();
            for pair in ring.windows(2).chain([[from, first].as_slice()]) {
                free.keep_free(pair[0], pair[1], 2.0);
            }
            if let Some(corners) = free.take([u - size.0, u + size.0, v - size.1, v + size.1], 1.0) {
                self.hulls.push(Hull {
                    ring: corners.to_vec(),
                    plates: (plate, 1),
                    what: "public",
                    levels: 1,
                    below: 0,
                    rooms: Rooms::Plain(u8::from(k == 14)),
                    number: 0,
                    built: 2009,
                    span: Span::ALL,
                });
            }
        }
    }
}
