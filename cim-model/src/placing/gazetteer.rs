//! The places that others are placed by, ready to be looked up.

use std::collections::HashMap;

use gis_data::{BBox, Geometry, Properties};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::{AREAS, PLACES};
use crate::measure::{METRES_A_DEGREE, area_m2};

/// Places of one city at one time. `K` is whatever the caller calls a place: an id, or the key in a source.
#[derive(Clone, Debug)]
pub struct Gazetteer<K> {
    doors: Layer<K, Door>,
    buildings: Layer<K, Building>,
    compounds: Layer<K, Area>,
    areas: [Layer<K, Area>; AREAS.len()],
    roads: HashMap<String, Vec<(K, Geometry)>>,
}

/// A door's place and words.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) at: (f64, f64),
    /// Its address, and its road and number, without blanks.
    pub(super) address: Option<String>,
    pub(super) road_number: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Building {
    pub(super) outline: Geometry,
    pub(super) address: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Area {
    outline: Geometry,
    pub(super) anchor: (f64, f64),
    size_m2: f64,
}

/// The places of one layer, found by their boxes.
#[derive(Clone, Debug)]
pub(super) struct Layer<K, T> {
    places: Vec<(K, T)>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl<K, T> Default for Layer<K, T> {
    fn default() -> Self {
        Self { places: Vec::new(), tree: RTree::new() }
    }
}

impl<K, T> Layer<K, T> {
    fn add(&mut self, key: K, bbox: &BBox, place: T) {
        let rectangle = Rectangle::from_corners([bbox.west, bbox.south], [bbox.east, bbox.north]);
        self.tree.insert(GeomWithData::new(rectangle, self.places.len() as u32));
        self.places.push((key, place));
    }

    /// The places whose boxes meet `bbox`, in no order.
    pub(super) fn near(&self, bbox: &BBox) -> impl Iterator<Item = &(K, T)> {
        let envelope = AABB::from_corners([bbox.west, bbox.south], [bbox.east, bbox.north]);
        self.tree.locate_in_envelope_intersecting(&envelope).filter_map(|item| self.places.get(item.data as usize))
    }
}

impl<K: Ord> Layer<K, Area> {
    /// The smallest of the areas that are `so` that holds the point.
    pub(super) fn holding(&self, (lon, lat): (f64, f64), so: &dyn Fn(&K) -> bool) -> Option<&(K, Area)> {
        self.near(&point_box((lon, lat)))
            .filter(|(key, a)| a.outline.contains(lon, lat) && so(key))
            .min_by(|a, b| a.1.size_m2.total_cmp(&b.1.size_m2).then_with(|| a.0.cmp(&b.0)))
    }
}

impl<K> Default for Gazetteer<K> {
    fn default() -> Self {
        Self {
            doors: Layer::default(),
            buildings: Layer::default(),
            compounds: Layer::default(),
            areas: std::array::from_fn(|_| Layer::default()),
            roads: HashMap::new(),
        }
    }
}

impl<K: Clone + Ord> Gazetteer<K> {
    /// No places.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a place. Layers that nothing is placed by (see [`PLACES`]) and places without shape are passed over.
    pub fn add(&mut self, layer: &str, geometry: Option<&Geometry>, properties: &Properties, key: K) {
        let Some(geometry) = geometry.filter(|_| PLACES.contains(&layer)) else { return };
        let bbox = geometry.bbox();
        match layer {
            "doorplate" => {
                let at = anchor(geometry);
                let door = Door {
                    at,
                    address: words(properties, &["address"]),
                    road_number: words(properties, &["road_name", "number"]),
                };
                self.doors.add(key, &point_box(at), door);
            }
            "building" => {
                let building = Building { outline: geometry.clone(), address: words(properties, &["address"]) };
                self.buildings.add(key, &bbox, building);
            }
            "road" => {
                if let Some(name) = words(properties, &["name"]) {
                    self.roads.entry(name).or_default().push((key, geometry.clone()));
                }
            }
            area => {
                let place =
                    Area { outline: geometry.clone(), anchor: anchor(geometry), size_m2: area_m2(geometry.shape()) };
                match AREAS.iter().position(|a| *a == area) {
                    Some(i) => self.areas[i].add(key, &bbox, place),
                    None => self.compounds.add(key, &bbox, place),
                }
            }
        }
    }

    pub(super) const fn doors(&self) -> &Layer<K, Door> {
        &self.doors
    }

    pub(super) const fn buildings(&self) -> &Layer<K, Building> {
        &self.buildings
    }

    pub(super) const fn compounds(&self) -> &Layer<K, Area> {
        &self.compounds
    }

    /// The areas from the `narrowest` of [`AREAS`] on.
    pub(super) fn areas_from(&self, narrowest: usize) -> impl Iterator<Item = (usize, &Layer<K, Area>)> {
        self.areas.iter().enumerate().skip(narrowest)
    }

    pub(super) fn roads_called(&self, name: &str) -> &[(K, Geometry)] {
        self.roads.get(name).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn anchor(geometry: &Geometry) -> (f64, f64) {
    let at = geometry.anchor();
    (at.x, at.y)
}

/// The box that holds a point alone.
pub(super) const fn point_box((lon, lat): (f64, f64)) -> BBox {
    BBox { west: lon, south: lat, east: lon, north: lat }
}

/// The texts of all these fields without blanks, one after the other; nothing if one is missing.
pub(super) fn words(properties: &Properties, fields: &[&str]) -> Option<String> {
    let mut all = String::new();
    for field in fields {
        let before = all.len();
        all.extend(properties.text(field)?.chars().filter(|c| !c.is_whitespace()));
        if all.len() == before {
            return None;
        }
    }
    Some(all)
}

/// The box grown by so many metres.
pub(super) fn grown(bbox: &BBox, metres: f64) -> BBox {
    let north = metres / METRES_A_DEGREE;
    // Towards the poles a degree of longitude becomes short; doors stand no farther north than this.
    let east = north / bbox.north.abs().max(bbox.south.abs()).min(85.0).to_radians().cos();
    // A little more, since distances are measured about another latitude than this.
    let (north, east) = (north * 1.01, east * 1.01);
    BBox { west: bbox.west - east, south: bbox.south - north, east: bbox.east + east, north: bbox.north + north }
}
