//! A tile's features, as expressions see them.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::{Coord as Degrees, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use gis_data::mercator;
use styles::expression::{Feature, Value};
use tiler::Coord;
use tiler::decode::{self, DecodedFeature, DecodedLayer, Shape, Vertex};

/// A layer of a tile. Its values are made ready once, so that features share them.
pub(super) struct TileLayer<'a> {
    /// Which one of the tile's.
    pub(super) number: usize,
    /// As it was read.
    pub(super) decoded: &'a DecodedLayer,
    /// Its name, shared by all picks that lead there.
    pub(super) name: Arc<str>,
    values: Vec<Value>,
    coord: Coord,
}

/// A feature of it.
pub(super) struct TileFeature<'a> {
    layer: &'a TileLayer<'a>,
    /// As it was read.
    pub(super) decoded: &'a DecodedFeature,
    /// Made when first asked for: only `within` and `distance` do.
    degrees: OnceCell<Option<Geometry<f64>>>,
}

impl<'a> TileLayer<'a> {
    /// A layer of the tile at `coord`.
    pub(super) fn new(number: usize, decoded: &'a DecodedLayer, coord: Coord) -> Self {
        let value = |value: &decode::Value| match value {
            decode::Value::Text(text) => Value::text(text.as_str()),
            decode::Value::Float(x) => Value::Number(f64::from(*x)),
            decode::Value::Double(x) => Value::Number(*x),
            decode::Value::Int(n) | decode::Value::Sint(n) => Value::Number(*n as f64),
            decode::Value::Uint(n) => Value::Number(*n as f64),
            decode::Value::Bool(b) => Value::Bool(*b),
        };
        let values = decoded.values.iter().map(value).collect();
        Self { number, decoded, name: decoded.name.as_str().into(), values, coord }
    }

    /// One of its features.
    pub(super) fn feature(&'a self, decoded: &'a DecodedFeature) -> TileFeature<'a> {
        TileFeature { layer: self, decoded, degrees: OnceCell::new() }
    }

    fn degrees(&self, [x, y]: Vertex) -> Degrees<f64> {
        let n = f64::from(self.coord.z()).exp2();
        let unit = |tile: u32, at: i32| (f64::from(tile) + f64::from(at) / f64::from(self.decoded.extent)) / n;
        let (x, y) = mercator::unproject(unit(self.coord.x(), x), unit(self.coord.y(), y));
        Degrees { x, y }
    }
}

impl TileFeature<'_> {
    fn shape_in_degrees(&self) -> Option<Geometry<f64>> {
        let path = |path: &Vec<Vertex>| -> LineString<f64> { path.iter().map(|v| self.layer.degrees(*v)).collect() };
        Some(match &self.decoded.shape {
            Shape::Unknown(_) => return None,
            Shape::Points(points) => {
                Geometry::MultiPoint(MultiPoint(points.iter().map(|v| Point(self.layer.degrees(*v))).collect()))
            }
            Shape::Lines(lines) => Geometry::MultiLineString(MultiLineString(lines.iter().map(path).collect())),
            Shape::Polygons(polygons) => {
                let polygon = |rings: &Vec<Vec<Vertex>>| {
                    let mut rings = rings.iter().map(path);
                    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                    Polygon::new(outer, rings.collect())
                };
                Geometry::MultiPolygon(MultiPolygon(polygons.iter().map(polygon).collect()))
            }
        })
    }
}

impl Feature for TileFeature<'_> {
    fn property(&self, name: &str) -> Option<Value> {
        let key = self.layer.decoded.keys.iter().position(|k| k == name)?;
        let (_, value) = self.decoded.tags.iter().find(|(k, _)| *k as usize == key)?;
        self.layer.values.get(*value as usize).cloned()
    }

    fn properties(&self) -> Value {
        let pair = |(key, value): &(u32, u32)| {
            let name = self.layer.decoded.keys.get(*key as usize)?;
            Some((Arc::from(name.as_str()), self.layer.values.get(*value as usize)?.clone()))
        };
        // Should a tile name a property twice, the first counts, as above.
        let pairs: BTreeMap<Arc<str>, Value> = self.decoded.tags.iter().rev().filter_map(pair).collect();
        Value::Map(Arc::new(pairs))
    }

    fn id(&self) -> Value {
        self.decoded.id.map_or(Value::Null, |id| Value::Number(id as f64))
    }

    fn geometry_type(&self) -> Option<&str> {
        match self.decoded.shape {
            Shape::Unknown(_) => None,
            Shape::Points(_) => Some("Point"),
            Shape::Lines(_) => Some("LineString"),
            Shape::Polygons(_) => Some("Polygon"),
        }
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        self.degrees.get_or_init(|| self.shape_in_degrees()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer() -> DecodedLayer {
        DecodedLayer {
            version: 2,
            name: "road".into(),
            extent: 4096,
            features: vec![DecodedFeature {
                id: Some(9),
                tags: vec![(1, 0), (0, 1), (1, 2)],
                shape: Shape::Lines(vec![vec![[0, 0], [4096, 4096]]]),
            }],
            keys: vec!["lanes".into(), "class".into(), "bridge".into()],
            values: vec![decode::Value::Text("primary".into()), decode::Value::Sint(-2), decode::Value::Bool(true)],
        }
    }

    #[test]
    fn a_feature_answers_from_the_tile() {
        let decoded = layer();
        let layer = TileLayer::new(0, &decoded, Coord::WORLD);
        let feature = layer.feature(&decoded.features[0]);
        assert_eq!(feature.property("class"), Some(Value::text("primary")));
        assert_eq!(feature.property("lanes"), Some(Value::Number(-2.0)));
        assert_eq!(feature.property("bridge"), None);
        assert_eq!(feature.id(), Value::Number(9.0));
        assert_eq!(feature.geometry_type(), Some("LineString"));
        let Value::Map(all) = feature.properties() else { panic!("a map") };
        assert_eq!(all.get("class"), Some(&Value::text("primary")));
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn its_shape_lies_where_the_tile_does() {
        let decoded = layer();
        let layer = TileLayer::new(0, &decoded, Coord::WORLD);
        let feature = layer.feature(&decoded.features[0]);
        let Some(Geometry::MultiLineString(lines)) = feature.geometry() else { panic!("lines") };
        let (from, to) = (lines.0[0].0[0], lines.0[0].0[1]);
        assert!((from.x + 180.0).abs() < 1e-9 && (from.y - mercator::MAX_LAT).abs() < 1e-9);
        assert!((to.x - 180.0).abs() < 1e-9 && (to.y + mercator::MAX_LAT).abs() < 1e-9);
    }
}
