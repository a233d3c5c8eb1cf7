//! Comparing texts as people read them: letters first, then accents, then case.
//!
//! The order is that of the root collation for alphabets (base letter, accent, case). Chinese characters are ordered
//! by code point: an order by pinyin or strokes needs tables that a style sheet does not justify.

use std::cmp::Ordering;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How two texts are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collator {
    /// `a` differs from `A`.
    pub case_sensitive: bool,
    /// `a` differs from `ä`.
    pub diacritic_sensitive: bool,
    /// The language asked for, as a BCP 47 tag.
    pub locale: Option<Arc<str>>,
}

impl Collator {
    /// Orders two texts.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        let (a, b) = (&self.tailored(a), &self.tailored(b));
        let mut order = key(a, base).cmp(key(b, base));
        if self.diacritic_sensitive {
            order = order.then_with(|| key(a, mark).cmp(key(b, mark)));
        }
        if self.case_sensitive {
            // Small letters come before capitals, as in the root collation.
            order = order.then_with(|| key(a, capital).cmp(key(b, capital)));
        }
        order
    }

    /// The language in use: the one asked for, `en` when none was.
    pub fn resolved_locale(&self) -> &str {
        self.locale.as_deref().unwrap_or("en")
    }

    /// The text with the letters that the language orders in its own way written so that plain order finds them:
    /// German umlauts as two letters (the order of searching), the last letters of Nordic alphabets behind z.
    fn tailored(&self, text: &str) -> String {
        let language = self.locale.as_deref().and_then(|tag| tag.split(['-', '_']).next()).unwrap_or_default();
        let letters: &[(char, &str)] = match language.to_ascii_lowercase().as_str() {
            "de" => &[('ä', "ae"), ('ö', "oe"), ('ü', "ue"), ('ß', "ss"), ('Ä', "Ae"), ('Ö', "Oe"), ('Ü', "Ue")],
            "sv" | "fi" => &[
                ('å', "\u{e001}"),
                ('ä', "\u{e002}"),
                ('ö', "\u{e003}"),
                ('Å', "\u{e001}"),
                ('Ä', "\u{e002}"),
                ('Ö', "\u{e003}"),
            ],
            "da" | "nb" | "no" | "nn" => &[
                ('æ', "\u{e001}"),
                ('ø', "\u{e002}"),
                ('å', "\u{e003}"),
                ('Æ', "\u{e001}"),
                ('Ø', "\u{e002}"),
                ('Å', "\u{e003}"),
            ],
            _ => return text.to_owned(),
        };
        let mut written = String::with_capacity(text.len());
        for c in text.nfc() {
            match letters.iter().find(|(letter, _)| *letter == c) {
                Some((_, as_written)) => written.push_str(as_written),
                None => written.push(c),
            }
        }
        written
    }
}

fn key<T: 'static>(text: &str, part: fn(char) -> Option<T>) -> impl Iterator<Item = T> + '_ {
    text.nfd().filter_map(part)
}

/// The letter without accent and case; digits sort before letters, punctuation before digits.
fn base(c: char) -> Option<(u8, char)> {
    if is_combining_mark(c) {
        return None;
    }
    let class = match c {
        '\u{e001}'..='\u{e003}' => 3,
        c if c.is_alphabetic() => 2,
        c => u8::from(c.is_numeric()),
    };
    Some((class, c.to_lowercase().next().unwrap_or(c)))
}

/// The accents, with a mark for each letter so that they stay with it.
#[expect(clippy::unnecessary_wraps, reason = "the three parts of a key have one signature")]
fn mark(c: char) -> Option<char> {
    Some(if is_combining_mark(c) { c } else { '\0' })
}

fn capital(c: char) -> Option<bool> {
    (!is_combining_mark(c)).then(|| c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::Collator;
    use std::cmp::Ordering::{Equal, Less};

    #[test]
    fn letters_come_before_accents_and_accents_before_case() {
        let of = |case_sensitive, diacritic_sensitive| Collator { case_sensitive, diacritic_sensitive, locale: None };
        assert_eq!(of(false, false).compare("ä", "A"), Equal);
        assert_eq!(of(true, false).compare("a", "A"), Less);
        assert_eq!(of(false, true).compare("a", "ä"), Less);
        assert_eq!(of(true, true).compare("ä", "b"), Less);
        let swedish = Collator { locale: Some("sv".into()), ..of(false, true) };
        assert_eq!(swedish.compare("z", "ä"), Less);
    }
}
