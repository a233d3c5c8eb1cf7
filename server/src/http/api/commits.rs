//! Changes that come one by one.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{
    Changed, Error, FeatureId, Geometry, Identity, Instant, Interval, Kind, LayerId, PlaceId, Properties, Result, Scope,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::http::failure::Reply;
use crate::http::reply::viewer;
use crate::service::City;
use crate::service::write::{Ask, Shape, Write, write};

/// The largest body: ten thousand changes with shapes.
pub(crate) const MAX_BODY: usize = 16 << 20;

/// The longest key and reason, in characters.
const MAX_WORDS: usize = 1000;

/// A commit as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    reason: String,
    #[serde(default)]
    rehearsal: bool,
    /// Ids and the positions after which they must not have changed.
    #[serde(default)]
    expected: BTreeMap<FeatureId, String>,
    #[serde(borrow)]
    changes: Vec<Sent<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Sent<'a> {
    Put(#[serde(borrow)] Put<'a>),
    Amend(#[serde(borrow)] Amend<'a>),
    Retire(Retire),
    Relate(Relate),
    Unrelate(Relate),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put<'a> {
    layer: LayerId,
    id: Option<FeatureId>,
    source: Option<String>,
    key: Option<String>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(default)]
    properties: Properties,
    valid: Option<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amend<'a> {
    id: FeatureId,
    /// Missing: as it was. Null: none any more.
    #[serde(default, borrow, deserialize_with = "given")]
    geometry: Option<&'a RawValue>,
    #[serde(default)]
    properties: Properties,
    valid: Option<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retire {
    id: FeatureId,
    valid: Option<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relate {
    thing: Named,
    relation: gis_data::Relation,
    place: Named,
    valid: Option<Period>,
}

/// Tells null from missing.
fn given<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(d).map(Some)
}

/// A thing by its id, or as a source calls it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Id(FeatureId),
    Origin { source: String, key: String },
}

/// A period of valid time; what is not given is open.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: Option<String>,
    until: Option<String>,
}

/// `POST /api/v1/commits`
#[utoipa::path(post, path = "/api/v1/commits", tag = "commits",
    request_body(content_type = "application/json", description =
        "{reason, rehearsal?, expected?: {编号: 位置}, changes: [{put: {layer, id | source+key, geometry, properties, valid: {from, until}}} | {amend: {id, …}} | {retire: {id, valid}} | {relate | unrelate: {thing, relation, place, valid}}]}"),
    params(("Idempotency-Key" = Option<String>, Header, description = "同一操作者同一键只做一次 / the same actor's same key is done once")),
    responses((status = 201, description = "已提交：位置、计数、编号 / committed: position, counts, ids"),
        (status = 200, description = "预演，什么也没有写入 / a rehearsal: nothing was written"),
        (status = 400, description = "有误，什么也没有写入 / wrong, nothing was written"),
        (status = 401, description = "需要登录 / sign in first"),
        (status = 409, description = "版本已变，或同键不同内容 / another version, or the same key with another content")))]
pub(crate) async fn commit(request: HttpRequest, city: Data<City>, body: Bytes) -> Reply {
    let scope = viewer(&request, &city)?;
    let actor = actor(&scope)?;
    let key = key(&request)?;
    let asked = parse(actor, key, &body)?;
    let rehearsal = asked.rehearsal;
    let receipt = write(&city.into_inner(), asked).await?;
    let changed = match &receipt.changed {
        Changed::Each(all) => json!(all.iter().map(|t| t.id).collect::<Vec<_>>()),
        Changed::Bulk(_) => Json::Null,
    };
    let status = if rehearsal { StatusCode::OK } else { StatusCode::CREATED };
    Ok(HttpResponse::build(status)
        .insert_header(("Menpai-Position", receipt.position.to_string()))
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({
            "position": receipt.position.to_string(),
            "at": receipt.at.to_string(),
            "rehearsal": rehearsal,
            "counts": receipt.counts,
            "ids": receipt.ids,
            "changed": changed,
        })))
}

/// Who writes. Nobody writes without a name.
pub(super) fn actor(scope: &Scope) -> Result<String> {
    if scope.viewer() == "anonymous" {
        return Err(Error::new(
            Kind::Unauthorized,
            "写入需要登录；请带上 “Authorization: Bearer 令牌”",
            "sign in to write: send “Authorization: Bearer ” and the token",
        ));
    }
    Ok(scope.viewer().to_owned())
}

