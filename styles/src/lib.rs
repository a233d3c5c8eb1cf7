//! Style sheets: how the city should look, and everything needed to understand that.

pub mod expression;
pub mod spec;
mod text;

pub use text::Text;
