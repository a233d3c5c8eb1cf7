//! Lays characters and icons, and lets those of more weight push others out.

use std::sync::Arc;

use gis_data::Result;
use styles::Style;

use crate::frame::{AtlasChange, LabelMesh};
use crate::mesh::TileMesh;
use crate::view::Camera;

/// A tile whose labels are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its index in the frame's `tiles`.
    pub index: usize,
    /// Its mesh.
    pub mesh: &'a TileMesh,
    /// The part of it that is drawn, in tile units, as in the frame.
    pub clip: [f32; 4],
}

/// All labels of a scene: characters that came, where they lie in the atlas, and who was drawn last.
pub struct Labels {
    style: Arc<Style>,
}

impl Labels {
    /// Labels of a sheet. `ratio` is the density at which icons are drawn.
    pub fn new(style: Arc<Style>) -> Self {
        Self { style }
    }

    /// Characters that the tiles want and that have neither come nor been asked for; they count as asked for from now on.
    pub fn needs(&mut self, tiles: &[Shown<'_>]) -> Vec<char> {
        let _ = (tiles, &self.style);
        unimplemented!()
    }

    /// Glyphs came, as a glyph message. `asked` is what was asked for: what is not among them is not in the font.
    pub fn came(&mut self, asked: &[char], message: &[u8]) -> Result<()> {
        let _ = (asked, message);
        unimplemented!()
    }

    /// They did not come, and are asked for again when next needed.
    pub fn failed(&mut self, asked: &[char]) {
        let _ = asked;
        unimplemented!()
    }

    /// Lays the labels of a frame. A label whose characters are still to come waits.
    pub fn lay(&mut self, camera: &Camera, tiles: &[Shown<'_>]) -> LabelMesh {
        let _ = (camera, tiles);
        unimplemented!()
    }

    /// What changed in the atlas since it was last asked; `None` if nothing.
    pub fn atlas(&mut self) -> Option<AtlasChange> {
        unimplemented!()
    }

    /// The painter lost everything: the next [`Labels::atlas`] has all of it.
    pub fn restore(&mut self) {
        unimplemented!()
    }
}
