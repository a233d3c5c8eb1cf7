//! The class that a page uses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use renderer::frame::{Frame, Size};
use renderer::gis_data::{Error, Result};
use renderer::gpu::{Adapter, Gpu};
use renderer::scene::{Scene, Step};
use renderer::styles::Style;
use renderer::view::{Camera, View};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::HtmlCanvasElement;

use crate::words::{self, SceneOptions};
use crate::{motion, painter};

/// A city on a canvas.
#[wasm_bindgen]
pub struct CityScene(Rc<Shared>);

/// What a pick under way shares with the page's other calls.
struct Shared {
    scene: RefCell<Scene>,
    /// Away while a pick waits for what it drew.
    gpu: RefCell<Option<Gpu>>,
    adapter: RefCell<Adapter>,
    looked: Cell<Option<(View, Size)>>,
}

#[wasm_bindgen]
impl CityScene {
    /// A scene on a canvas that nothing else draws on, in a sheet. The device is there when the promise is kept.
    pub async fn on(canvas: HtmlCanvasElement, style: String, options: SceneOptions) -> Result<CityScene, JsValue> {
        let made = async {
            let scene = Scene::new(sheet(&style)?, words::options(&options));
            let gpu = painter::on(canvas).await?;
            Ok(Shared {
                adapter: RefCell::new(gpu.adapter().clone()),
                scene: RefCell::new(scene),
                gpu: RefCell::new(Some(gpu)),
                looked: Cell::new(None),
            })
        };
        Ok(Self(Rc::new(made.await.map_err(thrown)?)))
    }

    /// Looks somewhere: degrees, the picture's pixels, and how many of them are in one of the page. Answers with the nearest view
    /// that can be drawn, which is the one that is looked at.
    #[expect(clippy::too_many_arguments, reason = "an object would be made and thrown away at every move of the mouse")]
    #[wasm_bindgen(unchecked_return_type = "SceneView")]
    pub fn look(
        &self,
        lon: f64,
        lat: f64,
        zoom: f64,
        bearing: f64,
        pitch: f64,
        width: u32,
        height: u32,
        ratio: f32,
    ) -> JsValue {
        let size = Size { width: width.max(1), height: height.max(1), ratio };
        let view = View { lon, lat, zoom, bearing, pitch }.clamped();
        self.0.looked.set(Some((view, size)));
        self.0.scene.borrow_mut().look(view, size);
        words::view(view)
    }

    /// What is to be brought now, the most urgent first.
    #[wasm_bindgen(unchecked_return_type = "SceneRequest[]")]
    pub fn requests(&self) -> Array {
        words::requests(self.0.scene.borrow_mut().requests())
    }

    /// Requests that may be given up.
    pub fn dropped(&self) -> Vec<f64> {
        words::ids(&self.0.scene.borrow_mut().dropped())
    }

    /// Brings what was asked for: its bytes, nothing for an empty tile, or why it did not come.
    pub fn answer(&self, id: f64, bytes: Option<Vec<u8>>, fault: Option<String>) {
        let got = match fault {
            Some(words) => Err(Error::invalid(words.clone(), words)),
            None => Ok(bytes.unwrap_or_default()),
        };
        self.0.scene.borrow_mut().answer(id as u64, got);
    }

    /// Builds, and draws if something changed.
    #[wasm_bindgen(unchecked_return_type = "SceneStep")]
    pub fn step(&self) -> Result<JsValue, JsValue> {
        let mut gpu = self.0.gpu.borrow_mut();
        let done = match gpu.as_mut() {
            Some(gpu) => self.0.scene.borrow_mut().step(gpu).map_err(thrown)?,
            None => Step { again: true, ..Step::default() },
        };
        Ok(words::step(done))
    }

    /// Asks for everything again; what is there is shown until it comes.
    pub fn renew(&self) {
        self.0.scene.borrow_mut().renew();
    }

    /// Looks with another sheet.
    pub fn restyle(&self, style: &str) -> Result<(), JsValue> {
        self.0.scene.borrow_mut().restyle(sheet(style).map_err(thrown)?);
        Ok(())
    }

    /// What lies under a point.
    #[wasm_bindgen(unchecked_return_type = "Promise<ScenePicked | undefined>")]
    pub fn pick(&self, x: f64, y: f64) -> js_sys::Promise {
        let shared = Rc::clone(&self.0);
        future_to_promise(async move { shared.pick(x, y).await.map_err(thrown) })
    }

