//! Rows as GeoJSON (RFC 7946).

use gis_data::Shown;
use serde_json::{Map, Value, json};

/// The shape, or null.
pub(crate) fn geometry(row: &Shown) -> Value {
    let Some(shape) = row.geometry() else { return Value::Null };
    let mut text = Vec::new();
    // Writing to memory does not fail, and what the writer writes is JSON.
    let written = gis_data_formats::geojson::write_geometry(&mut text, shape);
    written.ok().and_then(|()| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// A feature with the fields that its viewer may see; `fields` cuts them further.
pub(crate) fn feature(row: &Shown, fields: Option<&[String]>) -> Value {
    let wanted = |name: &str| fields.is_none_or(|f| f.iter().any(|n| n == name));
    let properties: Map<String, Value> = row
        .properties()
        .filter(|(n, _)| wanted(n))
        .map(|(n, v)| (n.to_string(), serde_json::to_value(v).unwrap_or_default()))
        .collect();
    json!({
        "type": "Feature",
        "id": row.id(),
        "geometry": geometry(row),
        "properties": properties,
    })
}

/// A feature with its distance.
pub(crate) fn near(row: &Shown, metres: f64, fields: Option<&[String]>) -> Value {
    let mut told = feature(row, fields);
    told["distance_m"] = json!((metres * 100.0).round() / 100.0);
    told
}

/// A collection.
pub(crate) fn collection(features: &[Value], next: Option<&str>) -> Value {
    json!({ "type": "FeatureCollection", "numberReturned": features.len(), "features": features, "next": next })
}
