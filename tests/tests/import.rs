//! Real files come in whole: counts by layer, extents and sampled coordinates agree with what GDAL says of the same files.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use menpai_tests::program::{Outcome, Server, menpai};
use menpai_tests::{data, gdal, json};
use serde_json::Value;
use tempfile::TempDir;

/// Half a metre: what separates two implementations of one datum shift, and far less than any mistake.
const SHIFTED_DEGREES: f64 = 5e-6;
/// A centimetre: coordinates that were only read and written.
const SAME_DEGREES: f64 = 1e-7;

/// What an independent reader expects in each layer.
type Expected = BTreeMap<&'static str, Vec<Value>>;

fn import(store: &Path, files: &[PathBuf], more: &[&str]) -> Outcome {
    let names: Vec<_> = files.iter().map(|f| f.to_string_lossy().into_owned()).collect();
    let store = store.to_string_lossy().into_owned();
    let mut args = vec!["import"];
    args.extend(names.iter().map(String::as_str));
    let rejects = format!("{store}.rejects.csv");
    args.extend(["--store", &store, "--json"]);
    if !more.contains(&"--rejects") {
        args.extend(["--rejects", &rejects]);
    }
    args.extend(more);
    menpai(&args)
}

fn tally(outcome: &Outcome, layer: &str, what: &str) -> u64 {
    outcome.last_json()["layers"][layer][what].as_u64().unwrap_or_default()
}

/// Imports `files` into a new store, compares it with `expected`, imports them again and finds that nothing changed.
#[track_caller]
fn check(files: &[PathBuf], expected: &Expected, tolerance: f64) {
    let folder = TempDir::new().expect("a temporary folder");
    let store = folder.path().join("store");
    let dry = import(&store, files, &["--dry-run"]).ok();
    let first = import(&store, files, &[]).ok();
    assert_eq!(dry.last_json()["layers"], first.last_json()["layers"], "a dry run tells what the import then does");
    for (layer, features) in expected {
        let [added, rejected] = ["added", "rejected"].map(|what| tally(&first, layer, what));
        let told = || format!("{layer} of {files:?}: {} expected, {}", features.len(), first.last_json());
        let all = features.len() as u64;
        if files.iter().all(|f| f.to_string_lossy().contains(".osm")) {
            // Elements that reach out of an extract have no shape: GDAL draws what is left of them, the import refuses them.
            // And GDAL overlooks a tagged way here and there that is also the outer ring of a relation.
            let unreadable = first.last_json()["unreadable"].as_u64().unwrap_or_default();
            assert!(added + rejected <= all + all / 200 + 1, "too many: {}", told());
            assert!(added + rejected + unreadable >= all, "lost without a word: {}", told());
            assert!(added * 10 >= all * 9, "too many refused: {}", told());
        } else {
            assert_eq!(added + rejected, all, "{}", told());
            assert_eq!(rejected, invalid(features), "GEOS refuses others: {}", told());
        }
    }
    let server = Server::serve(&store);
    for (layer, features) in expected.iter().filter(|(_, f)| !f.is_empty()) {
        compare(&server, layer, features, tally(&first, layer, "added"), tolerance);
    }
    let position = server.get("/catalog").json()["position"].clone();
    assert_eq!(server.stop(), Some(0));

    let again = import(&store, files, &[]).ok().last_json();
    for (layer, tally) in again["layers"].as_object().expect("layers") {
        assert_eq!(
            (&tally["added"], &tally["changed"]),
            (&0.into(), &0.into()),
            "{layer}: the second import changed something: {again}"
        );
    }
    let server = Server::serve(&store);
    assert_eq!(server.get("/catalog").json()["position"], position, "an import that changes nothing writes nothing");
}

/// How many of the features GEOS, by way of GDAL, calls invalid.
fn invalid(features: &[Value]) -> u64 {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("shapes.geojsonl");
    let lines: Vec<_> = features.iter().map(ToString::to_string).collect();
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let count = "SELECT COUNT(*) AS n FROM shapes WHERE geometry IS NOT NULL AND NOT ST_IsValid(geometry)";
    // GDAL tells the format by how a line begins, and these lines begin with another member: so it is named.
    let named = PathBuf::from(format!("GeoJSONSeq:{}", file.display()));
    let told = gdal::features(&named, &["-dialect", "sqlite", "-sql", count]);
    told[0]["properties"]["n"].as_u64().expect("a count")
}

