//! Makes meshes of a tile's bytes and a style sheet.

pub mod paint;

use std::sync::Arc;

use gis_data::Result;
use styles::Style;
use tiler::Coord;

use crate::mesh::TileMesh;

/// Builds tiles for one sheet.
pub struct Builder {
    style: Arc<Style>,
    extrude: bool,
}

impl Builder {
    /// `extrude`: whether buildings rise, or lie flat as on the 2-D map.
    pub fn new(style: Arc<Style>, extrude: bool) -> Self {
        Self { style, extrude }
    }

    /// Builds a tile. Bytes that are no tile are an error; a feature that cannot be drawn is left out.
    pub fn build(&self, coord: Coord, bytes: &[u8]) -> Result<TileMesh> {
        let _ = (coord, bytes, &self.style, self.extrude);
        unimplemented!()
    }
}
