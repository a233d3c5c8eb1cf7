//! The one way to rows: every protocol's question is answered here.

use gis_data::{Answer, Query, Result, Scope};

use crate::service::City;

/// Answers from the index where it can, else from the store.
pub(crate) async fn read(city: &City, query: &Query, scope: &Scope) -> Result<Answer> {
    let known = city.mirror().index.read(query, scope);
    match known {
        Some(answer) => answer,
        None => city.store.read(query, scope).await,
    }
}
