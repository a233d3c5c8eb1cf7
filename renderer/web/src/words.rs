//! What goes to the page and comes from it, as plain objects.

use js_sys::{Array, Object, Reflect};
use renderer::fetch::{Ask, Request};
use renderer::gis_data::Error;
use renderer::gpu::Adapter;
use renderer::scene::{Options, Picked, Step};
use renderer::view::View;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a scene may use; what is left out is as the renderer has it. */
export interface SceneOptions { maxZoom?: number; requests?: number; builds?: number; bytes?: number; extrude?: boolean }
/** What the scene needs from the page. */
export type SceneRequest =
  | { id: number; kind: 'tile'; z: number; x: number; y: number }
  | { id: number; kind: 'glyphs'; characters: string };
/** What a step has done. */
export interface SceneStep { drawn: boolean; complete: boolean; again: boolean }
/** What was picked; degrees, and metres above the ground. */
export interface ScenePicked { layer: string; id: number; lon: number; lat: number; height: number }
/** Where the camera stands, degrees. */
export interface SceneView { lon: number; lat: number; zoom: number; bearing: number; pitch: number }
/** On what the scene is drawn. */
export interface SceneAdapter { name: string; backend: string; isSoftware: boolean }
"#;

#[wasm_bindgen]
extern "C" {
    /// What a scene may use.
    #[wasm_bindgen(typescript_type = "SceneOptions")]
    pub type SceneOptions;
    #[wasm_bindgen(method, getter, js_name = maxZoom)]
    fn max_zoom(this: &SceneOptions) -> Option<u8>;
    #[wasm_bindgen(method, getter)]
    fn requests(this: &SceneOptions) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn builds(this: &SceneOptions) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &SceneOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn extrude(this: &SceneOptions) -> Option<bool>;
}

pub(crate) fn options(given: &SceneOptions) -> Options {
    let usual = Options::default();
    Options {
        max_zoom: given.max_zoom().unwrap_or(usual.max_zoom),
        requests: given.requests().map_or(usual.requests, |n| n as usize),
        builds: given.builds().map_or(usual.builds, |n| n as usize),
        bytes: given.bytes().map_or(usual.bytes, |n| n as u64),
        extrude: given.extrude().unwrap_or(usual.extrude),
    }
}

fn object(fields: impl IntoIterator<Item = (&'static str, JsValue)>) -> JsValue {
    let made = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _ = Reflect::set(&made, &name.into(), &value);
    }
    made.into()
}

/// Ids are counted from 0, and things' ids stay below 2^53: both are exact as a number of the page.
fn number(id: u64) -> JsValue {
    JsValue::from_f64(id as f64)
}

pub(crate) fn requests(asked: Vec<Request>) -> Array {
    asked.into_iter().map(request).collect()
}

fn request(Request { id, ask }: Request) -> JsValue {
    match ask {
        Ask::Tile(coord) => object([
            ("id", number(id)),
            ("kind", "tile".into()),
            ("z", coord.z().into()),
            ("x", coord.x().into()),
            ("y", coord.y().into()),
        ]),
        Ask::Glyphs(characters) => object([
            ("id", number(id)),
            ("kind", "glyphs".into()),
            ("characters", String::from_iter(characters).into()),
        ]),
    }
}

pub(crate) fn ids(of: &[u64]) -> Vec<f64> {
    of.iter().map(|id| *id as f64).collect()
}

pub(crate) fn step(Step { drawn, complete, again }: Step) -> JsValue {
    object([("drawn", drawn.into()), ("complete", complete.into()), ("again", again.into())])
}

pub(crate) fn picked(found: &Picked) -> JsValue {
    object([
        ("layer", (&*found.layer).into()),
        ("id", number(found.id)),
        ("lon", found.lon.into()),
        ("lat", found.lat.into()),
        ("height", found.height_m.into()),
    ])
}

pub(crate) fn view(v: View) -> JsValue {
    object([
        ("lon", v.lon.into()),
        ("lat", v.lat.into()),
        ("zoom", v.zoom.into()),
        ("bearing", v.bearing.into()),
        ("pitch", v.pitch.into()),
    ])
}

pub(crate) fn adapter(a: &Adapter) -> JsValue {
    object([
        ("name", a.name.as_str().into()),
        ("backend", a.backend.as_str().into()),
        ("isSoftware", a.is_software.into()),
    ])
}

/// An error of the page, with the sentence in both languages as `zh` and `en`.
pub(crate) fn error(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    for (name, text) in [("zh", error.zh()), ("en", error.en())] {
        // An error object takes every field.
        let _ = Reflect::set(&thrown, &name.into(), &text.into());
    }
    thrown.into()
}
