//! What an operator stands between: values, fields, shapes, times; and whatever opens a parenthesis before them.

use super::super::build::{Node, Op};
use super::super::failure::{at_character, wrong};
use super::super::lexer::Kind;
use super::super::wkt;
use super::frame::{Opens, Pending};
use super::{NEGATES, NOT, Parser, WORDS};
use crate::query::filter::{Arithmetic, Expr};
use crate::{Result, Value};

impl Parser<'_> {
    /// Reads one operand, with all that opens before it.
    pub(super) fn operand(&mut self) -> Result<()> {
        loop {
            let at = self.token().1;
            if self.word("not") {
                self.frame()?.pending.push(Pending::new(Op::Not, NOT, at));
            } else if self.sign("(") {
                let frame = self.frame()?;
                let is_list = matches!(frame.opens, Opens::Call(Op::Array(_))) && frame.at_start();
                self.open(if is_list { Opens::List(")") } else { Opens::Group }, at)?;
            } else if self.sign("[") {
                self.open(Opens::List("]"), at)?;
            } else if self.sign("+") {
                if !matches!(self.token().0, Kind::Number(_)) {
                    return self.unexpected("数", "a number");
                }
            } else if self.sign("-") {
                if let Kind::Number(digits) = self.token().0.clone() {
                    self.next += 1;
                    return self.number(&format!("-{digits}"), at);
                }
                // A minus is a product with -1; it binds tighter than all else.
                let minus = self.builder.expr(Expr::Literal(Value::Int(-1))).map_err(|e| at_character(e, at))?;
                self.push(minus)?;
                self.frame()?.pending.push(Pending::new(Op::Arithmetic(Arithmetic::Mul), NEGATES, at));
            } else if self.empty_list() {
                return self.close().map(|_| ());
            } else if !self.begins_call(at)? {
                return self.leaf(at);
            }
        }
    }

    /// Whether a list or arguments end where they began.
    fn empty_list(&mut self) -> bool {
        let (kind, _) = self.token();
        self.open.last().is_some_and(|f| {
            matches!(f.opens, Opens::List(_) | Opens::Call(_)) && f.done.is_empty() && f.at_start() && f.closes(kind)
        })
    }

    /// Opens the arguments of a function, if one begins here.
    fn begins_call(&mut self, at: usize) -> Result<bool> {
        let rest = self.tokens.get(self.next..).unwrap_or_default();
        let [name, paren, ..] = rest else { return Ok(false) };
        let Kind::Word(word) = &name.kind else { return Ok(false) };
        let other = |w: &str| word.eq_ignore_ascii_case(w);
        if paren.kind != Kind::Sign("(")
            || WORDS.iter().any(|w| other(w))
            || ["date", "timestamp", "bbox"].into_iter().any(other)
            || wkt::begins(rest)
        {
            return Ok(false);
        }
        let op = Op::called(word).map_err(|e| at_character(e, at))?;
        self.next += 2;
        self.open(Opens::Call(op), at)?;
        Ok(true)
    }

    fn leaf(&mut self, at: usize) -> Result<()> {
        let rest = self.tokens.get(self.next..).unwrap_or_default();
        if wkt::begins(rest) {
            let mut next = self.next;
            let shape = wkt::read(self.tokens, &mut next);
            let wrong_at = if shape.is_err() { self.tokens.get(next).map_or(at, |t| t.at) } else { at };
            self.next = next;
            let node = shape.and_then(|s| self.builder.shape(s));
            return node.map_err(|e| at_character(e, wrong_at)).and_then(|n| self.push(n));
        }
        let has_argument = rest.get(1).is_some_and(|t| t.kind == Kind::Sign("("));
        let node: Result<Node> = match self.token().0.clone() {
            Kind::Number(digits) => {
                self.next += 1;
                return self.number(&digits, at);
            }
            Kind::Text(text) => self.builder.expr(text.into()),
            Kind::Name(name) => self.builder.field(&name),
            Kind::Word(word) if has_argument && ["date", "timestamp"].iter().any(|w| word.eq_ignore_ascii_case(w)) => {
                return self.moment(word.eq_ignore_ascii_case("date"), at);
            }
            Kind::Word(word) if has_argument && word.eq_ignore_ascii_case("bbox") => return self.bbox(at),
            k if k.is("true") => self.builder.expr(true.into()),
            k if k.is("false") => self.builder.expr(false.into()),
            k if k.is("null") => self.builder.expr(Expr::Literal(Value::Null)),
            Kind::Word(word) if !WORDS.iter().any(|w| word.eq_ignore_ascii_case(w)) => self.builder.field(&word),
            _ => return self.unexpected("值、字段或条件", "a value, a field or a condition"),
        };
        self.next += 1;
        node.map_err(|e| at_character(e, at)).and_then(|n| self.push(n))
    }

    /// Whole numbers that fit are kept exact.
    fn number(&mut self, digits: &str, at: usize) -> Result<()> {
        let whole = if digits.contains(['.', 'e', 'E']) { None } else { digits.parse::<i64>().ok().map(Value::Int) };
        let value = whole.or_else(|| digits.parse::<f64>().ok().filter(|x| x.is_finite()).map(Value::Float));
        let node = match value {
            Some(value) => self.builder.expr(Expr::Literal(value)),
            None => wrong(format!("数 {digits} 太大"), format!("the number {digits} is too great")),
        };
        node.map_err(|e| at_character(e, at)).and_then(|n| self.push(n))
    }

    fn moment(&mut self, date: bool, at: usize) -> Result<()> {
        self.next += 2;
        let Kind::Text(text) = self.token().0.clone() else {
            return self.unexpected("单引号中的时间", "a time in single quotes");
        };
        self.next += 1;
        if !self.sign(")") {
            return self.unexpected("“)”", "“)”");
        }
        let node = self.builder.moment(&text, date).map_err(|e| at_character(e, at))?;
        self.push(node)
    }

    fn bbox(&mut self, at: usize) -> Result<()> {
        self.next += 2;
        let mut numbers = Vec::new();
        while numbers.len() < 6 {
            let minus = self.sign("-");
            let Kind::Number(digits) = self.token().0 else { return self.unexpected("数", "a number") };
            let x: f64 = digits.parse().unwrap_or(f64::NAN);
            self.next += 1;
            numbers.push(if minus { -x } else { x });
            if !self.sign(",") {
                break;
            }
        }
        if !self.sign(")") {
            return self.unexpected("“)”", "“)”");
        }
        let node = wkt::surface(&numbers).and_then(|s| self.builder.shape(s)).map_err(|e| at_character(e, at))?;
        self.push(node)
    }
}
