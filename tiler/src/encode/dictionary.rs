//! The keys and values of a layer, each written once.

use std::collections::HashMap;

use gis_data::{Name, Value};

use super::pbf;

/// A value as the tile knows it. Text is borrowed from the rows.
#[derive(PartialEq, Eq, Hash)]
enum Entry<'a> {
    Text(&'a str),
    /// Lists and maps, as JSON.
    Json(String),
    /// Bits of a number that single precision holds exactly.
    Float(u32),
    /// Bits.
    Double(u64),
    Uint(u64),
    Sint(i64),
    Bool(bool),
}

/// Numbers that name fields of the message `Value`.
mod field {
    pub(super) const TEXT: u32 = 1;
    pub(super) const FLOAT: u32 = 2;
    pub(super) const DOUBLE: u32 = 3;
    pub(super) const UINT: u32 = 5;
    pub(super) const SINT: u32 = 6;
    pub(super) const BOOL: u32 = 7;
}

/// Field of a layer that holds a key, and one that holds a value.
const KEYS: u32 = 3;
const VALUES: u32 = 4;

/// The dictionaries of one layer, in the order in which keys and values came first.
#[derive(Default)]
pub(super) struct Dictionary<'a> {
    names: Vec<&'a Name>,
    index: HashMap<&'a str, u32, foldhash::fast::RandomState>,
    /// Where in `names` the next key is expected: features of a layer have the same keys in the same order.
    next: usize,
    values: HashMap<Entry<'a>, u32, foldhash::fast::RandomState>,
    /// The values written out as fields of the layer.
    written: Vec<u8>,
    scratch: Vec<u8>,
}

impl<'a> Dictionary<'a> {
    /// With room for about two values a row that no other row has, such as a code and a number: growing costs more than the rest.
    pub(super) fn for_rows(rows: usize) -> Self {
        let values = HashMap::with_capacity_and_hasher(rows * 2, foldhash::fast::RandomState::default());
        Self { values, ..Self::default() }
    }

    /// Appends the tags (pairs of key and value) of a feature to `out`. What is null is left out.
    pub(super) fn tags(&mut self, properties: impl Iterator<Item = (&'a Name, &'a Value)>, out: &mut Vec<u8>) {
        self.next = 0;
        for (name, value) in properties {
            let Some(entry) = entry(value) else { continue };
            pbf::varint(out, u64::from(self.key(name)));
            pbf::varint(out, u64::from(self.value(entry)));
        }
    }

    fn key(&mut self, name: &'a Name) -> u32 {
        // Names are shared, so that most are told apart by their address alone.
        if let Some(expected) = self.names.get(self.next)
            && (std::ptr::eq(expected.as_ref(), name.as_ref()) || expected == &name)
        {
            self.next += 1;
            return self.next as u32 - 1;
        }
        let new = self.names.len() as u32;
        let key = *self.index.entry(name).or_insert(new);
        if key == new {
            self.names.push(name);
        }
        self.next = key as usize + 1;
        key
    }

    fn value(&mut self, entry: Entry<'a>) -> u32 {
        let new = self.values.len() as u32;
        let slot = self.values.entry(entry);
        if let std::collections::hash_map::Entry::Vacant(vacant) = &slot {
            self.scratch.clear();
            write(vacant.key(), &mut self.scratch);
            pbf::bytes(&mut self.written, VALUES, &self.scratch);
        }
        *slot.or_insert(new)
    }

    /// Appends keys and values as fields of a layer.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.names.iter().for_each(|n| pbf::bytes(out, KEYS, n.as_bytes()));
        out.extend_from_slice(&self.written);
    }

    /// About how many bytes [`Dictionary::write`] appends.
    pub(super) fn size(&self) -> usize {
        self.written.len() + self.names.iter().map(|n| n.len() + 6).sum::<usize>()
    }
}

fn entry(value: &Value) -> Option<Entry<'_>> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(b) => Entry::Bool(*b),
        Value::Int(n) => u64::try_from(*n).map_or(Entry::Sint(*n), Entry::Uint),
        Value::Float(x) if f64::from(*x as f32).to_bits() == x.to_bits() => Entry::Float((*x as f32).to_bits()),
        Value::Float(x) => Entry::Double(x.to_bits()),
        Value::Text(text) => Entry::Text(text),
        Value::List(_) | Value::Map(_) => Entry::Json(value.to_text()),
    })
}

fn write(entry: &Entry<'_>, out: &mut Vec<u8>) {
    match entry {
        Entry::Text(text) => pbf::bytes(out, field::TEXT, text.as_bytes()),
        Entry::Json(text) => pbf::bytes(out, field::TEXT, text.as_bytes()),
        Entry::Float(bits) => pbf::float(out, field::FLOAT, f32::from_bits(*bits)),
        Entry::Double(bits) => pbf::double(out, field::DOUBLE, f64::from_bits(*bits)),
        Entry::Uint(n) => pbf::number(out, field::UINT, *n),
        Entry::Sint(n) => pbf::number(out, field::SINT, pbf::zigzag(*n)),
        Entry::Bool(b) => pbf::number(out, field::BOOL, u64::from(*b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::Properties;

    #[test]
    fn equal_keys_and_values_are_written_once() {
        let a: Properties =
            [("a", Value::from("门")), ("b", Value::from(1_i64)), ("c", Value::Null)].into_iter().collect();
        let b: Properties = [("b", Value::from(1_i64)), ("d", Value::from("门"))].into_iter().collect();
        let mut dictionary = Dictionary::default();
        let mut tags = Vec::new();
        dictionary.tags(a.iter(), &mut tags);
        dictionary.tags(b.iter(), &mut tags);
        assert_eq!(tags, [0, 0, 1, 1, 1, 1, 2, 0]);
        let mut out = Vec::new();
        dictionary.write(&mut out);
        let keys = b"\x1a\x01a\x1a\x01b\x1a\x01d";
        let values = b"\x22\x05\x0a\x03\xe9\x97\xa8\x22\x02\x28\x01";
        assert_eq!(out, [keys.as_slice(), values.as_slice()].concat());
    }

    #[test]
    fn a_number_takes_the_narrowest_kind_that_holds_it() {
        let kinds = [Value::Int(-1), Value::Int(1), Value::Float(0.5), Value::Float(0.1), Value::Float(-0.0)];
        let tags: Vec<u8> = kinds
            .iter()
            .map(|v| {
                let mut out = Vec::new();
                write(&entry(v).unwrap(), &mut out);
                out[0] >> 3
            })
            .collect();
        assert_eq!(tags, [6, 5, 2, 3, 2]);
    }
}