fn key(request: &HttpRequest) -> Result<String> {
    let Some(header) = request.headers().get("Idempotency-Key") else { return Ok(String::new()) };
    let text = header.to_str().ok().map(str::trim).filter(|t| !t.is_empty() && t.len() <= 200);
    text.map(str::to_owned).ok_or_else(|| {
        Error::invalid(
            "请求头 Idempotency-Key 应为 1 到 200 个可见 ASCII 字符",
            "the header Idempotency-Key holds 1 to 200 visible ASCII characters",
        )
        .on("Idempotency-Key")
    })
}

fn parse(actor: String, key: String, bytes: &[u8]) -> Result<Write> {
    let body: Body<'_> = serde_json::from_slice(bytes).map_err(|cause| {
        Error::invalid(
            format!("请求体不是提交（{cause}）；格式见 /docs"),
            format!("the body is no commit ({cause}); /docs tells its form"),
        )
        .because(cause)
    })?;
    if body.reason.trim().is_empty() || body.reason.chars().count() > MAX_WORDS {
        return Err(Error::invalid(
            format!("须在 reason 中说明理由（最多 {MAX_WORDS} 字）"),
            format!("say why in reason (at most {MAX_WORDS} characters)"),
        )
        .on("reason"));
    }
    let expected = body.expected.into_iter().map(|(id, at)| Ok((id, at.parse().map_err(|e: Error| e.on("expected"))?)));
    let changes = body.changes.into_iter().enumerate().map(|(i, c)| ask(c).map_err(|e| e.at(format!("changes[{i}]"))));
    Ok(Write {
        actor,
        reason: body.reason,
        key,
        // 0 stands for a content that was not looked at.
        content: xxhash_rust::xxh3::xxh3_64(bytes).max(1),
        expected: expected.collect::<Result<_>>()?,
        rehearsal: body.rehearsal,
        changes: changes.collect::<Result<_>>()?,
    })
}

fn ask(sent: Sent<'_>) -> Result<Ask> {
    Ok(match sent {
        Sent::Put(put) => Ask::Put {
            identity: identity(put.id, put.source, put.key)?,
            layer: put.layer,
            geometry: put.geometry.map(shape).transpose()?.flatten(),
            properties: put.properties,
            valid: put.valid.map(period).transpose()?,
        },
        Sent::Amend(amend) => Ask::Amend {
            id: amend.id,
            geometry: amend.geometry.map_or(Ok(Shape::Kept), |raw| shape(raw).map(Shape::Is))?,
            properties: amend.properties,
            valid: amend.valid.map(period).transpose()?,
        },
        Sent::Retire(retire) => Ask::Retire { id: retire.id, valid: retire.valid.map(period).transpose()? },
        Sent::Relate(r) => Ask::Relate {
            thing: named(r.thing),
            relation: r.relation,
            place: named(r.place),
            valid: r.valid.map(period).transpose()?,
        },
        Sent::Unrelate(r) => match (r.thing, r.place) {
            (Named::Id(thing), Named::Id(place)) => Ask::Unrelate {
                thing,
                relation: r.relation,
                place: PlaceId(place),
                valid: r.valid.map(period).transpose()?,
            },
            _ => return Err(Error::invalid("解除关系须用编号", "a relation is taken back by ids").on("thing")),
        },
    })
}

fn identity(id: Option<FeatureId>, source: Option<String>, key: Option<String>) -> Result<Identity> {
    match (id, source, key) {
        (Some(id), None, None) => Ok(Identity::Id(id)),
        (None, Some(source), Some(key)) if !source.is_empty() && !key.is_empty() => {
            Ok(Identity::Origin { source, key })
        }
        _ => Err(Error::invalid(
            "须给出 id，或来源 source 与其中的编号 key（只能一种）",
            "give either the id, or the source and what it calls the thing (key)",
        )
        .on("id")),
    }
}

fn named(named: Named) -> Identity {
    match named {
        Named::Id(id) => Identity::Id(id),
        Named::Origin { source, key } => Identity::Origin { source, key },
    }
}

fn shape(raw: &RawValue) -> Result<Option<Geometry>> {
    if raw.get() == "null" {
        return Ok(None);
    }
    gis_data_formats::geojson::read_geometry(raw.get()).map(Some).map_err(|e| e.on("geometry"))
}

fn period(period: Period) -> Result<Interval> {
    let moment = |text: Option<String>, open: Instant| match text.as_deref() {
        None | Some("" | "..") => Ok(open),
        Some(text) => text.parse::<Instant>().map_err(|e| e.on("valid")),
    };
    let (from, until) = (moment(period.from, Instant::DAWN)?, moment(period.until, Instant::FOREVER)?);
    Interval::new(from, until).map_err(|e| e.on("valid"))
}
