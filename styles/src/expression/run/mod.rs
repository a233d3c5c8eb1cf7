//! Evaluating a checked expression.

mod calls;
mod convert;
mod curves;
mod numbers;

use super::node::{Label, Node, Op, Order};
use super::{Collator, Context, Image, Section, Type, Value, geometry};
use crate::text::Text;
use geometry::Shapes;
use std::cmp::Ordering;
use std::sync::Arc;

type Answer = Result<Value, Text>;

pub(crate) use convert::convert;

fn fault<T>(zh: impl Into<String>, en: impl Into<String>) -> Result<T, Text> {
    Err(Text::new(zh, en))
}

fn wrong_type<T>(expected: &impl std::fmt::Display, found: &Value) -> Result<T, Text> {
    let found = found.kind();
    fault(
        format!("此处应为 {expected}，却是 {found}"),
        format!("Expected value to be of type {expected}, but found {found} instead."),
    )
}

/// Evaluates `node`, which uses `slots` variables.
pub(crate) fn evaluate(node: &Node, ctx: &Context, slots: usize) -> Answer {
    Run { ctx, slots: vec![None; slots], shapes: None }.node(node)
}

struct Run<'a> {
    ctx: &'a Context<'a>,
    /// Variables that were asked for: each is evaluated once, so that nested `let` cannot multiply the work.
    slots: Vec<Option<Answer>>,
    shapes: Option<Shapes>,
}

