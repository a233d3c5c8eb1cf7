//! Draws with wgpu, on any adapter: a real one, software Vulkan, or WebGL2 in a browser.
//!
//! A frame is painted in one pass, from the top to the ground: buildings with depth, then the sheet's layers on the ground from the last to the
//! first, each below what is there already, then sky and background; and labels over all. Colours stay sRGB all the way, as on the 2-D
//! map. A pick draws a few pixels of the frame as numbers instead.

mod atlas;
mod buffers;
mod device;
mod draw;
mod pick;
mod pipelines;
mod plan;
mod read;
mod target;
mod uniforms;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use gis_data::{Error, Result};
use tiler::Coord;

/// For hosts: the choice of adapters, and surfaces to draw on.
pub use wgpu;

use self::atlas::Atlas;
use self::buffers::{LabelBuffers, TileBuffers};
use self::device::Device;
use self::draw::Drawing;
use self::pick::Picker;
use self::pipelines::{Pipelines, Shaders};
use self::read::Reading;
use self::target::Target;
use self::uniforms::{Uniforms, WHOLE};
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
pub struct Gpu {
    device: Device,
    target: Target,
    shaders: Shaders,
    pipelines: Pipelines,
    picker: Option<Picker>,
    uniforms: Uniforms,
    atlas: Atlas,
    tiles: BTreeMap<Coord, TileBuffers>,
    labels: LabelBuffers,
}

impl Gpu {
    /// Draws into memory: no window, no display. `backends` narrows the choice (tests draw on each in turn).
    ///
    /// # Errors
    /// There is no adapter, not even in software; the error says what to install.
    pub async fn headless(backends: wgpu::Backends) -> Result<Self> {
        let descriptor =
            wgpu::InstanceDescriptor { backends, ..wgpu::InstanceDescriptor::new_without_display_handle() };
        let (device, _) = Device::open(&wgpu::Instance::new(descriptor), None).await?;
        let target = Target::memory(&device);
        Self::new(device, target)
    }

    /// Draws onto a window or canvas. `instance` made the surface.
    ///
    /// # Errors
    /// No adapter can draw onto it.
    pub async fn on_surface(instance: &wgpu::Instance, surface: wgpu::Surface<'static>) -> Result<Self> {
        let (device, adapter) = Device::open(instance, Some(&surface)).await?;
        let target = Target::surface(&device, &adapter, surface)?;
        Self::new(device, target)
    }

    fn new(device: Device, target: Target) -> Result<Self> {
        let uniforms = Uniforms::new(&device);
        let atlas = Atlas::new(&device);
        let shaders = Shaders::new(&device.raw, uniforms.layout(), atlas.layout());
        let pipelines = Pipelines::new(&device.raw, &shaders, target.format, target.samples);
        device.check()?;
        Ok(Self {
            device,
            target,
            shaders,
            pipelines,
            picker: None,
            uniforms,
            atlas,
            tiles: BTreeMap::new(),
            labels: LabelBuffers::default(),
        })
    }

    /// On what it draws.
    pub fn adapter(&self) -> &Adapter {
        &self.device.adapter
    }

    /// Whether the device is gone; then a new `Gpu` is needed, and the scene's `restore`.
    pub fn is_lost(&self) -> bool {
        self.device.is_lost()
    }

    /// Gives the device up: it is lost from now on. For a host that learns of a loss itself (a canvas's `webglcontextlost`).
    pub fn lose(&self) {
        self.device.lose();
    }

    /// Waits until everything that was drawn is there: for measuring. In a browser it does not wait.
    ///
    /// # Errors
    /// The device is lost or at fault.
    pub fn finish(&self) -> Result<()> {
        read::wait(&self.device.raw)?;
        self.device.check()
    }

    /// Bytes held on the device.
    pub fn bytes(&self) -> u64 {
        let tiles: u64 = self.tiles.values().map(TileBuffers::bytes).sum();
        tiles + self.labels.bytes() + self.uniforms.held_bytes() + self.atlas.bytes() + self.target.bytes()
    }

