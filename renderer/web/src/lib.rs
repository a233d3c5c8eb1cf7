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
//! A panic is written to the console and ends the module: every later call throws, and promises under way are never kept. So the
//! page is told through [`on_panic`], and goes back to its 2-D map.

mod motion;
mod painter;
mod scene;
mod words;

pub use scene::CityScene;
pub use words::SceneOptions;

use std::cell::RefCell;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

thread_local! {
    static TELL: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let text = JsValue::from(panic.to_string());
        web_sys::console::error_1(&text);
        let tell = TELL.with(|tell| tell.try_borrow().ok().and_then(|tell| tell.clone()));
        if let Some(tell) = tell {
            // What the page does with it is its own; the module ends here in any case.
            let _ = tell.call1(&JsValue::UNDEFINED, &text);
        }
    }));
}

/// Has a function called with the words of a panic, just before the module ends. It must not call the module.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(tell: js_sys::Function) {
    TELL.set(Some(tell));
}
