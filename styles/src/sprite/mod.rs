//! The sprite: every icon of the sheets on one picture, with the index that says where each one is.
//!
//! The icons are drawn from `default/icons.txt` when they are asked for, so every scale is sharp.

mod draw;
mod icon;

use crate::text::Text;
use serde_json::{Map, Value as Json, json};
use tiny_skia::{Pixmap, PixmapPaint, Transform};

pub use icon::names;

/// The side of an icon in pixels at scale 1.
pub const ICON_SIZE: u32 = 24;
/// The finest scale: 96 pixels an icon.
pub const MAX_SCALE: u8 = 4;

/// A sprite ready to be served.
#[derive(Debug, Clone, PartialEq)]
pub struct Sprite {
    /// The picture, PNG.
    pub png: Vec<u8>,
    /// The index: name to place on the picture, as MapLibre reads it.
    pub json: Json,
}

/// One icon as pixels, for renderers of our own.
#[derive(Debug, Clone, PartialEq)]
pub struct Icon {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Red, green, blue (multiplied by alpha), alpha; row by row.
    pub rgba: Vec<u8>,
    /// The pixels at each side that stay as they are when it is stretched around a text; none for one that is not.
    pub rim: Option<u32>,
}

fn refuse(scale: u8) -> Text {
    Text::new(
        format!("图标倍率 {scale} 无效，应为 1 到 {MAX_SCALE}"),
        format!("Sprite scale {scale} is not possible; ask for 1 to {MAX_SCALE}."),
    )
}

fn no_room() -> Text {
    Text::new("内存不足，无法绘制图标", "Not enough memory to draw the icons.")
}

/// Draws the sprite at a scale of 1 to [`MAX_SCALE`] pixels a point.
///
/// ```
/// let sprite = styles::sprite::sheet(2)?;
/// assert_eq!(sprite.json["hospital"]["pixelRatio"], 2);
/// # Ok::<(), styles::Text>(())
/// ```
pub fn sheet(scale: u8) -> Result<Sprite, Text> {
    if !(1..=MAX_SCALE).contains(&scale) {
        return Err(refuse(scale));
    }
    // A free pixel at each side keeps neighbours from bleeding into each other when a GPU smooths them.
    let cell = ICON_SIZE * u32::from(scale) + 2;
    let icons = icon::all();
    let columns = (icons.len() as f64).sqrt().ceil().max(1.0) as u32;
    let rows = (icons.len() as u32).div_ceil(columns);
    let mut sheet = Pixmap::new(columns * cell, rows * cell).ok_or_else(no_room)?;
    let mut index = Map::new();
    for (i, icon) in (0u32..).zip(icons) {
        let (x, y) = ((i % columns) * cell + 1, (i / columns) * cell + 1);
        let picture = draw::icon(icon, scale).ok_or_else(no_room)?;
        let at = Transform::identity();
        sheet.draw_pixmap(x as i32, y as i32, picture.as_ref(), &PixmapPaint::default(), at, None);
        index.insert(icon.name.to_owned(), entry(icon, x, y, &picture, scale));
    }
    let png = sheet.encode_png().map_err(|cause| {
        Text::new(format!("图标无法写成 PNG：{cause}"), format!("The sprite could not be written as PNG: {cause}."))
    })?;
    Ok(Sprite { png, json: Json::Object(index) })
}

fn entry(icon: &icon::IconDrawing, x: u32, y: u32, picture: &Pixmap, scale: u8) -> Json {
    let (width, height) = (picture.width(), picture.height());
    let mut entry = json!({"x": x, "y": y, "width": width, "height": height, "pixelRatio": scale});
    if let (Some(rim), Some(fields)) = (rim(icon, scale), entry.as_object_mut()) {
        // What lies between the rims grows with the text.
        let inner = |length: u32| json!([[rim, length - rim]]);
        fields.insert("stretchX".to_owned(), inner(width));
        fields.insert("stretchY".to_owned(), inner(height));
        fields.insert("content".to_owned(), json!([rim / 2, rim / 2, width - rim / 2, height - rim / 2]));
    }
    entry
}

fn rim(icon: &icon::IconDrawing, scale: u8) -> Option<u32> {
    (icon.shape == icon::Shape::Plate).then_some(4 * u32::from(scale))
}

/// One icon by name, if there is one, at a scale of 1 to [`MAX_SCALE`].
pub fn icon(name: &str, scale: u8) -> Option<Icon> {
    let found = icon::all().iter().find(|icon| icon.name == name)?;
    let picture = draw::icon(found, scale.clamp(1, MAX_SCALE))?;
    let rim = rim(found, scale.clamp(1, MAX_SCALE));
    Some(Icon { width: picture.width(), height: picture.height(), rgba: picture.take(), rim })
}

#[cfg(test)]
mod tests {
    use super::{MAX_SCALE, icon, names, sheet};

    #[test]
    fn every_icon_lies_on_the_sheet_and_none_on_another() {
        for scale in 1..=2 {
            let sprite = sheet(scale).expect("a sprite");
            let index = sprite.json.as_object().expect("an index");
            assert_eq!(index.len(), names().count());
            let boxes: Vec<[u64; 4]> = index
                .values()
                .map(|e| ["x", "y", "width", "height"].map(|k| e[k].as_u64().expect("a number")))
                .collect();
            for (i, a) in boxes.iter().enumerate() {
                for b in &boxes[..i] {
                    let apart =
                        a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
                    assert!(apart, "{a:?} lies on {b:?}");
                }
            }
            let picture = tiny_skia::Pixmap::decode_png(&sprite.png).expect("a picture");
            assert!(boxes.iter().all(|b| b[0] + b[2] <= u64::from(picture.width())));
        }
    }

    #[test]
    fn every_icon_shows_something() {
        for name in names() {
            let icon = icon(name, 2).expect("an icon");
            let seen = icon.rgba.chunks(4).filter(|p| p[3] > 0).count();
            assert!(seen > 60, "{name} has {seen} pixels");
        }
    }

    #[test]
    fn an_impossible_scale_is_refused() {
        assert!(sheet(0).is_err() && sheet(MAX_SCALE + 1).is_err());
    }
}
