//! `menpai scene window`

mod app;
mod hand;

use std::sync::Arc;

use clap::Args;
use gis_data::{Error, Kind, Result};
use tokio::runtime::Runtime;
use winit::event_loop::{ControlFlow, EventLoop};

use super::look::Look;
use crate::cli::remark;
use app::{App, Woken};

/// Open a window.
#[derive(Debug, Args)]
pub(in crate::cli) struct Window {
    #[command(flatten)]
    look: Look,
}

impl Window {
    pub(super) fn run(self, runtime: &Runtime) -> Result<()> {
        let wish = self.look.wish()?;
        // Where there is no display, that is told before a large store is read.
        let events = EventLoop::<Woken>::with_user_event().build().map_err(|cause| no_display(&cause))?;
        events.set_control_flow(ControlFlow::Wait);
        remark("打开库 / opening the store …");
        let (style, extrude) = (Arc::clone(&wish.style), wish.extrude);
        let opened = runtime.block_on(wish.open())?;
        let following = runtime.spawn(Arc::clone(&opened.city).run());
        let changes = runtime.spawn(app::tell_changes(opened.city.events.subscribe(), events.create_proxy()));
        let mut app = App::new(opened, style, extrude, runtime.handle().clone(), events.create_proxy());
        remark(
            "拖动平移，右键或 Ctrl 拖动旋转倾斜，滚轮缩放，单击查看，双击放大；方向键、+ -、Q E、PageUp PageDown、N 朝北、Esc 退出 / \
             drag to move, right or Ctrl drag to turn and tilt, wheel to zoom, click to pick; arrows, + -, Q E, PageUp PageDown, N, Esc",
        );
        let ran = events.run_app(&mut app);
        following.abort();
        changes.abort();
        app.ended()?;
        ran.map_err(|cause| no_display(&cause))
    }
}

/// The cause is told without the line of source that it comes from.
fn no_display(cause: &winit::error::EventLoopError) -> Error {
    let text = cause.to_string();
    let at_line = |(_, rest): (&str, &str)| rest.split_once(": ").map(|(_, why)| why.trim_end_matches('.').to_owned());
    let cause = text.rsplit_once(".rs:").and_then(at_line).unwrap_or(text);
    Error::new(
        Kind::Unavailable,
        format!("打不开窗口：{cause}；没有显示器时请用 menpai scene render 画成图片"),
        format!("no window can be opened: {cause}; without a display, menpai scene render draws a picture"),
    )
}
