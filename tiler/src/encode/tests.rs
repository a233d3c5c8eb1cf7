//! Encoding and reading back.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::{Area, BooleanOps};
use geo_types::{
    Coord as Degrees, Geometry as Shape, GeometryCollection, LineString, MultiPolygon, Polygon, line_string, polygon,
};
use gis_data::{
    Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown, Value, mercator,
};
use proptest::prelude::*;

use super::rings::double_area;
use super::*;
use crate::decode::{self, DecodedFeature, DecodedTile};

pub(super) fn row(id: u64, shape: Shape<f64>, properties: Properties) -> Shown {
    shown(id, Some(Geometry::new(shape, None).unwrap()), properties, 0)
}

fn shown(id: u64, geometry: Option<Geometry>, properties: Properties, min_zoom: u8) -> Shown {
    let feature = Feature {
        id: FeatureId::new(id).unwrap(),
        layer: LayerId::new("things").unwrap(),
        geometry,
        properties,
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
        min_zoom,
    };
    Scope::everything("test").admit(Arc::new(feature)).unwrap()
}

fn tile(coord: Coord, rows: Vec<Shown>) -> DecodedTile {
    decode::decode(&encode("things", coord, rows, &Options::default()).unwrap()).unwrap()
}

/// The degrees of a place in the units of a tile.
pub(super) fn degrees(coord: Coord, x: f64, y: f64) -> Degrees<f64> {
    let n = f64::from(coord.z()).exp2();
    let (lon, lat) =
        mercator::unproject((f64::from(coord.x()) + x / 4096.0) / n, (f64::from(coord.y()) + y / 4096.0) / n);
    Degrees { x: lon, y: lat }
}

pub(super) fn path(coord: Coord, units: &[(f64, f64)]) -> LineString<f64> {
    LineString(units.iter().map(|u| degrees(coord, u.0, u.1)).collect())
}

pub(super) fn surface(coord: Coord, rings: &[&[(f64, f64)]]) -> Polygon<f64> {
    Polygon::new(path(coord, rings[0]), rings[1..].iter().map(|r| path(coord, r)).collect())
}

fn polygons(feature: &DecodedFeature) -> &Vec<Vec<Vec<decode::Vertex>>> {
    match &feature.shape {
        decode::Shape::Polygons(polygons) => polygons,
        other => panic!("{other:?}"),
    }
}

const WENZHOU: (u8, u32, u32) = (16, 54730, 27312);

pub(super) fn here() -> Coord {
    Coord::new(WENZHOU.0, WENZHOU.1, WENZHOU.2).unwrap()
}

#[test]
fn nothing_in_the_tile_is_no_bytes() {
    let far = row(1, Shape::Point((0.0, 0.0).into()), Properties::new());
    let household = shown(2, None, Properties::new(), 0);
    let later = shown(
        3,
        Some(Geometry::point(degrees(here(), 5.0, 5.0).x, degrees(here(), 5.0, 5.0).y).unwrap()),
        Properties::new(),
        17,
    );
    assert!(encode("things", here(), [far, household, later], &Options::default()).unwrap().is_empty());
    assert!(encode("", here(), [], &Options::default()).is_err());
    assert!(encode("a", here(), [], &Options { buffer: 5000, ..Options::default() }).is_err());
}

#[test]
fn rows_in_any_order_give_the_same_bytes() {
    let rows: Vec<Shown> = (1..50)
        .map(|i| {
            row(
                i,
                Shape::Point(degrees(here(), i as f64 * 50.0, 9.0).into()),
                [("number", format!("{i}号"))].into_iter().collect(),
            )
        })
        .collect();
    let forth = encode("things", here(), rows.clone(), &Options::default()).unwrap();
    let back = encode("things", here(), rows.into_iter().rev(), &Options::default()).unwrap();
    assert_eq!(forth, back);
    let ids: Vec<_> = decode::decode(&forth).unwrap().layers[0].features.iter().map(|f| f.id.unwrap()).collect();
    assert_eq!(ids, (1..50).collect::<Vec<_>>());
}

#[test]
fn layers_concatenate() {
    let point = || row(1, Shape::Point(degrees(here(), 5.0, 5.0).into()), Properties::new());
    let mut bytes = encode("doorplate", here(), [point()], &Options::default()).unwrap();
    bytes.extend(encode("building", here(), [point()], &Options::default()).unwrap());
    let tile = decode::decode(&bytes).unwrap();
    assert_eq!(tile.layers.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["doorplate", "building"]);
}

