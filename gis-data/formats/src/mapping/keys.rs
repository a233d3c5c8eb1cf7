//! Keys that stay the same from import to import.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use geo_types::Coord;
use sha2::{Digest, Sha256};

use super::{Draft, Mapping};
use crate::Record;

/// A key out of a record's shape and fields, for sources without ids: `h` and 128 bits of SHA-256.
pub(super) fn content_key(record: &Record) -> String {
    let mut hash = Sha256::new();
    hash.update(record.table.as_bytes());
    if let Some(shape) = &record.shape {
        use geo::CoordsIter;
        for Coord { x, y } in shape.coords_iter() {
            hash.update(x.to_le_bytes());
            hash.update(y.to_le_bytes());
        }
    }
    hash.update([0]);
    // Properties are sorted by name, so the order of columns does not count.
    hash.update(serde_json::to_vec(&record.properties).unwrap_or_default());
    let digest = hash.finalize();
    format!("h{}", hex(digest.get(..16).unwrap_or_default()))
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut all, b| {
        for digit in [b >> 4, b & 15] {
            all.extend(char::from_digit(u32::from(digit), 16));
        }
        all
    })
}

/// Applies a mapping to one source and tells equal keys apart: the second of two is `key~2`.
#[derive(Debug)]
pub struct Session<'m> {
    mapping: &'m Mapping,
    source: String,
    seen: HashMap<u64, u32>,
    skipped: u64,
}

impl<'m> Session<'m> {
    pub(super) fn new(mapping: &'m Mapping, source: &str) -> Self {
        Self { mapping, source: source.to_owned(), seen: HashMap::new(), skipped: 0 }
    }

    /// What becomes of the next record.
    pub fn apply(&mut self, record: &Record) -> Vec<Draft> {
        let mut drafts = self.mapping.apply(&self.source, record);
        self.skipped += u64::from(drafts.is_empty());
        for draft in &mut drafts {
            let mut hasher = DefaultHasher::new();
            (&draft.layer, &draft.key).hash(&mut hasher);
            let n = self.seen.entry(hasher.finish()).or_insert(0);
            *n += 1;
            if *n > 1 {
                draft.key = format!("{}~{n}", draft.key);
            }
        }
        drafts
    }

    /// How many records no rule matched.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }
}
