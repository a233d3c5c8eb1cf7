//! What is refused, and how that is told; and the most that is not.

use super::assert_same;
use crate::query::cql2::{json, text};

#[test]
fn mistakes_are_placed_and_explained() {
    let wrong = [
        ("", "character 1: "),
        ("层数 > ", "character 6: a value, a field or a condition is wanted here"),
        ("层数 > 1 楼", "character 8: an operator or the end is wanted here and there is “楼”"),
        ("a = 'x", "character 5: the quote ' does not end"),
        ("a = 1 AND", "character 10: "),
        ("a BETWEEN 1", "character 3: it is: value BETWEEN low AND high"),
        ("a IN ()", "character 7: "),
        ("a IS 1", "character 6: NULL is wanted"),
        ("a NOT 1", "character 7: LIKE, BETWEEN or IN is wanted"),
        ("foo(a) = 1", "character 1: there is no function or operation “foo”; known are casei, accenti"),
        ("a = 1 = 2", "character 7: a value is wanted here and this is a condition"),
        ("1 + 2", "character 1: a condition"),
        ("a = 1 AND 2", "character 7: a condition"),
        ("(a = 1", "character 7: an operator, a comma or “)” is wanted"),
        ("a = 1)", "character 6: an operator or the end"),
        ("a, b", "character 2: a comma"),
        ("a = ;", "character 5: the character “;”"),
        ("lower(a, b) = 1", "character 1: 1 arguments are wanted and there are 2"),
        ("A_CONTAINS(a, 'x')", "character 1: a list or a field"),
        ("geometry = 1", "character 10: geometry is not compared so"),
        ("S_INTERSECTS(geometry, 'x')", "character 1: a shape"),
        ("S_INTERSECTS(geometry, POINT(1 x))", "character 32: a coordinate is a number"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "character 30: "),
        ("S_INTERSECTS(geometry, POINT(200 0))", "character 3"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "character 24: the polygon is not valid"),
        ("T_AFTER(a, DATE('2020-13-01'))", "character 12: “2020-13-01” is not a time"),
        ("T_AFTER(a, TIMESTAMP('2020-01-01'))", "character 12: "),
        ("T_AFTER(a, INTERVAL('2021-01-01', '2020-01-01'))", "character 12: the interval"),
        ("a > 1e999", "character 5: the number"),
    ];
    for (filter, expected) in wrong {
        let error = text(filter).unwrap_err();
        assert!(error.en().starts_with(expected), "{filter}: {error}");
        assert!(error.zh().starts_with('第'), "{filter}: {error}");
    }
    let wrong = [
        ("{", "this is not JSON"),
        (r#"{"op":"and","args":[{"op":"=","args":[{"property":"a"},{"x":1}]}]}"#, "args[0].args[1]: an object has"),
        (
            r#"{"op":"in","args":[{"property":"a"},[1,{"op":"nope","args":[]}]]}"#,
            "args[1][1]: there is no function or operation “nope”",
        ),
        (r#"{"op":"=","args":[1]}"#, "2 arguments are wanted"),
        (r#"{"op":"not","args":[{"op":"=","args":[1,[2]]}]}"#, "args[0]: only numbers"),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Curve"}]}"#,
            "args[1]: “Curve” is no kind of shape",
        ),
        (r#"{"op":1}"#, "the op is a text"),
        ("1", "a condition"),
    ];
    for (filter, expected) in wrong {
        let error = json(filter).unwrap_err();
        assert!(error.en().starts_with(expected), "{filter}: {error}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let nested = |open: &str, inner: &str, close: &str, n: usize| open.repeat(n) + inner + &close.repeat(n);
    let refused = [
        nested("(", "a = 1", ")", 100_000),
        nested("(", "a = 1", ")", 30_000),
        nested("(", "a = 1", ")", 65),
        nested("(", "", "", 60_000),
        nested("[", "", "", 60_000),
        nested("NOT ", "a = 1", "", 16_000),
        nested("NOT ", "a = 1", "", 64),
        nested("-", "a = 1", "", 65_000),
        format!("A_EQUALS(a, {})", nested("[", "1", "]", 30_000)),
        nested("lower(", "a", ")", 8000) + " = 1",
        nested("GEOMETRYCOLLECTION(", "POINT(1 1)", ")", 3000),
        format!("S_WITHIN(geometry, {})", nested("GEOMETRYCOLLECTION(", "POINT(1 1)", ")", 3000)),
        format!("a IN ({}1)", "1,".repeat(30_000)),
        format!("a = 1{}", " OR a = 1".repeat(7000)),
        format!("1{} = 1", "+1".repeat(30_000)),
        format!("S_WITHIN(geometry, MULTIPOINT({}1 1))", "1 1,".repeat(12_000)),
        "a".repeat(70_000),
        "a BETWEEN ".repeat(6000),
        "a = 1 AND ".repeat(6000),
        "\"".repeat(60_001),
    ];
    for filter in refused {
        let start: String = filter.chars().take(60).collect();
        assert!(text(&filter).is_err(), "{start}…");
    }
    let refused = [
        nested("[", "", "]", 30_000),
        nested(r#"{"op":"not","args":["#, "true", "]}", 64),
        nested(r#"{"op":"not","args":["#, "true", "]}", 3000),
        nested(r#"{"op":"a_equals","args":[["#, "1", "],1]}", 3000),
        format!(r#"{{"op":"in","args":[1,[{}1]]}}"#, "1,".repeat(30_000)),
        format!(
            r#"{{"op":"s_within","args":[1,{{"type":"MultiPoint","coordinates":[{}[1,1]]}}]}}"#,
            "[1,1],".repeat(10_500)
        ),
    ];
    for filter in refused {
        let start: String = filter.chars().take(60).collect();
        assert!(json(&filter).is_err(), "{start}…");
    }
}

#[test]
fn what_is_allowed_is_read_in_both_forms() {
    let nested = |open: &str, inner: &str, close: &str, n: usize| open.repeat(n) + inner + &close.repeat(n);
    for filter in [
        nested("(", "a = 1", ")", 64),
        nested("NOT (", "a", ")", 62),
        nested("NOT (", "a IN (1)", ")", 61),
        nested("NOT (", "S_WITHIN(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))", ")", 59),
        nested(
            "NOT (",
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0))))))",
            ")",
            51,
        ),
        nested("(1 + ", "a", ")", 62) + " = 1",
        format!("a = 1{}", " OR a = 1".repeat(1360)),
    ] {
        assert_same(&text(&filter).unwrap_or_else(|e| panic!("{filter}: {e}")));
    }
}

/// No piece of a filter, put together by chance, makes a reader fail otherwise than with an error; and what is read is written and read
/// back.
#[test]
fn pieces_put_together_by_chance_are_read_or_refused() {
    let pieces = [
        "a",
        "1",
        "'x'",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        "<",
        "+",
        "-",
        "*",
        "^",
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "LIKE",
        "IS",
        "NULL",
        "TRUE",
        "S_WITHIN(",
        "T_AFTER(",
        "A_EQUALS(",
        "lower(",
        "DATE(",
        "'2020-01-01'",
        "INTERVAL(",
        "'..'",
        "POINT",
        "Z",
        "BBOX(",
        "geometry",
        "\"b\"",
        "%",
        "div",
        "门",
        "GEOMETRYCOLLECTION(",
        "EMPTY",
        "casei(",
        "'",
        ".5e3",
    ];
    let mut seed = 7_u64;
    let mut below = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    let mut good = 0;
    for _ in 0..60_000 {
        let filter = (0..=below(7)).map(|_| pieces[below(pieces.len())]).collect::<Vec<_>>().join(" ");
        if let Ok(read) = text(&filter) {
            assert_same(&read);
            good += 1;
        }
    }
    assert!(good > 100, "only {good} were read");
}
