//! Literals, type assertions, conversions.

use super::super::node::{Node, Op};
use super::super::{Type, Value};
use super::{Fit, Parser, Site};
use serde_json::Value as Json;

impl Parser {
    pub(super) fn literal(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let value = Value::from_json(site.arg(1));
        let mut kind = value.kind();
        // An empty list is of the type that is wanted.
        if let (Type::Array(_, Some(0)), Some(wanted @ Type::Array(_, None | Some(0)))) = (&kind, site.expected) {
            kind = wanted.clone();
        }
        Some(Node::new(kind, Op::Literal(value)))
    }

    /// A list whose items are expressions.
    pub(super) fn semiliteral(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let Json::Array(items) = site.arg(1) else {
            return self.literal(site);
        };
        let wanted = match site.expected {
            Some(Type::Array(item, _)) if **item != Type::Value => Some((**item).clone()),
            _ => None,
        };
        let mut nodes = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            nodes.push(self.parse(item, &format!("{}[1][{i}]", site.key), wanted.as_ref(), Fit::Usual)?);
        }
        let first = nodes.first().map_or(Type::Value, |node| node.kind.clone());
        let item = if nodes.iter().all(|node| node.kind == first) { first } else { Type::Value };
        Some(Node::new(Type::array(item, Some(nodes.len())), Op::List(nodes)))
    }

    pub(super) fn assertion(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 1 {
            return self.too_few(site, 1);
        }
        let (kind, first) = if site.op() == "array" { self.array_type(site)? } else { (Type::named(site.op())?, 1) };
        let nodes = self.values(site, first)?;
        Some(Node::new(kind, Op::Assert(nodes)))
    }

    /// The type that `["array", item type, length, …]` names, and the place of the first operand.
    fn array_type(&mut self, site: &Site) -> Option<(Type, usize)> {
        let (mut item, mut length, mut first) = (Type::Value, None, 1);
        if site.count() > 1 {
            let Some(name @ ("string" | "number" | "boolean")) = site.arg(1).as_str() else {
                self.refuse(
                    site.at(1),
                    "“array”的元素类型只能是 string、number 或 boolean",
                    "The item type of \"array\" must be one of string, number, boolean.",
                );
                return None;
            };
            item = Type::named(name)?;
            first = 2;
        }
        if site.count() > 2 {
            if !site.arg(2).is_null() {
                let Some(n) = site.arg(2).as_f64().filter(|n| *n >= 0.0 && n.fract() == 0.0) else {
                    self.refuse(
                        site.at(2),
                        "“array”的长度必须是非负整数",
                        "The length of \"array\" must be a positive integer literal.",
                    );
                    return None;
                };
                length = Some(n as usize);
            }
            first = 3;
        }
        Some((Type::array(item, length), first))
    }

    pub(super) fn coercion(&mut self, site: &Site) -> Option<Node> {
        let kind = match site.op() {
            "to-number" => Type::Number,
            "to-boolean" => Type::Boolean,
            "to-color" => Type::Color,
            _ => Type::String,
        };
        if site.count() < 1 {
            return self.too_few(site, 1);
        }
        if matches!(kind, Type::Boolean | Type::String) && site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let nodes = self.values(site, 1)?;
        Some(Node::new(kind, Op::Coerce(nodes)))
    }

    /// All operands from `first` on, of any type.
    fn values(&mut self, site: &Site, first: usize) -> Option<Vec<Node>> {
        (first..site.args.len()).map(|i| self.operand(site, i, Some(&Type::Value))).collect()
    }
}
