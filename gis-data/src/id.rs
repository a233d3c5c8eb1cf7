//! Identities: of things, of places, of layers.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The id of a thing, the same in all its versions. Between 1 and 2^53 - 1, so that MVT, JSON and JavaScript carry it exactly.
///
/// The upper 12 bits are its `home` (the shard it was born in, fixed for ever), the lower 41 a number within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct FeatureId(u64);

/// Bits of the number within a home: 2^41 things for each of 4096 homes.
const NUMBER_BITS: u32 = 41;

impl FeatureId {
    /// The least id.
    pub const FIRST: Self = Self(1);
    /// The greatest id.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// Checks that `id` lies in 1 ..= 2^53 - 1.
    pub fn new(id: u64) -> Result<Self> {
        if id == 0 || id > Self::MAX.0 {
            return Err(Error::invalid(
                format!("编号 {id} 不在 1 到 {} 之间", Self::MAX.0),
                format!("the id {id} does not lie between 1 and {}", Self::MAX.0),
            ));
        }
        Ok(Self(id))
    }

    /// The `number`-th thing born in `home`.
    pub fn born(home: u16, number: u64) -> Result<Self> {
        if u64::from(home) >> (53 - NUMBER_BITS) != 0 || number >> NUMBER_BITS != 0 {
            return Err(Error::invalid(
                format!("分区 {home} 第 {number} 号超出编号范围"),
                format!("number {number} of home {home} is out of the range of ids"),
            ));
        }
        Self::new(u64::from(home) << NUMBER_BITS | number)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The shard this thing was born in.
    pub const fn home(self) -> u16 {
        (self.0 >> NUMBER_BITS) as u16
    }
}

impl TryFrom<u64> for FeatureId {
    type Error = Error;
    fn try_from(id: u64) -> Result<Self> {
        Self::new(id)
    }
}

impl From<FeatureId> for u64 {
    fn from(id: FeatureId) -> Self {
        id.0
    }
}

impl FromStr for FeatureId {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let id = text.parse().map_err(|cause| {
            Error::invalid(format!("“{text}” 不是编号"), format!("“{text}” is not an id")).because(cause)
        });
        Self::new(id?)
    }
}

impl fmt::Display for FeatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The id of a place that can be addressed: an area, a doorplate (门牌), a building (楼牌), a stairwell (单元牌), a room (户牌).
/// Stable and never reused; official codes and address words are dated facts about it, never the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlaceId(pub FeatureId);

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a layer: lower-case letters, digits and `_`, at most 63, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LayerId(Arc<str>);

impl LayerId {
    /// Checks the form of the name.
    pub fn new(name: &str) -> Result<Self> {
        let good = name.len() <= 63
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if good {
            return Ok(Self(name.into()));
        }
        Err(Error::invalid(
            format!("图层名 “{name}” 不合规：须以小写字母开头，只含小写字母、数字和下划线，最多 63 个字符"),
            format!(
                "“{name}” is not a layer name: it must begin with a lower-case letter and hold only lower-case letters, digits and _, at most 63"
            ),
        ))
    }

    /// Stands for the layer of a thing of which nothing is believed; no layer can have this name.
    pub(crate) fn unknown() -> Self {
        Self("".into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for LayerId {
    type Error = Error;
    fn try_from(name: String) -> Result<Self> {
        Self::new(&name)
    }
}

impl From<LayerId> for String {
    fn from(id: LayerId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl FromStr for LayerId {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self> {
        Self::new(name)
    }
}

impl std::borrow::Borrow<str> for LayerId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_fits_a_double_and_keeps_its_home() {
        assert!(FeatureId::new(0).is_err());
        assert!(FeatureId::new(1 << 53).is_err());
        let id = FeatureId::born(4095, 7).unwrap();
        assert_eq!(id.home(), 4095);
        assert_eq!(id.get() as f64 as u64, id.get());
        assert!(FeatureId::born(4096, 1).is_err());
    }

    #[test]
    fn a_layer_name_is_plain() {
        assert!(LayerId::new("doorplate_1m").is_ok());
        for bad in ["", "Door", "1m", "a-b", "门牌", "a/b", &"a".repeat(64)] {
            assert!(LayerId::new(bad).is_err(), "{bad}");
        }
    }
}
