//! What the server says about itself: catalogue, styles, glyphs, health, metrics, documentation, sign-in.

use std::io::{Read as _, Write as _};

use menpai_tests::city::City;
use menpai_tests::http::{self, encode};
use menpai_tests::json::{list, with_id};
use serde_json::Value;

#[test]
fn the_catalogue_describes_every_layer_it_shows() {
    let city = City::serve();
    let catalog = city.get("/catalog").expect(200).json();
    let layers = list(&catalog["layers"]);
    assert!(layers.len() >= 10, "{catalog}");
    for layer in layers {
        for language in ["zh", "en"] {
            assert!(layer["title"][language].as_str().is_some_and(|t| !t.is_empty()), "{layer}");
        }
        // What has no shape is not counted by the index.
        assert!(layer["count"].is_u64() || layer["geometry"] == "none", "{layer}");
        for field in list(&layer["fields"]) {
            assert!(field["name"].is_string() && field["kind"].is_string(), "{field}");
            assert!(field["title"]["zh"].is_string(), "{field}");
        }
    }
    for id in ["doorplate", "building", "road", "grid", "community", "facility"] {
        assert!(with_id(&catalog["layers"], id)["count"].as_u64() > Some(0), "the demo city has no {id}");
    }
    assert!(catalog["position"].is_string() && catalog["now"].is_string() && catalog["name"]["zh"].is_string());
    let all = city.get_as_administrator("/catalog").expect(200).json();
    assert!(list(&all["layers"]).len() > layers.len(), "the administrator sees more");
}

#[test]
fn styles_name_only_what_this_server_has() {
    let city = City::serve();
    for style in ["city", "night"] {
        let sheet = city.get(&format!("/styles/{style}.json")).expect(200).json();
        assert_eq!(sheet["version"], 8);
        let here = |url: &str| {
            let path = url.strip_prefix(&city.server.base);
            path.unwrap_or_else(|| panic!("{style} names {url}, which is not of this server")).to_owned()
        };
        let sources = sheet["sources"].as_object().expect("sources");
        assert!(!sources.is_empty());
        for source in sources.values() {
            if let Some(url) = source["url"].as_str() {
                city.get(&here(url)).expect(200).json();
            }
            for template in source["tiles"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                here(template);
            }
        }
        let sprite = here(sheet["sprite"].as_str().expect("a sprite"));
        for scale in ["", "@2x"] {
            let icons = city.get(&format!("{sprite}{scale}.json")).expect(200).json();
            assert!(icons.as_object().is_some_and(|i| !i.is_empty()));
            let picture = city.get(&format!("{sprite}{scale}.png")).expect(200);
            assert!(picture.raw.starts_with(b"\x89PNG"));
        }
        assert!(here(sheet["glyphs"].as_str().expect("glyphs")).contains("{range}"));
    }
    city.get("/styles/no_such_style.json").problem(404);
}

#[test]
fn glyphs_come_by_range_and_by_character() {
    let city = City::serve();
    let sheet = city.get("/styles/city.json").expect(200).json();
    let stack = list(&sheet["layers"])
        .iter()
        .find_map(|l| l["layout"]["text-font"].as_array())
        .and_then(|fonts| fonts.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
        .expect("a layer with a font")
        .join(",");
    let stack = encode(&stack);
    // 墨 is U+58A8, in the range 22528-22783.
    let range = city.get(&format!("/fonts/{stack}/22528-22783.pbf")).expect(200);
    assert!(range.body().len() > 20_000, "256 Chinese glyphs are {} bytes", range.body().len());
    let few = city.get(&format!("/fonts/{stack}/glyphs.pbf?c={}", encode("墨池坊"))).expect(200);
    assert!(few.body().len() > 300 && few.body().len() < range.body().len() / 10, "{}", few.body().len());
    city.get(&format!("/fonts/{stack}/0-300.pbf")).problem(400);
    city.get(&format!("/fonts/{stack}/a-b.pbf")).problem(400);
    city.get("/fonts/No%20Such%20Font/0-255.pbf").problem(404);
}

#[test]
fn health_and_metrics_are_there_for_the_operator() {
    let city = City::serve();
    assert_eq!(city.get("/livez").status, 200);
    assert_eq!(city.get("/readyz").status, 200);
    assert_eq!(city.get("/health").expect(200).json()["status"], "ok");
    city.get("/tiles/doorplate/16/1/1");
    let metrics = city.get("/metrics").expect(200).text();
    let samples: Vec<&str> = metrics.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect();
    assert!(samples.len() >= 5, "{metrics}");
    for line in samples {
        let value = line.rsplit(' ').next().unwrap_or_default();
        assert!(value.parse::<f64>().is_ok(), "not a sample: {line}");
    }
}

#[test]
fn openapi_describes_the_routes_that_exist() {
    let city = City::serve();
    let api = city.get("/openapi.json").expect(200).json();
    assert!(api["openapi"].as_str().is_some_and(|v| v.starts_with("3.1")), "{}", api["openapi"]);
    let paths = api["paths"].as_object().expect("paths");
    for wanted in [
        "/api/v1/places/{id}",
        "/api/v1/layers/{layer}/features",
        "/api/v1/layers/{layer}/features/{id}",
        "/api/v1/search",
        "/api/v1/nearest",
        "/api/v1/changes",
        "/api/v1/session",
        "/catalog",
        "/health",
        "/tiles/{layers}",
        "/tiles/{layers}/{z}/{x}/{y}",
    ] {
        assert!(paths.contains_key(wanted), "{wanted} is not described: {:?}", paths.keys());
    }
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            assert!(operation["responses"].as_object().is_some_and(|r| !r.is_empty()), "{method} {path}");
        }
    }
    // Every reference inside leads somewhere.
    let text = api.to_string();
    for pointer in text.split("\"$ref\":\"#").skip(1).filter_map(|r| r.split('"').next()) {
        assert!(api.pointer(pointer).is_some(), "#{pointer} leads nowhere");
    }
    assert!(city.get("/docs").expect(200).text().contains("<html"));
}

