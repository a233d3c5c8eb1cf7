//! What lies under a pixel: the frame is drawn once more, but only a few pixels of it, as numbers.

use super::device::Device;
use super::pipelines::{DEPTH, PICK, PickPipelines, Shaders};
use super::target::texture;
use super::uniforms::Window;
use crate::frame::{Hit, Size};

/// Pixels to a side of the square that is looked at: a finger is not exact, and a line is thin.
pub(super) const SIDE: u32 = 5;

/// Bytes of one read number.
pub(super) const TEXEL: u32 = 16;

/// What picks are drawn with.
pub(super) struct Picker {
    pub(super) pipelines: PickPipelines,
    pub(super) numbers: wgpu::Texture,
    pub(super) depth: wgpu::TextureView,
}

impl Picker {
    /// Made at the first pick: a picture needs none of it.
    pub(super) fn new(device: &Device, shaders: &Shaders) -> Self {
        let size = wgpu::Extent3d { width: SIDE, height: SIDE, depth_or_array_layers: 1 };
        let make = |format, more| device.raw.create_texture(&texture(format, 1, size, more));
        Self {
            pipelines: PickPipelines::new(&device.raw, shaders),
            numbers: make(PICK, wgpu::TextureUsages::COPY_SRC),
            depth: make(DEPTH, wgpu::TextureUsages::empty()).create_view(&wgpu::TextureViewDescriptor::default()),
        }
    }
}

/// The square around a target pixel as a part of clip space; nothing if the pixel is not in the picture.
pub(super) fn window(size: Size, at: [f32; 2]) -> Option<Window> {
    let [width, height] = [size.width as f32, size.height as f32];
    let inside = |x: f32, side: f32| x >= 0.0 && x < side;
    if !inside(at[0], width) || !inside(at[1], height) {
        return None;
    }
    let side = SIDE as f32;
    let middle = [(at[0].floor() + 0.5) / width * 2.0 - 1.0, 1.0 - (at[1].floor() + 0.5) / height * 2.0];
    let scale = [width / side, height / side];
    Some([scale[0], scale[1], -middle[0] * scale[0], -middle[1] * scale[1]])
}

/// The pick nearest to the middle of the square. `texels` are its rows, `tiles` how many the frame has.
pub(super) fn nearest(texels: &[u8], tiles: usize) -> Option<Hit> {
    let middle = (SIDE / 2) as i32;
    let hit = |texel: &[u8]| {
        let [tile, pick, depth]: [u32; 3] = [0, 4, 8].map(|at| {
            let bytes: Option<[u8; 4]> = texel.get(at..at + 4).and_then(|b| b.try_into().ok());
            bytes.map_or(0, u32::from_le_bytes)
        });
        let tile = (tile as usize).checked_sub(1).filter(|t| *t < tiles)?;
        (pick > 0).then_some(Hit { tile, pick, depth: f32::from_bits(depth) })
    };
    let away = |index: usize| {
        let (x, y) = (index as i32 % SIDE as i32 - middle, index as i32 / SIDE as i32 - middle);
        x * x + y * y
    };
    let found = texels.chunks_exact(TEXEL as usize).enumerate().filter_map(|(i, t)| Some((away(i), hit(t)?)));
    found.min_by_key(|(away, _)| *away).map(|(_, hit)| hit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_puts_the_pixel_in_the_middle_of_the_square() {
        let size = Size { width: 100, height: 50, ratio: 1.0 };
        let [sx, sy, ox, oy] = window(size, [30.7, 10.2]).unwrap();
        // The middle of pixel (30, 10) in clip space, and half a pixel to its left and top.
        let (x, y) = (30.5 / 50.0 - 1.0, 1.0 - 10.5 / 25.0);
        assert!((x * sx + ox).abs() < 1e-5 && (y * sy + oy).abs() < 1e-5);
        assert!(((x - 0.01) * sx + ox + 0.2).abs() < 1e-5 && ((y + 0.02) * sy + oy - 0.2).abs() < 1e-5);
    }

    #[test]
    fn outside_of_the_picture_is_nothing() {
        let size = Size { width: 100, height: 50, ratio: 1.0 };
        for at in [[-0.1, 5.0], [100.0, 5.0], [5.0, 50.0], [f32::NAN, 5.0]] {
            assert!(window(size, at).is_none());
        }
    }

    #[test]
    fn the_nearest_number_wins_and_numbers_without_meaning_do_not_count() {
        let mut texels = vec![0; (SIDE * SIDE * TEXEL) as usize];
        let mut set = |index: usize, numbers: [u32; 3]| {
            for (i, n) in numbers.iter().enumerate() {
                texels[index * 16 + i * 4..index * 16 + i * 4 + 4].copy_from_slice(&n.to_le_bytes());
            }
        };
        set(0, [1, 7, 0.5f32.to_bits()]);
        set(13, [2, 9, 0.25f32.to_bits()]);
        set(12, [1, 0, 0]);
        set(11, [9, 4, 0]);
        assert_eq!(nearest(&texels, 2), Some(Hit { tile: 1, pick: 9, depth: 0.25 }));
        assert_eq!(nearest(&texels[..32], 0), None);
    }
}
