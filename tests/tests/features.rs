//! The features route: boxes, filters, pages, times, and what an anonymous visitor may see.

use std::collections::BTreeSet;

use menpai_tests::city::City;
use menpai_tests::gdal;
use menpai_tests::http::encode;
use menpai_tests::json::{id, is_english, list, with_id};
use serde_json::Value;

fn ids(features: &[Value]) -> Vec<u64> {
    features.iter().map(id).collect()
}

fn count_of(city: &City, layer: &str) -> u64 {
    with_id(&city.get("/catalog").expect(200).json()["layers"], layer)["count"].as_u64().expect("a count")
}

#[test]
fn pages_give_everything_exactly_once() {
    let city = City::serve();
    let whole = ids(&city.pages("/api/v1/layers/doorplate/features?limit=10000"));
    assert_eq!(whole.len() as u64, count_of(&city, "doorplate"));
    let small = ids(&city.pages("/api/v1/layers/doorplate/features?limit=337"));
    assert_eq!(small.len(), whole.len());
    assert_eq!(small.iter().collect::<BTreeSet<_>>(), whole.iter().collect::<BTreeSet<_>>());
    assert_eq!(small.iter().collect::<BTreeSet<_>>().len(), small.len(), "a feature came twice");
}

#[test]
fn a_box_gives_what_touches_it_and_nothing_else() {
    let city = City::serve();
    let all = city.pages("/api/v1/layers/doorplate/features?limit=10000");
    let [w, s, e, n] = gdal::extent(&all).expect("doorplates have positions");
    let inner = [w + (e - w) * 0.3, s + (n - s) * 0.3, w + (e - w) * 0.6, s + (n - s) * 0.6];
    let expected: BTreeSet<u64> = all
        .iter()
        .filter(|f| {
            let [x, y] = gdal::positions(f)[0];
            inner[0] <= x && x <= inner[2] && inner[1] <= y && y <= inner[3]
        })
        .map(|f| f["id"].as_u64().expect("an id"))
        .collect();
    assert!(!expected.is_empty() && expected.len() < all.len());
    let bbox = inner.map(|v| v.to_string()).join(",");
    let found = ids(&city.pages(&format!("/api/v1/layers/doorplate/features?limit=10000&bbox={bbox}")));
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn filters_on_fields_agree_with_reading_everything() {
    let city = City::serve();
    let all = city.pages("/api/v1/layers/building/features?limit=10000");
    let of = |f: &Value| f["properties"]["levels"].as_i64();
    let some = all.iter().filter_map(&of).max().expect("buildings have levels");
    let equal: BTreeSet<_> = all.iter().filter(|f| of(f) == Some(some)).filter_map(|f| f["id"].as_u64()).collect();
    let found = ids(&city.pages(&format!("/api/v1/layers/building/features?limit=10000&levels={some}")));
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), equal);
    let tall: BTreeSet<_> = all.iter().filter(|f| of(f) >= Some(5)).filter_map(|f| f["id"].as_u64()).collect();
    let found = ids(&city.pages("/api/v1/layers/building/features?limit=10000&levels=gte:5"));
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), tall);
    // Several values mean any of them.
    let either: BTreeSet<_> =
        all.iter().filter(|f| [Some(some), Some(1)].contains(&of(f))).filter_map(|f| f["id"].as_u64()).collect();
    let found = ids(&city.pages(&format!("/api/v1/layers/building/features?limit=10000&levels={some},1")));
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), either);
}

#[test]
fn a_page_can_be_cut_to_some_fields() {
    let city = City::serve();
    let page = city.get("/api/v1/layers/road/features?limit=5&fields=name").expect(200).json();
    for feature in list(&page["features"]) {
        let named: Vec<_> = feature["properties"].as_object().expect("properties").keys().collect();
        assert!(named.iter().all(|k| *k == "name"), "{feature}");
    }
}

#[test]
fn one_feature_by_its_id_is_the_one_of_the_page() {
    let city = City::serve();
    let page = city.get("/api/v1/layers/building/features?limit=3").expect(200).json();
    for feature in list(&page["features"]) {
        let one = city.get(&format!("/api/v1/layers/building/features/{}", feature["id"])).expect(200).json();
        assert_eq!(one["id"], feature["id"]);
        assert_eq!(one["geometry"], feature["geometry"]);
        assert_eq!(one["properties"], feature["properties"]);
    }
    city.get("/api/v1/layers/building/features/9007199254740991").problem(404);
    city.get("/api/v1/layers/building/features/none").problem(400);
}

