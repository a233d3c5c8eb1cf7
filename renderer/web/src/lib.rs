//! The scene in a browser: [`CityScene`] draws the city of [`renderer`] onto a canvas through WebGL 2.
//!
//! Bindings only. The page says where to look, brings what is asked for, and calls [`CityScene::step`] when something changed; what
//! is done with it, and every number, is the renderer's. There is one thread and no memory that others see, so the module
//! works on any page without special headers. Points are pixels of the page from the canvas's upper left corner; the
//! density comes with [`CityScene::look`].
//!
//! ```js
//! const scene = await CityScene.on(canvas, styleJson, {})
//! scene.look(120.65, 28.01, 16, 0, 60, 1280, 720, 1)
//! for (const { id, kind, z, x, y } of scene.requests()) if (kind === 'tile') scene.answer(id, await bytesOf(z, x, y))
//! const { drawn, complete, again } = scene.step()
//! ```
//!
//! A panic is written to the console and ends the module: every later call throws, and the page goes back to its 2-D map.

mod motion;
mod painter;
mod scene;
mod words;

pub use scene::CityScene;
pub use words::SceneOptions;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
}
