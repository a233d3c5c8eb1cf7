use std::io::Write;
use std::process::{Command, Stdio};

use geo_types::{LineString, Point, polygon};

use super::*;

fn into(crs: &str) -> ToStore {
    ToStore::from(&Crs::parse(crs).unwrap()).unwrap()
}

fn out(crs: &str) -> FromStore {
    FromStore::to(&Crs::parse(crs).unwrap()).unwrap()
}

/// Metres between two places in degrees.
fn apart_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    ((a.0 - b.0) * a.1.to_radians().cos()).hypot(a.1 - b.1) * 111_320.0
}

#[test]
fn ways_move_between_threads() {
    fn send<T: Send>(_: &T) {}
    send(&into("EPSG:28992"));
    send(&out("EPSG:4549"));
}

#[test]
fn there_and_back() {
    let wenzhou = (120.649_531_892, 28.008_375_767);
    for crs in
        ["EPSG:4549", "EPSG:4528", "EPSG:3857", "EPSG:4490", "EPSG:32651", "GCJ-02", "BD-09", "EPSG:4979", "EPSG:4547"]
    {
        let (x, y) = out(crs).point(wenzhou.0, wenzhou.1).unwrap();
        let back = into(crs).point(x, y).unwrap();
        assert!(apart_m(back, wenzhou) < 0.000_1, "{crs}: {x} {y} {back:?}");
    }
    for (crs, place) in
        [("EPSG:28992", (5.3872, 52.1551)), ("EPSG:2056", (7.4386, 46.951)), ("EPSG:31256", (16.37, 48.2))]
    {
        let (x, y) = out(crs).point(place.0, place.1).unwrap();
        // A shift of datums turns through three dimensions and drops the height: some millimetres.
        let off_m = apart_m(into(crs).point(x, y).unwrap(), place);
        assert!(off_m < 0.005, "{crs}: {off_m} m");
    }
}

/// Where the datum is the store's, the answers of PROJ's own program hold to a tenth of a millimetre; where a datum must be
/// shifted, within the accuracy we state (the program may have grid files that we leave out on purpose).
#[test]
fn agrees_with_the_program_of_proj() {
    let places = [
        ("EPSG:4549", 563_885.0, 3_099_540.0),
        ("EPSG:4528", 40_563_885.0, 3_099_540.0),
        ("EPSG:3857", 13_430_000.0, 3_250_000.0),
        ("EPSG:32651", 270_000.0, 3_100_000.0),
        ("EPSG:28992", 155_000.0, 463_000.0),
        ("EPSG:7415", 121_000.0, 487_000.0),
        ("EPSG:2056", 2_600_000.0, 1_200_000.0),
        ("EPSG:3068", 24_500.0, 20_500.0),
        ("EPSG:31256", 2000.0, 340_000.0),
    ];
    for (crs, x, y) in places {
        let Some((lon, lat)) = cs2cs(crs, x, y) else { return };
        let mut way = into(crs);
        let own = way.point(x, y).unwrap();
        assert!(!way.is_ballpark(), "{crs}");
        let allowed = if Crs::parse(crs).unwrap().epsg().is_some_and(|c| [4549, 4528, 3857, 32651].contains(&c)) {
            0.000_1
        } else {
            way.accuracy_m().unwrap()
        };
        assert!(allowed < 10.0, "{crs}: {allowed}");
        assert!(apart_m(own, (lon, lat)) <= allowed, "{crs}: {own:?} {lon} {lat}, allowed {allowed} m");
    }
}

fn cs2cs(crs: &str, x: f64, y: f64) -> Option<(f64, f64)> {
    let northing_first = Crs::parse(crs).unwrap().northing_first();
    let child = Command::new("cs2cs")
        .args(["-f", "%.12f", crs, "EPSG:4326"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(e) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "cs2cs (proj-bin) is needed: {e}");
            eprintln!("skipped: cs2cs (proj-bin) is not installed");
            return None;
        }
    };
    let line = if northing_first { format!("{y} {x}\n") } else { format!("{x} {y}\n") };
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    let answer = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let mut numbers = answer.split_whitespace().map(|n| n.parse::<f64>().unwrap());
    let (lat, lon) = (numbers.next().unwrap(), numbers.next().unwrap());
    Some((lon, lat))
}

/// The same address points published in both systems (Kadaster / BAG, CC0).
#[test]
fn dutch_addresses_in_both_systems() {
    let pairs = [
        ((177_439.000_200_138, 459_273.999_561_551), (5.714_846_709_450_31, 52.121_227_464_547_4)),
        ((178_298.000_200_213, 457_012.999_561_337), (5.727_234_449_867_54, 52.100_870_362_417)),
        ((180_651.000_200_506, 456_355.999_561_3), (5.761_526_015_595_87, 52.094_861_211_298_9)),
        ((181_479.078_200_623, 456_992.135_561_386), (5.773_659_267_978_42, 52.100_539_686_845_6)),
    ];
    let mut way = into("EPSG:28992");
    for ((x, y), degrees) in pairs {
        let own = way.point(x, y).unwrap();
        assert!(apart_m(own, degrees) <= way.accuracy_m().unwrap(), "{own:?} {degrees:?}");
    }
    assert!(way.accuracy_m().unwrap() <= 1.0);
}