/// Compares one layer of a served store with the features that GDAL reads.
#[track_caller]
fn compare(server: &Server, layer: &str, expected: &[Value], count: u64, tolerance: f64) {
    let token = format!("Bearer {}", server.token());
    let mut ours = Vec::new();
    let mut next = Some(format!("/api/v1/layers/{layer}/features?limit=10000"));
    while let Some(path) = next {
        let page = server.send("GET", &path, &[("Authorization", &token)]).expect(200).json();
        ours.extend(json::list(&page["features"]).iter().cloned());
        next = page["next"].as_str().map(|url| url.trim_start_matches(&server.base).to_owned());
    }
    assert_eq!(ours.len() as u64, count, "{layer}");
    let [mine, theirs] = [gdal::extent(&ours), gdal::extent(expected)].map(|e| e.unwrap_or([f64::NAN; 4]));
    // A rejected feature may have stood at the border, a doorplate inside a surface has a place of its own: then the
    // extents differ, and the samples still have to agree.
    if ours.len() == expected.len() && expected.iter().all(|f| !f["geometry"].is_null()) {
        assert!(
            mine.iter().zip(theirs).all(|(a, b)| (a - b).abs() <= tolerance),
            "{layer}: {mine:?} is not {theirs:?}"
        );
    }
    let cell = |[x, y]: [f64; 2]| [(x / tolerance / 4.0).round() as i64, (y / tolerance / 4.0).round() as i64];
    let known: HashSet<[i64; 2]> = ours.iter().flat_map(gdal::positions).map(cell).collect();
    let all: Vec<[f64; 2]> = expected.iter().flat_map(gdal::positions).collect();
    let sampled = all.iter().step_by((all.len() / 100).max(1)).take(100);
    let missing: Vec<_> = sampled
        .filter(|p| {
            let [x, y] = cell(**p);
            !(-1..=1).any(|dx| (-1..=1).any(|dy| known.contains(&[x + dx, y + dy])))
        })
        .collect();
    // What was refused is missing too, and large shapes are refused more often than small ones.
    let refused = expected.len().saturating_sub(ours.len());
    let most = 1 + 300 * refused / expected.len();
    assert!(missing.len() <= most, "{layer}: {missing:?} of GDAL's coordinates are not in the store");
}

// --- OpenStreetMap, by GDAL's own OSM reader

fn text<'a>(feature: &'a Value, field: &str) -> Option<&'a str> {
    feature["properties"][field].as_str()
}

/// Values of `highway` that the map of tags calls a road.
const ROADS: &str = "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link \
    unclassified residential road service busway bus_guideway living_street pedestrian footway corridor path bridleway steps \
    cycleway track trail via_ferrata raceway escape";

fn osm(file: &Path) -> Expected {
    // The driver reads its configuration from a file; it lies beside this test.
    let config = menpai_tests::repository::root().join("tests/tests/oracle/osmconf.ini");
    let option = format!("CONFIG_FILE={}", config.display());
    let read = |layer: &str| gdal::features(file, &["-oo", &option, layer]);
    let areas = read("multipolygons");
    let is = |f: &Value, field: &str, not: &[&str]| text(f, field).is_some_and(|v| !not.contains(&v));
    let building = areas
        .iter()
        .filter(|f| is(f, "building", &["no", "demolished", "proposed"]) || is(f, "building:part", &["no"]))
        .cloned();
    let points = read("points").into_iter().filter(|f| text(f, "addr:housenumber").is_some());
    let numbered = areas.iter().filter(|f| is(f, "addr:housenumber", &[]) && !is(f, "addr:interpolation", &[]));
    // A surface with a number has its doorplate somewhere inside: its place cannot be compared, its number can.
    let inside = numbered.map(|_| serde_json::json!({"geometry": null}));
    let road = read("lines")
        .into_iter()
        .filter(|f| text(f, "highway").is_some_and(|v| ROADS.split_whitespace().any(|r| r == v)));
    BTreeMap::from([
        ("building", building.collect()),
        ("doorplate", points.chain(inside).collect()),
        ("road", road.collect()),
    ])
}

#[track_caller]
fn check_osm(path: &str) {
    let Some(data) = data::folder() else { return };
    let file = data.join(path);
    check(std::slice::from_ref(&file), &osm(&file), SAME_DEGREES);
}

#[test]
fn osm_xml_of_beijing_and_nantong() {
    check_osm("osm-cn-beijing-tsinghua/beijing-tsinghua.osm");
    check_osm("osm-cn-nantong/nantong.osm");
}

#[test]
fn osm_pbf_of_shanghai_and_shenzhen() {
    check_osm("osm-cn-shanghai-baoshan/shanghai-baoshan.osm.pbf");
    check_osm("osm-cn-shenzhen-longgang/shenzhen-longgang.osm.pbf");
}

