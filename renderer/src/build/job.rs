//! One layer of the sheet over one layer of a tile.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use styles::StyleLayer;
use styles::expression::{Context, Value};

use super::feature::{TileFeature, TileLayer};
use super::fill::Cutter;
use super::property::{Property, finite};
use crate::mesh::{Origin, Pick};

/// A layer of the sheet takes no more corners from one tile: some hundred megabytes, more than any device would hold.
pub(super) const MAX_VERTICES: usize = 1 << 22;

/// The features of a tile that can be picked.
#[derive(Default)]
pub(super) struct Picks {
    /// One for each layer and id.
    pub(super) origins: Vec<Origin>,
    /// By the number of the tile's layer, and the id.
    known: HashMap<(usize, u64), Pick>,
}

impl Picks {
    fn pick(&mut self, layer: &TileLayer<'_>, id: Option<u64>) -> Pick {
        let Some(id) = id else { return 0 };
        *self.known.entry((layer.number, id)).or_insert_with(|| {
            self.origins.push(Origin { layer: layer.name.clone(), id });
            self.origins.len() as Pick
        })
    }
}

/// What makes a layer's share of a tile.
pub(super) struct Job<'a> {
    /// The sheet's layer.
    pub(super) layer: &'a StyleLayer,
    /// Its index in the sheet.
    pub(super) index: usize,
    /// The tile's layer.
    pub(super) tile: &'a TileLayer<'a>,
    /// The tile's own zoom.
    pub(super) tile_zoom: u8,
    /// The zooms at which the layer of this tile is drawn, from and to. Properties are asked at the first.
    pub(super) zooms: [f64; 2],
    /// The pictures of the sprite.
    pub(super) images: &'a BTreeSet<Arc<str>>,
    /// Shared by all jobs of the tile.
    pub(super) picks: &'a mut Picks,
    /// Shared by all jobs of the tile.
    pub(super) cutter: &'a mut Cutter,
}

impl<'a> Job<'a> {
    /// The circumstances without a feature.
    pub(super) fn context(&self) -> Context<'a> {
        Context { images: Some(self.images), tile_zoom: Some(self.tile_zoom), ..Context::at_zoom(self.zooms[0]) }
    }

    /// Draws each feature that passes the layer's filter, in the order of the property `sort_key` if that is set.
    pub(super) fn each(
        &mut self,
        sort_key: &str,
        mut draw: impl FnMut(&TileFeature<'_>, &Context<'_>, Pick, &mut Cutter),
    ) {
        let base = self.context();
        let key = Property::new(self.layer.layout(sort_key), &base);
        let mut waiting = Vec::new();
        for decoded in &self.tile.decoded.features {
            let feature = self.tile.feature(decoded);
            let ctx = Context { feature: Some(&feature), ..base };
            if !self.layer.filter.matches(&ctx) {
                continue;
            }
            let pick = self.picks.pick(self.tile, decoded.id);
            if key.is_same() {
                draw(&feature, &ctx, pick, self.cutter);
            } else {
                waiting.push((key.number(&ctx, 0.0), decoded, pick));
            }
        }
        waiting.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, decoded, pick) in waiting {
            let feature = self.tile.feature(decoded);
            draw(&feature, &Context { feature: Some(&feature), ..base }, pick, self.cutter);
        }
    }

    /// The widest that a line of the layer gets in this tile, in pixels, as far as the sheet says without a feature.
    pub(super) fn widest(&self, width: &str) -> Option<f32> {
        let expression = self.layer.paint(width);
        let at =
            |zoom: f64| -> Value { expression.evaluate_or_default(&Context { zoom: Some(zoom), ..self.context() }) };
        let both = self.zooms.map(|zoom| finite(&at(zoom)));
        expression.is_feature_constant().then(|| both.into_iter().flatten().fold(0.0, f32::max))
    }
}

#[cfg(test)]
mod tests {
    use tiler::Coord;
    use tiler::decode::DecodedLayer;

    use super::*;

    #[test]
    fn a_thing_is_picked_once_however_often_it_is_drawn() {
        let mut picks = Picks::default();
        let decoded = |name: &str| DecodedLayer {
            version: 2,
            name: name.into(),
            extent: 4096,
            features: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
        };
        let both = [decoded("road"), decoded("building")];
        let road = TileLayer::new(0, &both[0], Coord::WORLD);
        let building = TileLayer::new(1, &both[1], Coord::WORLD);
        assert_eq!([picks.pick(&road, Some(7)), picks.pick(&building, Some(7)), picks.pick(&road, Some(7))], [1, 2, 1]);
        assert_eq!(picks.pick(&road, None), 0);
        assert_eq!(picks.origins, [Origin { layer: road.name, id: 7 }, Origin { layer: building.name, id: 7 }]);
    }
}
