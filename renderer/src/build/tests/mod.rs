//! Building whole tiles.

mod extrusion;
mod labels;
mod wild;

use std::sync::Arc;

use geo_types::{Coord as Degrees, Geometry as Form, LineString, Point, Polygon};
use gis_data::{
    Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown, Value, mercator,
};
use serde_json::{Value as Json, json};
use styles::Style;
use tiler::Coord;

use crate::build::Builder;
use crate::build::paint::paints;
use crate::mesh::{Part, Shape, TileMesh};

const AT: (u8, u32, u32) = (16, 54730, 27312);

fn here() -> Coord {
    Coord::new(AT.0, AT.1, AT.2).unwrap()
}

fn degrees((x, y): (f64, f64)) -> Degrees<f64> {
    let n = f64::from(AT.0).exp2();
    let (lon, lat) = mercator::unproject((f64::from(AT.1) + x / 4096.0) / n, (f64::from(AT.2) + y / 4096.0) / n);
    Degrees { x: lon, y: lat }
}

fn dot(x: f64, y: f64) -> Form<f64> {
    Form::Point(Point(degrees((x, y))))
}

fn path(units: &[(f64, f64)]) -> Form<f64> {
    Form::LineString(units.iter().copied().map(degrees).collect())
}

fn block(west: f64, north: f64, east: f64, south: f64) -> Form<f64> {
    let ring = [(west, north), (east, north), (east, south), (west, south), (west, north)];
    Form::Polygon(Polygon::new(ring.into_iter().map(degrees).collect::<LineString<f64>>(), Vec::new()))
}

fn row(id: u64, shape: Form<f64>, properties: &[(&str, Value)]) -> Shown {
    let feature = Feature {
        id: FeatureId::new(id).unwrap(),
        layer: LayerId::new("things").unwrap(),
        geometry: Some(Geometry::new(shape, None).unwrap()),
        properties: properties.iter().cloned().collect::<Properties>(),
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
        min_zoom: 0,
    };
    Scope::everything("test").admit(Arc::new(feature)).unwrap()
}

fn bytes(layers: &[(&str, Vec<Shown>)]) -> Vec<u8> {
    let layer = |(name, rows): &(&str, Vec<Shown>)| {
        tiler::encode(name, here(), rows.clone(), &tiler::Options::default()).unwrap()
    };
    layers.iter().flat_map(layer).collect()
}

fn sheet(layers: &Json) -> Arc<Style> {
    let sheet = json!({
        "version": 8,
        "glyphs": "/fonts/{fontstack}/{range}.pbf",
        "sources": {"city": {"type": "vector", "url": "/tiles/a"}},
        "layers": layers,
    });
    Arc::new(Style::from_json(sheet).unwrap())
}

fn layer(id: &str, kind: &str, source: &str, paint: &Json, layout: &Json) -> Json {
    json!({"id": id, "type": kind, "source": "city", "source-layer": source, "paint": paint, "layout": layout})
}

fn build(style: &Arc<Style>, tile: &[u8]) -> TileMesh {
    Builder::new(style.clone(), true).build(here(), tile).unwrap()
}

/// Everything that has a place, whatever its kind: indices within range, three for a triangle.
fn check(mesh: &TileMesh) {
    fn all<V>(t: &crate::mesh::Triangles<V>, picks: usize, pick: impl Fn(&V) -> u32) {
        assert!(t.indices.len().is_multiple_of(3) && t.indices.iter().all(|i| (*i as usize) < t.vertices.len()));
        assert!(t.vertices.iter().all(|v| pick(v) as usize <= picks));
    }
    let picks = mesh.picks.len();
    for part in &mesh.parts {
        match &part.shape {
            Shape::Fill(t) => all(t, picks, |v| v.pick),
            Shape::Line(t) => {
                all(t, picks, |v| v.pick);
                assert!(t.vertices.iter().all(|v| v.out.iter().all(|o| o.is_finite()) && v.along.is_finite()));
            }
            Shape::Extrusion(t) => {
                all(t, picks, |v| v.pick);
                assert!(t.vertices.iter().all(|v| v.height <= mesh.top_m));
            }
            Shape::Circle(t) => all(t, picks, |v| v.pick),
        }
    }
    assert!(mesh.candidates.iter().all(|c| c.pick as usize <= picks));
}

fn part(mesh: &TileMesh, layer: usize) -> &Shape {
    &mesh.parts.iter().find(|p| p.layer == layer).unwrap().shape
}

#[test]
fn bytes_that_are_no_tile_are_an_error() {
    let style = sheet(&json!([]));
    let error = Builder::new(style.clone(), true).build(here(), b"no tile").unwrap_err();
    assert!(error.en().starts_with("16/54730/27312: "), "{error}");
    assert_eq!(build(&style, &[]).parts, []);
}

