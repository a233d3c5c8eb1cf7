use std::sync::Arc;

use gis_data::{Class, Feature, Method, PlaceId, Properties, Recorded, Scope};

use super::*;

fn shown(scope: &Scope, id: u64, layer: &str, fields: &[(&str, Value)]) -> Shown {
    let feature = Feature {
        id: FeatureId::new(id).unwrap(),
        layer: LayerId::new(layer).unwrap(),
        geometry: None,
        properties: fields.iter().cloned().collect::<Properties>(),
        valid: Interval::since("2026-01-01".parse().unwrap()),
        recorded: Recorded::since(1, "2026-01-02".parse().unwrap()),
        min_zoom: 0,
    };
    scope.admit(Arc::new(feature)).unwrap()
}

fn hangs(thing: u64, place: u64, method: Method, distance_m: f64) -> Fact {
    Fact {
        thing: FeatureId::new(thing).unwrap(),
        relation: Relation::HangsOn,
        place: PlaceId(FeatureId::new(place).unwrap()),
        method,
        distance_m: Some(distance_m),
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
    }
}

fn text(t: &str) -> Value {
    Value::from(t)
}

fn card(scope: &Scope) -> Card {
    let catalog = Catalog::built_in().unwrap();
    let row = |id, layer: &str, fields: &[(&str, Value)]| shown(scope, id, layer, fields);
    let place = row(10, "doorplate", &[("road_name", text("墨池坊")), ("number", text("12号"))]);
    let above = [
        row(1, "district", &[("name", text("鹿城区"))]),
        row(4, "grid", &[("name", text("第一网格")), ("leader", text("王伟")), ("phone", text("13800138000"))]),
        row(2, "subdistrict", &[("name", text("五马街道"))]),
        row(5, "road", &[("name", text("墨池坊"))]),
        row(3, "community", &[("name", text("墨池社区"))]),
        row(6, "microgrid", &[("name", text("微网格一")), ("leader", text("李娜"))]),
        row(3, "community", &[("name", text("墨池社区"))]),
    ];
    let below = [
        row(22, "stairwell", &[("number", text("10"))]),
        row(21, "stairwell", &[("number", text("2"))]),
        row(20, "building", &[("number", text("1"))]),
    ];
    let records = [
        row(31, "component", &[("kind", text("street_lamp")), ("code", text("A-7"))]),
        row(32, "facility", &[("name", text("城市书房")), ("kind", text("library"))]),
        row(33, "facility", &[("name", text("药店"))]),
        row(34, "organisation", &[("name", text("某公司")), ("phone", text("0577-1"))]),
    ];
    let facts = [
        hangs(31, 10, Method::Nearest, 20.0),
        hangs(32, 10, Method::Nearest, 30.0),
        hangs(32, 20, Method::Contained, 5.0),
        hangs(33, 10, Method::Nearest, 3.0),
    ];
    compose(&Sources {
        catalog: &catalog,
        place: &place,
        geometry: serde_json::Value::Null,
        above: &above,
        below: &below,
        records: &records,
        counts: &[(LayerId::new("component").unwrap(), 70)].into_iter().collect(),
        facts: &facts,
        as_of: ("2026-03-01".parse().unwrap(), "2026-03-02".parse().unwrap()),
    })
}

#[test]
fn a_card_goes_from_the_nearest_to_the_widest_and_from_the_urgent_to_the_quiet() {
    let card = card(&Scope::everything("admin"));
    assert_eq!(card.title, "墨池坊12号");
    assert_eq!(card.address.as_deref(), Some("鹿城区五马街道墨池社区墨池坊12号"));
    let names: Vec<_> = card.lies_in.iter().map(|w| w.name.as_str()).collect();
    assert_eq!(names, ["墨池坊", "微网格一", "第一网格", "墨池社区", "五马街道", "鹿城区"]);
    let roles: Vec<_> =
        card.responsible.iter().map(|r| (r.role.as_str(), r.name.as_str(), r.phone.as_deref())).collect();
    assert_eq!(roles, [("微网格长", "李娜", None), ("网格长", "王伟", Some("13800138000"))]);
    let contains: Vec<Vec<_>> =
        card.contains.iter().map(|g| g.items.iter().map(|i| i.title.as_str()).collect()).collect();
    assert_eq!(contains, [vec!["1幢"], vec!["2单元", "10单元"]]);
    let records: Vec<_> = card.records.iter().map(|g| (g.layer.as_str(), g.count, g.items.len())).collect();
    assert_eq!(records, [("facility", 2, 2), ("organisation", 1, 1), ("component", 70, 1)]);
    let shops: Vec<_> = card.records[0].items.iter().map(|i| (i.title.as_str(), i.distance_m, i.method)).collect();
    assert_eq!(shops, [("药店", Some(3.0), Some(Method::Nearest)), ("城市书房", Some(5.0), Some(Method::Contained))]);
    assert_eq!(card.records[2].items[0].title, "路灯 A-7");
}

