//! The rule itself.

use std::cmp::Ordering;

use gis_data::{BBox, Geometry, Method, Properties, Relation};

use super::gazetteer::{Area, Building, Door, anchor, grown, point_box, words};
use super::{AREAS, Gazetteer, Placed, RECORDS};
use crate::measure::metres;

/// Metres within which a door's road is looked for.
pub(super) const ROAD_M: f64 = 200.0;
/// Metres within which a door of the same address is a building's own.
pub(super) const ADDRESS_M: f64 = 300.0;
/// Metres within which the nearest door is a building's own.
pub(super) const BUILDING_M: f64 = 30.0;
/// A record wider than this (metres, across its box) is placed by its anchor: every door along a greenway is near to it.
const WIDE_M: f64 = 1000.0;

/// Metres within which the nearest door is a record's own.
pub(super) fn record_m(layer: &str) -> f64 {
    match layer {
        "component" => 100.0,
        "facility" => 80.0,
        _ => 50.0,
    }
}

/// The box from which a thing's places are looked for: around its outline where that is measured, else its anchor.
pub(super) fn stand(layer: &str, geometry: &Geometry) -> BBox {
    let bbox = geometry.bbox();
    let measured = layer == "building" || (RECORDS.contains(&layer) && !wide(&bbox));
    if measured { bbox } else { point_box(anchor(geometry)) }
}

fn wide(b: &BBox) -> bool {
    metres((b.west, b.south), (b.east, b.north)) > WIDE_M
}

impl<K: Clone + Ord> Gazetteer<K> {
    /// Where a thing belongs. `own` is the thing's key, so that it is not placed by itself. A thing without shape belongs nowhere
    /// by this rule.
    pub fn relations(
        &self,
        layer: &str,
        geometry: Option<&Geometry>,
        properties: &Properties,
        own: &K,
    ) -> Vec<Placed<K>> {
        self.relations_where(layer, geometry, properties, own, &|_| true)
    }

    /// The same among those places that are `so`. Every place that could have made the answer another one is asked about.
    pub(super) fn relations_where(
        &self,
        layer: &str,
        geometry: Option<&Geometry>,
        properties: &Properties,
        own: &K,
        so: &dyn Fn(&K) -> bool,
    ) -> Vec<Placed<K>> {
        let Some(geometry) = geometry else { return Vec::new() };
        let rule = Rule { places: self, so };
        let mut placed = match layer {
            "doorplate" => rule.door(geometry, properties),
            "building" => {
                let building = Building { outline: geometry.clone(), address: words(properties, &["address"]) };
                let door = rule.door_of(&building).map(|d| d.placed(Relation::LiesIn));
                door.map_or_else(|| rule.areas(anchor(geometry), 0), |d| vec![d])
            }
            "compound" => rule.areas(anchor(geometry), 2).into_iter().take(1).collect(),
            record if RECORDS.contains(&record) => rule.record(record, geometry).into_iter().collect(),
            area => match AREAS.iter().position(|a| *a == area) {
                Some(i) => rule.areas(anchor(geometry), i + 1).into_iter().take(1).collect(),
                None => Vec::new(),
            },
        };
        placed.retain(|p| p.place != *own);
        placed
    }
}

/// The rule over those places that are so.
struct Rule<'a, K> {
    places: &'a Gazetteer<K>,
    so: &'a dyn Fn(&K) -> bool,
}

