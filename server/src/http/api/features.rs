//! Features of a layer: by box, by fields, page by page; one of them; the nearest.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, Query as Params};
use gis_data::query::cql2;
use gis_data::{
    Area, AsOf, BBox, Body, Compare, Error, FeatureId, FieldKind, Filter, Layer, LayerId, Page, PlaceId, Query, Result,
    Scope, Time, Value, Want,
};

use crate::http::failure::Reply;
use crate::http::geojson;
use crate::http::reply::{json_as, viewer};
use crate::http::when::Times;
use crate::service::{City, features};

/// Rows of a page where none are asked for: desktop GIS pages badly below this.
const DEFAULT_LIMIT: usize = 1000;
const MAX_LIMIT: usize = 10_000;

/// Parameters that are not fields.
const RESERVED: [&str; 12] = [
    "bbox",
    "limit",
    "after",
    "fields",
    "datetime",
    "valid_at",
    "recorded_at",
    "within",
    "lang",
    "token",
    "filter",
    "filter-lang",
];

/// `GET /api/v1/layers/{layer}/features`
#[utoipa::path(get, path = "/api/v1/layers/{layer}/features", tag = "features",
    params(("layer" = String, Path, description = "图层 / layer"),
        ("bbox" = Option<String>, Query, description = "西,南,东,北 / west,south,east,north"),
        ("within" = Option<u64>, Query, description = "地点编号：其下所有门牌内 / a place: whatever hangs on its doors"),
        ("limit" = Option<usize>, Query, description = "最多行数，默认 1000，上限 10000 / rows at most"),
        ("after" = Option<u64>, Query, description = "上一页最后的编号 / last id of the page before"),
        ("filter" = Option<String>, Query, description = "条件（CQL2）/ a condition in CQL2: kind = 'park' AND S_INTERSECTS(geometry, BBOX(…))"),
        ("filter-lang" = Option<String>, Query, description = "cql2-text（默认）或 cql2-json / cql2-text by default, or cql2-json"),
        ("fields" = Option<String>, Query, description = "只要这些字段 / only these fields"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time")),
    responses((status = 200, description = "GeoJSON FeatureCollection；其他参数按字段筛选：kind=park,pitch、levels=gte:6 / other parameters filter by field"),
        (status = 400, description = "参数有误 / a parameter is wrong"), (status = 404, description = "没有这个图层 / no such layer")))]
pub(crate) async fn list(
    request: HttpRequest,
    city: Data<City>,
    layer: Path<String>,
    params: Params<BTreeMap<String, String>>,
    times: Params<Times>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let layer = layer_of(&city, &scope, &layer)?;
    let get = |name: &str| params.get(name).map(String::as_str).filter(|v| !v.is_empty());
    let limit = limit(number(get("limit"), "limit")?.map(|n: u64| usize::try_from(n).unwrap_or(usize::MAX)))?;
    let fields: Option<Vec<String>> = get("fields").map(|f| f.split(',').map(str::to_owned).collect());
    let query = Query {
        area: area(get("bbox"), get("within"))?,
        filter: filter(&params, &layer)?,
        time: Time::At(times.as_of()?),
        page: Page { limit, after: number(get("after"), "after")?.map(FeatureId::new).transpose()? },
        ..Query::layer(&layer.id)
    };
    let answer = features::read(&city, &query, &scope).await?;
    let Body::Rows { rows, more } = answer.body else { return Err(unexpected().into()) };
    let next = rows.last().filter(|_| more).map(|last| next_page(&request, last.id()));
    let all: Vec<_> = rows.iter().map(|r| geojson::feature(r, fields.as_deref())).collect();
    json_as(&request, "application/geo+json", &geojson::collection(&all, next.as_deref()), Some(answer.position))
}

/// How many rows a page has at most.
pub(super) fn limit(asked: Option<usize>) -> Result<usize> {
    let limit = asked.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit);
    }
    Err(Error::invalid(
        format!("limit 须在 1 到 {MAX_LIMIT} 之间，收到 {limit}"),
        format!("limit lies between 1 and {MAX_LIMIT}, not {limit}"),
    )
    .on("limit"))
}

fn next_page(request: &HttpRequest, last: FeatureId) -> String {
    let kept: Vec<&str> =
        request.query_string().split('&').filter(|p| !p.is_empty() && !p.starts_with("after=")).collect();
    let query = if kept.is_empty() { String::new() } else { kept.join("&") + "&" };
    format!("{}{}?{query}after={last}", crate::http::tiles::base(request), request.path())
}

fn area(bbox: Option<&str>, within: Option<&str>) -> Result<Option<Area>> {
    match (bbox, within) {
        (None, None) => Ok(None),
        (Some(bbox), None) => BBox::parse(bbox).map(|b| Some(Area::Box(b))).map_err(|e| e.on("bbox")),
        (None, Some(place)) => place.parse().map(|id| Some(Area::Place(PlaceId(id)))),
        (Some(_), Some(_)) => {
            Err(Error::invalid("bbox 与 within 只能用一个", "only one of bbox and within can be given"))
        }
    }
}

