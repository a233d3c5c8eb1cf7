//! What an expression is asked about: a feature at a zoom.

use super::Value;
use geo_types::Geometry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A feature, as far as expressions can see it.
pub trait Feature {
    /// One property, if the feature has it.
    fn property(&self, name: &str) -> Option<Value>;
    /// All properties, as a map.
    fn properties(&self) -> Value;
    /// Its number or text, or null.
    fn id(&self) -> Value;
    /// `Point`, `LineString` or `Polygon`; many of a kind are of that kind.
    fn geometry_type(&self) -> Option<&str>;
    /// Its shape in degrees of longitude and latitude, needed by `within` and `distance` only.
    fn geometry(&self) -> Option<&Geometry<f64>> {
        None
    }
}

/// A feature held in maps: for tests and for callers without a type of their own.
#[derive(Debug, Clone, Default)]
pub struct PlainFeature {
    /// Its properties.
    pub properties: BTreeMap<Arc<str>, Value>,
    /// Its id.
    pub id: Option<Value>,
    /// Its shape in degrees.
    pub geometry: Option<Geometry<f64>>,
}

impl Feature for PlainFeature {
    fn property(&self, name: &str) -> Option<Value> {
        self.properties.get(name).cloned()
    }

    fn properties(&self) -> Value {
        Value::Map(Arc::new(self.properties.clone()))
    }

    fn id(&self) -> Value {
        self.id.clone().unwrap_or(Value::Null)
    }

    fn geometry_type(&self) -> Option<&str> {
        Some(match self.geometry.as_ref()? {
            Geometry::Point(_) | Geometry::MultiPoint(_) => "Point",
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => "LineString",
            _ => "Polygon",
        })
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        self.geometry.as_ref()
    }
}

/// The circumstances of one evaluation. `Context::default()` knows nothing; set what there is.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// The zoom of the camera.
    pub zoom: Option<f64>,
    /// The feature to be drawn.
    pub feature: Option<&'a dyn Feature>,
    /// What the page said of this feature, for `feature-state`.
    pub feature_state: Option<&'a BTreeMap<Arc<str>, Value>>,
    /// What the page said of the whole map, for `global-state`.
    pub global_state: Option<&'a BTreeMap<Arc<str>, Value>>,
    /// The pictures of the sprite, for `image`.
    pub images: Option<&'a BTreeSet<Arc<str>>>,
    /// 0 to 1, in a heat map's colour.
    pub heatmap_density: Option<f64>,
    /// Metres, in a relief's colour.
    pub elevation: Option<f64>,
    /// 0 to 1, in a line's gradient.
    pub line_progress: Option<f64>,
    /// The value so far, in a cluster's reduction.
    pub accumulated: Option<&'a Value>,
    /// The zoom of the tile the feature came in. `within` is then decided on that tile's grid of 8192 steps, on which
    /// the feature was already rounded; otherwise it is decided exactly.
    pub tile_zoom: Option<u8>,
    /// Whether the renderer can set a script; all are taken for supported when absent.
    pub supported_script: Option<fn(&str) -> bool>,
}

impl<'a> Context<'a> {
    /// A feature at a zoom.
    pub fn new(zoom: f64, feature: &'a dyn Feature) -> Self {
        Self { zoom: Some(zoom), feature: Some(feature), ..Self::default() }
    }

    /// A zoom without a feature: for layers that have none.
    pub fn at_zoom(zoom: f64) -> Self {
        Self { zoom: Some(zoom), ..Self::default() }
    }
}
