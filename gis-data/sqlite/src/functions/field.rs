//! One field out of the properties, without making the others.

use std::fmt;

use gis_data::Value;
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Error, Result};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The value of the field that the second argument names, in the properties that the first holds. A list or map comes back empty.
pub(super) fn field(context: &Context<'_>) -> Result<Value> {
    let wrong = |e: &str| Error::UserFunctionError(e.into());
    let ValueRef::Text(name) = context.get_raw(1) else { return Err(wrong("the name of a field is a text")) };
    let name = std::str::from_utf8(name).map_err(|e| Error::UserFunctionError(e.into()))?;
    let ValueRef::Blob(json) = context.get_raw(0) else { return Err(wrong("the properties are a blob")) };
    find(json, name).map_err(|e| Error::UserFunctionError(e.into()))
}

fn find(json: &[u8], name: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let found = reader.deserialize_map(Whole(name))?;
    reader.end().map(|()| found)
}

struct Whole<'a>(&'a str);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut found = Value::Null;
        while let Some(is_it) = map.next_key_seed(Named(self.0))? {
            if is_it {
                found = map.next_value_seed(One)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Whether a name is this one.
struct Named<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Named<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(text == self.0)
    }
}

struct One;

impl<'de> DeserializeSeed<'de> for One {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for One {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Int(n))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(i64::try_from(n).map_or(Value::Float(n as f64), Value::Int))
    }

    fn visit_f64<E>(self, x: f64) -> Result<Value, E> {
        Ok(Value::Float(x))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::List(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Map(std::collections::BTreeMap::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_whatever_its_name() {
        let json = r#"{"a":{"n":1},"n":9007199254740993,"x\"y":"q\u0000\n门","z":[1,{"n":2}]}"#.as_bytes();
        assert_eq!(find(json, "n").unwrap(), Value::Int(9_007_199_254_740_993));
        assert_eq!(find(json, "x\"y").unwrap(), Value::from("q\0\n门"));
        assert_eq!(find(json, "z").unwrap(), Value::List(Vec::new()));
        assert_eq!(find(json, "").unwrap(), Value::Null);
        assert!(find(b"{\"n\":1", "n").is_err());
    }
}
