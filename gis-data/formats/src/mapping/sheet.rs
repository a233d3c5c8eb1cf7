//! The form of a mapping file.

use std::collections::BTreeMap;
use std::sync::Arc;

use gis_data::{LayerId, Result, Value};
use serde::Deserialize;

use super::kinds::{Kinds, RawKinds};
use super::wrong;
use crate::Record;

/// A mapping file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Whether the built-in sheets are left out.
    #[serde(default)]
    pub(super) only: bool,
    #[serde(default)]
    kinds: BTreeMap<String, RawKinds>,
    #[serde(default, rename = "sheet")]
    list: Vec<Sheet>,
}

impl File {
    pub(super) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|cause: toml::de::Error| {
            let said = cause.to_string();
            wrong(
                format!("映射文件有误：{said}；写法见内置的 maps/osm.toml"),
                format!("the mapping file is wrong: {said}; see the built-in maps/osm.toml for its form"),
            )
            .because(cause)
        })
    }

    /// Its sheets, each knowing the code tables.
    pub(super) fn sheets(self) -> Result<Vec<Sheet>> {
        let kinds: BTreeMap<String, Kinds> = self.kinds.into_iter().map(|(n, k)| (n, Kinds::new(k))).collect();
        let kinds = Arc::new(kinds);
        let mut sheets = self.list;
        for sheet in &mut sheets {
            for field in sheet.rule.iter().flat_map(|r| r.fields.values()) {
                check_kinds(field, &kinds).map_err(|e| e.at(&sheet.name))?;
            }
            sheet.kinds = Arc::clone(&kinds);
        }
        Ok(sheets)
    }
}

fn check_kinds(field: &FieldRule, known: &BTreeMap<String, Kinds>) -> Result<()> {
    let FieldRule::Made(made) = field else { return Ok(()) };
    if let Some(name) = made.kinds.as_ref().filter(|n| !known.contains_key(*n)) {
        return Err(wrong(
            format!("没有名为 kinds.{name} 的代码表；请在同一文件里写上"),
            format!("there is no code table kinds.{name}; write it in the same file"),
        ));
    }
    made.or.as_ref().map_or(Ok(()), |or| check_kinds(or, known))
}

/// Rules for sources of one make.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    /// For people.
    name: String,
    /// It applies if one of these holds; always if there are none.
    #[serde(default)]
    applies: Vec<Applies>,
    /// Fields that joined are the key of a record that has none, if all are there.
    #[serde(default)]
    pub(super) key: Many,
    #[serde(default)]
    pub(super) rule: Vec<Rule>,
    #[serde(skip)]
    pub(super) kinds: Arc<BTreeMap<String, Kinds>>,
}

/// What a source must look like. Everything that is given must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Applies {
    /// Globs for the name of the file.
    #[serde(default)]
    source: Many,
    /// Globs for the table.
    #[serde(default)]
    table: Many,
    /// Fields that must be there.
    #[serde(default)]
    has: Many,
    /// Groups of which at least one field must be there.
    #[serde(default)]
    any: Vec<Many>,
}

impl Sheet {
    /// Whether the sheet takes a record.
    pub(super) fn takes(&self, source: &str, record: &Record) -> bool {
        self.applies.is_empty() || self.applies.iter().any(|a| a.holds(source, record))
    }
}

impl Applies {
    fn holds(&self, source: &str, record: &Record) -> bool {
        let has = |name: &String| record.properties.get(name).is_some();
        (self.source.0.is_empty() || self.source.0.iter().any(|g| glob(g, source)))
            && (self.table.0.is_empty() || self.table.0.iter().any(|g| glob(g, &record.table)))
            && self.has.0.iter().all(has)
            && self.any.iter().all(|group| group.0.iter().any(has))
    }
}

/// One layer out of a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) layer: LayerId,
    /// The kinds of shapes it takes; any if there are none.
    #[serde(default)]
    pub(super) shape: Vec<ShapeKind>,
    /// All must hold.
    #[serde(default)]
    pub(super) all: BTreeMap<String, Test>,
    /// At least one must hold, if there are any.
    #[serde(default)]
    pub(super) any: BTreeMap<String, Test>,
    /// Fields of the draft without which the rule does not match.
    #[serde(default)]
    pub(super) needs: Many,
    /// The field with the key, instead of the record's own.
    #[serde(default)]
    pub(super) key: Many,
    /// Is added to the key, for a second draft of the same record.
    #[serde(default)]
    pub(super) suffix: String,
    /// What becomes of the shape.
    #[serde(default)]
    pub(super) at: Where,
    /// Whether fields that no rule names are kept too.
    #[serde(default)]
    pub(super) rest: bool,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, FieldRule>,
}

