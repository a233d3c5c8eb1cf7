//! Where pictures go: into memory, or onto a window or canvas.

use gis_data::{Error, Kind, Result};

use super::device::Device;
use super::pipelines::DEPTH;

/// Samples of a pixel where edges are smoothed.
const SAMPLES: u32 = 4;

/// A target and what is drawn into on the way to it.
pub(super) struct Target {
    pub(super) format: wgpu::TextureFormat,
    pub(super) samples: u32,
    onto: Onto,
    aside: Option<Aside>,
}

enum Onto {
    Memory(Option<wgpu::Texture>),
    Surface(Box<wgpu::Surface<'static>>, wgpu::SurfaceConfiguration),
}

/// Textures of the frame's size that nobody looks at.
struct Aside {
    /// The samples, where there are several a pixel.
    color: Option<wgpu::TextureView>,
    depth: wgpu::TextureView,
    size: [u32; 2],
}

/// A picture about to be drawn.
pub(super) struct Canvas {
    /// Drawn into.
    pub(super) color: wgpu::TextureView,
    /// Where samples are brought together.
    pub(super) resolve: Option<wgpu::TextureView>,
    pub(super) depth: wgpu::TextureView,
    shown: Option<wgpu::SurfaceTexture>,
}

impl Target {
    /// Into memory.
    pub(super) fn memory(device: &Device) -> Self {
        let format = wgpu::TextureFormat::Rgba8Unorm;
        Self { format, samples: samples(device, format, true), onto: Onto::Memory(None), aside: None }
    }

    /// Onto a surface. Its format stores colours as they are, for the shaders mix them as the 2-D map does.
    pub(super) fn surface(device: &Device, adapter: &wgpu::Adapter, surface: wgpu::Surface<'static>) -> Result<Self> {
        let formats = surface.get_capabilities(adapter).formats;
        let wanted = [wgpu::TextureFormat::Rgba8Unorm, wgpu::TextureFormat::Bgra8Unorm];
        let config = surface.get_default_config(adapter, 1, 1);
        let (Some(format), Some(config)) = (wanted.into_iter().find(|f| formats.contains(f)), config) else {
            return Err(Error::new(
                Kind::Unavailable,
                "这个窗口不能显示 8 位 RGBA 画面",
                "this window cannot show pictures of 8 bits a channel",
            ));
        };
        let config =
            wgpu::SurfaceConfiguration { format, present_mode: wgpu::PresentMode::AutoVsync, width: 0, ..config };
        // Software draws every sample itself: there, a steady picture is worth more than smooth edges.
        let samples = samples(device, format, !device.adapter.is_software);
        Ok(Self { format, samples, onto: Onto::Surface(Box::new(surface), config), aside: None })
    }

    /// The picture for the next frame; nothing if it would not be seen (a window that is hidden or has no size).
    pub(super) fn canvas(&mut self, device: &Device, width: u32, height: u32) -> Result<Option<Canvas>> {
        let (view, shown) = match &mut self.onto {
            Onto::Memory(held) => {
                device.fits(width, height)?;
                let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
                let texture = match held.take() {
                    Some(texture) if texture.size() == size => texture,
                    _ => device.raw.create_texture(&texture(self.format, 1, size, wgpu::TextureUsages::COPY_SRC)),
                };
                (held.insert(texture).create_view(&wgpu::TextureViewDescriptor::default()), None)
            }
            Onto::Surface(_, _) if width == 0 || height == 0 => return Ok(None),
            Onto::Surface(surface, config) => {
                device.fits(width, height)?;
                if (config.width, config.height) != (width, height) {
                    (config.width, config.height) = (width, height);
                    surface.configure(&device.raw, config);
                }
                let Some(shown) = next(device, surface, config)? else { return Ok(None) };
                (shown.texture.create_view(&wgpu::TextureViewDescriptor::default()), Some(shown))
            }
        };
        if self.aside.as_ref().is_none_or(|a| a.size != [width, height]) {
            self.aside = Some(Aside::new(device, self.format, self.samples, [width, height]));
        }
        Ok(self.aside.as_ref().map(|aside| match &aside.color {
            None => Canvas { color: view, resolve: None, depth: aside.depth.clone(), shown },
            Some(color) => Canvas { color: color.clone(), resolve: Some(view), depth: aside.depth.clone(), shown },
        }))
    }

    /// The picture in memory, if there is one.
    pub(super) fn picture(&self) -> Option<&wgpu::Texture> {
        match &self.onto {
            Onto::Memory(texture) => texture.as_ref(),
            Onto::Surface(..) => None,
        }
    }

    /// Bytes of textures; those of a surface belong to the system.
    pub(super) fn bytes(&self) -> u64 {
        let pixels = |[w, h]: [u32; 2]| u64::from(w) * u64::from(h);
        let picture = self.picture().map_or(0, |t| pixels([t.width(), t.height()]) * 4);
        let aside = self.aside.as_ref().map_or(0, |a| {
            let samples = u64::from(self.samples);
            pixels(a.size) * samples * if a.color.is_some() { 8 } else { 4 }
        });
        picture + aside
    }
}

impl Canvas {
    /// Shows what was drawn and submitted.
    pub(super) fn show(self, device: &Device) {
        if let Some(shown) = self.shown {
            device.queue.present(shown);
        }
    }
}

impl Aside {
    fn new(device: &Device, format: wgpu::TextureFormat, samples: u32, [width, height]: [u32; 2]) -> Self {
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let view = |format| {
            let descriptor = texture(format, samples, size, wgpu::TextureUsages::empty());
            device.raw.create_texture(&descriptor).create_view(&wgpu::TextureViewDescriptor::default())
        };
        Self { color: (samples > 1).then(|| view(format)), depth: view(DEPTH), size: [width, height] }
    }
}

fn samples(device: &Device, format: wgpu::TextureFormat, smooth: bool) -> u32 {
    let flags = format.guaranteed_format_features(device.raw.features()).flags;
    if smooth && flags.sample_count_supported(SAMPLES) { SAMPLES } else { 1 }
}

/// A texture to draw into.
pub(super) fn texture(
    format: wgpu::TextureFormat,
    sample_count: u32,
    size: wgpu::Extent3d,
    more: wgpu::TextureUsages,
) -> wgpu::TextureDescriptor<'static> {
    wgpu::TextureDescriptor {
        label: Some("target"),
        size,
        mip_level_count: 1,
        sample_count,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | more,
        view_formats: &[],
    }
}

/// The surface's next picture. One that no longer fits its window is set up anew, once.
fn next(
    device: &Device,
    surface: &wgpu::Surface<'_>,
    config: &wgpu::SurfaceConfiguration,
) -> Result<Option<wgpu::SurfaceTexture>> {
    use wgpu::CurrentSurfaceTexture as Next;
    for is_first in [true, false] {
        match surface.get_current_texture() {
            Next::Success(texture) => return Ok(Some(texture)),
            Next::Suboptimal(texture) if !is_first => return Ok(Some(texture)),
            // The texture goes back before the surface may be set up.
            Next::Suboptimal(texture) => drop(texture),
            Next::Outdated | Next::Lost if is_first => {}
            Next::Timeout | Next::Occluded | Next::Outdated => return Ok(None),
            Next::Lost => {
                device.lose();
                break;
            }
            Next::Validation => break,
        }
        surface.configure(&device.raw, config);
    }
    device.check()?;
    Err(Error::new(Kind::Unavailable, "窗口没有给出可画的画面", "the window gave no picture to draw into"))
}
