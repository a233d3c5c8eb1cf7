//! The rule on `zoom`: only as the input of one top-level `step` or `interpolate`, so that a renderer can prepare a
//! tile for whole zooms and slide between them.

use super::node::{Call, Node, Op};
use super::parse::ParseError;
use crate::spec::PropertySpec;
use crate::text::Text;

fn error(zh: impl Into<String>, en: impl Into<String>) -> ParseError {
    ParseError { key: String::new(), text: Text::new(zh, en) }
}

/// Checks that the property may depend on what the expression depends on.
pub(super) fn check(node: &Node, spec: &PropertySpec) -> Result<(), ParseError> {
    if !node.is_feature_constant() && !spec.takes_features() {
        return Err(error("此属性不能取决于要素的字段", "Data expressions are not supported by this property."));
    }
    let zoom_constant = node.is_zoom_constant();
    if !zoom_constant && !spec.takes_zoom() {
        return Err(error("此属性不能取决于缩放级别", "Zoom expressions are not supported by this property."));
    }
    match curve(node)? {
        None if !zoom_constant => Err(misplaced()),
        Some(Node { op: Op::Interpolate(_), .. }) if !spec.interpolated => Err(error(
            "此属性不能用 interpolate，请用 step",
            "\"interpolate\" expressions cannot be used with this property; use \"step\".",
        )),
        _ => Ok(()),
    }
}

fn misplaced() -> ParseError {
    error(
        "“zoom”只能作为最外层 step 或 interpolate 的输入",
        "\"zoom\" may only be the input of a top-level \"step\" or \"interpolate\" expression.",
    )
}

/// The one curve over the zoom, if there is one. Each node is visited once.
fn curve(node: &Node) -> Result<Option<&Node>, ParseError> {
    let mut inner = Vec::new();
    let mut wrong = None;
    node.each_child(&mut |child| match curve(child) {
        Err(error) => wrong = Some(error),
        Ok(found) => inner.push(found),
    });
    if let Some(error) = wrong {
        return Err(error);
    }
    let found = match &node.op {
        // A curve may stand at the top, behind `let` and `coalesce`; the result of a `let` is its last child.
        Op::Let(..) => inner.last().copied().flatten(),
        Op::Coalesce(_) => inner.iter().copied().flatten().next(),
        Op::Step(input, _) if is_zoom(input) => Some(node),
        Op::Interpolate(parts) if is_zoom(&parts.input) => Some(node),
        _ => None,
    };
    for inner in inner.into_iter().flatten() {
        match found {
            None => return Err(misplaced()),
            Some(outer) if !std::ptr::eq(outer, inner) => {
                return Err(error(
                    "一个表达式中只能有一个按缩放级别变化的 step 或 interpolate",
                    "Only one zoom-based \"step\" or \"interpolate\" may be used in an expression.",
                ));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

fn is_zoom(node: &Node) -> bool {
    matches!(node.op, Op::Call(Call::Zoom, _))
}
