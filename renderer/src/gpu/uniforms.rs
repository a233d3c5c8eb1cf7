//! What the shaders are told of a frame, its tiles and its layers: the structs of `prelude.wgsl`.

use bytemuck::{Pod, Zeroable};

use super::device::Device;
use crate::frame::{Frame, LayerPaint, TileDraw};

/// The part of clip space that the target shows: scale, then shift.
pub(super) type Window = [f32; 4];

/// All of it.
pub(super) const WHOLE: Window = [1.0, 1.0, 0.0, 0.0];

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct FrameBlock {
    background: [f32; 4],
    sky: [f32; 4],
    light: [f32; 4],
    light_color: [f32; 4],
    window: Window,
    size: [f32; 2],
    ratio: f32,
    horizon: f32,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct TileBlock {
    matrix: [f32; 16],
    clip: [f32; 4],
    px_per_unit: f32,
    number: u32,
    unused: [f32; 2],
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct LayerBlock {
    color: [f32; 4],
    translate: [f32; 2],
    opacity: f32,
    width: f32,
    gap_width: f32,
    offset: f32,
    blur: f32,
    radius: f32,
    gradient: f32,
    dash_pairs: u32,
    unused: [f32; 2],
    dashes: [f32; 8],
}

/// The numbers of a frame on the device. One buffer holds the frame's block, then the tiles', then the layers'; a draw says by offsets which
/// of them it means.
pub(super) struct Uniforms {
    layout: wgpu::BindGroupLayout,
    held: Option<(wgpu::Buffer, wgpu::BindGroup)>,
    stride: u64,
    tiles: usize,
    bytes: Vec<u8>,
}

impl Uniforms {
    /// Nothing yet.
    pub(super) fn new(device: &Device) -> Self {
        let block = |binding, size: usize, has_dynamic_offset| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty: wgpu::BindingType::Buffer {
                ty: wgpu::BufferBindingType::Uniform,
                has_dynamic_offset,
                min_binding_size: std::num::NonZeroU64::new(size as u64),
            },
            count: None,
        };
        let layout = device.raw.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("frame, tile, layer"),
            entries: &[
                block(0, size_of::<FrameBlock>(), false),
                block(1, size_of::<TileBlock>(), true),
                block(2, size_of::<LayerBlock>(), true),
            ],
        });
        // One step for all, the largest of them.
        let stride = (size_of::<LayerBlock>().max(size_of::<TileBlock>()).max(size_of::<FrameBlock>()) as u64)
            .next_multiple_of(device.alignment);
        Self { layout, held: None, stride, tiles: 0, bytes: Vec::new() }
    }

    /// How the blocks are bound.
    pub(super) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// Writes a frame's numbers, and gives what binds them.
    pub(super) fn write(&mut self, device: &Device, frame: &Frame, window: Window) -> wgpu::BindGroup {
        self.tiles = frame.tiles.len();
        self.bytes.clear();
        // Two blocks more than needed: a frame without tiles or layers still binds one of each.
        self.bytes.resize((3 + frame.tiles.len() + frame.paints.len()) * self.stride as usize, 0);
        self.set(0, &frame_block(frame, window));
        for (i, tile) in frame.tiles.iter().enumerate() {
            self.set(1 + i, &tile_block(i, tile, frame.size.ratio));
        }
        for (i, paint) in frame.paints.iter().enumerate() {
            self.set(1 + self.tiles + i, &layer_block(paint));
        }
        let group = match self.held.take() {
            Some((buffer, group)) if buffer.size() >= self.bytes.len() as u64 => (buffer, group),
            _ => self.grown(device),
        };
        device.queue.write_buffer(&group.0, 0, &self.bytes);
        self.held.insert(group).1.clone()
    }

    /// The offsets of a tile and a layer of the frame last written.
    pub(super) fn offsets(&self, tile: usize, layer: usize) -> [u32; 2] {
        let at = |index: usize| (index as u64 * self.stride) as u32;
        [at(1 + tile), at(1 + self.tiles + layer)]
    }

    /// Bytes on the device.
    pub(super) fn held_bytes(&self) -> u64 {
        self.held.as_ref().map_or(0, |(buffer, _)| buffer.size())
    }

    fn set(&mut self, index: usize, block: &impl Pod) {
        let from = index * self.stride as usize;
        let bytes = bytemuck::bytes_of(block);
        self.bytes[from..from + bytes.len()].copy_from_slice(bytes);
    }

    fn grown(&self, device: &Device) -> (wgpu::Buffer, wgpu::BindGroup) {
        let buffer = device.raw.create_buffer(&wgpu::BufferDescriptor {
            label: Some("uniforms"),
            size: (self.bytes.len() as u64).next_power_of_two(),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let block = |binding, size: usize| wgpu::BindGroupEntry {
            binding,
            resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &buffer,
                offset: 0,
                size: std::num::NonZeroU64::new(size as u64),
            }),
        };
        let group = device.raw.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("frame, tile, layer"),
            layout: &self.layout,
            entries: &[
                block(0, size_of::<FrameBlock>()),
                block(1, size_of::<TileBlock>()),
                block(2, size_of::<LayerBlock>()),
            ],
        });
        (buffer, group)
    }
}