#[test]
fn a_card_is_sent_as_the_contract_says() {
    let json = serde_json::to_value(card(&Scope::everything("admin"))).unwrap();
    assert_eq!(json["id"], 10);
    assert_eq!(json["valid"], serde_json::json!({ "from": "2025-12-31T16:00:00Z", "until": null }));
    assert_eq!(json["recorded"]["from"], "2026-01-01T16:00:00Z");
    assert_eq!(json["as_of"]["valid"], "2026-02-28T16:00:00Z");
    assert_eq!(json["records"][0]["title"]["en"], "Facility");
    assert_eq!(json["records"][0]["items"][0]["method"], "nearest");
    assert_eq!(json["contains"][0]["items"][0], serde_json::json!({ "id": 20, "title": "1幢" }));
    assert_eq!(json["properties"]["number"], "12号");
}

#[test]
fn who_may_not_see_a_leader_sees_none() {
    let catalog = Catalog::built_in().unwrap();
    let card = card(&Scope::up_to("anonymous", &catalog, Class::Public));
    assert!(card.responsible.is_empty());
    assert_eq!(card.lies_in.len(), 6);
    let company = &card.records.iter().find(|g| g.layer.as_str() == "organisation").unwrap().items[0];
    assert!(!company.properties.contains_key("phone"));
    assert_eq!(card.title, "墨池坊12号");
}

#[test]
fn a_thing_is_called_by_what_people_say() {
    let (catalog, scope) = (Catalog::built_in().unwrap(), Scope::everything("admin"));
    let title = |layer: &str, fields: &[(&str, Value)]| {
        title_of(&shown(&scope, 7, layer, fields), catalog.layer(layer).unwrap())
    };
    assert_eq!(title("facility", &[("name", text("图书馆")), ("kind", text("library"))]), "图书馆");
    assert_eq!(title("doorplate", &[("compound_name", text("锦绣小区")), ("number", text("5"))]), "锦绣小区5号");
    assert_eq!(title("doorplate", &[("road_name", text("墨池坊")), ("number", text("墨池坊5号"))]), "墨池坊5号");
    assert_eq!(title("doorplate", &[("name", text("市政府"))]), "市政府");
    assert_eq!(title("building", &[("number", text("3号楼"))]), "3号楼");
    assert_eq!(title("floor", &[("number", Value::Int(-1))]), "地下1层");
    assert_eq!(title("room", &[("number", text("12-301"))]), "12-301室");
    assert_eq!(title("address", &[("text", text("温州市墨池坊5号"))]), "温州市墨池坊5号");
    assert_eq!(title("device", &[("kind", text("smoke")), ("serial", text("S1"))]), "烟感 S1");
    assert_eq!(title("component", &[("kind", text("drone_pad"))]), "drone_pad");
    assert_eq!(title("household", &[]), "家庭户 7");
}

#[test]
fn a_room_has_the_address_of_its_door_and_what_lies_between() {
    let (catalog, scope) = (Catalog::built_in().unwrap(), Scope::everything("admin"));
    let room = shown(&scope, 9, "room", &[("number", text("301"))]);
    let above = [
        shown(&scope, 1, "doorplate", &[("address", text("鹿城区墨池坊12号"))]),
        shown(&scope, 2, "stairwell", &[("number", text("2"))]),
        shown(&scope, 3, "building", &[("number", text("1"))]),
        shown(&scope, 4, "community", &[("name", text("墨池社区"))]),
    ];
    let card = compose(&Sources {
        catalog: &catalog,
        place: &room,
        geometry: serde_json::Value::Null,
        above: &above,
        below: &[],
        records: &[],
        counts: &BTreeMap::new(),
        facts: &[],
        as_of: (Instant::DAWN, Instant::FOREVER),
    });
    assert_eq!(card.address.as_deref(), Some("鹿城区墨池坊12号1幢2单元301室"));
    assert_eq!(card.as_of, Clocks { valid: None, recorded: None });
}
