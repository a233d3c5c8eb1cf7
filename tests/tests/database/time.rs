//! The two axes of time: every case of docs/time.md, asked through tiles, the features route and the door card.

use menpai_tests::edit::{Receipt, Town, on, point, rectangle, square};
use menpai_tests::json::list;
use serde_json::{Value, json};

/// Where the door stands.
const HERE: [f64; 2] = [120.655_05, 28.015_05];

fn put(layer: &str, key: &str, geometry: &Value, properties: &Value, from: &str) -> Value {
    json!({ "put": {
        "layer": layer, "source": "test", "key": key, "geometry": geometry, "properties": properties, "valid": { "from": from }
    } })
}

fn door(town: &Town) -> Receipt {
    town.commit(&json!([put("doorplate", "12", &point(HERE), &json!({ "number": "12号" }), "2024-01-01")]))
}

fn amend(id: u64, properties: &Value, valid: &Value) -> Value {
    json!([{ "amend": { "id": id, "properties": properties, "valid": valid } }])
}

#[test]
fn insert() {
    let town = Town::empty();
    let before = town.commit(&json!([put("green", "g", &square(120.0, 28.0, 0.01), &json!({}), "2020-01-01")]));
    let t1 = door(&town);
    let number = |as_of| town.seen("doorplate", t1.ids[0], HERE, "number", as_of);
    assert_eq!(number(on("2023-12-31")), None);
    assert_eq!(number(on("2024-01-01")).as_deref(), Some("12号"));
    assert_eq!(number(on("now")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-06-01").known(&before.at)), None);
    assert_eq!(number(on("2024-06-01").known(&t1.at)).as_deref(), Some("12号"));
}

#[test]
fn change_from_a_date() {
    let town = Town::empty();
    let t1 = door(&town);
    let id = t1.ids[0];
    town.commit(&amend(id, &json!({ "number": "14号" }), &json!({ "from": "2024-07-01" })));
    let number = |as_of| town.seen("doorplate", id, HERE, "number", as_of);
    assert_eq!(number(on("2024-06-30")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-07-01")).as_deref(), Some("14号"));
    assert_eq!(number(on("2024-07-01").known(&t1.at)).as_deref(), Some("12号"));
    let told = town.get("/api/v1/layers/doorplate/differences?from=2024-06-30&to=2024-07-01").expect(200).json();
    assert_eq!(told["counts"], json!({ "added": 0, "removed": 0, "changed": 1 }));
    assert_eq!(told["changed"][0]["before"]["properties"]["number"], "12号");
    assert_eq!(told["changed"][0]["after"]["properties"]["number"], "14号");
}

#[test]
fn correction_in_the_past() {
    let town = Town::empty();
    let t1 = door(&town);
    let id = t1.ids[0];
    let t2 = town.commit(&amend(
        id,
        &json!({ "number": "12号甲" }),
        &json!({ "from": "2024-02-01", "until": "2024-04-01" }),
    ));
    let number = |as_of| town.seen("doorplate", id, HERE, "number", as_of);
    assert_eq!(number(on("2024-03-01")).as_deref(), Some("12号甲"));
    assert_eq!(number(on("2024-01-15")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-05-01")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-03-01").known(&t1.at)).as_deref(), Some("12号"));

    // All of it is told: who said what, when, and what was believed until then.
    let history = town.get(&format!("/api/v1/places/{id}/history")).expect(200).json();
    let versions = list(&history["versions"]);
    assert_eq!(versions.len(), 4, "{history}");
    let replaced: Vec<&Value> = versions.iter().filter(|v| !v["recorded"]["until"].is_null()).collect();
    assert_eq!(replaced.len(), 1);
    assert_eq!(replaced[0]["recorded"]["until"]["position"], t2.position.as_str());
    let entries = list(&history["entries"]);
    assert!(entries.iter().all(|e| e["actor"] == "administrator" && e["reason"] == "测试 / a test"), "{entries:?}");
    let anyone = town.server.get(&format!("/api/v1/places/{id}/history")).expect(200).json();
    assert!(list(&anyone["entries"]).iter().all(|e| e["actor"].is_null() && e["reason"].is_null()));
}

#[test]
fn termination_and_re_opening() {
    let town = Town::empty();
    let t1 = door(&town);
    let id = t1.ids[0];
    town.commit(&json!([{ "retire": { "id": id, "valid": { "from": "2024-09-01" } } }]));
    let number = |as_of| town.seen("doorplate", id, HERE, "number", as_of);
    assert_eq!(number(on("2024-08-31")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-09-01")), None);
    assert_eq!(number(on("now")), None);
    assert_eq!(number(on("2024-09-01").known(&t1.at)).as_deref(), Some("12号"));
    let problem = town.get(&format!("/api/v1/places/{id}")).problem(404);
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("2024-08-31T16:00:00Z")), "{problem}");

    let again = json!([put("doorplate", "12", &point(HERE), &json!({ "number": "12号" }), "2025-03-01")]);
    assert_eq!(town.commit(&again).ids, [id]);
    assert_eq!(number(on("2025-02-28")), None);
    assert_eq!(number(on("2025-03-01")).as_deref(), Some("12号"));
    assert_eq!(number(on("2024-08-31")).as_deref(), Some("12号"));
}

#[test]
fn change_of_a_code() {
    let town = Town::empty();
    let square = square(120.65, 28.01, 0.01);
    let community = |key: &str, code: &str| {
        put("community", key, &square, &json!({ "name": "白岭社区", "code": code }), "2024-01-01")
    };
    let id = town.commit(&json!([community("a", "330302001001")])).ids[0];
    town.commit(&amend(id, &json!({ "code": "330302001601" }), &json!({ "from": "2025-01-01" })));
    let code = |as_of| town.seen("community", id, HERE, "name", as_of).is_some();
    assert!(code(on("2024-05-01")) && code(on("2025-05-01")));
    let found = |code: &str, day: &str| {
        let page =
            town.get(&format!("/api/v1/layers/community/features?code={code}&datetime={day}")).expect(200).json();
        list(&page["features"]).len()
    };
    assert_eq!((found("330302001001", "2024-05-01"), found("330302001601", "2024-05-01")), (1, 0));
    assert_eq!((found("330302001001", "2025-05-01"), found("330302001601", "2025-05-01")), (0, 1));
    // A retired code is never given to another place; its own place may have it back.
    let problem = town.try_commit(&json!([community("b", "330302001001")])).problem(409);
    assert_eq!(problem["errors"][0]["field"], "code");
    town.commit(&amend(id, &json!({ "code": "330302001001" }), &json!({ "from": "2026-01-01" })));
}

#[test]
fn a_grid_is_redrawn() {
    let town = Town::empty();
    let (west, east) = ([120.65, 28.01, 120.655, 28.02], [120.655, 28.01, 120.66, 28.02]);
    let grid =
        |key: &str, shape, name: &str| put("grid", key, &rectangle(shape), &json!({ "name": name }), "2024-01-01");
    let t1 = town.commit(&json!([
        grid("west", west, "第1网格"),
        grid("east", east, "第2网格"),
        put("doorplate", "12", &point(HERE), &json!({ "number": "12号" }), "2024-01-01"),
    ]));
    let [west, east, door] = t1.ids[..] else { panic!("three things were put: {t1:?}") };
    let amend = |id: u64, shape| json!({ "amend": { "id": id, "geometry": rectangle(shape), "valid": { "from": "2025-01-01" } } });
    town.commit(&json!([amend(west, [120.65, 28.01, 120.656, 28.02]), amend(east, [120.656, 28.01, 120.66, 28.02]),]));
    let grid = |as_of| town.area("grid", &[west, east], door, as_of);
    assert_eq!(grid(on("2024-06-01")), Some(east));
    assert_eq!(grid(on("2024-12-31")), Some(east));
    assert_eq!(grid(on("2025-01-01")), Some(west));
    assert_eq!(grid(on("now")), Some(west));
    assert_eq!(grid(on("2025-06-01").known(&t1.at)), Some(east));
}

#[test]
fn split_of_an_area() {
    let town = Town::empty();
    let whole = [120.65, 28.01, 120.66, 28.02];
    let community = |key: &str, shape, name: &str, from: &str| {
        put("community", key, &rectangle(shape), &json!({ "name": name }), from)
    };
    let t1 = town.commit(&json!([
        community("old", whole, "白岭社区", "2024-01-01"),
        put("doorplate", "12", &point(HERE), &json!({ "number": "12号" }), "2024-01-01"),
    ]));
    let [old, door] = t1.ids[..] else { panic!("two things were put: {t1:?}") };
    let succeeds = |key: &str| json!({ "relate": { "thing": { "source": "test", "key": key }, "relation": "succeeds", "place": old, "valid": { "from": "2025-01-01" } } });
    let t2 = town.commit(&json!([
        { "retire": { "id": old, "valid": { "from": "2025-01-01" } } },
        community("north", [120.65, 28.015, 120.66, 28.02], "白岭北社区", "2025-01-01"),
        community("south", [120.65, 28.01, 120.66, 28.015], "白岭南社区", "2025-01-01"),
        succeeds("north"),
        succeeds("south"),
    ]));
    let [north, south] = t2.ids[..] else { panic!("two things were put: {t2:?}") };
    let community = |as_of| town.area("community", &[old, north, south], door, as_of);
    assert_eq!(community(on("2024-12-31")), Some(old));
    assert_eq!(community(on("2025-01-01")), Some(north));
    assert_eq!(community(on("2025-01-01").known(&t1.at)), Some(old));
    let told = town.get(&format!("/api/v1/places/{old}")).expect(300).json();
    let mut names: Vec<&str> = list(&told["successors"]).iter().filter_map(|s| s["title"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["白岭北社区", "白岭南社区"]);
    assert_eq!(told["ended"], "2024-12-31T16:00:00Z");
    assert_eq!(town.get(&format!("/api/v1/places/{old}?datetime=2024-06-01")).expect(200).json()["title"], "白岭社区");
}

#[test]
fn merge_of_two_buildings() {
    let town = Town::empty();
    let building =
        |key: &str, shape, from: &str| put("building", key, &rectangle(shape), &json!({ "name": key }), from);
    let (left, right) = ([120.655, 28.015, 120.6551, 28.0151], [120.6552, 28.015, 120.6553, 28.0151]);
    let t1 = town.commit(&json!([building("左楼", left, "2024-01-01"), building("右楼", right, "2024-01-01")]));
    let retired = |id: u64| json!({ "retire": { "id": id, "valid": { "from": "2025-01-01" } } });
    let succeeds = |id: u64| json!({ "relate": { "thing": { "source": "test", "key": "新楼" }, "relation": "succeeds", "place": id, "valid": { "from": "2025-01-01" } } });
    let new = building("新楼", [120.655, 28.015, 120.6553, 28.0151], "2025-01-01");
    let t2 =
        town.commit(&json!([retired(t1.ids[0]), retired(t1.ids[1]), new, succeeds(t1.ids[0]), succeeds(t1.ids[1])]));
    for old in &t1.ids {
        let reply = town.get(&format!("/api/v1/places/{old}")).expect(307);
        assert_eq!(reply.header("location"), Some(format!("/api/v1/places/{}", t2.ids[0]).as_str()));
        town.get(&format!("/api/v1/places/{old}?datetime=2024-12-31")).expect(200);
    }
    assert_eq!(town.seen("building", t2.ids[0], HERE, "name", on("2025-01-01")).as_deref(), Some("新楼"));
    assert_eq!(town.seen("building", t2.ids[0], HERE, "name", on("2024-12-31")), None);
}

#[test]
fn late_arrival() {
    let town = Town::empty();
    let hydrant = [HERE[0], HERE[1] + 0.0001];
    let t1 = town.commit(&json!([
        put("doorplate", "A", &point([HERE[0], HERE[1] - 0.0002]), &json!({ "number": "10号" }), "2020-01-01"),
        put("component", "hydrant", &point(hydrant), &json!({ "kind": "hydrant" }), "2024-01-01"),
    ]));
    let t2 = town.commit(&json!([put("doorplate", "B", &point(HERE), &json!({ "number": "12号" }), "2023-01-01")]));
    let (a, b, hydrant) = (t1.ids[0], t2.ids[0], t1.ids[1]);
    let hangs = |door: u64, as_of: &str| {
        let card = town.get(&format!("/api/v1/places/{door}?{as_of}")).expect(200).json();
        let groups = list(&card["records"]).iter();
        groups.flat_map(|g| list(&g["items"])).any(|item| item["id"].as_u64() == Some(hydrant))
    };
    let day = "datetime=2024-06-01";
    assert!(hangs(b, day) && !hangs(a, day), "as known now it has hung on B all along");
    assert!(hangs(a, &format!("{day}&recorded_at={}", t1.at)), "as known then it hung on A");
}

#[test]
fn a_future_date() {
    let town = Town::empty();
    let id = door(&town).ids[0];
    let soon = time_after_s(&town, 3);
    town.commit(&amend(id, &json!({ "number": "14号" }), &json!({ "from": soon })));
    let number = |as_of| town.seen("doorplate", id, HERE, "number", as_of);
    assert_eq!(number(on(&soon)).as_deref(), Some("14号"));
    let position = || town.get("/health").expect(200).json()["position"].as_str().map(str::to_owned);
    let before = position();
    for _ in 0..200 {
        if position() != before {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_ne!(position(), before, "the boundary passed and the log has no entry of it");
    assert_eq!(number(on("now")).as_deref(), Some("14号"));
    let history = town.get(&format!("/api/v1/places/{id}/history")).expect(200).json();
    assert_eq!(list(&history["versions"]).len(), 3, "time that passes makes no version: {history}");
}

/// A moment a few seconds after the log's clock.
fn time_after_s(town: &Town, seconds: u64) -> String {
    let now = town.get("/health").expect(200).json()["now"].as_str().unwrap_or_default().to_owned();
    let out = std::process::Command::new("date")
        .args(["-u", "-d", &format!("{now} + {seconds} seconds"), "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .expect("date runs");
    String::from_utf8(out.stdout).expect("date prints text").trim().to_owned()
}
