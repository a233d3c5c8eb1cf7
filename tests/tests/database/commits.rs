//! Writing through the API: what is refused, and that nothing of it was done.

use menpai_tests::edit::{Town, on, point, square};
use menpai_tests::http;
use menpai_tests::json::list;
use serde_json::{Value, json};

const HERE: [f64; 2] = [120.655_05, 28.015_05];

fn door(key: &str, properties: &Value) -> Value {
    json!({ "put": { "layer": "doorplate", "source": "test", "key": key, "geometry": point(HERE), "properties": properties,
        "valid": { "from": "2024-01-01" } } })
}

fn position(town: &Town) -> Value {
    town.get("/health").expect(200).json()["position"].clone()
}

#[test]
fn what_is_wrong_is_refused_and_nothing_is_done() {
    let town = Town::empty();
    let id = town.commit(&json!([door("a", &json!({ "number": "12号" }))])).ids[0];
    let before = position(&town);
    let good = door("b", &json!({ "number": "14号" }));
    let refuse = |status: u16, field: &str, bad: Value| {
        let problem = town.try_commit(&json!([good, bad])).problem(status);
        let detail = problem["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains("changes[1]") || field.is_empty(), "{problem}");
        if !field.is_empty() {
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
        detail
    };
    refuse(400, "nmber", door("c", &json!({ "nmber": "1" })));
    refuse(400, "number", door("c", &json!({ "number": 12 })));
    refuse(404, "", json!({ "put": { "layer": "nowhere", "source": "t", "key": "k" } }));
    refuse(403, "", json!({ "put": { "layer": "user", "source": "t", "key": "k", "properties": { "name": "x" } } }));
    refuse(400, "valid", json!({ "retire": { "id": id, "valid": { "from": "2025-01-01", "until": "2024-01-01" } } }));
    refuse(400, "valid", json!({ "retire": { "id": id, "valid": { "from": "soon" } } }));
    refuse(404, "", json!({ "retire": { "id": 9_999_999 } }));
    refuse(404, "", json!({ "amend": { "id": 9_999_999, "properties": { "number": "1" } } }));
    refuse(400, "id", json!({ "put": { "layer": "doorplate", "id": 5, "source": "t", "key": "k" } }));
    let unknown_code =
        json!({ "put": { "layer": "person", "source": "t", "key": "k", "properties": { "kind": "ghost" } } });
    assert!(refuse(400, "kind", unknown_code).contains("registered"));
    let bow = json!({ "type": "Polygon", "coordinates": [[[120.0, 28.0], [120.1, 28.1], [120.1, 28.0], [120.0, 28.1], [120.0, 28.0]]] });
    refuse(400, "geometry", json!({ "put": { "layer": "grid", "source": "t", "key": "k", "geometry": bow } }));
    let line: Vec<[f64; 2]> = (0..100_001).map(|i| [120.0 + f64::from(i) * 1e-6, 28.0]).collect();
    let line = json!({ "type": "LineString", "coordinates": line });
    refuse(413, "geometry", json!({ "put": { "layer": "road", "source": "t", "key": "k", "geometry": line } }));
    let nan = json!({ "type": "Point", "coordinates": ["NaN", 28.0] });
    refuse(400, "geometry", json!({ "put": { "layer": "doorplate", "source": "t", "key": "k", "geometry": nan } }));
    assert!(refuse(400, "", json!({ "pet": {} })).contains("/docs"));

    let twice = json!([
        { "amend": { "id": id, "properties": { "number": "1" }, "valid": { "from": "2024-02-01", "until": "2024-05-01" } } },
        { "amend": { "id": id, "properties": { "number": "2" }, "valid": { "from": "2024-04-01" } } },
    ]);
    let problem = town.try_commit(&twice).problem(400);
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("重叠")), "{problem}");
    let nobody = http::send("POST", &format!("{}/api/v1/commits", town.server.base), &[], b"{}");
    nobody.problem(401);
    let silent = town.send("POST", "/api/v1/commits", &[], &json!({ "reason": " ", "changes": [] })).problem(400);
    assert_eq!(silent["errors"][0]["field"], "reason");
    assert_eq!(position(&town), before, "something was written");
    assert_eq!(list(&town.get("/api/v1/layers/doorplate/features").expect(200).json()["features"]).len(), 1);
}

