//! The OGC's test set in three formats: what GDAL's own program counts is what we write.

use crate::child::{data, gdal, read};

#[test]
fn counts_and_extents_are_those_of_ogrinfo() {
    let Some(root) = data("ogc-cite-wms13") else { return };
    let mut seen = 0;
    for (folder, ending) in [("shapefile", "shp"), ("gml", "xml"), ("mapinfo", "mif")] {
        // ogrinfo writes beside what it reads.
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(root.join(folder)).unwrap().flatten() {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        let entries = std::fs::read_dir(copy.path()).unwrap();
        for path in entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == ending)) {
            let Some(summary) = gdal("ogrinfo", &["-ro", "-so", "-al", path.to_str().unwrap()]) else { return };
            let run = read(&path, &[]).well();
            let after = |label: &str| -> Vec<String> {
                summary.lines().filter_map(|l| l.strip_prefix(label)).map(|l| l.trim().to_owned()).collect()
            };
            let counts: Vec<usize> = after("Feature Count:").iter().map(|n| n.parse().unwrap()).collect();
            assert_eq!(run.tables.len(), counts.len(), "{}", path.display());
            for (t, count) in counts.iter().enumerate() {
                assert_eq!(run.rows.iter().filter(|r| r["t"] == t).count(), *count, "{}", path.display());
            }
            if let [extent] = after("Extent:").as_slice() {
                let numbers: Vec<f64> = extent.split(['(', ')', ',', ' ']).filter_map(|n| n.parse().ok()).collect();
                let own = run.extent(0);
                assert_eq!(numbers.len(), 4, "{extent}");
                for (a, b) in own.iter().zip(&numbers) {
                    assert!((a - b).abs() < 1e-5, "{}: {own:?} {numbers:?}", path.display());
                }
            }
            seen += 1;
        }
    }
    assert!(seen >= 40, "only {seen} files");
}

#[test]
fn one_table_of_many_or_an_error_that_lists_them() {
    let Some(root) = data("ogc-cite-wms13") else { return };
    let file = root.join("shapefile/Lakes.shp");
    let run = read(&file, &["--table", "Lakes"]).well();
    assert_eq!(run.tables[0]["crs"], "EPSG:4326");
    assert_eq!(run.rows[0]["key"], "0");
    assert_eq!(run.rows[0]["p"]["NAME"], "Blue Lake");
    let told = read(&file, &["--table", "门牌"]);
    assert!(told.refused().contains("Lakes"));
}
