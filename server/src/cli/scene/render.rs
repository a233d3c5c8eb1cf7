//! `menpai scene render`

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use gis_data::{Error, Result};
use tokio::runtime::Runtime;

use super::look::Look;
use crate::cli::{remark, say};
use crate::service::scene::{Told, Wanted, draw, png, size};

/// Draw a picture.
#[derive(Debug, Args)]
pub(in crate::cli) struct Render {
    #[command(flatten)]
    look: Look,
    /// 图片宽x高，像素 / the picture's width and height in pixels
    #[arg(long, default_value = "1280x720", value_name = "WIDTHxHEIGHT", allow_hyphen_values = true)]
    size: String,
    /// 像素比：2 则文字与线条加倍 / pixels in one of the sheet: with 2 words and lines are twice as large
    #[arg(long, default_value_t = 1.0, allow_hyphen_values = true)]
    ratio: f32,
    /// 写到哪里（PNG）/ where to write the PNG
    #[arg(short, long)]
    output: PathBuf,
    /// 末行输出 JSON 统计 / what it took as JSON in the last line
    #[arg(long)]
    json: bool,
}

impl Render {
    pub(super) fn run(self, runtime: &Runtime) -> Result<()> {
        let size = size(&self.size, self.ratio)?;
        let wish = self.look.wish()?;
        // A place that cannot be written is told before a minute is spent on the picture.
        let file = Growing::new(&self.output)?;
        remark("打开库 / opening the store …");
        let (style, extrude) = (Arc::clone(&wish.style), wish.extrude);
        let told: Result<Told> = runtime.block_on(async {
            let opened = wish.open().await?;
            remark("绘制 / drawing …");
            let wanted = Wanted { style, view: opened.view, size, extrude };
            let drawn = draw(&wanted, Arc::new(opened.source), runtime.handle().clone()).await?;
            file.finish(&png(size.width, size.height, &drawn.rgba)?)?;
            Ok(drawn.told)
        });
        let told = told?;
        tell(&told);
        if self.json {
            say(serde_json::to_string(&told).unwrap_or_default());
        } else {
            say(format_args!("已写入 / written: {}", self.output.display()));
        }
        Ok(())
    }
}

fn tell(told: &Told) {
    let software = if told.is_software { "，软件绘制 / in software" } else { "" };
    remark(format_args!("{}（{}{software}）", told.adapter, told.backend));
    remark(format_args!(
        "{} 块瓦片 / tiles, {} 个三角形 / triangles, {} 个标注 / labels, {:.0} ms",
        told.tiles, told.triangles, told.labels, told.ms
    ));
    if told.missing > 0 {
        remark(format_args!("注意 / note: {} 处取不到而未画 / could not be had and are not drawn", told.missing));
    }
}

/// A file that grows beside its place, so that whoever reads that place never sees half a picture.
struct Growing {
    file: File,
    there: PathBuf,
    place: PathBuf,
    is_done: bool,
}

impl Growing {
    fn new(place: &Path) -> Result<Self> {
        let name = place.file_name().filter(|_| !place.is_dir()).ok_or_else(|| {
            let text = place.display();
            Error::invalid(format!("“{text}” 不是文件名"), format!("“{text}” is not the name of a file"))
        })?;
        let mut growing = name.to_owned();
        growing.push(format!(".{}.part", std::process::id()));
        let there = place.with_file_name(growing);
        let file = File::create_new(&there).map_err(|cause| unwritable(place, cause))?;
        Ok(Self { file, there, place: place.to_owned(), is_done: false })
    }

    fn finish(mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        written.and_then(|()| fs::rename(&self.there, &self.place)).map_err(|cause| unwritable(&self.place, cause))?;
        self.is_done = true;
        Ok(())
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if !self.is_done {
            // What is left of a picture that failed is of no use; if it is gone, so much the better.
            let _ = fs::remove_file(&self.there);
        }
    }
}

fn unwritable(place: &Path, cause: std::io::Error) -> Error {
    let text = place.display();
    Error::storage(
        format!("无法写入 {text}：{cause}；请检查目录、权限和磁盘空间"),
        format!("{text} cannot be written: {cause}; check the folder, its permissions and the disk space"),
        cause,
    )
}
