//! The shaders, made ready for a target.

pub(super) mod vertex;

use super::buffers::Form;

/// Depth is reversed: 1 near, 0 far.
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// Tile, feature, depth. The fourth number is not needed, but WebGL2 draws to no three.
pub(super) const PICK: wgpu::TextureFormat = wgpu::TextureFormat::Rgba32Uint;

/// One shader with all that it shares with the others.
macro_rules! wgsl {
    ($file:literal) => {
        concat!(include_str!("../shaders/prelude.wgsl"), "\n", include_str!(concat!("../shaders/", $file, ".wgsl")))
    };
}

pub(super) const BACKDROP: &str = wgsl!("backdrop");
pub(super) const FILL: &str = wgsl!("fill");
pub(super) const LINE: &str = wgsl!("line");
pub(super) const EXTRUSION: &str = wgsl!("extrusion");
pub(super) const CIRCLE: &str = wgsl!("circle");
pub(super) const LABEL: &str = wgsl!("label");

/// Mixes a colour in below what is there already: both are premultiplied, and nothing was there where alpha is 0.
const BELOW: wgpu::BlendState = {
    let component = wgpu::BlendComponent {
        src_factor: wgpu::BlendFactor::OneMinusDstAlpha,
        dst_factor: wgpu::BlendFactor::One,
        operation: wgpu::BlendOperation::Add,
    };
    wgpu::BlendState { color: component, alpha: component }
};

/// The compiled shaders and how their data is bound.
pub(super) struct Shaders {
    backdrop: wgpu::ShaderModule,
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
            backdrop: module("backdrop", BACKDROP),
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

/// One pipeline for each form.
pub(super) struct Forms {
    fill: wgpu::RenderPipeline,
    line: wgpu::RenderPipeline,
    circle: wgpu::RenderPipeline,
    extrusion: wgpu::RenderPipeline,
}

impl Forms {
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

/// What draws a picture.
pub(super) struct Pipelines {
    pub(super) backdrop: wgpu::RenderPipeline,
    pub(super) forms: Forms,
    pub(super) label: wgpu::RenderPipeline,
}

impl Pipelines {
    /// For a target of a format and with so many samples a pixel.
    pub(super) fn new(device: &wgpu::Device, shaders: &Shaders, format: wgpu::TextureFormat, samples: u32) -> Self {
        let ground = |module, layout| Make {
            layout: &shaders.plain,
            module,
            vertices: layout,
            fragment: "fs_main",
            format,
            samples,
            blend: Some(BELOW),
            hides: false,
            is_closed: false,
        };
        let extrusion = Make {
            // The nearest is what is there, with its alpha.
            blend: None,
            hides: true,
            is_closed: true,
            ..ground(&shaders.extrusion, Some(vertex::EXTRUSION))
        };
        let label = Make {
            layout: &shaders.textured,
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            ..ground(&shaders.label, Some(vertex::LABEL))
        };
        Self {
            backdrop: ground(&shaders.backdrop, None).pipeline(device),
            forms: Forms {
                fill: ground(&shaders.fill, Some(vertex::FILL)).pipeline(device),
                line: ground(&shaders.line, Some(vertex::LINE)).pipeline(device),
                circle: ground(&shaders.circle, Some(vertex::CIRCLE)).pipeline(device),
                extrusion: extrusion.pipeline(device),
            },
            label: label.pipeline(device),
        }
    }
}

/// What draws pick numbers.
pub(super) struct PickPipelines {
    pub(super) forms: Forms,
    pub(super) label: wgpu::RenderPipeline,
}

impl PickPipelines {
    /// One sample a pixel: numbers do not mix.
    pub(super) fn new(device: &wgpu::Device, shaders: &Shaders) -> Self {
        let pick = |module, vertices| Make {
            layout: &shaders.plain,
            module,
            vertices: Some(vertices),
            fragment: "fs_pick",
            format: PICK,
            samples: 1,
            blend: None,
            hides: true,
            is_closed: false,
        };
        let extrusion = Make { is_closed: true, ..pick(&shaders.extrusion, vertex::EXTRUSION) };
        let label = Make { layout: &shaders.textured, ..pick(&shaders.label, vertex::LABEL) };
        Self {
            forms: Forms {
                fill: pick(&shaders.fill, vertex::FILL).pipeline(device),
                line: pick(&shaders.line, vertex::LINE).pipeline(device),
                circle: pick(&shaders.circle, vertex::CIRCLE).pipeline(device),
                extrusion: extrusion.pipeline(device),
            },
            label: label.pipeline(device),
        }
    }
}

/// A pipeline's choices.
struct Make<'a> {
    layout: &'a wgpu::PipelineLayout,
    module: &'a wgpu::ShaderModule,
    vertices: Option<wgpu::VertexBufferLayout<'static>>,
    fragment: &'static str,
    format: wgpu::TextureFormat,
    samples: u32,
    blend: Option<wgpu::BlendState>,
    /// Whether what is nearer hides what is farther, and of the same depth the first the others.
    hides: bool,
    /// Whether only one side of its surfaces is ever seen.
    is_closed: bool,
}

impl Make<'_> {
    fn pipeline(self, device: &wgpu::Device) -> wgpu::RenderPipeline {
        let compare = if self.hides { wgpu::CompareFunction::Greater } else { wgpu::CompareFunction::Always };
        let buffers: &[_] = if self.vertices.is_some() { &[self.vertices] } else { &[] };
        let target =
            wgpu::ColorTargetState { format: self.format, blend: self.blend, write_mask: wgpu::ColorWrites::ALL };
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(self.fragment),
            layout: Some(self.layout),
            vertex: wgpu::VertexState {
                module: self.module,
                entry_point: Some("vs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers,
            },
            primitive: wgpu::PrimitiveState {
                // A tile's y runs south and the picture's up: what is counter-clockwise in the tile is clockwise here.
                front_face: wgpu::FrontFace::Cw,
                cull_mode: self.is_closed.then_some(wgpu::Face::Back),
                ..Default::default()
            },
            depth_stencil: Some(wgpu::DepthStencilState {
                format: DEPTH,
                depth_write_enabled: Some(self.hides),
                depth_compare: Some(compare),
                stencil: wgpu::StencilState::default(),
                bias: wgpu::DepthBiasState::default(),
            }),
            multisample: wgpu::MultisampleState { count: self.samples, ..Default::default() },
            fragment: Some(wgpu::FragmentState {
                module: self.module,
                entry_point: Some(self.fragment),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(target)],
            }),
            multiview_mask: None,
            cache: None,
        })
    }
}
