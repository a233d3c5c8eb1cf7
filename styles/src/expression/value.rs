//! What an expression may answer.

use super::{Collator, Color, Type};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value of the expression language. Cloning is cheap.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Arc<str>),
    /// A colour.
    Color(Color),
    /// A list.
    List(Arc<[Value]>),
    /// Names and values.
    Map(Arc<BTreeMap<Arc<str>, Value>>),
    /// A way to compare texts.
    Collator(Arc<Collator>),
    /// Text in sections.
    Formatted(Arc<[Section]>),
    /// A picture of the sprite.
    Image(Image),
    /// Top, right, bottom, left.
    Padding([f64; 4]),
    /// One or more numbers.
    NumberArray(Arc<[f64]>),
    /// One or more colours.
    ColorArray(Arc<[Color]>),
    /// A projection, or a step between two.
    Projection(Arc<Projection>),
    /// Anchors of a label and their offsets in ems.
    AnchorOffsets(Arc<[(Arc<str>, [f64; 2])]>),
}

/// A picture of the sprite, and whether the sprite has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it is there; false too when no list of pictures was given.
    pub available: bool,
}

/// A part of a formatted text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// What it says.
    pub text: Arc<str>,
    /// Or the picture it shows.
    pub image: Option<Image>,
    /// Its size relative to `text-size`.
    pub scale: Option<f64>,
    /// Its fonts, separated by commas.
    pub fonts: Option<Arc<str>>,
    /// Its colour.
    pub color: Option<Color>,
    /// `bottom`, `center` or `top`.
    pub vertical_align: Option<Arc<str>>,
}

/// A projection that is `transition` of the way from one to the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Where it starts.
    pub from: Arc<str>,
    /// Where it goes.
    pub to: Arc<str>,
    /// 0 to 1.
    pub transition: f64,
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Its type; a list's items are looked through.
    pub fn kind(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Boolean,
            Self::Number(_) => Type::Number,
            Self::Text(_) => Type::String,
            Self::Color(_) => Type::Color,
            Self::Map(_) => Type::Object,
            Self::Collator(_) => Type::Collator,
            Self::Formatted(_) => Type::Formatted,
            Self::Image(_) => Type::Image,
            Self::Padding(_) => Type::Padding,
            Self::NumberArray(_) => Type::NumberArray,
            Self::ColorArray(_) => Type::ColorArray,
            Self::Projection(_) => Type::Projection,
            Self::AnchorOffsets(_) => Type::AnchorOffsets,
            Self::List(items) => {
                let mut kinds = items.iter().map(Self::kind);
                let first = kinds.next().unwrap_or(Type::Value);
                let item = if kinds.all(|kind| kind == first) { first } else { Type::Value };
                Type::array(item, Some(items.len()))
            }
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        if let Self::Number(n) = self { Some(*n) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(t) = self { Some(t) } else { None }
    }

    /// The truth, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(b) = self { Some(*b) } else { None }
    }

    /// The colour, if it is one.
    pub fn as_color(&self) -> Option<Color> {
        if let Self::Color(c) = self { Some(*c) } else { None }
    }

    /// The numbers of a list, if it holds nothing else.
    pub fn as_numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::List(items) => items.iter().map(Self::as_number).collect(),
            Self::NumberArray(items) => Some(items.to_vec()),
            Self::Padding(sides) => Some(sides.to_vec()),
            _ => None,
        }
    }

    /// `==` of the language: lists and objects never equal anything.
    pub(crate) fn strictly_equals(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Null, Self::Null)
                | (Self::Bool(_), Self::Bool(_))
                | (Self::Number(_), Self::Number(_))
                | (Self::Text(_), Self::Text(_))
        ) && self == other
    }

    pub(crate) fn truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(b) => *b,
            Self::Number(n) => *n != 0.0 && !n.is_nan(),
            Self::Text(t) => !t.is_empty(),
            _ => true,
        }
    }

    /// As `to-string` writes it: nothing for null, JSON for lists and objects.
    pub fn to_text(&self) -> Arc<str> {
        match self {
            Self::Null => Arc::from(""),
            Self::Text(t) => t.clone(),
            Self::Bool(b) => Arc::from(if *b { "true" } else { "false" }),
            Self::Number(n) => Arc::from(number_text(*n)),
            Self::Color(c) => Arc::from(c.to_string()),
            Self::Formatted(sections) => sections.iter().map(|s| &*s.text).collect::<String>().into(),
            Self::Image(image) => image.name.clone(),
            Self::Projection(p) if p.from == p.to && p.transition == 1.0 => p.from.clone(),
            other => Arc::from(other.to_json().to_string()),
        }
    }

    /// As JSON; a number that JSON cannot hold becomes null.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null | Self::Collator(_) => Json::Null,
            Self::Bool(b) => Json::Bool(*b),
            Self::Number(n) => number_json(*n),
            Self::Text(t) => Json::from(&**t),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => Json::Object(map.iter().map(|(k, v)| (k.to_string(), v.to_json())).collect()),
            Self::Padding(sides) => sides.iter().copied().map(number_json).collect(),
            Self::NumberArray(items) => items.iter().copied().map(number_json).collect(),
            Self::ColorArray(items) => items.iter().map(ToString::to_string).collect(),
            Self::Projection(p) => serde_json::json!([*p.from, *p.to, p.transition]),
            Self::AnchorOffsets(pairs) => {
                pairs.iter().flat_map(|(a, o)| [Json::from(&**a), serde_json::json!(o)]).collect()
            }
            Self::Color(_) | Self::Formatted(_) | Self::Image(_) => Json::from(&*self.to_text()),
        }
    }

    /// A plain value out of JSON.
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(b) => Self::Bool(*b),
            Json::Number(n) => Self::Number(n.as_f64().unwrap_or(f64::NAN)),
            Json::String(s) => Self::text(s.as_str()),
            Json::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Json::Object(map) => {
                Self::Map(Arc::new(map.iter().map(|(k, v)| (Arc::from(k.as_str()), Self::from_json(v))).collect()))
            }
        }
    }
}

