//! `menpai import`

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use gis_data::{Class, Error, Instant, LayerId, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant as Moment;

use super::say;
use crate::boot;
use crate::service::import::{self as service, Progress, Report};

/// Bring files in.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// OSM PBF/XML、GeoJSON(.gz)、GeoJSONSeq、GeoPackage、FlatGeobuf、CSV、XLSX；Shapefile、MapInfo、GML、KML 等经 GDAL / files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 库所在目录 / the folder of the store
    #[arg(long, default_value = "city")]
    store: String,
    /// 映射文件（TOML）：列名、标签 → 图层与字段 / a mapping file: columns and tags to layers and fields
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// 坐标系：EPSG:4549、GK3:120、GCJ-02、BD-09、WKT…；优先于文件所声明 / the CRS; outranks what the file declares
    #[arg(long)]
    crs: Option<String>,
    /// 来源名；同一来源再导入只更新 / the source's name; the same source again only updates
    #[arg(long)]
    source: Option<String>,
    /// 全部导入这个图层，字段照原样 / everything into this layer, fields as found
    #[arg(long)]
    layer: Option<LayerId>,
    /// 新图层的公开级别 / the class of new layers
    #[arg(long, default_value = "internal", value_parser = class)]
    class: Class,
    /// 只读这个表 / read this table only
    #[arg(long)]
    table: Option<String>,
    /// 字符编码，如 GB18030；默认自动识别 / the encoding; found out by default
    #[arg(long)]
    encoding: Option<String>,
    /// 横坐标（经度）列 / the column with x or longitude
    #[arg(long)]
    x: Option<String>,
    /// 纵坐标（纬度）列 / the column with y or latitude
    #[arg(long)]
    y: Option<String>,
    /// 自何时起为真 / since when it is so (2026-03-01 or RFC 3339)
    #[arg(long, value_name = "TIME")]
    valid_from: Option<String>,
    /// 拒收清单，默认 menpai-rejects.csv / where refused rows are told
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// 自动修复自相交的环 / repair rings that cross themselves
    #[arg(long)]
    repair: bool,
    /// 只演练，不写入 / rehearse, write nothing
    #[arg(long)]
    dry_run: bool,
    /// 末行输出 JSON 统计 / counts as JSON in the last line
    #[arg(long)]
    json: bool,
}

fn class(word: &str) -> std::result::Result<Class, String> {
    match word {
        "public" => Ok(Class::Public),
        "internal" => Ok(Class::Internal),
        "restricted" => Ok(Class::Restricted),
        _ => Err("public, internal, restricted".to_owned()),
    }
}

impl Import {
    pub(super) async fn run(self) -> Result<()> {
        let mapping = self.map.as_ref().map(|path| {
            std::fs::read_to_string(path).map_err(|cause| {
                Error::not_found(
                    format!("映射文件 {} 读不了", path.display()),
                    format!("the mapping file {} cannot be read", path.display()),
                )
                .because(cause)
            })
        });
        let import = service::Import {
            mapping: mapping.transpose()?,
            valid_from: self.valid_from.as_deref().map(str::parse::<Instant>).transpose()?,
            reading: gis_data_formats::Options {
                encoding: self.encoding,
                table: self.table,
                x: self.x,
                y: self.y,
                ..gis_data_formats::Options::default()
            },
            files: self.files,
            crs: self.crs,
            source: self.source,
            layer: self.layer,
            class: self.class,
            rejects: self.rejects,
            repair: self.repair,
            dry_run: self.dry_run,
        };
        let store = boot::open(&self.store)?;
        let progress: Arc<dyn Progress> =
            if std::io::stderr().is_terminal() { Arc::new(Bar::new()) } else { Arc::new(Lines::default()) };
        let report = service::run(store, import, boot::now(), progress).await?;
        if self.json {
            say(serde_json::to_string(&report).unwrap_or_default());
        } else {
            table(&report, self.dry_run);
        }
        Ok(())
    }
}

fn table(report: &Report, dry_run: bool) {
    say(format_args!("{:<16}{:>10}{:>10}{:>10}{:>10}", "layer", "added", "changed", "unchanged", "rejected"));
    for (layer, t) in &report.layers {
        say(format_args!(
            "{:<16}{:>10}{:>10}{:>10}{:>10}",
            layer.as_str(),
            t.added,
            t.changed,
            t.unchanged,
            t.rejected
        ));
    }
    say(format_args!("未映射 / not mapped: {}    读不出 / unreadable: {}", report.skipped, report.unreadable));
    for warning in &report.warnings {
        say(format_args!("注意 / note: {warning}"));
    }
    if let Some(path) = &report.rejects {
        say(format_args!("{} 行被拒收，见 / refused, see {}", report.rejected(), path.display()));
    }
    if dry_run {
        say("演练：未写入任何内容 / a rehearsal: nothing was written");
    }
}

/// A bar with rows a second and the time left.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(1000);
        let style = "{msg} {wide_bar} {percent}% · {prefix} · 剩余 {eta}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }
}

impl Progress for Bar {
    fn file(&self, name: &str, _: Option<u64>) {
        self.0.reset();
        self.0.set_message(name.to_owned());
    }

    fn rows(&self, rows: u64, part: f32) {
        let seconds = self.0.elapsed().as_secs_f64().max(1e-3);
        self.0.set_prefix(format!("{rows} 行 {:.0} 行/秒", rows as f64 / seconds));
        self.0.set_position((part * 1000.0) as u64);
    }

    fn writing(&self) {
        self.0.finish_with_message("写入 / writing");
    }
}

/// A line every few seconds, for logs.
#[derive(Default)]
struct Lines(Mutex<Option<(String, Moment, Moment)>>);

/// Seconds between lines.
const EVERY_S: u64 = 5;

impl Progress for Lines {
    fn file(&self, name: &str, rows: Option<u64>) {
        let rows = rows.map_or_else(String::new, |n| format!(" ({n} 行 / rows)"));
        let _ = writeln!(std::io::stderr(), "读取 / reading {name}{rows}");
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((name.to_owned(), Moment::now(), Moment::now()));
    }

    fn rows(&self, rows: u64, part: f32) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((name, started, told)) = state.as_mut() else { return };
        if told.elapsed().as_secs() >= EVERY_S {
            *told = Moment::now();
            let rate = rows as f64 / started.elapsed().as_secs_f64().max(1e-3);
            let _ = writeln!(std::io::stderr(), "{name} {:.0}% {rows} 行 {rate:.0} 行/秒", part * 100.0);
        }
    }

    fn writing(&self) {
        let _ = writeln!(std::io::stderr(), "写入 / writing");
    }
}
