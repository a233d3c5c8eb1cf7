//! The log.

use gis_data::{Interval, Position, Scope, Store};

use crate::city::{all, note, tree, write};
use crate::random::narrow;
use crate::soon::{both, soon};

pub(super) async fn who_waits_is_woken(store: &impl Store) {
    let first = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let scope = all();
    let waiting = store.changes(first.position, &scope);
    let writing = write(store, 200, vec![tree("t", "elm", 1.0, Interval::ALWAYS)]);
    let (changes, receipt) = soon("the change that somebody waits for", both(waiting, writing)).await;
    let changes = changes.unwrap();
    assert_eq!(changes.upto, receipt.position);
    assert_eq!(changes.entries.len(), 1);
    assert_eq!(changes.entries[0].changed, receipt.changed);
    assert_eq!((changes.entries[0].actor.as_str(), changes.entries[0].reason.as_str()), ("clerk", "a check"));
}

pub(super) async fn the_log_is_cut_to_the_scope(store: &impl Store) {
    write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let person = note("person", "p", [("name", "张三")].into_iter().collect());
    let last = write(store, 200, vec![person]).await;
    let seen = store.changes(Position::START, &narrow()).await.unwrap();
    assert_eq!((seen.entries.len(), seen.upto), (1, last.position));
    let nothing = store.changes(Position::START, &Scope::nothing("nobody")).await.unwrap();
    assert_eq!((nothing.entries.len(), nothing.upto), (0, last.position));
}

pub(super) async fn an_old_epoch_begins_anew(store: &impl Store) {
    let only = write(store, 100, vec![tree("t", "oak", 1.0, Interval::ALWAYS)]).await;
    let old = Position { epoch: 0, number: 500 };
    assert_eq!(store.changes(old, &all()).await.unwrap().upto, only.position);
}
