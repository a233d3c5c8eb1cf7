//! What is asked for, what has come, and what may go.

use tiler::Coord;

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
