//! `menpai bench scene`

use std::sync::Arc;

use clap::Args;
use gis_data::{Error, Kind, Result};
use renderer::build::Builder;
use renderer::frame::Size;
use renderer::scene::{Options, Scene as Look};
use serde::Serialize;
use tokio::runtime::Runtime;
use tokio::time::Instant;

use super::memory;
use super::town::{self, Town};
use crate::cli::scene::runtime;
use crate::cli::{remark, say};
use crate::service::scene::{Counted, Host, REQUESTS, device};

/// Houses and names of each row of the table.
const TOWNS: [Town; 7] = [
    Town { houses: 1_000, names: 0 },
    Town { houses: 10_000, names: 0 },
    Town { houses: 100_000, names: 0 },
    Town { houses: 1_000_000, names: 0 },
    Town { houses: 1_000, names: 1_000 },
    Town { houses: 1_000, names: 10_000 },
    Town { houses: 1_000, names: 50_000 },
];
/// Memory that the largest town takes, its tiles, meshes and what a software driver keeps of them: it is left out where there is less.
const BYTES_PER_HOUSE: u64 = 6_000;
/// Houses of the tile whose building is timed.
const DENSE: u32 = 100_000;
/// A row is measured for this long, and at least this many frames.
const ENOUGH_MS: f64 = 1500.0;
const LEAST_FRAMES: u32 = 5;
const MOST_FRAMES: u32 = 200;
/// Degrees by which the camera turns between two frames: everything is drawn and laid anew.
const TURN: f64 = 0.2;
/// Meshes may take what they need: it is measured, not limited.
const MESH_BYTES: u64 = 16 << 30;

/// Measure drawing.
#[derive(Debug, Args)]
pub(in crate::cli) struct Scene {
    /// 图片宽x高 / the picture's size
    #[arg(long, default_value = "1280x720")]
    size: String,
    /// 最多多少栋、多少标注 / at most so many houses and names
    #[arg(long, default_value_t = 1_000_000)]
    most: u32,
    /// 末行输出 JSON / the same as JSON in the last line
    #[arg(long)]
    json: bool,
}

