//! `step` and `interpolate`.

use super::super::Type;
use super::super::color::Space;
use super::super::node::{Curve, Interpolate, Node, Op};
use super::{Fit, Parser, Site};
use serde_json::Value as Json;

impl Parser {
    pub(super) fn step(&mut self, site: &Site) -> Option<Node> {
        if site.count() < 4 {
            return self.too_few(site, 4);
        }
        if !site.count().is_multiple_of(2) {
            return self.wrong_count(site, "偶数/an even number of");
        }
        let input = self.operand(site, 1, Some(&Type::Number))?;
        let mut output = site.wanted();
        let mut stops = Vec::new();
        for i in (2..site.args.len()).step_by(2) {
            let label = if i == 2 { f64::NEG_INFINITY } else { self.stop(site, i - 1, stops.last())? };
            let node = self.operand(site, i, output.as_ref())?;
            output.get_or_insert_with(|| node.kind.clone());
            stops.push((label, node));
        }
        Some(Node::new(output?, Op::Step(Box::new(input), stops)))
    }

    /// A stop's input: a number larger than the one before.
    fn stop(&mut self, site: &Site, at: usize, last: Option<&(f64, Node)>) -> Option<f64> {
        let Some(label) = site.arg(at).as_f64() else {
            self.refuse(
                site.at(at),
                format!("“{}”的分段点必须直接写成数字", site.op()),
                format!("The inputs of \"{}\" stops must be literal numbers.", site.op()),
            );
            return None;
        };
        if last.is_some_and(|(last, _)| *last >= label) {
            self.refuse(
                site.at(at),
                format!("“{}”的分段点必须严格递增", site.op()),
                format!("The inputs of \"{}\" stops must be in strictly ascending order.", site.op()),
            );
            return None;
        }
        Some(label)
    }

    pub(super) fn interpolate(&mut self, site: &Site) -> Option<Node> {
        let curve = self.curve(site)?;
        if site.count() < 4 {
            return self.too_few(site, 4);
        }
        if !site.count().is_multiple_of(2) {
            return self.wrong_count(site, "偶数/an even number of");
        }
        let input = self.operand(site, 2, Some(&Type::Number))?;
        let space = match site.op() {
            "interpolate-hcl" => Space::Hcl,
            "interpolate-lab" => Space::Lab,
            _ => Space::Rgb,
        };
        let mut output = match site.expected {
            Some(kind) if space != Space::Rgb && *kind != Type::ColorArray => Some(Type::Color),
            None if space != Space::Rgb => Some(Type::Color),
            _ => site.wanted(),
        };
        let mut stops = Vec::new();
        for i in (3..site.args.len()).step_by(2) {
            let label = self.stop(site, i, stops.last())?;
            let node = self.parse(site.arg(i + 1), &site.at(i + 1), output.as_ref(), Fit::Usual)?;
            output.get_or_insert_with(|| node.kind.clone());
            stops.push((label, node));
        }
        let output = output?;
        let smooth = match &output {
            Type::Number
            | Type::Color
            | Type::Projection
            | Type::Padding
            | Type::NumberArray
            | Type::ColorArray
            | Type::AnchorOffsets => true,
            Type::Array(item, Some(_)) => **item == Type::Number,
            _ => false,
        };
        if !smooth {
            return self.refuse(
                site.key,
                format!("{output} 不能插值"),
                format!("Type {output} is not interpolatable."),
            );
        }
        let parts = Interpolate { curve, space, input, stops };
        Some(Node::new(output, Op::Interpolate(Box::new(parts))))
    }

    fn curve(&mut self, site: &Site) -> Option<Curve> {
        let parts = site.arg(1).as_array().map(Vec::as_slice).unwrap_or_default();
        let numbers = |from: &[Json]| from.iter().map(Json::as_f64).collect::<Option<Vec<_>>>();
        match parts.first().and_then(Json::as_str) {
            Some("linear") => return Some(Curve::Exponential(1.0)),
            Some("exponential") => {
                if let Some(base) = parts.get(1).and_then(Json::as_f64) {
                    return Some(Curve::Exponential(base));
                }
                self.refuse(
                    format!("{}[1][1]", site.key),
                    "指数插值的底必须是数字",
                    "Exponential interpolation requires a numeric base.",
                );
            }
            Some("cubic-bezier") => {
                let points = numbers(parts.get(1..)?).and_then(|n| <[f64; 4]>::try_from(n).ok());
                if let Some(points) = points.filter(|p| p.iter().all(|v| (0.0..=1.0).contains(v))) {
                    return Some(Curve::CubicBezier(points));
                }
                self.refuse(
                    site.at(1),
                    "三次贝塞尔插值要四个 0 到 1 之间的数字",
                    "Cubic bezier interpolation requires four numbers between 0 and 1.",
                );
            }
            Some(_) => {
                self.refuse(
                    format!("{}[1][0]", site.key),
                    "插值方式只能是 linear、exponential 或 cubic-bezier",
                    "The interpolation must be one of linear, exponential, cubic-bezier.",
                );
            }
            None => {
                self.refuse(site.at(1), "此处应为插值方式", "Expected an interpolation type expression.");
            }
        }
        None
    }
}
