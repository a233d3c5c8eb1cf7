use gis_data::{Error, Geometry, Kind, Properties, Value, geometry::wkb};

use super::*;
use crate::{Item, Reader, Table};

fn spoken() -> Vec<u8> {
    let mut bytes = Vec::new();
    let tables = [Table { name: "湖".into(), crs: Some("EPSG:4326".into()), rows: Some(3) }];
    let mut encoder = Encoder::new(&mut bytes, &tables).unwrap();
    let fields: Properties = [("name", Value::from("Blue \"Lake\"\n")), ("n", Value::Int(7))].into_iter().collect();
    let shape = wkb::write(&Geometry::point(120.5, 28.25).unwrap());
    encoder.row(0, 1, Some("a"), Some(&shape), &fields).unwrap();
    encoder.row(0, 2, None, None, &Properties::new()).unwrap();
    encoder.row(0, 3, None, Some(&[1, 2, 3]), &Properties::new()).unwrap();
    encoder.reject(0, 4, None, &Error::invalid("坏", "bad")).unwrap();
    encoder.end().unwrap();
    bytes
}

fn heard(bytes: &[u8]) -> gis_data::Result<Vec<Item>> {
    let mut output = Output::new(bytes)?;
    let mut items = Vec::new();
    while let Some(item) = output.next()? {
        items.push(item);
    }
    assert!(output.next()?.is_none());
    Ok(items)
}

#[test]
fn what_is_spoken_is_heard() {
    let items = heard(&spoken()).unwrap();
    assert_eq!(items.len(), 4);
    let Item::Record(first) = &items[0] else { panic!() };
    assert_eq!((first.table.as_str(), first.row, first.key.as_deref()), ("湖", 1, Some("a")));
    assert_eq!(first.shape, Some(geo_types::Point::new(120.5, 28.25).into()));
    assert_eq!(
        (first.properties.text("name"), first.properties.get("n")),
        (Some("Blue \"Lake\"\n"), Some(&Value::Int(7)))
    );
    let Item::Reject(third) = &items[2] else { panic!() };
    assert!(third.reason.zh().contains("WKB"));
    let Item::Reject(last) = &items[3] else { panic!() };
    assert_eq!((last.row, last.reason.zh()), (4, "坏"));
}

#[test]
fn a_child_that_dies_is_never_taken_for_one_that_ended() {
    let whole = spoken();
    for cut in 0..whole.len() {
        assert!(heard(&whole[..cut]).is_err(), "{cut}");
    }
    assert_eq!(heard(b"").unwrap_err().kind(), Kind::Unavailable);
}

#[test]
fn nonsense_and_failure_are_told() {
    for bad in [
        "{}\n",
        "[]\n",
        "{\"tables\":[]}\n{\"t\":0,\"row\":1}\n",
        "{\"tables\":[]}\n\n",
        "{\"tables\":[]}\n{\"t\":-1}\n",
    ] {
        assert_eq!(heard(bad.as_bytes()).unwrap_err().kind(), Kind::Unavailable, "{bad}");
    }
    let mut bytes = Vec::new();
    Encoder::refuse(&mut bytes, &Error::invalid("打不开", "cannot be opened")).unwrap();
    assert_eq!(heard(&bytes).unwrap_err().zh(), "打不开");
    let odd =
        b"{\"tables\":[{\"name\":\"a\",\"crs\":null,\"rows\":null}]}\n{\"t\":0,\"row\":1,\"wkb\":\"0\",\"p\":{}}\n";
    assert!(heard(odd).is_err());
}
