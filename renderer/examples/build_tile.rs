//! Builds a tile with the city's own sheet, and prints how long that takes and what it holds.
//!
//! `cargo run --release -p renderer --example build_tile Z/X/Y FILE`, the file being the tile's bytes, not compressed.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant as Clock;

use gis_data::Error;
use renderer::build::Builder;
use renderer::mesh::Shape;
use styles::Style;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(coord), Some(file)) = (args.next(), args.next()) else {
        return Err(Error::invalid("用法：build_tile 级别/列/行 文件", "usage: build_tile Z/X/Y FILE").into());
    };
    let (coord, bytes) = (coord.parse()?, std::fs::read(file)?);
    let style = Style::parse(styles::CITY).map_err(|problems| format!("{problems:?}"))?;
    let builder = Builder::new(Arc::new(style.clone()), true);
    let mut times: Vec<f64> = Vec::new();
    let mut mesh = builder.build(coord, &bytes)?;
    for _ in 0..20 {
        let begun = Clock::now();
        mesh = builder.build(coord, &bytes)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{coord}: {} bytes, {:.1} ms at best, {:.1} ms mostly", bytes.len(), times[0], times[10])?;
    for part in &mesh.parts {
        let (kind, corners, indices) = match &part.shape {
            Shape::Fill(t) => ("fill", t.vertices.len(), t.indices.len()),
            Shape::Line(t) => ("line", t.vertices.len(), t.indices.len()),
            Shape::Extrusion(t) => ("extrusion", t.vertices.len(), t.indices.len()),
            Shape::Circle(t) => ("circle", t.vertices.len(), t.indices.len()),
        };
        let id = style.layers.get(part.layer).map_or("", |layer| layer.id.as_str());
        writeln!(out, "  {id}: {kind}, {corners} corners, {} triangles", indices / 3)?;
    }
    let (labels, picks, size) = (mesh.candidates.len(), mesh.picks.len(), mesh.bytes());
    writeln!(out, "  {labels} labels, {picks} features, {size} bytes, {} m high", mesh.top_m)?;
    Ok(())
}
