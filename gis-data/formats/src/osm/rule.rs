//! Which closed ways are surfaces, and which elements are things at all (`areas.toml`).

use std::collections::{HashMap, HashSet};

use gis_data::{Error, Result};
use serde::Deserialize;

use super::element::Tag;

/// The rule, read once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    except: HashMap<String, HashSet<String>>,
    only: HashMap<String, HashSet<String>>,
    untagged: Untagged,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Untagged {
    keys: HashSet<String>,
}

impl Rule {
    pub(super) fn built_in() -> Result<Self> {
        toml::from_str(include_str!("areas.toml")).map_err(|cause| {
            Error::invalid("内置的 OSM 面规则有误", "the built-in rule of OSM areas is wrong").because(cause)
        })
    }

    /// Whether a closed way with these tags is a surface.
    pub(super) fn is_area(&self, tags: &[Tag<'_>]) -> bool {
        match tags.iter().find(|(k, _)| *k == "area").map(|(_, v)| *v) {
            Some("no") => return false,
            Some("yes") => return true,
            _ => {}
        }
        tags.iter().any(|(k, v)| {
            self.except.get(*k).is_some_and(|not| !not.contains(*v))
                || self.only.get(*k).is_some_and(|o| o.contains(*v))
        })
    }

    /// Whether the tags say what the element is.
    pub(super) fn is_thing(&self, tags: &[Tag<'_>]) -> bool {
        tags.iter().any(|(k, _)| !self.untagged.keys.contains(*k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_ways_are_told_by_their_tags() {
        let rule = Rule::built_in().unwrap();
        assert!(rule.is_area(&[("building", "yes")]));
        assert!(!rule.is_area(&[("building", "no")]));
        assert!(!rule.is_area(&[("highway", "residential")]));
        assert!(rule.is_area(&[("highway", "pedestrian"), ("area", "yes")]));
        assert!(!rule.is_area(&[("leisure", "park"), ("area", "no")]));
        assert!(!rule.is_area(&[("barrier", "fence")]));
        assert!(!rule.is_thing(&[("created_by", "JOSM"), ("source", "survey")]));
        assert!(rule.is_thing(&[("name", "a")]));
    }
}
