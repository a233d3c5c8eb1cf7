mod house;
mod painters;

use std::collections::BTreeSet;

use gis_data::Error;
use styles::glyph::{Glyph, message};

use super::*;
use crate::fetch::Ask;
use crate::null::Null;
use house::house;
use painters::{Frail, Gone};

const SHEET: &str = r##"{
    "version": 8,
    "sources": { "city": { "type": "vector", "tiles": ["/tiles/{z}/{x}/{y}"] } },
    "glyphs": "/fonts/{fontstack}/{range}.pbf",
    "layers": [
        { "id": "sky", "type": "background", "paint": { "background-color": "#123456" } },
        { "id": "houses", "type": "fill-extrusion", "source": "city", "source-layer": "building",
          "paint": { "fill-extrusion-height": ["get", "height"], "fill-extrusion-color": "#ccc" } },
        { "id": "names", "type": "symbol", "source": "city", "source-layer": "building",
          "layout": { "text-field": ["get", "name"], "text-size": 14 } }
    ]
}"##;

const SIZE: Size = Size { width: 1280, height: 720, ratio: 1.0 };
const VIEW: View = View { lon: 120.65, lat: 28.0, zoom: 16.2, bearing: 0.0, pitch: 0.0 };

fn style() -> Arc<Style> {
    Arc::new(Style::parse(SHEET).unwrap())
}

fn scene(options: Options) -> Scene {
    Scene::new(style(), options)
}

fn error() -> Error {
    Error::invalid("坏了", "broken")
}

/// Answers what is asked for until nothing is left to do; what each tile holds is given.
fn settle(scene: &mut Scene, painter: &mut dyn Painter, tile: &dyn Fn(Coord) -> Result<Vec<u8>>) -> Step {
    for _ in 0..5000 {
        let requests = scene.requests();
        let is_waiting = !requests.is_empty();
        for request in requests {
            let got = match request.ask {
                Ask::Tile(coord) => tile(coord),
                Ask::Glyphs(_) => Ok(Vec::new()),
            };
            scene.answer(request.id, got);
        }
        let step = scene.step(painter).unwrap();
        if !is_waiting && !step.again && !step.drawn {
            return step;
        }
    }
    panic!("the scene never comes to rest")
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where others fail")]
fn everywhere(_: Coord) -> Result<Vec<u8>> {
    Ok(house(7, 30, "温州"))
}

#[test]
fn nothing_is_asked_for_or_drawn_before_one_looks() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    assert!(scene.requests().is_empty() && scene.dropped().is_empty() && scene.frame().is_none());
    assert_eq!(scene.step(&mut painter).unwrap(), Step::default());
    assert_eq!(painter.frames, 0);
}

#[test]
fn the_city_appears_tile_by_tile_and_then_rests() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    let step = scene.step(&mut painter).unwrap();
    assert!(step.drawn && !step.complete, "the background is drawn at once");
    let step = settle(&mut scene, &mut painter, &everywhere);
    assert!(step.complete && !step.again && !step.drawn);
    let frame = scene.frame().unwrap();
    assert!(!frame.tiles.is_empty() && frame.tiles.iter().all(|t| t.coord.z() == 16));
    assert_eq!(frame.paints.iter().map(|p| p.layer).collect::<Vec<_>>(), [1]);
    let drawn = painter.frames;
    for _ in 0..10 {
        assert!(!scene.step(&mut painter).unwrap().drawn);
    }
    assert_eq!(painter.frames, drawn, "nothing changed");
    scene.look(VIEW, SIZE);
    assert!(!scene.step(&mut painter).unwrap().drawn, "the same view is no change");
    scene.look(View { bearing: 5.0, ..VIEW }, SIZE);
    assert!(scene.step(&mut painter).unwrap().drawn);
}

#[test]
fn labels_lie_where_they_lie_in_whatever_order_the_tiles_came() {
    let drawn = |reversed: bool| {
        let mut scene = scene(Options { requests: 3, ..Options::default() });
        let mut painter = Null::default();
        scene.look(View { pitch: 50.0, ..VIEW }, SIZE);
        loop {
            let mut requests = scene.requests();
            if reversed {
                requests.reverse();
            }
            for request in requests {
                let got = match request.ask {
                    Ask::Tile(coord) => everywhere(coord),
                    Ask::Glyphs(all) => Ok(message(
                        "any",
                        "glyphs",
                        &all.into_iter().map(|c| (c, Glyph::missing())).collect::<Vec<_>>(),
                    )),
                };
                scene.answer(request.id, got);
                // One by one, so that each tile is once the only one there.
                scene.step(&mut painter).unwrap();
            }
            if scene.step(&mut painter).unwrap().complete {
                return scene.frame().unwrap().labels.clone();
            }
        }
    };
    let [straight, back] = [drawn(false), drawn(true)];
    assert!(!straight.vertices.is_empty());
    assert_eq!(straight, back);
}