/// A row of the table. Times in milliseconds, memory in bytes.
#[derive(Debug, Serialize)]
struct Row {
    houses: u32,
    names: u32,
    /// From an empty scene to the whole first picture.
    first_ms: f64,
    /// A frame on average, all of it: laying labels, drawing, waiting for the device.
    frame_ms: f64,
    triangles: u64,
    labels: u64,
    gpu_bytes: u64,
    /// Of the whole process.
    resident_bytes: Option<u64>,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
struct Report {
    adapter: String,
    backend: String,
    is_software: bool,
    width: u32,
    height: u32,
    /// Until a device was there.
    device_ms: f64,
    rows: Vec<Row>,
    /// Cutting one tile with [`DENSE`] houses' share in it, and making triangles of its bytes.
    tile_houses: u64,
    tile_bytes: u64,
    cut_ms: f64,
    build_ms: f64,
}

impl Scene {
    pub(super) fn run(self) -> Result<()> {
        let size = crate::service::scene::size(&self.size, 1.0)?;
        let runtime = runtime()?;
        let report = measure(&runtime, size, self.most);
        runtime.shutdown_background();
        let report = report?;
        table(&report);
        if self.json {
            say(serde_json::to_string(&report).unwrap_or_default());
        }
        Ok(())
    }
}

fn measure(runtime: &Runtime, size: Size, most: u32) -> Result<Report> {
    let started = Instant::now();
    let adapter = runtime.block_on(device())?.adapter().clone();
    let device_ms = ms(started);
    let mut rows = Vec::new();
    for town in TOWNS.into_iter().filter(|town| town.houses.max(town.names) <= most) {
        let needed = u64::from(town.houses) * BYTES_PER_HOUSE;
        if memory::available().is_some_and(|free| free < needed) {
            remark(format_args!("内存不足，略过 / not enough memory for {} houses", town.houses));
            continue;
        }
        remark(format_args!("{} 栋 / houses, {} 个标注 / names …", town.houses, town.names));
        rows.push(runtime.block_on(row(runtime, size, town))?);
    }
    let (tile_houses, tile_bytes, cut_ms, build_ms) = tile()?;
    Ok(Report {
        adapter: adapter.name,
        backend: adapter.backend,
        is_software: adapter.is_software,
        width: size.width,
        height: size.height,
        device_ms,
        rows,
        tile_houses,
        tile_bytes,
        cut_ms,
        build_ms,
    })
}

/// Each row has a device of its own, so that it pays for nothing but itself.
async fn row(runtime: &Runtime, size: Size, town: Town) -> Result<Row> {
    let mut painter = Counted::new(device().await?);
    let options = Options { requests: REQUESTS, builds: REQUESTS, bytes: MESH_BYTES, ..Options::default() };
    let mut host = Host::new(Look::new(town::style()?, options), Arc::new(town), runtime.handle().clone());
    let started = Instant::now();
    host.scene.look(town::view(size, 0.0), size);
    host.finish(&mut painter).await?;
    painter.inner.picture().await?;
    let first_ms = ms(started);
    if host.given_up().iter().any(|e| e.kind() == Kind::TooLarge) {
        return Err(Error::new(Kind::TooLarge, "测试瓦片过大", "a tile of the made-up town is too large"));
    }

    let started = Instant::now();
    let mut frames = 0;
    while frames < MOST_FRAMES && (frames < LEAST_FRAMES || ms(started) < ENOUGH_MS) {
        frames += 1;
        host.scene.look(town::view(size, TURN * f64::from(frames)), size);
        host.finish(&mut painter).await?;
        // Only with its pixels in hand a frame is known to be done; they are a few megabytes.
        painter.inner.picture().await?;
    }
    let frame_ms = ms(started) / f64::from(frames);
    let frame = host.scene.frame();
    Ok(Row {
        houses: town.houses,
        names: town.names,
        first_ms,
        frame_ms,
        triangles: frame.map_or(0, |f| painter.triangles(f)),
        labels: frame.map_or(0, crate::service::scene::labels),
        gpu_bytes: painter.inner.bytes(),
        resident_bytes: memory::resident(),
    })
}

/// Houses, bytes, and the milliseconds of cutting and building a dense tile: the best of three, since others use the machine too.
fn tile() -> Result<(u64, u64, f64, f64)> {
    let (town, coord) = (Town { houses: DENSE, names: 0 }, town::middle_tile()?);
    let builder = Builder::new(town::style()?, true);
    let (mut cut_ms, mut build_ms) = (f64::INFINITY, f64::INFINITY);
    let (mut houses, mut bytes) = (0, 0);
    for _ in 0..3 {
        let started = Instant::now();
        let tile = town.tile(coord)?;
        cut_ms = cut_ms.min(ms(started));
        let started = Instant::now();
        let mesh = builder.build(coord, &tile)?;
        build_ms = build_ms.min(ms(started));
        (houses, bytes) = (mesh.picks.len() as u64, tile.len() as u64);
    }
    Ok((houses, bytes, cut_ms, build_ms))
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn table(report: &Report) {
    let software = if report.is_software { "，软件 / software" } else { "" };
    say(format_args!(
        "{}（{}{software}）{}x{}，设备 / device {:.0} ms",
        report.adapter, report.backend, report.width, report.height, report.device_ms
    ));
    say(format_args!(
        "{:>9}{:>9}{:>12}{:>11}{:>11}{:>9}{:>9}{:>9}",
        "houses", "names", "triangles", "labels", "first ms", "ms/frame", "GPU MB", "RSS MB"
    ));
    for row in &report.rows {
        let resident = row.resident_bytes.map_or_else(|| "-".to_owned(), |b| format!("{:.0}", b as f64 / 1e6));
        say(format_args!(
            "{:>9}{:>9}{:>12}{:>11}{:>11.0}{:>9.1}{:>9.0}{resident:>9}",
            row.houses,
            row.names,
            row.triangles,
            row.labels,
            row.first_ms,
            row.frame_ms,
            row.gpu_bytes as f64 / 1e6
        ));
    }
    say(format_args!(
        "{} 栋一块瓦片 / houses in a tile, {:.1} MB: 切 / cut {:.1} ms, 建 / build {:.1} ms",
        report.tile_houses,
        report.tile_bytes as f64 / 1e6,
        report.cut_ms,
        report.build_ms
    ));
}
