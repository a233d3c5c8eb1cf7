//! What the sheet says of a frame as a whole.

use styles::Style;

use crate::frame::{LayerPaint, Light};

/// How the layers look at a zoom, where that does not depend on the feature; those that are not drawn are left out.
pub fn paints(style: &Style, zoom: f64, extrude: bool) -> Vec<LayerPaint> {
    let _ = (style, zoom, extrude);
    unimplemented!()
}

/// The colour behind everything at a zoom, straight sRGB.
pub fn background(style: &Style, zoom: f64) -> [f32; 4] {
    let _ = (style, zoom);
    unimplemented!()
}

/// The sky above the horizon, straight sRGB: it goes with the background and the sheet's `menpai:dark`.
pub fn sky(style: &Style, zoom: f64) -> [f32; 4] {
    let _ = (style, zoom);
    unimplemented!()
}

/// The sheet's light, turned with the camera where it is anchored to the viewport. `bearing` in degrees.
pub fn light(style: &Style, bearing: f64) -> Light {
    let _ = (style, bearing);
    unimplemented!()
}
