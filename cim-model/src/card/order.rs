//! In which order a card lists things.

use std::cmp::Ordering;

/// Layers of places from the narrowest to the widest.
const WIDTHS: [&str; 12] = [
    "room",
    "floor",
    "stairwell",
    "building",
    "doorplate",
    "compound",
    "road",
    "microgrid",
    "grid",
    "community",
    "subdistrict",
    "district",
];

/// How wide the places of a layer are; unknown ones come last.
pub(super) fn width(layer: &str) -> usize {
    WIDTHS.iter().position(|l| *l == layer).unwrap_or(WIDTHS.len())
}

/// Records from the most urgent to the quietest.
const RECORDS: [&str; 17] = [
    "incident",
    "hazard",
    "shelter",
    "facility",
    "organisation",
    "force",
    "crew",
    "activity",
    "device",
    "component",
    "household",
    "person",
    "residence",
    "vehicle",
    "entrance",
    "plate",
    "address",
];

/// Where the records of a layer stand; layers that are not named come last, in the order of their names.
pub(super) fn record_rank(layer: &str) -> (usize, String) {
    (RECORDS.iter().position(|l| *l == layer).unwrap_or(RECORDS.len()), layer.to_owned())
}

/// Compares as people count: 2号 before 10号.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let (x, y) = match (a.peek().copied(), b.peek().copied()) {
            (Some(x), Some(y)) => (x, y),
            (x, y) => return x.cmp(&y),
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            number(&mut a).cmp(&number(&mut b))
        } else {
            a.next();
            b.next();
            x.cmp(&y)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes the digits that come next: how many there are without leading zeros, then which.
fn number(text: &mut std::iter::Peekable<std::str::Chars<'_>>) -> (usize, String) {
    let mut digits = String::new();
    while let Some(c) = text.next_if(char::is_ascii_digit) {
        if c != '0' || !digits.is_empty() {
            digits.push(c);
        }
    }
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_count_two_before_ten() {
        let mut doors = ["10号", "2号", "2号附1号", "墨池坊1号", "02号", "1号"];
        doors.sort_by(|a, b| natural(a, b));
        assert_eq!(doors, ["1号", "2号", "02号", "2号附1号", "10号", "墨池坊1号"]);
        assert_eq!(natural(&"9".repeat(400), &format!("1{}", "0".repeat(400))), Ordering::Less);
    }
}
