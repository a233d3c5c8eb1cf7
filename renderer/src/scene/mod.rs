//! Leads a frame through all stages.

use std::sync::Arc;

use gis_data::Result;
use styles::Style;

use crate::fetch::Request;
use crate::frame::{Frame, Hit, Painter, Size};
use crate::view::View;

/// What a scene may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The highest zoom that tiles are asked for; beyond it they are drawn larger. Default 16.
    pub max_zoom: u8,
    /// Requests under way at once. Default 8.
    pub requests: usize,
    /// Tiles built in one step, so that a step stays short. Default 2; a picture that may take its time sets more.
    pub builds: usize,
    /// Bytes of meshes kept, those in view and those seen before. Default 384 MiB.
    pub bytes: u64,
    /// Whether extrusions rise. Without, the picture is the 2-D map's.
    pub extrude: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_zoom: 16, requests: 8, builds: 2, bytes: 384 << 20, extrude: true }
    }
}

/// What a step has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// A frame was drawn; if not, nothing had changed.
    pub drawn: bool,
    /// Everything in view was there in the frame last drawn.
    pub complete: bool,
    /// There is more to do right away.
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
}

impl Scene {
    /// Nothing is asked for or drawn before it is told where to look.
    pub fn new(style: Arc<Style>, options: Options) -> Self {
        Self { style, options }
    }

    /// Looks somewhere else, or in another size.
    pub fn look(&mut self, view: View, size: Size) {
        let _ = (view, size, &self.style, &self.options);
        unimplemented!()
    }

    /// Looks with another sheet. What is there is built anew.
    pub fn restyle(&mut self, style: Arc<Style>) {
        let _ = style;
        unimplemented!()
    }

    /// Every tile is asked for again (another valid time, a fact that changed); what is there is shown until it comes.
    pub fn renew(&mut self) {
        unimplemented!()
    }

    /// What is to be asked for now, the most urgent first. Each is answered with [`Scene::answer`].
    pub fn requests(&mut self) -> Vec<Request> {
        unimplemented!()
    }

    /// Requests that are no longer of use: their host may end them, and need not answer.
    pub fn dropped(&mut self) -> Vec<u64> {
        unimplemented!()
    }

    /// What came of a request: a tile's bytes (none for an empty tile), or glyphs; or why not. A tile that failed is tried again later
    /// and never stops the frame.
    pub fn answer(&mut self, id: u64, got: Result<Vec<u8>>) {
        let _ = (id, got);
        unimplemented!()
    }

    /// Builds, uploads, and draws a frame if something changed.
    pub fn step(&mut self, painter: &mut dyn Painter) -> Result<Step> {
        let _ = painter;
        unimplemented!()
    }

    /// The painter's device was lost and a new one is there: everything is uploaded again.
    pub fn restore(&mut self) {
        unimplemented!()
    }

    /// The frame last drawn.
    pub fn frame(&self) -> Option<&Frame> {
        unimplemented!()
    }

    /// What a hit at a target pixel is.
    pub fn picked(&self, hit: Hit, at: [f32; 2]) -> Option<Picked> {
        let _ = (hit, at);
        unimplemented!()
    }
}
