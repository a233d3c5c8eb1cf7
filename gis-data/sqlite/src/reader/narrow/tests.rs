//! What SQL says of a filter is what memory says.

use std::collections::HashSet;
use std::sync::Arc;

use gis_data::geometry::wkb;
use gis_data::query::cql2;
use gis_data::{Feature, FeatureId, Filter, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown};
use gis_data_conformance::random::{Rng, condition};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::compile::Compiler;
use super::{MAX_BOUND, Narrow};

const ROWS: u64 = 60;

fn features(rng: &mut Rng) -> Vec<Shown> {
    let everything = Scope::everything("admin");
    let one = |id| {
        let mut properties = Properties::new();
        for field in condition::FIELDS {
            if !rng.one_in(5) {
                properties.set(field, condition::value(rng));
            }
        }
        let from = if rng.one_in(4) { Instant::DAWN } else { Instant::from_micros(rng.between(90, 200) * 10) };
        let until = if rng.one_in(3) { Instant::FOREVER } else { Instant::from_micros(rng.between(200, 230) * 10 + 1) };
        let at = (rng.between(0, 8) as f64 / 3.0, rng.between(0, 8) as f64 / 7.0);
        let feature = Feature {
            id: FeatureId::new(id).unwrap(),
            layer: LayerId::new("tree").unwrap(),
            geometry: (!rng.one_in(4)).then(|| Geometry::point(at.0, at.1).unwrap()),
            properties,
            valid: Interval::new(from, until).unwrap(),
            recorded: Recorded::since(1, Instant::DAWN),
            min_zoom: 0,
        };
        everything.admit(Arc::new(feature)).unwrap()
    };
    (1..=ROWS).map(one).collect()
}

fn table(features: &[Shown]) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    crate::functions::register(&conn).unwrap();
    conn.execute_batch(
        "CREATE TABLE version (id INTEGER NOT NULL, properties BLOB NOT NULL, geometry BLOB, valid_from INTEGER, valid_until INTEGER)",
    )
    .unwrap();
    for f in features {
        let mut json = Vec::new();
        let properties: Properties = f.properties().map(|(n, v)| (n.clone(), v.clone())).collect();
        crate::row::encode_properties(&properties, &mut json).unwrap();
        let shape = f.geometry().map(wkb::write);
        let (from, until) = (f.valid().from.micros(), f.valid().until.micros());
        conn.execute(
            "INSERT INTO version VALUES (?1, ?2, ?3, ?4, ?5)",
            params![f.id().get() as i64, json, shape, from, until],
        )
        .unwrap();
    }
    conn
}

/// What SQL says of each feature, by id.
fn said(conn: &Connection, narrow: &Narrow) -> Vec<Option<bool>> {
    let sql = format!("SELECT {} FROM version v ORDER BY id", narrow.sql(1));
    let mut statement = conn.prepare_cached(&sql).unwrap();
    let rows = statement.query_map(params_from_iter(narrow.bound()), |row| row.get::<_, Option<bool>>(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn sql_and_memory_agree_on_thousands_of_filters() {
    let mut rng = Rng::new(5);
    let features = features(&mut rng);
    let conn = table(&features);
    let (mut exact, mut wide, mut shapes) = (0, 0, HashSet::new());
    for round in 0..12_000 {
        let filter = condition::filter(&mut rng, &condition::FIELDS);
        let Some(condition) = (Compiler { shown: &|_| true }).filter(&filter) else { continue };
        let is_exact = condition.exact;
        let narrow = Narrow { piece: condition.piece };
        shapes.insert(narrow.sql(1));
        for (feature, said) in features.iter().zip(said(&conn, &narrow)) {
            let right = filter.truth(feature);
            let good = if is_exact { said == right } else { right != Some(true) || said == Some(true) };
            assert!(
                good,
                "round {round}: {} is {right:?} and SQL says {said:?}: {}\n{:?}\n{:?}",
                cql2::write_text(&filter),
                narrow.sql(1),
                narrow.bound(),
                feature
            );
        }
        *if is_exact { &mut exact } else { &mut wide } += 1;
    }
    assert!(exact > 6000 && wide > 500, "{exact} exact, {wide} wide");
}

#[test]
fn nothing_of_a_filter_stands_in_the_statement() {
    let hostile =
        ["'; DROP TABLE version; --", "\" OR 1=1 --", "?7", "x') OR ('1'='1", "%", "\u{0}", "$.a", "*/ UNION SELECT 1"];
    let sql = |name: &str, text: &str| {
        let (name, text) = (name.replace('"', "\"\""), text.replace('\'', "''"));
        let filter = format!(
            "\"{name}\" = '{text}' OR \"{name}\" IN ('{text}', 1) OR \"{name}\" LIKE '{text}' OR \"{name}\" IS NULL OR CASEI(\"{name}\") <> '{text}'"
        );
        Narrow::of(&cql2::text(&filter).unwrap(), &|_| true).unwrap()
    };
    let plain = sql("a", "b");
    let conn = table(&features(&mut Rng::new(1)));
    for text in hostile {
        let narrow = sql(text, text);
        assert_eq!(narrow.sql(5), plain.sql(5), "{text}");
        assert!(narrow.bound().contains(&Sql::Text(text.to_owned())));
        assert_eq!(said(&conn, &narrow).len() as u64, ROWS);
    }
}

#[test]
fn great_filters_are_said_within_the_bounds_of_sqlite() {
    let conn = table(&features(&mut Rng::new(2)));
    let deep = "NOT (n = 1 OR ".repeat(31) + "n = 2" + &")".repeat(31);
    for filter in [
        format!("n IN (0{})", ",1".repeat(4000)),
        format!("n = 0{}", " OR n = 1".repeat(1360)),
        format!("n = 0{}", " AND NOT name = 'x'".repeat(1020)),
        format!("{}n{} = 1", "(1 + ".repeat(60), ")".repeat(60)),
        deep,
    ] {
        let narrow = Narrow::of(&cql2::text(&filter).unwrap(), &|_| true).unwrap();
        assert!(narrow.bound().len() < MAX_BOUND);
        assert_eq!(said(&conn, &narrow).len() as u64, ROWS);
    }
}

#[test]
fn nothing_is_said_of_a_field_that_is_not_shown() {
    let of = |filter: &str| Narrow::of(&cql2::text(filter).unwrap(), &|name| name != "secret").map(|n| n.sql(1));
    for hidden in [
        "secret IS NULL",
        "secret = 1",
        "NOT secret LIKE 'a'",
        "n = 1 OR secret = 1",
        "length(secret) IS NULL",
        "NOT (n = 1 AND secret = 1)",
    ] {
        assert_eq!(of(hidden), None, "{hidden}");
    }
    assert_eq!(of("n = 1 AND secret = 1"), of("n = 1"));
}

#[test]
fn a_shape_narrows_to_its_box() {
    let of = |filter: &str| super::box_of(&cql2::text(filter).unwrap()).map(|b| b.east);
    assert_eq!(of("n = 1 AND S_WITHIN(geometry, BBOX(1, 2, 3, 4))"), Some(3.0));
    assert_eq!(of("S_CONTAINS(POINT(1 2), geometry)"), Some(1.0));
    for all in [
        "S_DISJOINT(geometry, POINT(1 2))",
        "n = 1 OR S_WITHIN(geometry, POINT(1 2))",
        "NOT S_WITHIN(geometry, POINT(1 2))",
    ] {
        assert_eq!(of(all), None, "{all}");
    }
    let filter: Filter = cql2::text("S_WITHIN(n, POINT(1 2))").unwrap();
    assert!(super::box_of(&filter).is_none());
}
