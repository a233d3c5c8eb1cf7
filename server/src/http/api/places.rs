//! The door card.

use actix_web::web::{Data, Path, Query as Params};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{Error, FeatureId, Interval, Kind, Recorded};
use serde_json::{Value, json as value};

use crate::http::failure::Reply;
use crate::http::geojson;
use crate::http::reply::{json, viewer};
use crate::http::when::Times;
use crate::service::history::{Ended, History, ended, history as told, tells_who};
use crate::service::{City, card as service};

/// `GET /api/v1/places/{id}`
#[utoipa::path(get, path = "/api/v1/places/{id}", tag = "places",
    params(("id" = u64, Path, description = "编号 / id"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time")),
    responses((status = 300, description = "已拆分，列出后继 / split: what succeeds it"), (status = 307, description = "已由另一地点接替 / another place has succeeded it"),
        (status = 200, description = "门卡：地址、楼栋、责任人、挂接的设施部件隐患事件 / the door card"),
        (status = 404, description = "没有找到 / not found")))]
pub(crate) async fn card(request: HttpRequest, city: Data<City>, id: Path<String>, times: Params<Times>) -> Reply {
    let scope = viewer(&request, &city)?;
    let id: FeatureId = id.parse()?;
    let as_of = times.as_of()?;
    match service::card(&city, &scope, id, as_of, geojson::geometry).await {
        Ok((card, position)) => json(&request, &card, Some(position)),
        Err(error) if error.kind() == Kind::NotFound => match ended(&city, &scope, id, as_of).await? {
            Some(ended) => gone(&request, id, &ended),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// A place that is there no more: whoever follows an old plate or link is led to what succeeds it.
fn gone(request: &HttpRequest, id: FeatureId, ended: &Ended) -> Reply {
    if let [(successor, _)] = ended.successors.as_slice() {
        let query = Some(request.query_string()).filter(|q| !q.is_empty()).map(|q| format!("?{q}")).unwrap_or_default();
        return Ok(HttpResponse::TemporaryRedirect()
            .insert_header(("Location", format!("/api/v1/places/{successor}{query}")))
            .insert_header(("Cache-Control", "no-cache"))
            .finish());
    }
    if ended.successors.is_empty() {
        return Err(Error::not_found(
            format!("{id} 已于 {} 注销；用 datetime 参数可查此前的情况", ended.at),
            format!("{id} has not been there since {}; ask with datetime for what was before", ended.at),
        )
        .into());
    }
    let successors = ended.successors.iter().map(|(id, place)| {
        value!({ "id": id, "layer": place.layer, "title": place.title, "href": format!("/api/v1/places/{id}") })
    });
    let body = value!({ "id": id, "ended": ended.at.to_string(), "successors": successors.collect::<Vec<_>>() });
    Ok(HttpResponse::MultipleChoices().insert_header(("Cache-Control", "no-cache")).json(body))
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