#[test]
fn fields_that_are_to_be_omitted_are_not_in_the_tile() {
    let named = [("name", Value::from("桥")), ("address", Value::from("一条很长的地址"))].into_iter().collect();
    let rows = [row(1, Shape::Point(degrees(here(), 5.0, 5.0).into()), named)];
    let omit = Options { omit: vec!["address".into()], ..Options::default() };
    let tile = decode::decode(&encode("a", here(), rows, &omit).unwrap()).unwrap();
    assert_eq!(tile.layers[0].keys, ["name"]);
    assert_eq!(tile.layers[0].values, [decode::Value::Text("桥".into())]);
}

#[test]
fn values_keep_their_kind_and_nulls_go() {
    let properties: Properties = serde_json::from_str(
        r#"{"a":null,"b":true,"c":-5,"d":7,"e":0.5,"f":0.1,"g":"门牌","h":[1,"二"],"i":{"k":null}}"#,
    )
    .unwrap();
    let tile = tile(here(), vec![row(1, Shape::Point(degrees(here(), 5.0, 5.0).into()), properties)]);
    let layer = &tile.layers[0];
    let read: BTreeMap<_, _> = layer.properties(&layer.features[0]).map(|(n, v)| (n.to_owned(), v.clone())).collect();
    let want = [
        ("b", decode::Value::Bool(true)),
        ("c", decode::Value::Sint(-5)),
        ("d", decode::Value::Uint(7)),
        ("e", decode::Value::Float(0.5)),
        ("f", decode::Value::Double(0.1)),
        ("g", decode::Value::Text("门牌".into())),
        ("h", decode::Value::Text(r#"[1,"二"]"#.into())),
        ("i", decode::Value::Text(r#"{"k":null}"#.into())),
    ];
    assert_eq!(read, want.map(|(n, v)| (n.to_owned(), v)).into_iter().collect());
}

#[test]
fn a_collection_is_a_feature_for_each_kind() {
    let at = |x, y| degrees(here(), x, y);
    let shape = Shape::GeometryCollection(GeometryCollection(vec![
        Shape::Polygon(surface(here(), &[&[(10.0, 10.0), (20.0, 10.0), (20.0, 20.0)]])),
        Shape::Point(at(1.0, 2.0).into()),
        Shape::LineString(path(here(), &[(0.0, 0.0), (9.0, 9.0)])),
        Shape::Point(at(1.0, 2.0).into()),
    ]));
    let tile = tile(here(), vec![row(7, shape, Properties::new())]);
    let features = &tile.layers[0].features;
    assert!(features.iter().all(|f| f.id == Some(7)));
    assert_eq!(features[0].shape, decode::Shape::Points(vec![[1, 2]]), "the same point of one feature is there once");
    assert_eq!(features[1].shape, decode::Shape::Lines(vec![vec![[0, 0], [9, 9]]]));
    assert_eq!(polygons(&features[2]).len(), 1);
}

#[test]
fn a_surface_that_leaves_and_returns_falls_into_parts() {
    // A comb whose back lies beyond the western edge of the tile.
    let comb = surface(
        here(),
        &[&[
            (-900.0, 100.0),
            (300.0, 100.0),
            (300.0, 200.0),
            (-500.0, 200.0),
            (-500.0, 300.0),
            (300.0, 300.0),
            (300.0, 400.0),
            (-900.0, 400.0),
        ]],
    );
    let tile = tile(here(), vec![row(1, Shape::Polygon(comb), Properties::new())]);
    let parts = polygons(&tile.layers[0].features[0]);
    assert_eq!(parts.len(), 2, "{parts:?}");
    assert_eq!(parts.iter().map(|p| double_area(&p[0])).sum::<i64>(), 2 * 2 * 364 * 100);
}

#[test]
fn the_tile_within_a_surface_is_full() {
    let around = surface(here(), &[&[(-9e3, -9e3), (9e3, -9e3), (9e3, 9e3), (-9e3, 9e3)]]);
    let tile = tile(here(), vec![row(1, Shape::Polygon(around), Properties::new())]);
    assert_eq!(polygons(&tile.layers[0].features[0]), &[[[[-64, 4160], [-64, -64], [4160, -64], [4160, 4160]]]]);
}

#[test]
fn what_cannot_be_seen_is_left_out_at_low_zooms_only() {
    let small = |coord| surface(coord, &[&[(10.0, 10.0), (12.0, 10.0), (12.0, 12.0), (10.0, 12.0)]]);
    let features = |coord| tile(coord, vec![row(1, Shape::Polygon(small(coord)), Properties::new())]).layers.len();
    assert_eq!(features(here()), 1);
    assert_eq!(features(Coord::new(10, 855, 426).unwrap()), 0);
}

#[test]
fn a_layer_that_grows_too_large_says_so() {
    let rows = (1..100).map(|i| row(i, Shape::Point(degrees(here(), 5.0, 5.0).into()), Properties::new()));
    let error = encode("things", here(), rows, &Options { max_bytes: 500, ..Options::default() }).unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
    assert!(error.zh().contains("things") && error.en().contains("16/54730/27312"));
}

#[test]
fn the_edge_of_the_earth_is_in_the_last_tile() {
    for (lon, lat) in [(180.0, 0.0), (-180.0, 90.0), (180.0, -90.0)] {
        let point = || vec![row(1, Shape::Point((lon, lat).into()), Properties::new())];
        let holding =
            Coord::covering(&gis_data::BBox::WORLD, 2).iter().filter(|c| !tile(*c, point()).layers.is_empty());
        assert_eq!(holding.collect::<Vec<_>>(), [Coord::holding(lon, lat, 2).unwrap()]);
    }
    let world = polygon![(x: -180.0, y: -90.0), (x: 180.0, y: -90.0), (x: 180.0, y: 90.0), (x: -180.0, y: 90.0)];
    let line = line_string![(x: -180.0, y: 0.0), (x: 180.0, y: 0.0)];
    for coord in Coord::covering(&gis_data::BBox::WORLD, 2) {
        let tile = tile(
            coord,
            vec![
                row(1, Shape::Polygon(world.clone()), Properties::new()),
                row(2, Shape::LineString(line.clone()), Properties::new()),
            ],
        );
        assert_eq!(tile.layers[0].features.len(), if [1, 2].contains(&coord.y()) { 2 } else { 1 }, "{coord}");
    }
}

/// Rings as an independent judge sees them.
fn assert_valid(feature: &DecodedFeature) {
    use geo::Validation;
    let ring = |r: &Vec<decode::Vertex>| {
        LineString(r.iter().chain(r.first()).map(|v| Degrees { x: f64::from(v[0]), y: f64::from(v[1]) }).collect())
    };
    let all = polygons(feature);
    let shape =
        MultiPolygon(all.iter().map(|p| Polygon::new(ring(&p[0]), p[1..].iter().map(ring).collect())).collect());
    if let Err(fault) = shape.check_validation() {
        panic!("{fault}: {all:?}");
    }
    for polygon in all {
        for (i, ring) in polygon.iter().enumerate() {
            assert_eq!(double_area(ring) > 0, i == 0);
            assert!(ring.windows(2).all(|w| w[0] != w[1]) && ring.first() != ring.last());
        }
    }
}

fn vertices(feature: &DecodedFeature) -> Vec<decode::Vertex> {
    match &feature.shape {
        decode::Shape::Unknown(_) => panic!("unknown kind"),
        decode::Shape::Points(p) => p.clone(),
        decode::Shape::Lines(l) => l.concat(),
        decode::Shape::Polygons(p) => p.concat().concat(),
    }
}

/// Units of the tile `here`, a little beyond it too.
fn unit() -> impl Strategy<Value = (f64, f64)> {
    (-500.0..4600.0, -500.0..4600.0)
}

/// A star about a centre: simple, but spiky.
fn star() -> impl Strategy<Value = Vec<(f64, f64)>> {
    (unit(), proptest::collection::vec(1.0..900.0_f64, 3..40)).prop_map(|((x, y), radii)| {
        let n = radii.len() as f64;
        radii
            .iter()
            .enumerate()
            .map(|(i, r)| (i as f64 / n * std::f64::consts::TAU, r))
            .map(|(a, r)| (x + r * a.cos(), y + r * a.sin()))
            .collect()
    })
}

/// Whatever comes: crossing itself, folding, on whole units so that things touch.
fn scribble() -> impl Strategy<Value = Vec<(f64, f64)>> {
    proptest::collection::vec(
        (-3_i8..12, -3_i8..12).prop_map(|(x, y)| (f64::from(x) * 40.0, f64::from(y) * 40.0)),
        3..14,
    )
}

fn shapes() -> impl Strategy<Value = Shape<f64>> {
    let ring = || prop_oneof![star(), scribble()];
    let polygon = || {
        (ring(), proptest::collection::vec(ring(), 0..3)).prop_map(|(outer, holes)| {
            let mut rings: Vec<&[(f64, f64)]> = vec![&outer];
            rings.extend(holes.iter().map(Vec::as_slice));
            surface(here(), &rings)
        })
    };
    prop_oneof![
        unit().prop_map(|u| Shape::Point(degrees(here(), u.0, u.1).into())),
        proptest::collection::vec(unit(), 2..20).prop_map(|l| Shape::LineString(path(here(), &l))),
        polygon().prop_map(Shape::Polygon),
        proptest::collection::vec(polygon(), 1..4).prop_map(|p| Shape::MultiPolygon(MultiPolygon(p))),
    ]
    .prop_filter("a shape that the store takes", |s| Geometry::new(s.clone(), None).is_ok())
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::Float),
        "[门牌号a-z]{0,6}".prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(all in proptest::collection::vec((shapes(), proptest::collection::btree_map("[a-z]", values(), 0..5)), 1..6), up in 0_u8..3) {
        let coord = std::iter::once(here()).chain(here().parents()).nth(usize::from(up)).unwrap();
        let rows: Vec<Shown> = (1..).zip(&all).map(|(id, (s, p))| row(id, s.clone(), p.clone().into_iter().collect())).collect();
        let tile = tile(coord, rows);
        let Some(layer) = tile.layers.first() else { return Ok(()) };
        for feature in &layer.features {
            let (shape, properties) = &all[feature.id.unwrap() as usize - 1];
            let read: BTreeMap<String, Value> = layer.properties(feature).map(|(n, v)| (n.to_owned(), v.into())).collect();
            prop_assert_eq!(&read, properties);
            let within = |v: &i32| (-64..=4160).contains(v);
            prop_assert!(vertices(feature).iter().flatten().all(within));
            match shape {
                Shape::Point(_) => prop_assert!(vertices(feature).iter().flatten().all(|v| (0..4096).contains(v))),
                Shape::Polygon(_) | Shape::MultiPolygon(_) => assert_valid(feature),
                _ => {}
            }
        }
        // Every point of the tile is there.
        for (id, (shape, _)) in (1..).zip(&all) {
            if let Shape::Point(p) = shape {
                let there = layer.features.iter().any(|f| f.id == Some(id));
                prop_assert_eq!(there, Coord::holding(p.x(), p.y(), coord.z()).unwrap() == coord);
            }
        }
    }

    #[test]
    fn a_star_keeps_its_area(star in star()) {
        let shape = surface(here(), &[&star]);
        let tile = tile(here(), vec![row(1, Shape::Polygon(shape), Properties::new())]);
        let exact = Polygon::new(LineString(star.iter().map(|u| Degrees { x: u.0, y: u.1 }).collect()), vec![]);
        let square = geo_types::Rect::new((-64.0, -64.0), (4160.0, 4160.0)).to_polygon();
        let wanted = exact.intersection(&square).unsigned_area();
        let got: i64 = tile.layers.first().map_or(0, |l| polygons(&l.features[0]).concat().iter().map(|r| double_area(r)).sum());
        // Snapping moves each vertex by up to half a unit across at most the star's circumference.
        let border: f64 = star.iter().zip(star.iter().cycle().skip(1)).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).sum();
        prop_assert!((wanted - got as f64 / 2.0).abs() <= border, "{wanted} {got}");
    }

    #[test]
    fn every_tile_that_shows_a_thing_is_told_when_it_changes(shape in shapes(), z in 12_u8..=17) {
        let geometry = Geometry::new(shape, None).unwrap();
        let touched = gis_data::Touched {
            id: FeatureId::new(1).unwrap(),
            layer: LayerId::new("things").unwrap(),
            old: None,
            new: Some(geometry.bbox()),
            min_zoom: 0,
        };
        let stale: Vec<_> = crate::stale(&touched, z..=z, Options::default().buffer).collect();
        let b = geometry.bbox();
        let far = 0.02;
        let around = gis_data::BBox { west: b.west - far, south: b.south - far, east: b.east + far, north: b.north + far };
        for coord in Coord::covering(&around, z).iter().take(300) {
            let shows = !tile(coord, vec![shown(1, Some(geometry.clone()), Properties::new(), 0)]).layers.is_empty();
            prop_assert!(!shows || stale.iter().any(|s| s.contains(coord)), "{}", coord);
        }
    }

    #[test]
    fn a_point_is_in_one_tile_of_each_zoom(lon in -180.0..=180.0, lat in -90.0..=90.0, z in 0_u8..=22) {
        let coord = Coord::holding(lon, lat, z).unwrap();
        let around = Coord::covering(&coord.bbox(600), z);
        let point = || vec![row(1, Shape::Point((lon, lat).into()), Properties::new())];
        let holding: Vec<Coord> = around.iter().filter(|c| !tile(*c, point()).layers.is_empty()).collect();
        prop_assert_eq!(holding, [coord]);
    }
}
