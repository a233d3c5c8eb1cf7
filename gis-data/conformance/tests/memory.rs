//! The in-memory store keeps its own rules.

use gis_data::memory::MemoryStore;

#[tokio::test]
async fn the_memory_store_conforms() {
    gis_data_conformance::run(|| async { MemoryStore::new() }).await;
}
