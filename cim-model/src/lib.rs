//! What the data mean in a city: pure rules, one a file.
//!
//! [`zoom`] fixes at which zoom a feature begins to be shown. [`placing`] says on which doorplate a record hangs and in which
//! area a place lies. [`check`] says whether what is entered fits the schema of its layer. [`card`] composes the door card of a place
//! out of what its viewer may see.
//!
//! Rules take values and return values. This crate reads no clock, opens nothing and starts no thread; whoever commits or serves
//! calls a rule and does what it says.
//!
//! ```
//! use cim_model::placing::Gazetteer;
//! use gis_data::{Geometry, Method, Properties};
//!
//! let mut gazetteer = Gazetteer::new();
//! let none = Properties::new();
//! gazetteer.add("doorplate", Some(&Geometry::point(120.6508, 28.0154)?), &none, 12);
//!
//! let lamp = Geometry::point(120.6509, 28.0155)?;
//! let placed = gazetteer.relations("component", Some(&lamp), &none, &99);
//! assert_eq!((placed[0].place, placed[0].method), (12, Method::Nearest));
//! assert!(placed[0].distance_m.is_some_and(|d| (14.0..16.0).contains(&d)));
//! # Ok::<(), gis_data::Error>(())
//! ```

pub mod card;
pub mod check;
mod measure;
pub mod placing;
pub mod zoom;
