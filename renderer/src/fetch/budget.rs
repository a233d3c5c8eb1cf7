//! What may be kept.

use std::cmp::Reverse;

use tiler::Coord;

use super::{Fetch, Has};

/// Tiles that are remembered, even where they take no bytes.
const MOST: usize = 2048;

impl Fetch {
    /// Bytes of all that is kept.
    pub fn bytes(&self) -> u64 {
        self.tiles.values().map(super::Tile::bytes).sum()
    }

    /// How many tiles are remembered.
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether no tile is remembered.
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Tiles that are to be drawn no more: they are empty now, or had to go. Told once.
    pub fn gone(&mut self) -> Vec<Coord> {
        std::mem::take(&mut self.gone)
    }

    /// Lets go what is beyond the budget: first what is out of view, what was so the longest foremost; then what stands in for others;
    /// then what is in view, the farthest foremost. What had to go although it is in view comes back as soon as there is room.
    pub fn trim(&mut self) {
        let mut bytes = self.bytes();
        if bytes <= self.bytes && self.tiles.len() <= MOST {
            return;
        }
        let urgency = |coord: &Coord, used: u64| match self.ranks.get(coord) {
            Some(rank) => (true, 0, Reverse(*rank)),
            None if self.stand_ins.contains(coord) => (true, 0, Reverse(usize::MAX)),
            None => (false, used, Reverse(0)),
        };
        let mut order: Vec<_> = self.tiles.iter().map(|(coord, tile)| (urgency(coord, tile.used), *coord)).collect();
        order.sort_unstable();
        for (_, coord) in order {
            if bytes <= self.bytes && self.tiles.len() <= MOST {
                break;
            }
            bytes -= self.evict(coord);
        }
    }

    /// How many bytes that made free.
    fn evict(&mut self, coord: Coord) -> u64 {
        let Some(tile) = self.tiles.get_mut(&coord) else { return 0 };
        let bytes = tile.bytes();
        let drawn = matches!(tile.has, Has::Mesh(_));
        if !self.ranks.contains_key(&coord) {
            self.tiles.remove(&coord);
        } else if bytes > 0 {
            tile.let_go();
            tile.left_out = Some(bytes);
        }
        if drawn {
            self.gone.push(coord);
        }
        bytes
    }
}
