//! The checked tree that an expression becomes.

use super::geometry::Shapes;
use super::{Type, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// An operator with its operands, and the type of its answer.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Type,
    pub(crate) op: Op,
}

#[derive(Debug, Clone)]
pub(crate) enum Op {
    Literal(Value),
    /// An operator whose operands are all evaluated first.
    Call(Call, Vec<Node>),
    /// The first operand that is of the node's type; a fault when none is.
    Assert(Vec<Node>),
    /// The first operand that can be made the node's type; a fault when none can.
    Coerce(Vec<Node>),
    Compare {
        order: Order,
        sides: Box<[Node; 2]>,
        collator: Option<Box<Node>>,
        /// One side's type is known only at evaluation.
        untyped: bool,
    },
    All(Vec<Node>),
    Any(Vec<Node>),
    Case(Vec<(Node, Node)>, Box<Node>),
    Match(Box<Match>),
    Coalesce(Vec<Node>),
    Step(Box<Node>, Vec<(f64, Node)>),
    Interpolate(Box<Interpolate>),
    /// The bound nodes are held to be walked through; they are evaluated where a variable asks for them.
    Let(Vec<Arc<Node>>, Box<Node>),
    /// A bound node, evaluated once and kept in this slot.
    Var(usize, Arc<Node>),
    Collator {
        case: Box<Node>,
        diacritic: Box<Node>,
        locale: Option<Box<Node>>,
    },
    Format(Vec<FormatSection>),
    Image(Box<Node>),
    NumberFormat(Box<NumberFormat>),
    List(Vec<Node>),
    Within(Arc<Shapes>),
    Distance(Arc<Shapes>),
}

#[derive(Debug, Clone)]
pub(crate) struct Match {
    pub(crate) input: Node,
    pub(crate) cases: HashMap<Label, usize>,
    pub(crate) outputs: Vec<Node>,
    pub(crate) otherwise: Node,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Label {
    Number(i64),
    Text(Arc<str>),
}

#[derive(Debug, Clone)]
pub(crate) struct Interpolate {
    pub(crate) curve: Curve,
    pub(crate) space: super::color::Space,
    pub(crate) input: Node,
    pub(crate) stops: Vec<(f64, Node)>,
}

/// How far between two stops an input lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Curve {
    Exponential(f64),
    CubicBezier([f64; 4]),
}

#[derive(Debug, Clone)]
pub(crate) struct FormatSection {
    pub(crate) content: Node,
    pub(crate) scale: Option<Node>,
    pub(crate) fonts: Option<Node>,
    pub(crate) color: Option<Node>,
    pub(crate) vertical_align: Option<Node>,
}

#[derive(Debug, Clone)]
pub(crate) struct NumberFormat {
    pub(crate) number: Node,
    pub(crate) locale: Option<Node>,
    pub(crate) currency: Option<Node>,
    pub(crate) unit: Option<Node>,
    pub(crate) min_fraction: Option<Node>,
    pub(crate) max_fraction: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

/// The plain operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Error,
    TypeOf,
    ToRgba,
    Rgb,
    Get,
    GetIn,
    Has,
    HasIn,
    FeatureState,
    GlobalState,
    Properties,
    GeometryType,
    Id,
    Zoom,
    HeatmapDensity,
    Elevation,
    LineProgress,
    Accumulated,
    Add,
    Multiply,
    Subtract,
    Negate,
    Divide,
    Remainder,
    Power,
    Sqrt,
    Log10,
    Ln,
    Log2,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Min,
    Max,
    Abs,
    Round,
    Floor,
    Ceil,
    Not,
    IsSupportedScript,
    Upcase,
    Downcase,
    Concat,
    ResolvedLocale,
    Split,
    Join,
    At,
    In,
    IndexOf,
    Slice,
    Length,
}

impl Node {
    pub(crate) fn literal(value: Value) -> Self {
        Self { kind: value.kind(), op: Op::Literal(value) }
    }

    pub(crate) fn new(kind: Type, op: Op) -> Self {
        Self { kind, op }
    }

    pub(crate) fn is_literal(&self) -> bool {
        matches!(self.op, Op::Literal(_))
    }

