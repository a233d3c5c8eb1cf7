//! Boxes in degrees.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A box in degrees. It does not cross the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BBox {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl BBox {
    /// Holds nothing; adding to it makes it the box of what was added.
    pub const EMPTY: Self =
        Self { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };
    /// The whole earth.
    pub const WORLD: Self = Self { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// Reads `west,south,east,north`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parts = text.split(',').map(|p| p.trim().parse::<f64>());
        let mut next = || parts.next().and_then(std::result::Result::ok).filter(|v| v.is_finite());
        let bbox = (|| Some(Self { west: next()?, south: next()?, east: next()?, north: next()? }))();
        bbox.filter(|b| parts.next().is_none() && b.west <= b.east && b.south <= b.north).ok_or_else(|| {
            Error::invalid(
                format!("范围 “{text}” 不对：应为 西,南,东,北（度），且西≤东、南≤北"),
                format!(
                    "the box “{text}” is wrong: it is west,south,east,north in degrees, west ≤ east, south ≤ north"
                ),
            )
        })
    }

    /// Whether nothing was ever added.
    pub fn is_empty(&self) -> bool {
        self.west > self.east || self.south > self.north
    }

    /// Grows to hold (`lon`, `lat`).
    pub fn add(&mut self, lon: f64, lat: f64) {
        self.west = self.west.min(lon);
        self.south = self.south.min(lat);
        self.east = self.east.max(lon);
        self.north = self.north.max(lat);
    }

    /// Grows to hold `other`.
    pub fn join(&mut self, other: &Self) {
        self.west = self.west.min(other.west);
        self.south = self.south.min(other.south);
        self.east = self.east.max(other.east);
        self.north = self.north.max(other.north);
    }

    /// Whether the two share a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// Whether all of `other` lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        self.west <= other.west && self.east >= other.east && self.south <= other.south && self.north >= other.north
    }

    /// Grown by metres on every side, and never by too little.
    #[must_use]
    pub fn grown_m(&self, metres: f64) -> Self {
        // A degree of latitude is nowhere shorter than 110,574 m; one of longitude by the cosine of the widest latitude.
        let dy = metres / 110_574.0;
        let widest = (self.south.abs().max(self.north.abs()) + dy).min(89.9);
        let dx = dy / widest.to_radians().cos();
        Self { west: self.west - dx, south: self.south - dy, east: self.east + dx, north: self.north + dy }
    }

    /// Its middle: longitude, latitude.
    pub fn centre(&self) -> (f64, f64) {
        (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north))
    }

    /// `[west, south, east, north]`.
    pub const fn to_array(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    pub(crate) fn to_rect(self) -> geo_types::Rect<f64> {
        geo_types::Rect::new((self.west, self.south), (self.east, self.north))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_four_ordered_numbers() {
        assert_eq!(BBox::parse("1, 2,3,4").unwrap().to_array(), [1.0, 2.0, 3.0, 4.0]);
        for bad in ["", "1,2,3", "1,2,3,4,5", "3,2,1,4", "1,2,NaN,4", "a,b,c,d", "1,2,inf,4"] {
            assert!(BBox::parse(bad).is_err(), "{bad}");
        }
    }
}