/// Every parameter that is not reserved is a field: `kind=park,pitch`, `levels=gte:6`, `name=like:花园`.
fn filter(params: &BTreeMap<String, String>, layer: &Layer) -> Result<Option<Filter>> {
    let mut all = Vec::new();
    for (name, text) in params.iter().filter(|(n, _)| !RESERVED.contains(&n.as_str())) {
        let Some(field) = layer.field(name) else {
            return Err(Error::invalid(
                format!("图层 “{}” 没有字段 “{name}”，也没有这个参数；可用字段见 /catalog", layer.id),
                format!(
                    "the layer “{}” has no field “{name}”, and there is no such parameter; /catalog lists the fields",
                    layer.id
                ),
            )
            .on(name.as_str()));
        };
        let value = |text: &str| value(text, field.kind, name);
        let compare = [
            ("gte:", Compare::Ge),
            ("lte:", Compare::Le),
            ("gt:", Compare::Gt),
            ("lt:", Compare::Lt),
            ("ne:", Compare::Ne),
        ];
        all.push(if let Some(part) = text.strip_prefix("like:") {
            Filter::holds(name.as_str(), part)
        } else if let Some((rest, c)) = compare.iter().find_map(|(p, c)| text.strip_prefix(p).map(|r| (r, *c))) {
            Filter::is(name.as_str(), c, value(rest)?)
        } else {
            Filter::one_of(name.as_str(), text.split(',').map(value).collect::<Result<Vec<_>>>()?)
        });
    }
    all.extend(condition(params)?);
    Ok((!all.is_empty()).then_some(Filter::All(all)))
}

/// What the parameter `filter` says.
fn condition(params: &BTreeMap<String, String>) -> Result<Option<Filter>> {
    let Some(text) = params.get("filter").filter(|t| !t.is_empty()) else { return Ok(None) };
    match params.get("filter-lang").map(String::as_str) {
        None | Some("" | "cql2-text") => cql2::text(text),
        Some("cql2-json") => cql2::json(text),
        Some(other) => {
            return Err(Error::invalid(
                format!("filter-lang 只能是 cql2-text 或 cql2-json，收到 “{other}”"),
                format!("filter-lang is cql2-text or cql2-json, not “{other}”"),
            )
            .on("filter-lang"));
        }
    }
    .map(Some)
    .map_err(|e| e.on("filter"))
}

/// A value of the field's kind.
fn value(text: &str, kind: FieldKind, name: &str) -> Result<Value> {
    let bad = || {
        Error::invalid(
            format!("字段 {name} 的值 “{text}” 类型不符"),
            format!("the value “{text}” is not of the kind of the field {name}"),
        )
        .on(name)
    };
    match kind {
        FieldKind::Text | FieldKind::Date => Ok(text.into()),
        FieldKind::Int | FieldKind::Id => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<f64>().map(Value::from))
            .map_err(|c| bad().because(c)),
        FieldKind::Float => text.parse::<f64>().map(Value::from).map_err(|c| bad().because(c)),
        FieldKind::Bool => text.parse::<bool>().map(Value::from).map_err(|c| bad().because(c)),
    }
}

fn number(text: Option<&str>, name: &str) -> Result<Option<u64>> {
    text.map(|t| {
        t.parse().map_err(|cause| {
            Error::invalid(format!("{name} 须为非负整数，收到 “{t}”"), format!("{name} is a whole number, not “{t}”"))
                .on(name)
                .because(cause)
        })
    })
    .transpose()
}

/// A layer of the catalogue that the viewer sees.
pub(super) fn layer_of(city: &City, scope: &Scope, name: &str) -> Result<Layer> {
    let catalog = city.catalog();
    let layer = catalog.layer(name)?;
    // Asked as a question, so that a hidden layer and one that is not there are told alike.
    if scope.sees(name) { Ok(layer.clone()) } else { catalog_without(name) }
}

fn catalog_without(name: &str) -> Result<Layer> {
    gis_data::Catalog::default().layer(name).cloned()
}

/// `GET /api/v1/layers/{layer}/features/{id}`
#[utoipa::path(get, path = "/api/v1/layers/{layer}/features/{id}", tag = "features",
    params(("layer" = String, Path, description = "图层 / layer"), ("id" = u64, Path, description = "编号 / id"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time")),
    responses((status = 200, description = "GeoJSON Feature"), (status = 404, description = "没有找到 / not found")))]
pub(crate) async fn one(
    request: HttpRequest,
    city: Data<City>,
    path: Path<(String, String)>,
    times: Params<Times>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let layer = layer_of(&city, &scope, &path.0)?;
    let id: FeatureId = path.1.parse()?;
    let query = Query { from: vec![layer.id.clone()], ..Query::thing(id, times.as_of()?) };
    let answer = city.store.read(&query, &scope).await?;
    let position = answer.position;
    let row = answer.into_rows().into_iter().next().ok_or_else(|| missing(&layer.id, id))?;
    json_as(&request, "application/geo+json", &geojson::feature(&row, None), Some(position))
}

