//! Building whole tiles.

use std::sync::Arc;

use geo_types::{Coord as Degrees, Geometry as Form, LineString, Point, Polygon};
use gis_data::{
    Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown, Value, mercator,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use styles::{LayerKind, Style};
use tiler::Coord;

use super::Builder;
use super::paint::paints;
use crate::mesh::{Candidate, Course, Origin, Part, Shape, TileMesh};

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
    let points = ["entrance", "plate", "doorplate", "component", "device", "facility", "shelter", "hazard", "incident"];
    let mut layers: Vec<(&str, Vec<Shown>)> = surfaces.iter().map(|name| (*name, vec![surface(1)])).collect();
    layers.extend(points.iter().map(|name| (*name, vec![point(2)])));
    let class = [("class", Value::from("primary")), ("name", "人民路".into()), ("oneway", true.into())];
    layers.push(("road", vec![row(3, path(&[(0.0, 0.0), (4000.0, 4000.0)]), &class)]));
    let mesh = build(&style, &bytes(&layers));
    check(&mesh);
    assert!(mesh.parts.is_sorted_by_key(|p| p.layer), "in the sheet's order");
    let ids = |layers: Vec<usize>| layers.into_iter().map(|i| style.layers[i].id.as_str()).collect::<Vec<_>>();
    let drawn = ids(mesh.parts.iter().map(|p| p.layer).collect());
    for id in ["built-up", "water", "building", "building-3d", "road-primary", "grid-edge", "entrance", "hazard-ring"] {
        assert!(drawn.contains(&id), "{id}: {drawn:?}");
    }
    assert!(!drawn.contains(&"incident-dot"), "only at lower zooms");
    let labelled = ids(mesh.candidates.iter().map(|c| c.layer).collect());
    for id in ["road-name", "road-oneway", "doorplate", "plate", "device", "incident", "grid-name", "building-name"] {
        assert!(labelled.contains(&id), "{id}: {labelled:?}");
    }
    let two_d = Builder::new(style.clone(), false).build(here(), &bytes(&layers)).unwrap();
    assert!(two_d.parts.iter().all(|p| style.layers[p.layer].kind != LayerKind::FillExtrusion));
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

fn extruded(shape: Form<f64>, properties: &[(&str, Value)]) -> (TileMesh, Vec<crate::mesh::ExtrusionVertex>) {
    let paint = json!({
        "fill-extrusion-color": "#804020",
        "fill-extrusion-height": ["get", "top"],
        "fill-extrusion-base": ["coalesce", ["get", "base"], 0],
    });
    let style = sheet(&json!([layer("b", "fill-extrusion", "building", &paint, &json!({"visibility": "none"}))]));
    let mesh = build(&style, &bytes(&[("building", vec![row(7, shape, properties)])]));
    check(&mesh);
    let Shape::Extrusion(t) = part(&mesh, 0) else { panic!("a building") };
    let vertices = t.vertices.clone();
    (mesh, vertices)
}

#[test]
fn a_building_has_walls_outwards_and_a_lighter_roof() {
    let (mesh, corners) =
        extruded(block(100.0, 100.0, 300.0, 200.0), &[("top", 20_i64.into()), ("base", 5_i64.into())]);
    assert_eq!(mesh.top_m, 20.0);
    assert_eq!(mesh.picks, [Origin { layer: "building".into(), id: 7 }]);
    assert_eq!(corners.len(), 4 + 4 * 4);
    for v in &corners {
        if v.normal == [0, 0, 127, 0] {
            assert_eq!(v.height, 20.0);
            assert!(v.color[0] > 128 && v.color[2] > 32);
            continue;
        }
        assert_eq!(v.color, [128, 64, 32, 255]);
        assert!(v.height == 20.0 || v.height == 5.0);
        // From the middle, a corner lies the way its wall looks.
        let from_middle = [i32::from(v.at[0]) - 200, i32::from(v.at[1]) - 150];
        assert!(from_middle[0] * i32::from(v.normal[0]) + from_middle[1] * i32::from(v.normal[1]) > 0);
    }
    let Shape::Extrusion(t) = part(&mesh, 0) else { panic!("a building") };
    for triangle in t.indices.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|i| {
            let v = &t.vertices[triangle[i] as usize];
            glam::Vec3::new(f32::from(v.at[0]), f32::from(v.at[1]), v.height)
        });
        let normal = t.vertices[triangle[0] as usize].normal;
        let normal = glam::Vec3::new(f32::from(normal[0]), f32::from(normal[1]), f32::from(normal[2]));
        assert!((b - a).cross(c - a).dot(normal) > 0.0, "every face is seen from outside");
    }
}

