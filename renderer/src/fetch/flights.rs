//! Flying about for long, with everything that may go wrong on the way.

use gis_data::Error;
use tiler::Coord;

use super::*;
use crate::frame::{Painter, Size};
use crate::mesh::{FillVertex, Part, Shape, TileMesh, Triangles};
use crate::null::Null;
use crate::select::select;
use crate::view::{Camera, View};

const BUDGET: u64 = 3 << 20;
const REQUESTS: usize = 6;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 20) % n
    }

    fn part(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }
}

fn fly(dice: &mut Dice, from: View) -> View {
    let step = 0.05 * (14.0 - from.zoom).exp2().min(100.0);
    let view = View {
        lon: from.lon + (dice.part() - 0.5) * step,
        lat: from.lat + (dice.part() - 0.5) * step,
        zoom: from.zoom + (dice.part() - 0.5) * 2.0,
        bearing: from.bearing + (dice.part() - 0.5) * 60.0,
        pitch: from.pitch + (dice.part() - 0.5) * 30.0,
    };
    // Now and then far away at once.
    let home = View { lon: 120.65, lat: 28.0, zoom: 15.0, bearing: 0.0, pitch: 45.0 };
    if dice.below(25) == 0 { home } else { view.clamped() }
}

/// A tile of some bytes, and sometimes one that is far beyond what there is room for.
fn mesh(coord: Coord, bytes: &[u8]) -> TileMesh {
    let vertices = vec![FillVertex::default(); bytes.len() * 2];
    let shape = Shape::Fill(Triangles { vertices, indices: Vec::new() });
    TileMesh { coord, parts: vec![Part { layer: 0, shape }], candidates: Vec::new(), picks: Vec::new(), top_m: 30.0 }
}

#[test]
fn two_thousand_flights_stay_within_the_budget() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut fetch = Fetch::new(REQUESTS, BUDGET);
    let mut painter = Null::default();
    let mut view = View { lon: 120.65, lat: 28.0, zoom: 15.0, bearing: 0.0, pitch: 45.0 };
    let mut open: Vec<Request> = Vec::new();
    let (mut complete, mut failed, mut evicted, mut most) = (0, 0, 0, 0);
    for flight in 0..2000 {
        view = fly(&mut dice, view);
        let camera = Camera::new(view, Size { width: 1280, height: 720, ratio: 1.0 });
        fetch.want(&select(&camera, 16, 50.0));
        if dice.below(100) == 0 {
            fetch.renew();
        }
        if dice.below(200) == 0 {
            painter = Null::default();
            fetch.rebuild();
        }
        for _ in 0..dice.below(12) {
            fetch.tick();
            open.extend(fetch.requests());
            let dropped = fetch.dropped();
            open.retain(|r| !dropped.contains(&r.id) || dice.below(2) == 0);
            assert!(fetch.under_way.len() <= REQUESTS);
            // Answers come in any order, some twice as late as others, some not at all.
            for _ in 0..dice.below(8) {
                if open.is_empty() {
                    break;
                }
                let request = open.swap_remove(dice.below(open.len() as u64) as usize);
                let got = match dice.below(10) {
                    0 => Err(Error::invalid("没来", "did not come")),
                    1 => Ok(Vec::new()),
                    2 => Ok(vec![1; dice.below(100_000) as usize + 1]),
                    _ => Ok(vec![1; dice.below(3000) as usize + 1]),
                };
                fetch.answer(request.id, got);
            }
            for _ in 0..2 {
                let Some((coord, bytes)) = fetch.next_build() else { break };
                if dice.below(20) == 0 {
                    failed += 1;
                    fetch.broke(coord);
                } else {
                    let uploaded = painter.upload(&mesh(coord, &bytes)).unwrap();
                    fetch.built(coord, Some(uploaded));
                }
                fetch.trim();
                for gone in fetch.gone() {
                    evicted += 1;
                    painter.forget(gone);
                }
            }
            let pieces = fetch.cover();
            assert!(pieces.iter().all(|p| painter.tiles.contains_key(&p.coord)), "what is drawn is there");
            assert!(pieces.len() < 1000);
        }
        fetch.trim();
        for gone in fetch.gone() {
            painter.forget(gone);
        }
        let held: u64 = painter.tiles.values().sum();
        assert!(held <= fetch.bytes() && fetch.bytes() <= BUDGET, "flight {flight}: {held} {}", fetch.bytes());
        assert!(fetch.len() <= 2048 && fetch.under_way.len() <= REQUESTS && fetch.dropped.len() < 4096);
        most = most.max(painter.tiles.len());
        complete += usize::from(fetch.is_complete());
        // A host that was told of it forgets what was dropped; one that was not keeps at most what it asked for.
        open.retain(|r| fetch.under_way.contains_key(&r.id));
    }
    assert!(failed > 50 && evicted > 500 && most > 20, "{failed} {evicted} {most}: the test shows little");
    assert!(complete > 5, "{complete}");
}
