//! The door card: what a place is called, where it lies, who is responsible, and everything that hangs on it.

use menpai_tests::city::City;
use menpai_tests::json::{id, list};
use serde_json::Value;

fn some_ids(city: &City, layer: &str, n: usize) -> Vec<u64> {
    let page = city.get_as_administrator(&format!("/api/v1/layers/{layer}/features?limit={n}")).expect(200).json();
    list(&page["features"]).iter().map(id).collect()
}

#[test]
fn a_doorplate_shows_its_card() {
    let city = City::serve();
    for id in some_ids(&city, "doorplate", 20) {
        let reply = city.get(&format!("/api/v1/places/{id}")).expect(200);
        assert!(reply.header("menpai-position").is_some());
        let card = reply.json();
        assert_eq!((&card["id"], &card["layer"]), (&id.into(), &"doorplate".into()));
        let [title, address] = ["title", "address"].map(|f| card[f].as_str().unwrap_or_default());
        assert!(title.contains('号') || title.contains('弄'), "{card}");
        assert!(address.ends_with(title), "{address} does not end with {title}");
        assert!(address.contains("温州市"), "{address}");
        assert_eq!(card["geometry"]["type"], "Point");
        // From the nearest to the widest; every doorplate of the city lies in all of these.
        let lies_in: Vec<&str> = list(&card["lies_in"]).iter().filter_map(|p| p["layer"].as_str()).collect();
        let at =
            |layer| lies_in.iter().position(|l| *l == layer).unwrap_or_else(|| panic!("no {layer} in {lies_in:?}"));
        assert!(at("grid") < at("community"), "{lies_in:?}");
        assert!(at("community") < at("subdistrict") && at("subdistrict") < at("district"), "{lies_in:?}");
        for place in list(&card["lies_in"]) {
            city.get(&format!("/api/v1/places/{}", place["id"])).expect(200);
        }
        assert!(card["valid"]["from"].is_string() && card["recorded"]["from"].is_string(), "{card}");
        assert!(card["as_of"]["valid"].is_string(), "{card}");
    }
}

#[test]
fn a_visitor_sees_no_person_and_the_administrator_sees_who_is_responsible() {
    let city = City::serve();
    let (mut responsible, mut restricted) = (0, 0);
    for id in some_ids(&city, "doorplate", 60) {
        let path = format!("/api/v1/places/{id}");
        let visitor = city.get(&path).expect(200).json();
        let layers = |card: &Value| -> Vec<String> {
            list(&card["records"]).iter().filter_map(|r| r["layer"].as_str().map(str::to_owned)).collect()
        };
        for private in ["person", "household", "residence", "vehicle", "device", "hazard", "incident", "plate"] {
            assert!(!layers(&visitor).contains(&private.to_owned()), "a visitor sees {private} on {id}");
        }
        // A shop's number is public; a grid worker's is not, unless masked.
        for person in list(&visitor["responsible"]) {
            let phone = person["phone"].as_str().unwrap_or_default();
            assert!(phone.is_empty() || phone.contains('*'), "a visitor reads {phone} on {id}");
        }
        let full = city.get_as_administrator(&path).expect(200).json();
        responsible += list(&full["responsible"]).len();
        restricted +=
            layers(&full).iter().filter(|l| ["device", "hazard", "incident", "plate"].contains(&l.as_str())).count();
    }
    assert!(responsible > 0, "nobody is responsible for any of 60 doorplates");
    assert!(restricted > 0, "no device, hazard, incident or plate hangs on any of 60 doorplates");
}

#[test]
fn buildings_hold_stairwells_floors_and_rooms() {
    let city = City::serve();
    let mut rooms = 0;
    for id in some_ids(&city, "building", 30) {
        let card = city.get_as_administrator(&format!("/api/v1/places/{id}")).expect(200).json();
        for part in list(&card["contains"]) {
            let shown = list(&part["items"]).len() as u64;
            let count = part["count"].as_u64().expect("a count");
            assert!(shown <= 50 && (shown == count || shown == 50), "{part}");
            if part["layer"] == "room" {
                rooms += count;
            }
        }
    }
    assert!(rooms > 0, "30 buildings without a room");
}

#[test]
fn a_card_answers_for_another_time_and_says_so() {
    let city = City::serve();
    let id = some_ids(&city, "doorplate", 1)[0];
    city.get(&format!("/api/v1/places/{id}?datetime=1900-01-01")).problem(404);
    let now = city.get("/catalog").json()["now"].as_str().expect("now").to_owned();
    let year = now.get(..4).expect("a year");
    let card = city.get(&format!("/api/v1/places/{id}?datetime={year}-12-31")).expect(200).json();
    assert!(card["as_of"]["valid"].as_str().is_some_and(|t| t.starts_with(year)), "{card}");
    city.get(&format!("/api/v1/places/{id}?datetime=tomorrow")).problem(400);
    city.get("/api/v1/places/9007199254740991").problem(404);
    city.get("/api/v1/places/x").problem(400);
}
