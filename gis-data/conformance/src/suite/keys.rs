//! Keys, origins and receipts.

use gis_data::{Changed, Commit, Interval, Store, Tally, When};

use crate::city::{at, layer, names, tree, write};

fn keyed(actor: &str, key: &str, name: &str) -> Commit {
    let mut commit = Commit::new(actor, "a check", at(100), [tree("t", name, 1.0, Interval::ALWAYS)]);
    key.clone_into(&mut commit.key);
    commit
}

pub(super) async fn the_same_key_gives_the_same_receipt(store: &impl Store) {
    let first = store.commit(keyed("li", "k", "oak")).await.unwrap();
    assert_eq!(store.commit(keyed("li", "k", "elm")).await.unwrap(), first);
    assert_eq!(names(store, When::Now, When::Now).await, ["oak"]);
    // Another actor's key is another key, and no key is none.
    let second = store.commit(keyed("wang", "k", "elm")).await.unwrap();
    assert_eq!(second.position.number, first.position.number + 1);
    store.commit(keyed("li", "", "ash")).await.unwrap();
    store.commit(keyed("li", "", "yew")).await.unwrap();
    assert_eq!(names(store, When::Now, When::Now).await, ["yew"]);
    // A receipt of a commit that changed nothing is remembered too.
    let idle = store.commit(keyed("li", "idle", "yew")).await.unwrap();
    assert_eq!(idle.changed, Changed::Each(Vec::new()));
    write(store, 101, vec![tree("t", "fig", 1.0, Interval::ALWAYS)]).await;
    assert_eq!(store.commit(keyed("li", "idle", "oak")).await.unwrap(), idle);
    assert_eq!(names(store, When::Now, When::Now).await, ["fig"]);
}

pub(super) async fn a_rehearsal_keeps_nothing(store: &impl Store) {
    let mut rehearsal = keyed("li", "k", "oak");
    rehearsal.rehearsal = true;
    let told = store.commit(rehearsal).await.unwrap();
    assert_eq!(told.counts[&layer("tree")], Tally { added: 1, changed: 0, unchanged: 0 });
    assert_eq!(store.position().await.unwrap().0.number, 0);
    assert!(names(store, When::Now, When::Now).await.is_empty());
    // Neither the key nor the id nor the layer is taken.
    assert_eq!(store.commit(keyed("li", "k", "oak")).await.unwrap(), told);
    assert_eq!(names(store, When::Now, When::Now).await, ["oak"]);
}

pub(super) async fn an_origin_is_found_again(store: &impl Store) {
    let first = write(store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    let both = vec![tree("b", "fir", 2.0, Interval::ALWAYS), tree("a", "elm", 1.0, Interval::ALWAYS)];
    let second = write(store, 101, both).await;
    assert_eq!(second.ids[1], first.ids[0]);
    assert_ne!(second.ids[0], first.ids[0]);
    assert_eq!(second.counts[&layer("tree")], Tally { added: 1, changed: 1, unchanged: 0 });
}

pub(super) async fn what_is_believed_already_is_not_written(store: &impl Store) {
    let first = write(store, 100, vec![tree("a", "oak", 1.0, Interval::ALWAYS)]).await;
    let again = write(store, 200, vec![tree("a", "oak", 1.0, Interval::since(at(7)))]).await;
    assert_eq!((again.position, again.at), (first.position, first.at));
    assert_eq!(again.changed, Changed::Each(Vec::new()));
    assert_eq!(again.counts[&layer("tree")], Tally { added: 0, changed: 0, unchanged: 1 });
    assert_eq!(again.ids, first.ids);
}
