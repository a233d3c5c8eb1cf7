//! Draws a frame into a pass.

use std::collections::BTreeMap;

use tiler::Coord;

use super::buffers::{Form, LabelBuffers, Pair, TileBuffers};
use super::pipelines::{PickPipelines, Pipelines};
use super::plan::{Plan, Step, is_faint, plan};
use super::uniforms::Uniforms;
use crate::frame::Frame;

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
    /// Paints the picture: sky, ground, buildings, labels.
    pub(super) fn paint(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &Pipelines) {
        self.sky(pass, pipelines);
        let Plan { ground, raised } = self.plan();
        self.steps(pass, &ground, |form| pipelines.of(form));
        for layer in &raised {
            let Some(paint) = layer.first().and_then(|s| self.frame.paints.get(s.paint)) else { continue };
            if is_faint(paint) {
                self.steps(pass, layer, |_| &pipelines.faint_depth);
                self.steps(pass, layer, |_| &pipelines.faint);
            } else {
                self.steps(pass, layer, |_| &pipelines.solid);
            }
        }
        self.labels(pass, &[&pipelines.label_under, &pipelines.label_over]);
    }

    /// Paints pick numbers, in the same order.
    pub(super) fn number(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &PickPipelines) {
        let Plan { ground, raised } = self.plan();
        self.steps(pass, &ground, |form| pipelines.of(form));
        for layer in &raised {
            self.steps(pass, layer, |form| pipelines.of(form));
        }
        self.labels(pass, &[&pipelines.label]);
    }

    fn plan(&self) -> Plan {
        plan(self.frame, |i| self.tile(i).map_or(&[], |t| &t.spans))
    }

    /// A tile that was not uploaded, or was forgotten, is not drawn.
    fn tile(&self, index: usize) -> Option<&TileBuffers> {
        self.tiles.get(&self.frame.tiles.get(index)?.coord)
    }

    fn sky(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &Pipelines) {
        let size = self.frame.size;
        let rows = (f64::from(self.frame.horizon_px) + 0.5).ceil().clamp(0.0, f64::from(size.height)) as u32;
        if rows == 0 {
            return;
        }
        pass.set_scissor_rect(0, 0, size.width, rows);
        pass.set_pipeline(&pipelines.sky);
        pass.set_bind_group(0, self.group, &self.uniforms.offsets(0, 0));
        pass.draw(0..3, 0..1);
        pass.set_scissor_rect(0, 0, size.width, size.height);
    }

    fn steps<'p>(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        steps: &[Step],
        pipeline: impl Fn(Form) -> &'p wgpu::RenderPipeline,
    ) {
        let mut form = None;
        for step in steps {
            let Some(pair) = self.tile(step.tile).and_then(|t| t.pair(step.form)) else { continue };
            if form != Some(step.form) {
                form = Some(step.form);
                pass.set_pipeline(pipeline(step.form));
            }
            pass.set_bind_group(0, self.group, &self.uniforms.offsets(step.tile, step.paint));
            bind(pass, pair);
            pass.draw_indexed(step.indices.clone(), 0, 0..1);
        }
    }

    fn labels(&self, pass: &mut wgpu::RenderPass<'_>, pipelines: &[&wgpu::RenderPipeline]) {
        let Some((pair, count)) = self.labels.get() else { return };
        for pipeline in pipelines {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, self.group, &self.uniforms.offsets(0, 0));
            pass.set_bind_group(1, self.atlas, &[]);
            bind(pass, pair);
            pass.draw_indexed(0..count, 0, 0..1);
        }
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
    clear: wgpu::Color,
) -> wgpu::RenderPass<'e> {
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("scene"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: color,
            depth_slice: None,
            resolve_target: resolve,
            ops: wgpu::Operations {
                load: wgpu::LoadOp::Clear(clear),
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
