//! The house keeps its rules: arrows between crates, pure rooms, one clock, small files, clean texts, explained words.
//!
//! The rules are pure functions in `tests/src/rules`, tested there with cases that break them; here they meet the repository.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand};
use menpai_tests::repository;
use menpai_tests::rules::{edges, sources, texts};

#[track_caller]
fn assert_none(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breach(es) of the house rules:\n  {}\n", breaches.len(), breaches.join("\n  "));
}

/// The crates of the workspace as `cargo metadata` sees them, on this machine's platform.
fn crates() -> Vec<edges::Crate> {
    let rustc = std::process::Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let host = String::from_utf8_lossy(&rustc.stdout)
        .lines()
        .find_map(|l| l.strip_prefix("host: ").map(str::to_owned))
        .expect("rustc names its host");
    let metadata = MetadataCommand::new()
        .manifest_path(repository::root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(vec!["--filter-platform".into(), host])
        .exec()
        .expect("cargo metadata reads the workspace");
    let resolve = metadata.resolve.as_ref().expect("cargo metadata resolves");
    let name_of: BTreeMap<_, _> = metadata.packages.iter().map(|p| (&p.id, p.name.to_string())).collect();
    let built_in: BTreeMap<_, Vec<_>> = resolve
        .nodes
        .iter()
        .map(|node| {
            let near = node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal));
            (&node.id, near.map(|d| &d.pkg).collect())
        })
        .collect();
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| {
            let of_kind = |wanted: &[DependencyKind]| -> BTreeSet<String> {
                let all = package.dependencies.iter();
                all.filter(|d| wanted.contains(&d.kind)).map(|d| d.name.clone()).collect()
            };
            let mut holds = BTreeSet::new();
            let mut open = vec![&package.id];
            while let Some(id) = open.pop() {
                for next in built_in.get(id).into_iter().flatten() {
                    if holds.insert(name_of[next].clone()) {
                        open.push(next);
                    }
                }
            }
            edges::Crate {
                name: package.name.to_string(),
                uses: of_kind(&[DependencyKind::Normal, DependencyKind::Build]),
                tests_use: of_kind(&[DependencyKind::Development]),
                holds,
            }
        })
        .collect()
}

#[test]
fn crates_use_only_what_the_design_draws() {
    let crates = crates();
    assert!(crates.len() >= 12, "the workspace has {} crates; were they all read?", crates.len());
    assert_none(&edges::breaches(&crates));
    assert_none(&edges::idle_exceptions(&crates));
}

#[test]
fn sources_are_small_and_finished() {
    let files = repository::texts();
    let mut found = sources::too_full(files.keys().map(String::as_str));
    for (path, text) in files.iter().filter(|(path, _)| sources::is_source(path)) {
        found.extend(sources::too_long(path, text));
        found.extend(sources::no_story(path, text));
        found.extend(sources::clocks(path, text));
        found.extend(sources::silent_lints(path, text));
        found.extend(sources::stubs(path, text));
    }
    assert_none(&found);
}

#[test]
fn texts_hold_nothing_of_one_machine_and_links_lead_somewhere() {
    let files = repository::texts();
    let there = |path: &str| repository::root().join(path).exists();
    let mut found = Vec::new();
    for (path, text) in &files {
        found.extend(texts::traces(path, text));
        if path.ends_with("Cargo.lock") {
            found.extend(texts::foreign_sources(path, text));
        }
        if sources::extension(path) == "md" {
            found.extend(texts::dead_links(path, text, there));
        }
    }
    assert_none(&found);
}

#[test]
fn every_member_inherits_the_lints() {
    let files = repository::texts();
    let manifests: Vec<_> = files.iter().filter(|(p, _)| p.ends_with("/Cargo.toml")).collect();
    assert!(manifests.len() >= 12, "only {} manifests were read", manifests.len());
    assert_none(&manifests.iter().filter_map(|(path, text)| texts::own_lints(path, text)).collect::<Vec<_>>());
}

#[test]
fn the_glossary_explains_every_layer() {
    let files = repository::texts();
    let mut ids = BTreeSet::new();
    for (path, text) in
        files.iter().filter(|(p, _)| p.starts_with("gis-data/layers/") && sources::extension(p) == "toml")
    {
        ids.extend(texts::layer_ids(text).unwrap_or_else(|e| panic!("{path} is no layer file: {e}")));
    }
    assert!(ids.contains("doorplate"), "no layer file declares doorplate");
    let glossary = files.get("GLOSSARY.md").expect("GLOSSARY.md exists");
    assert_none(&texts::unexplained(ids.iter().map(String::as_str), glossary));
}
