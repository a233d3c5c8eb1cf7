//! Shapes as the tile's drawing commands.

use super::pbf::{varint, zigzag};

/// A vertex in tile units.
pub(crate) type Vertex = [i32; 2];

/// Vertices in parts, all in two allocations that are kept from feature to feature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    vertices: Vec<Vertex>,
    /// Where each part ends, and whether it begins a polygon.
    ends: Vec<(usize, bool)>,
}

impl Parts {
    pub(super) fn clear(&mut self) {
        self.vertices.clear();
        self.ends.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a line, or a ring without its last vertex; `outer` begins a polygon.
    pub(crate) fn push(&mut self, part: &[Vertex], outer: bool) {
        self.vertices.extend_from_slice(part);
        self.ends.push((self.vertices.len(), outer));
    }

    /// Each part, and whether it begins a polygon.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[Vertex], bool)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, outer)| {
            let part = self.vertices.get(start..end).unwrap_or_default();
            start = end;
            (part, outer)
        })
    }
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7;

fn command(out: &mut Vec<u8>, id: u64, count: usize) {
    varint(out, (count as u64) << 3 | id);
}

fn step(out: &mut Vec<u8>, cursor: &mut Vertex, to: Vertex) {
    varint(out, zigzag(i64::from(to[0]) - i64::from(cursor[0])));
    varint(out, zigzag(i64::from(to[1]) - i64::from(cursor[1])));
    *cursor = to;
}

/// Appends points.
pub(crate) fn points(points: &[Vertex], out: &mut Vec<u8>) {
    command(out, MOVE_TO, points.len());
    let mut cursor = [0, 0];
    for p in points {
        step(out, &mut cursor, *p);
    }
}

/// Appends lines.
pub(crate) fn lines(lines: &Parts, out: &mut Vec<u8>) {
    paths(lines, false, out);
}

/// Appends rings.
pub(crate) fn rings(rings: &Parts, out: &mut Vec<u8>) {
    paths(rings, true, out);
}

fn paths(parts: &Parts, closed: bool, out: &mut Vec<u8>) {
    let mut cursor = [0, 0];
    for (part, _) in parts.iter() {
        let Some((first, rest)) = part.split_first() else { continue };
        command(out, MOVE_TO, 1);
        step(out, &mut cursor, *first);
        command(out, LINE_TO, rest.len());
        for v in rest {
            step(out, &mut cursor, *v);
        }
        if closed {
            command(out, CLOSE_PATH, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        let mut out = Vec::new();
        points(&[[5, 7], [3, 2]], &mut out);
        assert_eq!(out, [17, 10, 14, 3, 9]);

        let mut parts = Parts::default();
        parts.push(&[[2, 2], [2, 10], [10, 10]], false);
        parts.push(&[[1, 1], [3, 5]], false);
        out.clear();
        lines(&parts, &mut out);
        assert_eq!(out, [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]);

        parts.clear();
        parts.push(&[[3, 6], [8, 12], [20, 34]], true);
        out.clear();
        rings(&parts, &mut out);
        assert_eq!(out, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }
}
