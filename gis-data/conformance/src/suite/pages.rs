//! Pages, filters, orders, groups, boxes, the nearest.

use geo_types::line_string;
use gis_data::{
    Area, BBox, Body, Change, Compare, Filter, Geometry, Interval, Kind, Order, Properties, Put, Query, Store, Value,
    Want,
};

use crate::city::{all, ids, layer, note, origin, rows, tree, write};

async fn row_of_trees(store: &impl Store) {
    let trees =
        (0..25_i32).map(|i| tree(&i.to_string(), ["oak", "elm"][i as usize % 2], f64::from(i), Interval::ALWAYS));
    write(store, 100, trees.collect()).await;
}

pub(super) async fn pages_follow_each_other(store: &impl Store) {
    row_of_trees(store).await;
    let order = vec![Order { field: "name".into(), descending: true }];
    for order in [Vec::new(), order] {
        let mut query = Query { order, ..Query::layer(&layer("tree")) };
        let whole = ids(&rows(store, &query).await);
        assert_eq!(whole.len(), 25);
        query.page.limit = 7;
        let mut walked = Vec::new();
        loop {
            let Body::Rows { rows, more } = store.read(&query, &all()).await.unwrap().body else {
                panic!("rows were wanted")
            };
            walked.extend(ids(&rows));
            query.page.after = walked.last().copied();
            assert_eq!(more, walked.len() < 25);
            if !more {
                break;
            }
        }
        assert_eq!(walked, whole);
    }
    let mut greedy = Query::layer(&layer("tree"));
    greedy.page.limit = gis_data::query::MAX_PAGE + 1;
    assert_eq!(store.read(&greedy, &all()).await.unwrap_err().kind(), Kind::Invalid);
}

pub(super) async fn a_filter_an_order_and_groups(store: &impl Store) {
    let values = [Value::Int(3), Value::Float(2.5), Value::Null, Value::from("x"), Value::Int(3)];
    let notes = values.into_iter().enumerate().map(|(i, v)| {
        let properties: Properties = [("n", v)].into_iter().collect();
        note("note", &i.to_string(), properties)
    });
    let made = write(store, 100, notes.collect()).await.ids;
    let query = Query::layer(&layer("note"));
    let wide = Query { filter: Some(Filter::is("n", Compare::Gt, 2.6)), ..query.clone() };
    assert_eq!(ids(&rows(store, &wide).await), [made[0], made[4]]);
    let by = Query { order: vec![Order { field: "n".into(), descending: false }], ..query.clone() };
    assert_eq!(ids(&rows(store, &by).await), [made[1], made[0], made[4], made[3], made[2]]);
    let grouped = Query { want: Want::Groups("n".into()), ..query };
    let Body::Groups(groups) = store.read(&grouped, &all()).await.unwrap().body else { panic!("groups were wanted") };
    let expected = [(Value::Int(3), 2), (Value::Float(2.5), 1), (Value::from("x"), 1), (Value::Null, 1)];
    assert_eq!(groups, expected);
}

pub(super) async fn the_nearest_come_first(store: &impl Store) {
    row_of_trees(store).await;
    let query = Query { want: Want::Nearest { k: 3, lon: 7.2, lat: 28.0 }, ..Query::layer(&layer("tree")) };
    let Body::Nearest(near) = store.read(&query, &all()).await.unwrap().body else { panic!("the nearest were wanted") };
    let xs: Vec<_> = near.iter().map(|(s, _)| s.bbox().unwrap().west).collect();
    assert_eq!(xs, [7.0, 8.0, 6.0]);
    assert!(near.windows(2).all(|w| w[0].1 <= w[1].1));
}

pub(super) async fn a_box_is_exact(store: &impl Store) {
    // A hook around an empty corner: its box meets what its shape does not.
    let hook = line_string![(x: 10.0, y: 0.0), (x: 0.0, y: 0.0), (x: 0.0, y: 10.0)];
    let put = Put {
        identity: origin("hook"),
        layer: layer("line"),
        geometry: Some(Geometry::new(geo_types::Geometry::LineString(hook), None).unwrap()),
        properties: Properties::new(),
        valid: Interval::ALWAYS,
        min_zoom: 0,
    };
    let edge = 120.123_456_789_012_3;
    write(store, 100, vec![Change::Put(put), tree("t", "oak", edge, Interval::ALWAYS)]).await;
    let count = |west: f64, south: f64, east: f64, north: f64| {
        let area = Some(Area::Box(BBox { west, south, east, north }));
        async move { rows(store, &Query { area, ..Query::default() }).await.len() }
    };
    assert_eq!(count(5.0, 5.0, 9.0, 9.0).await, 0);
    assert_eq!(count(5.0, -1.0, 6.0, 9.0).await, 1);
    // To the last bit of double precision, its border included.
    assert_eq!(count(edge, 28.0, edge, 28.0).await, 1);
    assert_eq!(count(edge.next_up(), 27.0, edge + 1.0, 29.0).await, 0);
}

pub(super) async fn only_what_the_zoom_shows(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    for (zoom, expected) in [(9, 0), (10, 1), (22, 1)] {
        let query = Query { zoom: Some(zoom), ..Query::layer(&layer("tree")) };
        assert_eq!(rows(store, &query).await.len(), expected, "zoom {zoom}");
    }
}
