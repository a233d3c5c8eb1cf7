//! One layer of a checked sheet, ready to be asked.

use super::Problem;
use crate::expression::{Context, Expression, Filter};
use crate::spec::{PropertySpec, group};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What a layer draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the specification's own")]
pub enum LayerKind {
    Background,
    Fill,
    Line,
    Symbol,
    Circle,
    Heatmap,
    FillExtrusion,
    Raster,
    Hillshade,
    ColorRelief,
}

/// A layer with its expressions compiled.
#[derive(Debug, Clone)]
pub struct StyleLayer {
    /// Its name in the sheet, unique there.
    pub id: String,
    /// What it draws.
    pub kind: LayerKind,
    /// The name of the source; none for a background.
    pub source: Option<String>,
    /// The layer within the source's tiles.
    pub source_layer: Option<String>,
    /// Shown from this zoom on.
    pub min_zoom: f64,
    /// Shown below this zoom.
    pub max_zoom: f64,
    /// Which features are drawn.
    pub filter: Filter,
    /// What others wrote into it, e.g. `menpai:group`.
    pub metadata: Json,
    paint: Properties,
    layout: Properties,
}

/// Every property of the kind, the unset ones as their defaults.
type Properties = BTreeMap<String, Expression>;

/// The defaults of a kind of layer are compiled once.
static DEFAULTS: LazyLock<BTreeMap<&'static str, [Arc<Properties>; 2]>> = LazyLock::new(|| {
    let kinds = KINDS.iter().map(|(name, _)| {
        let defaults = |part: &str| {
            let table = group(&format!("{part}_{name}")).into_iter().flatten();
            Arc::new(table.map(|(name, spec)| (name.clone(), Expression::default_of(spec))).collect())
        };
        (*name, [defaults("paint"), defaults("layout")])
    });
    kinds.collect()
});

static NOTHING: LazyLock<Expression> = LazyLock::new(|| Expression::default_of(&PropertySpec::default()));

const KINDS: [(&str, LayerKind); 10] = [
    ("background", LayerKind::Background),
    ("fill", LayerKind::Fill),
    ("line", LayerKind::Line),
    ("symbol", LayerKind::Symbol),
    ("circle", LayerKind::Circle),
    ("heatmap", LayerKind::Heatmap),
    ("fill-extrusion", LayerKind::FillExtrusion),
    ("raster", LayerKind::Raster),
    ("hillshade", LayerKind::Hillshade),
    ("color-relief", LayerKind::ColorRelief),
];

impl LayerKind {
    /// The specification's word for it.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl StyleLayer {
    /// A paint property, compiled; unset ones are their defaults. A name that this kind of layer does not have answers
    /// null.
    pub fn paint(&self, name: &str) -> &Expression {
        self.paint.get(name).unwrap_or(&NOTHING)
    }

    /// A layout property, as [`StyleLayer::paint`].
    pub fn layout(&self, name: &str) -> &Expression {
        self.layout.get(name).unwrap_or(&NOTHING)
    }

    /// Whether the layer is drawn at a zoom at all.
    pub fn is_visible(&self, ctx: &Context) -> bool {
        let zoom = ctx.zoom.unwrap_or(0.0);
        self.min_zoom <= zoom
            && zoom < self.max_zoom
            && self.layout("visibility").evaluate_or_default(ctx).as_text() != Some("none")
    }
}

/// Compiles layer `at` of a list that was checked.
pub(super) fn compile(list: &[Json], at: usize) -> Result<StyleLayer, Vec<Problem>> {
    let own = list.get(at).unwrap_or(&Json::Null);
    let parent = own.get("ref").and_then(|id| list.iter().find(|other| other.get("id") == Some(id)));
    let get = |name: &str| own.get(name).or_else(|| parent.and_then(|parent| parent.get(name)));
    let text = |name: &str| get(name).and_then(Json::as_str);
    let word = text("type").unwrap_or_default();
    let (name, kind) = KINDS.iter().find(|(name, _)| *name == word).unwrap_or(&KINDS[0]);
    let path = format!("layers[{at}]");
    let filter = match get("filter") {
        None => Filter::default(),
        Some(json) => Filter::parse(json).map_err(|errors| located(&format!("{path}.filter"), errors))?,
    };
    let compiled = |part: &str, which: usize, json: Option<&Json>| -> Result<Properties, Vec<Problem>> {
        let mut all = DEFAULTS.get(name).map(|both| (*both[which]).clone()).unwrap_or_default();
        let table = group(&format!("{part}_{name}"));
        for (name, json) in json.and_then(Json::as_object).into_iter().flatten() {
            // Transitions are not asked of a single picture.
            if let Some(spec) = table.and_then(|table| table.get(name)) {
                let made = Expression::property(json, spec)
                    .map_err(|errors| located(&format!("{path}.{part}.{name}"), errors))?;
                all.insert(name.clone(), made);
            }
        }
        Ok(all)
    };
    Ok(StyleLayer {
        id: own.get("id").and_then(Json::as_str).unwrap_or_default().to_owned(),
        kind: *kind,
        source: text("source").map(str::to_owned),
        source_layer: text("source-layer").map(str::to_owned),
        min_zoom: get("minzoom").and_then(Json::as_f64).unwrap_or(0.0),
        max_zoom: get("maxzoom").and_then(Json::as_f64).unwrap_or(f64::INFINITY),
        filter,
        metadata: own.get("metadata").cloned().unwrap_or_default(),
        paint: compiled("paint", 0, own.get("paint"))?,
        layout: compiled("layout", 1, get("layout"))?,
    })
}

fn located(path: &str, errors: Vec<crate::expression::ParseError>) -> Vec<Problem> {
    errors.into_iter().map(|error| Problem::error(format!("{path}{}", error.key), error.text)).collect()
}
