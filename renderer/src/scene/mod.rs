//! Leads a frame through all stages.
//!
//! Of an uploaded tile only its labels and the features behind its pick numbers are kept. Its triangles are not: they would lie in
//! memory twice. The bytes that they were built of are kept instead, a small part of them, and serve another sheet too
//! ([`Scene::restyle`]), where triangles would be of no use.

mod draw;
mod look;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use gis_data::Result;
use styles::Style;
use tiler::Coord;

use crate::build::Builder;
use crate::fetch::{Came, Fetch, Request, Retry};
use crate::frame::{Frame, Hit, Painter, Size};
use crate::label::Labels;
use crate::mesh::TileMesh;
use crate::view::{Camera, Spot, View};

/// What a scene may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The highest zoom that tiles are asked for; beyond it they are drawn larger. Default 16.
    pub max_zoom: u8,
    /// Requests under way at once. Default 8.
    pub requests: usize,
    /// Tiles built in one step, so that a step stays short. Default 2; a picture that may take its time sets more.
    pub builds: usize,
    /// Bytes of tiles kept, those in view and those seen before: what was uploaded of them, and what they were built of. What is in
    /// view and has no room is left out, the farthest first. Default 384 MiB.
    pub bytes: u64,
    /// Whether extrusions rise. Without, the picture is the 2-D map's.
    pub extrude: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_zoom: 16, requests: 8, builds: 2, bytes: 384 << 20, extrude: true }
    }
}

/// What a step has done. A host that waits for a picture is done when it is complete, or when there is neither more to do nor a request
/// under way: then something is missing that will not come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// A frame was drawn; if not, nothing had changed.
    pub drawn: bool,
    /// Everything in view was there in the frame last drawn.
    pub complete: bool,
    /// There is more to do right away, or something failed and is tried again within some steps.
    pub again: bool,
}

/// What was picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    /// Its layer.
    pub layer: Arc<str>,
    /// The thing's id in the city.
    pub id: u64,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// Metres above the ground.
    pub height_m: f64,
}

/// A city that is looked at.
pub struct Scene {
    style: Arc<Style>,
    options: Options,
    builder: Builder,
    labels: Labels,
    fetch: Fetch,
    /// Uploaded tiles without their triangles.
    meshes: BTreeMap<Coord, TileMesh>,
    /// Tiles that the painter is to let go.
    letting_go: Vec<Coord>,
    camera: Option<Camera>,
    /// How high the tiles rise that are kept, in metres.
    top_m: f32,
    /// The camera or the height for which tiles were selected is no longer so.
    is_moved: bool,
    /// Something that is drawn is no longer as in the last frame.
    is_changed: bool,
    /// The last frame stays until its successor is whole: it has another sheet.
    is_held: bool,
    glyph_retry: Retry,
    /// The last frame, and the camera that saw it.
    last: Option<(Frame, Camera)>,
}

impl Scene {
    /// Nothing is asked for or drawn before it is told where to look.
    pub fn new(style: Arc<Style>, options: Options) -> Self {
        Self {
            builder: Builder::new(Arc::clone(&style), options.extrude).with_max_zoom(options.max_zoom),
            labels: Labels::new(Arc::clone(&style)),
            fetch: Fetch::new(options.requests, options.bytes),
            meshes: BTreeMap::new(),
            letting_go: Vec::new(),
            camera: None,
            top_m: 0.0,
            is_moved: false,
            is_changed: false,
            is_held: false,
            glyph_retry: Retry::default(),
            last: None,
            style,
            options,
        }
    }

    /// Looks somewhere else, or in another size. Tiles depend on the size in sheet pixels only: with a smaller `ratio`, and a target
    /// that is smaller by it, the same is drawn coarser, and nothing is built or asked for anew.
    pub fn look(&mut self, view: View, size: Size) {
        let camera = Camera::new(view, size);
        if self.camera.as_ref() != Some(&camera) {
            self.camera = Some(camera);
            self.is_moved = true;
            self.is_changed = true;
            self.is_held = false;
        }
    }

    /// Looks with another sheet. What is there is built anew; meanwhile the last frame stays.
    pub fn restyle(&mut self, style: Arc<Style>) {
        self.builder = Builder::new(Arc::clone(&style), self.options.extrude).with_max_zoom(self.options.max_zoom);
        self.labels = Labels::new(Arc::clone(&style));
        self.style = style;
        // Their triangles belong to layers of the former sheet.
        self.letting_go.extend(std::mem::take(&mut self.meshes).into_keys());
        self.fetch.forget_glyphs();
        self.glyph_retry = Retry::default();
        self.fetch.rebuild();
        self.is_held = self.last.is_some();
        self.is_changed = true;
        // What was built for the former sheet leaves nothing in the new one's atlas.
        self.labels.restore();
    }

    /// Every tile is asked for again (another valid time, a fact that changed); what is there is shown until it comes.
    pub fn renew(&mut self) {
        self.fetch.renew();
        self.glyph_retry = Retry::default();
    }

    /// What is to be asked for now, the most urgent first. Each is answered with [`Scene::answer`].
    pub fn requests(&mut self) -> Vec<Request> {
        self.select();
        self.fetch.requests()
    }

    /// Requests that are no longer of use: their host may end them, and need not answer.
    pub fn dropped(&mut self) -> Vec<u64> {
        self.select();
        self.fetch.dropped()
    }

    /// What came of a request: a tile's bytes (none for an empty tile), or glyphs; or why not. A tile that failed is tried again later
    /// and never stops the frame.
    pub fn answer(&mut self, id: u64, got: Result<Vec<u8>>) {
        if let Came::Glyphs(characters, got) = self.fetch.answer(id, got) {
            if got.and_then(|message| self.labels.came(&characters, &message)).is_ok() {
                self.glyph_retry = Retry::default();
            } else {
                self.labels.failed(&characters);
                self.glyph_retry.fail(self.fetch.now());
            }
            self.is_changed = true;
        }
    }

    /// Builds, uploads, and draws a frame if something changed.
    ///
    /// # Errors
    /// What the painter could not do. The scene goes on with the next step: a tile that could not be uploaded is uploaded later, and
    /// the frame is drawn again.
    pub fn step(&mut self, painter: &mut dyn Painter) -> Result<Step> {
        self.fetch.tick();
        let built = self.build(painter);
        // Roofs may have risen, so that a tile beside the picture reaches into it.
        self.select();
        built?;
        let drawn = self.draw(painter)?;
        Ok(Step { drawn, complete: self.is_complete(), again: self.is_busy() })
    }

    /// The painter's device was lost and a new one is there: everything is uploaded again.
    pub fn restore(&mut self) {
        self.meshes.clear();
        self.letting_go.clear();
        self.fetch.rebuild();
        self.labels.restore();
        self.is_changed = true;
    }

    /// The frame last drawn.
    pub fn frame(&self) -> Option<&Frame> {
        self.last.as_ref().map(|(frame, _)| frame)
    }

    /// What a hit at a target pixel is. The hit is one in [`Scene::frame`].
    pub fn picked(&self, hit: Hit, at: [f32; 2]) -> Option<Picked> {
        let (frame, camera) = self.last.as_ref()?;
        let mesh = self.meshes.get(&frame.tiles.get(hit.tile)?.coord)?;
        let origin = mesh.picks.get((hit.pick as usize).checked_sub(1)?)?;
        let [lon, lat, height_m] = camera.unproject(Spot { at: at.map(f64::from), depth: hit.depth })?;
        Some(Picked { layer: Arc::clone(&origin.layer), id: origin.id, lon, lat, height_m })
    }
}
