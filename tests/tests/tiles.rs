//! Vector tiles hold the same features as the features route, as GDAL's own decoder reads them.

use std::collections::{BTreeMap, BTreeSet};

use menpai_tests::city::City;
use menpai_tests::gdal;
use menpai_tests::grid::Coordinate;
use menpai_tests::http::Reply;
use menpai_tests::json::{id, is_english, list};
use serde_json::Value;

/// Every feature of a layer in a box, over all pages.
fn features(city: &City, layer: &str, [w, s, e, n]: [f64; 4]) -> BTreeMap<u64, Value> {
    let all = city.pages(&format!("/api/v1/layers/{layer}/features?bbox={w},{s},{e},{n}&limit=5000"));
    all.into_iter().map(|f| (id(&f), f)).collect()
}

/// A doorplate in the middle of the city, as longitude and latitude.
fn middle(city: &City) -> [f64; 2] {
    let centre = city.get("/catalog").expect(200).json()["centre"].clone();
    let [lon, lat] = [0, 1].map(|i| centre[i].as_f64().expect("the catalogue names a centre"));
    let near = city.get(&format!("/api/v1/nearest?lon={lon}&lat={lat}&layer=doorplate&k=1")).expect(200).json();
    gdal::positions(&near["features"][0])[0]
}

/// The id that a feature has in its tile.
fn mvt_id(feature: &Value) -> u64 {
    feature["properties"]["mvt_id"].as_u64().expect("every feature in a tile has an id")
}

/// Ids of a layer in a decoded tile.
fn ids(decoded: &[(String, Vec<Value>)], layer: &str) -> BTreeSet<u64> {
    let of_layer = decoded.iter().filter(|(name, _)| name == layer).flat_map(|(_, f)| f);
    of_layer.map(mvt_id).collect()
}

fn fetch(city: &City, layers: &str, tile: Coordinate) -> Vec<u8> {
    city.get(&format!("/tiles/{layers}/{}", tile.path())).expect(200).body()
}

#[test]
fn points_in_a_tile_are_the_points_of_the_features_route() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    for z in [16, 17, 18] {
        let tile = Coordinate::at(z, lon, lat);
        let decoded = gdal::tile(&fetch(&city, "doorplate", tile), z, tile.x, tile.y, city.folder.path());
        let told = features(&city, "doorplate", tile.bounds());
        assert!(!told.is_empty(), "no doorplate in {tile:?}");
        let in_tile = ids(&decoded, "doorplate");
        let missing: Vec<_> = told.keys().filter(|id| !in_tile.contains(id)).collect();
        assert!(missing.is_empty(), "z{z}: doorplates {missing:?} lie in the tile's box but not in the tile");

        let mut near = 0;
        for feature in decoded.iter().flat_map(|(_, f)| f) {
            let Some(source) = told.get(&mvt_id(feature)) else { continue };
            let [[x, y], [x0, y0]] = [gdal::positions(feature)[0], gdal::positions(source)[0]];
            let most = 1.01 * tile.step_degrees();
            assert!((x - x0).abs() <= most && (y - y0).abs() <= most, "z{z}: {x},{y} is not {x0},{y0}");
            near += 1;
        }
        assert_eq!(near, told.len(), "z{z}");
    }
}

