//! Makes meshes of a tile's bytes and a style sheet.

mod circle;
mod course;
mod extrusion;
mod feature;
mod fill;
mod job;
mod line;
pub mod paint;
mod property;
mod ring;
mod symbol;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use gis_data::{Error, Result};
use styles::expression::Context;
use styles::{LayerKind, Style, StyleLayer};
use tiler::{Coord, MAX_ZOOM};

use crate::mesh::{Part, TileMesh};
use crate::scene::Options;
use feature::TileLayer;
use fill::Cutter;
use job::{Job, Picks};

/// Builds tiles for one sheet.
pub struct Builder {
    style: Arc<Style>,
    extrude: bool,
    max_zoom: u8,
    images: BTreeSet<Arc<str>>,
}

impl Builder {
    /// `extrude`: whether buildings rise, or lie flat as on the 2-D map.
    pub fn new(style: Arc<Style>, extrude: bool) -> Self {
        let images = styles::sprite::names().map(Arc::from).collect();
        Self { style, extrude, max_zoom: Options::default().max_zoom, images }
    }

    /// The highest zoom of any tile: these are drawn at all higher zooms too, so that they hold what is shown only there.
    /// [`Options::max_zoom`] by default.
    #[must_use]
    pub fn with_max_zoom(mut self, max_zoom: u8) -> Self {
        self.max_zoom = max_zoom;
        self
    }

    /// Builds a tile. Bytes that are no tile are an error; a feature that cannot be drawn is left out.
    pub fn build(&self, coord: Coord, bytes: &[u8]) -> Result<TileMesh> {
        let (tile, _) = tiler::decode::decode_lossy(bytes).map_err(|fault| Error::from(fault).at(coord))?;
        let layers: Vec<TileLayer<'_>> =
            tile.layers.iter().enumerate().map(|(i, layer)| TileLayer::new(i, layer, coord)).collect();
        let mut mesh = TileMesh { coord, parts: Vec::new(), candidates: Vec::new(), picks: Vec::new(), top_m: 0.0 };
        let (mut picks, mut cutter) = (Picks::default(), Cutter::default());
        for (index, layer) in self.style.layers.iter().enumerate() {
            let name = layer.source_layer.as_deref();
            let Some(tile) = layers.iter().find(|tile| name == Some(&*tile.name)) else { continue };
            let Some(zooms) = self.zooms(layer, coord.z()) else { continue };
            let (picks, cutter) = (&mut picks, &mut cutter);
            let job = Job { layer, index, tile, tile_zoom: coord.z(), zooms, images: &self.images, picks, cutter };
            draw(job, &mut mesh);
        }
        mesh.picks = picks.origins;
        Ok(mesh)
    }

    /// From which to which zoom a layer is drawn with tiles of zoom `z`; nothing if it never is.
    fn zooms(&self, layer: &StyleLayer, z: u8) -> Option<[f64; 2]> {
        let (from, to) = (f64::from(z), if z < self.max_zoom { f64::from(z) + 1.0 } else { f64::from(MAX_ZOOM) });
        let meets = layer.min_zoom < to && from < layer.max_zoom || layer.min_zoom == to && z >= self.max_zoom;
        let is_shown = paint::is_shown(layer, &Context::at_zoom(from), self.extrude);
        (meets && is_shown).then(|| [from.max(layer.min_zoom), to.min(layer.max_zoom)])
    }
}

/// Adds one layer's share of a tile to its mesh.
fn draw(mut job: Job<'_>, mesh: &mut TileMesh) {
    let layer = job.index;
    let [first, second] = match job.layer.kind {
        LayerKind::Fill => fill::build(&mut job),
        LayerKind::Line => [line::build(&mut job), None],
        LayerKind::Circle => [circle::build(&mut job), None],
        LayerKind::FillExtrusion => match extrusion::build(&mut job) {
            Some((shape, top_m)) => {
                mesh.top_m = mesh.top_m.max(top_m);
                [Some(shape), None]
            }
            None => [None, None],
        },
        LayerKind::Symbol => {
            mesh.candidates.append(&mut symbol::build(&mut job));
            [None, None]
        }
        _ => [None, None],
    };
    mesh.parts.extend([first, second].into_iter().flatten().map(|shape| Part { layer, shape }));
}
