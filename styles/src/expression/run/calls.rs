//! The plain operators.

use super::super::node::{Call, Node};
use super::super::{Color, Type, Value};
use super::{Answer, Run, fault, wrong_type};
use crate::text::Text;
use std::sync::Arc;

/// The operand at a place that the parser has made sure of.
fn operand(nodes: &[Node], at: usize) -> Result<&Node, Text> {
    nodes.get(at).ok_or_else(|| Text::new("缺少参数", "An argument is missing."))
}

fn clamp_index(index: f64, length: usize) -> usize {
    let from_end = if index < 0.0 { length as f64 + index } else { index };
    from_end.trunc().clamp(0.0, length as f64) as usize
}

impl Run<'_> {
    pub(super) fn call(&mut self, call: Call, nodes: &[Node]) -> Answer {
        let ctx = self.ctx;
        let number = |n: Option<f64>| Ok(n.map_or(Value::Null, Value::Number));
        match call {
            Call::Zoom => number(ctx.zoom),
            Call::HeatmapDensity => number(Some(ctx.heatmap_density.unwrap_or(0.0))),
            Call::Elevation => number(Some(ctx.elevation.unwrap_or(0.0))),
            Call::LineProgress => number(Some(ctx.line_progress.unwrap_or(0.0))),
            Call::Accumulated => Ok(ctx.accumulated.cloned().unwrap_or(Value::Null)),
            Call::Id => Ok(ctx.feature.map_or(Value::Null, super::super::Feature::id)),
            Call::Properties => Ok(match ctx.feature {
                Some(feature) => feature.properties(),
                None => Value::Map(Arc::default()),
            }),
            Call::GeometryType => Ok(ctx.feature.and_then(|f| f.geometry_type()).map_or(Value::Null, Value::text)),
            Call::Get | Call::Has | Call::FeatureState | Call::GlobalState => self.lookup(call, nodes),
            Call::GetIn | Call::HasIn => self.lookup_in(call, nodes),
            Call::Error => {
                let text = self.text(operand(nodes, 0)?)?;
                fault(&*text, &*text)
            }
            Call::TypeOf => Ok(Value::text(self.node(operand(nodes, 0)?)?.kind().to_string())),
            Call::ToRgba => match self.node(operand(nodes, 0)?)? {
                Value::Color(c) => Ok(Value::List(
                    [c.r * 255.0, c.g * 255.0, c.b * 255.0, c.a].map(Value::Number).into_iter().collect(),
                )),
                other => wrong_type(&Type::Color, &other),
            },
            Call::Rgb => {
                let parts: Result<Vec<_>, _> = nodes.iter().map(|n| self.number(n)).collect();
                rgb(&parts?).map(Value::Color)
            }
            Call::Not => Ok(Value::Bool(!self.truth(operand(nodes, 0)?)?)),
            Call::Add => self.fold(nodes, 0.0, |a, b| a + b),
            Call::Multiply => self.fold(nodes, 1.0, |a, b| a * b),
            Call::Min => self.fold(nodes, f64::INFINITY, f64::min),
            Call::Max => self.fold(nodes, f64::NEG_INFINITY, f64::max),
            Call::Subtract | Call::Divide | Call::Remainder | Call::Power => self.two(call, nodes),
            Call::IsSupportedScript
            | Call::Upcase
            | Call::Downcase
            | Call::Concat
            | Call::ResolvedLocale
            | Call::Split
            | Call::Join => self.texts(call, nodes),
            Call::At | Call::In | Call::IndexOf | Call::Slice | Call::Length => self.lists(call, nodes),
            _ => Ok(Value::Number(one(call, self.number(operand(nodes, 0)?)?))),
        }
    }

    fn fold(&mut self, nodes: &[Node], start: f64, step: fn(f64, f64) -> f64) -> Answer {
        let mut sum = start;
        for node in nodes {
            sum = step(sum, self.number(node)?);
        }
        Ok(Value::Number(sum))
    }

    fn two(&mut self, call: Call, nodes: &[Node]) -> Answer {
        let (a, b) = (self.number(operand(nodes, 0)?)?, self.number(operand(nodes, 1)?)?);
        Ok(Value::Number(match call {
            Call::Subtract => a - b,
            Call::Divide => a / b,
            Call::Remainder => a % b,
            _ => a.powf(b),
        }))
    }

    fn lookup(&mut self, call: Call, nodes: &[Node]) -> Answer {
        let name = self.text(operand(nodes, 0)?)?;
        let ctx = self.ctx;
        let found = match call {
            Call::FeatureState => ctx.feature_state.and_then(|state| state.get(&name).cloned()),
            Call::GlobalState => ctx.global_state.and_then(|state| state.get(&name).cloned()),
            _ => ctx.feature.and_then(|feature| feature.property(&name)),
        };
        Ok(if call == Call::Has { Value::Bool(found.is_some()) } else { found.unwrap_or(Value::Null) })
    }

    fn lookup_in(&mut self, call: Call, nodes: &[Node]) -> Answer {
        let name = self.text(operand(nodes, 0)?)?;
        let found = match self.node(operand(nodes, 1)?)? {
            Value::Map(map) => map.get(&name).cloned(),
            other => return wrong_type(&Type::Object, &other),
        };
        Ok(if call == Call::HasIn { Value::Bool(found.is_some()) } else { found.unwrap_or(Value::Null) })
    }

    fn texts(&mut self, call: Call, nodes: &[Node]) -> Answer {
        match call {
            Call::Concat => {
                let mut text = String::new();
                for node in nodes {
                    text.push_str(&self.node(node)?.to_text());
                }
                Ok(Value::text(text))
            }
            Call::Upcase => Ok(Value::text(self.text(operand(nodes, 0)?)?.to_uppercase())),
            Call::Downcase => Ok(Value::text(self.text(operand(nodes, 0)?)?.to_lowercase())),
            Call::IsSupportedScript => {
                let text = self.text(operand(nodes, 0)?)?;
                Ok(Value::Bool(self.ctx.supported_script.is_none_or(|supported| supported(&text))))
            }
            Call::ResolvedLocale => match self.node(operand(nodes, 0)?)? {
                Value::Collator(collator) => Ok(Value::text(collator.resolved_locale())),
                other => wrong_type(&Type::Collator, &other),
            },
            Call::Split => {
                let (text, by) = (self.text(operand(nodes, 0)?)?, self.text(operand(nodes, 1)?)?);
                Ok(Value::List(if by.is_empty() {
                    text.chars().map(|c| Value::text(c.to_string())).collect()
                } else {
                    text.split(&*by).map(Value::text).collect()
                }))
            }
            _ => {
                let list = self.node(operand(nodes, 0)?)?;
                let by = self.text(operand(nodes, 1)?)?;
                let Value::List(items) = &list else { return wrong_type(&"array<string>", &list) };
                let items: Vec<_> = items.iter().map(Value::to_text).collect();
                Ok(Value::text(items.join(&by)))
            }
        }
    }

    fn lists(&mut self, call: Call, nodes: &[Node]) -> Answer {
        match call {
            Call::At => self.item(nodes),
            Call::Length => match self.node(operand(nodes, 0)?)? {
                Value::Text(text) => Ok(Value::Number(text.chars().count() as f64)),
                Value::List(items) => Ok(Value::Number(items.len() as f64)),
                other => wrong_type(&"string or array", &other),
            },
            Call::Slice => self.cut(nodes),
            _ => {
                let needle = self.node(operand(nodes, 0)?)?;
                let haystack = self.node(operand(nodes, 1)?)?;
                if call == Call::In && !haystack.truthy() {
                    return Ok(Value::Bool(false));
                }
                if !matches!(needle, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) {
                    return wrong_type(&"boolean, string, number or null", &needle);
                }
                let from = match nodes.get(2) {
                    Some(node) => self.number(node)?,
                    None => 0.0,
                };
                let found = find(&needle, &haystack, from)?;
                Ok(match call {
                    Call::In => Value::Bool(found.is_some()),
                    _ => Value::Number(found.map_or(-1.0, |at| at as f64)),
                })
            }
        }
    }

    fn item(&mut self, nodes: &[Node]) -> Answer {
        let index = self.number(operand(nodes, 0)?)?;
        let list = self.node(operand(nodes, 1)?)?;
        let Value::List(items) = &list else { return wrong_type(&"array", &list) };
        if index.fract() != 0.0 || index < 0.0 {
            return fault(
                format!("列表下标必须是非负整数，却是 {index}"),
                format!("An array index must be a non-negative integer, but is {index}."),
            );
        }
        items.get(index as usize).cloned().ok_or_else(|| {
            Text::new(
                format!("列表只有 {} 项，没有第 {index} 项", items.len()),
                format!("Array index out of bounds: {index} of {} items.", items.len()),
            )
        })
    }

    fn cut(&mut self, nodes: &[Node]) -> Answer {
        let input = self.node(operand(nodes, 0)?)?;
        let begin = self.number(operand(nodes, 1)?)?;
        let end = match nodes.get(2) {
            Some(node) => self.number(node)?,
            None => f64::INFINITY,
        };
        let range = |length| {
            let begin = clamp_index(begin, length);
            (begin, clamp_index(end, length).saturating_sub(begin))
        };
        match &input {
            Value::Text(text) => {
                let (skip, take) = range(text.chars().count());
                Ok(Value::text(text.chars().skip(skip).take(take).collect::<String>()))
            }
            Value::List(items) => {
                let (skip, take) = range(items.len());
                Ok(Value::List(items.iter().skip(skip).take(take).cloned().collect()))
            }
            other => wrong_type(&"array or string", other),
        }
    }
}

