//! One layer of one tile.

mod clip;
pub(crate) mod commands;
mod cut;
mod dictionary;
mod label;
mod pbf;
mod repair;
pub(crate) mod rings;
mod simplify;
#[cfg(test)]
mod tests;

use gis_data::{Error, Kind, Result, Shown};

use crate::{Coord, EXTENT};
use cut::Cut;
use dictionary::Dictionary;

/// How a tile is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Units beyond the tile's edge to which lines and surfaces reach, so that their strokes and borders join; at most [`EXTENT`].
    pub buffer: u32,
    /// Units by which a simplified line may leave its course. A tile is drawn at 512 pixels, so 8 units are one.
    pub tolerance: f64,
    /// Square units below which a part or hole of a surface is left out at zooms where lines are simplified. A feature all of whose
    /// parts are smaller is not in the tile; 64 are one pixel.
    pub min_area: u32,
    /// From this zoom on every vertex and every part is kept that the grid of units can tell apart.
    pub full_zoom: u8,
    /// The most bytes a layer may have.
    pub max_bytes: usize,
    /// Fields that the tile does not carry.
    pub omit: Vec<String>,
    /// Each surface becomes the one point where its name is written ([`crate::pole`] of its largest part), the same at every zoom, and
    /// all else is left out. A name that is written wherever a surface is cut stands in a city map a dozen times.
    pub labels: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            buffer: 64,
            tolerance: 2.0,
            min_area: 16,
            full_zoom: 15,
            max_bytes: 64 << 20,
            omit: Vec::new(),
            labels: false,
        }
    }
}

/// Numbers that name the fields of the messages `Tile`, `Layer` and `Feature`.
mod field {
    pub(super) const LAYER: u32 = 3;
    pub(super) const VERSION: u32 = 15;
    pub(super) const NAME: u32 = 1;
    pub(super) const FEATURE: u32 = 2;
    pub(super) const EXTENT: u32 = 5;
    pub(super) const ID: u32 = 1;
    pub(super) const TAGS: u32 = 2;
    pub(super) const KIND: u32 = 3;
    pub(super) const GEOMETRY: u32 = 4;
}

/// Makes the bytes of a tile that has one layer; those of several layers, one after the other, are a tile of several layers.
/// No bytes if nothing of the rows lies in the tile.
///
/// * Rows may come in any order; they are written by id. Rows without shape, and rows whose `min_zoom` lies below this tile, are
///   left out.
/// * A point is in the one tile that holds it, lines and surfaces are cut at the buffered edge. Heights are left out.
/// * Rings are valid on the tile's grid, outer ones of positive area, and vertices on a straight stretch are left out. A surface
///   that the grid cannot hold (less than a unit wide) is left out.
/// * Properties are the fields that the row's viewer may see and that are not to be omitted, without nulls; lists and maps are JSON text.
/// * A collection becomes a feature for each kind of shape in it, all with the same id.
pub fn encode(layer: &str, coord: Coord, rows: impl IntoIterator<Item = Shown>, options: &Options) -> Result<Vec<u8>> {
    check(layer, options)?;
    let mut rows: Vec<Shown> = rows.into_iter().filter(|r| r.min_zoom() <= coord.z()).collect();
    rows.sort_by_key(|r| (r.id(), r.valid().from));

    let mut cut = Cut::new(coord, options);
    let mut dictionary = Dictionary::for_rows(rows.len());
    let mut features = Vec::with_capacity(rows.len().min(1 << 20) * 32);
    let (mut tags, mut geometry) = (Vec::new(), Vec::new());
    for row in &rows {
        let Some(shape) = row.geometry() else { continue };
        cut.take(shape.shape());
        let kinds = [!cut.points.is_empty(), !cut.lines.is_empty(), !cut.rings.is_empty()];
        if kinds == [false; 3] {
            continue;
        }
        tags.clear();
        dictionary.tags(row.properties().filter(|(name, _)| !options.omit.iter().any(|o| **o == ***name)), &mut tags);
        for (kind, _) in (1..).zip(kinds).filter(|(_, there)| *there) {
            geometry.clear();
            match kind {
                1 => commands::points(&cut.points, &mut geometry),
                2 => commands::lines(&cut.lines, &mut geometry),
                _ => commands::rings(&cut.rings, &mut geometry),
            }
            feature(row.id().get(), &tags, kind, &geometry, &mut features);
        }
        if features.len() + dictionary.size() > options.max_bytes {
            return Err(too_large(layer, coord, options));
        }
    }
    Ok(assemble(layer, &features, &dictionary))
}

fn feature(id: u64, tags: &[u8], kind: u64, geometry: &[u8], out: &mut Vec<u8>) {
    // The length stands before the message, so it is counted first: each of the four fields begins with one byte.
    let packed = |bytes: &[u8]| if bytes.is_empty() { 0 } else { 1 + varint_size(bytes.len() as u64) + bytes.len() };
    let length = 1 + varint_size(id) + packed(tags) + 2 + packed(geometry);
    pbf::message(out, field::FEATURE, length);
    pbf::number(out, field::ID, id);
    if !tags.is_empty() {
        pbf::bytes(out, field::TAGS, tags);
    }
    pbf::number(out, field::KIND, kind);
    pbf::bytes(out, field::GEOMETRY, geometry);
}

/// Bytes of a varint.
const fn varint_size(n: u64) -> usize {
    (64 - (n | 1).leading_zeros() as usize).div_ceil(7)
}

fn assemble(layer: &str, features: &[u8], dictionary: &Dictionary<'_>) -> Vec<u8> {
    if features.is_empty() {
        return Vec::new();
    }
    let mut body = Vec::with_capacity(features.len() + dictionary.size() + layer.len() + 16);
    pbf::number(&mut body, field::VERSION, 2);
    pbf::bytes(&mut body, field::NAME, layer.as_bytes());
    body.extend_from_slice(features);
    dictionary.write(&mut body);
    pbf::number(&mut body, field::EXTENT, u64::from(EXTENT));
    let mut tile = Vec::with_capacity(body.len() + 6);
    pbf::bytes(&mut tile, field::LAYER, &body);
    tile
}

fn check(layer: &str, options: &Options) -> Result<()> {
    if layer.is_empty() {
        return Err(Error::invalid("瓦片的图层须有名称", "a layer of a tile must have a name"));
    }
    if options.buffer > EXTENT || !(0.0..=f64::from(EXTENT)).contains(&options.tolerance) {
        return Err(Error::invalid(
            format!("瓦片的缓冲 {} 和容差 {} 须在 0 到 {EXTENT} 之间", options.buffer, options.tolerance),
            format!(
                "a tile's buffer ({}) and tolerance ({}) must lie between 0 and {EXTENT}",
                options.buffer, options.tolerance
            ),
        ));
    }
    Ok(())
}

fn too_large(layer: &str, coord: Coord, options: &Options) -> Error {
    Error::new(
        Kind::TooLarge,
        format!("图层 “{layer}” 的瓦片 {coord} 超过 {} 字节；请提高该图层要素的最小级别", options.max_bytes),
        format!(
            "the tile {coord} of the layer “{layer}” is larger than {} bytes; raise the lowest zoom of the layer's features",
            options.max_bytes
        ),
    )
}
