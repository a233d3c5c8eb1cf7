//! A painter on a canvas.

use renderer::gis_data::{Error, Result};
use renderer::gpu::Gpu;
use web_sys::HtmlCanvasElement;

/// A device that draws on `canvas`. A canvas whose device was lost cannot get another: it takes a new one.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn on(canvas: HtmlCanvasElement) -> Result<Gpu> {
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
    wanted.backends = wgpu::Backends::GL;
    let instance = wgpu::Instance::new(wanted);
    let surface = instance
        .create_surface(wgpu::SurfaceTarget::Canvas(canvas))
        .map_err(|cause| Error::invalid("这个画布没有 WebGL 2", "this canvas has no WebGL 2").because(cause))?;
    Gpu::on_surface(&instance, surface).await
}

/// There are canvases in browsers alone; here the bindings are only compiled, to be checked.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) async fn on(canvas: HtmlCanvasElement) -> Result<Gpu> {
    let told = Error::invalid("画布只在浏览器里有", "there are canvases in browsers alone");
    std::future::ready(Err(told.at(format!("{canvas:?}")))).await
}
