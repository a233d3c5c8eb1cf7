//! Reading answers: a value that is not what it should be fails the test with the value in its message.

use serde_json::Value;

/// The items of a list.
///
/// # Panics
/// When `value` is no list.
#[track_caller]
pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

/// The integer id of a GeoJSON feature.
///
/// # Panics
/// When it has none.
#[track_caller]
pub fn id(feature: &Value) -> u64 {
    feature["id"].as_u64().unwrap_or_else(|| panic!("no integer id: {feature}"))
}

/// The item of a list whose `id` is this.
///
/// # Panics
/// When there is none.
#[track_caller]
pub fn with_id<'a>(items: &'a Value, id: &str) -> &'a Value {
    list(items).iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no {id} in {items}"))
}

/// Whether a text holds no Chinese.
pub fn is_english(text: &str) -> bool {
    !text.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c))
}
