//! The embedded store keeps what the in-memory store keeps, whatever the filter, the values and the viewer.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

use gis_data::memory::MemoryStore;
use gis_data::query::cql2;
use gis_data::{
    Catalog, Change, Class, Commit, Field, FieldKind, Geometry, GeometryKind, Identity, Instant, Interval, Layer,
    LayerId, Properties, Put, Query, Scope, Store, Want, Words,
};
use gis_data_conformance::random::{Rng, condition};
use gis_data_sqlite::{Options, SqliteStore};

fn change(rng: &mut Rng, key: u64) -> Change {
    let mut properties = Properties::new();
    for field in condition::FIELDS {
        if !rng.one_in(5) {
            properties.set(field, condition::value(rng));
        }
    }
    let (x, y) = (rng.between(0, 8) as f64 / 3.0, rng.between(0, 8) as f64 / 7.0);
    let from = Instant::from_micros(rng.between(90, 180) * 10);
    Change::Put(Put {
        identity: Identity::Origin { source: "test".into(), key: key.to_string() },
        layer: LayerId::new(rng.pick(&["tree", "bench"])).unwrap(),
        geometry: (!rng.one_in(4)).then(|| Geometry::point(x, y).unwrap()),
        properties,
        valid: if rng.one_in(2) { Interval::ALWAYS } else { Interval::since(from) },
        min_zoom: 0,
    })
}

/// Sees the field `n` of trees and the field `name` of benches.
fn narrow() -> Scope {
    let words = || Words { zh: "词".into(), en: "word".into() };
    let mut catalog = Catalog::default();
    for (layer, field) in [("tree", "n"), ("bench", "name")] {
        catalog.add(Layer {
            id: LayerId::new(layer).unwrap(),
            title: words(),
            class: Class::Public,
            geometry: GeometryKind::Any,
            place: false,
            min_zoom: 0,
            fields: vec![Field {
                name: field.into(),
                title: words(),
                kind: FieldKind::Text,
                unit: None,
                class: Some(Class::Public),
                min_zoom: 0,
                codes: Vec::new(),
            }],
        });
    }
    Scope::up_to("resident", &catalog, Class::Public)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_keep_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path(), Options::default()).unwrap();
    let right = MemoryStore::new();
    let mut rng = Rng::new(11);
    let changes: Vec<Change> = (0..200).map(|key| change(&mut rng, key)).collect();
    let commit = || Commit::new("test", "filters", Instant::from_micros(1000), changes.clone());
    store.commit(commit()).await.unwrap();
    right.commit(commit()).await.unwrap();
    let (all, narrow) = (Scope::everything("admin"), narrow());
    let mut kept = 0;
    // What is always or never so came first: SQLite once lost an index by it. Then what is great.
    let plain = [
        "TRUE",
        "FALSE",
        "NULL = 1",
        "id IS NULL",
        "id IS NOT NULL",
        "1 IN (2)",
        "id = 3",
        "id < 9 OR id = 20",
        "n = NULL",
    ];
    let great = [
        format!("id = 0{}", " OR id = 7".repeat(1360)),
        format!("id IN (0{})", ",9".repeat(4000)),
        format!("n = 0{}", " OR NOT name = 'x'".repeat(1020)),
        "NOT (n = 1 OR ".repeat(31) + "n = 2" + &")".repeat(31),
        format!("{}n{} = 61", "(1 + ".repeat(60), ")".repeat(60)),
    ];
    let first: Vec<String> = plain.into_iter().map(str::to_owned).chain(great).collect();
    for round in 0..3000 {
        let filter = match first.get(round) {
            Some(text) => cql2::text(text).unwrap(),
            None => condition::filter(&mut rng, &condition::FIELDS),
        };
        let text = cql2::write_text(&filter);
        let scope = if rng.one_in(4) { &narrow } else { &all };
        let from = rng.pick(&[vec![], vec!["tree"], vec!["tree", "bench"]]);
        let query = Query {
            from: from.into_iter().map(|l| LayerId::new(l).unwrap()).collect(),
            filter: Some(filter),
            want: if rng.one_in(3) { Want::Count } else { Want::Rows },
            ..Query::default()
        };
        let (own, expected) = (store.read(&query, scope).await, right.read(&query, scope).await);
        let shown = |r: gis_data::Result<gis_data::Answer>| match r {
            Ok(answer) => format!("{:?}", answer.body),
            Err(error) => error.to_string(),
        };
        let (own, expected) = (shown(own), shown(expected));
        assert_eq!(own, expected, "round {round}: {text} by {}", scope.viewer());
        kept += usize::from(own.len() > 100);
    }
    assert!(kept > 300, "only {kept} filters kept anything");
    assert!(store.verify().await.unwrap().is_sound());
}