#[test]
fn shapes_in_a_tile_cover_what_the_features_route_tells() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let z = 17;
    let tile = Coordinate::at(z, lon, lat);
    let bounds @ [west, south, east, north] = tile.bounds();
    for layer in ["building", "road", "grid"] {
        let decoded = gdal::tile(&fetch(&city, layer, tile), z, tile.x, tile.y, city.folder.path());
        let told = features(&city, layer, bounds);
        let in_tile = ids(&decoded, layer);
        assert!(!told.is_empty(), "{layer}: nothing near the middle of the city");
        // A shape that only touches the border may be clipped away; one with a vertex inside may not.
        let inside = |f: &Value| {
            let step = 2.0 * tile.step_degrees();
            let within =
                |p: &[f64; 2]| p[0] > west + step && p[0] < east - step && p[1] > south + step && p[1] < north - step;
            gdal::positions(f).iter().any(within)
        };
        for (id, feature) in told.iter().filter(|(_, f)| inside(f)) {
            assert!(in_tile.contains(id), "{layer} {id} has a vertex in the tile but is not in it: {feature}");
        }
        // What lies wholly inside keeps its extent, to within two steps of the tile.
        for feature in decoded.iter().flat_map(|(_, f)| f) {
            let Some(source) = told.get(&mvt_id(feature)) else { continue };
            let (Some(cut), Some(whole)) = (gdal::extent([feature]), gdal::extent([source])) else {
                panic!("{layer}: a feature without a position: {feature}")
            };
            if whole[0] > west && whole[1] > south && whole[2] < east && whole[3] < north {
                let most = 2.0 * tile.step_degrees();
                let near = cut.iter().zip(whole).all(|(a, b)| (a - b).abs() <= most);
                assert!(near, "{layer}: {cut:?} is not {whole:?}");
            }
        }
    }
}

#[test]
fn low_zooms_show_less_and_never_something_else() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let mut above: Option<BTreeSet<u64>> = None;
    for z in (10..=18).rev() {
        let tile = Coordinate::at(z, lon, lat);
        let reply = city.get(&format!("/tiles/road/{}", tile.path()));
        let shown = if reply.status == 204 {
            BTreeSet::new()
        } else {
            let told: BTreeSet<u64> = features(&city, "road", widened(tile)).into_keys().collect();
            let shown = ids(&gdal::tile(&reply.expect(200).body(), z, tile.x, tile.y, city.folder.path()), "road");
            let strange: Vec<_> = shown.difference(&told).collect();
            assert!(strange.is_empty(), "z{z} shows roads {strange:?} that do not lie there");
            shown
        };
        // The parent tile covers this one: it may leave out small things, but a road it shows does not vanish nearer by.
        if let Some(children) = above.replace(shown.clone()) {
            let inside: BTreeSet<u64> =
                features(&city, "road", Coordinate::at(z + 1, lon, lat).bounds()).into_keys().collect();
            let vanished: Vec<_> = shown.intersection(&inside).filter(|id| !children.contains(id)).collect();
            assert!(vanished.is_empty(), "roads {vanished:?} are shown at z{z} but not at z{}", z + 1);
        }
    }
}

/// The box of a tile with its buffer, and a little more.
fn widened(tile: Coordinate) -> [f64; 4] {
    let [w, s, e, n] = tile.bounds();
    let [dx, dy] = [(e - w) * 0.1, (n - s) * 0.1];
    [w - dx, s - dy, e + dx, n + dy]
}

#[test]
fn a_list_of_layers_is_one_tile_and_restricted_layers_stay_out() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let tile = Coordinate::at(17, lon, lat);
    let names = |bytes: &[u8]| -> Vec<String> {
        gdal::tile(bytes, tile.z, tile.x, tile.y, city.folder.path()).into_iter().map(|(n, _)| n).collect()
    };
    let both = names(&fetch(&city, "building,doorplate", tile));
    assert!(both.contains(&"building".to_owned()) && both.contains(&"doorplate".to_owned()), "{both:?}");
    assert_eq!(names(&fetch(&city, "doorplate,person,device", tile)), ["doorplate"]);
    city.get(&format!("/tiles/person/{}", tile.path())).problem(404);
    city.get(&format!("/tiles/no_such_layer/{}", tile.path())).problem(404);
    // Restricted layers never leave as tiles, not even for the administrator.
    city.get_as_administrator(&format!("/tiles/person/{}", tile.path())).problem(404);
}

