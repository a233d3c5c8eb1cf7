//! The types of the expression language and which of them fit where.

use std::fmt;
use std::sync::Arc;

/// A type of the expression language. Its `Display` is the specification's notation, e.g. `array<number, 2>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `null`.
    Null,
    /// A number.
    Number,
    /// A text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A colour.
    Color,
    /// A map projection or a step between two.
    Projection,
    /// A map of names to values.
    Object,
    /// Anything; checked at evaluation.
    Value,
    /// A way to compare texts.
    Collator,
    /// Text with a look of its own for each section.
    Formatted,
    /// Four distances: top, right, bottom, left.
    Padding,
    /// One or more numbers.
    NumberArray,
    /// One or more colours.
    ColorArray,
    /// The name of a picture in the sprite.
    Image,
    /// Label anchors with their offsets.
    AnchorOffsets,
    /// A list with a type of items and perhaps a fixed length.
    Array(Arc<Type>, Option<usize>),
}

/// The kinds that a `value` may turn out to be.
const MEMBERS: [Type; 13] = [
    Type::Null,
    Type::Number,
    Type::String,
    Type::Boolean,
    Type::Color,
    Type::Projection,
    Type::Formatted,
    Type::Object,
    Type::Padding,
    Type::NumberArray,
    Type::ColorArray,
    Type::Image,
    Type::AnchorOffsets,
];

impl Type {
    /// A list of `item`, of any length or of exactly `length`.
    pub fn array(item: Self, length: Option<usize>) -> Self {
        Self::Array(Arc::new(item), length)
    }

    /// Whether a value of type `other` may stand where `self` is expected.
    pub fn accepts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(want, n), Self::Array(have, m)) => {
                let items = (**have == Self::Value && *m == Some(0)) || want.accepts(have);
                items && (n.is_none() || n == m)
            }
            (Self::Array(..), _) => false,
            (Self::Value, Self::Array(item, _)) => Self::Value.accepts(item),
            (Self::Value, Self::Value) => true,
            (Self::Value, other) => MEMBERS.contains(other),
            (a, b) => a == b,
        }
    }

    /// The type that a name in `["array", "number", …]` or in a property table stands for.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "string" | "enum" => Self::String,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "color" => Self::Color,
            "formatted" => Self::Formatted,
            "padding" => Self::Padding,
            "numberArray" => Self::NumberArray,
            "colorArray" => Self::ColorArray,
            "projectionDefinition" => Self::Projection,
            "resolvedImage" => Self::Image,
            "variableAnchorOffsetCollection" => Self::AnchorOffsets,
            _ => return None,
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Number => "number",
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Color => "color",
            Self::Projection => "projectionDefinition",
            Self::Object => "object",
            Self::Value => "value",
            Self::Collator => "collator",
            Self::Formatted => "formatted",
            Self::Padding => "padding",
            Self::NumberArray => "numberArray",
            Self::ColorArray => "colorArray",
            Self::Image => "resolvedImage",
            Self::AnchorOffsets => "variableAnchorOffsetCollection",
            Self::Array(item, length) => {
                return match (&**item, length) {
                    (item, Some(length)) => write!(f, "array<{item}, {length}>"),
                    (Self::Value, None) => f.write_str("array"),
                    (item, None) => write!(f, "array<{item}>"),
                };
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    #[test]
    fn lists_fit_by_item_and_length() {
        let two = Type::array(Type::Number, Some(2));
        assert!(Type::array(Type::Number, None).accepts(&two));
        assert!(Type::Value.accepts(&two));
        assert!(!Type::array(Type::Number, Some(3)).accepts(&two));
        assert!(Type::array(Type::String, None).accepts(&Type::array(Type::Value, Some(0))));
        assert!(!Type::Value.accepts(&Type::Collator));
        assert_eq!(two.to_string(), "array<number, 2>");
    }
}
