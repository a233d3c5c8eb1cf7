//! Vector tiles, TileJSON and the catalogue.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{Error, Result, Scope, When};
use serde_json::json;

use super::failure::Reply;
use super::reply::{Final, encoding, json as send_json, viewer};
use super::when::Times;
use crate::service::tiles::{Ask, Part};
use crate::service::{City, catalog};

/// Tiles of live layers may be kept, but must be asked for again.
const LIVE: &str = "no-cache";
/// What was known in the past will not change; but only public layers may lie in shared caches.
const PAST: &str = "private, max-age=31536000, immutable";
const PAST_PUBLIC: &str = "public, max-age=31536000, immutable";

/// More layers than this in one list are a mistake or an attack.
const MAX_LAYERS: usize = 64;

/// `GET /tiles/{layers}/{z}/{x}/{y}`
#[utoipa::path(get, path = "/tiles/{layers}/{z}/{x}/{y}", tag = "tiles",
    params(
        ("layers" = String, Path, description = "图层，多个用逗号分隔；“图层:label” 为面的名称点，每个面一个 / layers, joined by commas; “layer:label” is the point where a surface's name is written, one for each"),
        ("z" = u8, Path, description = "缩放级 0–22 / zoom"), ("x" = u32, Path, description = "列 / column"),
        ("y" = String, Path, description = "行，可带 .mvt 或 .pbf / row, .mvt or .pbf may follow"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time (RFC 3339)"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time (RFC 3339)")),
    responses((status = 200, description = "MVT 2.1", content_type = "application/vnd.mapbox-vector-tile"),
        (status = 204, description = "空瓦片 / an empty tile"), (status = 304, description = "未改变 / not modified"),
        (status = 400, description = "坐标有误 / the coordinate is wrong"), (status = 404, description = "没有这个图层 / no such layer")))]
pub(crate) async fn tile(
    request: HttpRequest,
    city: Data<City>,
    path: Path<(String, String, String, String)>,
    times: Query<Times>,
) -> Reply {
    let (layers, z, x, y) = path.into_inner();
    let scope = viewer(&request, &city)?;
    let parts = seen(&city, &scope, &layers)?;
    let coord = coord(&z, &x, &y)?;
    let as_of = times.as_of()?;
    let ask = Ask { parts: &parts, coord, as_of, encoding: encoding(&request) };
    let tile = Box::pin(crate::service::tiles::tile(&city, &scope, &ask)).await?;
    if tile.bytes.is_empty() {
        return Ok(HttpResponse::NoContent()
            .insert_header(("Cache-Control", LIVE))
            .insert_header(("Menpai-Position", tile.position.to_string()))
            .finish());
    }
    let cache_control = match as_of.recorded {
        When::At(at) if at < (city.clock)() && scope.viewer() == "anonymous" => PAST_PUBLIC,
        When::At(at) if at < (city.clock)() => PAST,
        _ => LIVE,
    };
    Ok(Final {
        bytes: tile.bytes,
        etag: &tile.etag,
        encoding: ask.encoding,
        content_type: "application/vnd.mapbox-vector-tile",
        cache_control,
        position: Some(tile.position),
    }
    .send(&request))
}

fn coord(z: &str, x: &str, y: &str) -> Result<tiler::Coord> {
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let number = |text: &str, name: &str| {
        text.parse::<u32>().map_err(|cause| {
            Error::invalid(
                format!("瓦片坐标 {name} “{text}” 不是非负整数；地址形如 /tiles/road/14/13699/6878"),
                format!("the tile coordinate {name} “{text}” is not a whole number; an address looks like /tiles/road/14/13699/6878"),
            )
            .because(cause)
        })
    };
    let z = number(z, "z")?;
    tiler::Coord::new(u8::try_from(z).unwrap_or(u8::MAX), number(x, "x")?, number(y, "y")?)
}

