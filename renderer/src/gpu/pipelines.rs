//! The shaders, made ready for a target.

use super::buffers::Form;
use super::vertex;

/// Depth is reversed: 1 near, 0 far.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Tile, feature, depth. The fourth number is not needed, but WebGL2 draws to no three.
pub(super) const PICK: wgpu::TextureFormat = wgpu::TextureFormat::Rgba32Uint;

/// One shader with all that it shares with the others.
macro_rules! wgsl {
    ($file:literal) => {
        concat!(include_str!("shaders/prelude.wgsl"), "\n", include_str!(concat!("shaders/", $file, ".wgsl")))
    };
}

pub(super) const SKY: &str = wgsl!("sky");
pub(super) const FILL: &str = wgsl!("fill");
pub(super) const LINE: &str = wgsl!("line");
pub(super) const EXTRUSION: &str = wgsl!("extrusion");
pub(super) const CIRCLE: &str = wgsl!("circle");
pub(super) const LABEL: &str = wgsl!("label");

/// How a pipeline treats depth.
#[derive(Clone, Copy)]
enum Depth {
    /// What comes later lies on top.
    Ignore,
    /// What is nearer hides.
    Write,
    /// Draws only what is as near as what was written.
    Equal,
}

/// The compiled shaders and how their data is bound.
pub(super) struct Shaders {
    sky: wgpu::ShaderModule,
    fill: wgpu::ShaderModule,
    line: wgpu::ShaderModule,
    extrusion: wgpu::ShaderModule,
    circle: wgpu::ShaderModule,
    label: wgpu::ShaderModule,
    plain: wgpu::PipelineLayout,
    textured: wgpu::PipelineLayout,
}

impl Shaders {
    /// `uniforms` and `textures` are how these are bound.
    pub(super) fn new(
        device: &wgpu::Device,
        uniforms: &wgpu::BindGroupLayout,
        textures: &wgpu::BindGroupLayout,
    ) -> Self {
        let module = |label, source: &'static str| {
            device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(label),
                source: wgpu::ShaderSource::Wgsl(source.into()),
            })
        };
        let layout = |groups: &[Option<&wgpu::BindGroupLayout>]| {
            device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: None,
                bind_group_layouts: groups,
                immediate_size: 0,
            })
        };
        Self {
            sky: module("sky", SKY),
            fill: module("fill", FILL),
            line: module("line", LINE),
            extrusion: module("extrusion", EXTRUSION),
            circle: module("circle", CIRCLE),
            label: module("label", LABEL),
            plain: layout(&[Some(uniforms)]),
            textured: layout(&[Some(uniforms), Some(textures)]),
        }
    }
}

/// What draws a picture.
pub(super) struct Pipelines {
    pub(super) sky: wgpu::RenderPipeline,
    fill: wgpu::RenderPipeline,
    line: wgpu::RenderPipeline,
    circle: wgpu::RenderPipeline,
    /// Buildings that hide what is behind them.
    pub(super) solid: wgpu::RenderPipeline,
    /// Only the depth of buildings that one sees through …
    pub(super) faint_depth: wgpu::RenderPipeline,
    /// … and then their colour, so that none shows another behind it or its own inside.
    pub(super) faint: wgpu::RenderPipeline,
    pub(super) label_under: wgpu::RenderPipeline,
    pub(super) label_over: wgpu::RenderPipeline,
}

impl Pipelines {
    /// For a target of a format and with so many samples a pixel.
    pub(super) fn new(device: &wgpu::Device, shaders: &Shaders, format: wgpu::TextureFormat, samples: u32) -> Self {
        let make = Make { device, format, samples, blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING) };
        let extrusion = |entry, depth, mask| {
            make.pipeline(&shaders.plain, &shaders.extrusion, Some(vertex::EXTRUSION), entry, depth, mask, true)
        };
        let ground = |module, layout, entry| {
            make.pipeline(&shaders.plain, module, layout, entry, Depth::Ignore, wgpu::ColorWrites::ALL, false)
        };
        let label = |entry| {
            let all = wgpu::ColorWrites::ALL;
            make.pipeline(&shaders.textured, &shaders.label, Some(vertex::LABEL), entry, Depth::Ignore, all, false)
        };
        Self {
            sky: ground(&shaders.sky, None, "fs_main"),
            fill: ground(&shaders.fill, Some(vertex::FILL), "fs_main"),
            line: ground(&shaders.line, Some(vertex::LINE), "fs_main"),
            circle: ground(&shaders.circle, Some(vertex::CIRCLE), "fs_main"),
            solid: extrusion("fs_main", Depth::Write, wgpu::ColorWrites::ALL),
            faint_depth: extrusion("fs_main", Depth::Write, wgpu::ColorWrites::empty()),
            faint: extrusion("fs_main", Depth::Equal, wgpu::ColorWrites::ALL),
            label_under: label("fs_under"),
            label_over: label("fs_over"),
        }
    }

    /// The one for a form.
    pub(super) fn of(&self, form: Form) -> &wgpu::RenderPipeline {
        match form {
            Form::Fill => &self.fill,
            Form::Line => &self.line,
            Form::Circle => &self.circle,
            Form::Extrusion => &self.solid,
        }
    }
}

