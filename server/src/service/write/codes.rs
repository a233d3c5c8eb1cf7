//! Codes of places: one place has a code at a time, and a code that was retired is never given to another.

use std::collections::HashMap;

use gis_data::{Catalog, Change, Error, FeatureId, Identity, Kind, LayerId, Result};

use super::super::City;

/// The field in which a place carries its official code.
const FIELD: &str = "code";

/// Refuses a code that another place of the layer has or had, at any time as believed now, or that two places of the commit share.
pub(super) fn refuse(city: &City, catalog: &Catalog, changes: &[Change]) -> Result<()> {
    let mut wanted: HashMap<(&LayerId, &str), &Identity> = HashMap::new();
    for change in changes {
        let Change::Put(put) = change else { continue };
        if !catalog.get(put.layer.as_str()).is_some_and(|l| l.place) {
            continue;
        }
        let Some(code) = put.properties.text(FIELD).filter(|c| !c.is_empty()) else { continue };
        if wanted.insert((&put.layer, code), &put.identity).is_some_and(|other| *other != put.identity) {
            return Err(taken(code, None));
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mirror = city.mirror();
    let layers: std::collections::BTreeSet<&LayerId> = wanted.keys().map(|(layer, _)| *layer).collect();
    let mut other: Option<(String, FeatureId)> = None;
    for layer in layers {
        let Some(spatial) = mirror.index.layer(layer.as_str()) else { continue };
        spatial.each(|f| {
            let Some(code) = f.properties.text(FIELD) else { return };
            if wanted.get(&(layer, code)).is_some_and(|own| **own != Identity::Id(f.id)) {
                other.get_or_insert((code.to_owned(), f.id));
            }
        });
    }
    other.map_or(Ok(()), |(code, id)| Err(taken(&code, Some(id))))
}

fn taken(code: &str, by: Option<FeatureId>) -> Error {
    let by = by.map_or_else(String::new, |id| format!("（{id}）"));
    Error::new(
        Kind::Conflict,
        format!("代码 “{code}” 已属于或曾属于另一地点{by}，不得重复使用；请编新的代码"),
        format!("the code “{code}” belongs or belonged to another place{by} and is never given again; make a new one"),
    )
    .on(FIELD)
}
