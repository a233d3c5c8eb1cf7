//! What can be said, and what it means.

mod refused;

use std::sync::Arc;

use super::{json, text, write_json, write_text};
use crate::{Feature, FeatureId, Filter, Geometry, Interval, LayerId, Properties, Recorded, Scope, Shown, Value};

/// A building of 2021.
fn building() -> Shown {
    let tags = Value::List(vec!["old".into(), "brick".into(), Value::Int(7)]);
    let values: [(&str, Value); 12] = [
        ("name", "Café Müller 100%".into()),
        ("楼名", "O'Brien 大厦".into()),
        ("floors", Value::Int(6)),
        ("height", Value::Float(18.5)),
        ("listed", true.into()),
        ("empty", Value::Null),
        ("built", "2021-05-01".into()),
        ("opened", "2021-06-01T08:00:00+08:00".into()),
        ("tags", tags),
        ("and", Value::Int(1)),
        ("a \"b\" c", Value::Int(2)),
        ("big", Value::Int((1 << 53) + 1)),
    ];
    let feature = Feature {
        id: FeatureId::new(42).unwrap(),
        layer: LayerId::new("building").unwrap(),
        geometry: Some(Geometry::point(120.7, 28.0).unwrap()),
        properties: values.into_iter().collect::<Properties>(),
        valid: Interval::since("2021-05-01".parse().unwrap()),
        recorded: Recorded::since(1, crate::Instant::DAWN),
        min_zoom: 0,
    };
    Scope::everything("admin").admit(Arc::new(feature)).unwrap()
}

/// Reads it, writes it in both forms, reads those, and says what it is for the building.
fn truth(filter: &str) -> Option<bool> {
    let read = text(filter).unwrap_or_else(|e| panic!("{filter}: {e}"));
    assert_same(&read);
    read.truth(&building())
}

fn assert_same(filter: &Filter) {
    let (as_text, as_json) = (write_text(filter), write_json(filter));
    assert_eq!(text(&as_text).as_ref().ok(), Some(filter), "{as_text}");
    assert_eq!(json(&as_json).as_ref().ok(), Some(filter), "{as_json}");
}

fn all(expected: Option<bool>, filters: &[&str]) {
    for filter in filters {
        assert_eq!(truth(filter), expected, "{filter}");
    }
}

#[test]
fn comparisons() {
    all(
        Some(true),
        &[
            "floors = 6",
            "floors <> 7",
            "floors < 6.5",
            "floors >= 6",
            "height > +18.25",
            "height <= 1.85e1",
            "listed = TRUE",
            "楼名 = 'O''Brien 大厦'",
            "\"floors\" = 6",
            "\"and\" = 1",
            "\"a \"\"b\"\" c\" = 2",
            "built < '2022'",
            "id = 42",
            "big = 9007199254740993",
            "big <> 9007199254740992.0",
            "listed",
            "(listed)",
            "true",
            "Floors IS NULL",
            "built = DATE('2021-05-01')",
            "opened > DATE('2021-06-01')",
            "opened = TIMESTAMP('2021-06-01T00:00:00Z')",
        ],
    );
    all(Some(false), &["floors = 5", "NOT listed", "FALSE", "name = 'café müller 100%'"]);
    all(
        None,
        &[
            "floors = '6'",
            "missing = 1",
            "empty = 1",
            "empty <> 1",
            "name < 1",
            "tags = 1",
            "empty",
            "floors",
            "name = DATE('2021-05-01')",
            "floors = NULL",
            "NULL = NULL",
        ],
    );
}

#[test]
fn three_values() {
    all(
        Some(true),
        &[
            "floors = 6 OR empty = 1",
            "NOT (floors = 5 AND empty = 1)",
            "empty IS NULL",
            "floors IS NOT NULL",
            "listed or empty",
        ],
    );
    all(Some(false), &["floors = 5 AND empty = 1", "missing IS NOT NULL"]);
    all(None, &["NOT (empty = 1)", "floors = 6 AND empty = 1", "floors = 5 OR empty = 1", "NOT empty"]);
    let unknown = text("empty > 1").unwrap();
    assert!(!unknown.matches(&building()) && !Filter::Not(Box::new(unknown)).matches(&building()));
}

#[test]
fn advanced_comparisons() {
    all(
        Some(true),
        &[
            "floors BETWEEN 1 AND 6",
            "floors NOT BETWEEN 1 AND 5 AND listed",
            "floors BETWEEN 2 + 1 AND 2 * 4 AND height > 1",
            "floors IN (5, 6)",
            "floors NOT IN (1)",
            "floors IN ('x', 6.0)",
            "name LIKE 'Caf_ %'",
            "name NOT LIKE 'caf%'",
            "name LIKE '%100\\%'",
            "CASEI(name) LIKE casei('café MÜ%')",
            "ACCENTI(name) = ACCENTI('Cafe Muller 100%')",
            "楼名 LIKE '%大_'",
            "built BETWEEN DATE('2021-01-01') AND DATE('2021-12-31')",
        ],
    );
    all(Some(false), &["floors IN (1, 2)", "name LIKE 'Caf'", "floors BETWEEN 7 AND 5"]);
    all(None, &["floors IN (1, 'x')", "empty IN (1)", "floors LIKE '6'", "floors BETWEEN 1 AND 'x'"]);
    assert_eq!(truth("floors BETWEEN 7 AND empty"), Some(false));
}

