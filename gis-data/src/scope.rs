//! What a caller may see. Nothing leaves the database but as a [`Shown`], and only [`Scope::admit`] makes one.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::{BBox, Catalog, Class, Feature, FeatureId, Geometry, LayerId, Name, Value};

/// What may be seen of one layer.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The fields shown; `None` shows all.
    fields: Option<BTreeSet<Name>>,
    /// Equal for equal grants: taken once, since every request for a tile asks for it.
    fingerprint: u64,
}

/// What a caller may see: layers, and of each the fields. Default is deny.
#[derive(Clone, Debug)]
pub struct Scope {
    viewer: Arc<str>,
    layers: BTreeMap<LayerId, Arc<Grant>>,
    /// For layers that are not named; only the administrator and the city's own mirrors have it.
    others: Option<Arc<Grant>>,
}

impl Scope {
    /// Sees nothing.
    pub fn nothing(viewer: &str) -> Self {
        Self { viewer: viewer.into(), layers: BTreeMap::new(), others: None }
    }

    /// Sees everything, layers that do not exist yet too.
    pub fn everything(viewer: &str) -> Self {
        Self { viewer: viewer.into(), layers: BTreeMap::new(), others: Some(Arc::new(Grant::new(None))) }
    }

    /// Sees the layers of `catalog` up to `class`, and of them the fields up to `class`.
    pub fn up_to(viewer: &str, catalog: &Catalog, class: Class) -> Self {
        let layers = catalog.iter().filter(|l| l.class <= class).map(|l| {
            let fields = l.fields.iter().filter(|f| l.class_of(&f.name) <= class).map(|f| f.name.as_str().into());
            (l.id.clone(), Arc::new(Grant::new(Some(fields.collect()))))
        });
        Self { viewer: viewer.into(), layers: layers.collect(), others: None }
    }

    /// Who looks, for logs.
    pub fn viewer(&self) -> &str {
        &self.viewer
    }

    /// Whether anything of `layer` may be seen.
    pub fn sees(&self, layer: &str) -> bool {
        self.grant(layer).is_some()
    }

    /// Whether `field` of `layer` is shown in clear, so that it may be filtered, ordered and grouped by.
    pub fn shows(&self, layer: &str, field: &str) -> bool {
        self.grant(layer).is_some_and(|g| g.shows(field))
    }

    /// A number that is equal for all callers who see the same of `layer`: part of the key of cached tiles.
    pub fn fingerprint(&self, layer: &str) -> u64 {
        self.grant(layer).map_or(0, |g| g.fingerprint)
    }

    /// Lets a feature out, with the fields that may be seen.
    pub fn admit(&self, feature: Arc<Feature>) -> Option<Shown> {
        let grant = Arc::clone(self.grant(feature.layer.as_str())?);
        Some(Shown { feature, grant })
    }

    fn grant(&self, layer: &str) -> Option<&Arc<Grant>> {
        self.layers.get(layer).or(self.others.as_ref())
    }
}

impl Grant {
    fn new(fields: Option<BTreeSet<Name>>) -> Self {
        let mut hasher = DefaultHasher::new();
        fields.hash(&mut hasher);
        Self { fields, fingerprint: hasher.finish() }
    }

    fn shows(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|f| f.contains(field))
    }
}

/// A feature as its viewer may see it.
#[derive(Clone, Debug)]
pub struct Shown {
    feature: Arc<Feature>,
    grant: Arc<Grant>,
}

impl Shown {
    /// The thing.
    pub fn id(&self) -> FeatureId {
        self.feature.id
    }

    /// Its layer.
    pub fn layer(&self) -> &LayerId {
        &self.feature.layer
    }

    /// Its shape.
    pub fn geometry(&self) -> Option<&Geometry> {
        self.feature.geometry.as_ref()
    }

    /// The box around its shape.
    pub fn bbox(&self) -> Option<BBox> {
        self.feature.bbox()
    }

    /// The value of a field that may be seen.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.feature.properties.get(name).filter(|_| self.grant.shows(name))
    }

    /// The text of a field that may be seen.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// The fields that may be seen.
    pub fn properties(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.feature.properties.iter().filter(|(n, _)| self.grant.shows(n))
    }

    /// When it was so.
    pub fn valid(&self) -> crate::Interval {
        self.feature.valid
    }

    /// When it was known.
    pub fn recorded(&self) -> crate::Recorded {
        self.feature.recorded
    }

    /// The lowest zoom whose tiles show it.
    pub fn min_zoom(&self) -> u8 {
        self.feature.min_zoom
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instant, Interval, Properties, Recorded};

    fn feature(layer: &str) -> Arc<Feature> {
        Arc::new(Feature {
            id: FeatureId::new(1).unwrap(),
            layer: LayerId::new(layer).unwrap(),
            geometry: None,
            properties: [("name", "张三"), ("number", "12号"), ("secret", "x")].into_iter().collect::<Properties>(),
            valid: Interval::ALWAYS,
            recorded: Recorded::since(1, Instant::DAWN),
            min_zoom: 0,
        })
    }

    #[test]
    fn a_resident_sees_public_fields_of_public_layers() {
        let catalog = Catalog::built_in().unwrap();
        let anyone = Scope::up_to("anonymous", &catalog, Class::Public);
        assert!(anyone.admit(feature("person")).is_none());
        assert!(anyone.admit(feature("unheard_of")).is_none());
        let door = anyone.admit(feature("doorplate")).unwrap();
        assert_eq!(door.text("number"), Some("12号"));
        assert_eq!(door.get("secret"), None, "a property that the schema lacks is not public");
        assert!(door.properties().all(|(n, _)| n.as_ref() != "secret"));
        assert!(Scope::everything("admin").admit(feature("person")).unwrap().get("secret").is_some());
        assert_ne!(anyone.fingerprint("doorplate"), Scope::everything("admin").fingerprint("doorplate"));
    }
}
