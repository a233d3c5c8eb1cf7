//! Reads the mirrors from the store, and lets them follow its log.

use std::sync::Arc;

use gis_data::index::text::Texts;
use gis_data::index::{Builder, Facts, Follow};
use gis_data::{Catalog, Changed, Changes, Feature, FeatureId, LayerId, Part, Result, Store, When};

use super::City;
use super::city::Mirror;

/// The layers whose words are searched: what people look for on a map.
const SEARCHED: [&str; 12] = [
    "doorplate",
    "building",
    "compound",
    "road",
    "facility",
    "organisation",
    "community",
    "subdistrict",
    "district",
    "grid",
    "shelter",
    "water",
];

/// Layers of the built-in catalogue with names that are nobody's to search.
const KNOWN: [&str; 7] = ["person", "household", "vehicle", "component", "device", "hazard", "incident"];

/// Reads the current belief into fresh mirrors.
pub(super) async fn read(store: &dyn Store, catalog: &Catalog) -> Result<Mirror> {
    loop {
        let (position, now) = store.position().await?;
        let mut builder = Builder::new(catalog.clone());
        let (shaped, bare) = Builder::parts(catalog);
        let mut facts = Facts::default();
        let things = async {
            store.scan(Part::Layers(&shaped), &mut |f| builder.feature(f)).await?;
            store.scan_ids(&bare, &mut |layer, id| builder.id(layer, id)).await
        };
        let mut add = |f| facts.add(&f);
        tokio::try_join!(things, store.scan_facts(&mut add))?;
        // Rows and facts are several reads; only if nothing was written meanwhile are they of one position.
        if store.position().await?.0 == position {
            let index = builder.finish(facts, position, now);
            let mut rows: Vec<Arc<Feature>> = Vec::new();
            for (_, layer) in index.layers().filter(|(id, _)| is_searched(catalog, id)) {
                layer.each(|f| rows.push(Arc::clone(f)));
            }
            return Ok(Mirror { texts: Texts::new(rows.into_iter()), index });
        }
    }
}

/// Whether the words of a layer are searched: those people look for on a map, and those that a store defined itself and that have
/// names.
fn is_searched(catalog: &Catalog, id: &LayerId) -> bool {
    let named = |l: &gis_data::Layer| l.fields.iter().any(|f| f.name == "name" || f.name == "title");
    SEARCHED.contains(&id.as_str()) || (!KNOWN.contains(&id.as_str()) && catalog.get(id.as_str()).is_some_and(named))
}

/// Applies log entries to the city's mirrors and tile cache.
pub(super) async fn follow(city: &City, changes: Changes, anew: bool) -> Result<()> {
    let Some(last) = changes.entries.last() else {
        let (_, now) = city.store.position().await?;
        city.update(|m| m.index.advance(changes.upto, now));
        return Ok(());
    };
    let now = last.at;
    let mut layers: Vec<LayerId> = Vec::new();
    let mut touched = Vec::new();
    let mut bulk = anew;
    for entry in &changes.entries {
        match &entry.changed {
            Changed::Each(all) => touched.extend(all.iter().cloned()),
            Changed::Bulk(all) => {
                bulk = true;
                layers.extend(all.keys().cloned());
            }
        }
    }
    if bulk {
        let fresh = read(city.store.as_ref(), &city.catalog()).await?;
        layers.extend(touched.iter().map(|t| t.layer.clone()));
        city.update(|m| {
            *m = fresh;
            city.tiles.stale_layers(&layers, m.index.position());
        });
        return Ok(());
    }
    let ids: Vec<FeatureId> = touched.iter().map(|t| t.id).collect();
    let mut features = Vec::new();
    city.store.scan(Part::Things(&ids), &mut |f| features.push(f)).await?;
    let before = city.mirror().index.now();
    let facts_before = city.store.facts(&ids, When::At(before)).await?;
    let facts = city.store.facts(&ids, When::Now).await?;
    let catalog = city.catalog();
    let words: Vec<Arc<Feature>> =
        features.iter().filter(|f| is_searched(&catalog, &f.layer)).cloned().map(Arc::new).collect();
    let all = touched.clone();
    city.update(|m| {
        m.texts.replace(ids.iter().copied(), words.into_iter());
        m.index.apply(changes.upto, now, Follow { touched, features, facts_before, facts });
        city.tiles.stale(&all, changes.upto);
    });
    Ok(())
}
