//! Style sheets: how the city should look, and everything needed to understand that.
//!
//! * [`Style`] reads a MapLibre style sheet, checks all of it and compiles its expressions. One checked sheet serves the
//!   map in the browser, pictures of the map and the scene.
//! * [`expression`] is the whole expression language: types, constants folded, legacy functions and filters.
//! * [`CITY`] and [`NIGHT`] are the city's own sheets; [`sprite`] draws their icons; [`glyph`] makes and keeps the
//!   characters of their labels.
//!
//! ```
//! use styles::expression::{Context, PlainFeature, Value};
//!
//! let style = styles::Style::parse(styles::CITY).expect("the city's own sheet is checked by a test");
//! let road = PlainFeature {
//!     properties: [("class".into(), Value::text("primary"))].into(),
//!     ..PlainFeature::default()
//! };
//! let ctx = Context::new(14.0, &road);
//! let layer = style.layer("road-primary").expect("a layer of roads");
//! assert!(layer.filter.matches(&ctx));
//! assert_eq!(layer.paint("line-width").evaluate(&ctx), Ok(Value::Number(6.5)));
//! ```
//!
//! What the city's sheets say beyond the specification stands in `metadata`. Of a sheet: `menpai:name` for people, `menpai:dark`. Of a
//! layer: `menpai:group`, what it is switched on and off with; `menpai:legend` or `menpai:title`, its row in the legend; `menpai:flat`,
//! that it lies where buildings stand when they rise, so that a scene leaves it out.
//!
//! It never draws a map, reads a file or asks the network: that is for the renderer and the server.

pub mod expression;
pub mod glyph;
pub mod spec;
pub mod sprite;
mod style;
mod text;

pub use style::{LayerKind, Problem, Severity, Style, StyleLayer};
pub use text::Text;

/// The city by day, a MapLibre style.
pub const CITY: &str = include_str!("../default/city.json");
/// The city by night, for map walls.
pub const NIGHT: &str = include_str!("../default/night.json");
