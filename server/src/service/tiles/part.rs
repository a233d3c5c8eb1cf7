//! What a tile may hold of a layer.

use std::fmt;

use gis_data::{Catalog, GeometryKind, Layer, LayerId, Scope, Shown};

use super::is_mapped;

/// Stands behind a layer's name where its labels are meant: no layer's own name has a colon.
const LABEL: &str = ":label";
/// The field that a surface is called by.
const NAME: &str = "name";

/// A layer's things, or the places where the names of its surfaces are written: `community` and `community:label`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) layer: LayerId,
    pub(crate) is_label: bool,
}

impl Part {
    /// The layer's name in a part's, and whether its labels are meant.
    pub(crate) fn split(name: &str) -> (&str, bool) {
        name.strip_suffix(LABEL).map_or((name, false), |layer| (layer, true))
    }

    /// What a name means, if a viewer may see it; of a list that a sheet names, the rest is left out.
    pub(crate) fn seen(catalog: &Catalog, scope: &Scope, name: &str) -> Option<Self> {
        let (name, is_label) = Self::split(name);
        let layer = catalog.get(name).filter(|layer| is_mapped(layer, scope))?;
        (!is_label || Self::has_labels(layer)).then(|| Self { layer: layer.id.clone(), is_label })
    }

    /// Whether a layer has surfaces, and they names, so that there can be labels.
    pub(crate) fn has_labels(layer: &Layer) -> bool {
        matches!(layer.geometry, GeometryKind::Polygon | GeometryKind::Any) && layer.field(NAME).is_some()
    }

    /// Whether there is a name to be written.
    pub(crate) fn is_named(row: &Shown) -> bool {
        row.properties().any(|(name, _)| &**name == NAME)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.layer, if self.is_label { LABEL } else { "" })
    }
}
