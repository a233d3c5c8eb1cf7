//! A made-up town for measuring: as many boxes and names as asked for, on a square that a view takes in whole.

use std::sync::Arc;

use geo_types::polygon;
use gis_data::{
    Error, Feature, FeatureId, Geometry, Instant, Interval, LayerId, Recorded, Result, Scope, Shown, mercator,
};
use renderer::fetch::Ask;
use renderer::frame::Size;
use renderer::view::View;
use styles::Style;
use tiler::Coord;

use crate::service::glyphs;
use crate::service::scene::{Source, read_sheet};

/// The middle of the town in the unit square: a corner of tiles, so that it always lies on four of them alike.
const MIDDLE: [f64; 2] = [13_683.0 / 16_384.0, 6_864.0 / 16_384.0];
/// The side of its square there: 800 sheet pixels at zoom 15, two kilometres.
const SIDE: f64 = 800.0 / (512.0 * 32768.0);
/// Part of the picture's shorter side that the town's side takes: so its corners stay in view while it turns.
const FILLED: f64 = 0.66;
/// Part of its cell that a house covers.
const HOUSE: f64 = 0.6;
/// Words of its signs: common characters, so that the atlas is as full as a city's.
const WORDS: &str = "墨池坊公园路人民东西南北中山解放学院新城老街江滨大道小区花园商厦银行医院学校幼儿超市饭店药房邮局车站码头桥井巷弄里苑广场";

/// How the town looks: boxes that rise, and names.
const SHEET: &str = r##"{"version": 8, "glyphs": "/fonts/{fontstack}/{range}.pbf",
  "sources": {"town": {"type": "vector", "url": "/tiles/building,facility"}},
  "layers": [
    {"id": "ground", "type": "background", "paint": {"background-color": "#f5f2ec"}},
    {"id": "houses", "type": "fill-extrusion", "source": "town", "source-layer": "building",
     "paint": {"fill-extrusion-color": "#e2d9ca", "fill-extrusion-height": ["get", "height_m"]}},
    {"id": "names", "type": "symbol", "source": "town", "source-layer": "facility",
     "layout": {"text-field": ["get", "name"], "text-font": ["Noto Sans CJK SC Regular"], "text-size": 12},
     "paint": {"text-color": "#333333", "text-halo-color": "#ffffff", "text-halo-width": 1}}
  ]}"##;

/// A town.
#[derive(Clone, Copy, Debug)]
pub(super) struct Town {
    pub(super) houses: u32,
    pub(super) names: u32,
}

/// How it looks.
pub(super) fn style() -> Result<Arc<Style>> {
    read_sheet(SHEET)
}

/// Sees all of it from any side, whatever the picture's size.
pub(super) fn view(size: Size, bearing: f64) -> View {
    let (lon, lat) = mercator::unproject(MIDDLE[0], MIDDLE[1]);
    let least_px = f64::from(size.width.min(size.height)) / f64::from(size.ratio);
    let zoom = (least_px * FILLED / (SIDE * 512.0)).log2();
    View { lon, lat, zoom, bearing, pitch: 50.0 }.clamped()
}

/// A tile in the middle of it.
pub(super) fn middle_tile() -> Result<Coord> {
    let (lon, lat) = mercator::unproject(MIDDLE[0], MIDDLE[1]);
    Coord::holding(lon, lat, 16)
}

impl Town {
    /// The bytes of a tile.
    pub(super) fn tile(self, coord: Coord) -> Result<Vec<u8>> {
        // Every house is drawn, however far away: that is what is measured.
        let options = tiler::Options { full_zoom: 0, min_area: 0, tolerance: 0.0, ..tiler::Options::default() };
        let houses = rows("building", self.houses, coord, house)?;
        let names = rows("facility", self.names, coord, sign)?;
        let mut bytes = tiler::encode("building", coord, houses, &options)?;
        bytes.extend(tiler::encode("facility", coord, names, &options)?);
        Ok(bytes)
    }
}

impl Source for Town {
    async fn answer(&self, ask: Ask) -> Result<Vec<u8>> {
        match ask {
            Ask::Tile(coord) => self.tile(coord),
            Ask::Glyphs(characters) => glyphs::for_scene(&characters),
        }
    }
}

