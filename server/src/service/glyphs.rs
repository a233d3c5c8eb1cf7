//! The characters of labels, out of the pack that is built into the program.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use gis_data::{Error, Kind, Result};
use rust_embed::RustEmbed;
use styles::glyph::Pack;

#[derive(RustEmbed)]
#[folder = "../styles/glyphs"]
struct Packs;

/// The pack of the one pinned font.
const PACK: &str = "noto-sans-cjk-sc-regular.pack";

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

/// A glyph message of a whole range of characters.
pub(crate) fn range(range: RangeInclusive<u32>) -> Result<Vec<u8>> {
    Ok(pack()?.range(range).map_err(told)?.pbf)
}

/// A glyph message of just these characters; those that the font lacks are counted and left out.
pub(crate) fn only(characters: &[char]) -> Result<Vec<u8>> {
    let glyphs = pack()?.only(characters).map_err(told)?;
    MISSING.fetch_add(glyphs.missing.len() as u64, Ordering::Relaxed);
    Ok(glyphs.pbf)
}

/// The same for a scene. A program without glyphs draws a city without words, as its pages do.
pub(crate) fn for_scene(characters: &[char]) -> Result<Vec<u8>> {
    if available() { only(characters) } else { Ok(Vec::new()) }
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
