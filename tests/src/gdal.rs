//! What GDAL says of a file: the independent reader that answers are compared with.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs one of GDAL's programs and gives its output.
///
/// # Panics
/// When it is not installed or fails.
#[track_caller]
pub fn run(program: &str, args: &[&str]) -> String {
    let out = Command::new(program)
        .args(args)
        .env("OSM_USE_CUSTOM_INDEXING", "NO")
        .output()
        .unwrap_or_else(|e| panic!("{program} (Debian package gdal-bin) could not be run: {e}"));
    assert!(out.status.success(), "{program} {args:?} failed: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Every feature of `file` as GeoJSON in longitude and latitude, with `more` arguments for ogr2ogr (a layer, `-oo`, `-where` …).
#[track_caller]
pub fn features(file: &Path, more: &[&str]) -> Vec<Value> {
    let name = file.to_string_lossy();
    let mut args =
        vec!["-f", "GeoJSONSeq", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", &name];
    args.extend(more);
    lines(&run("ogr2ogr", &args))
}

/// One JSON value a line.
///
/// # Panics
/// When a line is something else.
pub fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|l| l.trim_start_matches('\u{1e}').trim())
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("not a JSON line ({e}): {l:.200}")))
        .collect()
}

/// Names of the layers of `file`.
#[track_caller]
pub fn layers(file: &Path) -> Vec<String> {
    run("ogrinfo", &["-ro", "-q", &file.to_string_lossy()])
        .lines()
        .filter_map(|l| {
            let (number, rest) = l.split_once(": ")?;
            number.trim().parse::<usize>().ok()?;
            Some(rest.rsplit_once(" (").map_or(rest, |(name, _)| name).to_owned())
        })
        .collect()
}

/// The features of one vector tile by layer, decoded by GDAL's own reader, in longitude and latitude; `mvt_id` is their id.
///
/// # Panics
/// When the tile cannot be kept for GDAL to read or GDAL refuses it.
#[track_caller]
pub fn tile(bytes: &[u8], z: u32, x: u32, y: u32, folder: &Path) -> Vec<(String, Vec<Value>)> {
    let file = folder.join(format!("{z}-{x}-{y}.mvt"));
    std::fs::write(&file, bytes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let at = [format!("X={x}"), format!("Y={y}"), format!("Z={z}")];
    let options = ["-oo", &at[0], "-oo", &at[1], "-oo", &at[2], "-oo", "CLIP=NO"];
    let mut info = vec!["-ro", "-q"];
    info.extend(options);
    let name = file.to_string_lossy();
    info.push(&name);
    let listed = run("ogrinfo", &info);
    let names = listed.lines().filter_map(|l| {
        let (number, rest) = l.split_once(": ")?;
        number.trim().parse::<usize>().ok()?;
        Some(rest.rsplit_once(" (").map_or(rest, |(name, _)| name).to_owned())
    });
    names
        .map(|layer| {
            let mut more = options.to_vec();
            more.push(&layer);
            let found = features(&file, &more);
            (layer, found)
        })
        .collect()
}

/// Every position of a GeoJSON geometry.
pub fn positions(geometry: &Value) -> Vec<[f64; 2]> {
    let mut found = Vec::new();
    let mut open = vec![geometry];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => match items.as_slice() {
                [Value::Number(x), Value::Number(y), ..] => {
                    found.push([x.as_f64().unwrap_or(f64::NAN), y.as_f64().unwrap_or(f64::NAN)]);
                }
                _ => open.extend(items.iter().rev()),
            },
            Value::Object(fields) => {
                open.extend(fields.get("coordinates").into_iter().chain(fields.get("geometries")));
                open.extend(fields.get("geometry"));
            }
            _ => {}
        }
    }
    found
}

/// West, south, east, north of some GeoJSON values; `None` when they hold no position.
pub fn extent<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<[f64; 4]> {
    values.into_iter().flat_map(positions).fold(None, |bounds: Option<[f64; 4]>, [x, y]| {
        Some(bounds.map_or([x, y, x, y], |b| [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_cover_every_part() {
        let two = serde_json::json!({"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [120.5, 28.0]},
            {"type": "LineString", "coordinates": [[120.7, 27.9], [120.6, 28.1]]}]});
        assert_eq!(extent([&two]), Some([120.5, 27.9, 120.7, 28.1]));
        assert_eq!(positions(&two).len(), 3);
        assert_eq!(extent([&serde_json::json!(null)]), None);
    }
}
