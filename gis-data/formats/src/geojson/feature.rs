//! One feature out of its text.

use std::borrow::Cow;
use std::fmt;

use gis_data::{Properties, Result};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::geometry::RawGeometry;
use super::value::{JsonValue, PropertiesSeed};
use super::{invalid, syntax};
use crate::Record;
use crate::names::Names;
use crate::shape::Heights;

/// The parts of a feature that count.
#[derive(Default)]
struct Parts<'a> {
    kind: Option<Cow<'a, str>>,
    id: Option<String>,
    geometry: Option<RawGeometry<'a>>,
    properties: Properties,
    named: bool,
}

struct FeatureSeed<'n>(&'n mut Names);

impl<'de> DeserializeSeed<'de> for FeatureSeed<'_> {
    type Value = Parts<'de>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Parts<'de>, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FeatureSeed<'_> {
    type Value = Parts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts<'de>, A::Error> {
        let mut parts = Parts::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "type" => parts.kind = Some(map.next_value()?),
                "id" => {
                    parts.id = match map.next_value::<JsonValue>()?.0 {
                        gis_data::Value::Null => None,
                        v @ (gis_data::Value::Text(_) | gis_data::Value::Int(_) | gis_data::Value::Float(_)) => {
                            Some(v.to_text())
                        }
                        _ => return Err(A::Error::custom("the id of a feature is a text or a number")),
                    };
                }
                "geometry" => {
                    parts.named = true;
                    parts.geometry = map.next_value()?;
                }
                "properties" => parts.properties = map.next_value_seed(PropertiesSeed(self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(parts)
    }
}

/// Reads a feature, or a bare geometry. The text's depth was guarded before.
pub(super) fn read(
    bytes: &[u8],
    names: &mut Names,
    table: &str,
    row: u64,
) -> Result<Record, (Option<String>, gis_data::Error)> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parts = FeatureSeed(names).deserialize(&mut json).and_then(|p| json.end().map(|()| p));
    let parts = parts.map_err(|cause| (None, syntax(cause)))?;
    let key = parts.id;
    let geometry = match parts.kind.as_deref() {
        Some("Feature") => parts.geometry,
        Some("FeatureCollection") => {
            let told = invalid(
                "要素的位置上出现了 FeatureCollection；请把其中的要素放到最外层",
                "a FeatureCollection stands where a feature should; move its features to the top",
            );
            return Err((key, told));
        }
        Some(_) if !parts.named => Some(serde_json::from_slice(bytes).map_err(|cause| (key.clone(), syntax(cause)))?),
        _ => {
            let told = invalid(
                "这一条没有 \"type\":\"Feature\"，不是 GeoJSON 要素；请检查来源",
                "it has no \"type\":\"Feature\" and is no GeoJSON feature; check where it comes from",
            );
            return Err((key, told));
        }
    };
    let mut heights = Heights::default();
    let shape = geometry.map(|g| g.shape(&mut heights)).transpose().map_err(|e| (key.clone(), e))?;
    Ok(Record { row, table: table.to_owned(), key, shape, z: heights.finish(), properties: parts.properties })
}

/// Reads an object of properties, for the line protocol of the child program.
pub(crate) fn json_properties(json: &str, names: &mut Names) -> Result<Properties, serde_json::Error> {
    PropertiesSeed(names).deserialize(&mut serde_json::Deserializer::from_str(json))
}
