//! Finds an adapter, opens a device on it, and notices when something is wrong with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gis_data::{Error, Kind, Result};

use super::Adapter;

/// A device that is watched: wgpu ends the program at an error that nobody asks about, so somebody does.
pub(super) struct Device {
    pub(super) raw: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) adapter: Adapter,
    /// Texels that a texture's side may have.
    pub(super) max_side: u32,
    /// Bytes that a buffer may have.
    max_bytes: u64,
    /// Bytes to which an offset into a uniform buffer is rounded.
    pub(super) alignment: u64,
    watch: Arc<Watch>,
}

/// What the device's callbacks have told.
#[derive(Default)]
struct Watch {
    lost: AtomicBool,
    fault: Mutex<Option<String>>,
}

impl Device {
    /// An adapter of an instance, the fastest first, that can draw onto `surface` if there is one; and a device on it, within the limits
    /// of WebGL2 but for the size of textures.
    pub(super) async fn open(
        instance: &wgpu::Instance,
        surface: Option<&wgpu::Surface<'_>>,
    ) -> Result<(Self, wgpu::Adapter)> {
        let wish = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            compatible_surface: surface,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&wish).await.map_err(|e| no_adapter().because(e.to_string()))?;
        let limits = wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
        let descriptor =
            wgpu::DeviceDescriptor { label: Some("scene"), required_limits: limits.clone(), ..Default::default() };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|e| {
            Error::new(
                Kind::Unavailable,
                format!("图形适配器「{}」打不开", adapter.get_info().name),
                format!("the graphics adapter {:?} cannot be opened", adapter.get_info().name),
            )
            .because(e.to_string())
        })?;
        let watch = Arc::new(Watch::default());
        let told = Arc::clone(&watch);
        device.set_device_lost_callback(move |_, _| told.lost.store(true, Ordering::Release));
        let told = Arc::clone(&watch);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let mut fault = told.fault.lock().unwrap_or_else(PoisonError::into_inner);
            // The first is the cause; the others follow from it.
            fault.get_or_insert_with(|| error.to_string());
        }));
        let this = Self {
            raw: device,
            queue,
            adapter: named(&adapter.get_info()),
            max_side: limits.max_texture_dimension_2d,
            max_bytes: limits.max_buffer_size,
            alignment: u64::from(limits.min_uniform_buffer_offset_alignment),
            watch,
        };
        Ok((this, adapter))
    }

    /// Whether the device is gone for good.
    pub(super) fn is_lost(&self) -> bool {
        self.watch.lost.load(Ordering::Acquire)
    }

    /// Gives the device up.
    pub(super) fn lose(&self) {
        self.watch.lost.store(true, Ordering::Release);
        self.raw.destroy();
    }

    /// An error if the device is gone, or if something went wrong since it was last asked.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_lost() {
            return Err(Error::new(
                Kind::Unavailable,
                "图形设备已丢失：请重新创建渲染器并重新上传",
                "the graphics device is lost: make a new renderer and upload everything again",
            ));
        }
        match self.watch.fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            None => Ok(()),
            Some(fault) => Err(Error::new(
                Kind::Unavailable,
                "图形设备报告错误，这一帧没有画出",
                "the graphics device reported an error, and the frame was not drawn",
            )
            .because(fault)),
        }
    }

    /// A buffer with these bytes, a multiple of four and not none of them.
    pub(super) fn buffer(&self, label: &str, usage: wgpu::BufferUsages, bytes: &[u8]) -> Result<wgpu::Buffer> {
        let size = bytes.len() as u64;
        if size > self.max_bytes {
            return Err(Error::new(
                Kind::TooLarge,
                format!("{label} 有 {size} 字节，图形设备的缓冲区最多 {} 字节", self.max_bytes),
                format!(
                    "{label} has {size} bytes; a buffer of the graphics device has at most {} bytes",
                    self.max_bytes
                ),
            ));
        }
        let usage = usage | wgpu::BufferUsages::COPY_DST;
        let buffer = self.raw.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage,
            mapped_at_creation: false,
        });
        self.queue.write_buffer(&buffer, 0, bytes);
        Ok(buffer)
    }

    /// Checks a picture's size.
    pub(super) fn fits(&self, width: u32, height: u32) -> Result<()> {
        if width == 0 || height == 0 || width > self.max_side || height > self.max_side {
            return Err(Error::invalid(
                format!("画面不能是 {width}×{height} 像素：每边须在 1 到 {} 之间", self.max_side),
                format!(
                    "a picture cannot have {width}×{height} pixels: each side lies between 1 and {}",
                    self.max_side
                ),
            ));
        }
        Ok(())
    }
}

fn named(info: &wgpu::AdapterInfo) -> Adapter {
    let backend = match info.backend {
        wgpu::Backend::Gl if cfg!(target_arch = "wasm32") => "webgl2".to_owned(),
        other => other.to_str().to_owned(),
    };
    Adapter { name: info.name.clone(), backend, is_software: info.device_type == wgpu::DeviceType::Cpu }
}

fn no_adapter() -> Error {
    let (zh, en) = if cfg!(target_arch = "wasm32") {
        (
            "浏览器没有可用的 WebGL2：请开启硬件加速或换用较新的浏览器",
            "the browser offers no WebGL2: switch hardware acceleration on, or use a newer browser",
        )
    } else {
        (
            "没有可用的图形适配器：请安装显卡驱动，没有显卡时安装软件实现（Debian：apt install mesa-vulkan-drivers libvulkan1）",
            "there is no graphics adapter: install the graphics card's driver or, without a card, a software one \
             (Debian: apt install mesa-vulkan-drivers libvulkan1)",
        )
    };
    Error::new(Kind::Unavailable, zh, en)
}