#[test]
fn a_roof_has_its_own_colour_if_it_has_one() {
    let roof = |color: &str| {
        let (_, corners) =
            extruded(block(1.0, 1.0, 50.0, 50.0), &[("top", 9_i64.into()), ("roof_color", color.into())]);
        corners[0].color
    };
    assert_eq!(roof("#00ff00"), [0, 255, 0, 255]);
    assert!(roof("琉璃")[0] > 128, "no colour: lighter than the walls");
}

#[test]
fn no_wall_stands_where_the_tile_was_cut() {
    let (_, corners) = extruded(block(-500.0, 100.0, 300.0, 200.0), &[("top", 20_i64.into())]);
    assert!(corners.iter().all(|v| v.normal[0] >= 0), "the side towards the west is a cut");
    assert_eq!(corners.len(), 4 + 3 * 4);
}

#[test]
fn what_has_no_height_is_a_surface_at_its_base() {
    for properties in [
        vec![("top", Value::from(-3_i64)), ("base", 4_i64.into())],
        vec![("top", 2_i64.into()), ("base", 4_i64.into())],
    ] {
        let (_, corners) = extruded(block(1.0, 1.0, 50.0, 50.0), &properties);
        assert!(corners.iter().all(|v| v.height == 4.0) && corners.len() == 4);
    }
    assert_eq!(extruded(block(1.0, 1.0, 50.0, 50.0), &[("top", "高".into())]).0.top_m, 0.0);
    assert_eq!(extruded(block(1.0, 1.0, 50.0, 50.0), &[("top", 1e300.into())]).0.top_m, 0.0, "no number to draw with");
}

fn labels(layout: &Json, rows: Vec<Shown>) -> Vec<Candidate> {
    let style = sheet(&json!([layer("l", "symbol", "things", &json!({}), layout)]));
    let mesh = build(&style, &bytes(&[("things", rows)]));
    check(&mesh);
    mesh.candidates
}

#[test]
fn a_point_is_labelled_by_its_own_tile() {
    let name = |text: &str| vec![("name", Value::from(text))];
    let rows = vec![row(1, dot(5.0, 5.0), &name("东")), row(2, block(-60.0, 0.0, 20.0, 40.0), &name("邻"))];
    let found = labels(&json!({"text-field": ["get", "name"]}), rows);
    let texts: Vec<&str> = found.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["东"], "the middle of the other is in the neighbour");
    assert_eq!(found[0].course, Course::Point([5.0, 5.0]));
}

#[test]
fn a_label_says_and_looks_as_the_sheet_has_it() {
    let layout = json!({
        "text-field": ["format", ["get", "name"], {}, " ", {}, "road", {"font-scale": 0.8}],
        "text-transform": "uppercase",
        "text-size": ["get", "size"],
        "text-variable-anchor": ["top", "left"],
        "text-radial-offset": 2,
        "icon-image": "hospital",
        "icon-overlap": "always",
        "text-optional": true,
        "symbol-sort-key": ["get", "size"],
    });
    let rows = vec![row(1, dot(9.0, 9.0), &[("name", "Ouhai".into()), ("size", 13_i64.into())])];
    let found = labels(&layout, rows);
    let [Candidate { text, icon, look, sort_key, pick, .. }] = found.as_slice() else { panic!("one label") };
    assert_eq!((text.as_str(), icon.as_deref(), *sort_key, *pick), ("OUHAI ROAD", Some("hospital"), 13.0, 1));
    assert_eq!((look.text_size, look.anchor.as_str(), look.offset), (13.0, "top", [0.0, 2.0]));
    assert!(look.allow_overlap && look.optional == [true, false]);
}

