//! Conditions: all that CQL2 can say of a feature.

mod array;
mod evaluate;
mod expr;
mod number;
mod operand;
mod spatial;
mod temporal;
mod text;
mod walk;

use crate::{Error, LayerId, Name, Result, Scope, Shown, Value};

pub use expr::{Arithmetic, Array, Compare, Expr, Function, GEOMETRY, ID, RESERVED, Spatial, Temporal, VALID};
pub(super) use number::sort_order;
pub use number::{apply as apply_number, calculate, order};
pub use temporal::instant;
pub use text::{apply as apply_text, like};

/// How deep a condition may nest.
pub const MAX_DEPTH: usize = 64;

/// A condition, which for a feature is true, false or unknown (three-valued, as in SQL).
///
/// A comparison with a missing or null field, or of values of different kinds, is unknown. So is `Not` of what is unknown; `All` is
/// false where one part is false, `Any` true where one is true, and else unknown where a part is. A feature is kept only where the
/// whole is true: neither `n > 5` nor `NOT (n > 5)` keeps a feature without `n`. Only [`Filter::IsNull`] is never unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them; of none it is true.
    All(Vec<Filter>),
    /// One of them at least; of none it is false.
    Any(Vec<Filter>),
    /// Not it.
    Not(Box<Filter>),
    /// A value that is true or false itself.
    Flag(Expr),
    /// A comparison. Numbers of both kinds are one; texts go by their code points; a text that is a time compares with a moment.
    Compare(Expr, Compare, Expr),
    /// The first lies between the others, both included.
    Between(Expr, Expr, Expr),
    /// The value equals one of these.
    In(Expr, Vec<Expr>),
    /// A text and the pattern that all of it must fit: `%` is any text, `_` any character, `\` takes the next one as it is.
    Like(Expr, Expr),
    /// The value is missing or null.
    IsNull(Expr),
    /// How two shapes lie to each other.
    Spatial(Spatial, Expr, Expr),
    /// How two stretches of time lie to each other.
    Temporal(Temporal, Expr, Expr),
    /// How two lists lie to each other.
    Array(Array, Expr, Expr),
}

impl Filter {
    /// A field compared with a value.
    pub fn is(field: impl Into<Name>, compare: Compare, value: impl Into<Value>) -> Self {
        Self::Compare(Expr::field(field), compare, value.into().into())
    }

    /// A field that has one of these values.
    pub fn one_of(field: impl Into<Name>, values: impl IntoIterator<Item = Value>) -> Self {
        Self::In(Expr::field(field), values.into_iter().map(Expr::Literal).collect())
    }

    /// A field whose text holds this text, capital or small.
    pub fn holds(field: impl Into<Name>, part: &str) -> Self {
        let mut pattern = String::from("%");
        for c in part.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        let folded = |e| Expr::Call(Function::Casei, vec![e]);
        Self::Like(folded(Expr::field(field)), folded(pattern.into()))
    }

    /// A field that is missing or null.
    pub fn missing(field: impl Into<Name>) -> Self {
        Self::IsNull(Expr::field(field))
    }

    /// Whether it is true for `feature`, by the fields that may be seen.
    pub fn matches(&self, feature: &Shown) -> bool {
        evaluate::truth(self, feature) == Some(true)
    }

    /// True, false or unknown (`None`) for `feature`, by the fields that may be seen.
    pub fn truth(&self, feature: &Shown) -> Option<bool> {
        evaluate::truth(self, feature)
    }

    /// Refuses a condition on a field that is not shown in clear in one of the layers: otherwise its value could be guessed by
    /// asking. Refuses one that nests too deep.
    pub fn check(&self, scope: &Scope, layers: &[LayerId]) -> Result<()> {
        let mut first = Ok(());
        let depth = walk::each_field(self, &mut |name| {
            if first.is_ok() && !RESERVED.contains(&name) {
                first = check_field(name, scope, layers);
            }
        });
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        first
    }

    /// Calls `f` with the name of every field that is named anywhere in it, [`RESERVED`] names too.
    pub fn each_field<'a>(&'a self, f: &mut dyn FnMut(&'a str)) {
        walk::each_field(self, f);
    }

    /// Whether it looks at the shape.
    pub fn wants_shape(&self) -> bool {
        let mut wants = false;
        self.each_field(&mut |name| wants |= name == GEOMETRY);
        wants
    }
}

/// A condition that nests too deep.
pub(super) fn too_deep() -> Error {
    Error::invalid(
        format!("筛选条件嵌套超过 {MAX_DEPTH} 层；请拆开或去掉多余的括号"),
        format!("the filter is nested deeper than {MAX_DEPTH}; take it apart or leave out needless parentheses"),
    )
}

/// Refuses a field that is not shown in clear in one of the layers.
pub(super) fn check_field(field: &str, scope: &Scope, layers: &[LayerId]) -> Result<()> {
    match layers.iter().find(|l| !scope.shows(l.as_str(), field)) {
        None => Ok(()),
        Some(layer) => Err(Error::invalid(
            format!("图层 “{layer}” 没有可供查询的字段 “{field}”；可用字段见 /catalog"),
            format!("the layer “{layer}” has no field “{field}” to ask by; /catalog lists the fields"),
        )),
    }
}
