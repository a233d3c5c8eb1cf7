//! Makes the densest tiles that a city may have, and prints how long they take and how large they are.
//!
//! `cargo run --release -p tiler --example dense [FOLDER]` writes them to the folder too, to be packed and looked at.

use std::io::Write;
use std::sync::Arc;
use std::time::Instant as Clock;

use geo_types::{Coord as Degrees, Geometry as Shape, LineString, Polygon};
use gis_data::{Feature, FeatureId, Geometry, Instant, Interval, LayerId, Properties, Recorded, Scope, Shown};
use tiler::{Coord, Options};

fn row(layer: &LayerId, id: u64, shape: Shape<f64>, properties: Properties) -> Option<Shown> {
    let feature = Feature {
        id: FeatureId::new(1 << 41 | id).ok()?,
        layer: layer.clone(),
        geometry: Some(Geometry::new(shape, None).ok()?),
        properties,
        valid: Interval::ALWAYS,
        recorded: Recorded::since(1, Instant::DAWN),
        min_zoom: 0,
    };
    Scope::everything("example").admit(Arc::new(feature))
}

/// `count` things spread over the tile, a little unevenly.
fn spread(coord: Coord, count: u64) -> impl Iterator<Item = (u64, Degrees<f64>)> {
    let b = coord.bbox(0);
    let side = (count as f64).sqrt().ceil() as u64;
    (0..count).map(move |i| {
        let stirred = i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (dx, dy) = ((stirred >> 40 & 255) as f64 / 256.0, (stirred >> 50 & 255) as f64 / 256.0);
        let share = |n: u64, d: f64| (n as f64 + d) / side as f64;
        let at = Degrees {
            x: b.west + (b.east - b.west) * share(i % side, dx),
            y: b.south + (b.north - b.south) * share(i / side, dy),
        };
        (i + 1, at)
    })
}

fn doors(coord: Coord, count: u64) -> Vec<Shown> {
    let Ok(layer) = LayerId::new("doorplate") else { return Vec::new() };
    spread(coord, count)
        .filter_map(|(i, at)| {
            let (road, number) = (format!("墨池坊{}巷", i / 120), format!("{}号", i % 120));
            let properties = [
                ("address", format!("浙江省温州市鹿城区五马街道{road}{number}")),
                ("code", format!("330302001{i:09}")),
                ("number", number),
                ("road_name", road),
                ("source", "demo".to_owned()),
            ];
            row(&layer, i, Shape::Point(at.into()), properties.into_iter().collect())
        })
        .collect()
}

fn buildings(coord: Coord, count: u64) -> Vec<Shown> {
    let Ok(layer) = LayerId::new("building") else { return Vec::new() };
    // An L of 15 m by 12 m.
    let shape = [(0.0, 0.0), (15.0, 0.0), (15.0, 6.0), (8.0, 6.0), (8.0, 12.0), (0.0, 12.0), (0.0, 0.0)];
    spread(coord, count)
        .filter_map(|(i, at)| {
            let ring = shape.iter().map(|(x, y)| Degrees { x: at.x + x / 98_000.0, y: at.y + y / 111_195.0 }).collect();
            let levels = (i % 30) as i64 + 1;
            let mut properties: Properties = [("number", format!("{}幢", i % 40))].into_iter().collect();
            properties.set("levels", levels);
            properties.set("height_m", levels as f64 * 2.9);
            properties.set("use", "residential");
            row(&layer, i, Shape::Polygon(Polygon::new(LineString(ring), vec![])), properties)
        })
        .collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).map(std::path::PathBuf::from);
    let mut out = std::io::stdout().lock();
    let at = |z| Coord::holding(120.65, 28.0, z);
    for (name, coord, rows) in [
        ("doorplate-16", at(16)?, doors(at(16)?, 7_300)),
        ("doorplate-14", at(14)?, doors(at(14)?, 7_300)),
        ("building-15", at(15)?, buildings(at(15)?, 5_900)),
        ("building-14", at(14)?, buildings(at(14)?, 15_600)),
    ] {
        let mut best = f64::INFINITY;
        let mut bytes = Vec::new();
        for _ in 0..5 {
            let rows = rows.clone();
            let begun = Clock::now();
            bytes = tiler::encode("layer", coord, rows, &Options::default())?;
            best = best.min(begun.elapsed().as_secs_f64() * 1e3);
        }
        writeln!(out, "{name}: {} features, {} bytes, {best:.1} ms", rows.len(), bytes.len())?;
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{name}.mvt")), bytes)?;
        }
    }
    Ok(())
}
