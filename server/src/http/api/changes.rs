//! The change stream: server-sent events that say what changed where, entry by entry of the log.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Bytes, Data, Query as Params};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{BBox, Changed, Error, LayerId, LogEntry, Position, Result, Scope};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::http::failure::Reply;
use crate::http::reply::viewer;
use crate::service::{City, Event};

/// Proxies close a silent stream; a comment keeps it open.
const BEAT: Duration = Duration::from_secs(15);

/// Boxes and ids of one event; more are told as the whole layer.
const MAX_BOXES: usize = 200;

/// Everything may have changed: there were too many changes, or the log began anew.
const RESET: &str = "event: change\ndata: {\"layers\":null,\"boxes\":null}\n\n";

/// A listener who missed more entries than this is told to read everything again.
const MAX_MISSED: u64 = 10_000;

/// What is listened for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    /// Layers, with commas between; all by default.
    layers: Option<String>,
    /// `west,south,east,north`; everywhere by default.
    bbox: Option<String>,
    /// Where a browser that was cut off left off; the header `Last-Event-ID` says the same.
    after: Option<String>,
}

/// `GET /api/v1/changes`
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes",
    params(("layers" = Option<String>, Query, description = "只要这些图层 / only these layers"),
        ("bbox" = Option<String>, Query, description = "只要触及此范围的 / only what touches this box"),
        ("after" = Option<String>, Query, description = "从此位置之后继续（同 Last-Event-ID）/ go on after this position (as Last-Event-ID)")),
    responses((status = 200, description = "事件流（SSE）：change 带位置、图层、范围、编号 / server-sent events", content_type = "text/event-stream")))]
pub(crate) async fn stream(request: HttpRequest, city: Data<City>, wanted: Params<Wanted>) -> Reply {
    let scope = viewer(&request, &city)?;
    let filter = Filter::of(&wanted, &scope, &city)?;
    let header = request.headers().get("Last-Event-ID").and_then(|h| h.to_str().ok());
    let after: Option<Position> = header
        .or(wanted.after.as_deref())
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|e: Error| e.on("Last-Event-ID")))
        .transpose()?;
    // Subscribed before looking back, so that nothing falls between.
    let events = city.events.subscribe();
    let position = city.mirror().index.position();
    let hello = format!("retry: 2000\nevent: hello\ndata: {}\n\n", json!({ "position": position.to_string() }));
    let mut waiting = VecDeque::from([hello]);
    let mut told = position;
    if let Some(after) = after {
        told = missed(&city, &filter, after, position, &mut waiting).await?;
    }
    let listener = Listener { events, filter, told, waiting };
    let body = futures_util::stream::unfold(listener, |mut listener| async move {
        let text = listener.next().await?;
        Some((Ok::<_, actix_web::Error>(Bytes::from(text)), listener))
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", "text/event-stream; charset=utf-8"))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(body))
}

/// Tells what a listener missed between `after` and where the mirrors stand; gives how far it was told.
async fn missed(
    city: &City,
    filter: &Filter,
    after: Position,
    position: Position,
    waiting: &mut VecDeque<String>,
) -> Result<Position> {
    let is_far = after.epoch != position.epoch || position.number.saturating_sub(after.number) > MAX_MISSED;
    if is_far || after > position {
        waiting.push_back(RESET.to_owned());
        return Ok(position);
    }
    let mut at = after;
    while at < position {
        let changes = city.store.changes(at, &filter.scope).await?;
        waiting.extend(changes.entries.iter().filter(|e| e.position <= position).filter_map(|e| filter.text(e)));
        at = changes.upto;
    }
    Ok(position)
}

struct Listener {
    events: broadcast::Receiver<Event>,
    filter: Filter,
    /// Entries up to here were told.
    told: Position,
    waiting: VecDeque<String>,
}

impl Listener {
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(text) = self.waiting.pop_front() {
                return Some(text);
            }
            match tokio::time::timeout(BEAT, self.events.recv()).await {
                Err(_) => return Some(": \n\n".to_owned()),
                Ok(Ok(event)) => {
                    let fresh = event.entries.iter().filter(|e| e.position > self.told);
                    self.waiting.extend(fresh.filter_map(|e| self.filter.text(e)));
                    self.told = self.told.max(event.position);
                }
                // Too far behind to be told each: everything may be stale.
                Ok(Err(RecvError::Lagged(_))) => return Some(RESET.to_owned()),
                Ok(Err(RecvError::Closed)) => return None,
            }
        }
    }
}

/// What of the log a listener wants and may see.
struct Filter {
    scope: Arc<Scope>,
    layers: Option<BTreeSet<LayerId>>,
    bbox: Option<BBox>,
}

impl Filter {
    fn of(wanted: &Wanted, scope: &Arc<Scope>, city: &City) -> Result<Self> {
        let layer = |name: &str| super::features::layer_of(city, scope, name).map(|l| l.id);
        let layers = wanted.layers.as_deref().filter(|l| !l.is_empty());
        Ok(Self {
            scope: Arc::clone(scope),
            layers: layers.map(|all| all.split(',').map(|l| layer(l.trim())).collect()).transpose()?,
            bbox: wanted.bbox.as_deref().map(|b| BBox::parse(b).map_err(|e| e.on("bbox"))).transpose()?,
        })
    }

    /// An entry as an event, or nothing where it is none for this listener.
    fn text(&self, entry: &LogEntry) -> Option<String> {
        let data = self.data(&gis_data::commit::cut(entry.clone(), &self.scope)?)?;
        Some(format!("id: {}\nevent: change\ndata: {data}\n\n", entry.position))
    }

    fn data(&self, entry: &LogEntry) -> Option<Value> {
        let named = |layer: &LayerId| self.layers.as_ref().is_none_or(|l| l.contains(layer));
        let here = |b: Option<BBox>| self.bbox.is_none_or(|own| b.is_none_or(|b| own.meets(&b)));
        let mut layers = BTreeSet::new();
        let (mut boxes, mut ids) = (Vec::new(), Vec::new());
        match &entry.changed {
            Changed::Each(all) => {
                for t in all.iter().filter(|t| named(&t.layer)) {
                    // What has no shape is nowhere, and so of interest everywhere.
                    let own: Vec<BBox> = [t.old, t.new].into_iter().flatten().filter(|b| here(Some(*b))).collect();
                    if own.is_empty() && (t.old.is_some() || t.new.is_some()) {
                        continue;
                    }
                    layers.insert(&t.layer);
                    ids.push(t.id);
                    boxes.extend(own.into_iter().map(BBox::to_array));
                }
            }
            Changed::Bulk(all) => {
                for (layer, bbox) in all.iter().filter(|(l, b)| named(l) && here(**b)) {
                    layers.insert(layer);
                    boxes.extend(bbox.map(BBox::to_array));
                }
            }
        }
        if layers.is_empty() {
            return None;
        }
        let is_named = matches!(entry.changed, Changed::Each(_)) && ids.len() <= MAX_BOXES;
        Some(json!({
            "position": entry.position.to_string(),
            "at": entry.at.to_string(),
            "kind": entry.kind,
            "layers": layers,
            "boxes": if boxes.len() > MAX_BOXES { Value::Null } else { json!(boxes) },
            "ids": if is_named { json!(ids) } else { Value::Null },
        }))
    }
}
