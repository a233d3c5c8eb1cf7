//! What handlers share: the viewer of a request, and replies with tags.

use std::sync::Arc;

use actix_web::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use gis_data::{Error, Position, Result, Scope};
use serde::Serialize;

use super::failure::Reply;
use crate::service::City;
use crate::service::tiles::Encoding;

/// The name of the cookie that carries the token.
pub(crate) const COOKIE: &str = "menpai_token";

/// Bodies smaller than this are not worth compressing.
const SMALL: usize = 600;

/// Whose request it is. A token that is not valid is an error, not anyone's.
pub(crate) fn viewer(request: &HttpRequest, city: &City) -> Result<Arc<Scope>> {
    let viewers = city.viewers();
    let header = request.headers().get(AUTHORIZATION);
    let Some(header) = header else {
        if !request.headers().contains_key("cookie") {
            return Ok(Arc::clone(viewers.anonymous()));
        }
        let cookie = request.cookie(COOKIE);
        return viewers.viewer(cookie.as_ref().map(actix_web::cookie::Cookie::value)).cloned();
    };
    let token = header.to_str().ok().and_then(|h| h.strip_prefix("Bearer ")).ok_or_else(|| {
        Error::invalid(
            "Authorization 请求头应为 “Bearer 令牌”",
            "the header Authorization must be “Bearer ” and the token",
        )
    })?;
    viewers.viewer(Some(token.trim())).cloned()
}

/// The encoding that the client prefers.
pub(crate) fn encoding(request: &HttpRequest) -> Encoding {
    Encoding::negotiate(request.headers().get(ACCEPT_ENCODING).and_then(|h| h.to_str().ok()))
}

/// Final bytes to be sent.
pub(crate) struct Final<'a> {
    pub(crate) bytes: Bytes,
    pub(crate) etag: &'a str,
    pub(crate) encoding: Encoding,
    pub(crate) content_type: &'a str,
    pub(crate) cache_control: &'a str,
    pub(crate) position: Option<Position>,
}

impl Final<'_> {
    /// Sends the bytes, or says that the client has them.
    pub(crate) fn send(self, request: &HttpRequest) -> HttpResponse {
        let known = request.headers().get(IF_NONE_MATCH).and_then(|h| h.to_str().ok());
        let same = known.is_some_and(|k| {
            k.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == self.etag || t == "*")
        });
        let mut reply = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        reply.insert_header((ETAG, self.etag)).insert_header((CACHE_CONTROL, self.cache_control));
        reply.insert_header((VARY, "Accept-Encoding, Authorization, Cookie"));
        if let Some(position) = self.position {
            reply.insert_header(("Menpai-Position", position.to_string()));
        }
        if same {
            return reply.finish();
        }
        reply.insert_header((CONTENT_TYPE, self.content_type));
        if let Some(name) = self.encoding.header().filter(|_| !self.bytes.is_empty()) {
            reply.insert_header((CONTENT_ENCODING, name));
        }
        reply.body(self.bytes)
    }
}

/// Sends text or JSON that was made for this request: compressed if it is worth it, with a tag.
pub(crate) fn body(request: &HttpRequest, content_type: &str, bytes: Vec<u8>, position: Option<Position>) -> Reply {
    let encoding = if bytes.len() < SMALL { Encoding::Identity } else { encoding(request) };
    let bytes = encoding.encode(bytes)?;
    let etag = crate::service::tiles::etag(&bytes);
    Ok(Final { etag: &etag, bytes, encoding, content_type, cache_control: "no-cache", position }.send(request))
}

/// Sends a value as JSON.
pub(crate) fn json(request: &HttpRequest, value: &impl Serialize, position: Option<Position>) -> Reply {
    json_as(request, "application/json", value, position)
}

/// Sends a value as JSON of a certain type.
pub(crate) fn json_as(request: &HttpRequest, kind: &str, value: &impl Serialize, position: Option<Position>) -> Reply {
    let bytes = serde_json::to_vec(value)
        .map_err(|cause| Error::storage("结果无法写成 JSON", "the answer cannot be written as JSON", cause))?;
    body(request, kind, bytes, position)
}
