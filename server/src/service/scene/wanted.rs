//! What picture is wanted, as people write it.

use std::str::FromStr;
use std::sync::Arc;

use gis_data::{Error, Result};
use renderer::frame::Size;
use renderer::view::View;
use styles::Style;

/// One picture.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// How it looks.
    pub(crate) style: Arc<Style>,
    /// From where.
    pub(crate) view: View,
    /// How large.
    pub(crate) size: Size,
    /// Whether buildings rise.
    pub(crate) extrude: bool,
}

/// Pixels of a side.
const SIDE: std::ops::RangeInclusive<u32> = 16..=8192;
/// The most pixels of a picture.
const MOST_PIXELS: u64 = 32 << 20;
/// Target pixels in one of the sheet.
const RATIO: std::ops::RangeInclusive<f32> = 0.25..=4.0;

/// Reads `lon,lat,zoom[,bearing,pitch]`.
pub(crate) fn view(text: &str) -> Result<View> {
    View::parse(text).map_err(|e| e.on("view"))
}

/// Reads `1280x720` and how many pixels are one of the sheet.
pub(crate) fn size(text: &str, ratio: f32) -> Result<Size> {
    let sides = text.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((side(w)?, side(h)?)));
    let fits = |(width, height): &(u32, u32)| u64::from(*width) * u64::from(*height) <= MOST_PIXELS;
    let (width, height) = sides.filter(fits).ok_or_else(|| {
        let (least, most) = (SIDE.start(), SIDE.end());
        let million = MOST_PIXELS >> 20;
        Error::invalid(
            format!("图片尺寸 “{text}” 有误：应为 宽x高，如 1280x720；每边 {least} 到 {most} 像素，总共不超过 {million} 百万像素"),
            format!("the size “{text}” is wrong: it is WIDTHxHEIGHT, such as 1280x720, with {least} to {most} pixels a side and at most {million} megapixels"),
        )
        .on("size")
    })?;
    if !RATIO.contains(&ratio) {
        let (least, most) = (RATIO.start(), RATIO.end());
        return Err(Error::invalid(
            format!("像素比 “{ratio}” 有误：应在 {least} 到 {most} 之间"),
            format!("the ratio “{ratio}” is wrong: it lies between {least} and {most}"),
        )
        .on("ratio"));
    }
    Ok(Size { width, height, ratio })
}

fn side(text: &str) -> Option<u32> {
    // Digits only: "+16" is a number to Rust, but no size to anyone.
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    u32::from_str(text).ok().filter(|n| digits && SIDE.contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_within_limits() {
        let size = |text| super::size(text, 1.0);
        assert_eq!(size("1280x720").unwrap(), Size { width: 1280, height: 720, ratio: 1.0 });
        assert_eq!(size("16X8192").unwrap().height, 8192);
        assert!(size("8192x4096").is_ok(), "32 megapixels to the pixel");
        for wrong in [
            "",
            "1280",
            "x",
            "1280x",
            "15x720",
            "8193x16",
            "8192x4097",
            "-16x16",
            "+16x16",
            "16.5x16",
            "1e3x16",
            "1280x720x3",
        ] {
            let error = size(wrong).unwrap_err();
            assert_eq!(error.field(), Some("size"), "{wrong}");
            assert!(error.en().contains("1280x720"), "{wrong}");
        }
    }

    #[test]
    fn ratios_have_limits() {
        assert_eq!(super::size("16x16", 2.0).unwrap().ratio, 2.0);
        for wrong in [0.0, -1.0, 4.5, f32::NAN, f32::INFINITY] {
            assert_eq!(super::size("16x16", wrong).unwrap_err().field(), Some("ratio"), "{wrong}");
        }
    }
}
