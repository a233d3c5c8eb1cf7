//! What there is to see: layers with counts, bounds and zooms, for pages and TileJSON.

use std::collections::BTreeMap;

use gis_data::{BBox, Class, Field, GeometryKind, Layer, LayerId, Position, Scope, Words};
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

/// What a viewer sees of the layers.
pub(crate) fn layers(city: &City, scope: &Scope) -> Vec<Entry> {
    let (mirror, catalog) = (city.mirror(), city.catalog());
    let now = mirror.index.now();
    let places = place_counts(&mirror.index);
    let seen = catalog.iter().filter(|l| scope.sees(l.id.as_str()));
    seen.map(|layer| {
        let spatial = mirror.index.layer(layer.id.as_str());
        let mut bbox = BBox::EMPTY;
        let mut count = 0;
        if let Some(spatial) = spatial {
            spatial.each(|f| {
                if f.valid.contains(now) {
                    count += 1;
                    if let Some(b) = f.bbox() {
                        bbox.join(&b);
                    }
                }
            });
        }
        Entry {
            id: layer.id.clone(),
            title: layer.title.clone(),
            class: layer.class,
            geometry: layer.geometry,
            count: spatial.map(|_| count).or_else(|| places.get(&layer.id).copied()),
            bounds: (!bbox.is_empty()).then(|| bbox.to_array()),
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

fn place_counts(index: &gis_data::index::Index) -> BTreeMap<LayerId, u64> {
    let all = (0..index.places().len() as u32).collect();
    index.places().counts(&all)
}

/// Everything for the first page.
pub(crate) fn overview(city: &City, scope: &Scope) -> Overview {
    let layers = layers(city, scope);
    let (position, now): (Position, _) = {
        let mirror = city.mirror();
        (mirror.index.position(), mirror.index.now())
    };
    let mut all = BBox::EMPTY;
    for b in layers.iter().filter_map(|l| l.bounds) {
        all.join(&BBox { west: b[0], south: b[1], east: b[2], north: b[3] });
    }
    let bounds = (!all.is_empty()).then(|| all.to_array());
    Overview {
        name: city_name(city, scope),
        position: position.to_string(),
        now: now.to_string(),
        attribution: attribution(city),
        centre: centre(city).or_else(|| bounds.map(|_| [all.centre().0, all.centre().1, 12.0])),
        bounds,
        layers,
    }
}

/// The middle of where most doors are, not of the widest box: a stray point must not move the map out to sea.
fn centre(city: &City) -> Option<[f64; 3]> {
    let mirror = city.mirror();
    let layer = CENTRE_BY.iter().filter_map(|l| mirror.index.layer(l)).find(|l| !l.is_empty())?;
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
pub(crate) fn attribution(city: &City) -> Vec<String> {
    let mirror = city.mirror();
    let mut sources = std::collections::BTreeSet::new();
    for (_, layer) in mirror.index.layers() {
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
