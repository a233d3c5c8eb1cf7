//! Which tiles there are to be, and how they come to be there.

use gis_data::Result;

use super::Scene;
use crate::frame::Painter;
use crate::mesh::TileMesh;
use crate::select::select;

/// Heights are rounded up to this, so that a roof that is a little higher selects nothing anew.
const TOP_STEP_M: f32 = 25.0;

impl Scene {
    /// Selects the tiles in view, if that may have changed.
    pub(super) fn select(&mut self) {
        if let Some(camera) = self.camera.as_ref().filter(|_| self.is_moved) {
            self.fetch.want(&select(camera, self.options.max_zoom, self.top_m));
            self.is_moved = false;
        }
    }

    /// Builds and uploads some of what came, and keeps within the budget.
    pub(super) fn build(&mut self, painter: &mut dyn Painter) -> Result<()> {
        self.let_go(painter);
        let mut result = Ok(());
        for _ in 0..self.options.builds.max(1) {
            let Some((coord, bytes)) = self.fetch.next_build() else { break };
            match self.builder.build(coord, &bytes) {
                Ok(mesh) => result = self.upload(painter, mesh),
                Err(_) => self.fetch.broke(coord),
            }
            self.fetch.trim();
            self.let_go(painter);
            if result.is_err() {
                break;
            }
        }
        self.rise();
        result
    }

    /// Hands a tile to the painter, and keeps of it what is not drawn.
    fn upload(&mut self, painter: &mut dyn Painter, mut mesh: TileMesh) -> Result<()> {
        let coord = mesh.coord;
        if mesh.parts.is_empty() && mesh.candidates.is_empty() {
            if self.meshes.remove(&coord).is_some() {
                painter.forget(coord);
            }
            self.fetch.built(coord, None);
            return Ok(());
        }
        let uploaded = painter.upload(&mesh).inspect_err(|_| self.fetch.stuck(coord))?;
        mesh.parts = Vec::new();
        self.fetch.built(coord, Some(uploaded + mesh.bytes() as u64));
        self.meshes.insert(coord, mesh);
        // It may be one that is drawn already, as it was before.
        self.is_changed = true;
        Ok(())
    }

    /// Lets go what is of no use any more.
    fn let_go(&mut self, painter: &mut dyn Painter) {
        for coord in std::mem::take(&mut self.letting_go) {
            painter.forget(coord);
        }
        for coord in self.fetch.gone() {
            self.meshes.remove(&coord);
            painter.forget(coord);
        }
    }

    /// How high the city rises, of which tiles beside the picture may reach into it.
    fn rise(&mut self) {
        let top = self.meshes.values().map(|m| m.top_m).filter(|t| t.is_finite() && self.options.extrude);
        let top_m = (top.fold(0.0, f32::max) / TOP_STEP_M).ceil() * TOP_STEP_M;
        if top_m != self.top_m {
            self.top_m = top_m;
            self.is_moved = true;
        }
    }
}