impl From<&gis_data::Value> for Value {
    fn from(value: &gis_data::Value) -> Self {
        match value {
            gis_data::Value::Null => Self::Null,
            gis_data::Value::Bool(b) => Self::Bool(*b),
            gis_data::Value::Int(n) => Self::Number(*n as f64),
            gis_data::Value::Float(n) => Self::Number(*n),
            gis_data::Value::Text(text) => Self::Text(text.clone()),
            gis_data::Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            gis_data::Value::Map(map) => {
                Self::Map(Arc::new(map.iter().map(|(k, v)| (Arc::from(k.as_str()), Self::from(v))).collect()))
            }
        }
    }
}

fn number_json(n: f64) -> Json {
    if n.fract() == 0.0 && n.abs() < 9_007_199_254_740_992.0 {
        Json::from(n as i64)
    } else {
        serde_json::Number::from_f64(n).map_or(Json::Null, Json::Number)
    }
}

/// A number as ECMAScript writes it: no needless fraction, exponents only beyond 10²¹ and below 10⁻⁶.
pub(crate) fn number_text(n: f64) -> String {
    if n == 0.0 {
        return "0".to_owned();
    }
    if !n.is_finite() {
        return if n.is_nan() {
            "NaN"
        } else if n > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if (1e-6..1e21).contains(&n.abs()) {
        return n.to_string();
    }
    let text = format!("{n:e}");
    if n.abs() >= 1.0 { text.replace('e', "e+") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{Value, number_text};
    use serde_json::json;

    #[test]
    fn numbers_are_written_as_in_ecmascript() {
        for (n, text) in [(1.0, "1"), (-0.5, "-0.5"), (6.02e-23, "6.02e-23"), (1e21, "1e+21")] {
            assert_eq!(number_text(n), text);
        }
    }

    #[test]
    fn a_list_knows_the_type_of_its_items() {
        let kind = |json| Value::from_json(&json).kind().to_string();
        assert_eq!(kind(json!([1, 2])), "array<number, 2>");
        assert_eq!(kind(json!([1, "a"])), "array<value, 2>");
        assert_eq!(&*Value::from_json(&json!([1, {"y": 1}])).to_text(), r#"[1,{"y":1}]"#);
    }
}
