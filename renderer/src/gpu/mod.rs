//! Draws with wgpu, on any adapter: a real one, software Vulkan, or WebGL2 in a browser.

use gis_data::Result;
use tiler::Coord;

/// For hosts: the choice of adapters, and surfaces to draw on.
pub use wgpu;

use crate::frame::{AtlasChange, Frame, Hit, Painter};
use crate::mesh::TileMesh;

/// An adapter as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The device's name.
    pub name: String,
    /// `vulkan`, `gl`, `webgl2` …
    pub backend: String,
    /// Whether it is software.
    pub is_software: bool,
}

/// A device and everything that was uploaded to it.
pub struct Gpu {}

impl Gpu {
    /// Draws into memory: no window, no display. `backends` narrows the choice (tests draw on each in turn).
    pub async fn headless(backends: wgpu::Backends) -> Result<Self> {
        let _ = backends;
        unimplemented!()
    }

    /// Draws onto a window or canvas. `instance` made the surface.
    pub async fn on_surface(instance: &wgpu::Instance, surface: wgpu::Surface<'static>) -> Result<Self> {
        let _ = (instance, surface);
        unimplemented!()
    }

    /// On what it draws.
    pub fn adapter(&self) -> &Adapter {
        unimplemented!()
    }

    /// Whether the device is gone; then a new `Gpu` is needed, and the scene's `restore`.
    pub fn is_lost(&self) -> bool {
        unimplemented!()
    }

    /// Bytes held on the device.
    pub fn bytes(&self) -> u64 {
        unimplemented!()
    }

    /// The picture last drawn headless: straight RGBA, row by row from the top.
    pub async fn picture(&mut self) -> Result<Vec<u8>> {
        unimplemented!()
    }

    /// What lies under a target pixel of a frame: ids and depth come in one read.
    pub async fn pick(&mut self, frame: &Frame, at: [f32; 2]) -> Result<Option<Hit>> {
        let _ = (frame, at);
        unimplemented!()
    }
}

impl Painter for Gpu {
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64> {
        let _ = mesh;
        unimplemented!()
    }

    fn forget(&mut self, coord: Coord) {
        let _ = coord;
        unimplemented!()
    }

    fn atlas(&mut self, change: &AtlasChange) -> Result<()> {
        let _ = change;
        unimplemented!()
    }

    fn draw(&mut self, frame: &Frame) -> Result<()> {
        let _ = frame;
        unimplemented!()
    }
}
