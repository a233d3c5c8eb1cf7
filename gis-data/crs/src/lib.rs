//! Coordinate reference systems: what comes in becomes CGCS2000 longitude and latitude, and goes out as it is asked for.
//!
//! The store knows one CRS alone: CGCS2000 degrees (EPSG:4490), east first. A [`Crs`] is read from whatever names one (a
//! code, a URN, the text of a `.prj`, a PROJ string, a Gauss-Krüger name, `GCJ-02`, `BD-09`); [`ToStore`] brings shapes
//! into the store, [`FromStore`] takes them out.
//!
//! * **Order.** Coordinates are given and returned in the order of files and screens: longitude or easting first, even
//!   where the CRS itself says otherwise. A protocol that must swap asks [`Crs::northing_first`].
//! * **WGS 84, every ITRF and CGCS2000 are treated as one.** CGCS2000 is ITRF97 at epoch 2000.0; the frames agree within
//!   centimetres at the same epoch. What is measured today without going back to that epoch is off by the drift of the
//!   plate, some 3 cm a year in eastern China (recalled, unverified): [`ToStore::accuracy_m`] says 1 m for those. Survey
//!   data delivered as CGCS2000 pass unchanged: 0 m.
//! * **Other datums** (Beijing 1954, Xian 1980, the European ones) go through PROJ by way of WGS 84. PROJ has no grid
//!   file and no network here; its answers do not depend on the machine. How good the way is says
//!   [`ToStore::accuracy_m`]; where datums are merely equated, or an operation is used outside the area it was made
//!   for, [`ToStore::is_ballpark`] says so.
//! * **GCJ-02 and BD-09** are never guessed, only declared. The open approximation is used, see [`china`].
//! * **Heights stay as they are**: only the horizontal part of a compound CRS is used.
//! * **A Gauss-Krüger coordinate that does not fit its CRS** (with a zone number where the CRS has none, or the reverse;
//!   swapped; degrees) is an error that names the CRS to use instead.
//!
//! ```
//! use gis_data_crs::{Crs, FromStore, ToStore};
//!
//! let wenzhou = Crs::parse("CGCS2000 / 3-degree Gauss-Kruger CM 120E")?;
//! assert_eq!(wenzhou.epsg(), Some(4549));
//! let (lon, lat) = ToStore::from(&wenzhou)?.point(563_885.0, 3_099_540.0)?;
//! assert!((lon - 120.65).abs() < 0.01 && (lat - 28.01).abs() < 0.01);
//! let (x, _) = FromStore::to(&wenzhou)?.point(lon, lat)?;
//! assert!((x - 563_885.0).abs() < 0.001);
//!
//! // With the zone number in front it is another CRS, and the error says which.
//! let wrong = ToStore::from(&wenzhou)?.point(40_563_885.0, 3_099_540.0).unwrap_err();
//! assert!(wrong.en().contains("EPSG:4528"));
//! # Ok::<(), gis_data::Error>(())
//! ```
//!
//! It never opens a file or a socket, and never asks which CRS a file has: that is said by the file or by a person.

pub mod china;
mod crs;
mod facts;
mod gauss;
mod guard;
mod parse;
mod sys;
mod way;

pub use crs::{Crs, Known};
pub use way::{FromStore, ToStore};