#[test]
fn a_coarser_picture_builds_nothing_anew() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(View { pitch: 60.0, ..VIEW }, SIZE);
    settle(&mut scene, &mut painter, &everywhere);
    let before: BTreeSet<Coord> = scene.frame().unwrap().tiles.iter().map(|t| t.coord).collect();
    scene.look(View { pitch: 60.0, ..VIEW }, Size { width: 640, height: 360, ratio: 0.5 });
    assert!(scene.requests().is_empty());
    let step = scene.step(&mut painter).unwrap();
    assert!(step.drawn && step.complete);
    let frame = scene.frame().unwrap();
    assert_eq!(frame.tiles.iter().map(|t| t.coord).collect::<BTreeSet<_>>(), before);
    assert_eq!(frame.size.width, 640);
}

#[test]
fn far_tiles_are_drawn_first() {
    let mut scene = scene(Options::default());
    scene.look(View { pitch: 70.0, ..VIEW }, SIZE);
    settle(&mut scene, &mut Null::default(), &everywhere);
    let (frame, camera) = scene.last.as_ref().unwrap();
    let away: Vec<f64> = frame.tiles.iter().map(|t| camera.away(t.coord)).collect();
    assert!(away.len() > 5 && away.is_sorted_by(|a, b| a >= b), "{away:?}");
}

#[test]
fn a_broken_tile_breaks_no_frame() {
    for broken in [Err(()), Ok(vec![0xff; 40]), Ok(b"<html>".to_vec())] {
        let mut scene = scene(Options::default());
        let mut painter = Null::default();
        scene.look(VIEW, SIZE);
        let bad = Coord::holding(VIEW.lon, VIEW.lat, 16).unwrap();
        let tiles = |coord| if coord == bad { broken.clone().map_err(|()| error()) } else { everywhere(coord) };
        let step = settle(&mut scene, &mut painter, &tiles);
        assert!(!step.complete && !step.again, "it is given up at last");
        let drawn: BTreeSet<Coord> = scene.frame().unwrap().tiles.iter().map(|t| t.coord).collect();
        assert!(drawn.len() >= 3 && !drawn.contains(&bad));
        assert!(drawn.contains(&bad.parents().nth(1).unwrap()), "a coarser one shows what is missing");
        scene.renew();
        assert!(settle(&mut scene, &mut painter, &everywhere).complete, "and comes when it is mended");
    }
}

#[test]
fn without_characters_there_is_still_a_city() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    let (mut asked, mut last) = (0, Step::default());
    for _ in 0..3000 {
        for request in scene.requests() {
            match request.ask {
                Ask::Tile(coord) => scene.answer(request.id, everywhere(coord)),
                Ask::Glyphs(characters) => {
                    assert_eq!(characters, ['温', '州']);
                    asked += 1;
                    // Half of the time a message that is none.
                    scene.answer(request.id, if asked % 2 == 0 { Err(error()) } else { Ok(vec![0xff; 9]) });
                }
            }
        }
        last = scene.step(&mut painter).unwrap();
    }
    assert!((5..12).contains(&asked), "{asked} times in 3000 steps");
    assert!(!last.complete && !last.again && !scene.frame().unwrap().tiles.is_empty());
    assert!(painter.frames < 100, "{} frames", painter.frames);
    let step = settle(&mut scene, &mut painter, &everywhere);
    assert!(!step.complete);
    for _ in 0..1000 {
        scene.step(&mut painter).unwrap();
    }
    assert!(settle(&mut scene, &mut painter, &everywhere).complete, "they come at last");
}

#[test]
fn what_was_there_stays_until_another_time_comes() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    settle(&mut scene, &mut painter, &everywhere);
    let before = scene.frame().unwrap().tiles.clone();
    scene.renew();
    let step = scene.step(&mut painter).unwrap();
    assert!(!step.drawn && !step.complete);
    assert_eq!(scene.frame().unwrap().tiles, before);
    let uploads = painter.uploads;
    assert!(settle(&mut scene, &mut painter, &everywhere).complete);
    assert_eq!(painter.uploads, uploads, "nothing has changed, so nothing is built");
    scene.renew();
    assert!(settle(&mut scene, &mut painter, &|_| Ok(house(8, 60, "瓯江"))).complete);
    assert!(painter.uploads > uploads);
    let middle = scene.frame().unwrap().tiles.len() - 1;
    let hit = Hit { tile: middle, pick: 1, depth: 0.02 };
    assert_eq!(scene.picked(hit, [640.0, 360.0]).unwrap().id, 8);
    scene.renew();
    assert!(settle(&mut scene, &mut painter, &|_| Ok(Vec::new())).complete);
    assert!(scene.frame().unwrap().tiles.is_empty() && painter.tiles.is_empty(), "now there is nothing any more");
}

#[test]
fn another_sheet_needs_no_tile_again() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    settle(&mut scene, &mut painter, &everywhere);
    let tiles = scene.frame().unwrap().tiles.clone();
    let frames = painter.frames;
    let night = SHEET.replace("#123456", "#000000");
    scene.restyle(Arc::new(Style::parse(&night).unwrap()));
    let step = scene.step(&mut painter).unwrap();
    assert!(!step.drawn && step.again && !step.complete && painter.frames == frames, "the last frame stays");
    let no_tiles = |coord: Coord| -> Result<Vec<u8>> { panic!("{coord} was asked for") };
    assert!(settle(&mut scene, &mut painter, &no_tiles).complete);
    let frame = scene.frame().unwrap();
    assert_eq!((&frame.tiles, frame.background), (&tiles, [0.0, 0.0, 0.0, 1.0]));
    scene.restyle(style());
    scene.look(View { zoom: 16.3, ..VIEW }, SIZE);
    assert!(scene.step(&mut painter).unwrap().drawn, "whoever moves on is not kept waiting");
}

