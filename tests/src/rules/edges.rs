//! Which crate may use which, and which rooms must stay pure.

use std::collections::{BTreeMap, BTreeSet};

/// The arrows of the design: a crate and the crates of the workspace it may use. Nothing else may.
///
/// A crate that is not listed here has no room yet: name its question in ARCHITECTURE.md first, then add its line.
const MAY_USE: &[(&str, &[&str])] = &[
    (
        "server",
        &[
            "server-ogc",
            "renderer",
            "tiler",
            "styles",
            "cim-model",
            "cim-model-demo",
            "gis-data-sqlite",
            "gis-data-postgis",
            "gis-data-formats",
            "gis-data-crs",
            "gis-data-network",
            "gis-data",
        ],
    ),
    ("server-ogc", &["styles", "tiler", "gis-data-formats", "gis-data"]),
    ("renderer-web", &["renderer"]),
    // Runs when the pages are built and knows nothing of the scene.
    ("renderer-web-bind", &[]),
    ("renderer", &["styles", "tiler", "gis-data"]),
    ("tiler", &["cim-model", "gis-data"]),
    ("cim-model-demo", &["cim-model", "gis-data"]),
    ("styles", &["gis-data"]),
    ("cim-model", &["gis-data"]),
    ("gis-data-sqlite", &["gis-data"]),
    ("gis-data-postgis", &["gis-data"]),
    ("gis-data-formats", &["gis-data"]),
    ("gis-data-crs", &["gis-data"]),
    ("gis-data-network", &["gis-data"]),
    ("gis-data-conformance", &["gis-data"]),
    ("gis-data-gdal", &["gis-data-formats", "gis-data"]),
    ("gis-data", &[]),
    // The end-to-end tests know the program by its edges alone.
    ("menpai-tests", &[]),
];

/// Crates that bring a runtime, a socket or a database with them.
const EFFECTS: &[&str] = &[
    "actix-rt",
    "actix-server",
    "actix-web",
    "async-std",
    "axum",
    "diesel",
    "duckdb",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "postgres",
    "redis",
    "reqwest",
    "rumqttc",
    "rusqlite",
    "smol",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tokio",
    "tokio-postgres",
    "ureq",
];

/// Rooms that are allowed effects: the server, the stores, the GDAL child, the tests of the whole.
const EFFECTFUL: &[&str] = &["server", "gis-data-sqlite", "gis-data-postgis", "gis-data-gdal", "menpai-tests"];

/// Effect crates that a pure room may hold all the same, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "gis-data-formats",
        "rusqlite",
        "a GeoPackage file is an SQLite file; it is read and written as a file, never as a store",
    ),
    ("gis-data-formats", "libsqlite3-sys", "comes with rusqlite"),
    ("gis-data-crs", "libsqlite3-sys", "PROJ keeps its table of reference systems in an SQLite file"),
];

/// Libraries that only one crate may name.
const ONLY_IN: &[(&str, &str)] =
    &[("gdal", "gis-data-gdal"), ("gdal-sys", "gis-data-gdal"), ("proj", "gis-data-crs"), ("proj-sys", "gis-data-crs")];

/// Test support that every crate may name among its dev-dependencies.
const TEST_SUPPORT: &[&str] = &["gis-data-conformance"];

/// One crate of the workspace, as its manifest describes it.
#[derive(Clone, Debug, Default)]
pub struct Crate {
    /// The package's name.
    pub name: String,
    /// Direct dependencies that are built into it (and those of its build script).
    pub uses: BTreeSet<String>,
    /// Direct dev-dependencies.
    pub tests_use: BTreeSet<String>,
    /// Everything that is built into it, near and far.
    pub holds: BTreeSet<String>,
}

fn allowed(name: &str) -> Option<BTreeSet<&'static str>> {
    MAY_USE.iter().find(|(from, _)| *from == name).map(|(_, to)| to.iter().copied().collect())
}

/// What `name` may use, and what those may use, and so on.
fn reachable(name: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = vec![name];
    while let Some(next) = open.pop() {
        for to in allowed(next).unwrap_or_default() {
            if found.insert(to) {
                open.push(to);
            }
        }
    }
    found
}

