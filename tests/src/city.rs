//! A small demo city to test against: generated once, copied for each test that wants one of its own.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::json;
use crate::program::{self, Server, menpai};
use crate::repository;

/// Doorplates of the test city: the smallest size that the generator promises to fill with every layer.
pub const DOORPLATES: u32 = 2000;
/// Its seed.
pub const SEED: u32 = 7;

/// A served demo city with its own copy of the store.
pub struct City {
    /// The running server.
    pub server: Server,
    /// The folder that holds the store; removed when this is dropped.
    pub folder: tempfile::TempDir,
    token: String,
}

impl City {
    /// Serves a fresh copy of the test city.
    ///
    /// # Panics
    /// When the city cannot be generated, copied or served.
    #[track_caller]
    pub fn serve() -> Self {
        let master = generated();
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
        copy(&master, folder.path());
        let server = Server::serve(&folder.path().join("store"));
        let token = server.token();
        Self { server, folder, token }
    }

    /// The store's folder.
    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// The administrator's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// `GET path` as anonymous.
    #[track_caller]
    pub fn get(&self, path: &str) -> crate::http::Reply {
        self.server.get(path)
    }

    /// Every feature of a layer, over all pages from `path` on, in the order in which they come.
    ///
    /// # Panics
    /// When a page is not a collection of features, or the pages never end.
    #[track_caller]
    pub fn pages(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).expect(200).json();
            let features = json::list(&page["features"]);
            assert_eq!(page["type"], "FeatureCollection");
            assert_eq!(page["numberReturned"].as_u64(), Some(features.len() as u64));
            all.extend(features.iter().cloned());
            assert!(all.len() < 1_000_000, "the pages never end");
            next = page["next"].as_str().map(|url| url.trim_start_matches(&self.server.base).to_owned());
        }
        all
    }

    /// `GET path` as the administrator.
    #[track_caller]
    pub fn get_as_administrator(&self, path: &str) -> crate::http::Reply {
        self.server.send("GET", path, &[("Authorization", &format!("Bearer {}", self.token))])
    }
}

/// The generated city, made anew whenever the program has changed.
fn generated() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let binary = program::binary();
    let about = std::fs::metadata(binary).unwrap_or_else(|e| panic!("{}: {e}", binary.display()));
    let changed = about.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let cities = repository::target().join("test-cities");
    let master = cities.join(format!("{DOORPLATES}-{SEED}-{}-{}", about.len(), changed.as_micros()));
    if master.join("said.txt").is_file() {
        return master;
    }
    // Cities of earlier builds of the program are of no more use.
    let _ = std::fs::remove_dir_all(&cities);
    let store = master.join("store");
    std::fs::create_dir_all(&master).unwrap_or_else(|e| panic!("{}: {e}", master.display()));
    let [count, seed] = [DOORPLATES.to_string(), SEED.to_string()];
    let made =
        menpai(&["demo", "--doorplates", &count, "--seed", &seed, "--store", &store.to_string_lossy(), "--build-only"])
            .ok();
    std::fs::write(master.join("said.txt"), format!("{}\n{}", made.stdout, made.stderr))
        .unwrap_or_else(|e| panic!("{}: {e}", master.display()));
    master
}

/// Copies a folder with all below it.
///
/// # Panics
/// When it cannot be copied.
pub fn copy(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status();
    assert!(copied.is_ok_and(|s| s.success()), "{} could not be copied to {}", from.display(), to.display());
}
