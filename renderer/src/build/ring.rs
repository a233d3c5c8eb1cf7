//! Courses and rings on the grid of a tile: 4096 units to its side, within what sixteen bits hold.

use tiler::EXTENT;
use tiler::decode::Vertex;

/// A place on the grid.
pub(super) type Point = [i16; 2];

/// The way from a layer's units to the grid.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    extent: u32,
}

impl Grid {
    /// `extent`: how many of its units the layer has to the tile's side.
    pub(super) const fn new(extent: u32) -> Self {
        Self { extent }
    }

    /// A place; what lies too far out is moved to the edge of what sixteen bits hold.
    pub(super) fn place(self, [x, y]: Vertex) -> Point {
        [self.step(x), self.step(y)]
    }

    fn step(self, at: i32) -> i16 {
        let at = if self.extent == EXTENT {
            i64::from(at)
        } else {
            // Rounds half up, like the picture does: an extent is never 0 in a tile that was read.
            let extent = i64::from(self.extent.max(1));
            (i64::from(at) * i64::from(EXTENT) * 2 + extent).div_euclid(extent * 2)
        };
        at.clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
    }

    /// A course without repeated places.
    pub(super) fn course(self, path: &[Vertex]) -> Vec<Point> {
        let mut course: Vec<Point> = path.iter().map(|v| self.place(*v)).collect();
        course.dedup();
        course
    }

    /// A ring without repeated places, not even the first at its end; nothing if it holds no surface.
    pub(super) fn ring(self, path: &[Vertex]) -> Option<Vec<Point>> {
        let mut ring = self.course(path);
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        (ring.len() > 2 && double_area(&ring) != 0).then_some(ring)
    }
}

/// Twice the area of a ring in square units, positive if it turns from east to south.
pub(super) fn double_area(ring: &[Point]) -> i64 {
    sides(ring).map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1])).sum()
}

/// The sides of a ring, the one that closes it last.
pub(super) fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + Clone + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// Whether a side of a surface is there only because the tile was cut out of the city: it runs along the tile's edge,
/// outside of it.
pub(super) fn is_cut(a: Point, b: Point) -> bool {
    let beyond = |at: i16| at < 0 || i64::from(at) > i64::from(EXTENT);
    (0..2).any(|axis| a[axis] == b[axis] && beyond(a[axis]))
}

/// Whether a place belongs to this tile and not to its neighbour.
pub(super) fn is_own([x, y]: [f32; 2]) -> bool {
    let own = 0.0..EXTENT as f32;
    own.contains(&x) && own.contains(&y)
}

/// The outline of a ring without the sides that are only cuts: the whole ring, or runs of sides that hang together.
pub(super) enum Outline<'a> {
    /// Nothing was cut.
    Whole(&'a [Point]),
    /// What was left.
    Runs(Vec<Vec<Point>>),
}

/// Leaves out the sides that are only cuts.
pub(super) fn outline(ring: &[Point]) -> Outline<'_> {
    let Some(first) = sides(ring).position(|(a, b)| is_cut(a, b)) else { return Outline::Whole(ring) };
    // Begun behind a cut, no run goes past the end.
    let turned = sides(ring).cycle().skip(first + 1).take(ring.len());
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut goes_on = false;
    for (a, b) in turned {
        if is_cut(a, b) {
            goes_on = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if goes_on => run.push(b),
            _ => runs.push(vec![a, b]),
        }
        goes_on = true;
    }
    Outline::Runs(runs)
}

/// A polygon ready to be filled: outer ring first, then its holes, all in one list.
#[derive(Default)]
pub(super) struct Surface {
    /// The corners. The outer ring turns from east to south, holes the other way.
    pub(super) points: Vec<Point>,
    /// Where each hole begins.
    pub(super) holes: Vec<u32>,
}

impl Surface {
    /// More corners than this are no part of a map, and would take long to fill.
    const MAX_POINTS: usize = 1 << 16;