#[test]
fn the_city_s_own_sheet_draws_every_layer_in_its_order() {
    let style = Arc::new(Style::parse(styles::CITY).unwrap());
    let named = [("name", Value::from("墨池坊")), ("number", "12号".into()), ("title", "井盖破损".into())];
    let surface = |id| row(id, block(100.0, 100.0, 3000.0, 2000.0), &named);
    let point = |id| row(id, dot(500.0, 500.0), &named);
    let surfaces = ["built_up", "compound", "green", "water", "building", "grid", "microgrid", "community", "district"];
    let points = [
        "entrance",
        "plate",
        "doorplate",
        "component",
        "device",
        "facility",
        "shelter",
        "hazard",
        "incident",
        "grid:label",
        "building:label",
    ];
    let mut layers: Vec<(&str, Vec<Shown>)> = surfaces.iter().map(|name| (*name, vec![surface(1)])).collect();
    layers.extend(points.iter().map(|name| (*name, vec![point(2)])));
    let class = [("class", Value::from("primary")), ("name", "人民路".into()), ("oneway", true.into())];
    layers.push(("road", vec![row(3, path(&[(0.0, 0.0), (4000.0, 4000.0)]), &class)]));
    let mesh = build(&style, &bytes(&layers));
    check(&mesh);
    assert!(mesh.parts.is_sorted_by_key(|p| p.layer), "in the sheet's order");
    let ids = |layers: Vec<usize>| layers.into_iter().map(|i| style.layers[i].id.as_str()).collect::<Vec<_>>();
    let drawn = ids(mesh.parts.iter().map(|p| p.layer).collect());
    for id in ["built-up", "water", "building-3d", "road-primary", "grid-edge", "entrance", "hazard-ring"] {
        assert!(drawn.contains(&id), "{id}: {drawn:?}");
    }
    assert!(!drawn.contains(&"building") && !drawn.contains(&"building-edge"), "they would lie beneath the buildings");
    assert!(!drawn.contains(&"incident-dot"), "only at lower zooms");
    let labelled = ids(mesh.candidates.iter().map(|c| c.layer).collect());
    for id in ["road-name", "road-oneway", "doorplate", "plate", "device", "incident", "grid-name", "building-name"] {
        assert!(labelled.contains(&id), "{id}: {labelled:?}");
    }
    let two_d = Builder::new(style.clone(), false).build(here(), &bytes(&layers)).unwrap();
    let flat = ids(two_d.parts.iter().map(|p| p.layer).collect());
    assert!(
        flat.contains(&"building") && flat.contains(&"building-edge") && !flat.contains(&"building-3d"),
        "{flat:?}"
    );
    // Every layer of which there are triangles can be painted at some zoom of the tile.
    let painted: Vec<usize> =
        [16.2, 17.5, 19.0].iter().flat_map(|z| paints(&style, *z, true)).map(|p| p.layer).collect();
    assert!(mesh.parts.iter().all(|p| painted.contains(&p.layer)));
}

#[test]
fn colours_and_widths_are_in_the_vertices_only_where_features_differ() {
    let by_class = json!(["match", ["get", "class"], "a", "#ff0000", "#0000ff"]);
    let style = sheet(&json!([
        layer("same", "line", "road", &json!({"line-color": "#123456", "line-width": 7}), &json!({})),
        layer("own", "line", "road", &json!({"line-color": by_class, "line-width": ["get", "w"]}), &json!({})),
    ]));
    let course = path(&[(0.0, 0.0), (1000.0, 0.0)]);
    let mesh = build(&style, &bytes(&[("road", vec![row(1, course, &[("class", "a".into()), ("w", 3_i64.into())])])]));
    let Shape::Line(same) = part(&mesh, 0) else { panic!("a line") };
    assert!(same.vertices.iter().all(|v| v.color == [255; 4] && v.width == 1.0));
    let Shape::Line(own) = part(&mesh, 1) else { panic!("a line") };
    assert!(own.vertices.iter().all(|v| v.color == [255, 0, 0, 255] && v.width == 3.0));
    let all = paints(&style, 16.0, true);
    assert_eq!((all[0].width, all[1].width), (7.0, 1.0));
    assert_eq!(all[1].color, [1.0; 4]);
}

#[test]
fn a_surface_with_an_outline_has_both_colours_in_its_vertices() {
    let style = sheet(&json!([layer(
        "water",
        "fill",
        "water",
        &json!({"fill-color": "#0000ff", "fill-outline-color": "#00ff00"}),
        &json!({})
    )]));
    let mesh = build(&style, &bytes(&[("water", vec![row(1, block(10.0, 10.0, 90.0, 90.0), &[])])]));
    let [Part { shape: Shape::Fill(fill), .. }, Part { shape: Shape::Line(edge), .. }] = mesh.parts.as_slice() else {
        panic!("a surface, then its outline")
    };
    assert!(fill.vertices.iter().all(|v| v.color == [0, 0, 255, 255]));
    assert!(edge.vertices.iter().all(|v| v.color == [0, 255, 0, 255] && v.width == 1.0));
    assert_eq!(paints(&style, 16.0, true)[0].color, [1.0; 4]);
}

#[test]
fn the_deepest_tiles_hold_what_only_higher_zooms_show() {
    let mut late = layer("late", "circle", "things", &json!({}), &json!({}));
    late["minzoom"] = json!(18);
    let style = sheet(&json!([late]));
    let tile = bytes(&[("things", vec![row(1, dot(9.0, 9.0), &[])])]);
    assert_eq!(build(&style, &tile).parts.len(), 1);
    let deeper = Builder::new(style.clone(), true).with_max_zoom(17);
    assert_eq!(deeper.build(here(), &tile).unwrap().parts, []);
    let parent = here().parent().unwrap();
    assert_eq!(Builder::new(style, true).build(parent, &tile).unwrap().parts, []);
}

#[test]
fn features_are_drawn_in_the_order_of_their_key() {
    let layout = json!({"fill-sort-key": ["get", "rank"]});
    let style = sheet(&json!([layer("f", "fill", "things", &json!({"fill-color": "#000"}), &layout)]));
    let rows = vec![
        row(1, block(1.0, 1.0, 9.0, 9.0), &[("rank", 2_i64.into())]),
        row(2, block(1.0, 1.0, 9.0, 9.0), &[("rank", 1_i64.into())]),
    ];
    let mesh = build(&style, &bytes(&[("things", rows)]));
    let Shape::Fill(fill) = part(&mesh, 0) else { panic!("surfaces") };
    let ids: Vec<u64> = fill.vertices.iter().map(|v| mesh.picks[v.pick as usize - 1].id).collect();
    assert_eq!(ids, [2, 2, 2, 2, 1, 1, 1, 1]);
}
