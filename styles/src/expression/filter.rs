//! Filters: expressions that answer yes or no, and the legacy form, which is rewritten.

use super::{Context, Expression, ParseError};
use crate::spec::PropertySpec;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A compiled filter. The default admits everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    expression: Option<Expression>,
}

/// Which of the two ways to write a filter a part of it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    Expression,
    Legacy,
    /// The same in both.
    Either,
}

/// The property table's row for filters.
fn spec() -> PropertySpec {
    PropertySpec::filter()
}

impl Filter {
    /// Compiles a filter of either form.
    pub fn parse(json: &Json) -> Result<Self, Vec<ParseError>> {
        let rewritten;
        let json = if writing(json, 0) == Writing::Legacy {
            rewritten = rewrite(json, &mut BTreeMap::new(), 0);
            &rewritten
        } else {
            json
        };
        Ok(Self { expression: Some(Expression::parse(json, &spec())?) })
    }

    /// Whether the feature passes. A fault (a property of the wrong type) is a no.
    pub fn matches(&self, ctx: &Context) -> bool {
        self.expression
            .as_ref()
            .is_none_or(|expression| expression.evaluate_plain(ctx).is_ok_and(|value| value.truthy()))
    }

    /// Whether `feature-state` is not asked for.
    pub fn is_state_constant(&self) -> bool {
        self.expression.as_ref().is_none_or(Expression::is_state_constant)
    }

    /// Whether the answer does not change with the zoom.
    pub fn is_zoom_constant(&self) -> bool {
        self.expression.as_ref().is_none_or(Expression::is_zoom_constant)
    }
}

/// Finds out the form. An array too deep to look into counts as an expression, whose reader refuses it.
pub(crate) fn writing(filter: &Json, depth: usize) -> Writing {
    if filter.is_boolean() {
        return Writing::Either;
    }
    let list = filter.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(op) = list.first() else { return Writing::Legacy };
    let is_list = |at: usize| list.get(at).is_some_and(Json::is_array);
    match op.as_str().unwrap_or_default() {
        "has" => match list.get(1).map(|name| name.as_str().unwrap_or_default()) {
            None | Some("$id" | "$type") => Writing::Legacy,
            Some(_) if list.len() == 2 => Writing::Either,
            Some(_) => Writing::Expression,
        },
        "in" if list.len() >= 3 && (!list.get(1).is_some_and(Json::is_string) || is_list(2)) => Writing::Expression,
        "==" | "!=" | ">" | ">=" | "<" | "<=" if list.len() != 3 || is_list(1) || is_list(2) => Writing::Expression,
        "in" | "!in" | "!has" | "none" | "==" | "!=" | ">" | ">=" | "<" | "<=" => Writing::Legacy,
        "any" | "all" if depth < super::parse::MAX_DEPTH => {
            let children = list.iter().skip(1).map(|child| writing(child, depth + 1));
            children.fold(Writing::Either, |all, child| match (all, child) {
                (Writing::Expression, _) | (_, Writing::Expression) => Writing::Expression,
                (Writing::Legacy, _) | (_, Writing::Legacy) => Writing::Legacy,
                _ => Writing::Either,
            })
        }
        _ => Writing::Expression,
    }
}

/// The types that a legacy comparison expects of its properties; within `any` they are asked for first, because there
/// a wrong type must be a no and not a fault.
type Expected = BTreeMap<String, &'static str>;

fn rewrite(filter: &Json, expected: &mut Expected, depth: usize) -> Json {
    let list = filter.as_array().map(Vec::as_slice).unwrap_or_default();
    let op = list.first().and_then(Json::as_str).unwrap_or_default();
    if depth > super::parse::MAX_DEPTH || matches!(writing(filter, depth), Writing::Expression | Writing::Either) {
        return filter.clone();
    }
    let [_, rest @ ..] = list else { return json!(true) };
    if rest.is_empty() {
        return json!(op != "any");
    }
    match op {
        "any" | "none" => {
            let children: Vec<_> = rest.iter().map(|child| guarded(child, depth)).collect();
            let any = Json::Array(std::iter::once(json!("any")).chain(children).collect());
            if op == "any" { any } else { json!(["!", any]) }
        }
        "all" => {
            let children = rest.iter().map(|child| rewrite(child, expected, depth + 1));
            Json::Array(std::iter::once(json!("all")).chain(children).collect())
        }
        "in" | "!in" => membership(rest, op == "!in"),
        "has" => has(rest),
        "!has" => json!(["!", has(rest)]),
        _ => comparison(op, rest, expected),
    }
}