impl Run<'_> {
    fn node(&mut self, node: &Node) -> Answer {
        match &node.op {
            Op::Literal(value) => Ok(value.clone()),
            Op::Call(call, operands) => self.call(*call, operands),
            Op::Assert(nodes) => self.assert(&node.kind, nodes),
            Op::Coerce(nodes) => self.coerce(&node.kind, nodes),
            Op::Compare { order, sides, collator, untyped } => {
                self.compare(*order, sides, collator.as_deref(), *untyped)
            }
            Op::All(nodes) => self.every(nodes, true),
            Op::Any(nodes) => self.every(nodes, false),
            Op::Case(branches, otherwise) => {
                for (test, output) in branches {
                    if self.truth(test)? {
                        return self.node(output);
                    }
                }
                self.node(otherwise)
            }
            Op::Match(m) => {
                let label = match self.node(&m.input)? {
                    Value::Text(text) => Some(Label::Text(text)),
                    Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(Label::Number(n as i64)),
                    _ => None,
                };
                let output = label.and_then(|label| m.cases.get(&label)).and_then(|i| m.outputs.get(*i));
                self.node(output.unwrap_or(&m.otherwise))
            }
            Op::Coalesce(nodes) => self.coalesce(&node.kind, nodes),
            Op::Step(input, stops) => {
                let input = self.number(input)?;
                let after = stops.partition_point(|(stop, _)| *stop <= input);
                match stops.get(after.saturating_sub(1)) {
                    Some((_, output)) => self.node(output),
                    None => Ok(Value::Null),
                }
            }
            Op::Interpolate(parts) => self.interpolate(&node.kind, parts),
            Op::Let(_, result) => self.node(result),
            Op::Var(slot, bound) => {
                if let Some(Some(known)) = self.slots.get(*slot) {
                    return known.clone();
                }
                let answer = self.node(bound);
                if let Some(free) = self.slots.get_mut(*slot) {
                    *free = Some(answer.clone());
                }
                answer
            }
            Op::Collator { case, diacritic, locale } => {
                let case_sensitive = self.truth(case)?;
                let diacritic_sensitive = self.truth(diacritic)?;
                let locale = match locale {
                    Some(node) => Some(self.text(node)?),
                    None => None,
                };
                Ok(Value::Collator(Arc::new(Collator { case_sensitive, diacritic_sensitive, locale })))
            }
            Op::Format(sections) => {
                let sections: Result<Vec<_>, _> = sections.iter().map(|s| self.section(s)).collect();
                Ok(Value::Formatted(sections?.into()))
            }
            Op::Image(name) => {
                let name = self.text(name)?;
                Ok(Value::Image(self.image(name)))
            }
            Op::NumberFormat(parts) => self.number_format(parts),
            Op::List(nodes) => nodes.iter().map(|n| self.node(n)).collect::<Result<_, _>>().map(Value::List),
            Op::Within(area) => {
                let tile = self.ctx.tile_zoom;
                Ok(Value::Bool(self.shapes().is_some_and(|s| geometry::within(s, area, tile))))
            }
            Op::Distance(other) => {
                let metres = self.shapes().and_then(|s| geometry::distance(s, other));
                Ok(Value::Number(metres.unwrap_or(f64::NAN)))
            }
        }
    }

    fn shapes(&mut self) -> Option<&Shapes> {
        if self.shapes.is_none() {
            self.shapes = self.ctx.feature.and_then(super::Feature::geometry).map(Shapes::of);
        }
        self.shapes.as_ref()
    }

    fn number(&mut self, node: &Node) -> Result<f64, Text> {
        match self.node(node)? {
            Value::Number(n) => Ok(n),
            other => wrong_type(&Type::Number, &other),
        }
    }

    fn truth(&mut self, node: &Node) -> Result<bool, Text> {
        match self.node(node)? {
            Value::Bool(b) => Ok(b),
            other => wrong_type(&Type::Boolean, &other),
        }
    }

    fn text(&mut self, node: &Node) -> Result<Arc<str>, Text> {
        match self.node(node)? {
            Value::Text(t) => Ok(t),
            other => wrong_type(&Type::String, &other),
        }
    }

    fn every(&mut self, nodes: &[Node], wanted: bool) -> Answer {
        for node in nodes {
            if self.truth(node)? != wanted {
                return Ok(Value::Bool(!wanted));
            }
        }
        Ok(Value::Bool(wanted))
    }

    fn assert(&mut self, kind: &Type, nodes: &[Node]) -> Answer {
        let mut last = Value::Null;
        for node in nodes {
            last = self.node(node)?;
            if kind.accepts(&last.kind()) {
                return Ok(last);
            }
        }
        wrong_type(kind, &last)
    }

    fn coerce(&mut self, kind: &Type, nodes: &[Node]) -> Answer {
        let mut last = fault("没有可转换的值", "Nothing to convert.");
        for node in nodes {
            let mut value = self.node(node)?;
            if let (Type::Image, Value::Text(name)) = (kind, &value) {
                value = Value::Image(self.image(name.clone()));
            }
            last = convert(&value, kind);
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// The first answer that is not null; among pictures, the first that the sprite has.
    fn coalesce(&mut self, kind: &Type, nodes: &[Node]) -> Answer {
        let mut wanted = None;
        for node in nodes {
            match self.node(node)? {
                Value::Null => {}
                Value::Image(image) if !image.available => {
                    wanted.get_or_insert(image);
                }
                Value::Text(name) if *kind == Type::Image => {
                    let image = self.image(name);
                    if image.available {
                        return Ok(Value::Image(image));
                    }
                    wanted.get_or_insert(image);
                }
                value => return Ok(value),
            }
        }
        Ok(wanted.map_or(Value::Null, Value::Image))
    }

    fn image(&self, name: Arc<str>) -> Image {
        let available = self.ctx.images.is_some_and(|images| images.contains(&name));
        Image { name, available }
    }

    fn section(&mut self, section: &super::node::FormatSection) -> Result<Section, Text> {
        let mut made = Section::default();
        match self.node(&section.content)? {
            Value::Image(image) => made.image = Some(image),
            other => {
                made.text = other.to_text();
                if let Some(node) = &section.scale {
                    made.scale = Some(self.number(node)?);
                }
                if let Some(node) = &section.fonts
                    && let Value::List(fonts) = self.node(node)?
                {
                    let names: Vec<_> = fonts.iter().map(Value::to_text).collect();
                    made.fonts = Some(names.join(",").into());
                }
                if let Some(node) = &section.color {
                    made.color = self.node(node)?.as_color();
                }
            }
        }
        if let Some(node) = &section.vertical_align {
            made.vertical_align = Some(self.text(node)?);
        }
        Ok(made)
    }

    fn compare(&mut self, order: Order, sides: &[Node; 2], collator: Option<&Node>, untyped: bool) -> Answer {
        let left = self.node(&sides[0])?;
        let right = self.node(&sides[1])?;
        let equality = matches!(order, Order::Equal | Order::NotEqual);
        let texts = matches!((&left, &right), (Value::Text(_), Value::Text(_)));
        let numbers = matches!((&left, &right), (Value::Number(_), Value::Number(_)));
        if !equality && untyped && !texts && !numbers {
            return fault(
                format!("只能比较两个文本或两个数字，却是 {} 与 {}", left.kind(), right.kind()),
                format!("Expected two strings or two numbers, but found ({}, {}).", left.kind(), right.kind()),
            );
        }
        let collator = match collator {
            Some(node) if texts => Some(self.node(node)?),
            _ => None,
        };
        let ordering = match (&left, &right, collator) {
            (Value::Text(a), Value::Text(b), Some(Value::Collator(collator))) => Some(collator.compare(a, b)),
            (Value::Text(a), Value::Text(b), _) => Some(a.encode_utf16().cmp(b.encode_utf16())),
            (Value::Number(a), Value::Number(b), _) => a.partial_cmp(b),
            (a, b, _) => a.strictly_equals(b).then_some(Ordering::Equal),
        };
        Ok(Value::Bool(match order {
            Order::Equal => ordering == Some(Ordering::Equal),
            Order::NotEqual => ordering != Some(Ordering::Equal),
            Order::Less => ordering.is_some_and(Ordering::is_lt),
            Order::Greater => ordering.is_some_and(Ordering::is_gt),
            Order::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Order::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
        }))
    }
}
