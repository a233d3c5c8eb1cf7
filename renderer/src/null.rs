//! A painter that draws nowhere, and counts.

use std::collections::BTreeMap;

use gis_data::Result;
use tiler::Coord;

use crate::frame::{AtlasChange, Frame, Painter};
use crate::mesh::TileMesh;

/// For tests of everything before the painter, and for measuring it.
#[derive(Debug, Default)]
pub struct Null {
    /// Bytes of each tile that is uploaded.
    pub tiles: BTreeMap<Coord, u64>,
    /// Tiles that were uploaded, each time they were.
    pub uploads: u64,
    /// Frames drawn.
    pub frames: u64,
    /// The last of them.
    pub last: Option<Frame>,
    /// Changes of the atlas.
    pub atlases: u64,
}

impl Painter for Null {
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64> {
        let bytes = mesh.bytes() as u64;
        self.tiles.insert(mesh.coord, bytes);
        self.uploads += 1;
        Ok(bytes)
    }

    fn forget(&mut self, coord: Coord) {
        self.tiles.remove(&coord);
    }

    fn atlas(&mut self, _: &AtlasChange) -> Result<()> {
        self.atlases += 1;
        Ok(())
    }

    fn draw(&mut self, frame: &Frame) -> Result<()> {
        self.frames += 1;
        self.last = Some(frame.clone());
        Ok(())
    }
}