#[test]
fn osm_pbf_of_heidelberg() {
    check_osm("osm-heidelberg-streets/heidelberg-streets.osm.pbf");
}

#[test]
fn osm_pbf_of_helsinki_and_rome() {
    check_osm("osm-helsinki-centre/helsinki-centre.osm.pbf");
    check_osm("osm-rome-esquilino/rome-esquilino.osm.pbf");
}

#[test]
fn osm_pbf_of_karlsruhe() {
    check_osm("osm-karlsruhe-kirchfeld/karlsruhe-kirchfeld.osm.pbf");
}

#[test]
fn osm_pbf_of_liechtenstein_at_two_dates() {
    check_osm("osm-liechtenstein/liechtenstein-2013.osm.pbf");
    check_osm("osm-liechtenstein/liechtenstein-2015.osm.pbf");
}

// --- other formats

#[test]
fn gzipped_geojson_lines_of_montevideo() {
    let Some(data) = data::folder() else { return };
    let file = data.join("osm-qa-montevideo/osm-qa-montevideo.geojsonl.gz");
    let opened = std::fs::File::open(&file).expect("the file is there");
    // An independent reading: unzip, one JSON value a line, count by tag. A thing cut at a tile's border has two lines.
    let (mut doors, mut lines) = (HashSet::new(), 0);
    for line in BufReader::new(flate2::read::GzDecoder::new(opened)).lines() {
        let feature: Value = serde_json::from_str(&line.expect("UTF-8")).expect("JSON");
        lines += 1;
        let properties = &feature["properties"];
        if properties["addr:housenumber"].is_string() && feature["geometry"]["type"] == "Point" {
            doors.insert((properties["@type"].to_string(), properties["@id"].to_string()));
        }
    }
    assert_eq!(lines, 94_425, "the source says so");
    let folder = TempDir::new().expect("a temporary folder");
    let store = folder.path().join("store");
    let first = import(&store, std::slice::from_ref(&file), &[]).ok();
    let added = tally(&first, "doorplate", "added");
    assert!(added >= doors.len() as u64, "{added} doorplates of {} in the file: {}", doors.len(), first.last_json());
    assert!(added <= 76_423, "more doorplates than numbers: {}", first.last_json());
    for layer in ["building", "road", "facility"] {
        assert!(tally(&first, layer, "added") > 1000, "{layer}: {}", first.last_json());
    }
    let again = import(&store, &[file], &[]).ok();
    assert_eq!(
        (tally(&again, "doorplate", "added"), tally(&again, "doorplate", "changed")),
        (0, 0),
        "{}",
        again.last_json()
    );
}

#[test]
fn dutch_addresses_are_the_same_points_in_both_systems() {
    let Some(data) = data::folder() else { return };
    let truth = data.join("dutch-addresses/dutch_addresses_4326.gpkg");
    let layer = gdal::layers(&truth).remove(0);
    let expected = || BTreeMap::from([("doorplate", gdal::features(&truth, &[&layer]))]);
    assert_eq!(expected()["doorplate"].len(), 2481);
    check(std::slice::from_ref(&truth), &expected(), SAME_DEGREES);
    check(&[data.join("dutch-addresses/dutch_addresses_28992.gpkg")], &expected(), SHIFTED_DEGREES);
}

#[test]
fn points_of_interest_of_portugal() {
    let Some(data) = data::folder() else { return };
    let file = data.join("osm-poi-portugal/poi_portugal.gpkg");
    let layer = gdal::layers(&file).remove(0);
    let all = gdal::features(&file, &[&layer]);
    assert_eq!(all.len(), 8107);
    // Street furniture is a component or a device; some classes are nothing of a city.
    let of = |wanted: &[&str]| -> Vec<Value> {
        all.iter().filter(|f| text(f, "fclass").is_some_and(|c| wanted.contains(&c))).cloned().collect()
    };
    let component = of(&[
        "bench",
        "drinking_water",
        "fountain",
        "telephone",
        "tower_comms",
        "vending_any",
        "vending_machine",
        "waste_basket",
    ]);
    let device = of(&["camera_surveillance"]);
    let nothing = of(&["hunting_stand", "wayside_cross", "wayside_shrine"]);
    let not_here = [&component[..], &device, &nothing].concat();
    let facility = all.iter().filter(|f| !not_here.contains(f)).cloned().collect();
    check(
        &[file],
        &BTreeMap::from([("facility", facility), ("component", component), ("device", device)]),
        SAME_DEGREES,
    );
}

