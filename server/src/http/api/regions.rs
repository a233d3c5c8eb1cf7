//! Questions about regions.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data, Path, Query as Params};
use gis_data::query::{MAX_NEAR_M, Region, cql2};
use gis_data::{
    AsOf, Body, Error, FeatureId, Filter, Geometry, Kind, LayerId, Order, Page, PlaceId, Query, Result, Want,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::http::failure::Reply;
use crate::http::geojson;
use crate::http::reply::{json, json_as, viewer};
use crate::http::when::Times;
use crate::service::City;
use crate::service::region::{self, By};

/// The most parts of a region.
const MAX_PARTS: usize = 256;

/// `GET /api/v1/regions/{id}/summary`
#[utoipa::path(get, path = "/api/v1/regions/{id}/summary", tag = "regions",
    params(("id" = u64, Path, description = "地点编号 / a place"),
        ("datetime" = Option<String>, Query, description = "有效时间 / valid time"),
        ("recorded_at" = Option<String>, Query, description = "记录时间 / recorded time")),
    responses((status = 200, description = "区域内各图层的数量，按类别 / how many things of each layer, by kind"),
        (status = 404, description = "没有找到 / not found")))]
pub(crate) async fn summary(request: HttpRequest, city: Data<City>, id: Path<String>, times: Params<Times>) -> Reply {
    let scope = viewer(&request, &city)?;
    let told = region::summary(&city, &scope, id.parse()?, times.as_of()?).await?;
    let layers = told.layers.iter().map(|l| {
        let groups = l.groups.as_ref().map(|(field, all)| {
            let all: Vec<Json> = all.iter().map(|(value, n)| json!({ "value": value, "count": n })).collect();
            json!({ "field": field, "groups": all })
        });
        json!({ "layer": l.layer, "count": l.count, "by": groups })
    });
    let body = json!({
        "id": told.place.id(),
        "layer": told.place.layer(),
        "title": told.title,
        "as_of": { "valid": told.valid.to_string(), "recorded": told.known.to_string() },
        "layers": layers.collect::<Vec<_>>(),
    });
    json(&request, &body, Some(told.position))
}

/// A question as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'a> {
    from: Vec<LayerId>,
    #[serde(borrow)]
    region: Option<Sent<'a>>,
    by: Option<String>,
    /// CQL2: text, or its JSON as it is.
    #[serde(borrow)]
    filter: Option<&'a RawValue>,
    datetime: Option<String>,
    recorded_at: Option<String>,
    #[serde(default)]
    want: Wanted,
    #[serde(default)]
    order: Vec<Key>,
    limit: Option<usize>,
    after: Option<FeatureId>,
    fields: Option<Vec<String>>,
}

