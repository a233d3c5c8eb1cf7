use proptest::prelude::*;

use super::*;

fn code_of(text: &str) -> Option<u32> {
    parse(text).unwrap_or_else(|e| unreachable!("{text}: {e}")).epsg()
}

#[test]
fn every_writing_of_one_crs() {
    for text in [
        "EPSG:4549",
        "epsg:4549",
        " 4549\n",
        "urn:ogc:def:crs:EPSG::4549",
        "urn:ogc:def:crs:EPSG:9.6:4549",
        "http://www.opengis.net/def/crs/EPSG/0/4549",
        "http://www.opengis.net/gml/srs/epsg.xml#4549",
        "CGCS2000 / 3-degree Gauss-Kruger CM 120E",
        "CGCS2000_3_Degree_GK_CM_120E",
        "GK3:120",
    ] {
        assert_eq!(code_of(text), Some(4549), "{text}");
    }
    assert_eq!(code_of("CGCS2000"), Some(4490));
    assert_eq!(code_of("EPSG:900913"), Some(3857));
    assert_eq!(code_of("WGS 84 / Pseudo-Mercator"), Some(3857));
    assert_eq!(parse("OGC:CRS84").unwrap(), parse("urn:ogc:def:crs:OGC:1.3:CRS84").unwrap());
    assert!(parse("CRS:84").unwrap().is_store() && !parse("CRS:84").unwrap().northing_first());
    assert!(parse("EPSG:4326").unwrap().northing_first());
    assert!(parse("EPSG:4549").unwrap().northing_first());
    assert!(!parse("EPSG:3857").unwrap().northing_first());
}

#[test]
fn a_prj_of_the_desktop_programs() {
    let prj = r#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    let crs = parse(prj).unwrap();
    assert_eq!(crs.epsg(), Some(4549), "{crs:?}");
    assert_eq!(parse(&prj.replace("500000.0", "40500000.0")).unwrap().epsg(), Some(4528));
    assert_eq!(parse(&prj.replace("500000.0", "400000.0")).unwrap().epsg(), None);
    let degrees = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]"#;
    assert!(parse(degrees).unwrap().is_store());
    let tall = r#"GEOGCRS["WGS_1984_3D",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]],ID["EPSG",6326]],PRIMEM["Greenwich",0,ANGLEUNIT["Degree",0.0174532925199433]],CS[ellipsoidal,3],AXIS["longitude",east,ORDER[1],ANGLEUNIT["Degree",0.0174532925199433]],AXIS["latitude",north,ORDER[2],ANGLEUNIT["Degree",0.0174532925199433]],AXIS["ellipsoidal height (h)",up,ORDER[3],LENGTHUNIT["metre",1,ID["EPSG",9001]]]]"#;
    assert!(parse(tall).unwrap().is_store());
    // The name of a datum alone does not make it the same earth.
    assert!(!parse(&degrees.replace("298.257223563", "294.978698214")).unwrap().is_store());
    assert!(!parse(&degrees.replace("\"Greenwich\",0", "\"Paris\",2.33722917")).unwrap().is_store());
}

#[test]
fn offsets_only_when_declared() {
    for text in ["GCJ-02", "gcj02", "GCJ02"] {
        assert_eq!(parse(text).unwrap(), Crs::Gcj02);
    }
    for text in ["BD-09", "BD09LL", "bd-09"] {
        assert_eq!(parse(text).unwrap(), Crs::Bd09);
    }
    assert!(parse("BD09MC").unwrap_err().en().contains("degrees"));
}

#[test]
fn a_resembling_name_is_not_taken() {
    let e = parse("Amersfoort / RD Newer").unwrap_err();
    assert!(e.en().contains("Amersfoort / RD Newer"), "{e}");
    assert_eq!(code_of("Amersfoort / RD New"), Some(28992));
}

#[test]
fn what_has_no_place_on_the_earth_is_refused() {
    for text in [
        "EPSG:5737",
        "EPSG:4978",
        r#"LOCAL_CS["drawing",UNIT["metre",1]]"#,
        r#"ENGCRS["site",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]"#,
        "EPSG:0",
        "门牌",
        "+proj=longlat +init=epsg:4326",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn hostile_text_is_an_error() {
    let cases = [
        "[".repeat(60_000),
        "(".repeat(63),
        format!("GEOGCS[{}", "\"x\",GEOGCS[".repeat(60)),
        "GEOGCS[\"".to_owned(),
        "PROJCS[\"a\",".to_owned() + &"PARAMETER[\"p\",1],".repeat(3000),
        "EPSG:4490\0EPSG:4549".into(),
        "EPSG:".to_owned() + &"9".repeat(60_000),
        "urn:ogc:def:crs:".into(),
        "urn:ogc:def:crs:::::".into(),
        "+proj=".to_owned() + &"x".repeat(30_000),
        "+proj=pipeline ".to_owned() + &"+step +proj=merc ".repeat(3000),
        "{\"type\":\"GeographicCRS\"}".into(),
        "\u{202e}门牌\u{0301}".into(),
        "/def/crs/".into(),
    ];
    for text in cases {
        assert!(parse(&text).is_err(), "{}", shown(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_damaged_wkt_panics(at in 0usize..400, with in "\\PC{0,3}") {
        let wkt = r#"PROJCS["a",GEOGCS["b",DATUM["c",SPHEROID["d",6378137.0,298.2]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.017]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        let text: String = wkt.chars().take(at).chain(with.chars()).chain(wkt.chars().skip(at + 1)).collect();
        let _ = parse(&text);
    }
}