    /// Takes a polygon over; rings without area are left out. Says whether there is anything to fill.
    pub(super) fn read(&mut self, grid: Grid, rings: &[Vec<Vertex>]) -> bool {
        self.points.clear();
        self.holes.clear();
        if rings.iter().map(Vec::len).sum::<usize>() > Self::MAX_POINTS {
            return false;
        }
        for (i, path) in rings.iter().enumerate() {
            match grid.ring(path) {
                Some(mut ring) => {
                    if (double_area(&ring) < 0) == (i == 0) {
                        ring.reverse();
                    }
                    if i > 0 {
                        self.holes.push(self.points.len() as u32);
                    }
                    self.points.append(&mut ring);
                }
                None if i == 0 => return false,
                None => {}
            }
        }
        !self.points.is_empty()
    }

    /// Its rings.
    pub(super) fn rings(&self) -> impl Iterator<Item = &[Point]> {
        let ends = self.holes.iter().map(|h| *h as usize).chain([self.points.len()]);
        let starts = std::iter::once(0).chain(self.holes.iter().map(|h| *h as usize));
        starts.zip(ends).filter_map(|(from, to)| self.points.get(from..to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_extents_come_to_the_same_grid() {
        assert_eq!(Grid::new(512).place([512, -1]), [4096, -8]);
        assert_eq!(Grid::new(8192).place([8192, -1]), [4096, 0]);
        assert_eq!(Grid::new(u32::MAX).place([i32::MAX, i32::MIN]), [2048, -2048]);
    }

    #[test]
    fn a_ring_that_holds_nothing_is_left_out() {
        let grid = Grid::new(4096);
        assert_eq!(grid.ring(&[[0, 0], [9, 0], [9, 0], [9, 9], [0, 0]]), Some(vec![[0, 0], [9, 0], [9, 9]]));
        assert_eq!(grid.ring(&[[0, 0], [9, 0], [5, 0]]), None);
        assert_eq!(grid.ring(&[[0, 0], [0, 0]]), None);
        assert_eq!(grid.ring(&[]), None);
        assert_eq!(Grid::new(1 << 20).ring(&[[0, 0], [9, 0], [9, 9]]), None, "smaller than the grid");
    }

    #[test]
    fn rings_turn_as_the_grid_has_it() {
        let mut surface = Surface::default();
        let outer = vec![[0, 0], [0, 90], [90, 90], [90, 0]];
        let hole = vec![[10, 10], [20, 10], [20, 20], [10, 20]];
        let flat = vec![[30, 30], [40, 30], [35, 30]];
        assert!(surface.read(Grid::new(4096), &[outer, flat, hole]));
        let areas: Vec<i64> = surface.rings().map(double_area).collect();
        assert_eq!(areas, [16200, -200]);
        assert!(!surface.read(Grid::new(4096), &[]));
    }

    #[test]
    fn sides_along_the_cut_are_no_outline() {
        let ring = [[-64, 10], [100, 10], [100, 50], [-64, 50]];
        let Outline::Runs(runs) = outline(&ring) else { panic!("a cut") };
        assert_eq!(runs, [[[-64, 10], [100, 10], [100, 50], [-64, 50]]]);
        let corner = [[4000, 4000], [4160, 4000], [4160, 4160], [4000, 4160]];
        let Outline::Runs(runs) = outline(&corner) else { panic!("a cut") };
        assert_eq!(runs, [[[4000, 4160], [4000, 4000], [4160, 4000]]]);
        let all = [[-64, -64], [4160, -64], [4160, 4160], [-64, 4160]];
        assert!(matches!(outline(&all), Outline::Runs(runs) if runs.is_empty()));
        let inside = [[0, 0], [4096, 0], [4096, 4096], [0, 4096]];
        assert!(matches!(outline(&inside), Outline::Whole(ring) if ring.len() == 4));
    }

    proptest! {
        #[test]
        fn places_keep_their_order(extent: u32, a: i32, b: i32) {
            let grid = Grid::new(extent);
            let [x, y] = grid.place([a.min(b), a.max(b)]);
            prop_assert!(x <= y);
        }
    }
}
