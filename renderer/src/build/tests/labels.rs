//! Labels and icons.

use gis_data::{Shown, Value};
use serde_json::{Value as Json, json};

use super::{block, build, bytes, check, dot, layer, path, row, sheet};
use crate::mesh::{Candidate, Course};

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