#[test]
fn the_portal_is_served_whole_from_here() {
    let city = City::serve();
    let page = city.get("/").expect(200);
    assert!(page.header("content-type").is_some_and(|t| t.starts_with("text/html")));
    let text = page.text();
    assert!(text.contains("lang=\"zh-CN\""));
    let assets: Vec<&str> = text
        .split(['"', '\''])
        .filter(|word| word.contains("assets/") && (word.contains(".js") || word.contains(".css")))
        .collect();
    assert!(!assets.is_empty(), "{text}");
    for asset in assets {
        let reply = city.get(&format!("/{}", asset.trim_start_matches(['.', '/']))).expect(200);
        assert!(reply.header("cache-control").is_some_and(|c| c.contains("immutable")), "{asset} may be kept for ever");
    }
    for outside in ["src=\"http", "href=\"http", "//cdn", "url(http"] {
        assert!(!text.contains(outside), "the page takes something from outside: {outside}");
    }
    city.get("/no/such/page").problem(404);
}

#[test]
fn the_administrator_signs_in_and_out() {
    let city = City::serve();
    let session = format!("{}/api/v1/session", city.server.base);
    assert_eq!(city.get("/api/v1/session").expect(200).json()["viewer"], "anonymous");
    let json = [("Content-Type", "application/json")];
    let body = format!("{{\"token\": \"{}\"}}", city.token());
    let entered = http::send("POST", &session, &json, body.as_bytes()).expect(204);
    let cookie = entered.header("set-cookie").expect("a cookie").to_owned();
    for mark in ["menpai_token=", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(mark), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap_or_default();
    let me = http::send("GET", &session, &[("Cookie", pair)], b"").expect(200).json();
    assert_eq!(me["viewer"], "administrator");
    let left = http::send("DELETE", &session, &[("Cookie", pair)], b"").expect(204);
    assert!(left.header("set-cookie").is_some_and(|c| c.contains("menpai_token=;") || c.contains("Max-Age=0")));
    http::send("POST", &session, &json, b"{\"token\": \"guess\"}").problem(401);
    http::send("POST", &session, &json, b"{").problem(400);
}

#[test]
fn the_server_keeps_serving_whatever_it_is_sent() {
    let city = City::serve();
    let address = city.server.base.trim_start_matches("http://").to_owned();
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000));
    let deep = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{}",
        "[".repeat(200_000)
    );
    for bytes in [b"\x16\x03\x01\x02\x00".to_vec(), b"GET\r\n\r\n".to_vec(), long.into_bytes(), deep.into_bytes()] {
        let mut socket = std::net::TcpStream::connect(&address).expect("the server listens");
        socket.set_read_timeout(Some(std::time::Duration::from_secs(5))).expect("a time-out");
        // The server may hang up in the middle; that is its right.
        let _ = socket.write_all(&bytes);
        let _ = socket.read(&mut [0; 512]);
    }
    for path in
        ["/api/v1/places/%00", "/tiles/%2e%2e%2f/1/1/1", "/assets/../../etc/passwd", "/assets/%2e%2e/Cargo.toml"]
    {
        let status = city.get(path).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    assert_eq!(city.get("/health").expect(200).json()["status"], "ok");
    assert_eq!(city.server.said().matches("panicked").count(), 0);
}

#[test]
fn the_server_stops_when_asked_and_starts_again_where_it_was() {
    let City { server, folder, .. } = City::serve();
    let before = server.get("/catalog").json()["position"].clone();
    assert_eq!(server.stop(), Some(0));
    let again = menpai_tests::program::Server::serve(&folder.path().join("store"));
    assert_eq!(again.get("/catalog").json()["position"], before);
}
