//! The real sets in `../shared/data`, with the counts that their SOURCE.md states.

use std::collections::BTreeMap;

use super::{all, data};
use crate::mapping::Mapping;
use crate::{Item, Record};

fn records(items: &[Item]) -> impl Iterator<Item = &Record> {
    items.iter().filter_map(|i| match i {
        Item::Record(r) => Some(r),
        Item::Reject(_) => None,
    })
}

fn with(items: &[Item], tag: &str, tables: &[&str]) -> usize {
    records(items).filter(|r| tables.contains(&r.table.as_str()) && r.properties.get(tag).is_some()).count()
}

fn rejects(items: &[Item]) -> usize {
    items.iter().filter(|i| matches!(i, Item::Reject(_))).count()
}

/// Buildings, house numbers and highways of every set; a multipolygon's outer way may carry the tags that its relation lacks, and what leaves
/// the extract is rejected, so the counts may fall short by the rejects.
#[test]
fn osm_sets_have_the_counts_that_are_stated() {
    let Some(data) = data() else { return };
    for (file, buildings, numbers, highways) in [
        ("osm-cn-beijing-tsinghua/beijing-tsinghua.osm", 521, 62, 684),
        ("osm-cn-nantong/nantong.osm", 89, 0, 30),
        ("osm-cn-shanghai-baoshan/shanghai-baoshan.osm.pbf", 107, 4, 193),
        ("osm-cn-shenzhen-longgang/shenzhen-longgang.osm.pbf", 139, 4, 516),
        ("osm-rome-esquilino/rome-esquilino.osm.pbf", 716, 3065, 1197),
        ("osm-helsinki-centre/helsinki-centre.osm.pbf", 500, 1470, 2650),
        ("osm-karlsruhe-kirchfeld/karlsruhe-kirchfeld.osm.pbf", 2995, 1565, 907),
        ("osm-liechtenstein/liechtenstein-2013.osm.pbf", 3723, 198, 2753),
        ("osm-liechtenstein/liechtenstein-2015.osm.pbf", 8998, 1008, 4660),
        ("osm-heidelberg-streets/heidelberg-streets.osm.pbf", 5, 633, 25_359),
    ] {
        let items = all(&data.join(file)).unwrap();
        let rejected = rejects(&items);
        let got = (
            with(&items, "building", &["osm_way", "osm_relation"]),
            with(&items, "addr:housenumber", &["osm_node", "osm_way", "osm_relation"]),
            with(&items, "highway", &["osm_way"]),
        );
        for (got, stated) in [(got.0, buildings), (got.1, numbers), (got.2, highways)] {
            assert!(got <= stated && got + rejected >= stated, "{file}: {got} of {stated} with {rejected} rejects");
        }
    }
}

/// What the built-in mapping makes of real sets. Every record is in a layer or counted as skipped, and every key is its own.
#[test]
fn real_sets_are_mapped_to_the_citys_layers() {
    let Some(data) = data() else { return };
    let mapping = Mapping::default();
    for (file, wanted) in [
        (
            "osm-qa-montevideo/osm-qa-montevideo.geojsonl.gz",
            &[("doorplate", 76_423), ("building", 2353), ("road", 6239)][..],
        ),
        ("osm-rome-esquilino/rome-esquilino.osm.pbf", &[("doorplate", 3064), ("building", 774), ("road", 1178)]),
        ("osm-cn-beijing-tsinghua/beijing-tsinghua.osm", &[("doorplate", 62), ("building", 521), ("compound", 6)]),
        (
            "osm-liechtenstein/liechtenstein-2015.osm.pbf",
            &[("doorplate", 1007), ("building", 8994), ("subdistrict", 15)],
        ),
        ("osm-poi-portugal/poi_portugal.gpkg", &[("facility", 7057), ("component", 937), ("device", 10)]),
        ("taipei-buildings/taipei-3847.geojson", &[("building", 3674)]),
        ("wenzhou-districts/wenzhou-districts.geojson", &[("district", 12)]),
    ] {
        let path = data.join(file);
        let mut session = mapping.session(&path.file_name().unwrap().to_string_lossy());
        let (mut counts, mut keys) = (BTreeMap::new(), std::collections::HashSet::new());
        let items = all(&path).unwrap();
        let mut mapped = 0;
        for record in records(&items) {
            let drafts = session.apply(record);
            mapped += u64::from(!drafts.is_empty());
            for draft in drafts {
                assert!(keys.insert((draft.layer.clone(), draft.key.clone())), "{file}: {} {}", draft.layer, draft.key);
                *counts.entry(draft.layer.as_str().to_owned()).or_insert(0) += 1;
            }
        }
        assert_eq!(mapped + session.skipped(), records(&items).count() as u64);
        for (layer, n) in wanted {
            assert_eq!(counts.get(*layer), Some(n), "{file} {layer}: {counts:?}");
        }
    }
}

#[test]
fn heights_of_buildings_come_through() {
    let Some(data) = data() else { return };
    let items = all(&data.join("taipei-buildings/taipei-3847.geojson")).unwrap();
    let mapping = Mapping::default();
    let heights: Vec<f64> = records(&items)
        .flat_map(|r| mapping.apply("taipei-3847.geojson", r))
        .filter_map(|d| d.properties.get("height_m")?.as_f64())
        .collect();
    let (low, high) = heights.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
    assert_eq!((heights.len(), (low * 10.0).round(), (high * 10.0).round()), (3674, 35.0, 1214.0));
}

#[test]
fn the_admin_codes_are_a_code_list_that_hangs_together() {
    let Some(data) = data() else { return };
    let mapping = Mapping::default();
    let mut session = mapping.session("wenzhou-admin-codes.csv");
    let items = all(&data.join("wenzhou-admin-codes/wenzhou-admin-codes.csv")).unwrap();
    let drafts: Vec<_> = records(&items).flat_map(|r| session.apply(r)).collect();
    assert!(drafts.iter().all(|d| d.layer.as_str() == "code" && d.properties.text("list") == Some("admin")));
    let codes: BTreeMap<&str, &str> = drafts
        .iter()
        .map(|d| (d.properties.text("code").unwrap(), d.properties.text("parent").unwrap_or_default()))
        .collect();
    assert_eq!((drafts.len(), codes.len()), (3890, 3890));
    let roots: Vec<_> = codes.iter().filter(|(_, parent)| !codes.contains_key(*parent)).collect();
    assert_eq!(roots, [(&"330000000000", &"")], "all but the province hang below another code");
    assert_eq!(codes.values().filter(|parent| **parent == "330300000000").count(), 12);
    let keys: std::collections::BTreeSet<&str> = drafts.iter().map(|d| d.key.as_str()).collect();
    assert_eq!(keys.len(), 3890);
}
