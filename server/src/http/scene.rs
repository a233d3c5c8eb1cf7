//! Pictures of the scene.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use actix_web::web::{Data, Path, Query};
use gis_data::Error;
use serde::Deserialize;

use super::failure::Reply;
use super::reply::{Final, viewer};
use super::when::Times;
use crate::service::City;
use crate::service::scene::{Question, Wanted, sheet, size, view};
use crate::service::tiles::Encoding;

/// The size where none is asked for.
const SIZE: &str = "1280x720";

/// Says how many tiles and characters a picture lacks.
const MISSING: HeaderName = HeaderName::from_static("menpai-missing");

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    view: Option<String>,
    size: Option<String>,
    ratio: Option<String>,
}

/// `GET /scene/{style}.png`
#[utoipa::path(get, path = "/scene/{style}.png", tag = "styles",
    params(("style" = String, Path, description = "city（日间）或 night（夜间）/ city or night"),
        ("view" = String, Query, description = "视点：经度,纬度,级别[,方位角[,俯仰角]] / longitude, latitude, zoom, bearing, pitch"),
        ("size" = Option<String>, Query, description = "宽x高，像素，默认 1280x720 / WIDTHxHEIGHT in pixels"),
        ("ratio" = Option<f32>, Query, description = "像素比 0.25–4，默认 1 / pixels in one of the sheet"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time (RFC 3339)"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time (RFC 3339)")),
    responses((status = 200, description = "三维图片；缺了东西时，Menpai-Missing 说缺了几样 / the picture; where something is missing, Menpai-Missing says how much",
            content_type = "image/png"),
        (status = 304, description = "未改变 / not modified"), (status = 400, description = "参数有误 / a parameter is wrong"),
        (status = 404, description = "没有这个样式 / no such style"), (status = 503, description = "绘图繁忙或不可用 / busy, or it cannot be drawn")))]
pub(crate) async fn picture(
    request: HttpRequest,
    city: Data<City>,
    style: Path<String>,
    asked: Query<Asked>,
    times: Query<Times>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let named = style.into_inner();
    let style = sheet(&named)?;
    let wanted = Wanted {
        style,
        view: view(asked.view.as_deref().unwrap_or_default())?,
        size: size(asked.size.as_deref().unwrap_or(SIZE), ratio(asked.ratio.as_deref())?)?,
        extrude: true,
    };
    let question = Question { sheet: named, wanted, as_of: times.as_of()?, scope };
    let city = city.into_inner();
    let picture = Box::pin(city.pictures.picture(&city, question)).await?;
    let mut reply = Final {
        bytes: picture.bytes,
        etag: &picture.etag,
        encoding: Encoding::Identity,
        content_type: "image/png",
        cache_control: if picture.missing == 0 { "no-cache" } else { "no-store" },
        position: Some(picture.position),
    }
    .send(&request);
    if picture.missing > 0 {
        reply.headers_mut().insert(MISSING, picture.missing.into());
    }
    Ok(reply)
}

fn ratio(text: Option<&str>) -> gis_data::Result<f32> {
    let Some(text) = text else { return Ok(1.0) };
    text.parse::<f32>().map_err(|cause| {
        Error::invalid(format!("像素比 “{text}” 不是数"), format!("the ratio “{text}” is not a number"))
            .on("ratio")
            .because(cause)
    })
}