fn frame_block(frame: &Frame, window: Window) -> FrameBlock {
    let [x, y, z] = frame.light.towards;
    let [r, g, b] = frame.light.color;
    FrameBlock {
        background: frame.background,
        sky: frame.sky,
        light: [x, y, z, frame.light.intensity],
        light_color: [r, g, b, 1.0],
        window,
        size: [frame.size.width as f32, frame.size.height as f32],
        ratio: positive(frame.size.ratio),
        horizon: frame.horizon_px,
    }
}

fn tile_block(index: usize, tile: &TileDraw, ratio: f32) -> TileBlock {
    let px_per_unit = positive(tile.px_per_unit);
    // Two tiles round a border between them differently; a fiftieth of a pixel more lets no gap open.
    let more = 0.02 / (px_per_unit * positive(ratio));
    let [west, north, east, south] = tile.clip;
    TileBlock {
        matrix: tile.matrix,
        clip: [west - more, north - more, east + more, south + more],
        px_per_unit,
        number: index as u32 + 1,
        unused: [0.0; 2],
    }
}

fn layer_block(paint: &LayerPaint) -> LayerBlock {
    let (dash_pairs, dashes) = dashes(&paint.dashes);
    LayerBlock {
        color: paint.color,
        translate: paint.translate,
        opacity: paint.opacity.clamp(0.0, 1.0),
        width: paint.width,
        gap_width: paint.gap_width,
        offset: paint.offset,
        blur: paint.blur.max(0.0),
        radius: paint.radius,
        gradient: f32::from(u8::from(paint.gradient)),
        dash_pairs,
        unused: [0.0; 2],
        dashes,
    }
}

/// Shaders divide by it.
fn positive(x: f32) -> f32 {
    if x.is_finite() && x > 0.0 { x } else { 1.0 }
}

/// Pairs of dash and gap. An odd list goes around twice, as in the style specification; one that cannot be drawn is a solid line.
fn dashes(list: &[f32]) -> (u32, [f32; 8]) {
    let around = if list.len() % 2 == 1 { list.len() * 2 } else { list.len() };
    let mut dashes = [0.0; 8];
    let count = around.min(dashes.len());
    for (to, from) in dashes[..count].iter_mut().zip(list.iter().cycle()) {
        *to = if from.is_finite() { from.max(0.0) } else { 0.0 };
    }
    let gaps: f32 = dashes.iter().skip(1).step_by(2).sum();
    if gaps > 0.0 { (count as u32 / 2, dashes) } else { (0, dashes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_are_pairs() {
        assert_eq!(dashes(&[]).0, 0);
        assert_eq!(dashes(&[2.0, 1.0]), (1, [2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
        assert_eq!(dashes(&[3.0, 1.0, 2.0]), (3, [3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 0.0, 0.0]));
        assert_eq!(dashes(&[1.0; 20]).0, 4);
    }

    #[test]
    fn dashes_that_cannot_be_drawn_are_a_solid_line() {
        assert_eq!(dashes(&[f32::NAN, -1.0]).0, 0);
        assert_eq!(dashes(&[2.0, 0.0]).0, 0);
    }

    #[test]
    fn a_scale_that_is_none_is_one() {
        for x in [0.0, -2.0, f32::NAN, f32::INFINITY] {
            assert_eq!(positive(x), 1.0);
        }
        assert_eq!(positive(0.25), 0.25);
    }
}
