//! The one map from kinds of errors to HTTP: RFC 9457 problems, in Chinese or English.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use gis_data::{Error, Kind};
use serde_json::json;

/// Seconds after which it is worth asking again for what was not possible at the moment.
const RETRY_S: &str = "5";

/// A handler's result.
pub(crate) type Reply = Result<HttpResponse, Failure>;

/// An error on its way out.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self.0.kind() {
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Unauthorized => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Storage => StatusCode::INTERNAL_SERVER_ERROR,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Bare: the language is the request's, so [`localise`] writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Writes the body of a failed reply in the language of its request, and logs it, once.
pub(crate) fn localise(request: &HttpRequest, error: &Error, status: StatusCode) -> HttpResponse {
    let trace = trace_id();
    let path = request.path();
    if status.is_server_error() {
        tracing::error!(%trace, %path, error = %error, cause = ?std::error::Error::source(error), "a request failed");
    } else {
        tracing::debug!(%trace, %path, error = %error, "a request was refused");
    }
    let english = prefers_english(request);
    let body = json!({
        "type": "about:blank",
        "title": title(status, english),
        "status": status.as_u16(),
        "detail": if english { error.en() } else { error.zh() },
        "trace_id": trace,
        "errors": [{ "field": error.field(), "message": if english { error.en() } else { error.zh() } }],
    });
    let mut reply = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        reply.insert_header(("WWW-Authenticate", "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        reply.insert_header(("Retry-After", RETRY_S));
    }
    reply
        .insert_header((CONTENT_TYPE, "application/problem+json; charset=utf-8"))
        .insert_header(("Content-Language", if english { "en" } else { "zh-CN" }))
        .insert_header(("Vary", "Accept-Language"))
        .body(body.to_string())
}

/// Whether English comes before Chinese in `Accept-Language`. Chinese is the language where nothing is said.
pub(crate) fn prefers_english(request: &HttpRequest) -> bool {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let mut best: Option<(f32, bool)> = None;
    for part in header.split(',') {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let q = words.find_map(|w| w.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let english = name.starts_with("en");
        if (english || name.starts_with("zh")) && best.is_none_or(|(b, _)| q > b) {
            best = Some((q, english));
        }
    }
    best.is_some_and(|(_, english)| english)
}

fn title(status: StatusCode, english: bool) -> &'static str {
    let (zh, en) = match status {
        StatusCode::BAD_REQUEST => ("请求有误", "The request is wrong"),
        StatusCode::NOT_FOUND => ("没有找到", "Not found"),
        StatusCode::UNAUTHORIZED => ("需要登录", "Sign in first"),
        StatusCode::FORBIDDEN => ("没有权限", "Not permitted"),
        StatusCode::CONFLICT => ("有冲突", "Conflict"),
        StatusCode::METHOD_NOT_ALLOWED => ("方法不允许", "The method is not allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => ("内容过大", "Too large"),
        StatusCode::SERVICE_UNAVAILABLE => ("暂不可用", "Not available at the moment"),
        _ => ("服务器出错", "The server failed"),
    };
    if english { en } else { zh }
}

/// Names a failed request in the reply and in the log. Unique within a run; the run is named by its start.
fn trace_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    static RUN: std::sync::OnceLock<i64> = std::sync::OnceLock::new();
    let run = RUN.get_or_init(|| crate::boot::now().micros());
    format!("{run:x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}
