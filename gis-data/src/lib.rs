//! What a city knows, and how it is asked.
//!
//! A [`Feature`] is one *version* of one thing. It has two times: `valid` (when it was so in the city) and
//! `recorded` (when the database knew). A [`Store`] keeps versions and facts, answers a [`Query`] as of both
//! times ([`AsOf`]) cut to what a [`Scope`] may see, and takes a [`Commit`] whole or not at all.
//! The doorplate [`index`] answers region questions from memory and follows the store's log.
//!
//! This crate is pure: it opens no file or socket and reads no clock; time comes in as an argument.
//!
//! ```
//! use gis_data::{AsOf, Instant, Interval};
//!
//! // A bare date is midnight in Beijing, and intervals are half-open.
//! let march = Interval::new("2026-03-01".parse()?, "2026-04-01".parse()?)?;
//! let last_moment: Instant = "2026-03-31T23:59:59+08:00".parse()?;
//! assert!(march.contains(last_moment));
//! assert!(!march.contains("2026-04-01".parse()?));
//! assert_eq!(AsOf::NOW.valid.or(last_moment), last_moment);
//! # Ok::<(), gis_data::Error>(())
//! ```

pub mod commit;
mod error;
mod fact;
mod feature;
pub mod geometry;
mod id;
pub mod index;
mod layer;
pub mod memory;
pub mod mercator;
pub mod query;
mod scope;
mod store;
mod time;
mod value;

pub use commit::{Change, Changed, Commit, Counts, Identity, LogEntry, LogKind, Put, Receipt, Tally, Touched};
pub use error::{Error, Kind, Result};
pub use fact::{Fact, Method, Relation};
pub use feature::{Feature, Recorded};
pub use geometry::{BBox, Geometry};
pub use id::{FeatureId, LayerId, PlaceId};
pub use layer::{Catalog, Class, Code, Field, FieldKind, GeometryKind, Layer, Words};
pub use query::{Answer, Area, Body, Compare, Expr, Filter, Order, Page, Query, Time, Want};
pub use scope::{Grant, Scope, Shown};
pub use store::{Changes, Part, Store};
pub use time::{AsOf, Instant, Interval, Position, When};
pub use value::{Name, Properties, Value};
