//! Walks a condition with a stack of its own: however deep it nests, the thread's stack does not grow.

use super::{Expr, Filter};

enum Node<'a> {
    Filter(&'a Filter),
    Expr(&'a Expr),
}

/// Calls `f` with every field's name; tells how deep the condition nests.
pub(super) fn each_field<'a>(filter: &'a Filter, f: &mut dyn FnMut(&'a str)) -> usize {
    let mut deepest = 0;
    let mut left = vec![(Node::Filter(filter), 1)];
    while let Some((node, depth)) = left.pop() {
        deepest = deepest.max(depth);
        if let Node::Expr(Expr::Field(name)) = node {
            f(name);
        }
        parts(&node, &mut |part| left.push((part, depth + 1)));
    }
    deepest
}

fn parts<'a>(node: &Node<'a>, take: &mut dyn FnMut(Node<'a>)) {
    match *node {
        Node::Filter(filter) => match filter {
            Filter::All(all) | Filter::Any(all) => all.iter().for_each(|p| take(Node::Filter(p))),
            Filter::Not(part) => take(Node::Filter(part)),
            Filter::Flag(e) | Filter::IsNull(e) => take(Node::Expr(e)),
            Filter::Compare(a, _, b)
            | Filter::Like(a, b)
            | Filter::Spatial(_, a, b)
            | Filter::Temporal(_, a, b)
            | Filter::Array(_, a, b) => [a, b].into_iter().for_each(|e| take(Node::Expr(e))),
            Filter::Between(a, b, c) => [a, b, c].into_iter().for_each(|e| take(Node::Expr(e))),
            Filter::In(e, all) => std::iter::once(e).chain(all).for_each(|e| take(Node::Expr(e))),
        },
        Node::Expr(expr) => match expr {
            Expr::Field(_) | Expr::Literal(_) | Expr::Geometry(_) | Expr::Instant(_) => {}
            Expr::Interval(from, until) => [from, until].into_iter().flatten().for_each(|e| take(Node::Expr(e))),
            Expr::List(all) | Expr::Call(_, all) => all.iter().for_each(|e| take(Node::Expr(e))),
            Expr::Arithmetic(a, _, b) => [a, b].into_iter().for_each(|e| take(Node::Expr(e))),
        },
    }
}
