//! What the style specification (version 8) allows: the table `spec/properties.tsv`.

use crate::expression::{Type, Value, convert};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One row of the table: what a property may hold.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the specification's four yes-or-no facts about a property")]
pub struct PropertySpec {
    /// The specification's word for its type: `number`, `color`, `enum`, `array`, …
    pub kind: String,
    /// The type of a list's items.
    pub item: Option<String>,
    /// The length of a list.
    pub length: Option<usize>,
    /// What an enumeration allows.
    pub values: Vec<String>,
    /// What the value may depend on: `data-driven`, `data-constant`, `color-ramp`, …
    pub depends: String,
    /// It must be given.
    pub required: bool,
    /// It may have a transition.
    pub transition: bool,
    /// `{name}` within a text is filled in.
    pub tokens: bool,
    /// It may be interpolated.
    pub interpolated: bool,
    /// What expressions may ask for: `zoom`, `feature`, `feature-state`, …
    pub parameters: Vec<String>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// What it is when absent.
    pub default: Option<Json>,
}

impl PropertySpec {
    /// A filter: true or false, by zoom and feature.
    pub fn filter() -> Self {
        Self {
            kind: "boolean".to_owned(),
            depends: "data-driven".to_owned(),
            parameters: vec!["zoom".to_owned(), "feature".to_owned()],
            ..Self::default()
        }
    }

    /// Whether the value may differ between features.
    pub fn takes_features(&self) -> bool {
        matches!(self.depends.as_str(), "data-driven" | "cross-faded-data-driven")
    }

    /// Whether the value may differ between zooms.
    pub fn takes_zoom(&self) -> bool {
        self.parameters.iter().any(|p| p == "zoom")
    }

    /// Whether an expression may stand here at all.
    pub fn takes_expressions(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// The type an expression must have; none when anything will do.
    pub(crate) fn expected_type(&self) -> Option<Type> {
        if self.kind == "array" {
            let item = self.item.as_deref().and_then(Type::named).unwrap_or(Type::Value);
            return Some(Type::array(item, self.length));
        }
        Type::named(&self.kind)
    }

    /// What the property is when nothing else is said; null when the specification names nothing.
    pub fn default_value(&self) -> Value {
        let Some(default) = &self.default else { return Value::Null };
        let plain = Value::from_json(default);
        match self.expected_type() {
            Some(kind) if !kind.accepts(&plain.kind()) => convert(&plain, &kind).unwrap_or(Value::Null),
            _ => plain,
        }
    }

    fn from_row(row: &[&str]) -> Option<Self> {
        let [kind, item, length, values, depends, flags, parameters, minimum, maximum, default] = row else {
            return None;
        };
        let text = |cell: &str| (cell != "-").then(|| cell.to_owned());
        let list = |cell: &str, by: char| -> Vec<String> {
            text(cell).map(|cell| cell.split(by).map(str::to_owned).collect()).unwrap_or_default()
        };
        Some(Self {
            kind: (*kind).to_owned(),
            item: text(item),
            length: length.parse().ok(),
            values: list(values, '|'),
            depends: (*depends).to_owned(),
            required: flags.contains('r'),
            transition: flags.contains('t'),
            tokens: flags.contains('k'),
            interpolated: flags.contains('i'),
            parameters: list(parameters, ','),
            minimum: minimum.parse().ok(),
            maximum: maximum.parse().ok(),
            default: serde_json::from_str(default).ok(),
        })
    }
}

/// The properties of one object of the specification, by name; `*` admits any other.
pub type Group = BTreeMap<String, PropertySpec>;

static TABLE: LazyLock<BTreeMap<String, Group>> = LazyLock::new(|| {
    let mut table: BTreeMap<String, Group> = BTreeMap::new();
    for line in include_str!("../spec/properties.tsv").lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        if let [group, name, row @ ..] = cells.as_slice()
            && let Some(spec) = PropertySpec::from_row(row)
        {
            table.entry((*group).to_owned()).or_default().insert((*name).to_owned(), spec);
        }
    }
    table
});

/// The properties of `layer`, `source_vector`, `light`, `paint_fill`, `layout_line`, …; `$root` is the sheet itself.
pub fn group(name: &str) -> Option<&'static Group> {
    TABLE.get(name)
}

#[cfg(test)]
mod tests {
    use super::group;
    use crate::expression::{Color, Value};

    #[test]
    fn every_row_is_read() {
        let rows = include_str!("../spec/properties.tsv").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(super::TABLE.values().map(super::Group::len).sum::<usize>(), rows);
    }

    #[test]
    fn a_default_is_of_the_property_s_type() {
        let fill = group("paint_fill").expect("fill layers");
        assert_eq!(fill["fill-color"].default_value(), Value::Color(Color::new(0.0, 0.0, 0.0, 1.0)));
        assert!(fill["fill-color"].takes_features() && fill["fill-color"].interpolated);
        assert!(group("layout_symbol").is_some_and(|g| g["text-field"].tokens));
    }
}