#[test]
fn what_cannot_be_asked_is_told_by_its_field() {
    let city = City::serve();
    for (wrong, field) in [
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("limit=many", "limit"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,0,1,1", "bbox"),
        ("no_such_field=1", "no_such_field"),
        ("levels=gte:tall", "levels"),
        ("after=gibberish", "after"),
        ("datetime=soon", "datetime"),
    ] {
        let path = format!("/api/v1/layers/building/features?{wrong}");
        let chinese = city.get(&path).problem(400);
        assert_eq!(chinese["errors"][0]["field"], field, "{wrong}: {chinese}");
        let english = city.server.send("GET", &path, &[("Accept-Language", "en-GB,en;q=0.9")]).problem(400);
        assert!(english["detail"].as_str().is_some_and(is_english), "{english}");
        assert_ne!(chinese["title"], english["title"]);
    }
    city.get("/api/v1/layers/no_such_layer/features").problem(404);
}

#[test]
fn anonymous_visitors_see_public_layers_alone() {
    let city = City::serve();
    for layer in ["person", "household", "vehicle", "device", "hazard"] {
        city.get(&format!("/api/v1/layers/{layer}/features?limit=1")).problem(404);
    }
    let people = city.get_as_administrator("/api/v1/layers/person/features?limit=1").expect(200).json();
    assert_eq!(list(&people["features"]).len(), 1, "{people}");
    let catalog = city.get("/catalog").expect(200).json();
    assert!(list(&catalog["layers"]).iter().all(|l| l["class"] == "public"), "{catalog}");
    let wrong = city.server.send("GET", "/catalog", &[("Authorization", "Bearer not-the-token")]);
    wrong.problem(401);
}

#[test]
fn names_and_addresses_are_found() {
    let city = City::serve();
    let road = city.get("/api/v1/layers/road/features?limit=50").expect(200).json();
    let name =
        list(&road["features"]).iter().find_map(|f| f["properties"]["name"].as_str()).expect("a named road").to_owned();
    let found = city.get(&format!("/api/v1/search?q={}&limit=20", encode(&name))).expect(200).json();
    let items = list(&found["items"]);
    assert!(items.iter().any(|i| i["title"].as_str().is_some_and(|t| t.contains(&name))), "{name}: {found}");
    assert!(items.len() <= 20);
    for item in items {
        assert!(item["centre"][0].is_number() && item["bbox"][3].is_number(), "{item}");
    }
    // A doorplate is found by its address.
    let near = city.get("/api/v1/layers/doorplate/features?limit=1").expect(200).json();
    let id = id(&near["features"][0]);
    let card = city.get(&format!("/api/v1/places/{id}")).expect(200).json();
    let title = card["title"].as_str().expect("a title");
    let found = city.get(&format!("/api/v1/search?q={}", encode(title))).expect(200).json();
    assert!(list(&found["items"]).iter().any(|i| i["place"] == id || i["id"] == id), "{title}: {found}");
    // People are never found by an anonymous visitor.
    let person = city.get_as_administrator("/api/v1/layers/person/features?limit=1").json();
    if let Some(name) = person["features"][0]["properties"]["name"].as_str() {
        let found = city.get(&format!("/api/v1/search?q={}", encode(name))).expect(200).json();
        assert!(list(&found["items"]).iter().all(|i| i["layer"] != "person"), "{found}");
    }
    city.get("/api/v1/search").problem(400);
    city.get("/api/v1/search?q=").problem(400);
    assert!(list(&city.get("/api/v1/search?q=%F0%9F%A6%84").expect(200).json()["items"]).is_empty());
}

#[test]
fn the_nearest_doorplates_come_nearest_first() {
    let city = City::serve();
    let all = city.pages("/api/v1/layers/doorplate/features?limit=10000");
    let [lon, lat] = gdal::positions(&all[all.len() / 2])[0];
    let found = city.get(&format!("/api/v1/nearest?lon={lon}&lat={lat}&layer=doorplate&k=5")).expect(200).json();
    let distances: Vec<f64> = list(&found["features"])
        .iter()
        .map(|f| f["distance_m"].as_f64().or(f["properties"]["distance_m"].as_f64()).expect("a distance"))
        .collect();
    assert_eq!(distances.len(), 5);
    assert!(distances[0] < 0.5, "the doorplate itself is nearest: {distances:?}");
    assert!(distances.windows(2).all(|w| w[0] <= w[1]), "{distances:?}");
    // The fifth is the fifth: no other doorplate is nearer.
    let metres = |f: &Value| {
        let [x, y] = gdal::positions(f)[0];
        let [dx, dy] = [(x - lon) * lat.to_radians().cos(), y - lat];
        dx.hypot(dy) * 111_195.0
    };
    let nearer = all.iter().filter(|f| metres(f) < distances[4] * 0.99 - 0.1).count();
    assert!(nearer <= 4, "{nearer} doorplates are nearer than the fifth at {} m", distances[4]);
    city.get("/api/v1/nearest?lat=1").problem(400);
    city.get("/api/v1/nearest?lon=200&lat=1&layer=doorplate").problem(400);
}
