//! Measures a bulk commit of new things, the same again, and a few questions: `cargo run --release --example bulk -- 1000000`.

#![expect(clippy::print_stdout, reason = "a measurement is told on the terminal")]

use std::time::Instant as Stopwatch;

use gis_data::{
    Area, BBox, Change, Commit, Geometry, Identity, Instant, Interval, LayerId, Part, Properties, Put, Query, Result,
    Scope, Store, Value, Want,
};
use gis_data_sqlite::{Options, SqliteStore};

fn thing(n: u64, layer: &LayerId) -> Result<Change> {
    // Scattered over a city of half a degree, in no order.
    let spread = |salt: u64| (n.wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ salt) >> 11) as f64 / (1_u64 << 53) as f64 / 2.0;
    let properties: Properties = [
        ("name", Value::from(format!("信河街{n}号"))),
        ("number", Value::from(n as i64)),
        ("kind", Value::from("residential")),
        ("status", Value::from("in_use")),
    ]
    .into_iter()
    .collect();
    Ok(Change::Put(Put {
        identity: Identity::Origin { source: "bulk".into(), key: n.to_string() },
        layer: layer.clone(),
        geometry: Some(Geometry::point(120.4 + spread(2), 27.8 + spread(4))?),
        properties,
        valid: Interval::since(Instant::from_micros(0)),
        min_zoom: 14,
    }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let many: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let store = SqliteStore::open(folder.path(), Options::default())?;
    let layer = LayerId::new("doorplate")?;
    for what in ["new", "unchanged"] {
        let begun = Stopwatch::now();
        let mut commit = Commit::new("bulk", what, Instant::from_micros(1), []);
        let of = layer.clone();
        commit.changes = Box::new((0..many).map(move |n| thing(n, &of)));
        store.commit(commit).await?;
        let seconds = begun.elapsed().as_secs_f64();
        println!("{what}: {many} in {seconds:.2} s, {:.0}/s", many as f64 / seconds);
    }
    let scope = Scope::everything("bulk");
    let of_layer = Query::layer(&layer);
    let street = Area::Box(BBox { west: 120.60, south: 28.00, east: 120.605, north: 28.005 });
    for (what, query) in [
        ("first page of 1000", of_layer.clone()),
        ("a small box", Query { area: Some(street), ..of_layer.clone() }),
        ("count", Query { want: Want::Count, ..of_layer.clone() }),
        ("nearest 10", Query { want: Want::Nearest { k: 10, lon: 120.6, lat: 28.0 }, ..of_layer }),
    ] {
        let begun = Stopwatch::now();
        let body = store.read(&query, &scope).await?.into_rows().len();
        println!("{what}: {:.1} ms, {body} rows", begun.elapsed().as_secs_f64() * 1e3);
    }
    let begun = Stopwatch::now();
    let mut seen = 0_u64;
    store.scan(Part::All, &mut |_| seen += 1).await?;
    println!("scan: {seen} in {:.2} s", begun.elapsed().as_secs_f64());
    Ok(())
}
