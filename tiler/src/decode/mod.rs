//! Reading tiles, strictly and under guard.
//!
//! [`decode()`] refuses whatever the specification (2.1, and 1.0 where it was wider) forbids. [`decode_lossy`] leaves out features
//! whose faults do not spoil the rest, and tells which.

mod error;
mod geometry;
mod reader;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use error::{DecodeError, Fault};
pub use geometry::{Shape, Vertex};

use geometry::Kind;
use reader::{Reader, Wire};

/// The most bytes a tile may have: far more than any map draws from, few enough to be held several times over.
pub const MAX_BYTES: usize = 64 << 20;

/// A tile that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodedTile {
    /// Its layers, no two of one name.
    pub layers: Vec<DecodedLayer>,
}

/// One layer of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedLayer {
    /// The version of the specification it follows: 1 or 2.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// Units along the tile's edge.
    pub extent: u32,
    /// Its features in order.
    pub features: Vec<DecodedFeature>,
    /// Names of properties.
    pub keys: Vec<String>,
    /// Values of properties.
    pub values: Vec<Value>,
}

/// One feature of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedFeature {
    /// Its id, if the tile says one.
    pub id: Option<u64>,
    /// Places of key and value in their lists; both exist.
    pub tags: Vec<(u32, u32)>,
    /// Its shape.
    pub shape: Shape,
}

/// A value as the tile knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number in single precision.
    Float(f32),
    /// A number in double precision.
    Double(f64),
    /// A whole number.
    Int(i64),
    /// A whole number from 0 on.
    Uint(u64),
    /// A whole number, written so that small negative ones are short.
    Sint(i64),
    /// Yes or no.
    Bool(bool),
}

impl DecodedTile {
    /// The layer called `name`.
    pub fn layer(&self, name: &str) -> Option<&DecodedLayer> {
        self.layers.iter().find(|l| l.name == name)
    }
}

impl DecodedLayer {
    /// The properties of one of its features.
    pub fn properties<'a>(&'a self, feature: &'a DecodedFeature) -> impl Iterator<Item = (&'a str, &'a Value)> {
        feature
            .tags
            .iter()
            .filter_map(|&(k, v)| Some((self.keys.get(k as usize)?.as_str(), self.values.get(v as usize)?)))
    }

    /// The value of one property of one of its features.
    pub fn get<'a>(&'a self, feature: &'a DecodedFeature, name: &str) -> Option<&'a Value> {
        self.properties(feature).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

impl From<&Value> for gis_data::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => text.as_str().into(),
            Value::Float(x) => f64::from(*x).into(),
            Value::Double(x) => (*x).into(),
            Value::Int(n) | Value::Sint(n) => (*n).into(),
            Value::Uint(n) => i64::try_from(*n).map_or_else(|_| (*n as f64).into(), Into::into),
            Value::Bool(b) => (*b).into(),
        }
    }
}

/// Reads a tile; one fault anywhere refuses it.
pub fn decode(bytes: &[u8]) -> Result<DecodedTile, DecodeError> {
    read(bytes, &mut Err)
}

/// Reads a tile and leaves out what has a [recoverable](Fault::recoverable) fault; what was left out is told.
pub fn decode_lossy(bytes: &[u8]) -> Result<(DecodedTile, Vec<DecodeError>), DecodeError> {
    let mut faults = Vec::new();
    let tile = read(bytes, &mut |e: DecodeError| {
        if !e.fault.recoverable() {
            return Err(e);
        }
        faults.push(e);
        Ok(())
    })?;
    Ok((tile, faults))
}

/// Decides whether reading goes on after a fault.
type Judge<'a> = &'a mut dyn FnMut(DecodeError) -> Result<(), DecodeError>;

fn read(bytes: &[u8], judge: Judge<'_>) -> Result<DecodedTile, DecodeError> {
    let fail = |layer, fault| DecodeError { layer, feature: None, fault };
    if bytes.len() > MAX_BYTES {
        return Err(fail(0, Fault::TooLarge));
    }
    let mut tile = DecodedTile::default();
    let mut reader = Reader::new(bytes);
    let mut count = 0;
    while let Some((field, wire)) = reader.field().map_err(|f| fail(count, f))? {
        count += 1;
        if field != 3 {
            // Numbers from 16 on are for extensions, which are passed over.
            if field >= 16 {
                continue;
            }
            return Err(fail(count, Fault::WrongField));
        }
        let layer = layer(wire.bytes().map_err(|f| fail(count, f))?, count, judge)?;
        if tile.layer(&layer.name).is_some() {
            judge(fail(count, Fault::SameName))?;
            continue;
        }
        tile.layers.push(layer);
    }
    Ok(tile)
}

