//! Files and arguments that mean harm end the child with a clear word, never in silence.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::child::{data, read, run};

/// A copy of a Shapefile of the test set.
fn copied(name: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    let root = data("ogc-cite-wms13")?;
    let folder = tempfile::tempdir().unwrap();
    for ending in ["shp", "shx", "dbf"] {
        let file = format!("{name}.{ending}");
        fs::copy(root.join("shapefile").join(&file), folder.path().join(&file)).unwrap();
    }
    let file = folder.path().join(format!("{name}.shp"));
    Some((folder, file))
}

#[test]
fn a_cut_shapefile_loses_nothing_in_silence() {
    let Some((_folder, file)) = copied("RoadSegments") else { return };
    let whole = fs::read(&file).unwrap();
    let rows = read(&file, &[]).well().rows.len();
    assert_eq!(rows, 5);
    for cut in [0, 50, 99, 100, 101, 150, whole.len() / 2, whole.len() - 1] {
        fs::write(&file, &whole[..cut]).unwrap();
        let run = read(&file, &[]);
        if run.code == Some(0) {
            assert!(run.whole && !run.errors.is_empty(), "cut at {cut}: {run:?}");
            assert_eq!(run.rows.len() + run.errors.len(), rows, "cut at {cut}: {run:?}");
            assert!(run.errors.iter().all(|e| !e["error"]["zh"].as_str().unwrap().is_empty()));
        } else {
            assert!(!run.refused().is_empty(), "cut at {cut}");
        }
    }
}

#[test]
fn a_lying_table_ends_in_time_and_says_so() {
    let Some((_folder, file)) = copied("RoadSegments") else { return };
    let dbf = file.with_extension("dbf");
    let whole = fs::read(&dbf).unwrap();
    // The number of records, the length of the header, the length of a record.
    for (at, lie) in [(4, &[0xff, 0xff, 0xff, 0x7f][..]), (8, &[0xff, 0xff]), (10, &[0, 0]), (10, &[0xff, 0xff])] {
        let mut lying = whole.clone();
        lying.splice(at..at + lie.len(), lie.iter().copied());
        fs::write(&dbf, lying).unwrap();
        let run = read(&file, &["--seconds", "20"]);
        if run.code == Some(0) {
            assert!(run.whole && run.rows.len() + run.errors.len() <= 5, "{at}: {run:?}");
        } else {
            assert!(!run.refused().is_empty());
        }
    }
}

#[test]
fn every_damaged_byte_of_a_header_is_survived() {
    let Some((_folder, file)) = copied("Bridges") else { return };
    for ending in ["shp", "shx", "dbf"] {
        let part = file.with_extension(ending);
        let whole = fs::read(&part).unwrap();
        for at in (0..whole.len().min(140)).step_by(7) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            fs::write(&part, &damaged).unwrap();
            let run = read(&file, &["--seconds", "20"]);
            assert!(run.code == Some(0) || !run.refused().is_empty(), "{ending} {at}");
        }
        fs::write(&part, whole).unwrap();
    }
}

#[test]
fn an_entity_bomb_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bomb.gml");
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a0 \"aaaaaaaaaa\">");
    for i in 1..12 {
        let ten = format!("&a{};", i - 1).repeat(10);
        write!(bomb, "<!ENTITY a{i} \"{ten}\">").unwrap();
    }
    bomb += "]><c:FC xmlns:c=\"c\" xmlns:gml=\"http://www.opengis.net/gml\"><gml:featureMember><c:d><c:n>&a11;</c:n></c:d></gml:featureMember></c:FC>";
    fs::write(&file, &bomb).unwrap();
    assert!(read(&file, &[]).refused().contains("ENTITY"));
    // Behind a long comment, where our look does not reach, the parser's own bound holds.
    let hidden = bomb.replacen("<!DOCTYPE", &format!("<!--{}--><!DOCTYPE", "x".repeat(100_000)), 1);
    fs::write(&file, hidden).unwrap();
    let run = read(&file, &["--memory-mib", "1024", "--seconds", "20"]);
    assert!(!run.refused().is_empty());
}

#[test]
fn no_path_leads_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let vrt = folder.path().join("a.vrt");
    fs::write(&vrt, "<OGRVRTDataSource><OGRVRTLayer name=\"x\"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>").unwrap();
    let link = folder.path().join("b.shp");
    std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
    let paths = [
        vrt.to_str().unwrap(),
        link.to_str().unwrap(),
        folder.path().to_str().unwrap(),
        "/vsicurl/http://127.0.0.1:9/a.shp",
        "/vsistdin/",
        "/vsimem/x",
        "http://127.0.0.1:9/a.gml",
        "WFS:http://127.0.0.1:9/",
        "/dev/zero",
        "/proc/self/mem",
        "{\"type\":\"Topology\"}",
        "PG:dbname=x",
        "nowhere.shp",
    ];
    for path in paths {
        assert!(!run(&["read", path]).refused().is_empty(), "{path}");
    }
    assert!(run(&["read", "a.gml", "--open-option", "XSD=http://127.0.0.1:9/x"]).refused().contains("XSD"));
}

#[test]
fn nothing_that_a_file_names_is_fetched() {
    use std::io::ErrorKind;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let at = listener.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let gml = format!(
        "<?xml version=\"1.0\"?><c:FC xmlns:c=\"c\" xmlns:gml=\"http://www.opengis.net/gml\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"c http://{at}/c.xsd\"><gml:featureMember><c:d><c:n>1</c:n><c:g><gml:Point xlink:href=\"http://{at}/p#1\"/></c:g></c:d></gml:featureMember></c:FC>"
    );
    let kml = format!(
        "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><NetworkLink><Link><href>http://{at}/a.kml</href></Link></NetworkLink><Placemark><name>门</name><styleUrl>http://{at}/s.kml#s</styleUrl><Point><coordinates>120,28</coordinates></Point></Placemark></Document></kml>"
    );
    for (name, text) in [("a.gml", gml), ("a.kml", kml)] {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let run = read(&file, &[]);
        assert!(run.code.is_some(), "{run:?}");
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "{name} was followed");
    }
}

fn many_placemarks(file: &Path, n: usize) {
    let mut kml = String::from("<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>");
    for i in 0..n {
        write!(kml, "<Placemark><name>门{i}</name><Point><coordinates>120.{i},28</coordinates></Point></Placemark>")
            .unwrap();
    }
    kml += "</Document></kml>";
    fs::write(file, kml).unwrap();
}

#[test]
fn beyond_the_limits_it_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.kml");
    many_placemarks(&file, 300_000);
    let memory = read(&file, &["--memory-mib", "256"]);
    assert!(memory.refused().contains("memory"), "{memory:?}");
    let time = read(&file, &["--seconds", "1"]);
    assert!(time.refused().contains("longer than allowed"), "{time:?}");
}