/// What becomes of the shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Where {
    /// It is kept.
    #[default]
    Shape,
    /// A point within it.
    Inside,
}

/// The kinds of shapes that rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ShapeKind {
    None,
    Point,
    Line,
    Polygon,
    Collection,
}

/// One text or several.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub(super) struct Many(pub(super) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Many {
    fn from(all: OneOrMany) -> Self {
        Self(match all {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        })
    }
}

/// A condition on a field.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Test {
    /// It is there (`true`) or not (`false`).
    There(bool),
    /// It equals, or matches a glob with `*`.
    Equals(String),
    /// It is one of these.
    In(Vec<String>),
    /// It is there and none of these.
    Not(Not),
}

/// A condition that excludes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Not {
    not: Vec<String>,
}

impl Test {
    /// Whether the condition holds for a field's value.
    pub(super) fn holds(&self, value: Option<&Value>) -> bool {
        let text = value.filter(|v| **v != Value::Null).map(Value::to_text);
        match (self, text) {
            (Self::There(there), text) => *there == text.is_some_and(|t| !t.trim().is_empty()),
            (_, None) => false,
            (Self::Equals(wanted), Some(text)) => glob(wanted, &text),
            (Self::In(wanted), Some(text)) => wanted.iter().any(|w| glob(w, &text)),
            (Self::Not(test), Some(text)) => !text.trim().is_empty() && !test.not.iter().any(|w| glob(w, &text)),
        }
    }
}

/// How a field of the draft is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum FieldRule {
    /// A copy of the first of these fields that is there.
    Copy(Many),
    /// Made.
    Made(Made),
}

/// A field that is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Made {
    /// The first of these fields that is there.
    #[serde(default)]
    pub(super) from: Many,
    /// All of these fields, joined as an address is.
    #[serde(default)]
    pub(super) join: Many,
    /// A constant.
    pub(super) value: Option<Value>,
    /// What it is converted to.
    #[serde(default, rename = "as")]
    pub(super) to: To,
    /// A factor, for numbers.
    pub(super) times: Option<f64>,
    /// Codes: text as found to text as stored; `*` stands for every other text.
    pub(super) codes: Option<BTreeMap<String, String>>,
    /// The code table that tells the value from several fields (see `[kinds.…]`).
    pub(super) kinds: Option<String>,
    /// What is tried when this gives nothing.
    pub(super) or: Option<Box<FieldRule>>,
}

/// What a field is converted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum To {
    /// As it is.
    #[default]
    Same,
    /// Text.
    Text,
    /// A whole number: of `3;4` the greatest.
    Int,
    /// A number.
    Float,
    /// Yes or no: `yes`, `1`, `是`, and every other text than a no.
    Bool,
    /// Metres: `12`, `12.5 m`, `40 ft`, `12'6"`.
    Metres,
    /// A year out of a date.
    Year,
    /// `rgb(1,2,3)`, `#123`, a name: as it is if a colour, else nothing.
    Color,
    /// A day as `2026-03-01`, out of `2026/3/1`, `2026年3月1日`, `20260301`.
    Date,
}

/// Whether `text` matches a pattern with `*`. Case counts.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let middle: Vec<&str> = parts.collect();
    let Some((last, middle)) = middle.split_last() else { return rest.is_empty() };
    let mut rest = rest;
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod glob_tests {
    use super::glob;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text) in
            [("*", ""), ("a*", "abc"), ("*c", "abc"), ("a*c", "abbc"), ("a*b*c", "a1b2c"), ("abc", "abc")]
        {
            assert!(glob(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*", "bc"), ("a*c", "ab"), ("abc", "abcd"), ("a*b*c", "acb"), ("aa*aa", "aaa")] {
            assert!(!glob(pattern, text), "{pattern} {text}");
        }
    }
}
