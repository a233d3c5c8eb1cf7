//! Operators with fixed signatures: a table of names, operand types and answers.

use super::super::Type;
use super::super::node::{Call, Node, Op};
use super::{Parser, Site};

#[derive(Clone, Copy)]
enum T {
    Num,
    Str,
    Bool,
    Color,
    Object,
    Value,
    Collator,
    Strings,
    Rgba,
}

/// The operands of one way to call an operator.
enum Operands {
    Exactly(&'static [T]),
    Any(T),
}

use Operands::{Any, Exactly};

type Row = (&'static str, T, &'static [(Operands, Call)]);

const CALLS: &[Row] = &[
    ("error", T::Value, &[(Exactly(&[T::Str]), Call::Error)]),
    ("typeof", T::Str, &[(Exactly(&[T::Value]), Call::TypeOf)]),
    ("to-rgba", T::Rgba, &[(Exactly(&[T::Color]), Call::ToRgba)]),
    ("rgb", T::Color, &[(Exactly(&[T::Num; 3]), Call::Rgb)]),
    ("rgba", T::Color, &[(Exactly(&[T::Num; 4]), Call::Rgb)]),
    ("get", T::Value, &[(Exactly(&[T::Str]), Call::Get), (Exactly(&[T::Str, T::Object]), Call::GetIn)]),
    ("has", T::Bool, &[(Exactly(&[T::Str]), Call::Has), (Exactly(&[T::Str, T::Object]), Call::HasIn)]),
    ("feature-state", T::Value, &[(Exactly(&[T::Str]), Call::FeatureState)]),
    ("properties", T::Object, &[(Exactly(&[]), Call::Properties)]),
    ("geometry-type", T::Str, &[(Exactly(&[]), Call::GeometryType)]),
    ("id", T::Value, &[(Exactly(&[]), Call::Id)]),
    ("zoom", T::Num, &[(Exactly(&[]), Call::Zoom)]),
    ("heatmap-density", T::Num, &[(Exactly(&[]), Call::HeatmapDensity)]),
    ("elevation", T::Num, &[(Exactly(&[]), Call::Elevation)]),
    ("line-progress", T::Num, &[(Exactly(&[]), Call::LineProgress)]),
    ("accumulated", T::Value, &[(Exactly(&[]), Call::Accumulated)]),
    ("+", T::Num, &[(Any(T::Num), Call::Add)]),
    ("*", T::Num, &[(Any(T::Num), Call::Multiply)]),
    ("-", T::Num, &[(Exactly(&[T::Num, T::Num]), Call::Subtract), (Exactly(&[T::Num]), Call::Negate)]),
    ("/", T::Num, &[(Exactly(&[T::Num, T::Num]), Call::Divide)]),
    ("%", T::Num, &[(Exactly(&[T::Num, T::Num]), Call::Remainder)]),
    ("^", T::Num, &[(Exactly(&[T::Num, T::Num]), Call::Power)]),
    ("sqrt", T::Num, &[(Exactly(&[T::Num]), Call::Sqrt)]),
    ("log10", T::Num, &[(Exactly(&[T::Num]), Call::Log10)]),
    ("ln", T::Num, &[(Exactly(&[T::Num]), Call::Ln)]),
    ("log2", T::Num, &[(Exactly(&[T::Num]), Call::Log2)]),
    ("sin", T::Num, &[(Exactly(&[T::Num]), Call::Sin)]),
    ("cos", T::Num, &[(Exactly(&[T::Num]), Call::Cos)]),
    ("tan", T::Num, &[(Exactly(&[T::Num]), Call::Tan)]),
    ("asin", T::Num, &[(Exactly(&[T::Num]), Call::Asin)]),
    ("acos", T::Num, &[(Exactly(&[T::Num]), Call::Acos)]),
    ("atan", T::Num, &[(Exactly(&[T::Num]), Call::Atan)]),
    ("min", T::Num, &[(Any(T::Num), Call::Min)]),
    ("max", T::Num, &[(Any(T::Num), Call::Max)]),
    ("abs", T::Num, &[(Exactly(&[T::Num]), Call::Abs)]),
    ("round", T::Num, &[(Exactly(&[T::Num]), Call::Round)]),
    ("floor", T::Num, &[(Exactly(&[T::Num]), Call::Floor)]),
    ("ceil", T::Num, &[(Exactly(&[T::Num]), Call::Ceil)]),
    ("!", T::Bool, &[(Exactly(&[T::Bool]), Call::Not)]),
    ("is-supported-script", T::Bool, &[(Exactly(&[T::Str]), Call::IsSupportedScript)]),
    ("upcase", T::Str, &[(Exactly(&[T::Str]), Call::Upcase)]),
    ("downcase", T::Str, &[(Exactly(&[T::Str]), Call::Downcase)]),
    ("concat", T::Str, &[(Any(T::Value), Call::Concat)]),
    ("resolved-locale", T::Str, &[(Exactly(&[T::Collator]), Call::ResolvedLocale)]),
    ("split", T::Strings, &[(Exactly(&[T::Str, T::Str]), Call::Split)]),
    ("join", T::Str, &[(Exactly(&[T::Strings, T::Str]), Call::Join)]),
];

/// Constants that are spelled as operators.
const CONSTANTS: &[(&str, f64)] =
    &[("pi", std::f64::consts::PI), ("e", std::f64::consts::E), ("ln2", std::f64::consts::LN_2)];

impl T {
    fn kind(self) -> Type {
        match self {
            Self::Num => Type::Number,
            Self::Str => Type::String,
            Self::Bool => Type::Boolean,
            Self::Color => Type::Color,
            Self::Object => Type::Object,
            Self::Value => Type::Value,
            Self::Collator => Type::Collator,
            Self::Strings => Type::array(Type::String, None),
            Self::Rgba => Type::array(Type::Number, Some(4)),
        }
    }
}

impl Parser {
    pub(super) fn call(&mut self, site: &Site) -> Option<Node> {
        if let Some((_, number)) = CONSTANTS.iter().find(|(name, _)| *name == site.op()) {
            if site.count() > 0 {
                return self.no_such_call(site, &[(Exactly(&[]), Call::Add)]);
            }
            return Some(Node::literal(super::Value::Number(*number)));
        }
        let Some((_, answer, ways)) = CALLS.iter().find(|(name, ..)| *name == site.op()) else {
            let op: String = site.op().chars().take(60).collect();
            return self.refuse(
                format!("{}[0]", site.key),
                format!("没有运算“{op}”；列表请写 [\"literal\", [...]]"),
                format!("Unknown expression \"{op}\". For a list write [\"literal\", [...]]."),
            );
        };
        let way = ways.iter().find(|(operands, _)| match operands {
            Exactly(list) => list.len() == site.count(),
            Any(_) => true,
        });
        let Some((operands, call)) = way else {
            return self.no_such_call(site, ways);
        };
        let mut nodes = Vec::with_capacity(site.count());
        for i in 1..site.args.len() {
            let wanted = match operands {
                Exactly(list) => list.get(i - 1)?.kind(),
                Any(one) => one.kind(),
            };
            nodes.push(self.operand(site, i, Some(&wanted))?);
        }
        Some(Node::new(answer.kind(), Op::Call(*call, nodes)))
    }

    /// Refuses a call with a number of operands that the operator does not take.
    fn no_such_call(&mut self, site: &Site, ways: &[(Operands, Call)]) -> Option<Node> {
        let mut found = Vec::new();
        for i in 1..site.args.len() {
            found.push(self.operand(site, i, None)?.kind.to_string());
        }
        let wanted = ways.iter().map(|(operands, _)| match operands {
            Exactly(list) => {
                format!("({})", list.iter().map(|t| t.kind().to_string()).collect::<Vec<_>>().join(", "))
            }
            Any(one) => format!("({}, ...)", one.kind()),
        });
        let (wanted, found) = (wanted.collect::<Vec<_>>().join(" | "), found.join(", "));
        self.refuse(
            site.key,
            format!("“{}”的参数应为 {wanted}，却是 ({found})", site.op()),
            format!("\"{}\" expects arguments of type {wanted}, but found ({found}) instead.", site.op()),
        )
    }
}

pub(super) fn is_call(name: &str) -> bool {
    CALLS.iter().any(|(known, ..)| *known == name) || CONSTANTS.iter().any(|(known, _)| *known == name)
}