#[test]
fn an_icon_that_the_sprite_lacks_gives_way_to_the_next() {
    let layout = json!({"icon-image": ["coalesce", ["image", ["get", "kind"]], ["image", "other"]]});
    let rows =
        vec![row(1, dot(9.0, 9.0), &[("kind", "school".into())]), row(2, dot(9.0, 9.0), &[("kind", "?".into())])];
    let icons: Vec<_> = labels(&layout, rows).into_iter().filter_map(|c| c.icon).collect();
    assert_eq!(icons, ["school", "other"]);
}

#[test]
fn pieces_of_a_road_carry_one_name() {
    let layout = json!({"symbol-placement": "line", "text-field": ["get", "name"]});
    let name = [("name", Value::from("人民路"))];
    let rows = vec![
        row(1, path(&[(-50.0, 100.0), (1000.0, 100.0)]), &name),
        row(2, path(&[(1000.0, 100.0), (2000.0, 500.0)]), &name),
        row(3, path(&[(1000.0, 100.0), (1000.0, 900.0)]), &[("name", "支路".into())]),
    ];
    let found = labels(&layout, rows);
    let course = |text: &str| found.iter().find(|c| c.text == text).map(|c| c.course.clone());
    assert_eq!(found.len(), 2);
    assert_eq!(course("人民路"), Some(Course::Line(vec![[0.0, 100.0], [1000.0, 100.0], [2000.0, 500.0]])));
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

/// A layer of a tile whose features are of any kind, with commands of any sort.
fn wild() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![Just(1_u8), Just(2), Just(3)];
    let steps = prop::collection::vec((any::<i16>(), any::<i16>()), 1..20);
    prop::collection::vec((kind, steps, prop::bool::ANY), 1..8).prop_map(|features| {
        fn varint(out: &mut Vec<u8>, mut n: u64) {
            while n > 127 {
                out.push(n as u8 | 128);
                n >>= 7;
            }
            out.push(n as u8);
        }
        fn field(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
            varint(out, number << 3 | 2);
            varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        let mut layer = vec![15 << 3, 2];
        field(&mut layer, 1, b"things");
        for (kind, steps, is_small) in features {
            let mut geometry = Vec::new();
            for (i, (x, y)) in steps.iter().enumerate() {
                match i {
                    0 if kind == 1 => varint(&mut geometry, 1 | (steps.len() as u64) << 3),
                    0 => varint(&mut geometry, 9),
                    1 if kind != 1 => varint(&mut geometry, 2 | (steps.len() as u64 - 1) << 3),
                    _ => {}
                }
                for step in [*x, *y] {
                    let step = i64::from(if is_small { step % 7 } else { step });
                    varint(&mut geometry, (step << 1 ^ step >> 63) as u64);
                }
            }
            if kind == 3 {
                geometry.push(15);
            }
            let mut feature = vec![8, 5, 3 << 3, kind];
            field(&mut feature, 4, &geometry);
            field(&mut layer, 2, &feature);
        }
        let mut tile = Vec::new();
        field(&mut tile, 3, &layer);
        tile
    })
}

proptest! {
    #[test]
    fn no_tile_is_too_wild(tile in wild()) {
        let mut layers = Vec::new();
        for (join, cap) in [("miter", "butt"), ("round", "round"), ("bevel", "square")] {
            let layout = json!({"line-join": join, "line-cap": cap});
            layers.push(layer(join, "line", "things", &json!({"line-width": 20}), &layout));
        }
        layers.push(layer("fill", "fill", "things", &json!({"fill-outline-color": "#fff"}), &json!({})));
        layers.push(layer("body", "fill-extrusion", "things", &json!({"fill-extrusion-height": 9}), &json!({})));
        layers.push(layer("dot", "circle", "things", &json!({}), &json!({})));
        for placement in ["point", "line", "line-center"] {
            let layout = json!({"text-field": "a", "symbol-placement": placement});
            layers.push(layer(placement, "symbol", "things", &json!({}), &layout));
        }
        if let Ok(mesh) = Builder::new(sheet(&json!(layers)), true).build(here(), &tile) {
            check(&mesh);
        }
    }

    #[test]
    fn no_bytes_are_too_wild(tile in prop::collection::vec(any::<u8>(), 0..200)) {
        let style = Arc::new(Style::parse(styles::CITY).unwrap());
        if let Ok(mesh) = Builder::new(style, true).build(here(), &tile) {
            check(&mesh);
        }
    }
}
