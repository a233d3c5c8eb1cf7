//! Lists, global state and shapes.

use super::super::geometry::Shapes;
use super::super::node::{Call, Node, Op};
use super::super::{Type, Value};
use super::{Parser, Site};
use std::sync::Arc;

impl Parser {
    pub(super) fn at(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 2 {
            return self.wrong_count(site, "2");
        }
        let index = self.operand(site, 1, Some(&Type::Number))?;
        let wanted = Type::array(site.expected.cloned().unwrap_or(Type::Value), None);
        let list = self.operand(site, 2, Some(&wanted))?;
        let kind = if let Type::Array(item, _) = &list.kind { (**item).clone() } else { Type::Value };
        Some(Node::new(kind, Op::Call(Call::At, vec![index, list])))
    }

    pub(super) fn contains(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 2 {
            return self.wrong_count(site, "2");
        }
        let nodes = self.needle_and_haystack(site)?;
        Some(Node::new(Type::Boolean, Op::Call(Call::In, nodes)))
    }

    pub(super) fn index_of(&mut self, site: &Site) -> Option<Node> {
        if !matches!(site.count(), 2 | 3) {
            return self.wrong_count(site, "2-3");
        }
        let mut nodes = self.needle_and_haystack(site)?;
        if site.count() == 3 {
            nodes.push(self.operand(site, 3, Some(&Type::Number))?);
        }
        Some(Node::new(Type::Number, Op::Call(Call::IndexOf, nodes)))
    }

    fn needle_and_haystack(&mut self, site: &Site) -> Option<Vec<Node>> {
        let needle = self.operand(site, 1, Some(&Type::Value));
        let haystack = self.operand(site, 2, Some(&Type::Value));
        let (needle, haystack) = (needle?, haystack?);
        if !matches!(needle.kind, Type::Boolean | Type::String | Type::Number | Type::Null | Type::Value) {
            self.refuse(
                site.key,
                format!("要找的值应为布尔、文本、数字或空，却是 {}", needle.kind),
                format!("What to look for must be a boolean, string, number or null, but is {}.", needle.kind),
            );
            return None;
        }
        Some(vec![needle, haystack])
    }

    pub(super) fn slice(&mut self, site: &Site) -> Option<Node> {
        if !matches!(site.count(), 2 | 3) {
            return self.wrong_count(site, "2-3");
        }
        let input = self.operand(site, 1, Some(&Type::Value));
        let begin = self.operand(site, 2, Some(&Type::Number));
        let mut nodes = vec![input?, begin?];
        let from = nodes.first()?.kind.clone();
        let kind = match &from {
            Type::Array(item, _) => Type::Array(item.clone(), None),
            Type::String | Type::Value => from,
            other => {
                return self.refuse(
                    site.key,
                    format!("“slice”只能截取文本或列表，却是 {other}"),
                    format!("\"slice\" takes an array or a string, but found {other} instead."),
                );
            }
        };
        if site.count() == 3 {
            nodes.push(self.operand(site, 3, Some(&Type::Number))?);
        }
        Some(Node::new(kind, Op::Call(Call::Slice, nodes)))
    }

    pub(super) fn length(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let input = self.operand(site, 1, None)?;
        if !matches!(input.kind, Type::Array(..) | Type::String | Type::Value) {
            return self.refuse(
                site.key,
                format!("“length”只能用于文本或列表，却是 {}", input.kind),
                format!("\"length\" takes a string or an array, but found {} instead.", input.kind),
            );
        }
        Some(Node::new(Type::Number, Op::Call(Call::Length, vec![input])))
    }

    pub(super) fn global_state(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let Some(name) = site.arg(1).as_str() else {
            return self.refuse(
                site.key,
                "全局状态的名称必须直接写成文本",
                "The name of a global state must be a literal string.",
            );
        };
        let name = Node::literal(Value::text(name));
        Some(Node::new(Type::Value, Op::Call(Call::GlobalState, vec![name])))
    }

    pub(super) fn spatial(&mut self, site: &Site) -> Option<Node> {
        if site.count() != 1 {
            return self.wrong_count(site, "1");
        }
        let within = site.op() == "within";
        let shapes = Shapes::from_geojson(site.arg(1));
        let shapes = shapes.map(|shapes| if within { shapes.polygons_only() } else { shapes });
        let Some(shapes) = shapes.filter(|shapes| !shapes.is_empty()) else {
            return self.refuse(
                site.key,
                format!("“{}”要一个有效的 GeoJSON 图形（within 只接受多边形）", site.op()),
                format!("\"{}\" requires a valid GeoJSON geometry (polygons for within).", site.op()),
            );
        };
        let shapes = Arc::new(shapes);
        Some(if within {
            Node::new(Type::Boolean, Op::Within(shapes))
        } else {
            Node::new(Type::Number, Op::Distance(shapes))
        })
    }
}
