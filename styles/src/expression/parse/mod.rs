//! Reading an expression out of JSON: types are checked, constants folded, nesting limited.

mod branches;
mod calls;
mod curves;
mod lookup;
mod texts;
mod types;

use super::node::{Node, Op};
use super::{Context, Type, Value, run};
use crate::text::Text;
use serde_json::Value as Json;
use std::sync::Arc;

/// Deeper nesting is refused: the readers call themselves for every level.
pub(crate) const MAX_DEPTH: usize = 64;
/// More operators than this are refused.
const MAX_NODES: usize = 100_000;

/// Why an expression was refused, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The way into the expression, e.g. `[2][1]`; empty for the expression itself.
    pub key: String,
    /// What is wrong.
    pub text: Text,
}

/// How a value of unknown type is fitted to the expected one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// As the type wants it: checked, or converted when it has a written form.
    Usual,
    /// Converted.
    Coerce,
    /// Not at all.
    Omit,
}

#[derive(Default)]
pub(crate) struct Parser {
    pub(crate) errors: Vec<ParseError>,
    scope: Vec<(String, usize, Arc<Node>)>,
    slots: usize,
    depth: usize,
    nodes: usize,
}

/// The operator being read: where it stands, its operands, and what is wanted of it.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) key: &'a str,
    /// The whole array, the operator's name first.
    pub(crate) args: &'a [Json],
    pub(crate) expected: Option<&'a Type>,
}

impl Site<'_> {
    fn op(&self) -> &str {
        self.args.first().and_then(Json::as_str).unwrap_or_default()
    }

    /// How many operands were written.
    fn count(&self) -> usize {
        self.args.len().saturating_sub(1)
    }

    /// The operand at a place that the caller has checked against `count`.
    fn arg(&self, at: usize) -> &Json {
        self.args.get(at).unwrap_or(&Json::Null)
    }

    fn at(&self, index: usize) -> String {
        format!("{}[{index}]", self.key)
    }

    /// The expected type, unless anything will do.
    fn wanted(&self) -> Option<Type> {
        self.expected.filter(|kind| **kind != Type::Value).cloned()
    }
}

