//! The icons of the sprite as the atlas wants them.

use rustc_hash::FxHashMap;
use styles::sprite;

/// Texels around an icon in the atlas.
pub(super) const MARGIN: u32 = 1;

/// The icons, each drawn when it is first used.
#[derive(Debug)]
pub(super) struct Icons {
    names: FxHashMap<&'static str, u32>,
    arts: FxHashMap<u32, Art>,
    scale: u8,
}

/// An icon, ready for the atlas.
#[derive(Debug)]
pub(super) struct Art {
    /// Sheet pixels.
    pub(super) size_px: [f32; 2],
    /// Sheet pixels at each side that are not stretched around a text; nothing for an icon that cannot be stretched.
    pub(super) rim_px: Option<f32>,
    /// Texels in a sheet pixel.
    pub(super) scale: f32,
    /// Texels with the margin.
    pub(super) size: [u32; 2],
    /// Straight RGBA.
    pub(super) texels: Vec<u8>,
}

impl Default for Icons {
    fn default() -> Self {
        Self {
            names: (0..).zip(sprite::names()).map(|(i, name)| (name, i)).collect(),
            arts: FxHashMap::default(),
            scale: 1,
        }
    }
}

impl Icons {
    /// Sets the density of the screen; tells whether the icons are now others.
    pub(super) fn set_ratio(&mut self, ratio: f32) -> bool {
        let scale = if ratio > 1.0 { 2 } else { 1 };
        let is_new = scale != self.scale;
        if is_new {
            self.scale = scale;
            self.arts.clear();
        }
        is_new
    }

    /// An icon's number in the atlas; nothing when the sprite lacks it.
    pub(super) fn find(&mut self, name: &str) -> Option<u32> {
        let (name, id) = self.names.get_key_value(name)?;
        if !self.arts.contains_key(id) {
            let icon = sprite::icon(name, self.scale)?;
            self.arts.insert(*id, art(&icon, f32::from(self.scale)));
        }
        Some(*id)
    }

    /// Whether the sprite has an icon.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    pub(super) fn art(&self, id: u32) -> Option<&Art> {
        self.arts.get(&id)
    }
}

/// Divides the colours by alpha, and lets them run on where nothing is seen: a GPU that smooths between texels would mix in black.
fn art(icon: &sprite::Icon, scale: f32) -> Art {
    let size = [icon.width + 2 * MARGIN, icon.height + 2 * MARGIN];
    let inner = |x: u32, y: u32| -> Option<[u8; 4]> {
        let (x, y) = (x.checked_sub(MARGIN)?, y.checked_sub(MARGIN)?);
        let at = (y * icon.width + x) as usize * 4;
        (x < icon.width).then(|| icon.rgba.get(at..at + 4)?.try_into().ok()).flatten()
    };
    let seen = |x: u32, y: u32| inner(x, y).filter(|p| p[3] > 0).map(straight);
    let mut texels = Vec::with_capacity((size[0] * size[1] * 4) as usize);
    for y in 0..size[1] {
        for x in 0..size[0] {
            texels.extend(seen(x, y).unwrap_or_else(|| {
                let near = (0..9u32).filter_map(|i| seen((x + i % 3).checked_sub(1)?, (y + i / 3).checked_sub(1)?));
                let (sum, count) = near.fold(([0u32; 3], 0), |(sum, count), p| {
                    ([0, 1, 2].map(|i: usize| sum[i] + u32::from(p[i])), count + 1)
                });
                let [r, g, b] = sum.map(|n| (n / count.max(1)) as u8);
                [r, g, b, 0]
            }));
        }
    }
    Art {
        size_px: [icon.width as f32 / scale, icon.height as f32 / scale],
        rim_px: icon.rim.map(|rim| rim as f32 / scale),
        scale,
        size,
        texels,
    }
}

fn straight([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    let divide = |n: u8| ((u32::from(n) * 255 + u32::from(a) / 2) / u32::from(a.max(1))).min(255) as u8;
    [divide(r), divide(g), divide(b), a]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_found_by_its_name_in_the_density_of_the_screen() {
        let mut icons = Icons::default();
        assert_eq!(icons.find("no-such-icon"), None);
        let id = icons.find("hospital").expect("an icon");
        assert_eq!(icons.art(id).map(|a| (a.size_px, a.size)), Some(([24.0; 2], [26; 2])));
        assert!(!icons.set_ratio(0.5) && icons.set_ratio(1.5));
        let id = icons.find("hospital").expect("an icon");
        assert_eq!(icons.art(id).map(|a| (a.size_px, a.size, a.rim_px)), Some(([24.0; 2], [50; 2], None)));
        let plate = icons.find("doorplate").expect("an icon");
        assert_eq!(icons.art(plate).map(|a| (a.size_px, a.rim_px)), Some(([24.0, 16.0], Some(4.0))));
    }

    #[test]
    fn colours_run_on_beyond_the_edge() {
        let icon = sprite::Icon { width: 1, height: 1, rgba: vec![100, 50, 0, 128], rim: None };
        let art = art(&icon, 1.0);
        let pixels: Vec<&[u8]> = art.texels.chunks(4).collect();
        assert_eq!(pixels[4], [199, 100, 0, 128]);
        assert_eq!(pixels[0], [199, 100, 0, 0]);
    }
}
