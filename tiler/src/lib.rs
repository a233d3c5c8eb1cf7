//! How a city is cut up: vector tiles out of features, and which tiles a change dirties.
//!
//! [`encode()`] makes one layer of one tile ([Mapbox Vector Tile 2.1](https://github.com/mapbox/vector-tile-spec)) out of rows that
//! a scope let out ([`gis_data::Shown`]); nothing else is accepted. Layers are messages that concatenate, so a tile
//! of several layers is the bytes of each, one after the other. [`decode()`] reads tiles strictly. [`dirtied`] says which tiles
//! a change makes stale. [`Coord`] is the address of a tile.
//!
//! A tile shows each feature with its own fields; nothing is merged across features, and what is shown at which zoom is
//! fixed when a feature is committed ([`gis_data::Feature::min_zoom`]). So a tile's bytes depend on its own features
//! alone, and equal rows give equal bytes.
//!
//! ```
//! use std::sync::Arc;
//! use gis_data::{Feature, FeatureId, Geometry, Instant, Interval, LayerId, Recorded, Scope};
//! use tiler::{Coord, Options};
//!
//! let door = Feature {
//!     id: FeatureId::new(7)?,
//!     layer: LayerId::new("doorplate")?,
//!     geometry: Some(Geometry::point(120.6508, 28.0154)?),
//!     properties: [("number", "12号")].into_iter().collect(),
//!     valid: Interval::ALWAYS,
//!     recorded: Recorded::since(1, Instant::DAWN),
//!     min_zoom: 14,
//! };
//! let shown = Scope::everything("someone").admit(Arc::new(door)).into_iter();
//! let tile = tiler::encode("doorplate", Coord::holding(120.6508, 28.0154, 16)?, shown, &Options::default())?;
//!
//! let read = tiler::decode(&tile)?;
//! assert_eq!(read.layers[0].name, "doorplate");
//! assert_eq!(read.layers[0].features[0].id, Some(7));
//! # Ok::<(), gis_data::Error>(())
//! ```
//!
//! This crate opens no file or socket, reads no clock and starts no thread.

mod coord;
pub mod decode;
mod dirty;
mod encode;
mod pole;

pub use coord::{Coord, Covering, EXTENT, MAX_ZOOM};
pub use decode::{DecodeError, DecodedTile, decode};
pub use dirty::{Dirty, MAX_TILES, dirtied, stale};
pub use encode::{Options, encode};
pub use pole::pole;