#[test]
fn arithmetic_and_functions() {
    all(
        Some(true),
        &[
            "floors + 1 = 7",
            "1 + 2 * 3 = 7",
            "(1 + 2) * 3 = 9",
            "7 / 2 = 3.5",
            "7 DIV 2 = 3",
            "-7 % 4 = -3",
            "2 ^ 3 ^ 2 = 64",
            "-2 ^ 2 = 4",
            "10 - 3 - 2 = 5",
            "-floors = -6",
            "- -floors = 6",
            "floors - -1 = 7",
            "2 * (floors + 4) = 20",
            "-9223372036854775808 < 0",
            "length(name) = 16",
            "LENGTH(tags) = 3",
            "lower(name) LIKE 'café%'",
            "upper('a') = 'A'",
            "abs(-3) = 3",
            "floor(height) = 18",
            "ceil(height) = 19",
            "round(height) = 19",
            "coalesce(empty, floors) = 6",
            "coalesce(missing, FALSE, TRUE) = FALSE",
            "1 / 0 IS NULL",
            "name + 1 IS NULL",
            "9007199254740993 % 2 = 1",
            "(floors) = (6)",
            "NOT coalesce(empty, FALSE)",
        ],
    );
    all(None, &["floors / 0 = 1", "name * 2 = 1", "lower(floors) = '6'"]);
}

#[test]
fn spatial() {
    all(
        Some(true),
        &[
            "S_INTERSECTS(geometry, BBOX(120, 27, 121, 29))",
            "s_within(geometry, POLYGON((120 27, 121 27, 121 29, 120 29, 120 27)))",
            "S_CONTAINS(BBOX(120, 27, 0, 121, 29, 9), geometry)",
            "S_EQUALS(geometry, POINT(120.7 28))",
            "S_EQUALS(geometry, Point Z (120.7 28.0 5))",
            "S_DISJOINT(geometry, LINESTRING(0 0, 1 1))",
            "S_INTERSECTS(geometry, MULTIPOINT((120.7 28), (1 1)))",
            "S_INTERSECTS(geometry, MULTIPOINT(120.7 28, 1 1))",
            "S_INTERSECTS(geometry, MULTILINESTRING((120 28, 121 28), (0 0, 1 1)))",
            "S_INTERSECTS(geometry, MULTIPOLYGON(((120 27, 121 27, 121 29, 120 27)), ((0 0, 1 0, 1 1, 0 0))))",
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(0 0), GEOMETRYCOLLECTION(POINT(120.7 28), LINESTRING(0 0, 1 1))))",
            "S_INTERSECTS(geometry, BBOX(120, 27, -170, 29))",
            "S_TOUCHES(geometry, LINESTRING(120.7 28, 121 28))",
            "NOT S_CROSSES(geometry, BBOX(120, 27, 121, 29)) AND NOT S_OVERLAPS(geometry, POINT(120.7 28))",
            "geometry IS NOT NULL",
        ],
    );
    all(
        Some(false),
        &["S_INTERSECTS(geometry, BBOX(-121, 27, -120, 29))", "S_INTERSECTS(geometry, POINT(120.7 -28e0))"],
    );
    all(None, &["S_INTERSECTS(name, POINT(120.7 28))", "S_DISJOINT(missing, POINT(120.7 28))"]);
}

#[test]
fn temporal() {
    all(
        Some(true),
        &[
            "T_DURING(valid, INTERVAL('2021-01-01', '..'))",
            "T_INTERSECTS(valid, DATE('2024-01-01'))",
            "T_AFTER(valid, DATE('2021-04-30'))",
            "T_BEFORE(built, TIMESTAMP('2021-05-01T00:00:00+08:00')) OR T_EQUALS(built, DATE('2021-05-01'))",
            "T_DURING(built, INTERVAL(DATE('2021-01-01'), '2022-01-01'))",
            "T_STARTEDBY(valid, INTERVAL('2021-05-01', '2021-06-01'))",
            "T_DISJOINT(built, INTERVAL('2021-04-01', '2021-05-01'))",
            "T_METBY(valid, INTERVAL('..', '2021-05-01'))",
            "T_CONTAINS(INTERVAL('2021-01-01', '2022-01-01'), INTERVAL(built, opened))",
            "T_STARTS(INTERVAL(built, opened), valid)",
            "T_MEETS(INTERVAL('2020-01-01', '2021-05-01'), valid)",
            "T_OVERLAPS(INTERVAL('2020-01-01', '2021-05-02'), valid)",
            "T_OVERLAPPEDBY(valid, INTERVAL('2020-01-01', '2021-05-02'))",
            "T_FINISHES(INTERVAL('2022-01-01', '..'), valid)",
            "T_FINISHEDBY(valid, INTERVAL('2022-01-01', '..'))",
            "valid IS NOT NULL",
        ],
    );
    all(
        None,
        &[
            "T_AFTER(name, DATE('2021-04-30'))",
            "T_AFTER(empty, DATE('2021-04-30'))",
            "T_DURING(built, INTERVAL(opened, built))",
        ],
    );
}

