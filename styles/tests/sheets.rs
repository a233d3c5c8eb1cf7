//! The validator's cases of the MapLibre style specification, and three real styles, read by this crate.
//!
//! A case agrees when it is accepted or refused as expected. Warnings do not refuse.
#![expect(clippy::print_stdout, reason = "the count of agreeing cases is what this test reports")]

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use styles::Style;

fn data() -> Option<PathBuf> {
    let root = std::env::var_os("MENPAI_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = root.join("maplibre-style-spec-tests");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing; set MENPAI_DATA", folder.display());
    println!("skipped: {} is missing; set MENPAI_DATA", folder.display());
    None
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable file")
}

#[test]
fn refuses_and_accepts_what_the_validator_does() {
    let Some(folder) = data() else { return };
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(folder.join("style-spec"))
        .expect("a readable folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".input.json"))
        .collect();
    inputs.sort();
    let (mut wrong, mut places, mut all_places) = (Vec::new(), 0, 0);
    for input in &inputs {
        let name = input.file_name().expect("a name").to_string_lossy().replace(".input.json", "");
        let output: Json =
            serde_json::from_str(&read(&input.with_file_name(format!("{name}.output.json")))).expect("JSON");
        let expected: Vec<&str> = output
            .as_array()
            .map(|list| {
                list.iter().filter(|e| e["severity"] != "warning").filter_map(|e| e["message"].as_str()).collect()
            })
            .unwrap_or_default();
        let problems = Style::parse(&read(input)).err().unwrap_or_default();
        if expected.is_empty() != problems.is_empty() {
            wrong.push(format!("{name}: expected {expected:?}, found {problems:?}"));
        }
        for message in expected {
            all_places += 1;
            let place = message.split(": ").next().unwrap_or_default();
            // Ours name the property where the validator names its layer, and the object where it names none.
            let found = problems.iter().any(|p| {
                p.path.starts_with(place)
                    || p.path.ends_with(&format!(".{place}"))
                    || (place.contains(' ') && p.path.is_empty())
            });
            places += usize::from(found);
            if !found {
                println!("no problem at the same place: {name}: {message}");
            }
        }
    }
    println!(
        "{} of {} documents agree; {places} of {all_places} errors are found at the same place or within it",
        inputs.len() - wrong.len(),
        inputs.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(places * 10 >= all_places * 9, "fewer than nine in ten errors are found where they are");
}

#[test]
fn reads_real_styles() {
    let Some(folder) = data() else { return };
    for name in ["maplibre_demo", "maptiler_basic", "osm-liberty-lite"] {
        let style = Style::parse(&read(&folder.join(format!("styles/{name}.json"))));
        let layers = style.unwrap_or_else(|problems| panic!("{name}: {problems:#?}")).layers.len();
        assert!(layers > 5, "{name} has {layers} layers");
    }
}