#[test]
fn the_name_of_an_area_is_written_once_however_many_tiles_it_lies_in() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let (z, middle) = (15, Coordinate::at(15, lon, lat));
    let mut labelled: BTreeMap<u64, Vec<[f64; 2]>> = BTreeMap::new();
    for tile in (0..9).map(|n| Coordinate { z, x: middle.x - 1 + n % 3, y: middle.y - 1 + n / 3 }) {
        let reply = city.get(&format!("/tiles/grid:label/{}", tile.path()));
        if reply.status == 204 {
            continue;
        }
        let decoded = gdal::tile(&reply.expect(200).body(), z, tile.x, tile.y, city.folder.path());
        assert!(decoded.iter().all(|(name, _)| name == "grid:label"));
        for feature in decoded.iter().flat_map(|(_, f)| f) {
            assert!(feature["properties"]["name"].is_string(), "{feature}");
            labelled.entry(mvt_id(feature)).or_default().extend(gdal::positions(feature));
        }
    }
    let [w, s, ..] = Coordinate { z, x: middle.x - 1, y: middle.y + 1 }.bounds();
    let [.., e, n] = Coordinate { z, x: middle.x + 1, y: middle.y - 1 }.bounds();
    let told = features(&city, "grid", [w, s, e, n]);
    assert!(labelled.len() > 3, "{labelled:?}");
    for (id, places) in &labelled {
        let [[x, y]] = places.as_slice() else { panic!("grid {id} has {} labels", places.len()) };
        let outline = gdal::positions(&told[id]);
        let between =
            |axis: usize, at: f64| outline.iter().any(|p| p[axis] < at) && outline.iter().any(|p| p[axis] > at);
        assert!(between(0, *x) && between(1, *y), "{x},{y} is not in grid {id}");
    }
    city.get("/tiles/road:label/15/100/100").problem(404);
    city.get("/tiles/person:label/15/100/100").problem(404);
    let described = city.get("/tiles/grid,grid:label").expect(200).json();
    let ids: Vec<_> = list(&described["vector_layers"]).iter().map(|l| l["id"].clone()).collect();
    assert_eq!(ids, ["grid", "grid:label"]);
}

#[test]
fn tiles_are_validated_and_compressed_as_the_client_asks() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let tile = Coordinate::at(16, lon, lat);
    let path = format!("/tiles/building,doorplate,road/{}", tile.path());
    let plain = city.get(&path).expect(200);
    assert_eq!(plain.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
    assert_eq!(plain.header("cache-control"), Some("no-cache"));
    assert!(plain.header("menpai-position").is_some());
    assert!(plain.header("content-encoding").is_none(), "nothing was asked for, so nothing is compressed");

    for encoding in ["gzip", "br"] {
        let reply = city.server.send("GET", &path, &[("Accept-Encoding", encoding)]).expect(200);
        assert_eq!(reply.header("content-encoding"), Some(encoding));
        assert!(reply.header("vary").is_some_and(|v| v.to_ascii_lowercase().contains("accept-encoding")));
        assert_eq!(reply.body(), plain.raw, "{encoding} holds other bytes");
        assert!(reply.raw.len() < plain.raw.len());
    }
    let etag = |reply: &Reply| reply.header("etag").expect("an ETag").to_owned();
    let tag = etag(&plain);
    assert!(tag.starts_with('"'), "a strong ETag: {tag}");
    let again = city.server.send("GET", &path, &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.raw.len()), (304, 0));
    assert_eq!(etag(&again), tag);
    assert_eq!(city.server.send("GET", &path, &[("If-None-Match", "\"other\"")]).status, 200);
    for suffix in [".mvt", ".pbf"] {
        assert_eq!(city.get(&format!("{path}{suffix}")).expect(200).raw, plain.raw);
    }
}

#[test]
fn coordinates_out_of_range_are_refused_in_both_languages() {
    let city = City::serve();
    for wrong in ["3/8/0", "3/0/8", "31/0/0", "99/1/1", "3/-1/0", "3/a/0", "4294967296/0/0", "3/1.5/1"] {
        let reply = city.get(&format!("/tiles/doorplate/{wrong}"));
        let status = reply.status;
        assert!(status == 400 || status == 404, "{wrong}: {status}");
        let chinese = reply.problem(status);
        let path = format!("/tiles/doorplate/{wrong}");
        let english = city.server.send("GET", &path, &[("Accept-Language", "en")]).problem(status);
        assert_ne!(chinese["detail"], english["detail"], "{wrong}");
        assert!(english["detail"].as_str().is_some_and(is_english), "{english}");
    }
    // Somewhere in the Pacific there is nothing, and that is an answer.
    let nothing = city.get("/tiles/doorplate/16/100/100");
    assert_eq!((nothing.status, nothing.raw.len()), (204, 0));
    city.get("/tiles/doorplate/0/0/0.png").problem(400);
}

