//! Whether the program lives, is ready, and what it measures of itself.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::failure::Reply;
use super::reply::body;
use crate::service::{City, glyphs};

/// Requests of one route that were answered with one status.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    requests: u64,
    seconds: f64,
}

/// Requests by route and status, and the time they took.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    requests: Mutex<BTreeMap<String, BTreeMap<u16, Tally>>>,
    /// Requests under way.
    pub(crate) open: AtomicU64,
}

impl Meter {
    /// Counts one answered request.
    pub(crate) fn count(&self, route: &str, status: u16, seconds: f64) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        // Routes are few: the name is copied once.
        if !requests.contains_key(route) {
            requests.insert(route.to_owned(), BTreeMap::new());
        }
        if let Some(statuses) = requests.get_mut(route) {
            let slot = statuses.entry(status).or_default();
            slot.requests += 1;
            slot.seconds += seconds;
        }
    }
}

/// `GET /livez`
#[utoipa::path(get, path = "/livez", tag = "running", responses((status = 200, description = "活着 / alive")))]
pub(crate) async fn live() -> Reply {
    Ok(HttpResponse::Ok().body("ok"))
}

/// `GET /readyz`
#[utoipa::path(get, path = "/readyz", tag = "running",
    responses((status = 200, description = "就绪 / ready"), (status = 503, description = "镜像落后 / the mirrors are behind")))]
pub(crate) async fn ready(city: Data<City>) -> Reply {
    let (stored, _) = city.store.position().await?;
    let followed = city.mirror().index.position();
    let mut reply = if followed >= stored { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(reply.json(json!({ "stored": stored.to_string(), "followed": followed.to_string() })))
}

/// `GET /health`
#[utoipa::path(get, path = "/health", tag = "running", responses((status = 200, description = "状况 / how it does")))]
pub(crate) async fn health(city: Data<City>) -> Reply {
    let (stored, now) = city.store.position().await?;
    let (followed, doors) = {
        let mirror = city.mirror();
        (mirror.index.position(), mirror.index.layer("doorplate").map_or(0, gis_data::index::Spatial::len))
    };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "position": stored.to_string(),
        "followed": followed.to_string(),
        "now": now.to_string(),
        "doorplates": doors,
        "glyphs": glyphs::available(),
    })))
}

/// `GET /metrics`
#[utoipa::path(get, path = "/metrics", tag = "running", responses((status = 200, description = "Prometheus 文本 / Prometheus text")))]
pub(crate) async fn metrics(request: HttpRequest, city: Data<City>, meter: Data<Meter>) -> Reply {
    let mut out = String::new();
    out.push_str("# HELP menpai_requests_total Requests answered.\n# TYPE menpai_requests_total counter\n");
    let requests = meter.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let each =
        || requests.iter().flat_map(|(route, all)| all.iter().map(move |(status, tally)| (route, status, tally)));
    for (route, status, tally) in each() {
        let _ = writeln!(out, "menpai_requests_total{{route=\"{route}\",status=\"{status}\"}} {}", tally.requests);
    }
    out.push_str(
        "# HELP menpai_request_seconds_total Time spent on them.\n# TYPE menpai_request_seconds_total counter\n",
    );
    for (route, status, tally) in each() {
        let _ =
            writeln!(out, "menpai_request_seconds_total{{route=\"{route}\",status=\"{status}\"}} {:.6}", tally.seconds);
    }
    let (tiles, bytes) = city.tiles.size();
    let gauges = {
        let mirror = city.mirror();
        [
            ("menpai_requests_open", "Requests under way.", meter.open.load(Ordering::Relaxed)),
            ("menpai_tile_cache_hits_total", "Tiles served from the cache.", city.tiles.hits.load(Ordering::Relaxed)),
            ("menpai_tile_cache_misses_total", "Tiles cut.", city.tiles.misses.load(Ordering::Relaxed)),
            ("menpai_tile_cache_tiles", "Tiles in the cache.", tiles),
            ("menpai_tile_cache_bytes", "Bytes of the tile cache.", bytes),
            ("menpai_log_number", "Number of the last log entry followed.", mirror.index.position().number),
            ("menpai_places", "Places in the index.", mirror.index.places().len() as u64),
            ("menpai_missing_glyphs_total", "Characters asked for that the font lacks.", glyphs::missing()),
        ]
    };
    for (name, help, value) in gauges {
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    }
    body(&request, "text/plain; version=0.0.4; charset=utf-8", out.into_bytes(), None)
}