    /// Calls `visit` with each direct operand. A variable has none: what it stands for hangs on its `let`.
    pub(crate) fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        match &self.op {
            Op::Literal(_) | Op::Var(..) | Op::Within(_) | Op::Distance(_) => {}
            Op::Call(_, nodes)
            | Op::Assert(nodes)
            | Op::Coerce(nodes)
            | Op::All(nodes)
            | Op::Any(nodes)
            | Op::Coalesce(nodes)
            | Op::List(nodes) => nodes.iter().for_each(visit),
            Op::Compare { sides, collator, .. } => {
                sides.iter().for_each(&mut *visit);
                if let Some(node) = collator {
                    visit(node);
                }
            }
            Op::Case(branches, otherwise) => {
                for (test, output) in branches {
                    visit(test);
                    visit(output);
                }
                visit(otherwise);
            }
            Op::Match(m) => {
                visit(&m.input);
                m.outputs.iter().for_each(&mut *visit);
                visit(&m.otherwise);
            }
            Op::Step(input, stops) => {
                visit(input);
                for (_, node) in stops {
                    visit(node);
                }
            }
            Op::Interpolate(i) => {
                visit(&i.input);
                i.stops.iter().for_each(|(_, node)| visit(node));
            }
            Op::Let(bound, result) => {
                for node in bound {
                    visit(node);
                }
                visit(result);
            }
            Op::Collator { case, diacritic, locale } => {
                visit(case);
                visit(diacritic);
                if let Some(node) = locale {
                    visit(node);
                }
            }
            Op::Format(sections) => {
                for s in sections {
                    visit(&s.content);
                    [&s.scale, &s.fonts, &s.color, &s.vertical_align].into_iter().flatten().for_each(&mut *visit);
                }
            }
            Op::Image(name) => visit(name),
            Op::NumberFormat(f) => {
                visit(&f.number);
                [&f.locale, &f.currency, &f.unit, &f.min_fraction, &f.max_fraction]
                    .into_iter()
                    .flatten()
                    .for_each(visit);
            }
        }
    }

    /// Whether `test` holds for this node or any below it.
    pub(crate) fn any(&self, test: &dyn Fn(&Node) -> bool) -> bool {
        if test(self) {
            return true;
        }
        let mut found = false;
        self.each_child(&mut |child| found = found || child.any(test));
        found
    }

    fn calls(&self, wanted: &[Call]) -> bool {
        self.any(&|node| matches!(&node.op, Op::Call(call, _) if wanted.contains(call)))
    }

    /// Whether the answer is the same for every feature.
    pub(crate) fn is_feature_constant(&self) -> bool {
        use Call::{FeatureState, GeometryType, Get, Has, Id, Properties};
        !self.any(&|node| match &node.op {
            Op::Call(call, _) => {
                matches!(call, Get | Has | FeatureState | Properties | GeometryType | Id)
            }
            Op::Within(_) | Op::Distance(_) => true,
            _ => false,
        })
    }

    /// Whether the answer is the same at every zoom.
    pub(crate) fn is_zoom_constant(&self) -> bool {
        !self.calls(&[Call::Zoom])
    }

    /// Whether the answer asks for the state of a feature.
    pub(crate) fn is_state_constant(&self) -> bool {
        !self.calls(&[Call::FeatureState])
    }

    /// Whether the answer is known now, so that the node can be replaced by it.
    pub(crate) fn is_constant(&self) -> bool {
        use Call::{Accumulated, Elevation, Error, GlobalState, HeatmapDensity, IsSupportedScript, LineProgress, Zoom};
        match &self.op {
            Op::Var(_, bound) => return bound.is_literal(),
            Op::Collator { .. } | Op::Within(_) | Op::Distance(_) | Op::Call(Error | GlobalState, _) => {
                return false;
            }
            _ => {}
        }
        let through = matches!(self.op, Op::Assert(_) | Op::Coerce(_));
        let mut constant = true;
        self.each_child(&mut |child| {
            constant = constant && if through { child.is_constant() } else { child.is_literal() };
        });
        constant
            && self.is_feature_constant()
            && !self.calls(&[Zoom, HeatmapDensity, Elevation, LineProgress, Accumulated, IsSupportedScript])
    }

    /// The names that `global-state` asks for.
    pub(crate) fn global_state(&self, names: &mut Vec<Arc<str>>) {
        if let Op::Call(Call::GlobalState, operands) = &self.op
            && let Some(Op::Literal(Value::Text(name))) = operands.first().map(|node| &node.op)
        {
            names.push(name.clone());
        }
        self.each_child(&mut |child| child.global_state(names));
    }

    /// Whether every possible answer is a literal of the expression.
    pub(crate) fn outputs_are_literal(&self) -> bool {
        match &self.op {
            Op::Literal(_) => true,
            Op::Assert(nodes) | Op::Coerce(nodes) | Op::Coalesce(nodes) => nodes.iter().all(Self::outputs_are_literal),
            Op::Case(branches, otherwise) => {
                branches.iter().all(|(_, output)| output.outputs_are_literal()) && otherwise.outputs_are_literal()
            }
            Op::Match(m) => m.outputs.iter().all(Self::outputs_are_literal) && m.otherwise.outputs_are_literal(),
            Op::Step(_, stops) => stops.iter().all(|(_, node)| node.outputs_are_literal()),
            Op::Interpolate(parts) => parts.stops.iter().all(|(_, node)| node.outputs_are_literal()),
            Op::Let(_, result) => result.outputs_are_literal(),
            _ => false,
        }
    }
}