fn layer(bytes: &[u8], number: usize, judge: Judge<'_>) -> Result<DecodedLayer, DecodeError> {
    let fail = |fault| DecodeError { layer: number, feature: None, fault };
    let (mut version, mut name, mut extent) = (None, None, 4096);
    let (mut messages, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut reader = Reader::new(bytes);
    let mut read = || -> Result<bool, Fault> {
        let Some((field, wire)) = reader.field()? else { return Ok(false) };
        match field {
            15 => version = Some(wire.varint()?),
            1 => name = Some(wire.text()?),
            2 => messages.push(wire.bytes()?),
            3 => keys.push(wire.text()?),
            4 => values.push(value(wire.bytes()?)?),
            5 => extent = u32::try_from(wire.varint()?).or(Err(Fault::WrongField))?,
            16.. => {}
            _ => return Err(Fault::WrongField),
        }
        Ok(true)
    };
    while read().map_err(fail)? {}
    let version = version.and_then(|v| u32::try_from(v).ok()).filter(|v| [1, 2].contains(v));
    let version = version.ok_or(fail(Fault::Version))?;
    let name = name.ok_or(fail(Fault::NoName))?;
    if extent == 0 {
        return Err(fail(Fault::Extent));
    }
    let mut features = Vec::with_capacity(messages.len());
    for (i, message) in messages.into_iter().enumerate() {
        match feature(message, version, keys.len(), values.len()) {
            Ok(feature) => features.push(feature),
            Err(fault) => judge(DecodeError { layer: number, feature: Some(i + 1), fault })?,
        }
    }
    Ok(DecodedLayer { version, name, extent, features, keys, values })
}

fn value(bytes: &[u8]) -> Result<Value, Fault> {
    let mut reader = Reader::new(bytes);
    let mut value = None;
    while let Some((field, wire)) = reader.field()? {
        let one = match (field, wire) {
            (1, wire) => Value::Text(wire.text()?),
            (2, Wire::Fixed32(bytes)) => Value::Float(f32::from_le_bytes(bytes)),
            (3, Wire::Fixed64(bytes)) => Value::Double(f64::from_le_bytes(bytes)),
            (4, wire) => Value::Int(wire.varint()?.cast_signed()),
            (5, wire) => Value::Uint(wire.varint()?),
            (6, wire) => wire.varint().map(|n| Value::Sint((n >> 1).cast_signed() ^ -(n & 1).cast_signed()))?,
            (7, wire) => Value::Bool(wire.varint()? != 0),
            _ => return Err(Fault::Value),
        };
        if value.replace(one).is_some() {
            return Err(Fault::Value);
        }
    }
    value.ok_or(Fault::Value)
}

fn feature(bytes: &[u8], version: u32, keys: usize, values: usize) -> Result<DecodedFeature, Fault> {
    let (mut id, mut kind, mut geometry) = (None, None, None);
    let mut packed = Cow::Borrowed([].as_slice());
    let mut reader = Reader::new(bytes);
    let mut twice = false;
    while let Some((field, wire)) = reader.field()? {
        match field {
            1 => id = Some(wire.varint()?),
            // Several packed lists are one.
            2 if packed.is_empty() => packed = Cow::Borrowed(wire.bytes()?),
            2 => packed.to_mut().extend_from_slice(wire.bytes()?),
            3 => kind = Some(wire.varint()?),
            4 => twice |= geometry.replace(wire.bytes()?).is_some(),
            16.. => {}
            _ => return Err(Fault::WrongField),
        }
    }
    let tags = tags(&packed, keys, values)?;
    let kind = kind.and_then(Kind::new).ok_or(Fault::UnknownKind)?;
    let geometry = geometry.filter(|_| !twice).ok_or(Fault::NoGeometry)?;
    Ok(DecodedFeature { id, tags, shape: geometry::read(kind, version, geometry)? })
}

fn tags(packed: &[u8], keys: usize, values: usize) -> Result<Vec<(u32, u32)>, Fault> {
    let mut reader = Reader::new(packed);
    let mut tags = Vec::with_capacity(packed.len() / 2);
    while !reader.is_empty() {
        let key = reader.uint32()?;
        if key as usize >= keys {
            return Err(Fault::TagPastEnd);
        }
        if reader.is_empty() {
            return Err(Fault::OddTags);
        }
        let value = reader.uint32()?;
        if value as usize >= values {
            return Err(Fault::TagPastEnd);
        }
        tags.push((key, value));
    }
    Ok(tags)
}
