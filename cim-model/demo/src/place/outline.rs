//! The outline of a set of unit squares, as loops of lattice nodes. Everything that tiles is drawn by it.

use std::collections::{BTreeMap, BTreeSet};

use crate::place::frame::P;
use crate::place::shape;

/// A node or the south-west corner of a square.
pub(crate) type Node = (i32, i32);

/// Loops with the squares to their left: outer ones turn left, holes turn right. Squares that touch at a corner alone are
/// kept apart.
pub(crate) fn loops(squares: &BTreeSet<Node>) -> Vec<Vec<Node>> {
    let mut out: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
    for &(x, y) in squares {
        let sides = [
            ((x, y - 1), (x, y), (x + 1, y)),
            ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
            ((x - 1, y), (x, y + 1), (x, y)),
        ];
        for (across, from, to) in sides {
            if !squares.contains(&across) {
                out.entry(from).or_default().push(to);
            }
        }
    }
    let mut all = Vec::new();
    while let Some((&start, _)) = out.first_key_value() {
        let (mut at, mut came, mut ring) = (start, None::<Node>, vec![]);
        while let Some(ways) = out.get_mut(&at) {
            let pick = came.map_or(0, |from: Node| left_most(from, at, ways));
            let next = ways.swap_remove(pick);
            if ways.is_empty() {
                out.remove(&at);
            }
            ring.push(at);
            (came, at) = (Some(at), next);
            if at == start {
                break;
            }
        }
        all.push(ring);
    }
    all
}

fn left_most(from: Node, at: Node, ways: &[Node]) -> usize {
    let (dx, dy) = (at.0 - from.0, at.1 - from.1);
    let left = |to: &Node| dx * (to.1 - at.1) - dy * (to.0 - at.0);
    (0..ways.len()).max_by_key(|k| left(&ways[*k])).unwrap_or(0)
}

/// Outer rings with their holes, in metres; `trace` turns a loop of nodes into points.
pub(crate) fn parts(squares: &BTreeSet<Node>, trace: impl Fn(&[Node]) -> Vec<P>) -> Vec<(Vec<P>, Vec<Vec<P>>)> {
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    for nodes in loops(squares) {
        let twice: i32 = (0..nodes.len())
            .map(|k| {
                let (a, b) = (nodes[k], nodes[(k + 1) % nodes.len()]);
                a.0 * b.1 - b.0 * a.1
            })
            .sum();
        if twice > 0 { outer.push((trace(&nodes), Vec::new())) } else { holes.push(trace(&nodes)) }
    }
    for hole in holes {
        let middle = shape::mean(&hole);
        let home = outer.iter().position(|(ring, _)| shape::inside(ring, middle)).unwrap_or(0);
        if let Some((_, holes)) = outer.get_mut(home) {
            holes.push(hole);
        }
    }
    outer
}

/// The sets of squares that hang together by their sides.
pub(crate) fn connected(squares: &BTreeSet<Node>) -> Vec<BTreeSet<Node>> {
    let mut left = squares.clone();
    let mut all = Vec::new();
    while let Some(first) = left.pop_first() {
        let (mut group, mut fresh) = (BTreeSet::from([first]), vec![first]);
        while let Some((x, y)) = fresh.pop() {
            for next in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
                if left.remove(&next) {
                    group.insert(next);
                    fresh.push(next);
                }
            }
        }
        all.push(group);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_of_squares_has_a_hole() {
        let mut ring: BTreeSet<Node> = (0..3).flat_map(|x| (0..3).map(move |y| (x, y))).collect();
        ring.remove(&(1, 1));
        let p = parts(&ring, |n| n.iter().map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect());
        assert_eq!((p.len(), p[0].1.len()), (1, 1));
        assert_eq!((shape::area(&p[0].0), shape::area(&p[0].1[0])), (9.0, -1.0));
    }

    #[test]
    fn squares_that_touch_at_a_corner_are_two() {
        let two = BTreeSet::from([(0, 0), (1, 1)]);
        assert_eq!(loops(&two).iter().map(Vec::len).collect::<Vec<_>>(), [4, 4]);
        assert_eq!(connected(&two).len(), 2);
    }
}
