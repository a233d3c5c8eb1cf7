//! The change stream: server-sent events that say what became stale where.

use std::time::Duration;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;

use crate::http::failure::Reply;
use crate::http::reply::viewer;
use crate::service::{City, Event};

/// Proxies close a silent stream; a comment keeps it open.
const BEAT: Duration = Duration::from_secs(15);

/// Boxes of one event; more are told as the whole layer.
const MAX_BOXES: usize = 200;

/// `GET /api/v1/changes`
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes",
    responses((status = 200, description = "事件流（SSE）：change 带位置、图层、范围 / server-sent events", content_type = "text/event-stream")))]
pub(crate) async fn stream(request: HttpRequest, city: Data<City>) -> Reply {
    let scope = viewer(&request, &city)?;
    let events = city.events.subscribe();
    let position = city.mirror().index.position();
    let hello =
        Bytes::from(format!("retry: 2000\nevent: hello\ndata: {}\n\n", json!({ "position": position.to_string() })));
    let start = (events, Some(hello));
    let body = futures_util::stream::unfold(start, move |(mut events, first)| {
        let scope = scope.clone();
        async move {
            if let Some(hello) = first {
                return Some((Ok::<_, actix_web::Error>(hello), (events, None)));
            }
            loop {
                let text = match tokio::time::timeout(BEAT, events.recv()).await {
                    Err(_) => ": \n\n".to_owned(),
                    Ok(Ok(event)) => match data(&event, |layer| scope.sees(layer)) {
                        Some(data) => format!("id: {}\nevent: change\ndata: {data}\n\n", event.position),
                        None => continue,
                    },
                    // Too far behind to be told each: everything may be stale.
                    Ok(Err(RecvError::Lagged(_))) => {
                        "event: change\ndata: {\"layers\":null,\"boxes\":null}\n\n".to_owned()
                    }
                    Ok(Err(RecvError::Closed)) => return None,
                };
                return Some((Ok(Bytes::from(text)), (events, None)));
            }
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", "text/event-stream; charset=utf-8"))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body))
}

fn data(event: &Event, sees: impl Fn(&str) -> bool) -> Option<serde_json::Value> {
    let seen: Vec<_> = event.boxes.iter().filter(|(l, _)| sees(l.as_str())).collect();
    if seen.is_empty() {
        return None;
    }
    let mut layers: Vec<&str> = seen.iter().map(|(l, _)| l.as_str()).collect();
    layers.sort_unstable();
    layers.dedup();
    let boxes: Vec<_> = seen.iter().filter_map(|(_, b)| b.map(gis_data::BBox::to_array)).collect();
    let boxes = if boxes.len() > MAX_BOXES { json!(null) } else { json!(boxes) };
    Some(json!({ "position": event.position.to_string(), "layers": layers, "boxes": boxes }))
}