#[test]
fn tilejson_describes_the_layers_and_its_template_works() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let json = city.get("/tiles/building,doorplate").expect(200).json();
    assert_eq!(json["tilejson"], "3.0.0");
    let named: Vec<_> = json["vector_layers"].as_array().expect("layers").iter().map(|l| l["id"].clone()).collect();
    assert_eq!(named, ["building", "doorplate"]);
    assert!(json["vector_layers"][1]["fields"].as_object().is_some_and(|f| !f.is_empty()), "{json}");
    let [w, s, e, n] = [0, 1, 2, 3].map(|i| json["bounds"][i].as_f64().expect("bounds"));
    assert!(w < lon && lon < e && s < lat && lat < n, "the city lies outside its bounds {json}");
    let zooms = [json["minzoom"].as_u64().expect("minzoom"), json["maxzoom"].as_u64().expect("maxzoom")];
    assert!(zooms[0] < zooms[1] && zooms[1] <= 24, "{zooms:?}");
    let tile = Coordinate::at(16, lon, lat);
    let template = json["tiles"][0].as_str().expect("a template");
    let url = template.replace("{z}", "16").replace("{x}", &tile.x.to_string()).replace("{y}", &tile.y.to_string());
    let path = url.strip_prefix(&city.server.base).unwrap_or_else(|| panic!("{url} is not of this server"));
    assert_eq!(city.get(path).expect(200).raw, fetch(&city, "building,doorplate", tile));
    city.get("/tiles/no_such_layer").problem(404);
    city.get("/tiles/person").problem(404);
}

#[test]
fn tiles_answer_for_another_time() {
    let city = City::serve();
    let [lon, lat] = middle(&city);
    let path = format!("/tiles/building/{}", Coordinate::at(15, lon, lat).path());
    let now = city.get(&path).expect(200).raw;
    // Before the city began, there is nothing.
    assert_eq!(city.get(&format!("{path}?datetime=1900-01-01")).status, 204);
    // Recorded before the store was born, there is nothing either, and that never changes: it may be kept.
    let born_later = city.get(&format!("{path}?recorded_at=1990-01-01T00:00:00Z"));
    assert_eq!((born_later.status, born_later.raw.len()), (204, 0));
    let named = city.get("/catalog").json()["now"].as_str().expect("now").to_owned();
    let at_now = city.get(&format!("{path}?datetime={}", menpai_tests::http::encode(&named))).expect(200);
    assert_eq!(at_now.raw, now, "the same time asked for by name");
    for wrong in ["datetime=yesterday", "recorded_at=2026-13-01", "datetime=2026-01-01T25:00:00Z"] {
        let problem = city.get(&format!("{path}?{wrong}")).problem(400);
        assert_eq!(problem["errors"][0]["field"], wrong.split('=').next().unwrap_or_default(), "{problem}");
        // It shows how a time is written.
        assert!(problem["detail"].as_str().is_some_and(|d| d.contains("2026-03-01")), "{wrong}: {problem}");
    }
}

#[test]
fn buildings_rise_and_fall_between_the_years() {
    let city = City::serve();
    let [w, s, e, n] = {
        let bounds = city.get("/catalog").json()["bounds"].clone();
        [0, 1, 2, 3].map(|i| bounds[i].as_f64().expect("bounds"))
    };
    let ids_at = |time: &str| -> BTreeSet<u64> {
        let path = format!("/api/v1/layers/building/features?bbox={w},{s},{e},{n}&limit=10000&datetime={time}");
        city.pages(&path).iter().map(id).collect()
    };
    let now = city.get("/catalog").json()["now"]
        .as_str()
        .expect("now")
        .get(..4)
        .expect("a year")
        .parse::<u32>()
        .expect("a year");
    let [before, today] = [ids_at(&format!("{}-01-01", now - 1)), ids_at(&format!("{now}-12-31"))];
    assert_ne!(before, today, "two years of change leave a trace");
}
