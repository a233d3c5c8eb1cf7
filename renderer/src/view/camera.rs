//! The camera: a view onto a picture of a size, as matrices.
//!
//! Everything is reckoned in sheet pixels around the middle of the picture: x to the east, y to the south, z up. So numbers near the
//! middle are small, and what is cast to f32 in the end is exact where one looks.

use std::f64::consts::PI;

use gis_data::mercator;
use glam::{DMat4, DVec3, DVec4};
use tiler::{Coord, EXTENT};

use super::View;
use crate::frame::Size;

/// The angle between the upper and the lower edge of the picture, in radians: the 2-D map's, so that both show the same.
pub(crate) const FIELD_OF_VIEW: f64 = 0.643_501_108_793_284_4;
/// Sheet pixels around the world at zoom 0.
pub(crate) const WORLD_PX: f64 = 512.0;
/// Metres around the equator for heights: the 2-D map takes a sphere of mean radius.
const AROUND_M: f64 = 2.0 * PI * 6_371_008.8;
/// Nothing nearer than this part of the picture's height is drawn.
const NEAR: f64 = 1.0 / 50.0;

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
    /// Of the picture, on the unit square.
    middle: [f64; 2],
    /// Sheet pixels.
    world_px: f64,
    /// Sheet pixels in a metre above the ground.
    px_per_m: f64,
    /// Sheet pixels from the camera to the middle of the picture.
    distance: f64,
    /// From sheet pixels around the middle to clip space.
    matrix: DMat4,
}

impl Camera {
    /// A camera at the nearest view that can be drawn. A picture without pixels has one, and a ratio that is none is 1.
    pub fn new(view: View, size: Size) -> Self {
        let view = view.clamped();
        let ratio = if size.ratio.is_finite() && size.ratio > 0.0 { size.ratio.clamp(1.0 / 64.0, 64.0) } else { 1.0 };
        let size = Size { width: size.width.max(1), height: size.height.max(1), ratio };
        let (width, height) = (f64::from(size.width) / f64::from(ratio), f64::from(size.height) / f64::from(ratio));
        let (x, y) = mercator::project(view.lon, view.lat);
        let world_px = WORLD_PX * view.zoom.exp2();
        let distance = 0.5 / (FIELD_OF_VIEW / 2.0).tan() * height;
        let (sin_b, cos_b) = view.bearing.to_radians().sin_cos();
        let (sin_p, cos_p) = view.pitch.to_radians().sin_cos();
        // Turned by the bearing, tilted by the pitch, moved away by the distance, and w is the distance along the line of sight.
        // Depth is near / w: 1 at the near plane, 0 at infinity, and with the finest steps far away, where floats have them too.
        let (wide, high) = (2.0 * distance / width, 2.0 * distance / height);
        let matrix = DMat4::from_cols(
            DVec4::new(wide * cos_b, high * sin_b * cos_p, 0.0, sin_b * sin_p),
            DVec4::new(wide * sin_b, -high * cos_b * cos_p, 0.0, -cos_b * sin_p),
            DVec4::new(0.0, high * sin_p, 0.0, -cos_p),
            DVec4::new(0.0, 0.0, height * NEAR, distance),
        );
        let px_per_m = world_px / (AROUND_M * view.lat.to_radians().cos());
        Self { view, size, middle: [x, y], world_px, px_per_m, distance, matrix }
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
        let [west, north, ..] = self.square(coord);
        let unit = self.unit_px(coord);
        let place = DMat4::from_translation(DVec3::new(west, north, 0.0))
            * DMat4::from_scale(DVec3::new(unit, unit, self.px_per_m));
        (self.matrix * place).to_cols_array().map(|n| n as f32)
    }

    /// Sheet pixels in a tile's unit at the middle of the picture.
    pub fn px_per_unit(&self, coord: Coord) -> f32 {
        self.unit_px(coord) as f32
    }

    /// Where a place is in the picture, or beside it; nothing if it is nearer than what is drawn, or behind the camera.
    pub fn project(&self, lon: f64, lat: f64, height_m: f64) -> Option<Spot> {
        let (x, y) = mercator::project(lon, lat);
        let around = |at: f64, middle: f64| (at - middle) * self.world_px;
        let clip = self.matrix
            * DVec4::new(around(x, self.middle[0]), around(y, self.middle[1]), height_m * self.px_per_m, 1.0);
        let depth = clip.z / clip.w;
        let at = [
            f64::midpoint(1.0, clip.x / clip.w) * f64::from(self.size.width),
            f64::midpoint(1.0, -clip.y / clip.w) * f64::from(self.size.height),
        ];
        (depth > 0.0 && depth <= 1.0 && at.iter().all(|n| n.is_finite())).then_some(Spot { at, depth: depth as f32 })
    }

