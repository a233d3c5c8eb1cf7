//! One whole picture.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gis_data::{Kind, Result};
use renderer::frame::{AtlasChange, Frame, Painter};
use renderer::gpu::{Gpu, wgpu::Backends};
use renderer::mesh::{Shape, TileMesh};
use renderer::scene::{Options, Scene};
use serde::{Deserialize, Serialize};
use tiler::Coord;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::{Host, Source, Wanted};

/// What a picture took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// The adapter's name.
    pub(crate) adapter: String,
    /// `vulkan`, `gl` …
    pub(crate) backend: String,
    /// Whether the adapter is software.
    pub(crate) is_software: bool,
    /// Tiles in the picture.
    pub(crate) tiles: u64,
    /// Triangles of those tiles.
    pub(crate) triangles: u64,
    /// Things with a label or icon.
    pub(crate) labels: u64,
    /// Tiles and characters that could not be had.
    pub(crate) missing: u64,
    /// From the search for an adapter to the pixels.
    pub(crate) ms: f64,
}

/// A picture.
pub(crate) struct Drawn {
    /// Straight RGBA, row by row from the top.
    pub(crate) rgba: Vec<u8>,
    pub(crate) told: Told,
}

/// Requests of a picture under way at once: it waits for all of them.
pub(crate) const REQUESTS: usize = 64;
/// Meshes that a picture may hold.
const BYTES: u64 = 1 << 30;

/// Opens a device to draw in memory: of the kind that `WGPU_BACKEND` names (`vulkan`, `gl` …), else the best there is. OpenGL is woken
/// only where there is nothing better, since it looks for a display and complains where there is none.
pub(crate) async fn device() -> Result<Gpu> {
    if let Some(named) = Backends::from_env() {
        return Gpu::headless(named).await;
    }
    match Gpu::headless(Backends::PRIMARY).await {
        Err(error) if error.kind() == Kind::Unavailable => Gpu::headless(Backends::SECONDARY).await,
        opened => opened,
    }
}

/// Draws a picture in memory.
pub(crate) async fn draw(wanted: &Wanted, source: Arc<impl Source>, workers: Handle) -> Result<Drawn> {
    let started = Instant::now();
    let mut painter = Counted::new(device().await?);
    // Nobody sees how the picture grows: its last frame alone is drawn.
    painter.is_held = true;
    let options =
        Options { requests: REQUESTS, builds: REQUESTS, bytes: BYTES, extrude: wanted.extrude, ..Options::default() };
    let mut host = Host::new(Scene::new(Arc::clone(&wanted.style), options), source, workers);
    host.scene.look(wanted.view, wanted.size);
    host.finish(&mut painter).await?;
    let frame = host.scene.frame();
    if let Some(frame) = frame {
        painter.inner.draw(frame)?;
    }
    let rgba = painter.inner.picture().await?;
    let adapter = painter.inner.adapter().clone();
    let told = Told {
        adapter: adapter.name,
        backend: adapter.backend,
        is_software: adapter.is_software,
        tiles: frame.map_or(0, |f| f.tiles.len() as u64),
        triangles: frame.map_or(0, |f| painter.triangles(f)),
        labels: frame.map_or(0, labels),
        missing: host.given_up().len() as u64,
        ms: started.elapsed().as_secs_f64() * 1000.0,
    };
    Ok(Drawn { rgba, told })
}

/// Things with a label or icon in a frame.
pub(crate) fn labels(frame: &Frame) -> u64 {
    frame.labels.vertices.iter().map(|v| v.pick).collect::<BTreeSet<_>>().len() as u64
}

/// A painter whose triangles are counted.
pub(crate) struct Counted<P> {
    /// Who paints.
    pub(crate) inner: P,
    /// Frames are not drawn for now.
    pub(crate) is_held: bool,
    tiles: BTreeMap<Coord, u64>,
}

impl<P> Counted<P> {
    pub(crate) fn new(inner: P) -> Self {
        Self { inner, is_held: false, tiles: BTreeMap::new() }
    }

    /// Triangles of the tiles in a frame; parts of tiles that are not shown count too.
    pub(crate) fn triangles(&self, frame: &Frame) -> u64 {
        let tiles: BTreeSet<Coord> = frame.tiles.iter().map(|t| t.coord).collect();
        tiles.iter().filter_map(|coord| self.tiles.get(coord)).sum()
    }
}

impl<P: Painter> Painter for Counted<P> {
    fn upload(&mut self, mesh: &TileMesh) -> Result<u64> {
        let indices = |shape: &Shape| match shape {
            Shape::Fill(t) => t.indices.len(),
            Shape::Line(t) => t.indices.len(),
            Shape::Extrusion(t) => t.indices.len(),
            Shape::Circle(t) => t.indices.len(),
        };
        let triangles = mesh.parts.iter().map(|p| indices(&p.shape) as u64 / 3).sum();
        self.tiles.insert(mesh.coord, triangles);
        self.inner.upload(mesh)
    }

    fn forget(&mut self, coord: Coord) {
        self.tiles.remove(&coord);
        self.inner.forget(coord);
    }

    fn atlas(&mut self, change: &AtlasChange) -> Result<()> {
        self.inner.atlas(change)
    }

    fn draw(&mut self, frame: &Frame) -> Result<()> {
        if self.is_held { Ok(()) } else { self.inner.draw(frame) }
    }
}
