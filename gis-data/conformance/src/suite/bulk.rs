//! Much at once.

use gis_data::commit::MAX_NAMED;
use gis_data::{Changed, Commit, Interval, Store, Tally};

use crate::city::{all, at, layer, tree};

pub(super) async fn too_many_to_name_are_told_as_boxes(store: &impl Store) {
    let many = MAX_NAMED + 10;
    let trees = (0..many).map(|i| tree(&i.to_string(), "oak", i as f64 / 1000.0, Interval::ALWAYS));
    let receipt = store.commit(Commit::new("clerk", "many", at(100), trees.collect::<Vec<_>>())).await.unwrap();
    assert_eq!(receipt.ids.len(), MAX_NAMED);
    assert_eq!(receipt.counts[&layer("tree")], Tally { added: many as u64, changed: 0, unchanged: 0 });
    let Changed::Bulk(layers) = &receipt.changed else { panic!("too many were named") };
    let bbox = layers[&layer("tree")].unwrap();
    assert_eq!(bbox.to_array(), [0.0, 28.0, (many - 1) as f64 / 1000.0, 28.0]);
    let entry = store.changes(gis_data::Position::START, &all()).await.unwrap().entries.remove(0);
    assert_eq!(entry.changed, receipt.changed);
}
