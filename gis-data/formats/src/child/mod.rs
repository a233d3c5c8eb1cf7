//! The line protocol between `menpai-gdal`, the child program that links GDAL, and its parent.
//!
//! UTF-8 text, one JSON object a line, ended by `\n`:
//!
//! 1. First line, the tables in the order of their numbers:
//!    `{"tables":[{"name":"Lakes","crs":"EPSG:4326","rows":12}]}`. `crs` is `EPSG:n`, WKT or PROJ text, or null; `rows` may be null.
//! 2. A row: `{"t":0,"row":1,"key":"1","wkb":"0101…","p":{"name":"Blue Lake"}}`. `t` is the number of the table from 0, `row` counts from 1, `key` may be
//!    missing, `wkb` is WKB (any byte order, ISO or EWKB) in hexadecimal digits, missing or null for no shape; coordinates are x (east)
//!    before y (north) whatever the CRS says. `p` holds the fields.
//! 3. A row that cannot be read: `{"t":0,"row":2,"key":null,"error":{"zh":"…","en":"…"}}`.
//! 4. Failure of the whole: `{"fatal":{"zh":"…","en":"…"}}`.
//! 5. Last line: `{"end":true}`. Without it the child died, and nothing of what it said is to be used.
//!
//! [`Encoder`] writes it, [`Output`] reads it. A line is at most 256 MiB.

mod encode;
mod output;

pub use encode::Encoder;
pub use output::Output;

#[cfg(test)]
mod tests;
