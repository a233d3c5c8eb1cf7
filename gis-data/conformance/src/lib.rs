//! What every store must answer, compared with the in-memory store.
