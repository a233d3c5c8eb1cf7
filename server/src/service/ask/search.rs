//! Search by name and address text, as far as the viewer may see.

use gis_data::index::text::{FIELDS, plain};
use gis_data::{BBox, Scope, Shown, When};
use serde::Serialize;

use crate::service::City;

/// One thing found.
#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    pub(crate) id: u64,
    pub(crate) layer: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) centre: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bbox: Option<[f64; 4]>,
    /// The place whose card tells about it.
    pub(crate) place: u64,
}

/// What is asked.
#[derive(Debug, Default)]
pub(crate) struct Ask<'a> {
    pub(crate) text: &'a str,
    pub(crate) limit: usize,
    /// Only there.
    pub(crate) bbox: Option<BBox>,
    /// What is so then.
    pub(crate) valid: When,
    /// Whether the reader prefers English.
    pub(crate) english: bool,
    /// Nearer things first.
    pub(crate) near: Option<(f64, f64)>,
}

/// Candidates looked at; beyond it the text says too little for an order to mean anything.
const CANDIDATES: usize = 20_000;

/// Finds things.
pub(crate) fn search(city: &City, scope: &Scope, ask: &Ask<'_>) -> Vec<Hit> {
    let mirror = city.mirror();
    let at = ask.valid.or(mirror.index.now());
    let catalog = city.catalog();
    let asked: Vec<String> = ask.text.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let found = mirror.texts.find(ask.text, CANDIDATES).into_iter().filter(|f| f.valid.contains(at));
    let mut rated: Vec<(u32, f64, Shown)> = found
        .filter_map(|f| scope.admit(f))
        .filter(|s| ask.bbox.is_none_or(|b| s.bbox().is_some_and(|own| own.meets(&b))))
        .filter_map(|s| {
            let rank = rank(&s, &asked)?;
            let far = ask.near.and_then(|(lon, lat)| s.geometry().map(|g| g.distance_m(lon, lat))).unwrap_or_default();
            Some((rank, far, s))
        })
        .collect();
    rated.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.id().cmp(&b.2.id())));
    // A road is many pieces of one name; one of them is enough.
    let mut seen = std::collections::HashSet::new();
    let mut hits = Vec::new();
    for (_, _, s) in rated {
        let Some(layer) = catalog.get(s.layer().as_str()) else { continue };
        let title = cim_model::card::title_of(&s, layer);
        if layer.id.as_str() == "road" && !seen.insert(title.clone()) {
            continue;
        }
        let at = s.geometry().map(gis_data::Geometry::anchor);
        hits.push(Hit {
            id: s.id().get(),
            layer: s.layer().to_string(),
            subtitle: s
                .text("address")
                .filter(|a| *a != title)
                .unwrap_or(if ask.english { &layer.title.en } else { &layer.title.zh })
                .to_owned(),
            title,
            centre: at.map(|c| [c.x, c.y]),
            bbox: s.bbox().map(BBox::to_array),
            place: s.id().get(),
        });
        if hits.len() == ask.limit {
            break;
        }
    }
    hits
}

/// How well the fields that the viewer sees fit, least best; `None` when they do not.
fn rank(s: &Shown, asked: &[String]) -> Option<u32> {
    let own: Vec<(usize, String)> =
        FIELDS.iter().enumerate().filter_map(|(i, n)| s.text(n).map(|t| (i, plain(t)))).collect();
    let mut total = 0;
    for word in asked {
        let best = own.iter().filter_map(|(field, text)| {
            let fit = if text == word {
                0
            } else if text.starts_with(word.as_str()) {
                1
            } else if text.ends_with(word.as_str()) {
                2
            } else if text.contains(word.as_str()) {
                3
            } else {
                return None;
            };
            Some(fit * 4 + (*field as u32).min(3))
        });
        total += best.min()?;
    }
    Some(total * 16 + layer_rank(s.layer().as_str()))
}

/// Among equals, what people mean more often first.
fn layer_rank(layer: &str) -> u32 {
    const ORDER: [&str; 10] = [
        "doorplate",
        "compound",
        "building",
        "facility",
        "road",
        "organisation",
        "community",
        "grid",
        "subdistrict",
        "district",
    ];
    ORDER.iter().position(|l| *l == layer).unwrap_or(ORDER.len()) as u32
}
