//! The window: events come in, motions and frames go out.

use std::sync::Arc;

use gis_data::{Error, Kind, Result};
use renderer::frame::Size;
use renderer::gpu::{Gpu, wgpu};
use renderer::scene::{Options, Scene};
use renderer::view::View;
use styles::Style;
use tokio::runtime::Handle;
use tokio::sync::broadcast;
use tokio::time::Instant;
use winit::application::ApplicationHandler;
use winit::dpi::LogicalSize;
use winit::event::{ElementState, MouseButton, MouseScrollDelta, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::keyboard::{Key as Pressed, NamedKey};
use winit::window::{Window, WindowId};

use super::hand::{Deed, Hand, Key, key};
use crate::cli::scene::look::Opened;
use crate::cli::{remark, say};
use crate::service::Event;
use crate::service::scene::{CitySource, Host};

/// Why the window wakes without a hand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Woken {
    /// A tile or characters came.
    Came,
    /// The city changed.
    Changed,
}

/// Wakes the window when the city changes.
pub(super) async fn tell_changes(mut events: broadcast::Receiver<Event>, window: EventLoopProxy<Woken>) {
    loop {
        match events.recv().await {
            Ok(event) if event.entries.is_empty() => {}
            // Who fell behind reads everything again too.
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                if window.send_event(Woken::Changed).is_err() {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// What a window needs once it is there.
struct Open {
    window: Arc<Window>,
    instance: wgpu::Instance,
    gpu: Gpu,
}

/// The window's state.
pub(super) struct App {
    host: Host<CitySource>,
    workers: Handle,
    view: View,
    size: Size,
    hand: Hand,
    started: Instant,
    open: Option<Open>,
    failed: Option<Error>,
}

impl App {
    pub(super) fn new(
        opened: Opened,
        style: Arc<Style>,
        extrude: bool,
        workers: Handle,
        window: EventLoopProxy<Woken>,
    ) -> Self {
        let scene = Scene::new(style, Options { extrude, ..Options::default() });
        let wake = move || {
            // A window that is gone needs no waking.
            let _ = window.send_event(Woken::Came);
        };
        Self {
            host: Host::new(scene, Arc::new(opened.source), workers.clone()).waking(wake),
            workers,
            view: opened.view,
            size: Size { width: 1, height: 1, ratio: 1.0 },
            hand: Hand::default(),
            started: Instant::now(),
            open: None,
            failed: None,
        }
    }

    /// How it ended.
    pub(super) fn ended(self) -> Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn open(&self, events: &ActiveEventLoop) -> Result<Open> {
        let failed = |cause: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(
                Kind::Unavailable,
                format!("窗口无法绘图：{cause}；可用 menpai scene render 画成图片"),
                format!("the window cannot be drawn on: {cause}; menpai scene render draws a picture"),
            )
            .because(cause)
        };
        let attributes =
            Window::default_attributes().with_title("门牌 menpai").with_inner_size(LogicalSize::new(1280.0, 720.0));
        let window = Arc::new(events.create_window(attributes).map_err(|c| failed(c.into()))?);
        let display = Box::new(events.owned_display_handle());
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_with_display_handle_from_env(display));
        let surface = instance.create_surface(Arc::clone(&window)).map_err(|c| failed(c.into()))?;
        let gpu = self.workers.block_on(Gpu::on_surface(&instance, surface))?;
        let adapter = gpu.adapter();
        remark(format_args!("{}（{}）", adapter.name, adapter.backend));
        Ok(Open { window, instance, gpu })
    }

    fn resize(&mut self) {
        let Some(open) = &self.open else { return };
        let (inner, ratio) = (open.window.inner_size(), open.window.scale_factor() as f32);
        // A window that is folded away has no pixels.
        if inner.width > 0 && inner.height > 0 {
            self.size = Size { width: inner.width, height: inner.height, ratio };
            self.look(self.view);
        }
    }

    fn look(&mut self, view: View) {
        self.view = view;
        self.host.scene.look(view, self.size);
        self.redraw();
    }

    fn redraw(&self) {
        if let Some(open) = &self.open {
            open.window.request_redraw();
        }
    }

    fn draw(&mut self) -> Result<()> {
        let Some(open) = &mut self.open else { return Ok(()) };
        match self.host.step(&mut open.gpu) {
            Ok(step) => {
                if step.again {
                    open.window.request_redraw();
                }
                Ok(())
            }
            Err(_) if open.gpu.is_lost() => {
                // The driver was restarted, or the display moved to another card.
                let surface = open.instance.create_surface(Arc::clone(&open.window)).map_err(|cause| {
                    Error::new(Kind::Unavailable, "显示设备丢失", "the display's device was lost").because(cause)
                })?;
                open.gpu = self.workers.block_on(Gpu::on_surface(&open.instance, surface))?;
                self.host.scene.restore();
                open.window.request_redraw();
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::None => {}
            Deed::Look(view) => self.look(view),
            Deed::Pick(at) => {
                let at = at.map(|p| p as f32);
                if let Err(error) = self.pick(at) {
                    remark(error.zh());
                    remark(error.en());
                }
            }
        }
    }

    /// Tells what is at a target pixel: its layer, its card's address, where it is.
    fn pick(&mut self, at: [f32; 2]) -> Result<()> {
        let (Some(open), Some(frame)) = (&mut self.open, self.host.scene.frame()) else { return Ok(()) };
        let hit = self.workers.block_on(open.gpu.pick(frame, at))?;
        if let Some(picked) = hit.and_then(|hit| self.host.scene.picked(hit, at)) {
            let (layer, id) = (&picked.layer, picked.id);
            // Depth has steps, so the ground may come out a little below itself.
            let (lon, lat, height) = (picked.lon, picked.lat, picked.height_m.max(0.0));
            say(format_args!("{layer} /api/v1/places/{id} {lon:.7},{lat:.7} {height:.1} m"));
        }
        Ok(())
    }

    fn pressed(&mut self, events: &ActiveEventLoop, logical: &Pressed) {
        let meant = match logical.as_ref() {
            Pressed::Named(NamedKey::Escape) => return events.exit(),
            Pressed::Named(NamedKey::ArrowLeft) => Key::Left,
            Pressed::Named(NamedKey::ArrowRight) => Key::Right,
            Pressed::Named(NamedKey::ArrowUp) => Key::Up,
            Pressed::Named(NamedKey::ArrowDown) => Key::Down,
            Pressed::Named(NamedKey::PageUp) => Key::Flatter,
            Pressed::Named(NamedKey::PageDown) => Key::Steeper,
            Pressed::Character("+" | "=") => Key::Nearer,
            Pressed::Character("-" | "_") => Key::Farther,
            Pressed::Character("q" | "Q") => Key::TurnLeft,
            Pressed::Character("e" | "E") => Key::TurnRight,
            Pressed::Character("n" | "N") => Key::North,
            _ => return,
        };
        self.look(key(self.view, self.size, meant));
    }

    fn stop(&mut self, events: &ActiveEventLoop, error: Error) {
        self.failed = Some(error);
        events.exit();
    }
}

impl ApplicationHandler<Woken> for App {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        if self.open.is_some() {
            return;
        }
        match self.open(events) {
            Ok(open) => {
                self.open = Some(open);
                self.resize();
            }
            Err(error) => self.stop(events, error),
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, woken: Woken) {
        if matches!(woken, Woken::Changed) {
            self.host.scene.renew();
        }
        self.redraw();
    }

    fn window_event(&mut self, events: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        let (view, size) = (self.view, self.size);
        let deed = match event {
            WindowEvent::CloseRequested => return events.exit(),
            WindowEvent::Resized(_) | WindowEvent::ScaleFactorChanged { .. } => return self.resize(),
            WindowEvent::RedrawRequested => {
                if let Err(error) = self.draw() {
                    self.stop(events, error);
                }
                return;
            }
            WindowEvent::ModifiersChanged(modifiers) => {
                self.hand.is_control = modifiers.state().control_key();
                return;
            }
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed => {
                return self.pressed(events, &event.logical_key);
            }
            WindowEvent::CursorMoved { position, .. } => self.hand.moved(view, size, [position.x, position.y]),
            WindowEvent::MouseInput { state, button: button @ (MouseButton::Left | MouseButton::Right), .. } => {
                if state == ElementState::Pressed {
                    self.hand.pressed(button == MouseButton::Right);
                    return;
                }
                self.hand.released(view, size, self.started.elapsed())
            }
            WindowEvent::MouseWheel { delta: MouseScrollDelta::LineDelta(_, lines), .. } => {
                self.hand.wheel(view, size, f64::from(lines))
            }
            WindowEvent::MouseWheel { delta: MouseScrollDelta::PixelDelta(px), .. } => {
                self.hand.scrolled(view, size, px.y)
            }
            _ => return,
        };
        self.act(deed);
    }
}