/// What draws pick numbers.
pub(super) struct PickPipelines {
    fill: wgpu::RenderPipeline,
    line: wgpu::RenderPipeline,
    circle: wgpu::RenderPipeline,
    extrusion: wgpu::RenderPipeline,
    pub(super) label: wgpu::RenderPipeline,
}

impl PickPipelines {
    /// One sample a pixel: numbers do not mix.
    pub(super) fn new(device: &wgpu::Device, shaders: &Shaders) -> Self {
        let make = Make { device, format: PICK, samples: 1, blend: None };
        let all = wgpu::ColorWrites::ALL;
        let pick = |module, layout, depth, cull| {
            make.pipeline(&shaders.plain, module, Some(layout), "fs_pick", depth, all, cull)
        };
        let label = Some(vertex::LABEL);
        Self {
            fill: pick(&shaders.fill, vertex::FILL, Depth::Ignore, false),
            line: pick(&shaders.line, vertex::LINE, Depth::Ignore, false),
            circle: pick(&shaders.circle, vertex::CIRCLE, Depth::Ignore, false),
            extrusion: pick(&shaders.extrusion, vertex::EXTRUSION, Depth::Write, true),
            label: make.pipeline(&shaders.textured, &shaders.label, label, "fs_pick", Depth::Ignore, all, false),
        }
    }

    /// The one for a form.
    pub(super) fn of(&self, form: Form) -> &wgpu::RenderPipeline {
        match form {
            Form::Fill => &self.fill,
            Form::Line => &self.line,
            Form::Circle => &self.circle,
            Form::Extrusion => &self.extrusion,
        }
    }
}

/// What the pipelines of one target have in common.
struct Make<'a> {
    device: &'a wgpu::Device,
    format: wgpu::TextureFormat,
    samples: u32,
    blend: Option<wgpu::BlendState>,
}

impl Make<'_> {
    #[expect(clippy::too_many_arguments, reason = "a pipeline is this many choices, and each is made in one place")]
    fn pipeline(
        &self,
        layout: &wgpu::PipelineLayout,
        module: &wgpu::ShaderModule,
        vertices: Option<wgpu::VertexBufferLayout<'static>>,
        fragment: &str,
        depth: Depth,
        write_mask: wgpu::ColorWrites,
        cull: bool,
    ) -> wgpu::RenderPipeline {
        let (write, compare) = match depth {
            Depth::Ignore => (false, wgpu::CompareFunction::Always),
            Depth::Write => (true, wgpu::CompareFunction::Greater),
            Depth::Equal => (false, wgpu::CompareFunction::GreaterEqual),
        };
        let buffers: &[_] = if vertices.is_some() { &[vertices] } else { &[] };
        self.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(fragment),
            layout: Some(layout),
            vertex: wgpu::VertexState {
                module,
                entry_point: Some("vs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers,
            },
            primitive: wgpu::PrimitiveState {
                // A tile's y runs south and the picture's up: what is counter-clockwise in the tile is clockwise here.
                front_face: wgpu::FrontFace::Cw,
                cull_mode: cull.then_some(wgpu::Face::Back),
                ..Default::default()
            },
            depth_stencil: Some(wgpu::DepthStencilState {
                format: DEPTH,
                depth_write_enabled: Some(write),
                depth_compare: Some(compare),
                stencil: wgpu::StencilState::default(),
                bias: wgpu::DepthBiasState::default(),
            }),
            multisample: wgpu::MultisampleState { count: self.samples, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module,
                entry_point: Some(fragment),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState { format: self.format, blend: self.blend, write_mask })],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}