/// The parts of a list that exist and that the viewer sees. Of several, those that he does not see are left out; if none is left,
/// or a name is wrong, that is an error.
fn seen(city: &City, scope: &Scope, list: &str) -> Result<Vec<Part>> {
    let catalog = city.catalog();
    let mut parts = Vec::new();
    let names: Vec<&str> = list.split(',').collect();
    if names.len() > MAX_LAYERS {
        return Err(Error::invalid(
            format!("一次最多 {MAX_LAYERS} 个图层"),
            format!("a list has at most {MAX_LAYERS} layers"),
        ));
    }
    for name in names {
        let (layer, is_label) = Part::split(name);
        let described = catalog.layer(layer)?;
        if is_label && !Part::has_labels(described) {
            return Err(Error::not_found(
                format!("图层 “{layer}” 没有带名称的面，因此没有 “{name}”"),
                format!("the layer “{layer}” has no surfaces with names, and so there is no “{name}”"),
            ));
        }
        parts.extend(Part::seen(&catalog, scope, name));
    }
    if parts.is_empty() {
        return Err(Error::not_found(
            format!("“{list}” 中没有可供浏览的地图图层；可用图层见 /catalog"),
            format!("“{list}” names no map layer that may be seen; /catalog lists those that may"),
        ));
    }
    Ok(parts)
}

/// `GET /tiles/{layers}`
#[utoipa::path(get, path = "/tiles/{layers}", tag = "tiles",
    params(("layers" = String, Path, description = "图层，多个用逗号分隔 / layers, joined by commas")),
    responses((status = 200, description = "TileJSON 3.0"), (status = 404, description = "没有这个图层 / no such layer")))]
pub(crate) async fn tilejson(request: HttpRequest, city: Data<City>, path: Path<String>, times: Query<Times>) -> Reply {
    let scope = viewer(&request, &city)?;
    let parts = seen(&city, &scope, &path)?;
    times.as_of()?;
    let entries = catalog::layers(&city, &scope);
    let described: Vec<_> =
        parts.iter().filter_map(|part| Some((part, entries.iter().find(|e| e.id == part.layer)?))).collect();
    let mut all = gis_data::BBox::EMPTY;
    for b in described.iter().filter_map(|(_, e)| e.bounds) {
        all.join(&gis_data::BBox { west: b[0], south: b[1], east: b[2], north: b[3] });
    }
    let vector_layers: Vec<_> = described
        .iter()
        .map(|(part, e)| {
            let fields: serde_json::Map<_, _> =
                e.fields.iter().map(|f| (f.name.clone(), json!(format!("{:?}", f.kind)))).collect();
            let title = if part.is_label { format!("{}（名称）", e.title.zh) } else { e.title.zh.clone() };
            json!({ "id": part.to_string(), "description": title, "fields": fields, "minzoom": e.minzoom, "maxzoom": e.maxzoom })
        })
        .collect();
    let names: Vec<String> = parts.iter().map(ToString::to_string).collect();
    let query = request.query_string();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let mut body = json!({
        "tilejson": "3.0.0",
        "name": names.join(","),
        "tiles": [format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}{query}", base(&request), names.join(","))],
        "minzoom": 0,
        "maxzoom": catalog::MAX_ZOOM,
        "vector_layers": vector_layers,
        "attribution": catalog::summary(&city).attribution().join("; "),
        "scheme": "xyz",
        "format": "pbf",
    });
    if !all.is_empty() {
        body["bounds"] = json!(all.to_array());
    }
    send_json(&request, &body, Some(city.mirror().index.position()))
}

/// Where the client reached the server.
pub(crate) fn base(request: &HttpRequest) -> String {
    let info = request.connection_info();
    format!("{}://{}", info.scheme(), info.host())
}

/// `GET /catalog`
#[utoipa::path(get, path = "/catalog", tag = "tiles",
    responses((status = 200, description = "全部可见图层 / every layer that may be seen")))]
pub(crate) async fn catalog(request: HttpRequest, city: Data<City>) -> Reply {
    let scope = viewer(&request, &city)?;
    let overview = catalog::overview(&city, &scope);
    send_json(&request, &overview, Some(city.mirror().index.position()))
}
