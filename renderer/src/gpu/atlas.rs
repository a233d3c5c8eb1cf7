//! The two textures of labels.

use gis_data::{Error, Result};

use super::device::Device;
use crate::frame::{AtlasChange, Patch};

/// Characters' distances and icons' colours.
pub(super) struct Atlas {
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    glyphs: wgpu::Texture,
    icons: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Atlas {
    /// Two empty textures.
    pub(super) fn new(device: &Device) -> Self {
        let texture = |binding| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty: wgpu::BindingType::Texture {
                sample_type: wgpu::TextureSampleType::Float { filterable: true },
                view_dimension: wgpu::TextureViewDimension::D2,
                multisampled: false,
            },
            count: None,
        };
        let sampler = wgpu::BindGroupLayoutEntry {
            binding: 2,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
            count: None,
        };
        let layout = device.raw.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("atlas"),
            entries: &[texture(0), texture(1), sampler],
        });
        let sampler = device.raw.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("atlas"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let glyphs = empty(device, 1, wgpu::TextureFormat::R8Unorm);
        let icons = empty(device, 1, wgpu::TextureFormat::Rgba8Unorm);
        let group = bound(device, &layout, &sampler, &glyphs, &icons);
        Self { layout, sampler, glyphs, icons, group }
    }

    /// How the textures are bound.
    pub(super) fn layout(&self) -> &wgpu::BindGroupLayout {
        &self.layout
    }

    /// What binds them.
    pub(super) fn group(&self) -> &wgpu::BindGroup {
        &self.group
    }

    /// Bytes on the device.
    pub(super) fn bytes(&self) -> u64 {
        [(&self.glyphs, 1), (&self.icons, 4)]
            .map(|(t, texel)| u64::from(t.width()) * u64::from(t.height()) * texel)
            .iter()
            .sum()
    }

    /// Fills in what changed.
    pub(super) fn change(&mut self, device: &Device, change: &AtlasChange) -> Result<()> {
        for (held, side) in [(&mut self.glyphs, change.glyph_side), (&mut self.icons, change.icon_side)] {
            if side > 0 && side != held.width() {
                device.fits(side, side)?;
                *held = empty(device, side, held.format());
            }
        }
        self.group = bound(device, &self.layout, &self.sampler, &self.glyphs, &self.icons);
        for patch in &change.glyphs {
            write(device, &self.glyphs, patch, 1, &patch.texels)?;
        }
        for patch in &change.icons {
            write(device, &self.icons, patch, 4, &premultiplied(&patch.texels))?;
        }
        device.check()
    }
}

fn empty(device: &Device, side: u32, format: wgpu::TextureFormat) -> wgpu::Texture {
    device.raw.create_texture(&wgpu::TextureDescriptor {
        label: Some("atlas"),
        size: wgpu::Extent3d { width: side, height: side, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn bound(
    device: &Device,
    layout: &wgpu::BindGroupLayout,
    sampler: &wgpu::Sampler,
    glyphs: &wgpu::Texture,
    icons: &wgpu::Texture,
) -> wgpu::BindGroup {
    let [glyphs, icons] = [glyphs, icons].map(|t| t.create_view(&wgpu::TextureViewDescriptor::default()));
    device.raw.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("atlas"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&glyphs) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(&icons) },
            wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Sampler(sampler) },
        ],
    })
}

fn write(device: &Device, texture: &wgpu::Texture, patch: &Patch, texel: u32, texels: &[u8]) -> Result<()> {
    let [width, height] = patch.size;
    if width == 0 || height == 0 {
        return Ok(());
    }
    let side = u64::from(texture.width());
    let fits = |at: u32, size: u32| u64::from(at) + u64::from(size) <= side;
    let wanted = u64::from(width) * u64::from(height) * u64::from(texel);
    if !fits(patch.at[0], width) || !fits(patch.at[1], height) || texels.len() as u64 != wanted {
        return Err(Error::invalid(
            format!("图集中 {:?} 处 {width}×{height} 的图块放不下，或字节数不对", patch.at),
            format!("the picture of {width}×{height} at {:?} of the atlas does not fit, or its bytes do not", patch.at),
        ));
    }
    device.queue.write_texture(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x: patch.at[0], y: patch.at[1], z: 0 },
            aspect: wgpu::TextureAspect::All,
        },
        texels,
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(width * texel), rows_per_image: None },
        wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
    );
    Ok(())
}

/// Icons are mixed with their neighbours' texels when drawn larger or smaller; straight colours would show what is transparent there.
fn premultiplied(straight: &[u8]) -> Vec<u8> {
    let mut texels = straight.to_vec();
    for [r, g, b, a] in texels.as_chunks_mut::<4>().0 {
        for c in [r, g, b] {
            *c = ((u16::from(*c) * u16::from(*a) + 127) / 255) as u8;
        }
    }
    texels
}

#[cfg(test)]
mod tests {
    use super::premultiplied;

    #[test]
    fn opaque_colours_stay_and_transparent_ones_vanish() {
        assert_eq!(premultiplied(&[245, 242, 236, 255, 200, 100, 50, 0]), [245, 242, 236, 255, 0, 0, 0, 0]);
        assert_eq!(premultiplied(&[255, 100, 0, 128]), [128, 50, 0, 128]);
    }
}
