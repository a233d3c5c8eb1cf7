//! Sources that no sheet knows: a layer of their own, fields as found.

use std::collections::BTreeMap;

use geo_types::Geometry as Shape;
use gis_data::{Class, Field, FieldKind, GeometryKind, Layer, LayerId, Properties, Value, Words};
use sha2::{Digest, Sha256};

use super::Draft;
use super::keys::content_key;
use crate::{Record, Table};

/// The one draft of a record that no sheet knows.
pub(super) fn drafts(source: &str, record: &Record) -> Vec<Draft> {
    // A slug is a layer name by construction; a test holds it.
    let Ok(layer) = LayerId::new(&slug(&record.table)) else { return vec![] };
    // An empty cell of a table is no field of the thing.
    let mut properties: Properties = record.properties.clone().into_iter().filter(|(_, v)| *v != Value::Null).collect();
    if properties.get("source").is_none() {
        properties.set("source", source);
    }
    let key = record.key.clone().unwrap_or_else(|| content_key(record));
    vec![Draft { layer, key, shape: record.shape.clone(), z: record.z.clone(), properties }]
}

/// The layer of the city that a table is called after: `"Road Segments"` is `road_segments`. A name with letters that are not Latin
/// has no ASCII form that people would know, so it is `t_` and a stable hash; the title keeps the name.
pub fn slug(table: &str) -> String {
    let foreign = table.chars().any(|c| c.is_alphanumeric() && !c.is_ascii());
    let mut out = String::new();
    for c in table.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let name = out.trim_end_matches('_');
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !foreign && starts && name.len() <= 63 && !RESERVED.contains(&name) {
        return name.to_owned();
    }
    let digest = Sha256::digest(table.as_bytes());
    format!("t_{}", super::keys::hex(digest.get(..6).unwrap_or_default()))
}

/// Names that a foreign table must not take: the system layer, and those who hold persons and would be seen by no one.
const RESERVED: [&str; 5] = ["layer", "person", "household", "residence", "vehicle"];

/// A schema for a table that no sheet knows, from its name and some of its records. It is internal until someone says otherwise.
pub fn infer_layer(table: &Table, samples: &[Record]) -> gis_data::Result<Layer> {
    let id = LayerId::new(&slug(&table.name))?;
    let mut kinds: BTreeMap<&str, Option<FieldKind>> = BTreeMap::new();
    let mut geometry = None;
    for record in samples.iter().filter(|r| r.table == table.name) {
        geometry = widest(geometry, geometry_kind(record.shape.as_ref()));
        for (name, value) in record.properties.iter() {
            let known = kinds.entry(name.as_ref()).or_insert(None);
            *known = match (*known, field_kind(value)) {
                (known, None) => known,
                (None, found) => found,
                (Some(a), Some(b)) if a == b => Some(a),
                (Some(FieldKind::Int | FieldKind::Float), Some(FieldKind::Int | FieldKind::Float)) => {
                    Some(FieldKind::Float)
                }
                _ => Some(FieldKind::Text),
            };
        }
    }
    let words = |text: &str| Words { zh: text.to_owned(), en: text.to_owned() };
    let field = |name: &str, kind: Option<FieldKind>| Field {
        name: name.to_owned(),
        title: words(name),
        kind: kind.unwrap_or_default(),
        unit: None,
        class: None,
        min_zoom: 0,
        codes: vec![],
    };
    let mut fields: Vec<Field> = kinds.into_iter().map(|(name, kind)| field(name, kind)).collect();
    if !fields.iter().any(|f| f.name == "source") {
        fields.push(Field { title: Words { zh: "来源".into(), en: "Source".into() }, ..field("source", None) });
    }
    Ok(Layer {
        id,
        title: words(&table.name),
        class: Class::Internal,
        geometry: geometry.unwrap_or(GeometryKind::None),
        place: false,
        min_zoom: 0,
        fields,
    })
}

fn geometry_kind(shape: Option<&Shape<f64>>) -> Option<GeometryKind> {
    Some(match shape? {
        Shape::Point(_) | Shape::MultiPoint(_) => GeometryKind::Point,
        Shape::Line(_) | Shape::LineString(_) | Shape::MultiLineString(_) => GeometryKind::Line,
        Shape::Polygon(_) | Shape::MultiPolygon(_) | Shape::Rect(_) | Shape::Triangle(_) => GeometryKind::Polygon,
        Shape::GeometryCollection(_) => GeometryKind::Any,
    })
}

fn widest(a: Option<GeometryKind>, b: Option<GeometryKind>) -> Option<GeometryKind> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => Some(GeometryKind::Any),
        (a, b) => a.or(b),
    }
}

fn field_kind(value: &Value) -> Option<FieldKind> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => FieldKind::Bool,
        Value::Int(_) => FieldKind::Int,
        Value::Float(_) => FieldKind::Float,
        Value::Text(_) | Value::List(_) | Value::Map(_) => FieldKind::Text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_layer_name() {
        assert_eq!(slug("RoadSegments"), "roadsegments");
        assert_eq!(slug("Road Segments (2020)"), "road_segments_2020");
        for odd in ["消防栓", "2020", "", "layer", "__", &"a".repeat(70), "Straße", "person"] {
            let name = slug(odd);
            assert!(name.starts_with("t_") && LayerId::new(&name).is_ok(), "{odd} {name}");
        }
        assert_ne!(slug("消防栓"), slug("路灯"));
        assert_eq!(slug("消防栓"), slug("消防栓"));
    }
}
