//! Texts: letters folded, and patterns. The SQL of a store calls this too.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Function;

/// What a function of a text gives; `None` for a function that gives no text.
pub fn apply(function: Function, text: &str) -> Option<String> {
    match function {
        Function::Casei => Some(fold(text)),
        Function::Accenti => Some(text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()),
        Function::Lower => Some(text.chars().flat_map(char::to_lowercase).collect()),
        Function::Upper => Some(text.chars().flat_map(char::to_uppercase).collect()),
        _ => None,
    }
}

/// Letter by letter to capital and then to small, so that ß and SS, ſ and s, ς and σ are one: near to Unicode's full case folding, and
/// the same for a pattern's piece as for the text that holds it.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

enum Piece {
    One(char),
    Any,
    Many,
}

/// Whether all of `text` fits `pattern`: `%` is any text, `_` any character, `\` takes the next character as it is (and itself at the end).
pub fn like(text: &str, pattern: &str) -> bool {
    let mut chars = pattern.chars();
    let mut pieces = Vec::new();
    while let Some(c) = chars.next() {
        pieces.push(match c {
            '%' => Piece::Many,
            '_' => Piece::Any,
            '\\' => Piece::One(chars.next().unwrap_or('\\')),
            c => Piece::One(c),
        });
    }
    fits(text, &pieces)
}

/// On a mismatch only the last `%` takes one character more: an earlier one has nothing to gain. So the work is bounded by the product
/// of both lengths.
fn fits(text: &str, pieces: &[Piece]) -> bool {
    let (mut rest, mut at) = (text.chars(), 0);
    let mut back = None;
    loop {
        let before = rest.clone();
        match (pieces.get(at), rest.next()) {
            (Some(Piece::Many), _) => {
                rest = before;
                at += 1;
                back = Some((rest.clone(), at));
            }
            (None, None) => return true,
            (Some(Piece::Any), Some(_)) => at += 1,
            (Some(Piece::One(wanted)), Some(c)) if *wanted == c => at += 1,
            (_, None) => return false,
            (_, Some(_)) => match &mut back {
                None => return false,
                Some((from, then)) => {
                    from.next();
                    (rest, at) = (from.clone(), *then);
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_the_whole_text() {
        let good = [
            ("", ""),
            ("", "%"),
            ("门牌", "门_"),
            ("门牌", "%牌"),
            ("a%b", r"a\%b"),
            (r"a\", r"a\"),
            ("aab", "%ab"),
            ("a_b", r"a\_b"),
            ("mississippi", "m%iss%pi"),
            (r"\", r"\\"),
        ];
        for (text, pattern) in good {
            assert!(like(text, pattern), "{text} {pattern}");
        }
        let bad =
            [("门牌", "_"), ("axb", r"a\%b"), ("A", "a"), ("ab", "b%"), ("", "_"), ("abc", "a%b"), ("aXb", r"a\_b")];
        for (text, pattern) in bad {
            assert!(!like(text, pattern), "{text} {pattern}");
        }
    }

    #[test]
    fn a_pattern_of_many_wildcards_ends() {
        assert!(!like(&"a".repeat(3000), &("%a".repeat(500) + "b")));
    }

    #[test]
    fn letters_fold_alike() {
        let of = |f, t| apply(f, t).unwrap();
        assert_eq!(of(Function::Casei, "Straße ΣΑΣ"), of(Function::Casei, "STRASSE σας"));
        assert_eq!(of(Function::Accenti, "Café Ürümqi 门牌"), "Cafe Urumqi 门牌");
        assert_eq!(of(Function::Lower, "ÀB"), "àb");
        assert_eq!(of(Function::Upper, "àß"), "ÀSS");
    }
}
