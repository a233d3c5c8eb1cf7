//! Time that passes.

use gis_data::{Change, Changed, LogKind, Position, Store, When};

use crate::city::{all, at, during, names, tree, write};

pub(super) async fn time_that_passes_is_an_entry(store: &impl Store) {
    let made = write(store, 100, vec![tree("t", "oak", 1.0, during(200, 300))]).await;
    assert!(names(store, When::Now, When::Now).await.is_empty());
    assert_eq!(store.pass_time(at(199)).await.unwrap(), None);
    assert_eq!(store.pass_time(at(50)).await.unwrap(), None);
    let begun = store.pass_time(at(200)).await.unwrap().unwrap();
    assert_eq!((begun.at, begun.position.number), (at(200), 2));
    let Changed::Each(touched) = &begun.changed else { panic!("one thing was told as many") };
    assert_eq!((touched.len(), touched[0].id), (1, made.ids[0]));
    assert!(touched[0].old.is_none() && touched[0].new.is_some());
    assert_eq!(names(store, When::Now, When::Now).await, ["oak"]);
    assert_eq!(store.pass_time(at(200)).await.unwrap(), None, "it passes once");
    assert_eq!(store.pass_time(at(299)).await.unwrap(), None);
    assert!(store.pass_time(at(900)).await.unwrap().is_some());
    assert!(names(store, When::Now, When::Now).await.is_empty());
}

pub(super) async fn a_commit_does_not_hide_what_passed_before_it(store: &impl Store) {
    let made = write(store, 100, vec![tree("t", "oak", 1.0, during(200, 300))]).await;
    // Nothing changes, nothing is told.
    write(store, 250, vec![tree("t", "oak", 1.0, during(200, 300))]).await;
    assert_eq!(store.position().await.unwrap().0, made.position);
    let receipt = write(store, 250, vec![tree("other", "fir", 1.0, during(0, 900))]).await;
    assert_eq!((receipt.position.number, receipt.at), (3, at(250)));
    let entries = store.changes(made.position, &all()).await.unwrap().entries;
    assert_eq!(
        entries.iter().map(|e| (e.kind, e.at)).collect::<Vec<_>>(),
        [(LogKind::Effective, at(200)), (LogKind::Commit, at(250))]
    );
    let Changed::Each(touched) = &entries[0].changed else { panic!("one thing was told as many") };
    assert_eq!(touched.iter().map(|t| t.id).collect::<Vec<_>>(), made.ids);
    // A commit at the very moment of a boundary comes after it.
    let later = write(store, 300, vec![tree("third", "yew", 1.0, during(0, 900))]).await;
    assert_eq!((later.position.number, later.at), (5, at(301)));
    assert_eq!(store.pass_time(at(800)).await.unwrap(), None);
}

pub(super) async fn what_is_no_longer_believed_does_not_pass(store: &impl Store) {
    let made = write(store, 100, vec![tree("t", "oak", 1.0, during(200, 300))]).await;
    write(store, 110, vec![Change::Retire { id: made.ids[0], valid: during(0, 1000) }]).await;
    assert_eq!(store.pass_time(at(900)).await.unwrap(), None);
    assert_eq!(store.position().await.unwrap().0, Position { number: 2, ..made.position });
}
