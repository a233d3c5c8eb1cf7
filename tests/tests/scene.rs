//! The city in 3-D without a window: pictures from the command and over HTTP are the same, and a child that draws can die alone.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use menpai_tests::city::City;
use menpai_tests::http::{Reply, encode};
use menpai_tests::json::is_english;
use menpai_tests::program::{self, Outcome, menpai};

/// The middle of the test city, from the south and from above.
fn view(city: &City) -> String {
    let centre = city.get("/catalog").expect(200).json()["centre"].clone();
    let [lon, lat] = [0, 1].map(|i| centre[i].as_f64().expect("the catalogue names a centre"));
    format!("{lon:.5},{lat:.5},16.2,20,55")
}

/// `menpai scene render` of a city's store into a file.
fn render(city: &City, out: &Path, more: &[&str]) -> Outcome {
    let [store, out] = [city.store(), out.to_path_buf()].map(|p| p.to_string_lossy().into_owned());
    let mut args = vec!["scene", "render", "--store", &store, "-o", &out];
    args.extend(more);
    menpai(&args)
}

/// A decoded picture: width, height, straight RGBA.
#[derive(Debug, PartialEq, Eq)]
struct Picture {
    size: [u32; 2],
    rgba: Vec<u8>,
}

impl Picture {
    fn of(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
        let mut rgba = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgba).expect("its pixels");
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgba, png::BitDepth::Eight));
        Self { size: [info.width, info.height], rgba }
    }

    fn colours(&self) -> usize {
        self.rgba.chunks_exact(4).collect::<BTreeSet<_>>().len()
    }

    /// Part of the pixels that are not the same in another picture.
    fn unlike(&self, other: &Self) -> f64 {
        let pairs = self.rgba.chunks_exact(4).zip(other.rgba.chunks_exact(4));
        pairs.filter(|(a, b)| a != b).count() as f64 / (self.rgba.len() / 4) as f64
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("the picture was written")
}

#[test]
fn a_picture_shows_the_city_of_its_time() {
    let city = City::serve();
    let view = view(&city);
    let file = city.folder.path().join("city.png");
    let done = render(&city, &file, &["--view", &view, "--size", "640x360", "--json"]).ok();
    let told = done.last_json();
    for count in ["tiles", "triangles", "labels"] {
        assert!(told[count].as_u64().is_some_and(|n| n > 0), "{count}: {told}");
    }
    assert!(told["adapter"].as_str().is_some_and(|a| !a.is_empty()) && told["ms"].as_f64().is_some(), "{told}");
    assert_eq!(told["missing"], 0, "{}", done.stderr);
    let bytes = read(&file);
    let picture = Picture::of(&bytes);
    assert_eq!(picture.size, [640, 360]);
    assert!(picture.colours() > 100, "only {} colours", picture.colours());
    assert!(picture.rgba.chunks_exact(4).all(|p| p[3] == 255), "a city is not to be seen through");

    render(&city, &file, &["--view", &view, "--size", "640x360"]).ok();
    assert!(read(&file) == bytes, "the same picture twice is the same file");

    let other = |name: &str, more: &[&str]| {
        let file = city.folder.path().join(name);
        let mut args = vec!["--view", &view, "--size", "640x360"];
        args.extend(more);
        render(&city, &file, &args).ok();
        Picture::of(&read(&file))
    };
    let empty = other("empty.png", &["--valid-at", "1900-01-01"]);
    assert!(empty.unlike(&picture) > 0.1, "before the city was built there is no city");
    assert!(empty.colours() < picture.colours() / 4, "{} colours of nothing", empty.colours());
    let early = other("early.png", &["--recorded-at", "1990-01-01"]);
    assert_eq!(early, empty, "what was not yet recorded is not shown either");
    assert!(other("flat.png", &["--flat"]).unlike(&picture) > 0.01, "flat buildings look different");
    assert!(other("night.png", &["--style", "night"]).unlike(&picture) > 0.5, "the night looks different");
    assert!(other("dense.png", &["--ratio", "2"]).unlike(&picture) > 0.1, "a denser picture shows less ground");
    // Nothing else is left beside them.
    let names: Vec<_> = std::fs::read_dir(city.folder.path()).expect("the folder").flatten().collect();
    assert!(names.iter().all(|n| !n.file_name().to_string_lossy().contains("part")), "{names:?}");
}