    /// The longitude and latitude of the ground at a target pixel; nothing above the horizon. Beside the world's square the numbers
    /// go on beyond ±180.
    pub fn ground(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let [_, up] = self.ray(at);
        let (sin, cos) = self.view.pitch.to_radians().sin_cos();
        let down = cos - up * sin;
        // Where the ground is a thousand pictures away, a pixel is wider than anything on it.
        (down > 1e-6).then(|| self.along(at, self.distance * cos / down)).map(|[lon, lat, _]| [lon, lat])
    }

    /// Longitude, latitude and height in metres of what has a depth at a target pixel.
    pub fn unproject(&self, spot: Spot) -> Option<[f64; 3]> {
        let depth = f64::from(spot.depth);
        let place = self.along(spot.at, self.matrix.w_axis.z / depth);
        (depth > 0.0 && depth <= 1.0 && place.iter().all(|n| n.is_finite())).then_some(place)
    }

    /// The target pixel row of the horizon; 0 when it is not in the picture.
    pub fn horizon_px(&self) -> f32 {
        let above = self.distance * f64::from(self.size.ratio) / self.view.pitch.to_radians().tan();
        (f64::from(self.size.height) / 2.0 - above).max(0.0) as f32
    }

    /// How far to the right and up a pixel is from the middle, a unit away from the camera.
    fn ray(&self, at: [f64; 2]) -> [f64; 2] {
        let ratio = f64::from(self.size.ratio);
        let right = at[0] - f64::from(self.size.width) / 2.0;
        let up = f64::from(self.size.height) / 2.0 - at[1];
        [right, up].map(|n| n / ratio / self.distance)
    }

    /// What lies at a pixel, `w` sheet pixels away along the line of sight.
    fn along(&self, at: [f64; 2], w: f64) -> [f64; 3] {
        let [right, up] = self.ray(at).map(|n| n * w);
        let away = w - self.distance;
        let (sin_p, cos_p) = self.view.pitch.to_radians().sin_cos();
        let (sin_b, cos_b) = self.view.bearing.to_radians().sin_cos();
        let south = -(up * cos_p + away * sin_p);
        let high = up * sin_p - away * cos_p;
        let [x, y] = [right * cos_b - south * sin_b, right * sin_b + south * cos_b];
        let (lon, lat) = mercator::unproject(self.middle[0] + x / self.world_px, self.middle[1] + y / self.world_px);
        [lon, lat, high / self.px_per_m]
    }

    /// Sheet pixels in a tile's unit.
    fn unit_px(&self, coord: Coord) -> f64 {
        self.world_px * (-f64::from(coord.z())).exp2() / f64::from(EXTENT)
    }

    /// A tile's west, north, east and south in sheet pixels around the middle.
    pub(crate) fn square(&self, coord: Coord) -> [f64; 4] {
        let tile = (-f64::from(coord.z())).exp2();
        let edge = |at: u32, middle: f64| (f64::from(at) * tile - middle) * self.world_px;
        let [x, y] = self.middle;
        [edge(coord.x(), x), edge(coord.y(), y), edge(coord.x() + 1, x), edge(coord.y() + 1, y)]
    }

    /// How far away the middle of a tile is along the line of sight, in sheet pixels.
    pub(crate) fn away(&self, coord: Coord) -> f64 {
        let [west, north, east, south] = self.square(coord);
        let row = self.matrix.row(3);
        row.x * (west + east) / 2.0 + row.y * (north + south) / 2.0 + row.w
    }

    /// From sheet pixels around the middle to clip space.
    pub(crate) const fn matrix(&self) -> &DMat4 {
        &self.matrix
    }

    /// Sheet pixels from the camera to the middle of the picture.
    pub(crate) const fn distance(&self) -> f64 {
        self.distance
    }

    /// Sheet pixels in a metre above the ground.
    pub(crate) const fn px_per_m(&self) -> f64 {
        self.px_per_m
    }

    /// Where the camera stands, in sheet pixels around the middle.
    pub(crate) fn eye(&self) -> DVec3 {
        let (sin_p, cos_p) = self.view.pitch.to_radians().sin_cos();
        let (sin_b, cos_b) = self.view.bearing.to_radians().sin_cos();
        DVec3::new(-sin_p * sin_b, sin_p * cos_b, cos_p) * self.distance
    }
}
