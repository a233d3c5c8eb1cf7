//! Every route, in one flat list.

use actix_web::web::{PayloadConfig, ServiceConfig, delete, get, post, put, resource};

use super::look::{fonts, styles};
use super::{api, assets, openapi, running, scene, tiles};

/// Puts the routes into an application.
pub(super) fn routes(app: &mut ServiceConfig) {
    app
        // Tiles
        .route("/tiles/{layers}", get().to(tiles::tilejson))
        .route("/tiles/{layers}/{z}/{x}/{y}", get().to(tiles::tile))
        .route("/catalog", get().to(tiles::catalog))
        // Looks
        .route("/styles/{id}.json", get().to(styles::style))
        .route("/sprites/{file}", get().to(styles::sprite))
        .route("/fonts/{stack}/glyphs.pbf", get().to(fonts::only))
        .route("/fonts/{stack}/{range}.pbf", get().to(fonts::range))
        .route("/scene/{style}.png", get().to(scene::picture))
        // The API
        .route("/api/v1/places/{id}", get().to(api::places::card))
        .route("/api/v1/layers/{layer}", get().to(api::layers::schema))
        .route("/api/v1/layers/{layer}", put().to(api::layers::put))
        .route("/api/v1/layers/{layer}/features", get().to(api::features::list))
        .route("/api/v1/layers/{layer}/features/{id}", get().to(api::features::one))
        .route("/api/v1/nearest", get().to(api::features::nearest))
        .route("/api/v1/search", get().to(api::search::search))
        .route("/api/v1/places/{id}/history", get().to(api::places::history))
        .route("/api/v1/layers/{layer}/differences", get().to(api::features::differences))
        .route("/api/v1/regions/{id}/summary", get().to(api::regions::summary))
        .route("/api/v1/query", post().to(api::regions::query))
        .service(
            resource("/api/v1/commits")
                .app_data(PayloadConfig::new(api::commits::MAX_BODY))
                .route(post().to(api::commits::commit)),
        )
        .route("/api/v1/changes", get().to(api::changes::stream))
        .route("/api/v1/session", get().to(api::session::who))
        .route("/api/v1/session", post().to(api::session::sign_in))
        .route("/api/v1/session", delete().to(api::session::sign_out))
        // Running
        .route("/livez", get().to(running::live))
        .route("/readyz", get().to(running::ready))
        .route("/health", get().to(running::health))
        .route("/metrics", get().to(running::metrics))
        .route("/openapi.json", get().to(openapi::document))
        // Pages
        .route("/", get().to(assets::portal))
        .route("/wall", get().to(assets::wall))
        .route("/docs", get().to(assets::docs))
        .route("/{file:favicon\\.(?:ico|svg)|assets/.*}", get().to(assets::file));
}