#[test]
fn what_cannot_be_drawn_is_refused_in_both_languages() {
    let city = City::serve();
    let view = view(&city);
    let file = city.folder.path().join("none.png");
    for (more, word) in [
        (vec!["--view", "120.6"], "120.6"),
        (vec!["--view", "east,north,5"], "east"),
        (vec!["--view", &view, "--size", "15x720"], "15x720"),
        (vec!["--view", &view, "--size", "8192x8192"], "8192x8192"),
        (vec!["--view", &view, "--size", "big"], "big"),
        (vec!["--view", &view, "--ratio", "9"], "9"),
        (vec!["--view", &view, "--style", "no-such-sheet"], "no-such-sheet"),
        (vec!["--view", &view, "--valid-at", "yesterday"], "yesterday"),
        (vec!["--view", &view, "--viewer", "nobody"], "nobody"),
    ] {
        let said = render(&city, &file, &more).refused(&[word]);
        assert!(!is_english(&said), "{more:?}: {said}");
        assert!(!file.exists(), "{more:?} left a file");
    }
    // A sheet that is none is told with the place where it is wrong.
    let sheet = city.folder.path().join("sheet.json");
    std::fs::write(&sheet, r#"{"version": 7, "sources": {}, "layers": []}"#).expect("a file");
    render(&city, &file, &["--view", &view, "--style", &sheet.to_string_lossy()]).refused(&["version"]);
    // A place that cannot be written, and a store that is not there.
    let nowhere = city.folder.path().join("no/such/folder/city.png");
    render(&city, &nowhere, &["--view", &view]).refused(&["city.png"]);
    let out = file.to_string_lossy();
    menpai(&["scene", "render", "--store", &nowhere.to_string_lossy(), "--view", &view, "-o", &out])
        .refused(&["menpai import"]);
    assert!(!file.exists());
}

#[test]
fn the_server_draws_what_the_command_draws() {
    let city = City::serve();
    let view = view(&city);
    let file = city.folder.path().join("city.png");
    for (style, more) in [("city", ""), ("night", "&datetime=2020-06-01")] {
        let path = format!("/scene/{style}.png?view={view}&size=512x384&ratio=1.5{more}");
        let reply = city.get(&path).expect(200);
        assert_eq!(reply.header("content-type"), Some("image/png"));
        assert!(reply.header("menpai-position").is_some() && reply.header("menpai-missing").is_none());
        let mut args = vec!["--view", &view, "--size", "512x384", "--ratio", "1.5", "--style", style];
        if !more.is_empty() {
            args.extend(["--valid-at", "2020-06-01"]);
        }
        render(&city, &file, &args).ok();
        let [served, drawn] = [&reply.raw, &read(&file)].map(|png| Picture::of(png));
        assert_eq!(served.size, [512, 384]);
        assert!(served == drawn, "{style}: {:.4} of the pixels differ", served.unlike(&drawn));
        // Known bytes are not sent again.
        let tag = reply.header("etag").expect("an ETag").to_owned();
        let again = city.server.send("GET", &path, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.raw.len()), (304, 0));
    }
    // The administrator's picture is another question, even where it shows the same.
    let path = format!("/scene/city.png?view={view}&size=64x64");
    assert_eq!(Picture::of(&city.get_as_administrator(&path).expect(200).raw).size, [64, 64]);
    city.server.send("GET", &path, &[("Authorization", "Bearer wrong")]).problem(401);
}

#[test]
fn wrong_questions_name_the_parameter() {
    let city = City::serve();
    let view = view(&city);
    for (query, field) in [
        (String::new(), "view"),
        ("?view=120".to_owned(), "view"),
        (format!("?view={view}&size=1x1"), "size"),
        (format!("?view={view}&size=9000x100"), "size"),
        (format!("?view={view}&ratio=many"), "ratio"),
        (format!("?view={view}&ratio=100"), "ratio"),
        (format!("?view={view}&datetime=yesterday"), "datetime"),
        (format!("?view={view}&recorded_at=2026-13-01"), "recorded_at"),
    ] {
        let path = format!("/scene/city.png{query}");
        let problem = city.get(&path).problem(400);
        assert_eq!(problem["errors"][0]["field"], field, "{query}: {problem}");
        let english = city.server.send("GET", &path, &[("Accept-Language", "en")]).problem(400);
        assert!(english["detail"].as_str().is_some_and(is_english), "{english}");
    }
    city.get(&format!("/scene/no_such_sheet.png?view={view}")).problem(404);
    city.get(&format!("/scene/{}.png?view={view}", encode("../city"))).problem(404);
    let api = city.get("/openapi.json").expect(200).json();
    let parameters = api["paths"]["/scene/{style}.png"]["get"]["parameters"].as_array().cloned().unwrap_or_default();
    assert!(parameters.iter().any(|p| p["name"] == "view"), "{parameters:?}");
}

