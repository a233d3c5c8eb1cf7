//! Glyphs: by ranges as MapLibre asks, and only those that are needed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use actix_web::HttpRequest;
use actix_web::web::{Path, Query};
use gis_data::{Error, Kind, Result};
use rust_embed::RustEmbed;
use serde::Deserialize;
use styles::glyph::{Glyphs, Pack};

use crate::http::failure::Reply;
use crate::http::reply::{Final, encoding};
use crate::service::tiles::etag;

#[derive(RustEmbed)]
#[folder = "../styles/glyphs"]
struct Packs;

/// The pack of the one pinned font.
const PACK: &str = "noto-sans-cjk-sc-regular.pack";

/// The font stack that the sheets name.
const STACK: &str = "Noto Sans CJK SC Regular";

/// Glyphs never change while a program runs; the next one may bring a better font.
const DAY: &str = "public, max-age=86400";

/// Characters of one question.
const MAX_CHARACTERS: usize = 2000;

/// Characters asked for that the font lacks.
static MISSING: AtomicU64 = AtomicU64::new(0);

/// How many characters were asked for that the font lacks.
pub(crate) fn missing() -> u64 {
    MISSING.load(Ordering::Relaxed)
}

/// Whether the program has glyphs.
pub(crate) fn available() -> bool {
    Packs::get(PACK).is_some()
}

fn pack() -> Result<MutexGuard<'static, Pack>> {
    static OPEN: OnceLock<Mutex<Pack>> = OnceLock::new();
    if OPEN.get().is_none() {
        let file = Packs::get(PACK).ok_or_else(|| {
            Error::new(
                Kind::Unavailable,
                "字形包未随程序构建；请运行 make setup 后重新构建",
                "the glyph pack was not built into the program; run make setup, then build again",
            )
        })?;
        let pack = Pack::read(file.data.into_owned()).map_err(told)?;
        // Another thread may have been first; either is the same pack.
        let _ = OPEN.set(Mutex::new(pack));
    }
    let open =
        OPEN.get().ok_or_else(|| Error::new(Kind::Unavailable, "字形包打不开", "the glyph pack cannot be opened"))?;
    Ok(open.lock().unwrap_or_else(PoisonError::into_inner))
}

fn told(text: styles::Text) -> Error {
    Error::invalid(text.zh, text.en)
}

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
    let glyphs = pack()?.range(start..=end).map_err(told)?;
    send(&request, glyphs)
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
    let glyphs = pack()?.only(&characters).map_err(told)?;
    MISSING.fetch_add(glyphs.missing.len() as u64, Ordering::Relaxed);
    send(&request, glyphs)
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

fn send(request: &HttpRequest, glyphs: Glyphs) -> Reply {
    let encoding = encoding(request);
    let bytes = encoding.encode(glyphs.pbf)?;
    let tag = etag(&bytes);
    let content_type = "application/x-protobuf";
    Ok(Final { etag: &tag, bytes, encoding, content_type, cache_control: DAY, position: None }.send(request))
}
