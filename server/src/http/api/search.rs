//! Search by name and address text.

use actix_web::HttpRequest;
use actix_web::web::{Data, Query as Params};
use gis_data::{BBox, Error};
use serde::Deserialize;
use serde_json::json;

use crate::http::failure::{Reply, prefers_english};
use crate::http::reply::{json as send, viewer};
use crate::http::when::Times;
use crate::service::{City, search as service};

/// Characters of a question; an address in full is below half of it.
const MAX_TEXT: usize = 200;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    limit: Option<usize>,
    bbox: Option<String>,
    near: Option<String>,
}

/// `GET /api/v1/search`
#[utoipa::path(get, path = "/api/v1/search", tag = "search",
    params(("q" = String, Query, description = "名称或地址的一部分 / a part of a name or address"),
        ("limit" = Option<usize>, Query, description = "最多几条，1–50 / at most"),
        ("bbox" = Option<String>, Query, description = "只在此范围 / only there"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("near" = Option<String>, Query, description = "经度,纬度：近者在前 / lon,lat: nearer first")),
    responses((status = 200, description = "按匹配程度排列 / best first"), (status = 400, description = "参数有误 / a parameter is wrong")))]
pub(crate) async fn search(
    request: HttpRequest,
    city: Data<City>,
    asked: Params<Asked>,
    times: Params<Times>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let text = asked.q.as_deref().unwrap_or_default().trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        return Err(Error::invalid(
            format!("q 须为 1 到 {MAX_TEXT} 个字的名称或地址"),
            format!("q is a name or address of 1 to {MAX_TEXT} characters"),
        )
        .into());
    }
    let near = asked.near.as_deref().map(|n| {
        let both = n.split_once(',').and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
        both.filter(|(lon, lat): &(f64, f64)| lon.abs() <= 180.0 && lat.abs() <= 90.0).ok_or_else(|| {
            Error::invalid(format!("near 应为 “经度,纬度”，收到 “{n}”"), format!("near is “lon,lat”, not “{n}”"))
        })
    });
    let ask = service::Ask {
        text,
        limit: asked.limit.unwrap_or(10).clamp(1, 50),
        bbox: asked.bbox.as_deref().map(BBox::parse).transpose()?,
        near: near.transpose()?,
        valid: times.as_of()?.valid,
        english: prefers_english(&request),
    };
    let position = city.mirror().index.position();
    send(&request, &json!({ "items": service::search(&city, &scope, &ask) }), Some(position))
}
