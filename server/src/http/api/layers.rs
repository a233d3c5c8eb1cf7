//! Layers and their schemas.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{Error, Layer};

use super::commits::actor;
use super::features::layer_of;
use crate::http::failure::Reply;
use crate::http::reply::{json, viewer};
use crate::service::City;
use crate::service::write::layers::put_layer;

/// `GET /api/v1/layers/{layer}`
#[utoipa::path(get, path = "/api/v1/layers/{layer}", tag = "features",
    params(("layer" = String, Path, description = "图层 / layer")),
    responses((status = 200, description = "图层的定义：字段、代码、密级 / the layer's schema: fields, codes, class"),
        (status = 404, description = "没有这个图层 / no such layer")))]
pub(crate) async fn schema(request: HttpRequest, city: Data<City>, layer: Path<String>) -> Reply {
    let scope = viewer(&request, &city)?;
    let mut layer = layer_of(&city, &scope, &layer)?;
    let id = layer.id.clone();
    layer.fields.retain(|f| scope.shows(id.as_str(), &f.name));
    json(&request, &layer, Some(city.mirror().index.position()))
}

/// `PUT /api/v1/layers/{layer}`
#[utoipa::path(put, path = "/api/v1/layers/{layer}", tag = "commits",
    params(("layer" = String, Path, description = "图层 / layer")),
    request_body(content_type = "application/json", description =
        "{id, title: {zh, en}, class: public|internal|restricted, geometry: none|point|line|polygon|any, place?, min_zoom?, fields: [{name, title: {zh, en}, kind: text|int|float|bool|date|id, unit?, class?, codes?: [{code, zh, en}]}]}"),
    responses((status = 200, description = "图层已可用：瓦片、接口、检索、门卡 / the layer is there: tiles, API, search, door cards"),
        (status = 400, description = "定义有误 / the schema is wrong"), (status = 401, description = "需要登录 / sign in first"),
        (status = 409, description = "内置图层不能改 / built-in layers cannot be changed")))]
pub(crate) async fn put(request: HttpRequest, city: Data<City>, id: Path<String>, body: Bytes) -> Reply {
    let scope = viewer(&request, &city)?;
    let actor = actor(&scope)?;
    let layer: Layer = serde_json::from_slice(&body).map_err(|cause| {
        Error::invalid(
            format!("请求体不是图层定义（{cause}）；格式见 /docs"),
            format!("the body is no schema of a layer ({cause}); /docs tells its form"),
        )
        .because(cause)
    })?;
    if layer.id.as_str() != id.as_str() {
        return Err(Error::invalid(
            format!("路径中的图层 “{id}” 与定义中的 “{}” 不同", layer.id),
            format!("the path names the layer “{id}” and the schema “{}”", layer.id),
        )
        .on("id")
        .into());
    }
    let receipt = put_layer(&city, &actor, "图层定义 / a layer's schema", &layer).await?;
    Ok(HttpResponse::build(StatusCode::OK)
        .insert_header(("Menpai-Position", receipt.position.to_string()))
        .insert_header(("Cache-Control", "no-store"))
        .json(&layer))
}