impl Parser {
    /// Notes an error; always `None`, so that it can be returned.
    pub(crate) fn refuse(
        &mut self,
        key: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Option<Node> {
        self.errors.push(ParseError { key: key.into(), text: Text::new(zh, en) });
        None
    }

    /// Reads operand `index` of `site`.
    fn operand(&mut self, site: &Site, index: usize, expected: Option<&Type>) -> Option<Node> {
        self.parse(site.arg(index), &site.at(index), expected, Fit::Usual)
    }

    /// Reads what stands at `key`, fitted to the expected type, folded when it is constant.
    pub(crate) fn parse(&mut self, json: &Json, key: &str, expected: Option<&Type>, fit: Fit) -> Option<Node> {
        if self.depth >= MAX_DEPTH || self.nodes >= MAX_NODES {
            return self.refuse(
                key,
                format!("表达式嵌套超过 {MAX_DEPTH} 层或超过 {MAX_NODES} 个运算，请拆分"),
                format!(
                    "The expression nests deeper than {MAX_DEPTH} or has more than {MAX_NODES} operators; split it."
                ),
            );
        }
        self.depth += 1;
        self.nodes += 1;
        let node = self.parse_inner(json, key, expected, fit);
        self.depth -= 1;
        node
    }

    fn parse_inner(&mut self, json: &Json, key: &str, expected: Option<&Type>, fit: Fit) -> Option<Node> {
        let node = match json {
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Node::literal(Value::from_json(json)),
            Json::Object(_) => {
                return self.refuse(
                    key,
                    "对象不能直接写，请用 [\"literal\", {...}]",
                    "Bare objects are invalid. Use [\"literal\", {...}] instead.",
                );
            }
            Json::Array(args) => self.operator(args, key, expected)?,
        };
        let node = self.fit(node, key, expected, fit)?;
        self.fold(node, key)
    }

    fn operator(&mut self, args: &[Json], key: &str, expected: Option<&Type>) -> Option<Node> {
        let Some(first) = args.first() else {
            return self.refuse(
                key,
                "表达式数组不能为空；空列表请写 [\"literal\", []]",
                "Expected an array with at least one element. For an empty list write [\"literal\", []].",
            );
        };
        let Some(op) = first.as_str() else {
            return self.refuse(
                format!("{key}[0]"),
                "表达式的第一项必须是运算名；列表请写 [\"literal\", [...]]",
                "The first element must be the name of an operator. For a list write [\"literal\", [...]].",
            );
        };
        let site = Site { key, args, expected };
        match op {
            "literal" => self.literal(&site),
            "semiliteral" => self.semiliteral(&site),
            "array" | "number" | "string" | "boolean" | "object" => self.assertion(&site),
            "to-number" | "to-string" | "to-boolean" | "to-color" => self.coercion(&site),
            "let" => self.bind(&site),
            "var" => self.variable(&site),
            "case" => self.case(&site),
            "match" => self.matching(&site),
            "coalesce" => self.coalesce(&site),
            "all" | "any" => self.every(&site),
            "==" | "!=" | "<" | ">" | "<=" | ">=" => self.comparison(&site),
            "step" => self.step(&site),
            "interpolate" | "interpolate-hcl" | "interpolate-lab" => self.interpolate(&site),
            "at" => self.at(&site),
            "in" => self.contains(&site),
            "index-of" => self.index_of(&site),
            "slice" => self.slice(&site),
            "length" => self.length(&site),
            "global-state" => self.global_state(&site),
            "within" | "distance" => self.spatial(&site),
            "collator" => self.collator(&site),
            "format" => self.format(&site),
            "image" => self.image(&site),
            "number-format" => self.number_format(&site),
            _ => self.call(&site),
        }
    }

    /// Makes the answer of the expected type, or refuses it.
    fn fit(&mut self, node: Node, key: &str, expected: Option<&Type>, fit: Fit) -> Option<Node> {
        let Some(expected) = expected else { return Some(node) };
        let from = &node.kind;
        let unknown = *from == Type::Value;
        let list = matches!(from, Type::Array(..));
        let (may, usual) = match expected {
            Type::String | Type::Number | Type::Boolean | Type::Object | Type::Array(..) => (unknown, false),
            Type::Color | Type::Formatted | Type::Image => (unknown || *from == Type::String, true),
            Type::Padding | Type::NumberArray => (unknown || *from == Type::Number || list, true),
            Type::ColorArray | Type::Projection => (unknown || *from == Type::String || list, true),
            Type::AnchorOffsets => (unknown || list, true),
            _ => (false, false),
        };
        if may {
            let coerce = match fit {
                Fit::Omit => return Some(node),
                Fit::Coerce => true,
                Fit::Usual => usual,
            };
            let op = if coerce { Op::Coerce(vec![node]) } else { Op::Assert(vec![node]) };
            return Some(Node::new(expected.clone(), op));
        }
        self.check(key, expected, &node.kind).then_some(node)
    }

    /// Notes an error when `found` does not fit `expected`.
    fn check(&mut self, key: &str, expected: &Type, found: &Type) -> bool {
        let fits = expected.accepts(found);
        if !fits {
            self.refuse(
                key,
                format!("此处应为 {expected}，却是 {found}"),
                format!("Expected {expected} but found {found} instead."),
            );
        }
        fits
    }

    fn fold(&mut self, node: Node, key: &str) -> Option<Node> {
        if node.is_literal() || node.kind == Type::Image || !node.is_constant() {
            return Some(node);
        }
        match run::evaluate(&node, &Context::default(), self.slots) {
            Ok(value) => Some(Node::new(node.kind, Op::Literal(value))),
            Err(text) => self.refuse(key, text.zh, text.en),
        }
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    fn too_few(&mut self, site: &Site, least: usize) -> Option<Node> {
        self.refuse(
            site.key,
            format!("“{}”至少要 {least} 个参数，只有 {} 个", site.op(), site.count()),
            format!("\"{}\" expects at least {least} arguments, but found only {}.", site.op(), site.count()),
        )
    }

    fn wrong_count(&mut self, site: &Site, wanted: &str) -> Option<Node> {
        self.refuse(
            site.key,
            format!("“{}”要 {wanted} 个参数，却有 {} 个", site.op(), site.count()),
            format!("\"{}\" expects {wanted} argument(s), but found {} instead.", site.op(), site.count()),
        )
    }
}

/// Whether an array that begins with this text is an expression.
pub(crate) fn is_operator(name: &str) -> bool {
    const SPECIAL: &[&str] = &[
        "literal",
        "semiliteral",
        "array",
        "number",
        "string",
        "boolean",
        "object",
        "to-number",
        "to-string",
        "to-boolean",
        "to-color",
        "let",
        "var",
        "case",
        "match",
        "coalesce",
        "all",
        "any",
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "step",
        "interpolate",
        "interpolate-hcl",
        "interpolate-lab",
        "at",
        "in",
        "index-of",
        "slice",
        "length",
        "global-state",
        "within",
        "distance",
        "collator",
        "format",
        "image",
        "number-format",
    ];
    SPECIAL.contains(&name) || calls::is_call(name)
}
