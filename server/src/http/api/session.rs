//! Signing in and out by token.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use gis_data::Error;
use serde::Deserialize;
use serde_json::json;

use crate::http::failure::Reply;
use crate::http::reply::{COOKIE, viewer};
use crate::service::City;

/// What signs in.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct SignIn {
    /// The administrator's token, printed at the first start.
    token: String,
}

/// A token has 64 digits; more than this is no sign-in.
const MAX_BODY: usize = 1024;

/// `GET /api/v1/session`
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, description = "谁在浏览 / who is looking")))]
pub(crate) async fn who(request: HttpRequest, city: Data<City>) -> Reply {
    let scope = viewer(&request, &city)?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(json!({ "viewer": scope.viewer() })))
}

/// `POST /api/v1/session`
#[utoipa::path(post, path = "/api/v1/session", tag = "session",
    request_body = SignIn,
    responses((status = 204, description = "已登录 / signed in"), (status = 401, description = "令牌无效 / the token is not valid")))]
pub(crate) async fn sign_in(request: HttpRequest, city: Data<City>, body: Bytes) -> Reply {
    let asked: Option<SignIn> =
        Some(&body).filter(|b| b.len() <= MAX_BODY).and_then(|b| serde_json::from_slice(b).ok());
    let asked =
        asked.ok_or_else(|| Error::invalid(r#"请求体应为 {"token": "…"}"#, r#"the body must be {"token": "…"}"#))?;
    let token = asked.token.trim();
    city.viewers().viewer(Some(token))?;
    let secure = request.connection_info().scheme() == "https";
    let cookie = Cookie::build(COOKIE, token).path("/").http_only(true).same_site(SameSite::Strict).secure(secure);
    Ok(HttpResponse::NoContent().cookie(cookie.finish()).finish())
}

/// `DELETE /api/v1/session`
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses((status = 204, description = "已退出 / signed out")))]
pub(crate) async fn sign_out() -> Reply {
    let mut cookie = Cookie::build(COOKIE, "").path("/").http_only(true).same_site(SameSite::Strict).finish();
    cookie.make_removal();
    Ok(HttpResponse::NoContent().cookie(cookie).finish())
}
