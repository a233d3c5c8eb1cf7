//! Parts put together. Both readers come here, so that both refuse the same.

use std::sync::Arc;

use super::failure::wrong;
use super::{MAX_NODES, MAX_VERTICES};
use crate::query::filter::{
    Arithmetic, Array, Compare, Expr, Filter, Function, MAX_DEPTH, RESERVED, Spatial, Temporal, too_deep,
};
use crate::{Error, Geometry, Instant, Result, Value};

/// A condition or an expression.
#[derive(Debug)]
pub(super) enum Item {
    Filter(Filter),
    Expr(Expr),
}

/// A part that was read, and how deep it nests.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) item: Item,
    depth: usize,
}

/// Whatever has arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    And,
    Or,
    Not,
    Between,
    In,
    Like,
    IsNull,
    Compare(Compare),
    Arithmetic(Arithmetic),
    Spatial(Spatial),
    Temporal(Temporal),
    Array(Array),
    Call(Function),
    Interval,
    List,
}

impl Op {
    /// What a name followed by arguments means in text.
    pub(super) fn called(name: &str) -> Result<Self> {
        None.or_else(|| Spatial::named(name).map(Self::Spatial))
            .or_else(|| Temporal::named(name).map(Self::Temporal))
            .or_else(|| Array::named(name).map(Self::Array))
            .or_else(|| Function::named(name).map(Self::Call))
            .or_else(|| name.eq_ignore_ascii_case("interval").then_some(Self::Interval))
            .ok_or_else(|| unknown(name))
    }

    /// What an `op` means in JSON.
    pub(super) fn named(name: &str) -> Result<Self> {
        const PLAIN: [(&str, Op); 7] = [
            ("and", Op::And),
            ("or", Op::Or),
            ("not", Op::Not),
            ("between", Op::Between),
            ("in", Op::In),
            ("like", Op::Like),
            ("isNull", Op::IsNull),
        ];
        let plain = PLAIN.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, op)| *op);
        plain
            .or_else(|| Compare::named(name).map(Self::Compare))
            .or_else(|| Arithmetic::named(name).map(Self::Arithmetic))
            .map_or_else(|| Self::called(name), Ok)
            .and_then(|op| if op == Self::Interval { Err(unknown(name)) } else { Ok(op) })
    }

    /// How many arguments it takes, at least and at most.
    const fn takes(self) -> (usize, usize) {
        match self {
            Self::And | Self::Or | Self::Call(Function::Coalesce) => (1, usize::MAX),
            Self::Not | Self::IsNull | Self::Call(_) => (1, 1),
            Self::Between => (3, 3),
            Self::List => (0, usize::MAX),
            _ => (2, 2),
        }
    }
}

fn unknown(name: &str) -> Error {
    let all = Function::ALL.iter().map(|f| f.name());
    let all = all
        .chain(Spatial::ALL.iter().map(|o| o.name()))
        .chain(Temporal::ALL.iter().map(|o| o.name()))
        .chain(Array::ALL.iter().map(|o| o.name()))
        .collect::<Vec<_>>()
        .join(", ");
    let name: String = name.chars().take(40).collect();
    Error::invalid(
        format!("没有名为 “{name}” 的函数或运算；可用：{all}"),
        format!("there is no function or operation “{name}”; known are {all}"),
    )
}

/// Puts parts together and counts them.
#[derive(Default)]
pub(super) struct Builder {
    nodes: usize,
    vertices: usize,
}

