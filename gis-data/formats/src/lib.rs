//! Readers and writers of files: bytes in, records out.
//!
//! [`open`] looks at a file's content, then at its name, and gives a [`Reader`] that yields [`Item`]s one after another:
//! a [`Record`] (one row, feature or OSM element, with its shape in the *source's* CRS) or a [`Reject`] (a row that cannot be
//! read, with the reason). A [`mapping::Mapping`] turns records into drafts of the city's layers.
//! Writers go the other way and take nothing but [`gis_data::Shown`].
//!
//! Every byte is outside input: sizes, depths and counts are guarded before anything is reserved or recursed into.
//! This crate opens local files and nothing else: no network, no clock, no database but the GeoPackage it reads.
//!
//! ```no_run
//! use gis_data_formats::{Item, Options, mapping::Mapping, open};
//!
//! let mapping = Mapping::built_in()?;
//! let mut session = mapping.session("town.osm.pbf");
//! let mut reader = open("town.osm.pbf".as_ref(), &Options::default())?;
//! while let Some(item) = reader.next()? {
//!     match item {
//!         Item::Record(record) => drop(session.apply(&record)),
//!         Item::Reject(reject) => eprintln!("{} {}: {}", reject.table, reject.row, reject.reason),
//!     }
//! }
//! # Ok::<(), gis_data::Error>(())
//! ```

pub mod child;
mod columns;
mod csv;
mod flatgeobuf;
mod format;
pub mod geojson;
pub mod geopackage;
mod guard;
mod input;
pub mod mapping;
mod names;
mod osm;
mod read;
mod shape;
mod sheet;
mod wkt;

pub use format::{Format, sniff};
pub use read::{Item, Options, Reader, Record, Reject, Table, open};

#[cfg(test)]
mod tests;
