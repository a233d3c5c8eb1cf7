//! Text to tokens.

use super::failure::{at_character, wrong};
use crate::{Error, Result};

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A name or a word of the language.
    Word(String),
    /// A name in double quotes: never a word of the language.
    Name(String),
    /// A text in single quotes.
    Text(String),
    /// A number without a sign, as it is written.
    Number(String),
    /// A sign, such as `(` and `<=`.
    Sign(&'static str),
    End,
}

/// A token and the character (counted from 1) that it begins at.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

/// The longer ones first.
const SIGNS: [&str; 17] = ["<>", "<=", ">=", "(", ")", "[", "]", ",", "=", "<", ">", "+", "-", "*", "/", "%", "^"];

impl Kind {
    /// Whether it is this word, capital or small.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own.eq_ignore_ascii_case(word))
    }

    /// As it is shown in an error, cut short.
    pub(super) fn shown(&self) -> String {
        let text = match self {
            Self::Word(t) | Self::Number(t) => t.clone(),
            Self::Name(t) => format!("\"{t}\""),
            Self::Text(t) => format!("'{t}'"),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::End => return "结尾 / the end".to_owned(),
        };
        let cut: String = text.chars().take(40).collect();
        format!("“{cut}”")
    }
}

pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

pub(super) fn goes_on_name(c: char) -> bool {
    starts_name(c) || c.is_alphanumeric() || c == '.'
}

/// All tokens, and one for the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, next: 0 };
    let mut all = Vec::new();
    loop {
        while lexer.peek(0).is_some_and(char::is_whitespace) {
            lexer.next += 1;
        }
        let at = lexer.next + 1;
        let kind = lexer.token().map_err(|e| at_character(e, at))?;
        let last = kind == Kind::End;
        all.push(Token { kind, at });
        if last {
            return Ok(all);
        }
    }
}

struct Lexer<'a> {
    chars: &'a [char],
    next: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.next + ahead).copied()
    }

    fn token(&mut self) -> Result<Kind> {
        let Some(c) = self.peek(0) else { return Ok(Kind::End) };
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if starts_name(c) {
            return Ok(Kind::Word(self.take(goes_on_name)));
        }
        if digit(Some(c)) || c == '.' && digit(self.peek(1)) {
            return Ok(Kind::Number(self.number()));
        }
        match c {
            '\'' => self.quoted('\'').map(Kind::Text),
            '"' => self.quoted('"').map(Kind::Name),
            c => {
                let fits = |sign: &&str| sign.chars().enumerate().all(|(i, s)| self.peek(i) == Some(s));
                let sign = SIGNS.iter().copied().find(fits);
                let sign = sign.ok_or_else(|| {
                    Error::invalid(format!("这里不能有字符 “{c}”"), format!("the character “{c}” cannot stand here"))
                })?;
                self.next += sign.len();
                Ok(Kind::Sign(sign))
            }
        }
    }

    fn take(&mut self, good: impl Fn(char) -> bool) -> String {
        let begin = self.next;
        while self.peek(0).is_some_and(&good) {
            self.next += 1;
        }
        self.chars.iter().skip(begin).take(self.next - begin).collect()
    }

    fn number(&mut self) -> String {
        let digits = |c: char| c.is_ascii_digit();
        let mut text = self.take(digits);
        if self.peek(0) == Some('.') {
            self.next += 1;
            text = format!("{text}.{}", self.take(digits));
        }
        let signed = usize::from(matches!(self.peek(1), Some('+' | '-')));
        if matches!(self.peek(0), Some('e' | 'E')) && self.peek(1 + signed).is_some_and(digits) {
            let sign = self.peek(1).filter(|_| signed == 1).map(String::from).unwrap_or_default();
            self.next += 1 + signed;
            text = format!("{text}e{sign}{}", self.take(digits));
        }
        text
    }

    /// Up to the next quote that is not doubled.
    fn quoted(&mut self, quote: char) -> Result<String> {
        let mut text = String::new();
        self.next += 1;
        loop {
            text.push_str(&self.take(|c| c != quote));
            match (self.peek(0), self.peek(1)) {
                (None, _) => {
                    return wrong(
                        format!("引号 {quote} 没有结束；文字中的引号须写两次"),
                        format!("the quote {quote} does not end; a quote within is written twice"),
                    );
                }
                (_, Some(second)) if second == quote => {
                    text.push(quote);
                    self.next += 2;
                }
                _ => {
                    self.next += 1;
                    return Ok(text);
                }
            }
        }
    }
}
