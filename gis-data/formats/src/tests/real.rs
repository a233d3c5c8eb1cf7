//! The real sets in `../shared/data`, with the counts that their SOURCE.md states.

use super::{all, data};
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
