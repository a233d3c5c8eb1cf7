//! What is in a region: by door and by geometry, alone and combined, and counted as it is listed.

use std::collections::BTreeSet;

use menpai_tests::city::City;
use menpai_tests::http;
use menpai_tests::json::{id, list};
use serde_json::{Value, json};

fn ask(city: &City, body: &Value) -> http::Reply {
    let bearer = format!("Bearer {}", city.token());
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
    http::send("POST", &format!("{}/api/v1/query", city.server.base), &headers, body.to_string().as_bytes())
}

fn ids(city: &City, layer: &str, region: &Value, by: &str) -> BTreeSet<u64> {
    let body = json!({ "from": [layer], "region": region, "by": by, "limit": 10_000 });
    list(&ask(city, &body).expect(200).json()["features"]).iter().map(id).collect()
}

fn some(city: &City, layer: &str, n: usize) -> Vec<u64> {
    let page = city.get_as_administrator(&format!("/api/v1/layers/{layer}/features?limit={n}")).expect(200).json();
    list(&page["features"]).iter().map(id).collect()
}

#[test]
fn a_summary_counts_what_a_query_lists() {
    let city = City::serve();
    let now = city.get("/health").expect(200).json()["now"].as_str().unwrap_or_default().to_owned();
    for place in some(&city, "community", 2).into_iter().chain(some(&city, "doorplate", 2)) {
        let told = city.get_as_administrator(&format!("/api/v1/regions/{place}/summary")).expect(200).json();
        assert!(!list(&told["layers"]).is_empty(), "{told}");
        for layer in list(&told["layers"]) {
            let name = layer["layer"].as_str().unwrap_or_default();
            let listed = ids(&city, name, &json!({ "place": place }), "door");
            let others = listed.iter().filter(|id| **id != place).count() as u64;
            assert_eq!(layer["count"].as_u64(), Some(others), "{name} in {place}");
            if let Some(groups) = layer["by"]["groups"].as_array() {
                let sum: u64 = groups.iter().filter_map(|g| g["count"].as_u64()).sum();
                assert_eq!(sum, others, "the groups of {name} in {place}");
            }
        }
        // The store, asked as of the same moment on the recorded axis, counts the same.
        let path = format!("/api/v1/regions/{place}/summary?datetime={now}&recorded_at={now}");
        let past = city.get_as_administrator(&path).expect(200).json();
        let counts = |told: &Value| -> Vec<(String, u64)> {
            let mut all: Vec<_> = list(&told["layers"])
                .iter()
                .map(|l| (l["layer"].as_str().unwrap_or_default().to_owned(), l["count"].as_u64().unwrap_or_default()))
                .collect();
            all.sort();
            all
        };
        let same =
            city.get_as_administrator(&format!("/api/v1/regions/{place}/summary?datetime={now}")).expect(200).json();
        assert_eq!(counts(&past), counts(&same), "{place}");
    }
}

#[test]
fn an_anonymous_summary_tells_of_no_person() {
    let city = City::serve();
    let place = some(&city, "community", 1)[0];
    let layers = |told: &Value| -> BTreeSet<String> {
        list(&told["layers"]).iter().filter_map(|l| l["layer"].as_str().map(str::to_owned)).collect()
    };
    let anyone = layers(&city.get(&format!("/api/v1/regions/{place}/summary")).expect(200).json());
    let all = layers(&city.get_as_administrator(&format!("/api/v1/regions/{place}/summary")).expect(200).json());
    for private in ["person", "household", "residence", "vehicle"] {
        assert!(!anyone.contains(private) && all.contains(private), "{private}: {anyone:?} {all:?}");
    }
    let asked = json!({ "from": ["person"], "region": { "place": place }, "want": "count" });
    http::send("POST", &format!("{}/api/v1/query", city.server.base), &[], asked.to_string().as_bytes()).problem(404);
}

#[test]
fn regions_are_an_algebra() {
    let city = City::serve();
    let [a, b] = some(&city, "community", 2)[..] else { panic!("two communities") };
    let (in_a, in_b) = (json!({ "place": a }), json!({ "place": b }));
    for by in ["door", "geometry"] {
        let own = |region: Value| ids(&city, "facility", &region, by);
        let (of_a, of_b) = (own(in_a.clone()), own(in_b.clone()));
        assert!(!of_a.is_empty() && !of_b.is_empty(), "{by}");
        let either: BTreeSet<u64> = of_a.union(&of_b).copied().collect();
        assert_eq!(own(json!({ "any": [in_a, in_b] })), either, "{by}");
        assert_eq!(own(json!({ "all": [in_a, in_b] })), of_a.intersection(&of_b).copied().collect(), "{by}");
        let only: BTreeSet<u64> = of_a.difference(&of_b).copied().collect();
        assert_eq!(own(json!({ "all": [in_a, { "not": in_b }] })), only, "{by}");
        assert_eq!(own(json!({ "not": { "not": in_a } })), of_a, "{by}");
    }
}

