//! Values of properties.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The name of a property. Shared, since a layer's million features carry the same few.
pub type Name = Arc<str>;

/// A property's value, as JSON knows it, with whole numbers kept exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; never NaN or infinite.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A list.
    List(Vec<Value>),
    /// Named values.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Text, or nothing.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number, whole or not.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(n) => Some(*n as f64),
            Self::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// Yes or no.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// As a person reads it: text without quotes, everything else as JSON.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            other => serde_json::to_string(other).unwrap_or_default(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
impl From<u32> for Value {
    fn from(n: u32) -> Self {
        Self::Int(i64::from(n))
    }
}
impl From<f64> for Value {
    /// NaN and infinity have no place in a property: they become null.
    fn from(x: f64) -> Self {
        if x.is_finite() { Self::Float(x) } else { Self::Null }
    }
}

/// A feature's properties, sorted by name, each name once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties(Vec<(Name, Value)>);

impl Properties {
    /// No properties.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value called `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.binary_search_by(|(n, _)| n.as_ref().cmp(name)).ok().map(|i| &self.0[i].1)
    }

    /// The text called `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// Sets `name`; the old value is lost.
    pub fn set(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.0.binary_search_by(|(n, _)| n.cmp(&name)) {
            Ok(i) => self.0[i].1 = value,
            Err(i) => self.0.insert(i, (name, value)),
        }
    }

    /// Takes `name` out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let i = self.0.binary_search_by(|(n, _)| n.as_ref().cmp(name)).ok()?;
        Some(self.0.remove(i).1)
    }

    /// In the order of names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Name, &Value)> {
        self.0.iter().map(|(n, v)| (n, v))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Name>, V: Into<Value>> FromIterator<(N, V)> for Properties {
    /// Of several values with one name the last stays.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(items: I) -> Self {
        let mut all: Vec<(Name, Value)> = items.into_iter().map(|(n, v)| (n.into(), v.into())).collect();
        if !all.is_sorted_by(|a, b| a.0 < b.0) {
            all.reverse();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all.dedup_by(|later, kept| later.0 == kept.0);
        }
        Self(all)
    }
}

impl IntoIterator for Properties {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Properties {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Properties;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of properties")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut all = Vec::with_capacity(map.size_hint().unwrap_or(8).min(256));
                while let Some((name, value)) = map.next_entry::<Name, Value>()? {
                    all.push((name, value));
                }
                Ok(all.into_iter().collect())
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_equal_names_stays() {
        let p: Properties = serde_json::from_str(r#"{"b":1,"a":"门","b":2.5}"#).unwrap();
        assert_eq!(serde_json::to_string(&p).unwrap(), r#"{"a":"门","b":2.5}"#);
        assert_eq!(p.text("a"), Some("门"));
        assert_eq!(p.get("c"), None);
    }

    #[test]
    fn whole_numbers_stay_exact() {
        let v: Value = serde_json::from_str("9007199254740993").unwrap();
        assert_eq!(v, Value::Int(9_007_199_254_740_993));
    }
}
