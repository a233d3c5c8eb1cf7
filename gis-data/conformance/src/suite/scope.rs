//! Who may see what.

use gis_data::{Filter, Interval, Kind, Query, Scope, Store, Want};

use crate::city::{all, layer, note, tree, write};
use crate::random::narrow;

pub(super) async fn nobody_sees_more_than_the_scope(store: &impl Store) {
    let person = note("person", "p", [("name", "张三")].into_iter().collect());
    write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS), person]).await;
    let everything = Query::default();
    assert_eq!(store.read(&everything, &all()).await.unwrap().into_rows().len(), 2);
    let seen = store.read(&everything, &narrow()).await.unwrap().into_rows();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].layer(), &layer("tree"));
    assert!(store.read(&everything, &Scope::nothing("nobody")).await.unwrap().into_rows().is_empty());
    let error = store.read(&Query::layer(&layer("person")), &narrow()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound, "{error}");
    let count = Query { want: Want::Count, ..Query::default() };
    let body = store.read(&count, &narrow()).await.unwrap().body;
    assert!(matches!(body, gis_data::Body::Count(1)), "{body:?}");
}

pub(super) async fn a_hidden_field_cannot_be_asked_by(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let query = Query { filter: Some(Filter::missing("secret")), ..Query::layer(&layer("tree")) };
    assert_eq!(store.read(&query, &narrow()).await.unwrap_err().kind(), Kind::Invalid);
    assert_eq!(store.read(&query, &all()).await.unwrap().into_rows().len(), 1);
}
