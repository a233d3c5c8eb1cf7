//! Writing numbers for people: `number-format`.
//!
//! The tables hold the languages and units that maps of this platform are read in; another language is written as
//! English is, another unit by its name.

use super::super::Value;
use super::super::node::{Node, NumberFormat};
use super::{Answer, Run, fault};
use std::sync::Arc;

/// Language, decimal mark, mark between groups of three. Source: Unicode CLDR (recalled).
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("de", ",", "."),
    ("es", ",", "."),
    ("fr", ",", "\u{202f}"),
    ("it", ",", "."),
    ("nl", ",", "."),
    ("pt", ",", "."),
    ("ru", ",", "\u{a0}"),
    ("vi", ",", "."),
];

/// Code, sign, digits of the fraction. Source: ISO 4217 for the digits.
const CURRENCIES: &[(&str, &str, usize)] = &[
    ("CNY", "CN¥", 2),
    ("EUR", "€", 2),
    ("GBP", "£", 2),
    ("HKD", "HK$", 2),
    ("JPY", "¥", 0),
    ("KRW", "₩", 0),
    ("TWD", "NT$", 2),
    ("USD", "$", 2),
];

/// Name and what is set behind the number.
const UNITS: &[(&str, &str)] = &[
    ("acre", " ac"),
    ("bit", " bit"),
    ("byte", " byte"),
    ("celsius", "°C"),
    ("centimeter", " cm"),
    ("day", " days"),
    ("degree", " deg"),
    ("fahrenheit", "°F"),
    ("foot", " ft"),
    ("gigabyte", " GB"),
    ("gram", " g"),
    ("hectare", " ha"),
    ("hour", " hr"),
    ("inch", " in"),
    ("kilobyte", " kB"),
    ("kilogram", " kg"),
    ("kilometer", " km"),
    ("kilometer-per-hour", " km/h"),
    ("liter", " L"),
    ("megabyte", " MB"),
    ("meter", " m"),
    ("meter-per-second", " m/s"),
    ("mile", " mi"),
    ("millimeter", " mm"),
    ("minute", " min"),
    ("percent", "%"),
    ("second", " sec"),
];

impl Run<'_> {
    fn optional_text(&mut self, node: Option<&Node>) -> Result<Option<Arc<str>>, crate::Text> {
        node.map(|node| self.text(node)).transpose()
    }

    fn digits(&mut self, node: Option<&Node>) -> Result<Option<usize>, crate::Text> {
        let Some(node) = node else { return Ok(None) };
        let digits = self.number(node)?;
        if digits.fract() != 0.0 || !(0.0..=100.0).contains(&digits) {
            return fault(
                format!("小数位数应为 0 到 100 的整数，却是 {digits}"),
                format!("Fraction digits must be an integer from 0 to 100, but are {digits}."),
            );
        }
        Ok(Some(digits as usize))
    }

    pub(super) fn number_format(&mut self, parts: &NumberFormat) -> Answer {
        let number = self.number(&parts.number)?;
        let locale = self.optional_text(parts.locale.as_ref())?.unwrap_or_else(|| Arc::from("en"));
        let currency = self.optional_text(parts.currency.as_ref())?;
        let unit = self.optional_text(parts.unit.as_ref())?;
        let least = self.digits(parts.min_fraction.as_ref())?;
        let most = self.digits(parts.max_fraction.as_ref())?;
        let language = locale.split(['-', '_']).next().unwrap_or("en").to_ascii_lowercase();
        let known = currency.as_deref().map(|code| {
            let code = code.to_ascii_uppercase();
            CURRENCIES.iter().find(|(c, ..)| *c == code).map_or((format!("{code}\u{a0}"), 2), |(c, sign, digits)| {
                let home = *c == "CNY" && language == "zh";
                ((if home { "¥" } else { sign }).to_owned(), *digits)
            })
        });
        let usual = known.as_ref().map_or((0, 3), |(_, digits)| (*digits, *digits));
        let least_digits = least.unwrap_or_else(|| usual.0.min(most.unwrap_or(usual.0)));
        let most_digits = most.unwrap_or_else(|| usual.1.max(least_digits));
        if least_digits > most_digits {
            return fault(
                format!("最少小数位 {least_digits} 大于最多小数位 {most_digits}"),
                format!("min-fraction-digits {least_digits} exceeds max-fraction-digits {most_digits}."),
            );
        }
        let written = grouped(number, least_digits, most_digits, &language);
        Ok(Value::text(match (known, unit) {
            (Some((sign, _)), _) => match written.strip_prefix('-') {
                Some(digits) => format!("-{sign}{digits}"),
                None => format!("{sign}{written}"),
            },
            (_, Some(unit)) => match UNITS.iter().find(|(name, _)| *name == &*unit) {
                Some((_, behind)) => format!("{written}{behind}"),
                None => format!("{written} {unit}"),
            },
            _ => written,
        }))
    }
}

fn grouped(number: f64, least: usize, most: usize, language: &str) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "∞"
        } else {
            "-∞"
        }
        .to_owned();
    }
    let (mark, group) =
        LANGUAGES.iter().find(|(l, ..)| *l == language).map_or((".", ","), |(_, mark, group)| (*mark, *group));
    // The shortest digits that name this number, so that 20 places do not show the error of binary fractions.
    let shortest = number.abs().to_string();
    let exact = shortest.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let rounded = if exact <= most { shortest } else { format!("{:.most$}", number.abs()) };
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let mut fraction = fraction.trim_end_matches('0').to_owned();
    while fraction.len() < least {
        fraction.push('0');
    }
    let mut text = String::new();
    if number < 0.0 && (whole != "0" || fraction.chars().any(|c| c != '0')) {
        text.push('-');
    }
    let digits = whole.len();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (digits - i).is_multiple_of(3) {
            text.push_str(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push_str(mark);
        text.push_str(&fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_of_three_and_no_needless_digits() {
        assert_eq!(grouped(1_234_567.5, 0, 3, "zh"), "1,234,567.5");
        assert_eq!(grouped(-1234.5, 2, 3, "de"), "-1.234,50");
        assert_eq!(grouped(999.9996, 0, 3, "en"), "1,000");
        assert_eq!(grouped(-0.0001, 0, 3, "en"), "0");
    }
}