#[test]
fn a_place_cannot_lie_in_itself() {
    let town = Town::empty();
    let area = |key: &str| json!({ "put": { "layer": "compound", "source": "test", "key": key, "properties": { "name": key } } });
    let ids = town.commit(&json!([area("a"), area("b"), area("c")])).ids;
    let lies = |thing: u64, place: u64, from: &str| json!({ "relate": { "thing": thing, "relation": "lies_in", "place": place, "valid": { "from": from } } });
    town.commit(&json!([lies(ids[0], ids[1], "2024-01-01"), lies(ids[1], ids[2], "2024-01-01")]));
    let problem = town.try_commit(&json!([lies(ids[2], ids[0], "2025-01-01")])).problem(400);
    assert_eq!(problem["errors"][0]["field"], "place", "{problem}");
    town.try_commit(&json!([lies(ids[0], ids[0], "2025-01-01")])).problem(400);
    // Before the others lay in each other it may have lain there; and what is taken back in the same commit does not count.
    town.commit(&json!([
        { "unrelate": { "thing": ids[0], "relation": "lies_in", "place": ids[1], "valid": { "from": "2026-01-01" } } },
        lies(ids[1], ids[0], "2026-01-01"),
    ]));
}

#[test]
fn the_same_key_is_done_once() {
    let town = Town::empty();
    let send = |number: &str| {
        let body = json!({ "reason": "一次", "changes": [door("a", &json!({ "number": number }))] });
        town.send("POST", "/api/v1/commits", &[("Idempotency-Key", "k-1")], &body)
    };
    let first = send("12号").expect(201).json();
    assert_eq!(send("12号").expect(201).json(), first);
    send("14号").problem(409);
    assert_eq!(position(&town), first["position"]);
}

#[test]
fn an_overtaken_version_is_a_conflict_that_names_the_current_one() {
    let town = Town::empty();
    let t1 = town.commit(&json!([door("a", &json!({ "number": "12号" }))]));
    let id = t1.ids[0];
    let amend = |number: &str, expected: &str| {
        let changes = json!([{ "amend": { "id": id, "properties": { "number": number } } }]);
        let expected = json!({ id.to_string(): expected });
        let body = json!({ "reason": "改", "expected": expected, "changes": changes });
        town.send("POST", "/api/v1/commits", &[], &body)
    };
    let t2 = amend("14号", &t1.position).expect(201).json()["position"].as_str().unwrap_or_default().to_owned();
    let problem = amend("16号", &t1.position).problem(409);
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains(&t2)), "{problem} does not name {t2}");
    amend("16号", &t2).expect(201);
}

#[test]
fn a_rehearsal_writes_nothing() {
    let town = Town::empty();
    let before = position(&town);
    let body = json!({ "reason": "预演", "rehearsal": true, "changes": [door("a", &json!({ "number": "12号" }))] });
    let told = town.send("POST", "/api/v1/commits", &[], &body).expect(200).json();
    assert_eq!(told["counts"]["doorplate"]["added"], 1);
    assert_eq!(position(&town), before);
}