impl Builder {
    fn node(&mut self, item: Item, depth: usize) -> Result<Node> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return wrong(
                format!("筛选条件超过 {MAX_NODES} 个部分；请拆开"),
                format!("the filter has more than {MAX_NODES} parts; take it apart"),
            );
        }
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(Node { item, depth })
    }

    pub(super) fn expr(&mut self, expr: Expr) -> Result<Node> {
        self.node(Item::Expr(expr), 1)
    }

    pub(super) fn field(&mut self, name: &str) -> Result<Node> {
        if name.is_empty() {
            return wrong("字段名为空", "the name of a field is empty");
        }
        self.expr(Expr::field(name))
    }

    /// A moment or, where `date`, a bare date.
    pub(super) fn moment(&mut self, text: &str, date: bool) -> Result<Node> {
        let at: Instant = text.parse()?;
        if text.contains(['T', 't']) == date {
            return wrong(
                format!("“{text}” 不合：DATE 须为日期，TIMESTAMP 须为日期与时间"),
                format!("“{text}” does not fit: a DATE is a date alone, a TIMESTAMP has a time too"),
            );
        }
        self.expr(Expr::Instant(at))
    }

    pub(super) fn shape(&mut self, shape: Geometry) -> Result<Node> {
        self.vertices += shape.coords().len();
        if self.vertices > MAX_VERTICES {
            return wrong(
                format!("筛选条件中的几何超过 {MAX_VERTICES} 个顶点；请简化"),
                format!("the shapes of the filter have more than {MAX_VERTICES} vertices; make them simpler"),
            );
        }
        if shape.check_rings().is_err() {
            return wrong(
                "多边形无效：环自相交或洞在外；请修正",
                "the polygon is not valid: a ring crosses itself or a hole lies outside; correct it",
            );
        }
        // So deep it nests when it is written as JSON, whose readers have a limit of their own.
        let depth = if shape.kind() == "GeometryCollection" { 12 } else { 4 };
        self.node(Item::Expr(Expr::Geometry(Arc::new(shape))), depth)
    }

    /// An operation on its arguments.
    pub(super) fn apply(&mut self, op: Op, args: Vec<Node>) -> Result<Node> {
        let (least, most) = op.takes();
        if !(least..=most).contains(&args.len()) {
            let (n, own) = (if least == most { least.to_string() } else { format!("{least}…") }, args.len());
            return wrong(
                format!("需要 {n} 个参数，实有 {own} 个"),
                format!("{n} arguments are wanted and there are {own}"),
            );
        }
        if matches!(op, Op::And | Op::Or) {
            return self.joined(op, args);
        }
        let depth = 1 + args.iter().map(|n| n.depth).max().unwrap_or(0);
        let mut args = args.into_iter();
        let mut next = || args.next().ok_or_else(|| Error::invalid("缺少参数", "an argument is missing"));
        let item = match op {
            Op::And | Op::Or => return wrong("参数有误", "the arguments are wrong"),
            Op::Not => Item::Filter(Filter::Not(Box::new(condition(next()?)?))),
            Op::IsNull => Item::Filter(Filter::IsNull(expr(next()?)?)),
            Op::Compare(how) => Item::Filter(Filter::Compare(scalar(next()?)?, how, scalar(next()?)?)),
            Op::Between => Item::Filter(Filter::Between(scalar(next()?)?, scalar(next()?)?, scalar(next()?)?)),
            Op::In => Item::Filter(Filter::In(scalar(next()?)?, members(next()?)?)),
            Op::Like => Item::Filter(Filter::Like(textual(next()?)?, textual(next()?)?)),
            Op::Spatial(how) => Item::Filter(Filter::Spatial(how, spatial(next()?)?, spatial(next()?)?)),
            Op::Temporal(how) => Item::Filter(Filter::Temporal(how, temporal(next()?)?, temporal(next()?)?)),
            Op::Array(how) => Item::Filter(Filter::Array(how, array(next()?)?, array(next()?)?)),
            Op::Arithmetic(how) => {
                Item::Expr(Expr::Arithmetic(Box::new(numeric(next()?)?), how, Box::new(numeric(next()?)?)))
            }
            Op::Interval => Item::Expr(interval(end(next()?)?, end(next()?)?)?),
            Op::Call(function) => Item::Expr(Expr::Call(function, args.map(expr).collect::<Result<_>>()?)),
            Op::List => Item::Expr(Expr::List(args.map(expr).collect::<Result<_>>()?)),
        };
        // In JSON the list of IN is a level of its own already; other operations have one for the operation and one for its arguments.
        self.node(item, depth)
    }

    /// `AND` and `OR` of many are one level: parts that are the same themselves are taken apart.
    fn joined(&mut self, op: Op, args: Vec<Node>) -> Result<Node> {
        let (mut all, mut depth, mut grown) = (Vec::new(), 0, false);
        for arg in args {
            let own = arg.depth;
            match (condition(arg)?, op) {
                (Filter::All(mut parts), Op::And) | (Filter::Any(mut parts), Op::Or) => {
                    depth = depth.max(own);
                    grown |= all.is_empty();
                    if all.is_empty() { all = parts } else { all.append(&mut parts) }
                }
                (part, _) => {
                    depth = depth.max(own + 1);
                    all.push(part);
                }
            }
        }
        if all.len() == 1
            && let Some(only) = all.pop()
        {
            return self.node(Item::Filter(only), depth - 1);
        }
        // `a AND b` that became `a AND b AND c` was counted already.
        self.nodes -= usize::from(grown);
        let whole = if op == Op::And { Filter::All(all) } else { Filter::Any(all) };
        self.node(Item::Filter(whole), depth)
    }
}

