//! Which tiles a change makes stale.

use std::ops::RangeInclusive;

use gis_data::{BBox, Touched};

use crate::{Coord, Covering, EXTENT};

/// More stale tiles than this are told as [`Dirty::Layer`]: throwing a layer's tiles away is cheaper than naming them.
pub const MAX_TILES: u64 = 4096;

/// A cut vertex is computed in floats and the box in others, so a tile that only just misses a box counts as met: tile widths.
const SLACK: f64 = 1e-6;

/// The tiles of one layer that a change made stale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dirty {
    /// These, sorted, each once.
    Tiles(Vec<Coord>),
    /// More than [`MAX_TILES`]: all of the layer. [`stale`] tells exactly which.
    Layer,
}

/// The tiles of `zooms` that a change made stale, from the boxes around its old and its new shape. `buffer` is that of
/// [`crate::Options`]. Zooms that never show the thing are left out.
pub fn dirtied(touched: &Touched, zooms: RangeInclusive<u8>, buffer: u32) -> Dirty {
    let all: Vec<Covering> = stale(touched, zooms, buffer).collect();
    // A thing that moved a little has two boxes of the same tiles, so up to twice as many are counted than there are.
    if all.iter().map(Covering::count).sum::<u64>() > 2 * MAX_TILES {
        return Dirty::Layer;
    }
    let mut tiles: Vec<Coord> = all.iter().flat_map(Covering::iter).collect();
    tiles.sort_unstable();
    tiles.dedup();
    if tiles.len() as u64 > MAX_TILES { Dirty::Layer } else { Dirty::Tiles(tiles) }
}

/// The same as rectangles of tiles, however many they hold: a cache asks [`Covering::contains`] of the tiles it has.
pub fn stale(touched: &Touched, zooms: RangeInclusive<u8>, buffer: u32) -> impl Iterator<Item = Covering> {
    let boxes = [touched.old, touched.new];
    let same = touched.old == touched.new;
    let zooms = (*zooms.start()).max(touched.min_zoom)..=(*zooms.end()).min(crate::MAX_ZOOM);
    zooms.flat_map(move |z| {
        boxes
            .into_iter()
            .take(if same { 1 } else { 2 })
            .flatten()
            .map(move |bbox| Covering::new(&bbox, z, margin(&bbox, buffer)))
    })
}

/// Tile widths around a box. A box without width and height is a point, and a point is in one tile only.
fn margin(bbox: &BBox, buffer: u32) -> f64 {
    if bbox.west == bbox.east && bbox.south == bbox.north { 0.0 } else { f64::from(buffer) / f64::from(EXTENT) + SLACK }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::{FeatureId, LayerId};

    fn touched(old: Option<BBox>, new: Option<BBox>, min_zoom: u8) -> Touched {
        Touched { id: FeatureId::new(1).unwrap(), layer: LayerId::new("doorplate").unwrap(), old, new, min_zoom }
    }

    fn tiles(dirty: Dirty) -> Vec<Coord> {
        match dirty {
            Dirty::Tiles(tiles) => tiles,
            Dirty::Layer => panic!("too many"),
        }
    }

    const HERE: BBox = BBox { west: 120.65, south: 28.01, east: 120.65, north: 28.01 };
    const THERE: BBox = BBox { west: 120.75, south: 28.01, east: 120.75, north: 28.01 };

    #[test]
    fn a_point_dirties_one_tile_a_zoom_from_its_first_zoom_on() {
        let dirty = tiles(dirtied(&touched(None, Some(HERE), 14), 0..=18, 64));
        assert_eq!(dirty, (14..=18).map(|z| Coord::holding(120.65, 28.01, z).unwrap()).collect::<Vec<_>>());
    }

    #[test]
    fn a_move_dirties_where_it_was_and_where_it_is() {
        let dirty = tiles(dirtied(&touched(Some(HERE), Some(THERE), 10), 0..=14, 64));
        let holds = |b: BBox, z| dirty.contains(&Coord::holding(b.west, b.south, z).unwrap());
        assert!((10..=14).all(|z| holds(HERE, z) && holds(THERE, z)));
        assert!(dirty.windows(2).all(|w| w[0] < w[1]));
        assert!(tiles(dirtied(&touched(None, None, 0), 0..=18, 64)).is_empty(), "a thing without shape is in no tile");
        assert!(tiles(dirtied(&touched(Some(HERE), None, 17), 0..=14, 64)).is_empty());
    }

    #[test]
    fn what_lies_in_the_buffer_dirties_the_neighbour() {
        let tile = Coord::new(16, 54730, 27300).unwrap();
        let (b, wide) = (tile.bbox(0), tile.bbox(1).east - tile.bbox(0).east);
        let line = |from: f64| BBox {
            west: b.east + from * wide,
            south: b.centre().1,
            east: b.east + from * wide * 1.5,
            north: b.centre().1,
        };
        let dirties = |from| tiles(dirtied(&touched(None, Some(line(from)), 0), 16..=16, 64)).contains(&tile);
        assert!(dirties(60.0));
        assert!(!dirties(70.0));
    }

    #[test]
    fn a_district_dirties_the_layer_at_deep_zooms() {
        let district = BBox { west: 120.5, south: 27.9, east: 120.9, north: 28.1 };
        assert_eq!(dirtied(&touched(None, Some(district), 0), 0..=18, 64), Dirty::Layer);
        assert!(tiles(dirtied(&touched(Some(district), Some(district), 0), 0..=14, 64)).len() < 500);
        let exact: Vec<Covering> = stale(&touched(None, Some(district), 0), 0..=22, 64).collect();
        assert!(exact.iter().any(|c| c.contains(Coord::holding(120.7, 28.0, 22).unwrap())));
        assert!(!exact.iter().any(|c| c.contains(Coord::holding(121.7, 28.0, 22).unwrap())));
    }
}
