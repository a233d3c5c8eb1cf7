//! Tokens to a condition: operators by their precedence, with a stack of open parentheses instead of recursion.

mod frame;
mod operand;

use frame::{Frame, Opens, Pending};

use super::build::{Builder, Node, Op, condition};
use super::failure::{at_character, check_length, wrong};
use super::lexer::{Kind, Token, tokens};
use crate::query::filter::{Arithmetic, Compare, MAX_DEPTH, too_deep};
use crate::{Error, Filter, Result};

/// Words that are no names unless they stand in double quotes.
pub(super) const WORDS: [&str; 11] =
    ["and", "or", "not", "between", "in", "like", "is", "null", "true", "false", "div"];

/// How tightly operators bind.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARES: u8 = 4;
const ADDS: u8 = 5;
const MULTIPLIES: u8 = 6;
const RAISES: u8 = 7;
const NEGATES: u8 = 8;

/// Reads CQL2 text. Errors tell the character, counted from 1, and what was expected there.
pub fn read(text: &str) -> Result<Filter> {
    check_length(text)?;
    let tokens = tokens(text)?;
    let mut parser =
        Parser { tokens: &tokens, next: 0, builder: Builder::default(), open: vec![Frame::new(Opens::Whole, 1)] };
    parser.whole()
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    builder: Builder,
    /// Never empty: the outermost is the whole text.
    open: Vec<Frame>,
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Filter> {
        loop {
            self.operand()?;
            if let Some(whole) = self.operators()? {
                return condition(whole).map_err(|e| at_character(e, 1));
            }
        }
    }

    fn token(&self) -> (&Kind, usize) {
        self.tokens.get(self.next).map_or((&Kind::End, 0), |t| (&t.kind, t.at))
    }

    fn take_if(&mut self, good: impl Fn(&Kind) -> bool) -> bool {
        let found = good(self.token().0);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.take_if(|k| k.is(word))
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        self.take_if(|k| *k == Kind::Sign(sign))
    }

    fn unexpected<T>(&self, zh: &str, en: &str) -> Result<T> {
        let (found, at) = self.token();
        let found = found.shown();
        wrong(format!("这里应为{zh}，实为 {found}"), format!("{en} is wanted here and there is {found}"))
            .map_err(|e| at_character(e, at))
    }

    fn frame(&mut self) -> Result<&mut Frame> {
        self.open.last_mut().ok_or_else(|| Error::invalid("括号不配对", "the parentheses do not match"))
    }

    fn push(&mut self, node: Node) -> Result<()> {
        self.frame()?.operands.push(node);
        Ok(())
    }

    fn open(&mut self, opens: Opens, at: usize) -> Result<()> {
        if self.open.len() > MAX_DEPTH {
            return Err(at_character(too_deep(), at));
        }
        self.open.push(Frame::new(opens, at));
        Ok(())
    }

    /// What may follow an operand, up to where the next operand begins; the whole, once the text is at its end.
    fn operators(&mut self) -> Result<Option<Node>> {
        loop {
            let at = self.token().1;
            if let Some((op, binds)) = self.binary() {
                self.reduce(binds)?;
                self.frame()?.pending.push(Pending::new(op, binds, at));
                return Ok(None);
            }
            if self.word("and") {
                self.reduce(COMPARES + 1)?;
                if let Some(between) = self.frame()?.waiting() {
                    between.half = true;
                } else {
                    self.reduce(AND)?;
                    self.frame()?.pending.push(Pending::new(Op::And, AND, at));
                }
                return Ok(None);
            }
            if self.word("is") {
                self.reduce(COMPARES)?;
                let negated = self.word("not");
                if !self.word("null") {
                    return self.unexpected("NULL", "NULL");
                }
                self.finish(Op::IsNull, 1, negated, at)?;
                continue;
            }
            let negated = self.word("not");
            if self.word("in") {
                self.reduce(COMPARES)?;
                if !self.sign("(") {
                    return self.unexpected("“(”", "“(”");
                }
                self.open(Opens::In { negated }, at)?;
                return Ok(None);
            }
            let one = [("like", Op::Like), ("between", Op::Between)].into_iter().find(|(w, _)| self.word(w));
            if let Some((_, op)) = one {
                self.reduce(COMPARES)?;
                self.frame()?.pending.push(Pending { negated, ..Pending::new(op, COMPARES, at) });
                return Ok(None);
            }
            if negated {
                return self.unexpected(" LIKE、BETWEEN 或 IN", "LIKE, BETWEEN or IN");
            }
            if self.sign(",") {
                return self.comma(at).map(|()| None);
            }
            if let Some(whole) = self.close()? {
                return Ok(Some(whole));
            }
        }
    }

    fn binary(&mut self) -> Option<(Op, u8)> {
        let (kind, _) = self.token();
        let found = match kind {
            Kind::Sign(sign) => Compare::named(sign)
                .map(|c| (Op::Compare(c), COMPARES))
                .or_else(|| Arithmetic::named(sign).map(|a| (Op::Arithmetic(a), binds(a)))),
            k if k.is("div") => Some((Op::Arithmetic(Arithmetic::Whole), MULTIPLIES)),
            k if k.is("or") => Some((Op::Or, OR)),
            _ => None,
        };
        self.next += usize::from(found.is_some());
        found
    }

    /// Puts together what binds at least so tightly.
    fn reduce(&mut self, binds: u8) -> Result<()> {
        while let Some(top) = self.frame()?.pending.pop_if(|p| p.binds >= binds) {
            if top.op == Op::Between && !top.half {
                return wrong("BETWEEN 须写成 值 BETWEEN 低 AND 高", "it is: value BETWEEN low AND high")
                    .map_err(|e| at_character(e, top.at));
            }
            let takes = match top.op {
                Op::Not => 1,
                Op::Between => 3,
                _ => 2,
            };
            self.finish(top.op, takes, top.negated, top.at)?;
        }
        Ok(())
    }

    /// Replaces the last operands by the operation on them.
    fn finish(&mut self, op: Op, takes: usize, negated: bool, at: usize) -> Result<()> {
        let operands = &mut self.frame()?.operands;
        let args = operands.split_off(operands.len().saturating_sub(takes));
        let placed = |e| at_character(e, at);
        let mut node = self.builder.apply(op, args).map_err(placed)?;
        if negated {
            node = self.builder.apply(Op::Not, vec![node]).map_err(placed)?;
        }
        self.push(node)
    }

    /// Ends one of several arguments.
    fn comma(&mut self, at: usize) -> Result<()> {
        self.reduce(0)?;
        let frame = self.frame()?;
        if matches!(frame.opens, Opens::Whole) {
            return wrong("这里不能有逗号", "a comma cannot stand here").map_err(|e| at_character(e, at));
        }
        frame.done.append(&mut frame.operands);
        Ok(())
    }

    /// Ends what is open at a closing parenthesis, or all at the end of the text.
    fn close(&mut self) -> Result<Option<Node>> {
        self.reduce(0)?;
        let Some(frame) = self.open.pop() else {
            return wrong("括号不配对", "the parentheses do not match");
        };
        if !self.take_if(|k| frame.closes(k)) {
            let (zh, en) = match frame.opens {
                Opens::Whole => ("运算符或结尾", "an operator or the end"),
                Opens::List("]") => ("运算符、逗号或 “]”", "an operator, a comma or “]”"),
                _ => ("运算符、逗号或 “)”", "an operator, a comma or “)”"),
            };
            return self.unexpected(zh, en);
        }
        let Frame { opens, mut done, mut operands, at, .. } = frame;
        done.append(&mut operands);
        let placed = |e| at_character(e, at);
        let node = match opens {
            Opens::Whole => return Ok(done.pop()),
            Opens::Call(op) => self.builder.apply(op, done).map_err(placed)?,
            Opens::Group if done.len() == 1 => match done.pop() {
                Some(node) => node,
                None => return self.unexpected("值", "a value"),
            },
            Opens::Group | Opens::List(_) | Opens::In { .. } => self.builder.apply(Op::List, done).map_err(placed)?,
        };
        self.push(node)?;
        if let Opens::In { negated } = opens {
            self.finish(Op::In, 2, negated, at)?;
        }
        Ok(None)
    }
}

const fn binds(arithmetic: Arithmetic) -> u8 {
    match arithmetic {
        Arithmetic::Add | Arithmetic::Sub => ADDS,
        Arithmetic::Mul | Arithmetic::Div | Arithmetic::Rem | Arithmetic::Whole => MULTIPLIES,
        Arithmetic::Pow => RAISES,
    }
}
