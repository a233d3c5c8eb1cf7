//! The embedded store answers what the in-memory store answers.

use std::sync::Mutex;

use gis_data_sqlite::{Options, SqliteStore};

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_conforms() {
    let folders = Mutex::new(Vec::new());
    gis_data_conformance::run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("city"), Options::default()).unwrap();
        folders.lock().unwrap().push(folder);
        store
    })
    .await;
}

/// One city that lives through several random lives of closing and opening must stay sound.
#[tokio::test(flavor = "multi_thread")]
async fn what_random_steps_leave_is_sound() {
    for seed in 100..104 {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path(), Options::default()).unwrap();
        gis_data_conformance::random::agree(&store, seed, 40).await;
        let report = store.verify().await.unwrap();
        assert!(report.is_sound() && report.versions > 0 && report.entries > 0, "{report:?}");
    }
}
