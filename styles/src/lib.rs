//! Style sheets: how the city should look, and everything needed to understand that.

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