#[test]
fn accuracy_is_never_silent() {
    assert_eq!(into("EPSG:4549").accuracy_m(), Some(0.0));
    assert_eq!(into("EPSG:4326").accuracy_m(), Some(1.0));
    assert_eq!(into("EPSG:3857").accuracy_m(), Some(1.0));
    assert_eq!(into("GCJ-02").accuracy_m(), None);
    // No datum is known: nothing but a ballpark.
    let mut way = into("+proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80 +units=m");
    assert!(way.is_ballpark() && way.accuracy_m().is_none());
    way.point(563_885.0, 3_099_540.0).unwrap();
    assert!(way.is_ballpark() && way.accuracy_m().is_none());
    // Used far outside of its country.
    let mut way = into("EPSG:2056");
    assert!(!way.is_ballpark());
    way.point(2_600_000.0, 1_200_000.0).unwrap();
    assert!(!way.is_ballpark());
    way.point(3_600_000.0, 1_200_000.0).unwrap();
    assert!(way.is_ballpark() && way.accuracy_m().is_none());
    // It stays said.
    way.point(2_600_000.0, 1_200_000.0).unwrap();
    assert!(way.is_ballpark() && way.accuracy_m().is_none());
}

#[test]
fn the_datums_of_older_chinese_maps_are_told() {
    // No public parameters cover Wenzhou: whatever PROJ does, the user must hear of it.
    for crs in ["EPSG:2386", "EPSG:2438"] {
        let mut way = into(crs);
        let (lon, lat) = way.point(500_000.0, 3_099_540.0).unwrap();
        assert!(apart_m((lon, lat), (123.0, 28.0)) < 2000.0, "{crs}: {lon} {lat}");
        assert!(way.is_ballpark() || way.accuracy_m().is_some_and(|m| m > 0.0), "{crs}");
    }
}

#[test]
fn coordinates_that_cannot_be_are_named() {
    let told = |crs: &str, x, y| into(crs).point(x, y).unwrap_err().en().to_owned();
    assert!(told("EPSG:4549", 40_563_885.0, 3_099_540.0).contains("EPSG:4528"));
    assert!(told("EPSG:4528", 563_885.0, 3_099_540.0).contains("EPSG:4549"));
    assert!(told("EPSG:4490", 28.0, 120.6).contains("swap"));
    assert!(told("EPSG:4490", 563_885.0, 3_099_540.0).contains("EPSG:4549"));
    assert!(told("EPSG:4490", f64::NAN, 1.0).contains("NaN"));
    assert!(told("EPSG:3857", 6e8, 0.0).contains("600000000"));
    assert!(told("EPSG:28992", 1e12, 1e12).contains("outside"));
    assert!(out("EPSG:4549").point(f64::INFINITY, 0.0).is_err());
}

#[test]
fn a_shape_is_converted_whole_or_not_at_all() {
    let ring = polygon![(x: 563_885.0, y: 3_099_540.0), (x: 563_985.0, y: 3_099_540.0), (x: 563_985.0, y: 3_099_640.0)];
    let mut shape = Shape::GeometryCollection(
        vec![
            Shape::Point(Point::new(563_885.0, 3_099_540.0)),
            Shape::MultiPolygon(vec![ring.clone()].into()),
            Shape::LineString(LineString::from(vec![(563_885.0, 3_099_540.0), (563_985.0, 3_099_640.0)])),
            Shape::Rect(geo_types::Rect::new((563_885.0, 3_099_540.0), (563_985.0, 3_099_640.0))),
        ]
        .into(),
    );
    let before = shape.clone();
    into("EPSG:4549").shape(&mut shape).unwrap();
    let mut all = Vec::new();
    coords::read(&shape, &mut all);
    assert_eq!(all.len(), 1 + 4 + 2 + 5);
    assert!(all.iter().all(|c| apart_m((c.x, c.y), (120.65, 28.008_8)) < 200.0), "{all:?}");
    out("EPSG:4549").shape(&mut shape).unwrap();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    coords::read(&before, &mut a);
    coords::read(&shape, &mut b);
    assert!(a.iter().zip(&b).all(|(a, b)| (a.x - b.x).hypot(a.y - b.y) < 0.000_1));

    let mut bad = Shape::LineString(LineString::from(vec![(563_885.0, 3_099_540.0), (f64::NAN, 0.0)]));
    into("EPSG:4549").shape(&mut bad).unwrap_err();
    let Shape::LineString(line) = bad else { unreachable!() };
    assert_eq!(line.0[0].x, 563_885.0);
}

#[test]
fn rounding_at_the_edge_of_the_earth_is_forgiven() {
    let half = 20_037_508.342_789_244;
    let (lon, _) = into("EPSG:3857").point(half, 0.0).unwrap();
    assert!((lon.abs() - 180.0).abs() < 1e-9);
    assert_eq!(into("EPSG:4490").point(180.000_000_000_5, 0.0).unwrap().0, 180.0);
    assert!(into("EPSG:4490").point(180.1, 0.0).is_err());
}

#[test]
fn a_compound_crs_gives_its_horizontal_part() {
    let flat = into("EPSG:28992").point(121_000.0, 487_000.0).unwrap();
    let tall = into("EPSG:7415").point(121_000.0, 487_000.0).unwrap();
    assert!(apart_m(flat, tall) < 0.001);
    assert_eq!(into("EPSG:4549+5737").accuracy_m(), Some(0.0));
}