impl<'a, K: Clone + Ord> Rule<'a, K> {
    fn door(&self, geometry: &Geometry, properties: &Properties) -> Vec<Placed<K>> {
        let at = anchor(geometry);
        let mut all = self.areas(at, 0);
        all.extend(self.places.compounds().holding(at, self.so).map(contained));
        if let Some(name) = words(properties, &["road_name"]) {
            let road = self
                .places
                .roads_called(&name)
                .iter()
                .map(|(key, line)| (key, line.distance_m(at.0, at.1)))
                .filter(|(key, d)| *d <= ROAD_M && (self.so)(key))
                .min_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)));
            all.extend(road.map(|(key, d)| Placed {
                relation: Relation::LiesIn,
                place: key.clone(),
                method: Method::Address,
                distance_m: Some(d),
            }));
        }
        all
    }

    /// The narrowest area from `narrowest` on that holds the point, then those wider ones that it does not imply.
    fn areas(&self, at: (f64, f64), narrowest: usize) -> Vec<Placed<K>> {
        let mut found = Vec::new();
        // The chain of areas that the narrower ones lie in by their anchors.
        let mut implied: Vec<K> = Vec::new();
        for (i, layer) in self.places.areas_from(narrowest) {
            let Some(area) = layer.holding(at, self.so) else { continue };
            if implied.contains(&area.0) {
                continue;
            }
            found.push(contained(area));
            let mut above = Some((i, area));
            while let Some((i, (key, area))) = above {
                implied.push(key.clone());
                let mut wider = self.places.areas_from(i + 1);
                above = wider.find_map(|(j, layer)| Some((j, layer.holding(area.anchor, self.so)?)));
            }
        }
        found
    }

    fn door_of(&self, building: &Building) -> Option<Found<'a, K>> {
        let outline = &building.outline;
        if let Some(address) = building.address.as_deref() {
            let same = |d: &Door| [&d.address, &d.road_number].into_iter().flatten().any(|a| a == address);
            if let Some(door) = self.nearest(outline, ADDRESS_M, same) {
                return Some(Found { method: Method::Address, ..door });
            }
        }
        self.nearest(outline, BUILDING_M, |_| true)
    }

    fn record(&self, layer: &str, geometry: &Geometry) -> Option<Placed<K>> {
        let at = anchor(geometry);
        let holding = self
            .places
            .buildings()
            .near(&point_box(at))
            .filter(|(key, b)| b.outline.contains(at.0, at.1) && (self.so)(key))
            .min_by(|a, b| a.0.cmp(&b.0));
        if let Some(door) = holding.and_then(|(_, building)| self.door_of(building)) {
            let distance_m = metres(at, door.at);
            return Some(Found { method: Method::Contained, distance_m, ..door }.placed(Relation::HangsOn));
        }
        let point = wide(&geometry.bbox()).then(|| Geometry::point(at.0, at.1).ok()).flatten();
        self.nearest(point.as_ref().unwrap_or(geometry), record_m(layer), |_| true).map(|d| d.placed(Relation::HangsOn))
    }

    /// The door nearest to a shape within `limit_m` metres; of several at the same distance (all of those within it) the one
    /// nearest to the shape's anchor, then that of the least key.
    fn nearest(&self, shape: &Geometry, limit_m: f64, good: impl Fn(&Door) -> bool) -> Option<Found<'a, K>> {
        let middle = anchor(shape);
        self.places
            .doors()
            .near(&grown(&shape.bbox(), limit_m))
            .filter(|(_, door)| good(door))
            .map(|(key, door)| {
                let distance_m = shape.distance_m(door.at.0, door.at.1);
                let method = if distance_m == 0.0 { Method::Contained } else { Method::Nearest };
                Found { key, at: door.at, method, distance_m }
            })
            .filter(|found| found.distance_m <= limit_m && (self.so)(found.key))
            .min_by(|a, b| a.order(b, middle))
    }
}

/// A door that was found.
struct Found<'a, K> {
    key: &'a K,
    at: (f64, f64),
    method: Method,
    distance_m: f64,
}

impl<K: Clone + Ord> Found<'_, K> {
    fn order(&self, other: &Self, middle: (f64, f64)) -> Ordering {
        let first = self.distance_m.total_cmp(&other.distance_m);
        let second = || metres(self.at, middle).total_cmp(&metres(other.at, middle));
        first.then_with(second).then_with(|| self.key.cmp(other.key))
    }

    fn placed(self, relation: Relation) -> Placed<K> {
        Placed { relation, place: self.key.clone(), method: self.method, distance_m: Some(self.distance_m) }
    }
}

fn contained<K: Clone>((key, _): &(K, Area)) -> Placed<K> {
    Placed { relation: Relation::LiesIn, place: key.clone(), method: Method::Contained, distance_m: None }
}
