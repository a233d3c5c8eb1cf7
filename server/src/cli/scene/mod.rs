//! `menpai scene`: the city in 3-D, as a file or in a window.
//!
//! A window owns the program's first thread and drawing holds it for long, so these commands bring a runtime of their own, whose other
//! threads answer what the scene asks for.

mod look;
mod render;
mod window;

use std::process::ExitCode;

use clap::Subcommand;
use gis_data::{Error, Result};
use tokio::runtime::Runtime;

use crate::service::scene::child;

/// Threads that answer; more would only wait for the store.
const MOST_WORKERS: usize = 8;

/// The city in 3-D.
#[derive(Debug, Subcommand)]
pub(super) enum Scene {
    /// 画成图片，不需要窗口 / draw a picture, without a window
    Render(render::Render),
    /// 打开窗口 / open a window
    Window(window::Window),
    /// 服务器用来绘图的子进程 / the child with which a server draws
    #[command(hide = true)]
    Draw,
}

impl Scene {
    pub(super) fn run(self) -> Result<ExitCode> {
        let runtime = runtime()?;
        let done = match self {
            Self::Render(render) => render.run(&runtime).map(|()| ExitCode::SUCCESS),
            Self::Window(window) => window.run(&runtime).map(|()| ExitCode::SUCCESS),
            Self::Draw => Ok(runtime.block_on(child::run(runtime.handle().clone()))),
        };
        // An answer that nobody waits for any more must not hold up the end.
        runtime.shutdown_background();
        done
    }
}

/// A runtime whose threads answer while the first one draws.
pub(super) fn runtime() -> Result<Runtime> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, MOST_WORKERS);
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    built.map_err(|cause| Error::storage("无法启动线程", "threads cannot be started", cause))
}
