//! Where a long text is broken into lines.

/// Whether a character stands for itself, so that a line may be broken before and after it.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}')
        || matches!(c, '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{1b000}'..='\u{1b16f}')
        || matches!(c, '\u{20000}'..='\u{3ffff}')
}

/// No line begins with these: closing marks, and what belongs to the character before it.
fn clings_back(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | ',' | '.' | ':' | ';' | '!' | '?' | '%' | '°' | '”' | '’' | '…')
        || matches!(c, '、' | '。' | '〉' | '》' | '」' | '』' | '】' | '〕' | '〗' | '々' | 'ー' | '·' | '・')
        || matches!(c, '！' | '）' | '，' | '．' | '：' | '；' | '？' | '］' | '｝' | '～' | '％')
        || is_mark(c)
}

/// No line ends with these.
fn clings_forward(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '“' | '‘' | '〈' | '《' | '「' | '『' | '【' | '〔' | '〖' | '（' | '［' | '｛' | '\u{200d}'
    )
}

/// Combining marks, selectors, joiners and the colours of emoji.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}')
        || matches!(c, '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}')
        || matches!(c, '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}')
        || matches!(c, '\u{3099}' | '\u{309a}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
        || matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a line may end after a character. `is_end`: the next one is the last.
fn may_break(c: char, next: char, is_end: bool) -> bool {
    if clings_back(next) || clings_forward(c) || next.is_whitespace() {
        return false;
    }
    let is_gap = c.is_whitespace() || matches!(c, '-' | '/' | '&' | '+' | '\u{ad}' | '\u{200b}' | '\u{2010}' | '–');
    // A number or word is not parted from a single last character: 100号.
    is_gap || is_ideographic(c) || (is_ideographic(next) && !is_end)
}

/// A place where a line may end.
struct Break {
    /// Index of the character after it.
    at: usize,
    /// Length of the text up to there.
    reach: f32,
    /// The least that all lines up to there lack in evenness.
    cost: f32,
    /// The break before it.
    before: usize,
}

/// The ends of the lines (each the index of the character after it) that come nearest to equal lengths of at most `longest`; the
/// unit is that of the advances. The work is kept within bounds by the length of labels.
pub(super) fn lines(text: &[char], advances: &[f32], longest: f32) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for (i, c) in text.iter().enumerate() {
        if *c == '\n' {
            paragraph(text, advances, start..i, longest, &mut ends);
            start = i + 1;
        }
    }
    paragraph(text, advances, start..text.len(), longest, &mut ends);
    ends
}

fn paragraph(text: &[char], advances: &[f32], range: std::ops::Range<usize>, longest: f32, ends: &mut Vec<usize>) {
    let (start, end) = (range.start, range.end);
    let total: f32 = advances.get(range).unwrap_or_default().iter().sum();
    let count = (total / longest).ceil();
    // Also for a length that is none.
    if count <= 1.0 || !count.is_finite() {
        ends.push(end);
        return;
    }
    let even = total / count;
    let mut breaks = vec![Break { at: start, reach: 0.0, cost: 0.0, before: 0 }];
    let mut reach = 0.0;
    for i in start..end {
        let (Some(c), Some(advance)) = (text.get(i), advances.get(i)) else { break };
        // A blank at the end of a line is not seen.
        reach += if c.is_whitespace() { 0.0 } else { *advance };
        let next = text.get(i + 1).filter(|_| i + 1 < end);
        if next.is_none_or(|next| may_break(*c, *next, i + 2 == end)) {
            let last = next.is_none();
            let cost = |b: &Break| b.cost + unevenness(reach - b.reach, even, last);
            let best = breaks.iter().enumerate().map(|(i, b)| (i, cost(b))).min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((before, cost)) = best {
                breaks.push(Break { at: i + 1, reach, cost, before });
            }
        }
    }
    let first = ends.len();
    let mut i = breaks.len() - 1;
    while let Some(b) = breaks.get(i).filter(|_| i > 0) {
        ends.push(b.at);
        i = b.before;
    }
    if let Some(new) = ends.get_mut(first..) {
        new.reverse();
    }
}

/// A last line may rather be short than long.
fn unevenness(length: f32, even: f32, is_last: bool) -> f32 {
    let square = (length - even) * (length - even);
    match (is_last, length < even) {
        (false, _) => square,
        (true, true) => square / 2.0,
        (true, false) => square * 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn broken(text: &str, longest: f32) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let advances: Vec<f32> = chars.iter().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).collect();
        let mut start = 0;
        let cut = lines(&chars, &advances, longest).into_iter().map(|end| {
            let line: String = chars[start..end].iter().collect();
            start = end;
            line.trim().to_owned()
        });
        cut.collect()
    }

    #[test]
    fn chinese_breaks_anywhere_into_even_lines() {
        assert_eq!(broken("温州市鹿城区人民法院", 8.0), ["温州市鹿城", "区人民法院"]);
        assert_eq!(broken("温州市", 8.0), ["温州市"]);
    }

    #[test]
    fn words_stay_whole() {
        assert_eq!(broken("Wenzhou Stadium North Gate", 8.0), ["Wenzhou Stadium", "North Gate"]);
        assert_eq!(broken("Llanfairpwllgwyngyllgogery", 8.0).len(), 1);
    }

    #[test]
    fn marks_stay_where_they_belong() {
        let lines = broken("中国人民银行（温州市中心支行）", 8.0);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|l| !l.starts_with('）') && !l.ends_with('（')), "{lines:?}");
        let lines = broken("温州市大道100号", 6.0);
        assert!(lines.len() == 2 && lines.iter().all(|l| !l.starts_with('号')), "{lines:?}");
        let lines = broken("一二三四五，六七八九", 5.0);
        assert!(lines.iter().all(|l| !l.starts_with('，')), "{lines:?}");
    }

    #[test]
    fn a_newline_is_a_newline() {
        assert_eq!(broken("一\n二三", 8.0), ["一", "二三"]);
        assert_eq!(broken("", 8.0), [""]);
        assert_eq!(broken("\n", 8.0), ["", ""]);
    }

    proptest! {
        #[test]
        fn ends_rise_to_the_last_character(text in "[a-c 门牌（），\n\u{301}\u{200d}👍]{0,60}", longest in -1f32..20.0) {
            let chars: Vec<char> = text.chars().collect();
            let ends = lines(&chars, &vec![1.0; chars.len()], longest);
            prop_assert_eq!(ends.last(), Some(&chars.len()));
            prop_assert!(ends.windows(2).all(|w| w[0] <= w[1]));
            for end in &ends {
                let next = chars.get(*end).filter(|_| *end > 0 && chars[*end - 1] != '\n');
                prop_assert!(next.is_none_or(|c| !is_mark(*c)), "{:?}", text);
            }
        }
    }
}
