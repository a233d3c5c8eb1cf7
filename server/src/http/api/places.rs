//! The door card.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query as Params};
use gis_data::FeatureId;

use crate::http::failure::Reply;
use crate::http::geojson;
use crate::http::reply::{json, viewer};
use crate::http::when::Times;
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
