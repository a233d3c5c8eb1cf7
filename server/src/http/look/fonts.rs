//! Glyphs: by ranges as MapLibre asks, and only those that are needed.

use actix_web::HttpRequest;
use actix_web::web::{Path, Query};
use gis_data::{Error, Result};
use serde::Deserialize;

use crate::http::failure::Reply;
use crate::http::reply::{Final, encoding};
use crate::service::glyphs;
use crate::service::tiles::etag;

/// The font stack that the sheets name.
const STACK: &str = "Noto Sans CJK SC Regular";

/// Glyphs never change while a program runs; the next one may bring a better font.
const DAY: &str = "public, max-age=86400";

/// Characters of one question.
const MAX_CHARACTERS: usize = 2000;

/// `GET /fonts/{stack}/{range}.pbf`
#[utoipa::path(get, path = "/fonts/{stack}/{range}.pbf", tag = "styles",
    params(("stack" = String, Path, description = "字体，见样式 / the font stack of the style"),
        ("range" = String, Path, description = "如 0-255 / such as 0-255")),
    responses((status = 200, description = "SDF 字形 / SDF glyphs", content_type = "application/x-protobuf"),
        (status = 400, description = "范围有误 / the range is wrong"), (status = 404, description = "没有这个字体 / no such font")))]
pub(crate) async fn range(request: HttpRequest, path: Path<(String, String)>) -> Reply {
    let (stack, range) = path.into_inner();
    known(&stack)?;
    let bounds = range.split_once('-').and_then(|(a, b)| Some((a.parse::<u32>().ok()?, b.parse::<u32>().ok()?)));
    let (start, end) = bounds.filter(|(a, b)| a % 256 == 0 && *b == a + 255 && *b <= 0x0010_FFFF).ok_or_else(|| {
        Error::invalid(
            format!("字形范围 “{range}” 有误：应从 256 的倍数起共 256 个，如 19968-20223"),
            format!("the range “{range}” is wrong: it is 256 characters from a multiple of 256, such as 19968-20223"),
        )
    })?;
    send(&request, glyphs::range(start..=end)?)
}

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    c: Option<String>,
}

/// `GET /fonts/{stack}/glyphs.pbf`
#[utoipa::path(get, path = "/fonts/{stack}/glyphs.pbf", tag = "styles",
    params(("stack" = String, Path, description = "字体 / the font stack"),
        ("c" = String, Query, description = "需要的字 / the characters needed")),
    responses((status = 200, description = "恰好这些字形 / exactly these glyphs", content_type = "application/x-protobuf")))]
pub(crate) async fn only(request: HttpRequest, stack: Path<String>, asked: Query<Asked>) -> Reply {
    known(&stack)?;
    let mut characters: Vec<char> = asked.c.as_deref().unwrap_or_default().chars().collect();
    characters.sort_unstable();
    characters.dedup();
    if characters.is_empty() || characters.len() > MAX_CHARACTERS {
        return Err(Error::invalid(
            format!("c 须含 1 到 {MAX_CHARACTERS} 个字"),
            format!("c has 1 to {MAX_CHARACTERS} characters"),
        )
        .into());
    }
    send(&request, glyphs::only(&characters)?)
}

fn known(stack: &str) -> Result<()> {
    // A stack of several fonts is served by the first one that is here.
    if stack.split(',').any(|font| font.trim() == STACK) {
        return Ok(());
    }
    Err(Error::not_found(
        format!("没有字体 “{stack}”；有 {STACK}"),
        format!("there is no font “{stack}”; there is {STACK}"),
    ))
}

fn send(request: &HttpRequest, glyphs: Vec<u8>) -> Reply {
    let encoding = encoding(request);
    let bytes = encoding.encode(glyphs)?;
    let tag = etag(&bytes);
    let content_type = "application/x-protobuf";
    Ok(Final { etag: &tag, bytes, encoding, content_type, cache_control: DAY, position: None }.send(request))
}