/// A region as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Sent<'a> {
    Place(FeatureId),
    #[serde(borrow)]
    Shape(&'a RawValue),
    #[serde(borrow)]
    Near(Near<'a>),
    SameDoorAs(FeatureId),
    #[serde(borrow)]
    All(Vec<Sent<'a>>),
    #[serde(borrow)]
    Any(Vec<Sent<'a>>),
    #[serde(borrow)]
    Not(Box<Sent<'a>>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Near<'a> {
    /// GeoJSON, or the id of a thing.
    #[serde(borrow)]
    of: &'a RawValue,
    within_m: f64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Wanted {
    #[default]
    Rows,
    Count,
    Groups(String),
    Nearest {
        lon: f64,
        lat: f64,
        k: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    field: String,
    #[serde(default)]
    descending: bool,
}

/// `POST /api/v1/query`
#[utoipa::path(post, path = "/api/v1/query", tag = "regions",
    request_body(content_type = "application/json", description =
        "{from: [图层], region?: {place: 编号} | {shape: GeoJSON} | {near: {of: GeoJSON 或编号, within_m}} | {same_door_as: 编号} | {all|any: […]} | {not: …}, by?: door|geometry, filter?: CQL2 文本或 JSON, datetime?, recorded_at?, want?: \"rows\"|\"count\"|{groups: 字段}|{nearest: {lon, lat, k}}, order?, limit?, after?, fields?}"),
    responses((status = 200, description = "GeoJSON，或数量 / GeoJSON, or counts"),
        (status = 400, description = "有误 / wrong"), (status = 404, description = "没有这个图层或地点 / no such layer or place")))]
pub(crate) async fn query(request: HttpRequest, city: Data<City>, body: Bytes) -> Reply {
    let scope = viewer(&request, &city)?;
    let asked: Asked<'_> = serde_json::from_slice(&body).map_err(|cause| {
        Error::invalid(
            format!("请求体不是查询（{cause}）；格式见 /docs"),
            format!("the body is no query ({cause}); /docs tells its form"),
        )
        .because(cause)
    })?;
    if asked.from.is_empty() {
        return Err(Error::invalid("须在 from 中至少给出一个图层", "name at least one layer in from")
            .on("from")
            .into());
    }
    // The administrator sees every layer, those too that are not there.
    asked.from.iter().try_for_each(|l| super::features::layer_of(&city, &scope, l.as_str()).map(drop))?;
    let as_of = Times::of(asked.datetime, asked.recorded_at).as_of()?;
    let by = match asked.by.as_deref() {
        None | Some("door") => By::Door,
        Some("geometry") => By::Geometry,
        Some(other) => {
            return Err(Error::invalid(
                format!("by 只能是 door 或 geometry，收到 “{other}”"),
                format!("by is door or geometry, not “{other}”"),
            )
            .on("by")
            .into());
        }
    };
    let filter = asked.filter.map(condition).transpose()?;
    let fields = asked.fields;
    let query = Query {
        from: asked.from,
        want: match asked.want {
            Wanted::Rows => Want::Rows,
            Wanted::Count => Want::Count,
            Wanted::Groups(field) => Want::Groups(field),
            Wanted::Nearest { lon, lat, k } => {
                if !(lon.abs() <= 180.0 && lat.abs() <= 90.0 && (1..=1000).contains(&k)) {
                    return Err(Error::invalid(
                        "nearest 须有经纬度（度）与 k（1–1000）",
                        "nearest takes lon and lat in degrees and k from 1 to 1000",
                    )
                    .on("want")
                    .into());
                }
                Want::Nearest { k, lon, lat }
            }
        },
        filter,
        order: asked.order.into_iter().map(|k| Order { field: k.field, descending: k.descending }).collect(),
        page: Page { limit: super::features::limit(asked.limit)?, after: asked.after },
        time: gis_data::Time::At(as_of),
        ..Query::default()
    };
    let answer = match asked.region {
        None => crate::service::features::read(&city, &query, &scope).await?,
        Some(sent) => {
            let mut parts = 0;
            let region = resolve(&city, &scope, sent, as_of, &mut parts).await?;
            region::read(&city, &scope, query, &region, by, as_of).await?
        }
    };
    let position = Some(answer.position);
    match answer.body {
        Body::Rows { rows, more } => {
            let all: Vec<_> = rows.iter().map(|r| geojson::feature(r, fields.as_deref())).collect();
            let mut told = geojson::collection(&all, None);
            told["after"] = rows.last().filter(|_| more).map_or(Json::Null, |last| json!(last.id()));
            json_as(&request, "application/geo+json", &told, position)
        }
        Body::Nearest(rows) => {
            let all: Vec<_> = rows.iter().map(|(row, metres)| geojson::near(row, *metres, fields.as_deref())).collect();
            json_as(&request, "application/geo+json", &geojson::collection(&all, None), position)
        }
        Body::Count(n) => json(&request, &json!({ "count": n }), position),
        Body::Groups(all) => {
            let all: Vec<Json> = all.iter().map(|(value, n)| json!({ "value": value, "count": n })).collect();
            json(&request, &json!({ "groups": all }), position)
        }
    }
}

/// A condition: a text holds CQL2 text, anything else is CQL2 JSON.
fn condition(raw: &RawValue) -> Result<Filter> {
    let read = match serde_json::from_str::<String>(raw.get()) {
        Ok(text) => cql2::text(&text),
        Err(_no_text) => cql2::json(raw.get()),
    };
    read.map_err(|e| e.on("filter"))
}

/// The region that is meant, with the shapes of what it is near to.
async fn resolve(
    city: &City,
    scope: &gis_data::Scope,
    sent: Sent<'_>,
    as_of: AsOf,
    parts: &mut usize,
) -> Result<Region> {
    *parts += 1;
    if *parts > MAX_PARTS {
        return Err(Error::new(
            Kind::TooLarge,
            format!("区域最多由 {MAX_PARTS} 部分组成"),
            format!("a region has at most {MAX_PARTS} parts"),
        )
        .on("region"));
    }
    Ok(match sent {
        Sent::Place(id) => Region::Place(PlaceId(id)),
        Sent::SameDoorAs(id) => Region::SameDoor(id),
        Sent::Shape(raw) => Region::Shape(Arc::new(surface(raw)?)),
        Sent::Near(near) => {
            if !(0.0..=MAX_NEAR_M).contains(&near.within_m) {
                return Err(Error::invalid(
                    format!("within_m 须在 0 到 {MAX_NEAR_M} 米之间，收到 {}", near.within_m),
                    format!("within_m lies between 0 and {MAX_NEAR_M} metres, not {}", near.within_m),
                )
                .on("within_m"));
            }
            let of = match near.of.get().parse::<FeatureId>() {
                Ok(id) => region::shape_of(city, scope, id, as_of).await?,
                Err(_no_id) => geometry(near.of)?,
            };
            Region::Near { of: Arc::new(of), within_m: near.within_m }
        }
        Sent::All(all) => Region::All(each(city, scope, all, as_of, parts).await?),
        Sent::Any(all) => Region::Any(each(city, scope, all, as_of, parts).await?),
        Sent::Not(one) => Region::Not(Box::new(Box::pin(resolve(city, scope, *one, as_of, parts)).await?)),
    })
}

async fn each(
    city: &City,
    scope: &gis_data::Scope,
    all: Vec<Sent<'_>>,
    as_of: AsOf,
    parts: &mut usize,
) -> Result<Vec<Region>> {
    let mut regions = Vec::new();
    for one in all {
        regions.push(Box::pin(resolve(city, scope, one, as_of, parts)).await?);
    }
    Ok(regions)
}

fn geometry(raw: &RawValue) -> Result<Geometry> {
    let shape = gis_data_formats::geojson::read_geometry(raw.get()).map_err(|e| e.on("region"))?;
    if shape.coords().len() > cim_model::check::MAX_VERTICES {
        return Err(Error::new(
            Kind::TooLarge,
            format!("图形的顶点超过 {}；请简化", cim_model::check::MAX_VERTICES),
            format!("the shape has more than {} vertices; simplify it", cim_model::check::MAX_VERTICES),
        )
        .on("region"));
    }
    shape.check_rings().map_err(|e| e.on("region"))?;
    Ok(shape)
}

fn surface(raw: &RawValue) -> Result<Geometry> {
    let shape = geometry(raw)?;
    match shape.shape() {
        geo_types::Geometry::Polygon(_) | geo_types::Geometry::MultiPolygon(_) => Ok(shape),
        _ => Err(Error::invalid(
            "shape 须为 Polygon 或 MultiPolygon；点和线请用 near",
            "shape is a Polygon or MultiPolygon; use near for points and lines",
        )
        .on("region")),
    }
}