fn missing(layer: &LayerId, id: FeatureId) -> Error {
    Error::not_found(
        format!("图层 “{layer}” 此时没有编号为 {id} 的对象"),
        format!("the layer “{layer}” has no thing with the id {id} at that time"),
    )
}

fn unexpected() -> Error {
    Error::invalid("回答的种类不符", "the answer is of another kind")
}

/// `GET /api/v1/nearest`
#[utoipa::path(get, path = "/api/v1/nearest", tag = "features",
    params(("lon" = f64, Query, description = "经度 / longitude"), ("lat" = f64, Query, description = "纬度 / latitude"),
        ("layer" = Option<String>, Query, description = "图层，默认 doorplate / layer"),
        ("k" = Option<usize>, Query, description = "几个，1–100 / how many")),
    responses((status = 200, description = "GeoJSON，每个带 distance_m（米）/ each with distance_m (metres)")))]
pub(crate) async fn nearest(
    request: HttpRequest,
    city: Data<City>,
    params: Params<BTreeMap<String, String>>,
    times: Params<Times>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let layer = layer_of(&city, &scope, params.get("layer").map_or("doorplate", String::as_str))?;
    let degrees = |name: &str, most: f64| -> Result<f64> {
        let text = params.get(name).map(String::as_str).unwrap_or_default();
        text.parse::<f64>().ok().filter(|v| v.abs() <= most).ok_or_else(|| {
            Error::invalid(
                format!("{name} 须为 ±{most} 之间的度数，收到 “{text}”"),
                format!("{name} is in degrees within ±{most}, not “{text}”"),
            )
        })
    };
    let (lon, lat) = (degrees("lon", 180.0)?, degrees("lat", 90.0)?);
    let k = number(params.get("k").map(String::as_str), "k")?.unwrap_or(1).clamp(1, 100) as usize;
    let as_of: AsOf = times.as_of()?;
    let query = Query { want: Want::Nearest { k, lon, lat }, time: Time::At(as_of), ..Query::layer(&layer.id) };
    let answer = features::read(&city, &query, &scope).await?;
    let Body::Nearest(rows) = answer.body else { return Err(unexpected().into()) };
    let all = rows.iter().map(|(row, metres)| geojson::near(row, *metres, None));
    json_as(
        &request,
        "application/geo+json",
        &geojson::collection(&all.collect::<Vec<_>>(), None),
        Some(answer.position),
    )
}

/// The two pairs of times that are compared.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Between {
    from: Option<String>,
    to: Option<String>,
    recorded_from: Option<String>,
    recorded_to: Option<String>,
}

/// `GET /api/v1/layers/{layer}/differences`
#[utoipa::path(get, path = "/api/v1/layers/{layer}/differences", tag = "features",
    params(("layer" = String, Path, description = "图层 / layer"),
        ("from" = Option<String>, Query, description = "前一有效时间 / the earlier valid time"),
        ("to" = Option<String>, Query, description = "后一有效时间，默认现在 / the later one, now by default"),
        ("recorded_from" = Option<String>, Query, description = "前一记录时间 / what was known then"),
        ("recorded_to" = Option<String>, Query, description = "后一记录时间 / and then"),
        ("bbox" = Option<String>, Query, description = "西,南,东,北 / west,south,east,north"),
        ("within" = Option<u64>, Query, description = "地点编号 / a place")),
    responses((status = 200, description = "两个时间之间新增、消失、改变的对象 / what came, went and changed between the two"),
        (status = 413, description = "太多，请缩小范围 / too many, ask for a smaller area")))]
pub(crate) async fn differences(
    request: HttpRequest,
    city: Data<City>,
    layer: Path<String>,
    params: Params<BTreeMap<String, String>>,
    between: Params<Between>,
) -> Reply {
    let scope = viewer(&request, &city)?;
    let layer = layer_of(&city, &scope, &layer)?;
    let get = |name: &str| params.get(name).map(String::as_str).filter(|v| !v.is_empty());
    let query = Query {
        area: area(get("bbox"), get("within"))?,
        page: Page { limit: MAX_LIMIT, after: None },
        ..Query::layer(&layer.id)
    };
    let Between { from, to, recorded_from, recorded_to } = between.into_inner();
    let before = Times::of(from, recorded_from).as_of()?;
    let after = Times::of(to, recorded_to).as_of()?;
    let (found, position) = crate::service::history::differences(&city, &scope, &query, before, after).await?;
    let told = |rows: &[gis_data::Shown]| rows.iter().map(|r| geojson::feature(r, None)).collect::<Vec<_>>();
    let changed = found.changed.iter().map(|(old, new)| {
        serde_json::json!({ "id": new.id(), "before": geojson::feature(old, None), "after": geojson::feature(new, None) })
    });
    let body = serde_json::json!({
        "counts": { "added": found.added.len(), "removed": found.removed.len(), "changed": found.changed.len() },
        "added": told(&found.added),
        "removed": told(&found.removed),
        "changed": changed.collect::<Vec<_>>(),
    });
    crate::http::reply::json(&request, &body, Some(position))
}
