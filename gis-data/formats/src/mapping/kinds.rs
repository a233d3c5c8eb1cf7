//! Code tables that tell a kind from several fields.

use std::collections::BTreeMap;

use gis_data::{Properties, Value};

/// `field = { value = "code", "*" = "code" }`. An empty code says that the value is no such thing.
pub(super) type RawKinds = BTreeMap<String, BTreeMap<String, String>>;

/// A code table: fields are asked in the order of their names, values that are named before `*`.
#[derive(Clone, Debug)]
pub(super) struct Kinds(RawKinds);

impl Kinds {
    pub(super) const fn new(raw: RawKinds) -> Self {
        Self(raw)
    }

    /// Every code it may tell.
    #[cfg(test)]
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.values().flat_map(BTreeMap::values).map(String::as_str).filter(|c| !c.is_empty())
    }

    /// The code for a record's fields, if it is such a thing.
    pub(super) fn tell(&self, properties: &Properties) -> Option<&str> {
        let mut rest = None;
        for (field, codes) in &self.0 {
            let Some(Value::Text(text)) = properties.get(field) else { continue };
            // Of `bar;cafe` the first is what people call it.
            let first = text.split(';').next().unwrap_or_default().trim();
            match codes.get(first) {
                Some(code) if !code.is_empty() => return Some(code),
                Some(_) => {}
                None => rest = rest.or_else(|| codes.get("*").filter(|c| !c.is_empty())),
            }
        }
        rest.map(String::as_str)
    }
}
