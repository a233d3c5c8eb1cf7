//! Style sheets and sprites.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data, Path};
use gis_data::{Error, Kind, Result};

use crate::http::failure::Reply;
use crate::http::reply::{Final, body, viewer};
use crate::http::tiles::base;
use crate::service::City;
use crate::service::scene::sheet_text;
use crate::service::tiles::{Encoding, Part, etag};

/// `GET /styles/{id}.json`
#[utoipa::path(get, path = "/styles/{id}.json", tag = "styles",
    params(("id" = String, Path, description = "city（日间）或 night（夜间）/ city or night")),
    responses((status = 200, description = "MapLibre 样式 / a MapLibre style"), (status = 404, description = "没有这个样式 / no such style")))]
pub(crate) async fn style(request: HttpRequest, city: Data<City>, id: Path<String>) -> Reply {
    let text = sheet_text(&id)?;
    let scope = viewer(&request, &city)?;
    let mut sheet: serde_json::Value = serde_json::from_str(text)
        .map_err(|cause| Error::storage("内置样式损坏", "the built-in style is damaged", cause))?;
    let base = base(&request);
    absolute(&mut sheet["glyphs"], &base);
    absolute(&mut sheet["sprite"], &base);
    if let Some(sources) = sheet["sources"].as_object_mut() {
        for source in sources.values_mut() {
            only_seen(&mut source["url"], &city, &scope);
            absolute(&mut source["url"], &base);
        }
    }
    body(&request, "application/json", sheet.to_string().into_bytes(), None)
}

/// Leaves layers out of `/tiles/a,b,c` that the viewer does not see: his sheet asks for nothing that would be refused.
fn only_seen(url: &mut serde_json::Value, city: &City, scope: &gis_data::Scope) {
    let Some(list) = url.as_str().and_then(|u| u.strip_prefix("/tiles/")) else { return };
    let catalog = city.catalog();
    let seen: Vec<&str> = list.split(',').filter(|name| Part::seen(&catalog, scope, name).is_some()).collect();
    *url = format!("/tiles/{}", seen.join(",")).into();
}

fn absolute(url: &mut serde_json::Value, base: &str) {
    if let Some(path) = url.as_str().filter(|u| u.starts_with('/')) {
        *url = format!("{base}{path}").into();
    }
}

/// `GET /sprites/{file}`
#[utoipa::path(get, path = "/sprites/{file}", tag = "styles",
    params(("file" = String, Path, description = "city.json、city.png、city@2x.json、city@2x.png")),
    responses((status = 200, description = "图标 / the sprite"), (status = 404, description = "没有这个文件 / no such file")))]
pub(crate) async fn sprite(request: HttpRequest, file: Path<String>) -> Reply {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file.as_str(), ""));
    let (name, scale) = match stem.split_once('@') {
        None => (stem, Some(1)),
        Some((name, scale)) => (name, scale.strip_suffix('x').and_then(|s| s.parse::<u8>().ok())),
    };
    let known = ["city", "night"].contains(&name) && ["json", "png"].contains(&ending);
    let Some(scale) = scale.filter(|s| known && (1..=styles::sprite::MAX_SCALE).contains(s)) else {
        return Err(Error::not_found(
            format!("没有图标文件 {file}；有 city.json、city.png 及 @2x"),
            format!("there is no sprite file {file}; there are city.json, city.png and @2x"),
        )
        .into());
    };
    let (json, png) = drawn(scale)?;
    let (bytes, content_type) = if ending == "png" { (png, "image/png") } else { (json, "application/json") };
    let tag = etag(&bytes);
    let encoding = Encoding::Identity;
    Ok(Final { etag: &tag, bytes, encoding, content_type, cache_control: "no-cache", position: None }.send(&request))
}

/// Drawn once for each scale.
fn drawn(scale: u8) -> Result<(Bytes, Bytes)> {
    type Kept = HashMap<u8, (Bytes, Bytes)>;
    static KEPT: OnceLock<Mutex<Kept>> = OnceLock::new();
    let mut kept = KEPT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(both) = kept.get(&scale) {
        return Ok(both.clone());
    }
    let sprite = styles::sprite::sheet(scale).map_err(|t| Error::new(Kind::Unavailable, t.zh, t.en))?;
    let both = (Bytes::from(sprite.json.to_string()), Bytes::from(sprite.png));
    kept.insert(scale, both.clone());
    Ok(both)
}