/// The node as a condition.
pub(super) fn condition(node: Node) -> Result<Filter> {
    match node.item {
        Item::Filter(filter) => Ok(filter),
        Item::Expr(e @ (Expr::Field(_) | Expr::Literal(Value::Bool(_)) | Expr::Call(Function::Coalesce, _))) => {
            Ok(Filter::Flag(e))
        }
        Item::Expr(_) => wrong(
            "这里应为条件（真或假），实为一个值",
            "a condition, true or false, is wanted here and this is a value",
        ),
    }
}

fn expr(node: Node) -> Result<Expr> {
    match node.item {
        Item::Expr(e) => Ok(e),
        Item::Filter(_) => wrong("这里应为一个值，实为条件", "a value is wanted here and this is a condition"),
    }
}

fn scalar(node: Node) -> Result<Expr> {
    match expr(node)? {
        Expr::Geometry(_) | Expr::Interval(..) | Expr::List(_) => wrong(
            "只能比较数、文字、真假与时刻；几何用 S_…，时间区间用 T_…，列表用 A_…",
            "only numbers, texts, truths and moments are compared; shapes have S_…, intervals T_…, lists A_…",
        ),
        Expr::Field(name) if name.as_ref() == RESERVED[1] || name.as_ref() == RESERVED[2] => wrong(
            format!("{name} 不能这样比较；几何用 S_…，有效时间用 T_…"),
            format!("{name} is not compared so; shapes have S_…, the valid time T_…"),
        ),
        e => Ok(e),
    }
}

fn members(node: Node) -> Result<Vec<Expr>> {
    match expr(node)? {
        Expr::List(parts) if !parts.is_empty() => {
            let depth = 1;
            parts.into_iter().map(|e| scalar(Node { item: Item::Expr(e), depth })).collect()
        }
        _ => wrong("IN 之后应为至少一个值的列表", "IN is followed by a list of one value at least"),
    }
}

fn textual(node: Node) -> Result<Expr> {
    match expr(node)? {
        e @ (Expr::Field(_) | Expr::Literal(Value::Text(_) | Value::Null) | Expr::Call(..)) => Ok(e),
        _ => wrong("LIKE 两边应为文字", "LIKE takes a text and a pattern"),
    }
}

fn numeric(node: Node) -> Result<Expr> {
    match expr(node)? {
        e @ (Expr::Field(_)
        | Expr::Literal(Value::Int(_) | Value::Float(_) | Value::Null)
        | Expr::Arithmetic(..)
        | Expr::Call(..)) => Ok(e),
        _ => wrong("算术只能用于数", "arithmetic takes numbers"),
    }
}

fn spatial(node: Node) -> Result<Expr> {
    match expr(node)? {
        e @ (Expr::Field(_) | Expr::Geometry(_)) => Ok(e),
        _ => wrong("这里应为几何或几何字段（geometry）", "a shape or the field of one (geometry) is wanted here"),
    }
}

fn temporal(node: Node) -> Result<Expr> {
    match expr(node)? {
        e @ (Expr::Field(_) | Expr::Instant(_) | Expr::Interval(..) | Expr::Call(..)) => Ok(e),
        _ => wrong(
            "这里应为时间：字段、DATE('2026-03-01')、TIMESTAMP('…') 或 INTERVAL('…', '..')",
            "a time is wanted here: a field, DATE('2026-03-01'), TIMESTAMP('…') or INTERVAL('…', '..')",
        ),
    }
}

fn array(node: Node) -> Result<Expr> {
    match expr(node)? {
        e @ (Expr::Field(_) | Expr::List(_) | Expr::Call(..)) => Ok(e),
        _ => wrong("这里应为列表或字段，如 ('甲', '乙')", "a list or a field is wanted here, such as ('a', 'b')"),
    }
}

/// An end of an interval: `..` is open.
fn end(node: Node) -> Result<Option<Box<Expr>>> {
    Ok(match expr(node)? {
        Expr::Literal(Value::Text(text)) if text.as_ref() == ".." => None,
        Expr::Literal(Value::Text(text)) => Some(Box::new(Expr::Instant(text.parse()?))),
        e @ (Expr::Field(_) | Expr::Instant(_) | Expr::Call(..)) => Some(Box::new(e)),
        _ => {
            return wrong(
                "区间的端点应为日期、时刻、字段或 '..'",
                "an end of an interval is a date, a moment, a field or '..'",
            );
        }
    })
}

fn interval(from: Option<Box<Expr>>, until: Option<Box<Expr>>) -> Result<Expr> {
    if let (Some(Expr::Instant(from)), Some(Expr::Instant(until))) = (from.as_deref(), until.as_deref()) {
        crate::Interval::new(*from, *until)?;
    }
    Ok(Expr::Interval(from, until))
}