fn guarded(child: &Json, depth: usize) -> Json {
    let mut expected = Expected::new();
    let child = rewrite(child, &mut expected, depth + 1);
    if expected.is_empty() {
        return child;
    }
    let tests = expected.iter().map(|(name, kind)| json!(["==", ["typeof", property(name)], kind]));
    let tests = Json::Array(std::iter::once(json!("all")).chain(tests).collect());
    json!(["case", tests, child, false])
}

fn property(name: &str) -> Json {
    match name {
        "$type" => json!(["geometry-type"]),
        "$id" => json!(["id"]),
        name => json!(["get", name]),
    }
}

fn name_of(rest: &[Json]) -> &str {
    rest.first().and_then(Json::as_str).unwrap_or_default()
}

fn comparison(op: &str, rest: &[Json], expected: &mut Expected) -> Json {
    let name = name_of(rest);
    let value = rest.get(1).cloned().unwrap_or_default();
    let get = property(name);
    if value.is_null() && !name.starts_with('$') {
        // A missing property is not null in the legacy form.
        return match op {
            "==" => json!(["all", ["has", name], ["==", get, null]]),
            "!=" => json!(["any", ["!", ["has", name]], ["!=", get, null]]),
            _ => json!([op, get, null]),
        };
    }
    let kind = match value {
        Json::Number(_) => Some("number"),
        Json::String(_) => Some("string"),
        Json::Bool(_) => Some("boolean"),
        _ => None,
    };
    if let Some(kind) = kind.filter(|_| name != "$type") {
        expected.insert(name.to_owned(), kind);
    }
    json!([op, get, value])
}

fn membership(rest: &[Json], negate: bool) -> Json {
    let (get, values) = (property(name_of(rest)), rest.get(1..).unwrap_or_default());
    if values.is_empty() {
        return json!(negate);
    }
    let texts = values.iter().all(Json::is_string);
    let numbers = values.iter().all(|v| v.as_f64().is_some_and(|n| n.fract() == 0.0));
    if texts || numbers {
        let mut unique: Vec<&Json> = Vec::new();
        for value in values {
            if !unique.contains(&value) {
                unique.push(value);
            }
        }
        return json!(["match", get, unique, !negate, negate]);
    }
    let (all, op) = if negate { ("all", "!=") } else { ("any", "==") };
    let tests = values.iter().map(|value| json!([op, get, value]));
    Json::Array(std::iter::once(json!(all)).chain(tests).collect())
}

fn has(rest: &[Json]) -> Json {
    match name_of(rest) {
        "$type" => json!(true),
        "$id" => json!(["!=", ["id"], null]),
        name => json!(["has", name]),
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::expression::{Context, PlainFeature, Value};
    use serde_json::{Value as Json, json};

    fn passes(filter: &Json, properties: &Json) -> bool {
        let Value::Map(map) = Value::from_json(properties) else { return false };
        let feature = PlainFeature { properties: (*map).clone(), ..PlainFeature::default() };
        Filter::parse(filter).is_ok_and(|f| f.matches(&Context::new(10.0, &feature)))
    }

    #[test]
    fn both_forms_are_understood() {
        let road = json!({"class": "primary", "layer": 1});
        assert!(passes(&json!(["==", "class", "primary"]), &road));
        assert!(passes(&json!(["==", ["get", "class"], "primary"]), &road));
        assert!(passes(&json!(["in", "class", "primary", "trunk"]), &road));
        assert!(passes(&json!(["all", ["has", "layer"], ["!in", "class", "steps"]]), &road));
        assert!(passes(&json!(["none", ["==", "class", "steps"]]), &road));
    }

    #[test]
    fn a_wrong_type_in_legacy_any_is_a_no_and_the_next_is_asked() {
        let filter = json!(["any", [">", "y", 0], [">", "x", 0]]);
        assert!(passes(&filter, &json!({"x": 1, "y": null})));
        assert!(!passes(&filter, &json!({"x": 0, "y": "a"})));
    }

    #[test]
    fn null_and_missing_differ() {
        assert!(passes(&json!(["==", "a", null]), &json!({"a": null})));
        assert!(!passes(&json!(["==", "a", null]), &json!({})));
    }
}
