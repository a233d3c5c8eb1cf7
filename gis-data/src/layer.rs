//! Layers and their schemas.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Error, LayerId, Result};

/// Who may see a layer or a field at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Everyone.
    Public,
    /// Those who work for the city.
    #[default]
    Internal,
    /// Whatever names a person: only through the API, field by field, audited. Never as tiles or export to third parties.
    Restricted,
}

/// The same words in Chinese and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What shapes a layer's features have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GeometryKind {
    /// No shape of their own.
    None,
    /// Points.
    Point,
    /// Lines.
    Line,
    /// Surfaces.
    Polygon,
    /// Whatever comes.
    #[default]
    Any,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Text.
    #[default]
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Yes or no.
    Bool,
    /// A day or a moment, as RFC 3339 text.
    Date,
    /// The id of another thing.
    Id,
}

/// One entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The value that is stored.
    pub code: String,
    /// What it means.
    #[serde(flatten)]
    pub title: Words,
}

/// One field of a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in properties and tiles.
    pub name: String,
    /// Its name for people.
    pub title: Words,
    /// What it holds.
    #[serde(default)]
    pub kind: FieldKind,
    /// Its unit, if it measures something (`m`, `m2`, `year`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who may see it at most; never wider than the layer's.
    #[serde(default)]
    pub class: Option<Class>,
    /// The lowest zoom whose tiles carry it; every other answer has it anyway. Long texts that nobody reads on a map of a whole
    /// quarter would be half of its tile.
    #[serde(default)]
    pub min_zoom: u8,
    /// What its values mean, where they are words of a list. Sources may bring others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
}

/// A layer and its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its name in paths, tiles and tables.
    pub id: LayerId,
    /// Its name for people.
    pub title: Words,
    /// Who may see it at most.
    #[serde(default)]
    pub class: Class,
    /// What shapes it has.
    #[serde(default)]
    pub geometry: GeometryKind,
    /// Whether its things are places that can be addressed.
    #[serde(default)]
    pub place: bool,
    /// The lowest zoom at which any of its features may be shown.
    #[serde(default)]
    pub min_zoom: u8,
    /// Its fields, in the order in which people read them.
    #[serde(default)]
    pub fields: Vec<Field>,
}

impl Layer {
    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Who may see a property called `name` at most. A property that the schema lacks is seen by those who work here.
    pub fn class_of(&self, name: &str) -> Class {
        let own = self.field(name).map_or(Class::Internal, |f| f.class.unwrap_or(self.class));
        own.max(self.class)
    }
}

/// All layers of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    layers: BTreeMap<LayerId, Layer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    layer: Vec<Layer>,
}

impl Catalog {
    /// The system layer whose rows define layers.
    pub const SYSTEM: &str = "layer";

    /// The layers that every city has (`gis-data/layers/*.toml`).
    pub fn built_in() -> Result<Self> {
        let mut catalog = Self::default();
        for sheet in [
            include_str!("../layers/place.toml"),
            include_str!("../layers/register.toml"),
            include_str!("../layers/ground.toml"),
            include_str!("../layers/event.toml"),
        ] {
            let sheet: Sheet = toml::from_str(sheet).map_err(|cause| {
                Error::invalid("内置图层定义有误", "the built-in layer definitions are wrong").because(cause)
            })?;
            sheet.layer.into_iter().for_each(|l| catalog.add(l));
        }
        Ok(catalog)
    }

    /// Adds a layer, or replaces the one of the same name.
    pub fn add(&mut self, layer: Layer) {
        self.layers.insert(layer.id.clone(), layer);
    }

    /// The layer called `id`.
    pub fn get(&self, id: &str) -> Option<&Layer> {
        self.layers.get(id)
    }

    /// All layers by name.
    pub fn iter(&self) -> impl Iterator<Item = &Layer> {
        self.layers.values()
    }

    /// The layer called `id`, or an error that names it.
    pub fn layer(&self, id: &str) -> Result<&Layer> {
        self.get(id).ok_or_else(|| unknown_layer(id))
    }
}

/// The error for a layer that is not there, or that the caller may not know of.
pub(crate) fn unknown_layer(id: &str) -> Error {
    Error::not_found(
        format!("没有名为 “{id}” 的图层；全部图层见 /catalog"),
        format!("there is no layer called “{id}”; /catalog lists them all"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_layers_are_whole() {
        let catalog = Catalog::built_in().unwrap();
        let named = "district subdistrict community grid microgrid road compound doorplate building stairwell floor room address \
            plate entrance person household residence organisation force crew vehicle facility activity component device hazard \
            incident shelter water green built_up terrain";
        for id in named.split_whitespace() {
            let layer = catalog.layer(id).unwrap();
            assert!(!layer.title.zh.is_empty() && !layer.title.en.is_empty(), "{id}");
            for f in &layer.fields {
                assert!(!f.title.zh.is_empty() && !f.title.en.is_empty(), "{id}.{}", f.name);
            }
        }
        assert_eq!(catalog.layer("person").unwrap().class, Class::Restricted);
        assert_eq!(catalog.layer("person").unwrap().class_of("name"), Class::Restricted);
        assert_eq!(catalog.layer("doorplate").unwrap().class_of("number"), Class::Public);
        assert!(catalog.layer("nowhere").is_err());
    }
}