#[test]
fn buildings_of_taipei() {
    let Some(data) = data::folder() else { return };
    let file = data.join("taipei-buildings/taipei-3847.geojson");
    let all = gdal::features(&file, &[]);
    assert_eq!(all.len(), 3674);
    check(&[file], &BTreeMap::from([("building", all)]), SAME_DEGREES);
}

#[test]
fn districts_of_wenzhou() {
    let Some(data) = data::folder() else { return };
    let file = data.join("wenzhou-districts/wenzhou-districts.geojson");
    let all = gdal::features(&file, &[]);
    assert_eq!(all.len(), 12);
    check(&[file], &BTreeMap::from([("district", all)]), SAME_DEGREES);
}

#[test]
fn shapefiles_mapinfo_and_gml_through_the_gdal_child() {
    let Some(data) = data::folder() else { return };
    let folder = data.join("ogc-cite-wms13");
    for (name, layer) in
        [("Lakes", "lakes"), ("RoadSegments", "roadsegments"), ("Autos", "autos"), ("NamedPlaces", "namedplaces")]
    {
        for file in [folder.join(format!("shapefile/{name}.shp")), folder.join(format!("mapinfo/{name}.mif"))] {
            let all = gdal::features(&file, &[]);
            assert!(!all.is_empty());
            check(&[file], &BTreeMap::from([(layer, all)]), SAME_DEGREES);
        }
    }
}

#[test]
fn a_dry_run_leaves_the_store_as_it_was() {
    let Some(data) = data::folder() else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let store = folder.path().join("store");
    let first = import(&store, &[data.join("wenzhou-districts/wenzhou-districts.geojson")], &[]).ok();
    assert_eq!(tally(&first, "district", "added"), 12);
    let told = import(&store, &[data.join("taipei-buildings/taipei-3847.geojson")], &["--dry-run"]).ok();
    assert_eq!(tally(&told, "building", "added") + tally(&told, "building", "rejected"), 3674);
    let server = Server::serve(&store);
    let catalog = server.get("/catalog").json();
    assert_eq!(json::with_id(&catalog["layers"], "district")["count"], 12);
    assert_eq!(json::with_id(&catalog["layers"], "building")["count"], 0);
}

#[test]
fn a_newer_file_of_the_same_source_changes_what_differs() {
    let folder = TempDir::new().expect("a temporary folder");
    let store = folder.path().join("store");
    let file = folder.path().join("doors.csv");
    let row = |id: u32, name: &str| format!("{id},{name},120.65,28.0{id}\n");
    let head = "门牌编码,门牌地址,经度,纬度\n";
    std::fs::write(&file, format!("{head}{}{}", row(1, "墨池坊1号"), row(2, "墨池坊2号"))).expect("a file");
    let first = import(&store, std::slice::from_ref(&file), &[]).ok().last_json();
    let layers = first["layers"].as_object().expect("layers").clone();
    let layer = layers.keys().next().expect("one layer").clone();
    assert_eq!(layers[&layer]["added"], 2, "{first}");
    std::fs::write(&file, format!("{head}{}{}{}", row(1, "墨池坊1号"), row(2, "墨池坊乙2号"), row(3, "墨池坊3号")))
        .expect("a file");
    let second = import(&store, std::slice::from_ref(&file), &[]).ok().last_json();
    let told = &second["layers"][&layer];
    assert_eq!((&told["added"], &told["changed"], &told["unchanged"]), (&1.into(), &1.into(), &1.into()), "{second}");
}

#[test]
fn refused_rows_go_to_a_file_with_their_reasons() {
    let folder = TempDir::new().expect("a temporary folder");
    let store = folder.path().join("store");
    let file = folder.path().join("doors.csv");
    std::fs::write(
        &file,
        "编号,地址,经度,纬度\n1,墨池坊1号,120.65,28.01\n2,墨池坊2号,NaN,28.02\n3,墨池坊3号,120.65,95\n",
    )
    .expect("a file");
    let rejects = folder.path().join("rejects.csv");
    let done = import(&store, &[file], &["--rejects", &rejects.to_string_lossy()]).ok();
    let layers = done.last_json()["layers"].as_object().expect("layers").clone();
    let tally = layers.values().next().expect("one layer");
    assert_eq!((&tally["added"], &tally["rejected"]), (&1.into(), &2.into()), "{}", done.last_json());
    let told = std::fs::read_to_string(&rejects).expect("a rejects file");
    let rows: Vec<&str> = told.lines().filter(|l| l.contains("墨池坊") || l.contains("doors.csv")).collect();
    assert_eq!(rows.len(), 2, "{told}");
}
