//! What is asked for, what has come, and what may go.
//!
//! A tile's bytes are kept beside what was made of them: they are a small part of its triangles, and with them everything can be built
//! again for another sheet or another device without asking for it. So triangles need not be kept once they are uploaded.

mod budget;
mod cover;
#[cfg(test)]
mod flights;
#[cfg(test)]
mod tests;
mod tile;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use gis_data::Result;
use tiler::Coord;

pub use cover::Piece;
use tile::{Going, Tile};
pub use tile::{Has, Retry};

/// How many zooms above the tiles in view those lie that are fetched ahead, so that there is something to show when the view goes back.
const AHEAD: u8 = 2;
/// Bytes of a tile that are refused: a hundred times a large one.
const MAX_TILE_BYTES: usize = 32 << 20;
/// Characters in one request, so that it stays a short address.
const MAX_CHARACTERS: usize = 400;

/// What a scene needs from its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The vector tile of the sheet's source. No bytes for an empty one.
    Tile(Coord),
    /// Some characters as a glyph message (`/fonts/{stack}/glyphs.pbf`): just these.
    Glyphs(Vec<char>),
}

/// A request to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Named in the answer.
    pub id: u64,
    /// For what.
    pub ask: Ask,
}

/// What an answer was for.
#[derive(Debug)]
pub enum Came {
    /// A request that is no longer of use.
    Nothing,
    /// A tile.
    Tile,
    /// These characters.
    Glyphs(Vec<char>, Result<Vec<u8>>),
}

/// The tiles of a scene from the wish to the picture, and the requests for characters.
#[derive(Debug, Default)]
pub struct Fetch {
    tiles: BTreeMap<Coord, Tile>,
    /// Those in view, the most urgent first; then those fetched ahead.
    wanted: Vec<Coord>,
    /// Where each stands in `wanted`.
    ranks: BTreeMap<Coord, usize>,
    /// How many of `wanted` are in view.
    in_view: usize,
    /// Drawn in place of tiles that are still to come.
    stand_ins: BTreeSet<Coord>,
    under_way: BTreeMap<u64, Ask>,
    dropped: Vec<u64>,
    /// Tiles of which nothing is to be drawn any more.
    gone: Vec<Coord>,
    glyphs: VecDeque<Vec<char>>,
    last_id: u64,
    /// Steps since the beginning: the only clock there is.
    now: u64,
    requests: usize,
    bytes: u64,
}

impl Fetch {
    /// `requests` under way at once, at least one; `bytes` for everything that is kept.
    pub fn new(requests: usize, bytes: u64) -> Self {
        Self { requests: requests.max(1), bytes, ..Self::default() }
    }

    /// A step begins.
    pub fn tick(&mut self) {
        self.now += 1;
    }

    /// Steps since the beginning.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// What is in view from now on, the most urgent first. Requests for anything else are dropped.
    pub fn want(&mut self, view: &[Coord]) {
        self.wanted = view.to_vec();
        self.in_view = view.len();
        self.ranks = view.iter().copied().zip(0..).collect();
        for tile in view {
            let Some(ahead) = tile.parents().nth(usize::from(AHEAD) - 1).or_else(|| tile.parents().last()) else {
                continue;
            };
            if !self.ranks.contains_key(&ahead) {
                self.ranks.insert(ahead, self.wanted.len());
                self.wanted.push(ahead);
            }
        }
        for (coord, tile) in &mut self.tiles {
            if !self.ranks.contains_key(coord) {
                self.dropped.extend(tile.give_up().filter(|id| self.under_way.remove(id).is_some()));
            }
        }
        self.tiles.retain(|coord, tile| self.ranks.contains_key(coord) || !tile.is_idle());
        for coord in &self.wanted {
            self.tiles.entry(*coord).or_default().used = self.now;
        }
    }

    /// Characters that are to be asked for.
    pub fn want_glyphs(&mut self, characters: &[char]) {
        self.glyphs.extend(characters.chunks(MAX_CHARACTERS).map(<[char]>::to_vec));
    }

    /// Requests for characters are of no use any more.
    pub fn forget_glyphs(&mut self) {
        self.glyphs.clear();
        let ids: Vec<u64> =
            self.under_way.iter().filter(|(_, a)| matches!(a, Ask::Glyphs(_))).map(|(id, _)| *id).collect();
        for id in ids {
            self.under_way.remove(&id);
            self.dropped.push(id);
        }
    }

    /// Whether all characters that were wanted have come, or not come.
    pub fn has_glyphs(&self) -> bool {
        self.glyphs.is_empty() && !self.under_way.values().any(|ask| matches!(ask, Ask::Glyphs(_)))
    }

