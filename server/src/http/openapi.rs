//! The API's own description (OpenAPI 3.1), from the handlers themselves.

use actix_web::HttpRequest;
use utoipa::OpenApi;

use super::failure::Reply;
use super::look::{fonts, styles};
use super::reply::json;
use super::{api, running, scene, tiles};

#[derive(OpenApi)]
#[openapi(
    info(title = "门牌 menpai", description = "以数字门牌为空间索引的社区治理时空平台 / a spatial platform indexed by digital doorplates"),
    paths(
        tiles::tile, tiles::tilejson, tiles::catalog,
        styles::style, styles::sprite, fonts::range, fonts::only, scene::picture,
        api::places::card, api::places::history, api::regions::summary, api::regions::query, api::layers::schema, api::layers::put, api::features::list, api::features::one, api::features::differences, api::features::nearest, api::search::search,
        api::commits::commit, api::changes::stream, api::session::who, api::session::sign_in, api::session::sign_out,
        running::live, running::ready, running::health, running::metrics,
    ),
    tags(
        (name = "tiles", description = "矢量瓦片与目录 / vector tiles and the catalogue"),
        (name = "places", description = "门卡 / door cards"),
        (name = "features", description = "要素 / features"),
        (name = "regions", description = "区域内的数量与查询 / counts and questions by region"),
        (name = "search", description = "检索 / search"),
        (name = "commits", description = "写入 / writing"),
        (name = "changes", description = "变更流 / the change stream"),
        (name = "styles", description = "样式、图标、字形、三维图片 / styles, sprites, glyphs, pictures of the scene"),
        (name = "session", description = "登录 / signing in"),
        (name = "running", description = "运行状况 / running"),
    )
)]
struct Description;

/// `GET /openapi.json`
pub(crate) async fn document(request: HttpRequest) -> Reply {
    json(&request, &Description::openapi(), None)
}