#[test]
fn a_new_device_gets_everything() {
    let mut scene = scene(Options::default());
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    settle(&mut scene, &mut painter, &everywhere);
    // Whatever is tried with one that is gone, only tells so.
    scene.restore();
    for _ in 0..50 {
        assert!(scene.step(&mut Gone).is_err());
    }
    let mut again = Null::default();
    scene.restore();
    let no_tiles = |coord: Coord| -> Result<Vec<u8>> { panic!("{coord} was asked for") };
    assert!(settle(&mut scene, &mut again, &no_tiles).complete);
    assert_eq!(again.last, painter.last);
    assert!(again.tiles.len() <= painter.tiles.len() && !again.tiles.is_empty());
}

#[test]
fn a_frail_painter_is_told_of_and_drawn_with_again() {
    let mut scene = scene(Options::default());
    let mut painter = Frail::default();
    scene.look(VIEW, SIZE);
    let (mut told, mut complete) = (0, false);
    for _ in 0..3000 {
        for request in scene.requests() {
            let Ask::Tile(coord) = request.ask else {
                scene.answer(request.id, Ok(Vec::new()));
                continue;
            };
            scene.answer(request.id, everywhere(coord));
        }
        match scene.step(&mut painter) {
            Ok(step) => complete = step.complete,
            Err(_) => told += 1,
        }
    }
    assert!(complete && told > 0);
    assert_eq!(told, painter.failures);
    assert_eq!(painter.inner.last.as_ref(), scene.frame());
}

#[test]
fn what_lies_under_a_pixel_is_named() {
    let mut scene = scene(Options::default());
    scene.look(VIEW, SIZE);
    settle(&mut scene, &mut Null::default(), &everywhere);
    let camera = Camera::new(VIEW, SIZE);
    let spot = camera.project(VIEW.lon + 1e-4, VIEW.lat, 30.0).unwrap();
    let at = spot.at.map(|n| n as f32);
    let hit = Hit { tile: 0, pick: 1, depth: spot.depth };
    let picked = scene.picked(hit, at).unwrap();
    assert_eq!((&*picked.layer, picked.id), ("building", 7));
    assert!((picked.lon - VIEW.lon - 1e-4).abs() < 1e-6 && (picked.lat - VIEW.lat).abs() < 1e-6);
    assert!((picked.height_m - 30.0).abs() < 0.1);
    for bad in [
        Hit { tile: 1000, ..hit },
        Hit { pick: 0, ..hit },
        Hit { pick: 1000, ..hit },
        Hit { depth: 0.0, ..hit },
        Hit { depth: f32::NAN, ..hit },
    ] {
        assert_eq!(scene.picked(bad, at), None, "{bad:?}");
    }
    assert_eq!(scene.picked(hit, [f32::NAN, 0.0]), None);
}

#[test]
fn a_small_budget_shows_the_middle() {
    let mut scene = scene(Options { bytes: 5_000, ..Options::default() });
    let mut painter = Null::default();
    scene.look(VIEW, SIZE);
    let step = settle(&mut scene, &mut painter, &everywhere);
    assert!(!step.complete);
    assert!(scene.fetch.bytes() <= 5_000 && painter.tiles.values().sum::<u64>() <= 5_000);
    let middle = Coord::holding(VIEW.lon, VIEW.lat, 16).unwrap();
    assert!(scene.frame().unwrap().tiles.iter().any(|t| t.coord == middle));
}

#[test]
fn what_is_kept_is_what_is_uploaded() {
    let mut scene = scene(Options { bytes: 60_000, ..Options::default() });
    let mut painter = Null::default();
    for flight in 0..200 {
        let east = f64::from(flight % 37) * 0.01;
        let view = View { lon: 120.4 + east, pitch: f64::from(flight % 4) * 20.0, zoom: 13.0 + east * 8.0, ..VIEW };
        scene.look(view, SIZE);
        for request in scene.requests().into_iter().skip(flight as usize % 3) {
            if let Ask::Tile(coord) = request.ask {
                scene.answer(request.id, everywhere(coord));
            }
        }
        scene.step(&mut painter).unwrap();
        let kept: BTreeSet<Coord> = scene.meshes.keys().copied().collect();
        let uploaded: BTreeSet<Coord> = painter.tiles.keys().copied().collect();
        assert_eq!(kept, uploaded);
        assert!(scene.fetch.bytes() <= 60_000);
        assert!(scene.meshes.values().all(|m| m.parts.is_empty()), "triangles are not kept twice");
        let frame = scene.frame().unwrap();
        assert!(frame.tiles.iter().all(|t| uploaded.contains(&t.coord)));
    }
}
