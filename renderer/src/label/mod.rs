//! Lays characters and icons, and lets those of more weight push others out.
//!
//! Each frame goes one way: candidates become claims at places in the picture, in order of weight; each claim in turn takes its room if
//! it is free; what has room becomes triangles. Nothing is remembered of a frame but which labels were shown, so that of two equal
//! ones the same stays; and nothing of one in which something was still missing, so that the same view looks the same in whatever
//! order its tiles came.

mod atlas;
mod breaks;
mod glyphs;
mod icons;
mod manner;
mod place;
mod project;
mod quads;
mod shape;

use std::sync::Arc;

use gis_data::{Error, Result};
use styles::Style;
use tiler::Coord;

use crate::frame::{AtlasChange, LabelMesh};
use crate::mesh::TileMesh;
use crate::view::Camera;
use atlas::Atlas;
use glyphs::Glyphs;
use icons::Icons;
use manner::Manners;
use place::{Grid, Memory, Placed, Round, Stage};
use project::{Projection, Sight};
use shape::Shapes;

/// Characters asked for at once.
const MOST_ASKED: usize = 512;
/// Frames after which a glyph that is not drawn may be forgotten.
const FORGOTTEN_AFTER: u64 = 600;

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
    glyphs: Glyphs,
    glyph_atlas: Atlas,
    icons: Icons,
    icon_atlas: Atlas,
    shapes: Shapes,
    grid: Grid,
    memory: Memory,
    frame: u64,
}

impl Labels {
    /// Labels of a sheet.
    pub fn new(style: Arc<Style>) -> Self {
        Self {
            style,
            glyphs: Glyphs::default(),
            glyph_atlas: Atlas::default(),
            icons: Icons::default(),
            icon_atlas: Atlas::default(),
            shapes: Shapes::default(),
            grid: Grid::default(),
            memory: Memory::default(),
            frame: 0,
        }
    }