    /// What is to be asked for now, the most urgent first.
    pub fn requests(&mut self) -> Vec<Request> {
        let mut asked = Vec::new();
        while self.under_way.len() < self.requests {
            // Characters are few and small, and without them no label is drawn.
            let ask = match self.glyphs.pop_front() {
                Some(characters) => Ask::Glyphs(characters),
                None => match self.next_tile() {
                    Some(coord) => Ask::Tile(coord),
                    None => break,
                },
            };
            self.last_id += 1;
            let id = self.last_id;
            if let Ask::Tile(coord) = ask {
                self.tiles.entry(coord).or_default().going = Going::UnderWay(id);
            }
            self.under_way.insert(id, ask.clone());
            asked.push(Request { id, ask });
        }
        asked
    }

    /// Requests that are no longer of use.
    pub fn dropped(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.dropped)
    }

    /// The tile that is to be asked for next. Those ahead wait until all in view have come.
    fn next_tile(&self) -> Option<Coord> {
        let mut nearer = 0;
        let mut missing = false;
        for (rank, coord) in self.wanted.iter().enumerate() {
            let Some(tile) = self.tiles.get(coord) else { continue };
            if rank >= self.in_view && missing {
                return None;
            }
            if tile.is_due(self.now) && tile.fits(self.bytes.saturating_sub(nearer)) {
                return Some(*coord);
            }
            missing |= matches!(tile.going, Going::UnderWay(_));
            nearer += tile.bytes();
        }
        None
    }

    /// What came of a request.
    pub fn answer(&mut self, id: u64, got: Result<Vec<u8>>) -> Came {
        match self.under_way.remove(&id) {
            None => Came::Nothing,
            Some(Ask::Glyphs(characters)) => Came::Glyphs(characters, got),
            Some(Ask::Tile(coord)) => {
                if let Some(tile) = self.tiles.get_mut(&coord) {
                    tile.going = Going::Idle;
                    match got {
                        Ok(bytes) if bytes.len() <= MAX_TILE_BYTES => {
                            if tile.come(bytes) {
                                self.gone.push(coord);
                            }
                        }
                        Ok(_) | Err(_) => tile.retry.fail(self.now),
                    }
                }
                Came::Tile
            }
        }
    }

    /// The next tile to be built, and its bytes.
    pub fn next_build(&self) -> Option<(Coord, Arc<[u8]>)> {
        self.wanted.iter().find_map(|coord| {
            let tile = self.tiles.get(coord).filter(|t| t.to_build && t.retry.is_due(self.now))?;
            Some((*coord, tile.source.clone()?))
        })
    }

    /// A tile was built and takes so many bytes beside its source; nothing if it has nothing to draw.
    pub fn built(&mut self, coord: Coord, bytes: Option<u64>) {
        if let Some(tile) = self.tiles.get_mut(&coord) {
            tile.has = bytes.map_or(Has::Empty, Has::Mesh);
            tile.to_build = false;
            tile.retry = Retry::default();
        }
    }

    /// A tile cannot be built of what came: it is asked for again later. What is there of it stays.
    pub fn broke(&mut self, coord: Coord) {
        if let Some(tile) = self.tiles.get_mut(&coord) {
            tile.broke(self.now);
        }
    }

    /// A tile was built but could not be handed on: that is tried again later, with what came.
    pub fn stuck(&mut self, coord: Coord) {
        if let Some(tile) = self.tiles.get_mut(&coord) {
            tile.retry.fail(self.now);
        }
    }

    /// What was built is of no use any more, only what it was built of.
    pub fn rebuild(&mut self) {
        for tile in self.tiles.values_mut() {
            tile.rebuild();
        }
    }

    /// Everything is asked for again; what is there stays until it comes.
    pub fn renew(&mut self) {
        for tile in self.tiles.values_mut() {
            let going = tile.give_up();
            tile.is_stale = true;
            self.dropped.extend(going.filter(|id| self.under_way.remove(id).is_some()));
        }
    }

    /// What is there of a tile.
    pub fn has(&self, coord: Coord) -> Has {
        self.tiles.get(&coord).map_or(Has::Nothing, |tile| tile.has)
    }

    /// What is drawn: the tiles in view, and where they are still to come, others that show the same ground.
    pub fn cover(&mut self) -> Vec<Piece> {
        let pieces = cover::cover(&self.wanted[..self.in_view], &|coord| self.has(coord));
        self.stand_ins = pieces.iter().map(|p| p.coord).filter(|c| !self.ranks.contains_key(c)).collect();
        for coord in &self.stand_ins {
            if let Some(tile) = self.tiles.get_mut(coord) {
                tile.used = self.now;
            }
        }
        pieces
    }

    /// Whether every tile in view is there, and is what it should be.
    pub fn is_complete(&self) -> bool {
        self.wanted[..self.in_view].iter().all(|c| self.tiles.get(c).is_some_and(Tile::is_whole))
    }

    /// Whether another step would do more without anything coming: a tile is to be built, or one that failed waits to be tried again.
    pub fn is_busy(&self) -> bool {
        let waits =
            |c: &Coord| self.tiles.get(c).is_some_and(|t| t.retry.is_pressing() && (t.to_build || t.is_missing()));
        self.next_build().is_some() || self.wanted[..self.in_view].iter().any(waits)
    }
}
