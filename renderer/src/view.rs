//! Where the camera stands, and the way between the earth and the picture.

use gis_data::Result;
use serde::{Deserialize, Serialize};
use tiler::Coord;

use crate::frame::Size;

/// Where the camera looks, in the words of the 2-D map: the same five numbers show the same ground at the same pixels there and here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Degrees, at the middle of the picture.
    pub lon: f64,
    /// Degrees, at the middle of the picture.
    pub lat: f64,
    /// The world is 512 sheet pixels wide at zoom 0, and twice as wide at each further one.
    pub zoom: f64,
    /// Degrees clockwise from north that point up in the picture.
    pub bearing: f64,
    /// Degrees from straight down, 0 to [`View::MAX_PITCH`].
    pub pitch: f64,
}

/// A place in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Target pixels from the upper left corner.
    pub at: [f64; 2],
    /// 1 near, 0 far.
    pub depth: f32,
}

/// A view onto a picture of a size.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    view: View,
    size: Size,
}

impl View {
    /// Beyond this the horizon fills the picture.
    pub const MAX_PITCH: f64 = 75.0;

    /// Reads `lon,lat,zoom,bearing,pitch`; the last two may be left out.
    pub fn parse(text: &str) -> Result<Self> {
        let _ = text;
        unimplemented!()
    }

    /// The nearest view that can be drawn.
    pub fn clamped(self) -> Self {
        unimplemented!()
    }
}

impl Camera {
    /// A camera.
    pub fn new(view: View, size: Size) -> Self {
        Self { view, size }
    }

    /// Where it looks.
    pub const fn view(&self) -> View {
        self.view
    }

    /// The picture.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// From a tile's units and metres to clip space with reversed depth, column by column.
    pub fn tile_matrix(&self, coord: Coord) -> [f32; 16] {
        let _ = coord;
        unimplemented!()
    }

    /// Sheet pixels in a tile's unit at the middle of the picture.
    pub fn px_per_unit(&self, coord: Coord) -> f32 {
        let _ = coord;
        unimplemented!()
    }

    /// Where a place is in the picture; nothing if it lies behind the camera.
    pub fn project(&self, lon: f64, lat: f64, height_m: f64) -> Option<Spot> {
        let _ = (lon, lat, height_m);
        unimplemented!()
    }

    /// The longitude and latitude of the ground at a target pixel; nothing above the horizon.
    pub fn ground(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let _ = at;
        unimplemented!()
    }

    /// Longitude, latitude and height in metres of what has a depth at a target pixel.
    pub fn unproject(&self, spot: Spot) -> Option<[f64; 3]> {
        let _ = spot;
        unimplemented!()
    }

    /// The target pixel row of the horizon; not positive when it is not in the picture.
    pub fn horizon_px(&self) -> f32 {
        unimplemented!()
    }
}
