//! `menpai publish` writes a GeoPackage that desktop programs open, with what a role may see and nothing more.

use std::collections::BTreeMap;

use menpai_tests::city::City;
use menpai_tests::gdal;
use menpai_tests::program::menpai;

#[test]
fn a_published_file_holds_the_public_layers() {
    let city = City::serve();
    let catalog = city.get("/catalog").expect(200).json();
    let public: BTreeMap<String, u64> = catalog["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .map(|l| (l["id"].as_str().unwrap_or_default().to_owned(), l["count"].as_u64().unwrap_or_default()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let file = city.folder.path().join("public.gpkg");
    let [store, out] = [city.store(), file.clone()].map(|p| p.to_string_lossy().into_owned());
    menpai(&["publish", "--store", &store, "--role", "public", "-o", &out]).ok();

    let listed = gdal::layers(&file);
    for layer in &listed {
        assert!(public.contains_key(layer), "{layer} was published but is not public: {:?}", public.keys());
    }
    for layer in ["doorplate", "building", "road", "grid", "community"] {
        assert!(listed.iter().any(|l| l == layer), "{layer} is missing from {listed:?}");
        let found = gdal::features(&file, &[layer]);
        assert_eq!(found.len() as u64, public[layer], "{layer}");
    }
    let about = gdal::run("ogrinfo", &["-ro", "-so", &out, "building"]);
    assert!(about.contains("4490") || about.contains("CGCS2000") || about.contains("China Geodetic"), "{about}");
    assert!(about.contains("Polygon"), "{about}");
    // The same features as over HTTP, at the same place.
    let page = city.get("/api/v1/layers/building/features?limit=10000").expect(200).json();
    let sent = gdal::extent(page["features"].as_array().expect("features")).expect("positions");
    let published = gdal::extent(&gdal::features(&file, &["building"])).expect("positions");
    if page["next"].is_null() {
        assert!(sent.iter().zip(published).all(|(a, b)| (a - b).abs() < 1e-7), "{sent:?} is not {published:?}");
    }
    // No write-ahead log beside it: it is one file to hand over.
    assert!(!file.with_extension("gpkg-wal").exists() && !file.with_extension("gpkg-journal").exists());
    // Publishing again replaces it whole.
    menpai(&["publish", "--store", &store, "--role", "public", "-o", &out]).ok();
    assert_eq!(gdal::layers(&file), listed);
}

#[test]
fn an_unknown_role_publishes_nothing() {
    let city = City::serve();
    let file = city.folder.path().join("none.gpkg");
    let [store, out] = [city.store(), file.clone()].map(|p| p.to_string_lossy().into_owned());
    menpai(&["publish", "--store", &store, "--role", "no_such_role", "-o", &out]).refused(&["no_such_role"]);
    assert!(!file.exists());
}