#[test]
fn too_many_at_once_are_told_to_come_again() {
    let city = City::serve();
    let view = view(&city);
    let asked = 24;
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let ask = |n: u32| {
            let path = format!("/scene/city.png?view={view}&size=1024x{}", 768 + n);
            let server = &city.server;
            scope.spawn(move || server.get(&path))
        };
        let all: Vec<_> = (0..asked).map(ask).collect();
        // Meanwhile others are served.
        city.get("/livez").expect(200);
        city.get("/catalog").expect(200);
        all.into_iter().map(|thread| thread.join().expect("a reply")).collect()
    });
    let drawn = replies.iter().filter(|r| r.status == 200).count();
    assert!(drawn >= 2, "those that were first are drawn: {drawn}");
    let refused: Vec<_> = replies.into_iter().filter(|r| r.status != 200).collect();
    assert!(!refused.is_empty(), "{asked} at once were all drawn: nothing held them back");
    for reply in refused {
        let retry = reply.header("retry-after").and_then(|s| s.parse::<u32>().ok());
        assert!(retry.is_some_and(|s| s > 0), "a reply without Retry-After");
        reply.problem(503);
    }
    city.get(&format!("/scene/city.png?view={view}&size=64x64")).expect(200);
}

/// Processes that a process has started, by their ids.
fn children(of: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").expect("the processes").flatten();
    all.filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        // The name stands in brackets and may hold anything; the parent is the second word behind it.
        let text = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let parent: u32 = text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        (parent == of).then_some(id)
    })
    .collect()
}

#[test]
fn the_server_lives_on_when_a_child_dies() {
    let city = City::serve();
    let view = view(&city);
    // A picture may be done before its child is found: another is asked for then.
    let died = (0..10).find_map(|n| {
        let path = format!("/scene/city.png?view={view}&size=3000x{}", 2000 + n);
        std::thread::scope(|scope| {
            let server = &city.server;
            let asked = scope.spawn(move || server.get(&path));
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_secs(20) && !asked.is_finished() {
                if let Some(child) = children(server.id()).first() {
                    let killed = Command::new("kill").args(["-9", &child.to_string()]).stderr(Stdio::null()).status();
                    if killed.is_ok_and(|s| s.success()) {
                        break;
                    }
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            let reply = asked.join().expect("a reply");
            (reply.status != 200).then_some(reply)
        })
    });
    let reply = died.expect("a child was ended before it was done");
    assert!(reply.header("retry-after").is_some());
    reply.problem(503);
    city.get("/livez").expect(200);
    city.get(&format!("/scene/city.png?view={view}&size=64x64")).expect(200);
    assert!(children(city.server.id()).is_empty(), "no child outlives its picture");
}

#[test]
fn a_child_without_a_server_and_a_window_without_a_display_end_in_good_order() {
    let city = City::serve();
    let mut child = Command::new(program::binary());
    child.args(["scene", "draw"]);
    let alone = program::outcome(child);
    assert!(!alone.stderr.contains("panicked at"), "{}", alone.stderr);
    let mut window = Command::new(program::binary());
    window.args(["scene", "window", "--store", &city.store().to_string_lossy()]);
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        window.env_remove(display);
    }
    let said = program::outcome(window).refused(&["scene render"]);
    assert!(!is_english(&said), "{said}");
}

#[test]
fn drawing_is_measured() {
    let told = menpai(&["bench", "scene", "--size", "320x180", "--most", "1000", "--json"]).ok().last_json();
    let rows = told["rows"].as_array().expect("rows").clone();
    assert_eq!(rows.len(), 2, "a thousand houses, and a thousand with names: {told}");
    for row in rows {
        assert!(row["frame_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{row}");
        assert!(row["triangles"].as_u64().is_some_and(|n| n >= 10_000), "a box has at least ten triangles: {row}");
    }
    assert!(told["tile_houses"].as_u64().is_some_and(|n| n > 1000), "{told}");
}
