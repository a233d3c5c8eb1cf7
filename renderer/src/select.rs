//! Which tiles the camera sees.

use tiler::Coord;

use crate::view::Camera;

/// Tiles that cover what the camera sees of the ground, the nearest to the middle of the picture first; far ones are of lower zooms. `top_m` is how
/// high the city rises: a tile beside the picture may reach into it. None overlaps another; never more than a few hundred.
pub fn select(camera: &Camera, max_zoom: u8, top_m: f32) -> Vec<Coord> {
    let _ = (camera, max_zoom, top_m);
    unimplemented!()
}
