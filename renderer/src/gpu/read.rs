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
                wait(&device)?;
                give_way(&state).await?;
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

/// All work is done, and a buffer that is still not there never will be.
#[cfg(not(target_arch = "wasm32"))]
fn give_way(state: &AtomicU8) -> std::future::Ready<Result<()>> {
    std::future::ready(if state.load(Ordering::Acquire) == WAITING { Err(unread()) } else { Ok(()) })
}

/// Gives the page its turn: only then does WebGL2 tell that work is done. A promise's turn is not enough.
#[cfg(target_arch = "wasm32")]
async fn give_way(state: &AtomicU8) -> Result<()> {
    use wasm_bindgen::JsCast;

    if state.load(Ordering::Acquire) != WAITING {
        return Ok(());
    }
    let global = js_sys::global();
    let timer = js_sys::Reflect::get(&global, &"setTimeout".into()).map_err(from_page)?;
    let timer: js_sys::Function = timer.dyn_into().map_err(from_page)?;
    let mut later = |resolve: js_sys::Function, reject: js_sys::Function| {
        if let Err(e) = timer.call2(&global, &resolve, &1.into()) {
            // Without a turn the promise would stay open; the second call can only fail if the page is gone.
            let _ = reject.call1(&global, &e);
        }
    };
    let turn = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::new(&mut later)).await;
    turn.map(drop).map_err(from_page)
}

#[cfg(target_arch = "wasm32")]
#[expect(clippy::needless_pass_by_value, reason = "errors come by value")]
fn from_page(error: wasm_bindgen::JsValue) -> Error {
    unread().because(format!("{error:?}"))
}
