//! Pixels become a file.

use gis_data::{Error, Result};

/// Writes straight RGBA, row by row from the top, as a PNG.
pub(crate) fn png(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>> {
    let failed = |cause: png::EncodingError| Error::storage("写出 PNG 失败", "writing the PNG failed", cause);
    let mut out = Vec::with_capacity(rgba.len() / 4);
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    // A picture is waited for; the last tenth of its bytes is not.
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(rgba).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back() {
        let rgba: Vec<u8> = (0..4 * 5 * 3u8).collect();
        let file = png(5, 3, &rgba).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (5, 3, png::ColorType::Rgba));
        assert_eq!(pixels, rgba);
    }

    #[test]
    fn pixels_that_do_not_fill_the_picture_are_an_error() {
        assert!(png(5, 3, &[0; 59]).is_err());
        assert!(png(0, 3, &[]).is_err());
    }
}
