//! Decisions and variables.

use super::super::node::{Label, Match, Node, Op, Order};
use super::super::{Type, Value};
use super::{Fit, Parser, Site};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

impl Parser {
    pub(super) fn bind(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 3 {
            return self.too_few(site, 3);
        }
        let last = site.args.len() - 1;
        let mut bound = Vec::new();
        for i in (1..last).step_by(2) {
            let name = site.arg(i).as_str().unwrap_or_default();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return self.refuse(
                    site.at(i),
                    "变量名只能由英文字母、数字和下划线组成",
                    "Variable names must contain only alphanumeric characters or '_'.",
                );
            }
            let node = Arc::new(self.operand(site, i + 1, None)?);
            bound.push((name.to_owned(), self.slots, node));
            self.slots += 1;
        }
        let outer = self.scope.len();
        self.scope.extend(bound.iter().cloned());
        let result = self.operand(site, last, site.expected);
        self.scope.truncate(outer);
        let result = Box::new(result?);
        let bound = bound.into_iter().map(|(_, _, node)| node).collect();
        Some(Node::new(result.kind.clone(), Op::Let(bound, result)))
    }

    pub(super) fn variable(&mut self, site: &Site) -> Option<Node> {
        let (1, Some(name)) = (site.count(), site.arg(1).as_str()) else {
            return self.refuse(
                site.key,
                "“var”要且只要一个变量名",
                "\"var\" expects exactly one string literal argument.",
            );
        };
        match self.scope.iter().rev().find(|(known, ..)| known == name) {
            Some((_, slot, node)) => Some(Node::new(node.kind.clone(), Op::Var(*slot, node.clone()))),
            None => self.refuse(
                site.at(1),
                format!("变量“{name}”没有定义，请先在外层 let 中定义"),
                format!("Unknown variable \"{name}\". Bind it in an enclosing \"let\" first."),
            ),
        }
    }

    pub(super) fn case(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 3 {
            return self.too_few(site, 3);
        }
        if site.count().is_multiple_of(2) {
            return self.wrong_count(site, "奇数/an odd number of");
        }
        let last = site.args.len() - 1;
        let mut output = site.wanted();
        let mut branches = Vec::new();
        for i in (1..last).step_by(2) {
            let test = self.operand(site, i, Some(&Type::Boolean))?;
            let result = self.operand(site, i + 1, output.as_ref())?;
            output.get_or_insert_with(|| result.kind.clone());
            branches.push((test, result));
        }
        let otherwise = Box::new(self.operand(site, last, output.as_ref())?);
        Some(Node::new(output?, Op::Case(branches, otherwise)))
    }

    pub(super) fn matching(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 4 {
            return self.too_few(site, 4);
        }
        if !site.count().is_multiple_of(2) {
            return self.wrong_count(site, "偶数/an even number of");
        }
        let last = site.args.len() - 1;
        let (mut input_kind, mut output) = (None, site.wanted());
        let (mut cases, mut outputs) = (HashMap::new(), Vec::new());
        for i in (2..last).step_by(2) {
            self.labels(site, i, outputs.len(), &mut input_kind, &mut cases)?;
            let result = self.parse(site.arg(i + 1), &site.at(i), output.as_ref(), Fit::Usual)?;
            output.get_or_insert_with(|| result.kind.clone());
            outputs.push(result);
        }
        let input = self.operand(site, 1, Some(&Type::Value))?;
        let otherwise = self.operand(site, last, output.as_ref())?;
        if input.kind != Type::Value && !self.check(&site.at(1), &input_kind?, &input.kind) {
            return None;
        }
        Some(Node::new(output?, Op::Match(Box::new(Match { input, cases, outputs, otherwise }))))
    }

    /// The labels of one branch, all of one type with those before.
    fn labels(
        &mut self,
        site: &Site,
        at: usize,
        branch: usize,
        kind: &mut Option<Type>,
        cases: &mut HashMap<Label, usize>,
    ) -> Option<()> {
        let key = site.at(at);
        let labels = match site.arg(at) {
            Json::Array(labels) => labels.as_slice(),
            one => std::slice::from_ref(one),
        };
        if labels.is_empty() {
            self.refuse(key, "分支至少要有一个标签", "Expected at least one branch label.");
            return None;
        }
        for label in labels {
            let value = Value::from_json(label);
            let known = match &value {
                Value::Text(text) => Label::Text(text.clone()),
                Value::Number(n) if n.abs() > 9_007_199_254_740_991.0 || n.fract() != 0.0 => {
                    self.refuse(
                        key,
                        "数字标签必须是不超过 9007199254740991 的整数",
                        "Numeric branch labels must be integers no larger than 9007199254740991.",
                    );
                    return None;
                }
                Value::Number(n) => Label::Number(*n as i64),
                _ => {
                    self.refuse(key, "分支标签必须是数字或文本", "Branch labels must be numbers or strings.");
                    return None;
                }
            };
            match kind {
                Some(kind) if !self.check(&key, kind, &value.kind()) => return None,
                Some(_) => {}
                None => *kind = Some(value.kind()),
            }
            match cases.entry(known) {
                Entry::Vacant(free) => free.insert(branch),
                Entry::Occupied(_) => {
                    self.refuse(key, "分支标签不能重复", "Branch labels must be unique.");
                    return None;
                }
            };
        }
        Some(())
    }

    pub(super) fn coalesce(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 1 {
            return self.too_few(site, 1);
        }
        let mut output = site.wanted();
        let mut nodes = Vec::new();
        for i in 1..site.args.len() {
            let node = self.parse(site.arg(i), &site.at(i), output.as_ref(), Fit::Omit)?;
            output.get_or_insert_with(|| node.kind.clone());
            nodes.push(node);
        }
        // Operands were not fitted one by one, so the answer is fitted as a whole.
        let loose = site.expected.is_some_and(|want| nodes.iter().any(|node| !want.accepts(&node.kind)));
        Some(Node::new(if loose { Type::Value } else { output? }, Op::Coalesce(nodes)))
    }

    pub(super) fn every(&mut self, site: &Site) -> Option<Node> {
        let nodes: Option<Vec<_>> = (1..site.args.len()).map(|i| self.operand(site, i, Some(&Type::Boolean))).collect();
        let op = if site.op() == "all" { Op::All(nodes?) } else { Op::Any(nodes?) };
        Some(Node::new(Type::Boolean, op))
    }

    pub(super) fn comparison(&mut self, site: &Site) -> Option<Node> {
        let order = match site.op() {
            "==" => Order::Equal,
            "!=" => Order::NotEqual,
            "<" => Order::Less,
            ">" => Order::Greater,
            "<=" => Order::LessOrEqual,
            _ => Order::GreaterOrEqual,
        };
        if !matches!(site.count(), 2 | 3) {
            return self.wrong_count(site, "2-3");
        }
        let equality = matches!(order, Order::Equal | Order::NotEqual);
        let mut sides = Vec::with_capacity(2);
        for i in 1..=2 {
            let node = self.operand(site, i, Some(&Type::Value))?;
            let comparable = matches!(node.kind, Type::String | Type::Number | Type::Value)
                || (equality && matches!(node.kind, Type::Boolean | Type::Null));
            if !comparable {
                return self.refuse(
                    site.at(i),
                    format!("“{}”不能比较 {}", site.op(), node.kind),
                    format!("\"{}\" comparisons are not supported for type '{}'.", site.op(), node.kind),
                );
            }
            sides.push(node);
        }
        let [left, right] = <[Node; 2]>::try_from(sides).ok()?;
        self.compare(site, order, equality, left, right)
    }

    fn compare(&mut self, site: &Site, order: Order, equality: bool, mut left: Node, mut right: Node) -> Option<Node> {
        let (open_left, open_right) = (left.kind == Type::Value, right.kind == Type::Value);
        if left.kind != right.kind && !open_left && !open_right {
            return self.refuse(
                site.key,
                format!("不能比较 {} 与 {}", left.kind, right.kind),
                format!("Cannot compare types '{}' and '{}'.", left.kind, right.kind),
            );
        }
        if !equality {
            if open_left && !open_right {
                left = Node::new(right.kind.clone(), Op::Assert(vec![left]));
            } else if open_right && !open_left {
                right = Node::new(left.kind.clone(), Op::Assert(vec![right]));
            }
        }
        let mut collator = None;
        if site.count() == 3 {
            if ![&left.kind, &right.kind].iter().any(|kind| matches!(kind, Type::String | Type::Value)) {
                return self.refuse(site.key, "collator 只能用于比较文本", "A collator can compare strings only.");
            }
            collator = Some(Box::new(self.operand(site, 3, Some(&Type::Collator))?));
        }
        let sides = Box::new([left, right]);
        let untyped = open_left || open_right;
        Some(Node::new(Type::Boolean, Op::Compare { order, sides, collator, untyped }))
    }
}