/// Where the needle first stands at or after `from`, counted in characters or items. A negative `from` counts from the
/// end of a list; in a text it is the beginning.
fn find(needle: &Value, haystack: &Value, from: f64) -> Result<Option<usize>, Text> {
    match haystack {
        Value::Text(text) => {
            let skip = from.max(0.0) as usize;
            let rest: String = text.chars().skip(skip).collect();
            let needle = if *needle == Value::Null { Arc::from("null") } else { needle.to_text() };
            let at = rest.find(&*needle);
            let before = |at: usize| rest.char_indices().take_while(|(i, _)| *i < at).count();
            Ok(at.map(|at| skip.min(text.chars().count()) + before(at)))
        }
        Value::List(items) => {
            let skip = clamp_index(from, items.len());
            Ok(items.iter().skip(skip).position(|item| item.strictly_equals(needle)).map(|at| at + skip))
        }
        other => wrong_type(&"array or string", other),
    }
}

fn one(call: Call, n: f64) -> f64 {
    match call {
        Call::Negate => -n,
        Call::Sqrt => n.sqrt(),
        Call::Log10 => n.log10(),
        Call::Ln => n.ln(),
        Call::Log2 => n.log2(),
        Call::Sin => n.sin(),
        Call::Cos => n.cos(),
        Call::Tan => n.tan(),
        Call::Asin => n.asin(),
        Call::Acos => n.acos(),
        Call::Atan => n.atan(),
        Call::Abs => n.abs(),
        Call::Round => n.round(),
        Call::Floor => n.floor(),
        _ => n.ceil(),
    }
}

/// A colour of three parts 0 to 255 and perhaps an alpha 0 to 1.
pub(super) fn rgb(parts: &[f64]) -> Result<Color, Text> {
    if let [r, g, b, alpha @ ..] = parts
        && alpha.len() < 2
    {
        let a = alpha.first().copied().unwrap_or(1.0);
        if [r, g, b].iter().all(|v| (0.0..=255.0).contains(*v)) && (0.0..=1.0).contains(&a) {
            return Ok(Color::new(r / 255.0, g / 255.0, b / 255.0, a));
        }
    }
    fault(
        format!("颜色 {parts:?} 无效：红绿蓝应在 0 到 255 之间，透明度在 0 到 1 之间"),
        format!("Invalid rgba value {parts:?}: red, green, blue must be 0 to 255, alpha 0 to 1."),
    )
}
