//! CQL2, the filter language of OGC (21-065r2), as text and as JSON.
//!
//! Both forms become the same [`Filter`](super::Filter), and it is written back in either: what is written is read back equal. Nothing recurses by
//! what is read, and nothing is taken without a bound: length, depth, parts and vertices are limited.
//!
//! Where this is wider or narrower than the standard: a bare date is midnight in Beijing and intervals are half-open, as in the whole
//! crate; a field may stand where a condition is wanted (`NOT flag`); `NULL` is a value; operators of one kind bind from the left; a
//! quote within a text is written twice, and `\'` is not one, since a pattern may end with `\`; a field's name in quotes may hold any
//! character, `"` twice. The names `id`, `geometry` and `valid` mean the thing, its shape and its valid time.
//!
//! ```
//! use gis_data::query::cql2;
//!
//! let filter = cql2::text("层数 >= 6 AND S_INTERSECTS(geometry, BBOX(120.6, 27.9, 120.8, 28.1)) AND T_AFTER(valid, DATE('2020-01-01'))")?;
//! assert_eq!(cql2::json(&cql2::write_json(&filter))?, filter);
//! assert!(cql2::text("层数 >= ").unwrap_err().en().starts_with("character 7: "));
//! # Ok::<(), gis_data::Error>(())
//! ```

mod build;
mod failure;
mod geojson;
mod json;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod wkt;
mod write_json;
mod write_text;

pub use json::read as json;
pub use parser::read as text;
pub use write_json::write as write_json;
pub use write_text::write as write_text;

/// The longest filter, in bytes.
pub const MAX_BYTES: usize = 64 << 10;
/// The most parts of a filter: fields, values and operations.
pub const MAX_NODES: usize = 4096;
/// The most vertices of all its shapes together.
pub const MAX_VERTICES: usize = 10_000;