/// Where a thing stands: the corners of its cell in the unit square, and its number.
struct Cell {
    west: f64,
    north: f64,
    side: f64,
    number: u32,
}

type Properties = Vec<(&'static str, gis_data::Value)>;

/// The things of a layer whose cells touch a tile.
fn rows(
    layer: &str,
    count: u32,
    coord: Coord,
    make: impl Fn(&Cell) -> Result<(Geometry, Properties)>,
) -> Result<Vec<Shown>> {
    let across = f64::from(count).sqrt().ceil().max(1.0) as u32;
    let side = SIDE / f64::from(across);
    let [west, north] = MIDDLE.map(|middle| middle - SIDE / 2.0);
    // The cells that the tile covers, and one more on each side.
    let tile = f64::from(coord.z()).exp2().recip();
    let span = |corner: f64, at: u32| {
        let first = (f64::from(at) * tile - corner) / side - 1.0;
        let last = (f64::from(at + 1) * tile - corner) / side + 1.0;
        first.clamp(0.0, f64::from(across)) as u32..last.clamp(0.0, f64::from(across)) as u32
    };
    let (columns, lines) = (span(west, coord.x()), span(north, coord.y()));
    let (layer, scope) = (LayerId::new(layer)?, Scope::everything("bench"));
    let mut all = Vec::new();
    for (line, column) in lines.flat_map(|line| columns.clone().map(move |column| (line, column))) {
        let number = line * across + column;
        if number >= count {
            continue;
        }
        let cell = Cell { west: west + f64::from(column) * side, north: north + f64::from(line) * side, side, number };
        let (geometry, properties) = make(&cell)?;
        let feature = Feature {
            id: FeatureId::new(u64::from(number) + 1)?,
            layer: layer.clone(),
            geometry: Some(geometry),
            properties: properties.into_iter().collect(),
            valid: Interval::ALWAYS,
            recorded: Recorded::since(1, Instant::DAWN),
            min_zoom: 0,
        };
        all.extend(scope.admit(Arc::new(feature)));
    }
    Ok(all)
}

fn house(cell: &Cell) -> Result<(Geometry, Properties)> {
    let (w, n) = mercator::unproject(cell.west, cell.north);
    let (e, s) = mercator::unproject(cell.west + cell.side * HOUSE, cell.north + cell.side * HOUSE);
    let ring = polygon![(x: w, y: s), (x: e, y: s), (x: e, y: n), (x: w, y: n), (x: w, y: s)];
    // Three to thirty storeys, as if by chance.
    let height = 9.0 + f64::from(cell.number.wrapping_mul(2_654_435_761) >> 24) / 3.0;
    Ok((Geometry::new(ring.into(), None)?, vec![("height_m", height.into())]))
}

fn sign(cell: &Cell) -> Result<(Geometry, Properties)> {
    let (lon, lat) = mercator::unproject(cell.west + cell.side / 2.0, cell.north + cell.side / 2.0);
    let words: Vec<char> = WORDS.chars().collect();
    let mixed = cell.number.wrapping_mul(2_654_435_761);
    let letters = [mixed >> 26, mixed >> 20, mixed >> 14, mixed >> 8];
    let name: Option<String> = letters.iter().map(|n| words.get(*n as usize % words.len())).collect();
    let name = name.ok_or_else(|| Error::invalid("没有字", "there are no characters"))?;
    Ok((Geometry::point(lon, lat)?, vec![("name", name.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_hold_every_house_once_or_at_their_edges_twice() {
        let town = Town { houses: 1000, names: 300 };
        let around = Coord::covering(&gis_data::BBox { west: 120.6, south: 27.95, east: 120.7, north: 28.05 }, 15);
        let mut houses = std::collections::BTreeSet::new();
        let mut names = 0;
        for coord in around.iter() {
            let tile = tiler::decode(&town.tile(coord).unwrap()).unwrap();
            houses.extend(tile.layer("building").into_iter().flat_map(|l| &l.features).filter_map(|f| f.id));
            names += tile.layer("facility").map_or(0, |l| l.features.len());
        }
        assert_eq!((houses.len(), names), (1000, 300));
    }

    #[test]
    fn the_sheet_is_right() {
        assert_eq!(style().unwrap().layers.len(), 3);
    }
}
