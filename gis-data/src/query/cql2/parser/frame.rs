//! What is open while a text is read.

use super::super::build::{Node, Op};
use super::super::lexer::Kind;

/// What a parenthesis opened.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opens {
    /// The text itself.
    Whole,
    /// A parenthesis around one value or condition; with commas it is a list.
    Group,
    /// The arguments of a function.
    Call(Op),
    /// A list, up to this sign.
    List(&'static str),
    /// The list of `IN`.
    In { negated: bool },
}

/// An operator that waits for its last operand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) op: Op,
    pub(super) binds: u8,
    /// Whether `NOT` stood before it, as in `NOT LIKE`.
    pub(super) negated: bool,
    /// Whether the `AND` of a `BETWEEN` was read.
    pub(super) half: bool,
    pub(super) at: usize,
}

impl Pending {
    pub(super) const fn new(op: Op, binds: u8, at: usize) -> Self {
        Self { op, binds, negated: false, half: false, at }
    }
}

/// What was read within one parenthesis.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) opens: Opens,
    /// The arguments before the last comma.
    pub(super) done: Vec<Node>,
    pub(super) operands: Vec<Node>,
    pub(super) pending: Vec<Pending>,
    pub(super) at: usize,
}

impl Frame {
    pub(super) const fn new(opens: Opens, at: usize) -> Self {
        Self { opens, done: Vec::new(), operands: Vec::new(), pending: Vec::new(), at }
    }

    /// The `BETWEEN` that waits for its `AND`, if the last operator is one.
    pub(super) fn waiting(&mut self) -> Option<&mut Pending> {
        self.pending.last_mut().filter(|p| p.op == Op::Between && !p.half)
    }

    /// Whether nothing was read since it was opened or since the last comma.
    pub(super) const fn at_start(&self) -> bool {
        self.operands.is_empty() && self.pending.is_empty()
    }

    pub(super) fn closes(&self, kind: &Kind) -> bool {
        match self.opens {
            Opens::Whole => *kind == Kind::End,
            Opens::List(sign) => *kind == Kind::Sign(sign),
            Opens::Group | Opens::Call(_) | Opens::In { .. } => *kind == Kind::Sign(")"),
        }
    }
}
