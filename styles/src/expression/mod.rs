//! The expression language of MapLibre styles.
//!
//! [`Expression::property`] compiles the value of a property (a constant, an expression, a legacy function) once;
//! [`Expression::evaluate`] then answers for each feature and zoom. Reading checks types, folds what is constant and
//! limits nesting; evaluating never panics: it answers a value or says in two languages what was wrong.

mod collator;
mod color;
mod context;
mod filter;
mod function;
mod geometry;
mod kind;
mod node;
mod parse;
mod run;
mod value;
mod zoom;

pub use collator::Collator;
pub use color::Color;
pub use context::{Context, Feature, PlainFeature};
pub use filter::Filter;
pub use kind::Type;
pub use parse::ParseError;
pub use value::{Image, Projection, Section, Value};

pub(crate) use filter::{Writing, writing};
pub(crate) use parse::is_operator;
pub(crate) use run::convert;

use crate::spec::PropertySpec;
use crate::text::Text;
use node::{Node, Op};
use parse::{Fit, Parser};
use serde_json::Value as Json;
use std::sync::Arc;

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expression {
    node: Node,
    slots: usize,
    feature_constant: bool,
    zoom_constant: bool,
    default: Value,
    /// What an enumeration allows; empty otherwise.
    allowed: Arc<[String]>,
}

impl Expression {
    /// Compiles an expression or a legacy function for a property. A text is a text, not a token.
    pub fn parse(json: &Json, spec: &PropertySpec) -> Result<Self, Vec<ParseError>> {
        let rewritten;
        let json = match json {
            Json::Object(function) => {
                rewritten =
                    function::rewrite(function, spec).map_err(|text| vec![ParseError { key: String::new(), text }])?;
                &rewritten
            }
            other => other,
        };
        let mut parser = Parser::default();
        let expected = spec.expected_type();
        let fit = if spec.kind == "string" { Fit::Coerce } else { Fit::Usual };
        let Some(node) = parser.parse(json, "", expected.as_ref(), fit) else {
            return Err(parser.errors);
        };
        zoom::check(&node, spec).map_err(|error| vec![error])?;
        Ok(Self::of(node, parser.slots(), spec))
    }

    fn of(node: Node, slots: usize, spec: &PropertySpec) -> Self {
        Self {
            feature_constant: node.is_feature_constant(),
            zoom_constant: node.is_zoom_constant(),
            default: spec.default_value(),
            allowed: if spec.kind == "enum" { spec.values.clone().into() } else { Arc::default() },
            node,
            slots,
        }
    }

    /// Compiles the value of a property: a constant, a text with tokens, an expression or a legacy function.
    pub fn property(json: &Json, spec: &PropertySpec) -> Result<Self, Vec<ParseError>> {
        let operator = json.as_array().and_then(|list| list.first()).and_then(Json::as_str);
        if json.is_object() || operator.is_some_and(is_operator) {
            return Self::parse(json, spec);
        }
        if let (Json::String(text), true) = (json, spec.tokens) {
            return Self::parse(&function::tokens(text), spec);
        }
        let plain = Value::from_json(json);
        let value = match spec.expected_type() {
            Some(kind) if !kind.accepts(&plain.kind()) => {
                convert(&plain, &kind).map_err(|text| vec![ParseError { key: String::new(), text }])?
            }
            _ => plain,
        };
        Ok(Self::of(Node::literal(value), 0, spec))
    }

    /// The answer for a feature and a zoom. Null and not-a-number become the property's default.
    pub fn evaluate(&self, ctx: &Context) -> Result<Value, Text> {
        let value = self.evaluate_plain(ctx)?;
        match &value {
            Value::Null => Ok(self.default.clone()),
            Value::Number(n) if n.is_nan() => Ok(self.default.clone()),
            Value::Text(text) if !self.allowed.is_empty() && !self.allowed.iter().any(|a| **a == **text) => {
                Err(Text::new(
                    format!("“{text}”不在允许的值之中：{}", self.allowed.join("、")),
                    format!("\"{text}\" is not one of {}.", self.allowed.join(", ")),
                ))
            }
            _ => Ok(value),
        }
    }

    /// The answer, or the property's default when there was a fault.
    pub fn evaluate_or_default(&self, ctx: &Context) -> Value {
        self.evaluate(ctx).unwrap_or_else(|_| self.default.clone())
    }

    /// The bare answer, null included.
    pub fn evaluate_plain(&self, ctx: &Context) -> Result<Value, Text> {
        match &self.node.op {
            Op::Literal(value) => Ok(value.clone()),
            _ => run::evaluate(&self.node, ctx, self.slots),
        }
    }

    /// The answer when it is always the same.
    pub fn constant(&self) -> Option<&Value> {
        if let Op::Literal(value) = &self.node.op { Some(value) } else { None }
    }

    /// Whether the answer is the same for every feature.
    pub fn is_feature_constant(&self) -> bool {
        self.feature_constant
    }

    /// Whether the answer is the same at every zoom.
    pub fn is_zoom_constant(&self) -> bool {
        self.zoom_constant
    }

    /// Whether `feature-state` is not asked for.
    pub fn is_state_constant(&self) -> bool {
        self.node.is_state_constant()
    }

    /// The default of a property, as an expression that is always that.
    pub(crate) fn default_of(spec: &PropertySpec) -> Self {
        Self::of(Node::literal(spec.default_value()), 0, spec)
    }

    /// Whether every possible answer is written in the expression itself.
    pub(crate) fn outputs_are_literal(&self) -> bool {
        self.node.outputs_are_literal()
    }

    /// The names that `global-state` asks for.
    pub fn global_state_names(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        self.node.global_state(&mut names);
        names
    }

    /// The type of the answer.
    pub fn kind(&self) -> &Type {
        &self.node.kind
    }
}

#[cfg(test)]
mod tests;
