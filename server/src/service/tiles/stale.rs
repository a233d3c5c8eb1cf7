//! Since when which tiles are stale.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use gis_data::{LayerId, Position, Touched};
use tiler::{Coord, Dirty, dirtied};

/// More named tiles than this in one layer are forgotten, and the layer is stale as a whole.
const MAX_NAMED: usize = 500_000;

/// Positions since which tiles are stale.
#[derive(Debug, Default)]
pub(super) struct Stale {
    layers: RwLock<HashMap<LayerId, Layer>>,
}

#[derive(Debug, Default)]
struct Layer {
    whole: Position,
    tiles: HashMap<Coord, Position>,
}

impl Stale {
    /// The position since which the tile is stale; a tile made at or after it is fresh.
    pub(super) fn since(&self, layer: &LayerId, coord: Coord) -> Position {
        let layers = self.layers.read().unwrap_or_else(PoisonError::into_inner);
        layers.get(layer).map_or(Position::START, |l| l.tiles.get(&coord).copied().unwrap_or_default().max(l.whole))
    }

    pub(super) fn layer(&self, layer: &LayerId, position: Position) {
        let mut layers = self.layers.write().unwrap_or_else(PoisonError::into_inner);
        *layers.entry(layer.clone()).or_default() = Layer { whole: position, tiles: HashMap::new() };
    }

    pub(super) fn touch(&self, touched: &Touched, position: Position, buffer: u32) {
        match dirtied(touched, 0..=tiler::MAX_ZOOM, buffer) {
            Dirty::Layer => self.layer(&touched.layer, position),
            Dirty::Tiles(tiles) => {
                let mut layers = self.layers.write().unwrap_or_else(PoisonError::into_inner);
                let layer = layers.entry(touched.layer.clone()).or_default();
                layer.tiles.extend(tiles.into_iter().map(|t| (t, position)));
                if layer.tiles.len() > MAX_NAMED {
                    *layer = Layer { whole: position, tiles: HashMap::new() };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::{BBox, FeatureId};

    #[test]
    fn a_change_makes_its_own_tiles_stale() {
        let (stale, layer) = (Stale::default(), LayerId::new("doorplate").unwrap());
        let at = BBox { west: 120.65, south: 28.0, east: 120.65, north: 28.0 };
        let touched = Touched { id: FeatureId::FIRST, layer: layer.clone(), old: None, new: Some(at), min_zoom: 14 };
        let five = Position { epoch: 1, number: 5 };
        stale.touch(&touched, five, 64);
        let own = Coord::holding(120.65, 28.0, 16).unwrap();
        assert_eq!(stale.since(&layer, own), five);
        assert_eq!(stale.since(&layer, Coord::holding(120.65, 28.0, 13).unwrap()), Position::START, "below its zoom");
        assert_eq!(stale.since(&layer, Coord::holding(121.0, 28.0, 16).unwrap()), Position::START, "elsewhere");
    }
}
