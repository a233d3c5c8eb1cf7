//! The door card.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query as Params};
use gis_data::{FeatureId, Interval, Recorded};
use serde_json::{Value, json as value};

use crate::http::failure::Reply;
use crate::http::geojson;
use crate::http::reply::{json, viewer};
use crate::http::when::Times;
use crate::service::history::{History, history as told, tells_who};
use crate::service::{City, card as service};

/// `GET /api/v1/places/{id}`
#[utoipa::path(get, path = "/api/v1/places/{id}", tag = "places",
    params(("id" = u64, Path, description = "编号 / id"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time")),
    responses((status = 200, description = "门卡：地址、楼栋、责任人、挂接的设施部件隐患事件 / the door card"),
        (status = 404, description = "没有找到 / not found")))]
pub(crate) async fn card(request: HttpRequest, city: Data<City>, id: Path<String>, times: Params<Times>) -> Reply {
    let scope = viewer(&request, &city)?;
    let id: FeatureId = id.parse()?;
    let (card, position) = service::card(&city, &scope, id, times.as_of()?, geojson::geometry).await?;
    json(&request, &card, Some(position))
}

/// `GET /api/v1/places/{id}/history`
#[utoipa::path(get, path = "/api/v1/places/{id}/history", tag = "places",
    params(("id" = u64, Path, description = "编号 / id")),
    responses((status = 200, description = "曾被认定的全部版本与归属：有效期、记录期、由谁因何而改 / every version and relation ever believed, with both times, who and why"),
        (status = 404, description = "没有找到 / not found")))]
pub(crate) async fn history(request: HttpRequest, city: Data<City>, id: Path<String>) -> Reply {
    let scope = viewer(&request, &city)?;
    let id: FeatureId = id.parse()?;
    let all = told(&city, &scope, id).await?;
    let versions = all.versions.iter().map(|row| {
        let mut version = geojson::feature(row, None);
        version["valid"] = period(row.valid());
        version["recorded"] = recorded(&all, row.recorded());
        version
    });
    let facts = all.facts.iter().map(|(fact, place)| {
        value!({
            "relation": fact.relation,
            "place": fact.place,
            "layer": place.layer,
            "title": place.title,
            "method": fact.method,
            "distance_m": fact.distance_m,
            "valid": period(fact.valid),
            "recorded": recorded(&all, fact.recorded),
        })
    });
    let entries = all.entries.values().map(|entry| {
        let who = tells_who(&scope, entry);
        value!({
            "position": entry.position.to_string(),
            "at": entry.at.to_string(),
            "kind": entry.kind,
            "actor": who.then_some(&entry.actor),
            "reason": who.then_some(&entry.reason),
        })
    });
    let body = value!({
        "id": id,
        "layer": all.versions.last().map(gis_data::Shown::layer),
        "versions": versions.collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
    });
    json(&request, &body, Some(all.position))
}

/// An open end is null.
fn period(valid: Interval) -> Value {
    let end = |at: gis_data::Instant| Some(at.to_string()).filter(|text| text != "..");
    value!({ "from": end(valid.from), "until": end(valid.until) })
}

/// Since and until when something was believed: log positions and their clocks.
fn recorded(all: &History, recorded: Recorded) -> Value {
    let at = |number: u64| {
        let entry = all.entries.get(&number);
        value!({ "position": entry.map(|e| e.position.to_string()), "at": entry.map(|e| e.at.to_string()) })
    };
    value!({ "from": at(recorded.from), "until": (!recorded.current()).then(|| at(recorded.until)) })
}
