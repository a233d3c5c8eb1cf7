//! Finds things by a part of their name or address: pairs of neighbouring characters lead to candidates.
//!
//! Chinese is written without spaces, so pairs of characters do what words do elsewhere: “墨池坊12号” is found by “池坊”, “坊12” and the
//! whole address alike.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::{Feature, FeatureId, Value};

/// The fields that are searched, those that name a thing first.
pub const FIELDS: [&str; 6] = ["name", "title", "number", "text", "address", "compound_name"];

/// Rows that came later are looked at one by one; more than this are worked into the pairs.
const MAX_LATE: usize = 5000;

/// What can be found by text.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    rows: Vec<Arc<Feature>>,
    /// Rows by pair; a pair that a quarter of all rows have says nothing and is left out.
    pairs: HashMap<(char, char), Vec<u32>>,
    common: HashSet<(char, char)>,
    gone: HashSet<FeatureId>,
    late: Vec<Arc<Feature>>,
}

/// Text as it is compared: small letters, half-width, without spaces and marks.
pub fn plain(text: &str) -> String {
    let half = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(half).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The searched words of a feature.
fn words(f: &Feature) -> impl Iterator<Item = String> + '_ {
    FIELDS.iter().filter_map(|name| f.properties.get(name)).filter_map(Value::as_str).map(plain)
}

/// What leads to a row: each pair, and each character by itself (beside [`ALONE`]), for words of one.
fn leads(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    pairs(text).chain(text.chars().map(|c| (c, ALONE)))
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    text.chars().zip(text.chars().skip(1))
}

/// No searched text holds this character.
const ALONE: char = '\0';

impl Texts {
    /// Takes in everything that has words.
    pub fn new(features: impl Iterator<Item = Arc<Feature>>) -> Self {
        let mut texts = Self::default();
        for f in features {
            let mut own: HashSet<(char, char)> = HashSet::new();
            let mut any = false;
            for w in words(&f) {
                any |= !w.is_empty();
                own.extend(leads(&w));
            }
            if any {
                let row = texts.rows.len() as u32;
                for p in own {
                    texts.pairs.entry(p).or_default().push(row);
                }
                texts.rows.push(f);
            }
        }
        let many = (texts.rows.len() / 4).max(10_000);
        let common: Vec<_> = texts.pairs.iter().filter(|(_, rows)| rows.len() > many).map(|(p, _)| *p).collect();
        for p in common {
            texts.pairs.remove(&p);
            texts.common.insert(p);
        }
        texts.pairs.values_mut().for_each(Vec::shrink_to_fit);
        texts
    }

    /// How many things can be found.
    pub fn len(&self) -> usize {
        self.rows.len() + self.late.len() - self.gone.len().min(self.rows.len())
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.late.is_empty()
    }

    /// Things of which `text` is a part of a searched field, or of all of them taken together word by word. At most `most`, in no order.
    pub fn find(&self, text: &str, most: usize) -> Vec<Arc<Feature>> {
        let asked: Vec<String> = text.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let fits = |f: &Arc<Feature>| {
            let own: Vec<String> = words(f).collect();
            asked.iter().all(|a| own.iter().any(|w| w.contains(a.as_str())))
        };
        let late = self.late.iter().filter(|f| fits(f)).cloned();
        let base = self.candidates(&asked);
        let rows: Box<dyn Iterator<Item = u32>> = match base {
            Some(rows) => Box::new(rows.into_iter()),
            None => Box::new(0..self.rows.len() as u32),
        };
        let base = rows.map(|r| &self.rows[r as usize]).filter(|f| !self.gone.contains(&f.id) && fits(f)).cloned();
        late.chain(base).take(most).collect()
    }

    /// Rows that have every uncommon pair; `None` when there is no such pair and every row is a candidate.
    fn candidates(&self, asked: &[String]) -> Option<Vec<u32>> {
        let mut lists: Vec<&[u32]> = Vec::new();
        let of = |w: &String| -> Vec<(char, char)> {
            let all: Vec<_> = pairs(w).collect();
            if all.is_empty() { leads(w).collect() } else { all }
        };
        for p in asked.iter().flat_map(of) {
            match self.pairs.get(&p) {
                Some(rows) => lists.push(rows),
                None if self.common.contains(&p) => {}
                None => return Some(Vec::new()),
            }
        }
        lists.sort_by_key(|l| l.len());
        let (first, rest) = lists.split_first()?;
        let all = first.iter().filter(|r| rest.iter().all(|l| l.binary_search(r).is_ok()));
        Some(all.copied().collect())
    }

    /// Takes out things and puts in what is believed of them now.
    pub fn replace(&mut self, ids: impl Iterator<Item = FeatureId>, rows: impl Iterator<Item = Arc<Feature>>) {
        let ids: HashSet<FeatureId> = ids.collect();
        self.late.retain(|f| !ids.contains(&f.id));
        self.gone.extend(ids);
        self.late.extend(rows.filter(|f| words(f).any(|w| !w.is_empty())));
        if self.late.len() > MAX_LATE {
            let base = std::mem::take(&mut self.rows).into_iter().filter(|f| !self.gone.contains(&f.id));
            let all: Vec<_> = base.chain(std::mem::take(&mut self.late)).collect();
            *self = Self::new(all.into_iter());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instant, Interval, LayerId, Properties, Recorded};

    fn door(id: u64, number: &str, address: &str) -> Arc<Feature> {
        Arc::new(Feature {
            id: FeatureId::new(id).unwrap(),
            layer: LayerId::new("doorplate").unwrap(),
            geometry: None,
            properties: [("number", number), ("address", address)].into_iter().collect::<Properties>(),
            valid: Interval::ALWAYS,
            recorded: Recorded::since(1, Instant::DAWN),
            min_zoom: 0,
        })
    }

    #[test]
    fn a_part_of_an_address_finds_it() {
        let mut texts = Texts::new(
            [door(1, "12号", "温州市鹿城区墨池坊12号"), door(2, "14号", "温州市鹿城区墨池坊14号")].into_iter(),
        );
        let ids = |t: &Texts, q: &str| t.find(q, 9).iter().map(|f| f.id.get()).collect::<Vec<_>>();
        assert_eq!(ids(&texts, "墨池坊１２号"), [1], "full-width digits are the same");
        assert_eq!(ids(&texts, "墨池坊 14"), [2]);
        assert_eq!(ids(&texts, "五马街"), Vec::<u64>::new());
        assert_eq!(ids(&texts, " "), Vec::<u64>::new());
        assert_eq!(ids(&texts, "坊"), [1, 2], "one character leads too");
        texts.replace(
            std::iter::once(FeatureId::new(1).unwrap()),
            std::iter::once(door(1, "16号", "温州市鹿城区墨池坊16号")),
        );
        assert_eq!(ids(&texts, "12号"), Vec::<u64>::new());
        assert_eq!(ids(&texts, "坊16"), [1]);
    }
}
