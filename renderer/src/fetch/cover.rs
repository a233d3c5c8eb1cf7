//! What is drawn where a tile is still to come.

use std::collections::{BTreeMap, BTreeSet};

use tiler::{Coord, EXTENT};

use super::Has;

/// How many zooms below a missing tile are looked through: 16 tiles in place of one.
pub(super) const FINER: u8 = 2;

/// A tile, or a part of it, that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The tile, of which there is something to draw.
    pub coord: Coord,
    /// The ground that is drawn of it: the tile itself, or a tile that it holds.
    pub ground: Coord,
}

impl Piece {
    /// The ground in the tile's units: west, north, east, south.
    pub fn clip(self) -> [f32; 4] {
        let parts = f64::from(self.ground.z().saturating_sub(self.coord.z())).exp2();
        let side = f64::from(EXTENT) / parts;
        let from = |ground: u32, tile: u32| (f64::from(ground) - f64::from(tile) * parts) * side;
        let (west, north) = (from(self.ground.x(), self.coord.x()), from(self.ground.y(), self.coord.y()));
        [west, north, west + side, north + side].map(|n| n as f32)
    }
}

/// Who shows which ground: `wanted` tiles that are there, or what stands in for them. No ground has two.
pub(super) fn cover(wanted: &[Coord], has: &dyn Fn(Coord) -> Has) -> Vec<Piece> {
    let mut shown = Vec::new();
    for tile in wanted {
        show(*tile, FINER, has, &mut shown);
    }
    let stand_ins: BTreeSet<Coord> = shown.iter().filter(|p| p.ground != p.coord).map(|p| p.coord).collect();
    let mut pieces: Vec<Piece> = shown.iter().copied().filter(|p| p.ground == p.coord).collect();
    if !stand_ins.is_empty() {
        let owners = owners(&shown);
        for tile in stand_ins {
            join(tile, tile, &owners, &mut pieces);
        }
    }
    pieces.retain(|piece| matches!(has(piece.coord), Has::Mesh(_)));
    pieces
}

/// The tile itself, or finer ones that are there, or the nearest that holds it.
fn show(tile: Coord, finer: u8, has: &dyn Fn(Coord) -> Has, shown: &mut Vec<Piece>) {
    if has(tile) != Has::Nothing {
        shown.push(Piece { coord: tile, ground: tile });
    } else if let Some(children) = tile.children().filter(|_| any_finer(tile, finer, has)) {
        for child in children {
            show(child, finer - 1, has, shown);
        }
    } else if let Some(coord) = tile.parents().find(|parent| has(*parent) != Has::Nothing) {
        shown.push(Piece { coord, ground: tile });
    }
}

fn any_finer(tile: Coord, finer: u8, has: &dyn Fn(Coord) -> Has) -> bool {
    let there = |child: Coord| has(child) != Has::Nothing || any_finer(child, finer - 1, has);
    finer > 0 && tile.children().is_some_and(|children| children.into_iter().any(there))
}

/// Who shows all the ground of a tile that is shown at all; nothing where several do.
fn owners(shown: &[Piece]) -> BTreeMap<Coord, Option<Coord>> {
    let mut owners = BTreeMap::new();
    for piece in shown {
        for tile in std::iter::once(piece.ground).chain(piece.ground.parents()) {
            let owner = owners.entry(tile).or_insert(Some(piece.coord));
            if *owner != Some(piece.coord) {
                *owner = None;
            }
        }
    }
    owners
}

/// The ground that a tile shows for others, in as few pieces as can be: a tile is drawn as often as it has pieces. Ground that nobody
/// shows is out of view, and may be among it.
fn join(coord: Coord, ground: Coord, owners: &BTreeMap<Coord, Option<Coord>>, pieces: &mut Vec<Piece>) {
    match owners.get(&ground) {
        Some(Some(owner)) if *owner == coord => pieces.push(Piece { coord, ground }),
        Some(None) => {
            for child in ground.children().into_iter().flatten() {
                join(coord, child, owners, pieces);
            }
        }
        _ => {}
    }
}
