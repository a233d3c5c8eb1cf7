//! What there is to see: layers with counts, bounds and zooms, for pages and TileJSON.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use gis_data::index::Index;
use gis_data::{BBox, Class, Field, GeometryKind, Instant, Layer, LayerId, Position, Scope, Words};
use serde::Serialize;

use super::City;

/// One layer as a viewer sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) id: LayerId,
    pub(crate) title: Words,
    pub(crate) class: Class,
    pub(crate) geometry: GeometryKind,
    /// Things that are so now; absent where counting would need the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bounds: Option<[f64; 4]>,
    pub(crate) minzoom: u8,
    pub(crate) maxzoom: u8,
    pub(crate) fields: Vec<Field>,
}

/// All of it.
#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    pub(crate) name: Words,
    pub(crate) layers: Vec<Entry>,
    pub(crate) position: String,
    pub(crate) now: String,
    pub(crate) attribution: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bounds: Option<[f64; 4]>,
    /// Longitude, latitude, zoom to begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) centre: Option<[f64; 3]>,
}

/// Tiles beyond this zoom are drawn from this one's.
pub(crate) const MAX_ZOOM: u8 = 18;

/// Layers that tell where the city is, best first.
const CENTRE_BY: [&str; 4] = ["doorplate", "building", "facility", "road"];

/// What there is in the city, whoever looks: taken once for a position of the log, since a million features are looked at.
#[derive(Debug)]
pub(crate) struct Summary {
    position: Position,
    now: Instant,
    /// Of each layer: how many are so now, and the box around them.
    layers: BTreeMap<LayerId, (u64, BBox)>,
    places: BTreeMap<LayerId, u64>,
    attribution: Vec<String>,
    centre: Option<[f64; 3]>,
}

/// The summary of the log's present position.
pub(crate) fn summary(city: &City) -> Arc<Summary> {
    let mut kept = city.summary.lock().unwrap_or_else(PoisonError::into_inner);
    let mirror = city.mirror();
    let index = &mirror.index;
    if let Some(known) = kept.as_ref().filter(|s| s.position == index.position() && s.now == index.now()) {
        return Arc::clone(known);
    }
    let now = index.now();
    let mut layers = BTreeMap::new();
    for (id, spatial) in index.layers() {
        let (mut count, mut bbox) = (0, BBox::EMPTY);
        spatial.each(|f| {
            if f.valid.contains(now) {
                count += 1;
                if let Some(b) = f.bbox() {
                    bbox.join(&b);
                }
            }
        });
        layers.insert(id.clone(), (count, bbox));
    }
    let fresh = Arc::new(Summary {
        position: index.position(),
        now,
        layers,
        places: place_counts(index),
        attribution: attribution(index),
        centre: centre(index),
    });
    *kept = Some(Arc::clone(&fresh));
    fresh
}

impl Summary {
    /// Who must be named beside the map.
    pub(crate) fn attribution(&self) -> &[String] {
        &self.attribution
    }
}

/// What a viewer sees of the layers.
pub(crate) fn layers(city: &City, scope: &Scope) -> Vec<Entry> {
    let (summary, catalog) = (summary(city), city.catalog());
    let seen = catalog.iter().filter(|l| scope.sees(l.id.as_str()));
    seen.map(|layer| {
        let spatial = summary.layers.get(&layer.id);
        Entry {
            id: layer.id.clone(),
            title: layer.title.clone(),
            class: layer.class,
            geometry: layer.geometry,
            count: spatial.map(|(n, _)| *n).or_else(|| summary.places.get(&layer.id).copied()),
            bounds: spatial.map(|(_, b)| b).filter(|b| !b.is_empty()).map(|b| b.to_array()),
            minzoom: layer.min_zoom,
            maxzoom: MAX_ZOOM,
            fields: fields(layer, scope),
        }
    })
    .collect()
}

/// The fields of a layer that a viewer sees.
pub(crate) fn fields(layer: &Layer, scope: &Scope) -> Vec<Field> {
    layer.fields.iter().filter(|f| scope.shows(layer.id.as_str(), &f.name)).cloned().collect()
}

fn place_counts(index: &Index) -> BTreeMap<LayerId, u64> {
    let all = (0..index.places().len() as u32).collect();
    index.places().counts(&all)
}

/// Everything for the first page.
pub(crate) fn overview(city: &City, scope: &Scope) -> Overview {
    let layers = layers(city, scope);
    let summary = summary(city);
    let mut all = BBox::EMPTY;
    for b in layers.iter().filter_map(|l| l.bounds) {
        all.join(&BBox { west: b[0], south: b[1], east: b[2], north: b[3] });
    }
    let bounds = (!all.is_empty()).then(|| all.to_array());
    Overview {
        name: city_name(city, scope),
        position: summary.position.to_string(),
        now: summary.now.to_string(),
        attribution: summary.attribution.clone(),
        centre: summary.centre.or_else(|| bounds.map(|_| [all.centre().0, all.centre().1, 12.0])),
        bounds,
        layers,
    }
}

/// The middle of where most doors are, not of the widest box: a stray point must not move the map out to sea.
fn centre(index: &Index) -> Option<[f64; 3]> {
    let layer = CENTRE_BY.iter().filter_map(|l| index.layer(l)).find(|l| !l.is_empty())?;
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    layer.each(|f| {
        if let Some(b) = f.bbox() {
            let (x, y) = b.centre();
            xs.push(x);
            ys.push(y);
        }
    });
    let middle = |v: &mut Vec<f64>| {
        let half = v.len() / 2;
        let (_, m, _) = v.select_nth_unstable_by(half, f64::total_cmp);
        *m
    };
    if xs.is_empty() {
        return None;
    }
    Some([middle(&mut xs), middle(&mut ys), 15.0])
}

fn city_name(city: &City, scope: &Scope) -> Words {
    let mirror = city.mirror();
    let mut names = Vec::new();
    if let Some(districts) = mirror.index.layer("district") {
        districts.each(|f| names.extend(scope.admit(f.clone()).and_then(|s| s.text("name").map(str::to_owned))));
    }
    names.sort();
    names.dedup();
    let zh = match names.as_slice() {
        [] => "城市".to_owned(),
        [one] => one.clone(),
        [first, ..] => format!("{first}等 {} 个区县", names.len()),
    };
    Words { en: if names.is_empty() { "City".to_owned() } else { zh.clone() }, zh }
}

/// Who must be named beside the map: the sources of what is shown.
fn attribution(index: &Index) -> Vec<String> {
    let mut sources = std::collections::BTreeSet::new();
    for (_, layer) in index.layers() {
        // Sources are few; a sample from every layer finds them without reading a million rows for each page.
        let mut left = 2000;
        layer.each(|f| {
            if left > 0 {
                left -= 1;
                sources.extend(f.properties.text("source").map(str::to_owned));
            }
        });
    }
    sources.into_iter().map(|s| if s == "osm" { "© OpenStreetMap contributors (ODbL)".to_owned() } else { s }).collect()
}
