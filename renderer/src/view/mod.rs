//! Where the camera stands, and the way between the earth and the picture.

mod camera;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use gis_data::{Error, Result, mercator};
use serde::{Deserialize, Serialize};

pub use camera::{Camera, Spot};
pub(crate) use camera::{FIELD_OF_VIEW, WORLD_PX};

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

/// What each of the five numbers may be, in their order.
const NUMBERS: [(&str, &str, RangeInclusive<f64>); 5] = [
    ("经度", "longitude", -180.0..=180.0),
    ("纬度", "latitude", -90.0..=90.0),
    ("级别", "zoom", 0.0..=View::MAX_ZOOM),
    ("方位角", "bearing", -360.0..=360.0),
    ("俯仰角", "pitch", 0.0..=View::MAX_PITCH),
];

impl View {
    /// Beyond this the horizon fills the picture.
    pub const MAX_PITCH: f64 = 75.0;
    /// A street lamp fills the picture.
    pub const MAX_ZOOM: f64 = 22.0;

    /// Reads `lon,lat,zoom,bearing,pitch`; the last two may be left out and are 0 then.
    ///
    /// # Errors
    /// Fewer than three numbers or more than five, and a number that is none or out of its range: the error names it.
    ///
    /// ```
    /// use renderer::view::View;
    ///
    /// let view = View::parse("120.6519,28.0132,16,30,60")?;
    /// assert_eq!((view.zoom, view.pitch), (16.0, 60.0));
    /// assert!(View::parse("120.6519,28.0132,16,30,95").unwrap_err().en().contains("pitch"));
    /// # Ok::<(), gis_data::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split([',', '，']).map(str::trim).collect();
        if !(3..=5).contains(&parts.len()) {
            return Err(Error::invalid(
                format!(
                    "视图 “{text}” 有 {} 个数：应为 经度,纬度,级别[,方位角,俯仰角]，例如 120.6519,28.0132,16,30,60",
                    parts.len()
                ),
                format!(
                    "the view “{text}” has {} numbers: it is lon,lat,zoom[,bearing,pitch], such as 120.6519,28.0132,16,30,60",
                    parts.len()
                ),
            ));
        }
        let mut numbers = [0.0; 5];
        for ((part, number), (zh, en, range)) in parts.iter().zip(&mut numbers).zip(&NUMBERS) {
            *number = part.parse().ok().filter(|n| range.contains(n)).ok_or_else(|| {
                let (from, to) = (range.start(), range.end());
                Error::invalid(
                    format!("视图的{zh} “{part}” 有误：须是 {from} 到 {to} 的数，例如 120.6519,28.0132,16,30,60"),
                    format!(
                        "the view's {en} “{part}” is wrong: it is a number from {from} to {to}, such as in 120.6519,28.0132,16,30,60"
                    ),
                )
            })?;
        }
        let [lon, lat, zoom, bearing, pitch] = numbers;
        Ok(Self { lon, lat, zoom, bearing, pitch }.clamped())
    }

    /// The nearest view that can be drawn: on Web Mercator's square, with angles once around. What is no number becomes 0.
    pub fn clamped(self) -> Self {
        Self {
            lon: around(self.lon),
            lat: number(self.lat).clamp(-mercator::MAX_LAT, mercator::MAX_LAT),
            zoom: number(self.zoom).clamp(0.0, Self::MAX_ZOOM),
            bearing: around(self.bearing),
            pitch: number(self.pitch).clamp(0.0, Self::MAX_PITCH),
        }
    }
}

/// An infinite number stays, to be clamped.
fn number(n: f64) -> f64 {
    if n.is_nan() { 0.0 } else { n }
}

/// An angle within ±180 degrees; one that is already stays to the last bit.
fn around(degrees: f64) -> f64 {
    if degrees.abs() <= 180.0 {
        degrees
    } else if degrees.is_finite() {
        (degrees + 180.0).rem_euclid(360.0) - 180.0
    } else {
        0.0
    }
}