#[test]
fn arrays() {
    all(
        Some(true),
        &[
            "A_CONTAINS(tags, ('old', 'brick'))",
            "A_CONTAINS(tags, ('old'))",
            "A_CONTAINEDBY(('old'), tags)",
            "A_OVERLAPS(tags, ('new', 7.0))",
            "A_EQUALS(tags, (7, 'brick', 'old', 'old'))",
            "A_EQUALS(tags, ['brick', 'old', 3 + 4])",
            "A_CONTAINS(tags, ())",
            "A_EQUALS([], [])",
            "A_EQUALS([1, [2, 3]], ((2.0, 3), 1))",
            "A_EQUALS([DATE('2021-05-01')], [TIMESTAMP('2021-04-30T16:00:00Z')])",
            "A_EQUALS([1], (1))",
            "A_EQUALS([1e300], [1e300])",
        ],
    );
    all(
        Some(false),
        &[
            "A_CONTAINS(tags, ('new'))",
            "A_EQUALS(tags, ('old'))",
            "A_OVERLAPS(tags, ('7'))",
            "A_EQUALS([1e300], [2e300])",
        ],
    );
    all(None, &["A_CONTAINS(name, ('old'))", "A_CONTAINS(empty, ('old'))"]);
}

#[test]
fn logic_binds_as_it_should() {
    let same = |a: &str, b: &str| assert_eq!(text(a).unwrap(), text(b).unwrap(), "{a} / {b}");
    same("a = 1 OR b = 2 AND NOT c = 3", "(a = 1) or ((b = 2) and (not (c = 3)))");
    same("a = 1 AND (b = 2 AND c = 3)", "a = 1 AND b = 2 AND c = 3");
    same("a=1AND b=2", "a = 1 AND b = 2");
    same("x IS NOT NULL", "NOT x IS NULL");
    same("a - b - c = 1 + 2 * 3", "((a - b) - c) = (1 + (2 * 3))");
    assert_eq!(
        write_text(&text("((a=1 or b=2)) and not c like 'x'").unwrap()),
        "(a = 1 OR b = 2) AND NOT (c LIKE 'x')"
    );
}

#[test]
fn json_forms() {
    let same = |as_json: &str, as_text: &str| assert_eq!(json(as_json).unwrap(), text(as_text).unwrap(), "{as_json}");
    same(
        r#"{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"not","args":[{"op":"isNull","args":[{"property":"b"}]}]}]}"#,
        "a = 1 AND b IS NOT NULL",
    );
    same(r#"{"op":"between","args":[{"property":"a"},1,2.5]}"#, "a BETWEEN 1 AND 2.5");
    same(r#"{"op":"in","args":[{"property":"a"},["x","y"]]}"#, "a IN ('x', 'y')");
    same(
        r#"{"op":"like","args":[{"op":"casei","args":[{"property":"a"}]},{"op":"casei","args":["x%"]}]}"#,
        "CASEI(a) LIKE CASEI('x%')",
    );
    same(
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,3,4]}]}"#,
        "S_INTERSECTS(geometry, BBOX(1,2,3,4))",
    );
    same(
        r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,2,3]}]}"#,
        "S_WITHIN(geometry, POINT Z (1 2 3))",
    );
    same(
        r#"{"op":"t_finishedBy","args":[{"property":"valid"},{"interval":["2020-01-01",".."]}]}"#,
        "T_FINISHEDBY(valid, INTERVAL('2020-01-01', '..'))",
    );
    same(
        r#"{"op":"t_after","args":[{"property":"b"},{"interval":[{"property":"x"},{"date":"2020-01-01"}]}]}"#,
        "T_AFTER(b, INTERVAL(x, '2020-01-01'))",
    );
    same(
        r#"{"op":">=","args":[{"property":"b"},{"timestamp":"2020-01-01T00:00:00Z"}]}"#,
        "b >= TIMESTAMP('2020-01-01T00:00:00Z')",
    );
    same(r#"{"op":"a_containedBy","args":[{"property":"t"},["x",1]]}"#, "A_CONTAINEDBY(t, ('x', 1))");
    same(r#"{"op":">","args":[{"op":"div","args":[{"property":"a"},2]},{"op":"^","args":[2,3]}]}"#, "a DIV 2 > 2 ^ 3");
    same(r#"{"property":"listed"}"#, "listed");
}