    /// On what the scene is drawn.
    #[wasm_bindgen(unchecked_return_type = "SceneAdapter")]
    pub fn adapter(&self) -> JsValue {
        words::adapter(&self.0.adapter.borrow())
    }

    /// Whether the device is gone, and [`CityScene::restart`] is needed.
    #[wasm_bindgen(js_name = isLost)]
    pub fn is_lost(&self) -> bool {
        self.0.gpu.borrow().as_ref().is_some_and(Gpu::is_lost)
    }

    /// Goes on upon another canvas, after the device was lost.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn restart(&self, canvas: HtmlCanvasElement) -> js_sys::Promise {
        let shared = Rc::clone(&self.0);
        future_to_promise(async move {
            let gpu = painter::on(canvas).await.map_err(thrown)?;
            shared.adapter.replace(gpu.adapter().clone());
            shared.gpu.replace(Some(gpu));
            shared.scene.borrow_mut().restore();
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Bytes held on the device.
    pub fn bytes(&self) -> f64 {
        self.0.gpu.borrow().as_ref().map_or(0.0, |gpu| gpu.bytes() as f64)
    }

    /// Where a place is in the picture, `[x, y]`; nothing behind the camera.
    pub fn project(&self, lon: f64, lat: f64, height: f64) -> Option<Vec<f64>> {
        let (view, size) = self.0.looked.get()?;
        let spot = Camera::new(view, size).project(lon, lat, height)?;
        Some(spot.at.map(|length| length / f64::from(size.ratio)).to_vec())
    }

    /// The view after the ground under one point was dragged to another.
    #[wasm_bindgen(unchecked_return_type = "SceneView | undefined")]
    pub fn pan(&self, from_x: f64, from_y: f64, to_x: f64, to_y: f64) -> JsValue {
        self.moved(|view, size| motion::pan(view, size, [from_x, from_y], [to_x, to_y]))
    }

    /// The view after coming nearer by some zooms, with the ground under a point where it was.
    #[wasm_bindgen(js_name = zoomAt, unchecked_return_type = "SceneView | undefined")]
    pub fn zoom_at(&self, x: f64, y: f64, by: f64) -> JsValue {
        self.moved(|view, size| motion::zoom_at(view, size, [x, y], by))
    }

    /// The view after a drag to the right that turns.
    #[wasm_bindgen(unchecked_return_type = "SceneView | undefined")]
    pub fn turn(&self, right: f64) -> JsValue {
        self.moved(|view, size| motion::turn(view, size, right))
    }

    /// The view after a drag downwards that tilts.
    #[wasm_bindgen(unchecked_return_type = "SceneView | undefined")]
    pub fn tilt(&self, down: f64) -> JsValue {
        self.moved(|view, size| motion::tilt(view, size, down))
    }

    fn moved(&self, change: impl FnOnce(View, Size) -> View) -> JsValue {
        self.0.looked.get().map_or(JsValue::UNDEFINED, |(view, size)| words::view(change(view, size)))
    }
}

impl Shared {
    async fn pick(&self, x: f64, y: f64) -> Result<JsValue> {
        let Some((frame, mut gpu)) = self.lend() else { return Ok(JsValue::UNDEFINED) };
        let ratio = f64::from(frame.size.ratio);
        let at = [(x * ratio) as f32, (y * ratio) as f32];
        let hit = gpu.pick(&frame, at).await;
        // A restart in between has put a newer one there.
        self.gpu.borrow_mut().get_or_insert(gpu);
        let found = hit?.and_then(|hit| self.scene.borrow().picked(hit, at));
        Ok(found.map_or(JsValue::UNDEFINED, |found| words::picked(&found)))
    }

    /// The frame on the canvas and the device, unless another pick has it.
    fn lend(&self) -> Option<(Frame, Gpu)> {
        let frame = self.scene.borrow().frame()?.clone();
        Some((frame, self.gpu.borrow_mut().take()?))
    }
}

fn sheet(text: &str) -> Result<Arc<Style>> {
    let told = |problems: Vec<renderer::styles::Problem>| {
        let first = problems.into_iter().next().map(|p| (p.path, p.text.zh, p.text.en)).unwrap_or_default();
        Error::invalid(first.1, first.2).at(first.0)
    };
    Style::parse(text).map(Arc::new).map_err(told)
}

#[expect(clippy::needless_pass_by_value, reason = "the end of a chain of map_err")]
fn thrown(error: Error) -> JsValue {
    words::error(&error)
}
