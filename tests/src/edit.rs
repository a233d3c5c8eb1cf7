//! A small city that a test writes itself, through the API, and asks in every way there is.

use serde_json::{Value, json};

use crate::gdal;
use crate::grid::Coordinate;
use crate::http::{self, Reply};
use crate::json::{id, list};
use crate::program::Server;

/// A served store that begins empty.
pub struct Town {
    /// The running server.
    pub server: Server,
    folder: tempfile::TempDir,
    token: String,
}

/// Both clocks of a question: a day or moment, and what was known by then (`now` where it says nothing).
#[derive(Clone, Copy, Debug)]
pub struct AsOf<'a> {
    /// The valid time.
    pub valid: &'a str,
    /// The recorded time.
    pub recorded: &'a str,
}

/// As known now.
pub const fn on(valid: &str) -> AsOf<'_> {
    AsOf { valid, recorded: "now" }
}

impl<'a> AsOf<'a> {
    /// As known then.
    #[must_use]
    pub const fn known(self, recorded: &'a str) -> Self {
        Self { recorded, ..self }
    }

    fn query(self) -> String {
        format!("datetime={}&recorded_at={}", self.valid, self.recorded)
    }
}

/// What became of a commit.
#[derive(Debug)]
pub struct Receipt {
    /// The log's clock there.
    pub at: String,
    /// Its position.
    pub position: String,
    /// The ids of the things put.
    pub ids: Vec<u64>,
}

impl Town {
    /// Serves an empty store.
    ///
    /// # Panics
    /// When it does not start.
    #[track_caller]
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        let server = Server::serve(&folder.path().join("store"));
        let token = server.token();
        Self { server, folder, token }
    }

    /// A request of the administrator with a JSON body.
    #[track_caller]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        all.extend_from_slice(headers);
        http::send(method, &format!("{}{path}", self.server.base), &all, body.to_string().as_bytes())
    }

    /// `GET path` as the administrator.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.server.send("GET", path, &[("Authorization", &format!("Bearer {}", self.token))])
    }

    /// Commits, whatever comes of it.
    #[track_caller]
    pub fn try_commit(&self, changes: &Value) -> Reply {
        self.send("POST", "/api/v1/commits", &[], &json!({ "reason": "测试 / a test", "changes": changes }))
    }

    /// Commits; must succeed.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn commit(&self, changes: &Value) -> Receipt {
        let told = self.try_commit(changes).expect(201).json();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let ids = list(&told["ids"]).iter().filter_map(Value::as_u64).collect();
        Receipt { at: text("at"), position: text("position"), ids }
    }

    /// The thing as the features route, its tile and its card have it, which must agree; `None` where all say that it is not there.
    ///
    /// # Panics
    /// When they do not agree.
    #[track_caller]
    pub fn seen(&self, layer: &str, thing: u64, near: [f64; 2], field: &str, as_of: AsOf<'_>) -> Option<String> {
        let query = as_of.query();
        let what = format!("{layer} {thing} as of {as_of:?}");
        let listed = self.get(&format!("/api/v1/layers/{layer}/features?limit=1000&{query}")).expect(200).json();
        let listed = list(&listed["features"]).iter().find(|f| id(f) == thing).map(|f| text(&f["properties"][field]));

        let tile = Coordinate::at(18, near[0], near[1]);
        let reply = self.get(&format!("/tiles/{layer}/{}?{query}", tile.path()));
        let decoded = match reply.status {
            // A tile without anything in it has no body.
            204 => Vec::new(),
            _ => gdal::tile(&reply.expect(200).body(), tile.z, tile.x, tile.y, self.folder.path()),
        };
        let drawn = decoded.iter().flat_map(|(_, all)| all).find(|f| f["properties"]["mvt_id"] == json!(thing));
        let drawn = drawn.map(|f| text(&f["properties"][field]));
        assert_eq!(drawn, listed, "{what}: its tile and the list of features differ");

        let card = self.get(&format!("/api/v1/places/{thing}?{query}"));
        let carded = (card.status == 200).then(|| text(&card.json()["properties"][field]));
        assert_eq!(carded, listed, "{what}: its card (HTTP {}) and the list of features differ", card.status);
        listed
    }

    /// The area of `layer` in which a door lies, as its card, the lists within areas and the counts of areas have it, which must agree.
    ///
    /// # Panics
    /// When they do not agree.
    #[track_caller]
    pub fn area(&self, layer: &str, areas: &[u64], door: u64, as_of: AsOf<'_>) -> Option<u64> {
        let query = as_of.query();
        let card = self.get(&format!("/api/v1/places/{door}?{query}")).expect(200).json();
        let own: Vec<u64> = list(&card["lies_in"]).iter().filter(|p| p["layer"] == layer).map(id).collect();
        assert!(own.len() <= 1, "{door} lies in several of {layer}: {own:?}");
        for area in areas {
            if self.get(&format!("/api/v1/places/{area}?{query}")).status != 200 {
                assert!(!own.contains(area), "{door} lies in {area}, which is not there as of {as_of:?}");
                continue;
            }
            let within =
                self.get(&format!("/api/v1/layers/doorplate/features?within={area}&{query}")).expect(200).json();
            let is_listed = list(&within["features"]).iter().any(|f| id(f) == door);
            assert_eq!(is_listed, own.contains(area), "the list within {area} as of {as_of:?}");
            let summary = self.get(&format!("/api/v1/regions/{area}/summary?{query}")).expect(200).json();
            let counted = list(&summary["layers"])
                .iter()
                .find(|l| l["layer"] == "doorplate")
                .map_or(0, |l| l["count"].as_u64().unwrap_or_default());
            assert_eq!(counted, list(&within["features"]).len() as u64, "the count of {area} as of {as_of:?}");
        }
        own.first().copied()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A square of `side` degrees from its south-west corner.
pub fn square(west: f64, south: f64, side: f64) -> Value {
    rectangle([west, south, west + side, south + side])
}

/// A rectangle: west, south, east, north.
pub fn rectangle([w, s, e, n]: [f64; 4]) -> Value {
    json!({ "type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]] })
}

/// A point.
pub fn point([lon, lat]: [f64; 2]) -> Value {
    json!({ "type": "Point", "coordinates": [lon, lat] })
}