    /// The picture last drawn headless: straight RGBA, row by row from the top.
    ///
    /// # Errors
    /// None was drawn, or it was drawn onto a surface.
    pub async fn picture(&mut self) -> Result<Vec<u8>> {
        self.device.check()?;
        let texture = self.target.picture().ok_or_else(|| {
            Error::invalid("还没有画过可读回的画面", "no picture was drawn yet that could be read back")
        })?;
        let mut encoder = self.device.raw.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let reading = Reading::of(&self.device.raw, &mut encoder, texture, 4);
        self.device.queue.submit([encoder.finish()]);
        let mut pixels = reading.rows(&self.device.raw).await?;
        self.device.check()?;
        straighten(&mut pixels);
        Ok(pixels)
    }

    /// What lies under a target pixel of a frame, or else nearest to it within two pixels: ids and depth come in one read. Everything is
    /// asked of the device before this returns; the future only waits, and borrows nothing, so that frames can be drawn meanwhile.
    ///
    /// # Errors
    /// The device is lost or out of memory.
    pub fn pick(&mut self, frame: &Frame, at: [f32; 2]) -> impl Future<Output = Result<Option<Hit>>> + use<> {
        let asked = self.ask(frame, at);
        let (device, tiles) = (self.device.raw.clone(), frame.tiles.len());
        async move {
            let Some(reading) = asked? else { return Ok(None) };
            Ok(pick::nearest(&reading.rows(&device).await?, tiles))
        }
    }

    fn ask(&mut self, frame: &Frame, at: [f32; 2]) -> Result<Option<Reading>> {
        self.device.check()?;
        let Some(window) = pick::window(frame.size, at) else { return Ok(None) };
        let picker = self.picker.get_or_insert_with(|| Picker::new(&self.device, &self.shaders));
        self.labels.write(&self.device, &frame.labels)?;
        let group = self.uniforms.write(&self.device, frame, window);
        let drawing = Drawing {
            frame,
            tiles: &self.tiles,
            labels: &self.labels,
            uniforms: &self.uniforms,
            group: &group,
            atlas: self.atlas.group(),
        };
        let mut encoder = self.device.raw.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let numbers = picker.numbers.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = draw::begin(&mut encoder, &numbers, None, &picker.depth);
        drawing.number(&mut pass, &picker.pipelines, pick::SIDE as f32);
        drop(pass);
        let reading = Reading::of(&self.device.raw, &mut encoder, &picker.numbers, pick::TEXEL);
        self.device.queue.submit([encoder.finish()]);
        self.device.check()?;
        Ok(Some(reading))
    }
}

impl Painter for Gpu {
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64> {
        self.device.check()?;
        // Both are there at once for a moment; the old one is not let go before the new one is known to be right.
        let tile = TileBuffers::new(&self.device, mesh)?;
        self.device.check()?;
        let bytes = tile.bytes();
        self.tiles.insert(mesh.coord, tile);
        Ok(bytes)
    }

    fn forget(&mut self, coord: Coord) {
        self.tiles.remove(&coord);
    }

    fn atlas(&mut self, change: &AtlasChange) -> Result<()> {
        self.device.check()?;
        self.atlas.change(&self.device, change)
    }

    fn draw(&mut self, frame: &Frame) -> Result<()> {
        self.device.check()?;
        let Some(canvas) = self.target.canvas(&self.device, frame.size.width, frame.size.height)? else {
            return Ok(());
        };
        self.labels.write(&self.device, &frame.labels)?;
        let group = self.uniforms.write(&self.device, frame, WHOLE);
        let drawing = Drawing {
            frame,
            tiles: &self.tiles,
            labels: &self.labels,
            uniforms: &self.uniforms,
            group: &group,
            atlas: self.atlas.group(),
        };
        let mut encoder = self.device.raw.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let (color, resolve) = (&canvas.color, canvas.resolve.as_ref());
        let mut pass = draw::begin(&mut encoder, color, resolve, &canvas.depth);
        drawing.paint(&mut pass, &self.pipelines);
        drop(pass);
        self.device.queue.submit([encoder.finish()]);
        canvas.show(&self.device);
        self.device.check()
    }
}

/// Divides colours by their alpha where one sees through the picture.
fn straighten(pixels: &mut [u8]) {
    for [r, g, b, a] in pixels.as_chunks_mut::<4>().0 {
        if *a == 0 || *a == 255 {
            continue;
        }
        for c in [r, g, b] {
            *c = ((u16::from(*c) * 255 + u16::from(*a) / 2) / u16::from(*a)).min(255) as u8;
        }
    }
}
