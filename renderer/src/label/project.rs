//! The way from a tile to the picture, as labels need it.

use gis_data::mercator;
use tiler::{Coord, EXTENT};

use crate::frame::Size;
use crate::view::{Camera, WORLD_PX};

/// What is farther away than the middle of the picture by this factor is too small to be read, and there is a lot of it. The 2-D map
/// stops there too.
const FARTHEST: f32 = 5.0;
/// Nothing becomes larger than this when it comes close to the camera.
const LARGEST: f32 = 4.0;

/// A view of the earth, narrow enough that a test can stand in for the camera.
pub(super) struct Projection<'a> {
    pub(super) size: Size,
    pub(super) zoom: f64,
    /// What the picture's middle shows, in the unit square.
    pub(super) middle: [f64; 2],
    /// From a tile's units and metres to clip space, column by column.
    pub(super) matrix: &'a dyn Fn(Coord) -> [f32; 16],
}

impl<'a> Projection<'a> {
    /// `matrix` is the camera's own; it is handed in so that it outlives the projection.
    pub(super) fn of(camera: &Camera, matrix: &'a dyn Fn(Coord) -> [f32; 16]) -> Self {
        let view = camera.view();
        let (x, y) = mercator::project(view.lon, view.lat);
        Self { size: camera.size(), zoom: view.zoom, middle: [x, y], matrix }
    }
}

/// Where an anchor lies in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Anchor {
    /// Target pixels from the upper left corner.
    pub(super) at: [f32; 2],
    /// 1 near, 0 far.
    pub(super) depth: f32,
    /// Distance of the picture's middle from the camera over that of the anchor: 1 everywhere on a map that is not tilted.
    pub(super) nearness: f32,
}

impl Anchor {
    /// The factor on sizes: far labels shrink half as much as the ground, as on the 2-D map.
    pub(super) fn scale(&self) -> f32 {
        (0.5 + 0.5 * self.nearness).min(LARGEST)
    }
}

/// One tile as the camera sees it.
pub(super) struct Sight {
    matrix: [f32; 16],
    half: [f32; 2],
    /// The fourth coordinate of the picture's middle: its distance.
    middle: f32,
    /// Sheet pixels in a tile's unit where the picture's middle is.
    px_per_unit: f32,
}

impl Sight {
    pub(super) fn new(projection: &Projection<'_>, coord: Coord) -> Self {
        let matrix = (projection.matrix)(coord);
        let tiles = f64::from(coord.z()).exp2();
        let local = |axis: usize, tile: u32| (projection.middle[axis] * tiles - f64::from(tile)) * f64::from(EXTENT);
        let (x, y) = (local(0, coord.x()), local(1, coord.y()));
        let [a, b, d] = [3, 7, 15].map(|i| f64::from(matrix[i]));
        Self {
            matrix,
            half: [projection.size.width as f32 / 2.0, projection.size.height as f32 / 2.0],
            middle: (a * x + b * y + d) as f32,
            px_per_unit: ((projection.zoom - f64::from(coord.z())).exp2() * WORLD_PX / f64::from(EXTENT)) as f32,
        }
    }

    /// Where a place of the tile is; nothing when it is behind the camera, beyond what it sees, or no place at all.
    pub(super) fn at(&self, [x, y]: [f32; 2]) -> Option<Anchor> {
        let row = |i: usize| self.matrix[i] * x + self.matrix[i + 4] * y + self.matrix[i + 12];
        let w = row(3);
        let depth = row(2) / w;
        let at = [(row(0) / w + 1.0) * self.half[0], (1.0 - row(1) / w) * self.half[1]];
        let nearness = if self.middle > 0.0 { self.middle / w } else { 1.0 };
        let is_seen = w > 0.0 && (0.0..=1.0).contains(&depth) && nearness.is_finite();
        (is_seen && at.iter().all(|n| n.is_finite())).then_some(Anchor { at, depth, nearness })
    }

    /// The same, and nothing either for what is too far away to be labelled.
    pub(super) fn near(&self, at: [f32; 2]) -> Option<Anchor> {
        self.at(at).filter(|anchor| anchor.nearness * FARTHEST >= 1.0)
    }

    /// Tile units in a sheet pixel, where the ground is so near. It only takes powers of two, so that what is spaced with it stands still while
    /// the camera moves on.
    pub(super) fn units_per_px(&self, nearness: f32) -> f32 {
        (-(self.px_per_unit * nearness).log2().floor()).exp2()
    }
}
