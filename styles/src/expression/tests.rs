//! The door that hostile styles knock at.

use super::{Context, Expression, PlainFeature, Value};
use crate::spec::PropertySpec;
use serde_json::{Value as Json, json};

fn spec() -> PropertySpec {
    PropertySpec::filter()
}

#[test]
fn hostile_nesting_is_refused() {
    let mut deep = json!(true);
    for _ in 0..100 {
        deep = json!(["!", deep]);
    }
    let errors = Expression::parse(&deep, &spec()).err().unwrap_or_default();
    assert!(errors.iter().any(|e| e.text.en.contains("nests deeper")), "{errors:?}");
}

#[test]
fn doubling_variables_cost_one_evaluation_each() {
    let mut body: Json = json!(["==", ["var", "x40"], 0]);
    for i in (1..=40).rev() {
        let before = format!("x{}", i - 1);
        body = json!(["let", format!("x{i}"), ["+", ["var", before], ["var", before]], body]);
    }
    let body = json!(["let", "x0", ["number", ["get", "n"]], body]);
    let expression = Expression::parse(&body, &spec()).expect("a legal expression");
    let feature = PlainFeature {
        properties: [("n".into(), Value::Number(0.0))].into_iter().collect(),
        ..PlainFeature::default()
    };
    assert_eq!(expression.evaluate(&Context::new(1.0, &feature)), Ok(Value::Bool(true)));
}

#[test]
fn an_error_says_where_and_what_in_two_languages() {
    let errors = Expression::parse(&json!(["!", ["==", ["get"], 1]]), &spec()).err().unwrap_or_default();
    let error = errors.first().expect("one error");
    assert_eq!(error.key, "[1][1]");
    assert!(!error.text.zh.is_empty() && error.text.en.contains("get"));
}
