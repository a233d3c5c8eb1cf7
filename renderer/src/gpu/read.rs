//! Brings bytes back from the device.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use gis_data::{Error, Kind, Result};

/// Bytes to which a row of a texture is padded when it is copied.
const ROW_ALIGNMENT: u32 = wgpu::COPY_BYTES_PER_ROW_ALIGNMENT;

const WAITING: u8 = 0;
const THERE: u8 = 1;
const FAILED: u8 = 2;

/// The texels of a texture on their way back.
pub(super) struct Reading {
    buffer: wgpu::Buffer,
    row: usize,
    padded_row: usize,
}

impl Reading {
    /// Adds the copy to what `encoder` does.
    pub(super) fn of(
        device: &wgpu::Device,
        encoder: &mut wgpu::CommandEncoder,
        texture: &wgpu::Texture,
        texel: u32,
    ) -> Self {
        let size = texture.size();
        let row = size.width * texel;
        let padded_row = row.next_multiple_of(ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read"),
            size: u64::from(padded_row) * u64::from(size.height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(padded_row), rows_per_image: None };
        let to = wgpu::TexelCopyBufferInfo { buffer: &buffer, layout };
        encoder.copy_texture_to_buffer(texture.as_image_copy(), to, size);
        Self { buffer, row: row as usize, padded_row: padded_row as usize }
    }

    /// The rows one after another, once the submitted copy is done. Waits for the device; in a browser it gives way to other events
    /// meanwhile.
    pub(super) fn rows(self, device: &wgpu::Device) -> impl Future<Output = Result<Vec<u8>>> + use<> {
        let state = Arc::new(AtomicU8::new(WAITING));
        let told = Arc::clone(&state);
        self.buffer.slice(..).map_async(wgpu::MapMode::Read, move |result| {
            told.store(if result.is_ok() { THERE } else { FAILED }, Ordering::Release);
        });
        let device = device.clone();
        async move {
            while state.load(Ordering::Acquire) == WAITING {
                progress(&device, &state).await?;
            }
            if state.load(Ordering::Acquire) == FAILED {
                return Err(unread());
            }
            let view = self.buffer.slice(..).get_mapped_range().map_err(|e| unread().because(e.to_string()))?;
            let mut rows = Vec::with_capacity(view.len() / self.padded_row * self.row);
            for padded in view.chunks_exact(self.padded_row) {
                rows.extend_from_slice(&padded[..self.row]);
            }
            drop(view);
            self.buffer.unmap();
            Ok(rows)
        }
    }
}

fn unread() -> Error {
    Error::new(
        Kind::Unavailable,
        "画面不能从图形设备读回",
        "the picture could not be read back from the graphics device",
    )
}

/// Waits for all work that was submitted.
pub(super) fn wait(device: &wgpu::Device) -> Result<()> {
    let how = if cfg!(target_arch = "wasm32") { wgpu::PollType::Poll } else { wgpu::PollType::wait_indefinitely() };
    loop {
        match device.poll(how.clone()) {
            // Some drivers end a wait after a few seconds.
            Err(wgpu::PollError::Timeout) => {}
            Err(e) => return Err(unread().because(e.to_string())),
            Ok(_) => return Ok(()),
        }
    }
}

/// Lets the device go on.
#[cfg(not(target_arch = "wasm32"))]
async fn progress(device: &wgpu::Device, state: &AtomicU8) -> Result<()> {
    wait(device)?;
    // All work is done and the buffer is still not there: it never will be.
    if state.load(Ordering::Acquire) == WAITING { Err(unread()) } else { Ok(()) }
}

/// Lets the device go on. WebGL2 tells that work is done only after the page has had its turn, so a promise's turn is not enough.
#[cfg(target_arch = "wasm32")]
async fn progress(device: &wgpu::Device, state: &AtomicU8) -> Result<()> {
    use wasm_bindgen::JsCast;

    device.poll(wgpu::PollType::Poll).map_err(|e| unread().because(e.to_string()))?;
    if state.load(Ordering::Acquire) != WAITING {
        return Ok(());
    }
    let mut later = |resolve: js_sys::Function, _: js_sys::Function| {
        let global = js_sys::global();
        let timer = js_sys::Reflect::get(&global, &"setTimeout".into()).ok().and_then(|t| t.dyn_into().ok());
        let timer: Option<js_sys::Function> = timer;
        if let Some(timer) = timer {
            // A page without a timer would leave the promise open, and the read with it; no page is without.
            let _ = timer.call2(&global, &resolve, &1.into());
        }
    };
    let turn = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::new(&mut later)).await;
    turn.map(drop).map_err(|_| unread())
}
