//! Which tiles the camera sees.

mod sight;
#[cfg(test)]
mod tests;

use tiler::{Coord, MAX_ZOOM};

use self::sight::Sight;
use crate::view::Camera;

/// More tiles than this are never selected: all of them are taken coarser instead.
pub const MOST: usize = 256;

/// Tiles that cover what the camera sees of the ground, the nearest to the middle of the picture first; far ones are of lower zooms. `top_m` is how
/// high the city rises: a tile beside the picture may reach into it. None overlaps another; never more than [`MOST`].
pub fn select(camera: &Camera, max_zoom: u8, top_m: f32) -> Vec<Coord> {
    let Some(sight) = Sight::new(camera, top_m) else { return Vec::new() };
    let max_zoom = max_zoom.min(MAX_ZOOM);
    // At the coarsest the world is one tile, so this ends.
    let coarser = (0..=2 * u32::from(MAX_ZOOM)).map(|half| f64::from(half) / 2.0);
    let mut tiles =
        coarser.into_iter().find_map(|c| descend(&sight, max_zoom, c)).unwrap_or_else(|| vec![Coord::WORLD]);
    tiles.sort_by(|a, b| {
        let ([a, a_centre], [b, b_centre]) = (nearness(camera, *a), nearness(camera, *b));
        a.total_cmp(&b).then(a_centre.total_cmp(&b_centre))
    });
    tiles
}

/// From the world down to where tiles are small enough; nothing if that makes too many.
fn descend(sight: &Sight, max_zoom: u8, coarser: f64) -> Option<Vec<Coord>> {
    let mut tiles = Vec::new();
    let mut open = vec![Coord::WORLD];
    while let Some(tile) = open.pop() {
        if !sight.sees(tile) {
            continue;
        }
        let fine = tile.z() >= max_zoom || f64::from(tile.z()) + 1.0 > sight.zoom(tile) - coarser;
        match tile.children().filter(|_| !fine) {
            Some(children) => open.extend(children),
            None => tiles.push(tile),
        }
        if tiles.len() > MOST {
            return None;
        }
    }
    Some(tiles)
}

/// How far a tile is from the middle of the picture, and how far its centre is, in sheet pixels.
fn nearness(camera: &Camera, tile: Coord) -> [f64; 2] {
    let [west, north, east, south] = camera.square(tile);
    let gap = |from: f64, to: f64| from.max(-to).max(0.0);
    [gap(west, east).hypot(gap(north, south)), (west + east).hypot(north + south) / 2.0]
}
