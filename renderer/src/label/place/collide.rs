//! Which part of the picture is taken.

/// Left, top, right, bottom in target pixels.
pub(in crate::label) type Area = [f32; 4];

/// Target pixels to the side of a cell: about a label's length.
const CELL: f32 = 64.0;
/// More boxes than this in one cell lie on top of each other, and nothing else fits.
const CROWD: usize = 64;

/// Whether two areas share more than an edge.
pub(in crate::label) fn touch(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Boxes in cells, so that a box meets only its neighbours.
#[derive(Debug, Default)]
pub(in crate::label) struct Grid {
    columns: usize,
    rows: usize,
    /// What the grid covers.
    area: Area,
    cells: Vec<Vec<Area>>,
}

impl Grid {
    /// Empties the grid and spreads it over an area.
    pub(in crate::label) fn clear(&mut self, area: Area) {
        let count = |from: f32, to: f32| (((to - from) / CELL).ceil() as usize).max(1);
        self.area = area;
        self.columns = count(area[0], area[2]);
        self.rows = count(area[1], area[3]);
        self.cells.iter_mut().for_each(Vec::clear);
        self.cells.resize_with(self.columns * self.rows, Vec::new);
    }

    /// The cells that an area touches. What is outside the grid touches none.
    fn cells(&self, area: &Area) -> impl Iterator<Item = usize> + use<> {
        let columns = self.columns;
        let range = |axis: usize, last: usize| {
            let cell = |at: f32| ((at - self.area[axis]) / CELL).max(0.0) as usize;
            let outside = !(area[axis] < self.area[axis + 2] && area[axis + 2] > self.area[axis]);
            if outside { 0..0 } else { cell(area[axis])..cell(area[axis + 2]).saturating_add(1).min(last) }
        };
        let (across, down) = (range(0, self.columns), range(1, self.rows));
        down.flat_map(move |y| across.clone().map(move |x| y * columns + x))
    }

    /// Whether something is there already.
    pub(in crate::label) fn is_taken(&self, area: &Area) -> bool {
        self.cells(area).any(|cell| {
            let boxes = &self.cells[cell];
            boxes.len() >= CROWD || boxes.iter().any(|other| touch(area, other))
        })
    }

    /// Takes an area.
    pub(in crate::label) fn take(&mut self, area: &Area) {
        for cell in self.cells(area) {
            let boxes = &mut self.cells[cell];
            if boxes.len() < CROWD {
                boxes.push(*area);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn area() -> impl Strategy<Value = Area> {
        (-200f32..900.0, -200f32..700.0, 0.5f32..300.0, 0.5f32..100.0).prop_map(|(x, y, w, h)| [x, y, x + w, y + h])
    }

    proptest! {
        #[test]
        fn it_finds_what_comparing_all_finds(areas in prop::collection::vec(area(), 1..60)) {
            let whole = [-100.0, -100.0, 740.0, 580.0];
            let mut grid = Grid::default();
            grid.clear(whole);
            let mut taken: Vec<Area> = Vec::new();
            for area in areas {
                if touch(&area, &whole) {
                    let inside = [area[0].max(-100.0), area[1].max(-100.0), area[2].min(740.0), area[3].min(580.0)];
                    prop_assert_eq!(grid.is_taken(&inside), taken.iter().any(|other| touch(&inside, other)));
                } else {
                    prop_assert!(!grid.is_taken(&area));
                }
                // Few enough that no cell is crowded.
                grid.take(&area);
                taken.push(area);
            }
        }
    }

    #[test]
    fn a_crowd_fills_a_cell_and_costs_no_more() {
        let mut grid = Grid::default();
        grid.clear([0.0, 0.0, 64.0, 64.0]);
        for _ in 0..10_000 {
            grid.take(&[0.0, 0.0, 1.0, 1.0]);
        }
        assert!(grid.is_taken(&[50.0, 50.0, 60.0, 60.0]));
        assert_eq!(grid.cells.iter().map(Vec::len).sum::<usize>(), CROWD);
    }

    #[test]
    fn numbers_that_are_none_take_nothing() {
        let mut grid = Grid::default();
        grid.clear([0.0, 0.0, 640.0, 480.0]);
        grid.take(&[f32::NAN, 0.0, f32::NAN, 10.0]);
        grid.take(&[0.0, f32::NEG_INFINITY, f32::INFINITY, f32::INFINITY]);
        assert!(grid.is_taken(&[1.0, 1.0, 2.0, 2.0]), "an endless box takes everything");
        grid.clear([0.0, 0.0, f32::NAN, f32::NAN]);
        assert!(!grid.is_taken(&[1.0, 1.0, 2.0, 2.0]));
    }
}
