//! Properties as JSON, read with names and short texts shared.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use gis_data::{Error, Name, Properties, Result, Value};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::damaged;

/// How deep lists and maps may nest in a property.
const MAX_DEPTH: usize = 64;
/// Texts of at most so many bytes are shared: codes and kinds, not sentences.
const SHORT_BYTES: usize = 32;
/// How many different texts are remembered.
const MAX_WORDS: usize = 1 << 16;

/// Writes `properties` as JSON behind what is in `out`. Refuses what could not be read back equal.
pub(crate) fn encode(properties: &Properties, out: &mut Vec<u8>) -> Result<()> {
    for (name, value) in properties.iter() {
        check(value, 0).map_err(|e| e.at(name))?;
    }
    serde_json::to_writer(out, properties).map_err(|cause| {
        Error::invalid("属性无法写成 JSON；请改正后重试", "the properties cannot be written as JSON; correct them")
            .because(cause)
    })
}

fn check(value: &Value, depth: usize) -> Result<()> {
    match value {
        Value::Float(x) if !x.is_finite() => {
            Err(Error::invalid("属性值是 NaN 或无穷大；请改为 null", "the property is NaN or infinite; make it null"))
        }
        Value::List(_) | Value::Map(_) if depth >= MAX_DEPTH => Err(Error::invalid(
            format!("属性嵌套超过 {MAX_DEPTH} 层；请简化"),
            format!("the property is nested deeper than {MAX_DEPTH}; make it simpler"),
        )),
        Value::List(all) => all.iter().try_for_each(|v| check(v, depth + 1)),
        Value::Map(all) => all.values().try_for_each(|v| check(v, depth + 1)),
        _ => Ok(()),
    }
}

/// Remembers names and short texts, so that equal ones share their memory.
#[derive(Default)]
pub(crate) struct Interner {
    words: HashSet<Arc<str>>,
    scratch: Vec<(Name, Value)>,
}

impl Interner {
    /// Reads what [`encode`] wrote.
    pub(crate) fn decode(&mut self, json: &[u8]) -> Result<Properties> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let properties = reader.deserialize_map(Whole(self)).and_then(|all| reader.end().map(|()| all));
        properties.map_err(|cause| damaged("属性", "a set of properties").because(cause))
    }

    fn word(&mut self, text: &str) -> Arc<str> {
        if text.len() > SHORT_BYTES {
            return text.into();
        }
        if let Some(word) = self.words.get(text) {
            return Arc::clone(word);
        }
        let word: Arc<str> = text.into();
        if self.words.len() < MAX_WORDS {
            self.words.insert(Arc::clone(&word));
        }
        word
    }
}

struct Whole<'a>(&'a mut Interner);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Properties;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
        let mut all: Vec<(Name, Value)> = std::mem::take(&mut self.0.scratch);
        while let Some(name) = map.next_key_seed(Word(self.0))? {
            all.push((name, map.next_value_seed(One(self.0))?));
        }
        // Of just the size that it needs: a city holds millions.
        let properties = all.drain(..).collect();
        self.0.scratch = all;
        Ok(properties)
    }
}

struct Word<'a>(&'a mut Interner);

impl<'de> DeserializeSeed<'de> for Word<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Word<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<Arc<str>, E> {
        Ok(self.0.word(text))
    }
}

struct One<'a>(&'a mut Interner);

impl<'de> DeserializeSeed<'de> for One<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for One<'_> {
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
        Ok(Value::Text(self.0.word(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element_seed(One(self.0))? {
            all.push(value);
        }
        Ok(Value::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut all = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            all.insert(name, map.next_value_seed(One(self.0))?);
        }
        Ok(Value::Map(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(properties: &Properties) -> Properties {
        let mut json = Vec::new();
        encode(properties, &mut json).unwrap();
        Interner::default().decode(&json).unwrap()
    }

    #[test]
    fn values_come_back_equal() {
        let map = Value::Map([("k".to_owned(), Value::List(vec![Value::Null, Value::from("\"\\\u{7}门")]))].into());
        let all: Properties = [
            ("int", Value::Int(i64::MAX)),
            ("least", Value::Int(i64::MIN)),
            ("whole", Value::Float(3.0)),
            ("huge", Value::Float(1e300)),
            ("last_bit", Value::Float(0.1 + 0.2)),
            ("odd", Value::Float(8.234_512_345_678_912e-5)),
            ("yes", Value::Bool(true)),
            ("map", map),
        ]
        .into_iter()
        .collect();
        assert_eq!(back(&all), all);
        assert_eq!(back(&Properties::new()), Properties::new());
    }

    #[test]
    fn equal_short_texts_share_their_memory() {
        let mut words = Interner::default();
        let mut read = || words.decode(br#"{"kind":"residential"}"#).unwrap();
        let (a, b) = (read(), read());
        assert!(std::ptr::eq(a.text("kind").unwrap(), b.text("kind").unwrap()));
    }

    #[test]
    fn what_could_not_be_read_back_is_refused() {
        let deep = (0..65).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        for bad in [deep, Value::Float(f64::NAN)] {
            let properties: Properties = [("field", bad)].into_iter().collect();
            let error = encode(&properties, &mut Vec::new()).unwrap_err();
            assert!(error.en().starts_with("field: "), "{error}");
        }
        for bad in ["", "[]", "{\"a\":}", "{} x", "\u{0}"] {
            assert!(Interner::default().decode(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