#[test]
fn a_new_layer_is_at_once_tiles_features_search_and_card() {
    let town = Town::empty();
    let schema = json!({
        "id": "pavilion", "title": { "zh": "凉亭", "en": "Pavilion" }, "class": "public", "geometry": "point",
        "fields": [
            { "name": "name", "title": { "zh": "名称", "en": "Name" }, "class": "public" },
            { "name": "state", "title": { "zh": "状况", "en": "State" }, "class": "public",
              "codes": [{ "code": "good", "zh": "完好", "en": "Good" }, { "code": "broken", "zh": "损坏", "en": "Broken" }] },
        ],
    });
    town.send("PUT", "/api/v1/layers/pavilion", &[], &schema).expect(200);
    let told = town.server.get("/api/v1/layers/pavilion").expect(200).json();
    assert_eq!(told["fields"][1]["codes"][1]["code"], "broken");
    let put = |state: &str| {
        json!([{ "put": { "layer": "pavilion", "source": "test", "key": "1", "geometry": point(HERE),
            "properties": { "name": "望江亭", "state": state }, "valid": { "from": "2024-01-01" } } }])
    };
    town.try_commit(&put("gone")).problem(400);
    let id = town.commit(&put("good")).ids[0];
    assert_eq!(town.seen("pavilion", id, HERE, "name", on("now")).as_deref(), Some("望江亭"));
    let found = town.server.get(&format!("/api/v1/search?q={}", http::encode("望江亭"))).expect(200).text();
    assert!(found.contains(&id.to_string()), "{found}");
    let catalog = town.server.get("/catalog").expect(200).text();
    assert!(catalog.contains("pavilion"), "{catalog}");

    let bad = |change: &dyn Fn(&mut Value), status: u16| {
        let mut schema = schema.clone();
        change(&mut schema);
        town.send("PUT", "/api/v1/layers/pavilion", &[], &schema).problem(status)
    };
    bad(&|s| s["fields"][0]["name"] = json!("名称"), 400);
    bad(&|s| s["fields"][1]["name"] = json!("name"), 400);
    bad(&|s| s["title"]["zh"] = json!(""), 400);
    bad(&|s| s["colour"] = json!("red"), 400);
    bad(&|s| s["id"] = json!("kiosk"), 400);
    let built_in = json!({ "id": "grid", "title": { "zh": "格", "en": "Grid" }, "fields": [] });
    town.send("PUT", "/api/v1/layers/grid", &[], &built_in).problem(409);
    http::send("PUT", &format!("{}/api/v1/layers/pavilion", town.server.base), &[], schema.to_string().as_bytes())
        .problem(401);
}

#[test]
fn a_tile_of_a_time_to_come_on_the_recorded_axis_is_not_kept() {
    let town = Town::empty();
    let id = town.commit(&json!([door("a", &json!({ "number": "12号" }))])).ids[0];
    let later = on("now").known("2999-01-01");
    assert_eq!(town.seen("doorplate", id, HERE, "number", later).as_deref(), Some("12号"));
    town.commit(
        &json!([{ "amend": { "id": id, "properties": { "number": "14号" }, "valid": { "from": "2024-01-01" } } }]),
    );
    assert_eq!(town.seen("doorplate", id, HERE, "number", later).as_deref(), Some("14号"));
}

#[test]
fn the_stream_goes_on_where_a_listener_left_off() {
    let town = Town::empty();
    let t1 = town.commit(&json!([door("a", &json!({ "number": "12号" }))]));
    let far =
        json!({ "put": { "layer": "green", "source": "test", "key": "g", "geometry": square(121.0, 28.5, 0.01) } });
    let t2 = town.commit(&json!([far]));
    let t3 = town.commit(&json!([door("b", &json!({ "number": "14号" }))]));
    let positions = |query: &str, after: &str| -> Vec<String> {
        let url = format!("{}/api/v1/changes?{query}", town.server.base);
        let mut command = std::process::Command::new("curl");
        command.args(["-sN", "--max-time", "2", "-H", &format!("Last-Event-ID: {after}"), &url]);
        let text = menpai_tests::program::outcome(command).stdout;
        text.lines().filter_map(|l| l.strip_prefix("id: ")).map(str::to_owned).collect()
    };
    let told = |all: [&str; 2]| all.map(str::to_owned).to_vec();
    assert_eq!(positions("", &t1.position), told([&t2.position, &t3.position]));
    assert_eq!(positions("layers=doorplate", &t1.position), std::slice::from_ref(&t3.position));
    assert_eq!(positions("bbox=120.9,28.4,121.1,28.6", &t1.position), std::slice::from_ref(&t2.position));
    assert!(positions("", &t3.position).is_empty());
    town.get("/api/v1/changes?layers=nowhere").problem(404);
    town.get("/api/v1/changes?bbox=1,2,3").problem(400);
    town.get("/api/v1/changes?after=yesterday").problem(400);
}
