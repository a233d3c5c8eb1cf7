//! `glyph-pack FONT FACE OUT`: draws every glyph of a face and writes the pack that the server reads.

use std::error::Error;
use std::path::Path;
use std::thread;
use styles::glyph::Glyph;
use styles::glyph::font::Font;
use styles::glyph::pack;

const USAGE: &str = "用法：glyph-pack 字体文件 字体名 输出文件 / usage: glyph-pack FONT FACE OUT
例 / example: glyph-pack NotoSansCJK-Regular.ttc \"Noto Sans CJK SC\" noto-sans-cjk-sc-regular.pack";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [font, face, out] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let bytes = std::fs::read(font).map_err(|cause| format!("读不出字体 / cannot read the font {font}: {cause}"))?;
    let characters = Font::find(&bytes, face)?.characters();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = characters.len().div_ceil(workers).max(1);
    let mut glyphs: Vec<(char, Glyph)> = Vec::with_capacity(characters.len());
    thread::scope(|scope| -> Result<(), Box<dyn Error>> {
        let parts: Vec<_> = characters.chunks(share).map(|part| scope.spawn(|| draw(&bytes, face, part))).collect();
        for part in parts {
            glyphs.extend(part.join().map_err(|_panic| "绘制字形中断 / drawing was interrupted")??);
        }
        Ok(())
    })?;
    let packed = pack::write(&format!("{face} Regular"), &glyphs)?;
    write_whole(Path::new(out), &packed)?;
    eprintln!("{out}: {} 个字形 / glyphs, {} KiB", glyphs.len(), packed.len() / 1024);
    Ok(())
}

/// Draws a share of the characters; each worker reads the face for itself.
fn draw(bytes: &[u8], face: &str, characters: &[char]) -> Result<Vec<(char, Glyph)>, styles::Text> {
    let font = Font::find(bytes, face)?;
    Ok(characters.iter().filter_map(|c| font.glyph(*c).map(|glyph| (*c, glyph))).collect())
}

/// Writes beside the place and renames, so that a half-written pack is never found there.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let half = path.with_extension("part");
    std::fs::write(&half, bytes)?;
    std::fs::rename(&half, path)?;
    Ok(())
}
