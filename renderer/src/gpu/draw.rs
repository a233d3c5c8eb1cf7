//! Draws a frame into a pass.

use std::collections::BTreeMap;

use tiler::Coord;

use super::buffers::{LabelBuffers, Pair, TileBuffers};
use super::pipelines::{Forms, PickPipelines, Pipelines};
use super::plan::{Plan, Step, plan};
use super::uniforms::Uniforms;
use crate::frame::Frame;

/// A depth that no building is as far as, and that is not yet nothing.
const FARTHEST: f32 = 1e-9;

/// A frame and all that draws it.
pub(super) struct Drawing<'a> {
    pub(super) frame: &'a Frame,
    pub(super) tiles: &'a BTreeMap<Coord, TileBuffers>,
    pub(super) labels: &'a LabelBuffers,
    pub(super) uniforms: &'a Uniforms,
    /// Binds the uniforms as they were written for this frame.
    pub(super) group: &'a wgpu::BindGroup,
    pub(super) atlas: &'a wgpu::BindGroup,
}

impl Drawing<'_> {
    /// Paints the picture: buildings, the ground below them, what is behind all, and labels on top.
    pub(super) fn paint(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &Pipelines) {
        let Plan { raised, ground } = self.plan();
        self.steps(pass, &raised, &pipelines.forms);
        self.steps(pass, &ground, &pipelines.forms);
        pass.set_pipeline(&pipelines.backdrop);
        pass.set_bind_group(0, self.group, &self.uniforms.offsets(0, 0));
        pass.draw(0..3, 0..1);
        self.labels(pass, &pipelines.label);
    }

    /// Paints pick numbers, from the top to the ground: who comes first stays. `side` is the target's.
    pub(super) fn number(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &PickPipelines, side: f32) {
        let Plan { raised, ground } = self.plan();
        // Labels are nearer than any building, and the ground is farther, whatever their depth.
        pass.set_viewport(0.0, 0.0, side, side, 1.0, 1.0);
        self.labels(pass, &pipelines.label);
        pass.set_viewport(0.0, 0.0, side, side, 0.0, 1.0);
        self.steps(pass, &raised, &pipelines.forms);
        pass.set_viewport(0.0, 0.0, side, side, FARTHEST, FARTHEST);
        self.steps(pass, &ground, &pipelines.forms);
    }

    fn plan(&self) -> Plan {
        plan(self.frame, |i| self.tile(i).map_or(&[], |t| &t.spans))
    }

    /// A tile that was not uploaded, or was forgotten, is not drawn.
    fn tile(&self, index: usize) -> Option<&TileBuffers> {
        self.tiles.get(&self.frame.tiles.get(index)?.coord)
    }

    fn steps(&self, pass: &mut wgpu::RenderPass<'_>, steps: &[Step], forms: &Forms) {
        let mut form = None;
        for step in steps {
            let Some(pair) = self.tile(step.tile).and_then(|t| t.pair(step.form)) else { continue };
            if form != Some(step.form) {
                form = Some(step.form);
                pass.set_pipeline(forms.of(step.form));
            }
            pass.set_bind_group(0, self.group, &self.uniforms.offsets(step.tile, step.paint));
            bind(pass, pair);
            pass.draw_indexed(step.indices.clone(), 0, 0..1);
        }
    }

    fn labels(&self, pass: &mut wgpu::RenderPass<'_>, pipeline: &wgpu::RenderPipeline) {
        let Some((pair, count)) = self.labels.get() else { return };
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, self.group, &self.uniforms.offsets(0, 0));
        pass.set_bind_group(1, self.atlas, &[]);
        bind(pass, pair);
        pass.draw_indexed(0..count, 0, 0..1);
    }
}

fn bind(pass: &mut wgpu::RenderPass<'_>, pair: &Pair) {
    pass.set_vertex_buffer(0, pair.vertices.slice(..));
    pass.set_index_buffer(pair.indices.slice(..), wgpu::IndexFormat::Uint32);
}

/// Begins a pass that clears its textures.
pub(super) fn begin<'e>(
    encoder: &'e mut wgpu::CommandEncoder,
    color: &wgpu::TextureView,
    resolve: Option<&wgpu::TextureView>,
    depth: &wgpu::TextureView,
) -> wgpu::RenderPass<'e> {
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("scene"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: color,
            depth_slice: None,
            resolve_target: resolve,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                // Samples that were brought together are not needed any more.
                store: if resolve.is_some() { wgpu::StoreOp::Discard } else { wgpu::StoreOp::Store },
            },
        })],
        depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
            view: depth,
            // Far away.
            depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(0.0), store: wgpu::StoreOp::Discard }),
            stencil_ops: None,
        }),
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    })
}
