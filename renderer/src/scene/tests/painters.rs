//! Painters that fail.

use gis_data::Result;
use tiler::Coord;

use super::error;
use crate::frame::{AtlasChange, Frame, Painter};
use crate::mesh::TileMesh;
use crate::null::Null;

/// A painter that fails now and then.
#[derive(Default)]
pub(super) struct Frail {
    pub inner: Null,
    calls: u32,
    pub failures: u32,
}

impl Frail {
    fn maybe(&mut self) -> Result<()> {
        self.calls += 1;
        if self.calls.is_multiple_of(3) {
            self.failures += 1;
            return Err(error());
        }
        Ok(())
    }
}

impl Painter for Frail {
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64> {
        self.maybe()?;
        self.inner.upload(mesh)
    }

    fn forget(&mut self, coord: Coord) {
        self.inner.forget(coord);
    }

    fn atlas(&mut self, change: &AtlasChange) -> Result<()> {
        self.maybe()?;
        self.inner.atlas(change)
    }

    fn draw(&mut self, frame: &Frame) -> Result<()> {
        self.maybe()?;
        self.inner.draw(frame)
    }
}

/// A painter whose device is gone.
pub(super) struct Gone;

impl Painter for Gone {
    fn upload(&mut self, _: &TileMesh) -> Result<u64> {
        Err(error())
    }

    fn forget(&mut self, _: Coord) {}

    fn atlas(&mut self, _: &AtlasChange) -> Result<()> {
        Err(error())
    }

    fn draw(&mut self, _: &Frame) -> Result<()> {
        Err(error())
    }
}
