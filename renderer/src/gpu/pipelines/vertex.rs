//! How the meshes' vertices lie in memory, for the shaders.

use std::mem::offset_of;

use wgpu::VertexFormat as F;

use crate::frame::LabelVertex;
use crate::mesh::{CircleVertex, ExtrusionVertex, FillVertex, LineVertex};

const fn at(shader_location: u32, format: F, offset: usize) -> wgpu::VertexAttribute {
    wgpu::VertexAttribute { format, offset: offset as u64, shader_location }
}

const fn layout<V>(attributes: &'static [wgpu::VertexAttribute]) -> wgpu::VertexBufferLayout<'static> {
    wgpu::VertexBufferLayout {
        array_stride: size_of::<V>() as u64,
        step_mode: wgpu::VertexStepMode::Vertex,
        attributes,
    }
}

/// Of [`FillVertex`].
pub(super) const FILL: wgpu::VertexBufferLayout<'static> = layout::<FillVertex>(&[
    at(0, F::Sint16x2, offset_of!(FillVertex, at)),
    at(1, F::Unorm8x4, offset_of!(FillVertex, color)),
    at(2, F::Uint32, offset_of!(FillVertex, pick)),
]);

/// Of [`LineVertex`].
pub(super) const LINE: wgpu::VertexBufferLayout<'static> = layout::<LineVertex>(&[
    at(0, F::Sint16x2, offset_of!(LineVertex, at)),
    at(1, F::Float32x2, offset_of!(LineVertex, out)),
    at(2, F::Float32, offset_of!(LineVertex, along)),
    at(3, F::Float32, offset_of!(LineVertex, width)),
    at(4, F::Unorm8x4, offset_of!(LineVertex, color)),
    at(5, F::Uint32, offset_of!(LineVertex, pick)),
]);

/// Of [`ExtrusionVertex`].
pub(super) const EXTRUSION: wgpu::VertexBufferLayout<'static> = layout::<ExtrusionVertex>(&[
    at(0, F::Sint16x2, offset_of!(ExtrusionVertex, at)),
    at(1, F::Float32, offset_of!(ExtrusionVertex, height)),
    at(2, F::Snorm8x4, offset_of!(ExtrusionVertex, normal)),
    at(3, F::Unorm8x4, offset_of!(ExtrusionVertex, color)),
    at(4, F::Uint32, offset_of!(ExtrusionVertex, pick)),
]);

/// Of [`CircleVertex`].
pub(super) const CIRCLE: wgpu::VertexBufferLayout<'static> = layout::<CircleVertex>(&[
    at(0, F::Sint16x2, offset_of!(CircleVertex, at)),
    at(1, F::Sint8x2, offset_of!(CircleVertex, corner)),
    at(2, F::Float32, offset_of!(CircleVertex, radius)),
    at(3, F::Float32, offset_of!(CircleVertex, stroke)),
    at(4, F::Unorm8x4, offset_of!(CircleVertex, color)),
    at(5, F::Unorm8x4, offset_of!(CircleVertex, stroke_color)),
    at(6, F::Uint32, offset_of!(CircleVertex, pick)),
]);

/// Of [`LabelVertex`].
pub(super) const LABEL: wgpu::VertexBufferLayout<'static> = layout::<LabelVertex>(&[
    at(0, F::Float32x2, offset_of!(LabelVertex, at)),
    at(1, F::Float32, offset_of!(LabelVertex, depth)),
    at(2, F::Float32x2, offset_of!(LabelVertex, uv)),
    at(3, F::Float32, offset_of!(LabelVertex, sharpness)),
    at(4, F::Float32, offset_of!(LabelVertex, halo)),
    at(5, F::Unorm8x4, offset_of!(LabelVertex, color)),
    at(6, F::Unorm8x4, offset_of!(LabelVertex, halo_color)),
    at(7, F::Uint32x2, offset_of!(LabelVertex, pick)),
]);
