//! What is drawn.

use gis_data::Result;

use super::Scene;
use crate::build::paint;
use crate::fetch::{Piece, Retry};
use crate::frame::{Frame, LabelMesh, Painter, TileDraw};
use crate::label::Shown;
use crate::view::Camera;

impl Scene {
    /// Draws a frame if something changed. Whether it did.
    pub(super) fn draw(&mut self, painter: &mut dyn Painter) -> Result<bool> {
        let Some(camera) = self.camera.clone() else { return Ok(false) };
        self.is_held &= self.fetch.next_build().is_some();
        if self.is_held {
            return Ok(false);
        }
        let tiles = self.tiles(&camera);
        let is_due = self.glyph_retry.has_failed() && self.can_ask_glyphs();
        self.is_changed |= self.frame().is_none_or(|last| last.tiles != tiles);
        if !self.is_changed && !is_due {
            return Ok(false);
        }
        let labels = self.lay(&camera, &tiles);
        if let Some(change) = self.labels.atlas() {
            // Half an atlas is none: all of it comes with the next frame.
            painter.atlas(&change).inspect_err(|_| self.labels.restore())?;
        }
        let (zoom, bearing) = (camera.view().zoom, camera.view().bearing);
        let frame = Frame {
            size: camera.size(),
            background: paint::background(&self.style, zoom),
            sky: paint::sky(&self.style, zoom),
            horizon_px: camera.horizon_px(),
            light: paint::light(&self.style, bearing),
            tiles,
            paints: paint::paints(&self.style, zoom, self.options.extrude),
            labels,
        };
        painter.draw(&frame)?;
        self.last = Some((frame, camera));
        self.is_changed = false;
        Ok(true)
    }

    /// The tiles of the frame, the farthest first.
    fn tiles(&mut self, camera: &Camera) -> Vec<TileDraw> {
        let pieces = self.fetch.cover();
        let mut pieces: Vec<(f64, Piece)> = pieces.into_iter().map(|p| (camera.away(p.ground), p)).collect();
        pieces.sort_by(|(a, p), (b, q)| b.total_cmp(a).then(p.cmp(q)));
        let draw = |(_, piece): (f64, Piece)| TileDraw {
            coord: piece.coord,
            matrix: camera.tile_matrix(piece.coord),
            clip: piece.clip(),
            px_per_unit: camera.px_per_unit(piece.coord),
        };
        pieces.into_iter().map(draw).collect()
    }

    /// Characters that are missing are asked for, and the labels laid whose characters are there.
    fn lay(&mut self, camera: &Camera, tiles: &[TileDraw]) -> LabelMesh {
        let shown: Vec<Shown<'_>> = tiles
            .iter()
            .enumerate()
            .filter_map(|(index, tile)| Some(Shown { index, mesh: self.meshes.get(&tile.coord)?, clip: tile.clip }))
            .collect();
        if self.can_ask_glyphs() {
            let needs = self.labels.needs(&shown);
            if needs.is_empty() {
                // What failed is wanted no more.
                self.glyph_retry = Retry::default();
            }
            self.fetch.want_glyphs(&needs);
        }
        let is_whole = self.is_whole();
        self.labels.lay(camera, &shown, is_whole)
    }

    /// Whether characters may be asked for: one request after the other, and not right after one that failed.
    fn can_ask_glyphs(&self) -> bool {
        self.fetch.has_glyphs() && self.glyph_retry.is_due(self.fetch.now())
    }

    /// Whether everything in view was there in the last frame.
    pub(super) fn is_complete(&self) -> bool {
        self.last.is_some() && !self.is_held && self.is_whole()
    }

    /// Whether everything in view is there.
    fn is_whole(&self) -> bool {
        self.fetch.is_complete() && self.fetch.has_glyphs() && !self.glyph_retry.has_failed()
    }

    /// Whether another step would do more without anything coming.
    pub(super) fn is_busy(&self) -> bool {
        let waits = self.glyph_retry.is_pressing() && self.fetch.has_glyphs();
        self.camera.is_some() && (self.fetch.is_busy() || waits)
    }
}