/// Every breach of the rules of the rooms, one sentence each.
///
/// - A dependency on a crate of the workspace must be an arrow of the design.
/// - A dev-dependency may also skip along several arrows, or name the conformance suite.
/// - A pure room holds no runtime, socket or database, near or far. Its tests may use a runtime: they are not shipped.
/// - GDAL and PROJ are each named by one crate; only the GDAL child holds GDAL at all.
pub fn breaches(crates: &[Crate]) -> Vec<String> {
    let members: BTreeSet<&str> = crates.iter().map(|c| c.name.as_str()).collect();
    let mut found = Vec::new();
    for c in crates {
        let Some(may) = allowed(&c.name) else {
            found.push(format!("crate {} has no line in the table of arrows (tests/src/rules/edges.rs)", c.name));
            continue;
        };
        for to in c.uses.iter().filter(|to| members.contains(to.as_str())) {
            if !may.contains(to.as_str()) {
                found.push(format!("{} uses {to}: the design has no such arrow", c.name));
            }
        }
        let far = reachable(&c.name);
        for to in c.tests_use.iter().filter(|to| members.contains(to.as_str())) {
            if !far.contains(to.as_str()) && !TEST_SUPPORT.contains(&to.as_str()) {
                found.push(format!("the tests of {} use {to}: no path of arrows leads there", c.name));
            }
        }
        if !EFFECTFUL.contains(&c.name.as_str()) {
            for to in c.uses.union(&c.holds).filter(|to| EFFECTS.contains(&to.as_str())) {
                if !EXCEPTIONS.iter().any(|(from, what, _)| *from == c.name && what == to) {
                    found.push(format!("{} is a pure room, but holds {to} (a runtime, socket or database)", c.name));
                }
            }
        }
        for (library, home) in ONLY_IN {
            if c.name != *home && (c.uses.contains(*library) || c.tests_use.contains(*library)) {
                found.push(format!("{} names {library}: only {home} may", c.name));
            }
            if library.starts_with("gdal") && c.name != *home && c.holds.contains(*library) {
                found.push(format!("{} holds {library} by way of another crate: only {home} may", c.name));
            }
        }
    }
    found
}

/// Crates of the table of exceptions that no longer need theirs: a rule nobody uses must go.
pub fn idle_exceptions(crates: &[Crate]) -> Vec<String> {
    let by_name: BTreeMap<&str, &Crate> = crates.iter().map(|c| (c.name.as_str(), c)).collect();
    EXCEPTIONS
        .iter()
        .filter(|(from, what, _)| !by_name.get(from).is_some_and(|c| c.uses.contains(*what) || c.holds.contains(*what)))
        .map(|(from, what, _)| format!("{from} no longer holds {what}: strike its exception"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&n| n.to_owned()).collect()
    }

    fn krate(name: &str, uses: &[&str]) -> Crate {
        Crate { name: name.into(), uses: set(uses), holds: set(uses), ..Crate::default() }
    }

    fn workspace(one: Crate) -> Vec<Crate> {
        let mut all: Vec<_> = MAY_USE.iter().map(|(name, _)| krate(name, &[])).filter(|c| c.name != one.name).collect();
        all.push(one);
        all
    }

    #[test]
    fn the_arrows_of_the_design_pass() {
        let all: Vec<_> = MAY_USE.iter().map(|(name, to)| krate(name, to)).collect();
        assert_eq!(breaches(&all), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        assert_eq!(breaches(&workspace(krate("tiler", &["styles"]))).len(), 1);
        assert_eq!(breaches(&workspace(krate("gis-data", &["gis-data-sqlite"]))).len(), 1);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert!(breaches(&[krate("common", &[])])[0].contains("no line"));
    }

    #[test]
    fn a_runtime_in_a_pure_room_is_found_near_and_far() {
        assert_eq!(breaches(&workspace(krate("tiler", &["tokio"]))).len(), 1);
        let far = Crate { holds: set(&["socket2"]), ..krate("styles", &["innocent"]) };
        assert_eq!(breaches(&workspace(far)).len(), 1);
        assert!(breaches(&workspace(krate("server", &["tokio"]))).is_empty());
        assert!(breaches(&workspace(krate("gis-data-formats", &["rusqlite"]))).is_empty());
        assert_eq!(breaches(&workspace(krate("gis-data-formats", &["sqlx"]))).len(), 1);
    }

    #[test]
    fn gdal_and_proj_keep_to_their_rooms() {
        assert_eq!(breaches(&workspace(krate("gis-data-formats", &["gdal"]))).len(), 2);
        let far = Crate { holds: set(&["gdal-sys"]), ..krate("server", &["geozero"]) };
        assert_eq!(breaches(&workspace(far)).len(), 1);
        assert_eq!(breaches(&workspace(krate("tiler", &["proj"]))).len(), 1);
        let through_crs =
            Crate { holds: set(&["gis-data-crs", "proj", "proj-sys"]), ..krate("server", &["gis-data-crs"]) };
        assert!(breaches(&workspace(through_crs)).is_empty());
    }

    #[test]
    fn tests_may_follow_several_arrows_and_use_the_conformance_suite() {
        let fine = Crate { tests_use: set(&["gis-data-conformance", "cim-model", "tokio"]), ..krate("tiler", &[]) };
        assert!(breaches(&workspace(fine)).is_empty());
        let wrong = Crate { tests_use: set(&["server"]), ..krate("tiler", &[]) };
        assert_eq!(breaches(&workspace(wrong)).len(), 1);
    }

    #[test]
    fn an_exception_that_nobody_needs_is_found() {
        assert_eq!(idle_exceptions(&[]).len(), EXCEPTIONS.len());
        assert_eq!(idle_exceptions(&[krate("gis-data-crs", &["libsqlite3-sys"])]).len(), EXCEPTIONS.len() - 1);
    }
}
