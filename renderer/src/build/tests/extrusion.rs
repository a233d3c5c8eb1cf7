//! Buildings.

use geo_types::Geometry as Form;
use gis_data::Value;
use serde_json::json;

use super::{block, build, bytes, check, layer, part, row, sheet};
use crate::mesh::{ExtrusionVertex, Origin, Shape, TileMesh};

fn extruded(shape: Form<f64>, properties: &[(&str, Value)]) -> (TileMesh, Vec<ExtrusionVertex>) {
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