#[test]
fn what_is_near_is_as_near_as_it_says() {
    let city = City::serve();
    let door = some(&city, "doorplate", 1)[0];
    let card = city.get(&format!("/api/v1/places/{door}")).expect(200).json();
    let at = card["geometry"]["coordinates"].clone();
    let near = ids(&city, "doorplate", &json!({ "near": { "of": door, "within_m": 120 } }), "geometry");
    let by_door = ids(
        &city,
        "doorplate",
        &json!({ "near": { "of": { "type": "Point", "coordinates": at }, "within_m": 120 } }),
        "door",
    );
    assert_eq!(near, by_door);
    let listed =
        city.get(&format!("/api/v1/nearest?lon={}&lat={}&layer=doorplate&k=100", at[0], at[1])).expect(200).json();
    let within = list(&listed["features"]).iter().filter(|f| f["distance_m"].as_f64().is_some_and(|d| d <= 120.0));
    let within: BTreeSet<u64> = within.map(id).collect();
    assert!(within.len() < 100, "too dense a city for this test");
    assert_eq!(near, within);
}

#[test]
fn the_same_door_is_found_from_what_hangs_on_it() {
    let city = City::serve();
    let room = some(&city, "room", 1)[0];
    let rooms = ids(&city, "room", &json!({ "same_door_as": room }), "door");
    assert!(rooms.contains(&room) && rooms.len() < some(&city, "room", 10_000).len());
    let people = ids(&city, "household", &json!({ "same_door_as": room }), "door");
    if let Some(household) = people.first() {
        assert_eq!(ids(&city, "room", &json!({ "same_door_as": household }), "door"), rooms);
    }
}

#[test]
fn a_wrong_question_is_told_what_is_wrong() {
    let city = City::serve();
    let refuse = |body: Value, status: u16| ask(&city, &body).problem(status);
    refuse(json!({ "from": [] }), 400);
    refuse(json!({ "from": ["nowhere"], "want": "count" }), 404);
    refuse(json!({ "from": ["facility"], "region": { "place": 9_999_999 } }), 404);
    refuse(json!({ "from": ["facility"], "by": "smell" }), 400);
    refuse(json!({ "from": ["facility"], "limit": 100_000 }), 400);
    refuse(json!({ "from": ["facility"], "region": { "shape": { "type": "Point", "coordinates": [120, 28] } } }), 400);
    let point = json!({ "type": "Point", "coordinates": [120, 28] });
    refuse(json!({ "from": ["facility"], "region": { "near": { "of": point, "within_m": -1 } } }), 400);
    refuse(json!({ "from": ["facility"], "region": { "all": vec![json!({ "place": 1 }); 300] } }), 413);
    let deep = format!(
        "{{\"from\":[\"facility\"],\"region\":{}{{\"place\":1}}{}}}",
        "{\"not\":".repeat(5000),
        "}".repeat(5000)
    );
    http::send("POST", &format!("{}/api/v1/query", city.server.base), &[], deep.as_bytes()).problem(400);
    assert_eq!(city.get("/health").expect(200).json()["status"], "ok");
}

#[test]
fn a_filter_in_text_and_in_json_finds_the_same() {
    let city = City::serve();
    let community = some(&city, "community", 1)[0];
    let count = |filter: Value| {
        let body = json!({ "from": ["facility"], "region": { "place": community }, "filter": filter, "want": "count" });
        ask(&city, &body).expect(200).json()["count"].as_u64().expect("a count")
    };
    let all = count(json!("id > 0"));
    let text = count(json!("kind IN ('restaurant', 'convenience') AND name LIKE '%'"));
    let as_json = json!({ "op": "and", "args": [
        { "op": "in", "args": [{ "property": "kind" }, ["restaurant", "convenience"]] },
        { "op": "like", "args": [{ "property": "name" }, "%"] },
    ] });
    assert_eq!(count(as_json), text);
    assert!(0 < text && text < all, "{text} of {all}");
    let rest = count(json!("NOT kind IN ('restaurant', 'convenience')"));
    assert!(text + rest <= all);

    // The features route takes the same, and the store answers like the index.
    let query = http::encode("kind = 'park' AND S_INTERSECTS(geometry, BBOX(100, 20, 130, 40))");
    let listed = city.get(&format!("/api/v1/layers/facility/features?filter={query}&limit=10000")).expect(200).json();
    let plain = city.get("/api/v1/layers/facility/features?kind=park&limit=10000").expect(200).json();
    assert!(!list(&plain["features"]).is_empty());
    assert_eq!(listed["features"], plain["features"]);

    let wrong = |filter: &str| {
        let path = format!("/api/v1/layers/facility/features?filter={}", http::encode(filter));
        let problem = city.get(&path).problem(400);
        assert_eq!(problem["errors"][0]["field"], "filter", "{problem}");
        problem["detail"].as_str().unwrap_or_default().to_owned()
    };
    wrong("kind = ");
    wrong("kind = 'park' OR");
    wrong("no_such_field = 1");
    wrong("steal(kind)");
    wrong("'; DROP TABLE version; --");
    let bomb = format!("{}1=1{}", "(".repeat(3000), ")".repeat(3000));
    let path = format!("/api/v1/layers/facility/features?filter={}", http::encode(&bomb));
    assert!([400, 413].contains(&city.get(&path).status));
    assert_eq!(city.get("/health").expect(200).json()["status"], "ok");
}