    /// Characters that the tiles want and that have neither come nor been asked for; they count as asked for from now on. At most 512
    /// at once: the rest is told when asked again.
    pub fn needs(&mut self, tiles: &[Shown<'_>]) -> Vec<char> {
        let mut needs = Vec::new();
        for candidate in tiles.iter().flat_map(|shown| &shown.mesh.candidates) {
            for c in candidate.text.chars() {
                if self.glyphs.ask(c) {
                    needs.push(c);
                }
                if needs.len() >= MOST_ASKED {
                    return needs;
                }
            }
        }
        needs
    }

    /// Glyphs came, as a glyph message. `asked` is what was asked for: what is not among them is not in the font, and is left out of
    /// labels. A message that cannot be read is an error; its characters are then asked for again.
    pub fn came(&mut self, asked: &[char], message: &[u8]) -> Result<()> {
        match styles::glyph::read(message) {
            Ok(glyphs) => {
                self.glyphs.came(asked, glyphs, self.frame);
                Ok(())
            }
            Err(text) => {
                self.glyphs.failed(asked);
                Err(Error::invalid(text.zh.clone(), text.en.clone()).because(text))
            }
        }
    }

    /// They did not come, and are asked for again when next needed.
    pub fn failed(&mut self, asked: &[char]) {
        self.glyphs.failed(asked);
    }

    /// Lays the labels of a frame. A label whose characters are still to come waits. `is_whole`: nothing in view is missing.
    pub fn lay(&mut self, camera: &Camera, tiles: &[Shown<'_>], is_whole: bool) -> LabelMesh {
        let matrix = |coord: Coord| camera.tile_matrix(coord);
        self.lay_in(&Projection::of(camera, &matrix), tiles, is_whole)
    }

    /// What changed in the atlas since it was last asked; `None` if nothing.
    pub fn atlas(&mut self) -> Option<AtlasChange> {
        let (glyphs, icons) = (&self.glyphs, &self.icons);
        let glyph_patches = self.glyph_atlas.change(1, |key| glyphs.numbered(key).map(|art| art.texels.as_slice()));
        let icon_patches = self.icon_atlas.change(4, |key| icons.art(key).map(|art| art.texels.as_slice()));
        let is_same = glyph_patches.is_empty() && icon_patches.is_empty();
        (!is_same).then(|| AtlasChange {
            glyph_side: self.glyph_atlas.side(),
            glyphs: glyph_patches,
            icon_side: self.icon_atlas.side(),
            icons: icon_patches,
        })
    }

    /// The painter lost everything: the next [`Labels::atlas`] has all of it.
    pub fn restore(&mut self) {
        self.glyph_atlas.restore();
        self.icon_atlas.restore();
    }

    fn lay_in(&mut self, projection: &Projection<'_>, tiles: &[Shown<'_>], is_whole: bool) -> LabelMesh {
        self.frame += 1;
        if self.icons.set_ratio(projection.size.ratio) {
            self.icon_atlas.clear();
        }
        let placed = self.place(projection, tiles);
        if is_whole {
            self.remember(&placed);
        }
        self.make_room(&placed);
        let pictures = quads::Pictures {
            glyphs: &self.glyphs,
            glyph_atlas: &self.glyph_atlas,
            icons: &self.icons,
            icon_atlas: &self.icon_atlas,
        };
        let indices: Vec<usize> = tiles.iter().map(|shown| shown.index).collect();
        quads::mesh(&placed, &pictures, &indices)
    }

    fn place<'a>(&mut self, projection: &Projection<'_>, tiles: &[Shown<'a>]) -> Vec<Placed<'a>> {
        let size = projection.size;
        let ratio = if size.ratio.is_finite() { size.ratio.clamp(0.05, 16.0) } else { 1.0 };
        let picture = [size.width as f32, size.height as f32];
        let manners = Manners::new(&self.style, projection.zoom);
        let sights: Vec<Sight> = tiles.iter().map(|shown| Sight::new(projection, shown.mesh.coord)).collect();
        let round = Round { manners: &manners, icons: &self.icons, memory: &self.memory, picture, ratio };
        let claims = round.claims(tiles, &sights);
        // Wider than where anchors are: a label just outside still keeps its room.
        let margin = 2.0 * place::MARGIN_PX * ratio;
        self.grid.clear([-margin, -margin, picture[0] + margin, picture[1] + margin]);
        let mut stage = Stage {
            sights: &sights,
            manners: &manners,
            glyphs: &self.glyphs,
            shapes: &mut self.shapes,
            icons: &mut self.icons,
            grid: &mut self.grid,
            picture: [0.0, 0.0, picture[0], picture[1]],
            ratio,
        };
        place::place(claims, &mut stage)
    }

    fn remember(&mut self, placed: &[Placed<'_>]) {
        self.memory.identities.clear();
        self.memory.instances.clear();
        self.memory.identities.extend(placed.iter().map(|label| label.claim.identity));
        self.memory.instances.extend(placed.iter().map(|label| label.claim.instance()));
    }

    /// Makes room in the atlas for all that is seen.
    fn make_room(&mut self, placed: &[Placed<'_>]) {
        let (mut characters, mut icons) = (Vec::new(), Vec::new());
        for label in placed.iter().filter(|label| label.is_seen) {
            for letter in label.text.iter().flat_map(|run| &run.shape.letters) {
                let art = self.glyphs.touch(letter.c, self.frame).filter(|art| !art.texels.is_empty());
                characters.extend(art.map(|art| (u32::from(letter.c), art.size)));
            }
            let icon = label.icon.and_then(|icon| Some((icon.id, self.icons.art(icon.id)?.size)));
            icons.extend(icon);
        }
        for (wanted, atlas) in [(&mut characters, &mut self.glyph_atlas), (&mut icons, &mut self.icon_atlas)] {
            wanted.sort_unstable();
            wanted.dedup();
            atlas.want(wanted, self.frame);
        }
        self.glyphs.trim(self.frame.saturating_sub(FORGOTTEN_AFTER));
    }
}

#[cfg(test)]
mod tests;
