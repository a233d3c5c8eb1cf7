//! The pages, embedded in the program.

use actix_web::HttpRequest;
use actix_web::web::Path;
use gis_data::Error;
use rust_embed::RustEmbed;

use super::failure::Reply;
use super::reply::{Final, encoding};

#[derive(RustEmbed)]
#[folder = "pages/dist"]
struct Dist;

/// Named by their content, so they never change.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// What the pages may do: nothing from elsewhere, workers and pictures from their own bytes; the scene's module may be compiled.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";

/// `GET /`
pub(crate) async fn portal(request: HttpRequest) -> Reply {
    page(&request, "index.html")
}

/// `GET /wall`
pub(crate) async fn wall(request: HttpRequest) -> Reply {
    page(&request, "wall.html")
}

/// `GET /docs`
pub(crate) async fn docs(request: HttpRequest) -> Reply {
    page(&request, "docs.html")
}

/// `GET /assets/…`
pub(crate) async fn file(request: HttpRequest, file: Path<String>) -> Reply {
    send(&request, &file, FOREVER)
}

fn page(request: &HttpRequest, name: &str) -> Reply {
    let mut reply = send(request, name, "no-cache")?;
    let headers = reply.headers_mut();
    let policy = actix_web::http::header::HeaderValue::from_static(POLICY);
    headers.insert(actix_web::http::header::CONTENT_SECURITY_POLICY, policy);
    Ok(reply)
}

fn send(request: &HttpRequest, name: &str, cache_control: &str) -> Reply {
    let file = Dist::get(name).ok_or_else(|| missing(name))?;
    let kind = content_type(name);
    let encoding =
        if kind.starts_with("text/") || kind.contains("json") || kind.contains("svg") || kind.contains("wasm") {
            encoding(request)
        } else {
            crate::service::tiles::Encoding::Identity
        };
    let bytes = encoded(name, &file, encoding)?;
    let etag = crate::service::tiles::etag(&bytes);
    Ok(Final { etag: &etag, bytes, encoding, content_type: kind, cache_control, position: None }.send(request))
}

/// Compressed once: the pages do not change while the program runs.
fn encoded(
    name: &str,
    file: &rust_embed::EmbeddedFile,
    encoding: crate::service::tiles::Encoding,
) -> gis_data::Result<actix_web::web::Bytes> {
    use std::collections::HashMap;
    use std::sync::{Mutex, OnceLock, PoisonError};
    type Kept = HashMap<(String, crate::service::tiles::Encoding), actix_web::web::Bytes>;
    static KEPT: OnceLock<Mutex<Kept>> = OnceLock::new();
    let kept = KEPT.get_or_init(Mutex::default);
    let key = (name.to_owned(), encoding);
    if let Some(bytes) = kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(bytes.clone());
    }
    let bytes = encoding.encode(file.data.to_vec())?;
    kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key, bytes.clone());
    Ok(bytes)
}

fn missing(name: &str) -> Error {
    if matches!(name, "index.html" | "wall.html" | "docs.html") {
        return Error::not_found(
            "页面未随程序构建；请运行 make build",
            "the pages were not built with the program; run make build",
        );
    }
    Error::not_found(format!("没有文件 {name}"), format!("there is no file {name}"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
