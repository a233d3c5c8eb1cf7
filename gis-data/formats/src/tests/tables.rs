//! CSV and Excel as offices save them.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use super::{all, data};
use crate::mapping::Mapping;
use crate::{Format, Item, Options, Record, Reject, open, sniff};
use gis_data::{Kind, Value};

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn read(name: &str, bytes: &[u8], options: &Options) -> gis_data::Result<Vec<Item>> {
    let (_dir, path) = file(name, bytes);
    let mut reader = open(&path, options)?;
    let mut items = Vec::new();
    while let Some(item) = reader.next()? {
        items.push(item);
    }
    Ok(items)
}

fn csv(bytes: &[u8]) -> Vec<Item> {
    read("a.csv", bytes, &Options::default()).unwrap()
}

fn record(item: &Item) -> &Record {
    match item {
        Item::Record(r) => r,
        Item::Reject(r) => panic!("{}", r.reason),
    }
}

fn reject(item: &Item) -> &Reject {
    match item {
        Item::Reject(r) => r,
        Item::Record(r) => panic!("{r:?}"),
    }
}

const TEXT: &str = "设施名称,设施类型,经度,纬度\n南门社区食堂,社区食堂,120.65,28.01\n东门公园,公园,120.66,28.02\n";

#[test]
fn every_usual_encoding_reads_the_same() {
    let gb18030 = encoding_rs::GB18030.encode(TEXT).0.into_owned();
    let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
    let wide: Vec<u8> =
        "\u{feff}".chars().chain(TEXT.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide_be: Vec<u8> =
        "\u{feff}".chars().chain(TEXT.chars()).collect::<String>().encode_utf16().flat_map(u16::to_be_bytes).collect();
    let plain = csv(TEXT.as_bytes());
    assert_eq!(plain.len(), 2);
    let first = record(&plain[0]);
    assert_eq!((first.row, first.properties.text("设施名称")), (2, Some("南门社区食堂")));
    assert_eq!(first.shape, Some(geo_types::Point::new(120.65, 28.01).into()));
    for bytes in [gb18030, marked, wide, wide_be] {
        let items = csv(&bytes);
        assert_eq!(items.iter().map(record).collect::<Vec<_>>(), plain.iter().map(record).collect::<Vec<_>>());
    }
    let big5 = encoding_rs::BIG5.encode("區名,街路段\n大同區,民生西路\n").0.into_owned();
    let options = Options { encoding: Some("big5".into()), ..Options::default() };
    let items = read("a.csv", &big5, &options).unwrap();
    assert_eq!(record(&items[0]).properties.text("街路段"), Some("民生西路"));
}

#[test]
fn rows_in_another_encoding_are_rejected_by_number() {
    let mut bytes = TEXT.as_bytes().to_vec();
    bytes.extend(encoding_rs::GB18030.encode("西门公园,公园,120.6,28.0\n").0.iter());
    bytes.extend("北门公园,公园,120.6,28.1\n".as_bytes());
    let items = csv(&bytes);
    assert_eq!(items.len(), 4);
    let bad = reject(&items[2]);
    assert_eq!(bad.row, 4);
    assert!(bad.reason.zh().contains("编码"), "{}", bad.reason);
    assert_eq!(record(&items[3]).properties.text("设施名称"), Some("北门公园"));
}

#[test]
fn ragged_rows_and_bad_coordinates_are_rejected() {
    let items = csv("name,lon,lat\na,1,2\nb,1\nc,x,2\nd,1,\n\ne,,\nf,1,2,\ng,1,2,3\n\"h,i\",3,4\n".as_bytes());
    let told: Vec<(u64, bool)> = items
        .iter()
        .map(|i| match i {
            Item::Record(r) => (r.row, true),
            Item::Reject(r) => (r.row, false),
        })
        .collect();
    assert_eq!(
        told,
        [(2, true), (3, false), (4, false), (5, false), (6, true), (7, true), (8, false), (9, true)],
        "blank lines are no rows"
    );
    assert_eq!(record(&items[4]).shape, None);
    assert_eq!(record(&items[7]).properties.text("name"), Some("h,i"));
}

#[test]
fn what_is_no_csv_is_told() {
    let zip = b"PK\x03\x04\x14\0\0\0\x08\0data.csv";
    let (_dir, path) = file("a.csv", zip);
    assert!(sniff(&path).unwrap_err().zh().contains("zip"));
    let forced = Options { format: Some(Format::Csv), ..Options::default() };
    assert!(open(&path, &forced).err().unwrap().zh().contains("zip"));
    assert!(read("a.csv", b"1,2\n3,4\n", &Options::default()).err().unwrap().zh().contains("表头"));
    let no = Options { x: Some("东".into()), y: Some("北".into()), ..Options::default() };
    assert_eq!(read("a.csv", TEXT.as_bytes(), &no).err().unwrap().kind(), Kind::NotFound);
    let open_quote = format!("a,b\n1,\"{}", "x".repeat(70 << 20));
    assert_eq!(read("a.csv", open_quote.as_bytes(), &Options::default()).err().unwrap().kind(), Kind::TooLarge);
}

#[test]
fn the_real_doorplate_list_is_read_and_mapped() {
    let Some(data) = data() else { return };
    let items = all(&data.join("taipei-doorplates-datong/datong.csv")).unwrap();
    assert_eq!(items.len(), 61_079);
    let lanes = items.iter().filter(|i| record(i).properties.text("巷").is_some()).count();
    assert_eq!(lanes, 25_012);
    let mapping = Mapping::default();
    let mut session = mapping.session("datong.csv");
    let drafts: Vec<_> = items.iter().flat_map(|i| session.apply(record(i))).collect();
    assert_eq!(drafts.len(), 61_079);
    assert!(drafts.iter().all(|d| d.layer.as_str() == "address"));
    assert_eq!(drafts.iter().filter(|d| d.key.contains('~')).count(), 14, "exact duplicates");
    assert_eq!(drafts[0].properties.text("text"), Some("大同區民生西路335號"));
}

pub(super) fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut put = |name: String, text: String| {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let [mut list, mut rels, mut types] = [const { Vec::<String>::new() }; 3];
    for (i, (name, rows)) in sheets.iter().enumerate() {
        let n = i + 1;
        list.push(format!(r#"<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>"#));
        rels.push(format!(r#"<Relationship Id="r{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>"#));
        types.push(format!(
            r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        ));
        put(
            format!("xl/worksheets/sheet{n}.xml"),
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        );
    }
    let [list, rels, types] = [list, rels, types].map(|parts| parts.concat());
    put(
        "[Content_Types].xml".into(),
        format!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#
        ),
    );
    put(
        "_rels/.rels".into(),
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/workbook.xml".into(),
        format!(r#"<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{list}</sheets></workbook>"#),
    );
    put(
        "xl/_rels/workbook.xml.rels".into(),
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}<Relationship Id="s" Type="{rel}/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    put(
        "xl/styles.xml".into(),
        format!(
            r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
        ),
    );
    zip.finish().unwrap().into_inner()
}

fn text(at: &str, t: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{t}</t></is></c>"#)
}

#[test]
fn a_workbook_is_read_sheet_by_sheet() {
    let first = [
        format!(r#"<row r="1">{}</row>"#, text("A1", "南门社区设施一览")),
        format!(r#"<row r="3">{}{}{}{}{}</row>"#, text("A3", "设施名称"), text("B3", "经度"), text("C3", "纬度"), text("D3", "容量"), text("E3", "建成日期")),
        format!(r#"<row r="4">{}<c r="B4"><v>120.65</v></c><c r="C4"><v>28.01</v></c><c r="D4"><v>80</v></c><c r="E4" s="1"><v>45992</v></c></row>"#, text("A4", "食堂")),
        format!(r#"<row r="6">{}<c r="B6"><v>120.65</v></c></row>"#, text("A6", "公园")),
    ]
    .concat();
    let second = format!(
        r#"<row r="1">{}{}</row><row r="2">{}<c r="B2"><v>1.5</v></c></row>"#,
        text("A1", "a"),
        text("B1", "b"),
        text("A2", "x")
    );
    let (_dir, path) = file("设施.xlsx", &workbook(&[("设施", &first), ("空", ""), ("其他", &second)]));
    assert_eq!(sniff(&path).unwrap(), Format::Sheet);
    let items = all(&path).unwrap();
    assert_eq!(items.len(), 3);
    let canteen = record(&items[0]);
    assert_eq!((canteen.table.as_str(), canteen.row), ("设施", 4));
    assert_eq!(canteen.shape, Some(geo_types::Point::new(120.65, 28.01).into()));
    assert_eq!(canteen.properties.get("容量"), Some(&Value::Int(80)));
    assert_eq!(canteen.properties.text("建成日期"), Some("2025-12-01"));
    assert_eq!(reject(&items[1]).row, 6, "half a coordinate");
    assert_eq!(record(&items[2]).properties.get("b"), Some(&Value::Float(1.5)));
    let only = Options { table: Some("其他".into()), ..Options::default() };
    let mut reader = open(&path, &only).unwrap();
    assert_eq!(reader.tables().len(), 1);
    assert!(matches!(reader.next().unwrap(), Some(Item::Record(r)) if r.table == "其他"));
    let none = Options { table: Some("没有".into()), ..Options::default() };
    assert!(open(&path, &none).err().unwrap().zh().contains("设施、空、其他"));
}

#[test]
fn a_workbook_that_is_a_bomb_or_cut_off_is_told() {
    let bytes = workbook(&[("a", &" ".repeat(64 << 20))]);
    assert!(bytes.len() < 1 << 20);
    let error = read("a.xlsx", &bytes, &Options::default()).err().unwrap();
    assert_eq!(error.kind(), Kind::TooLarge, "{error}");
    let good = workbook(&[("a", r#"<row r="1"><c r="A1"><v>1</v></c></row>"#)]);
    for cut in (30..good.len()).step_by(97) {
        assert!(read("a.xlsx", &good[..cut], &Options::default()).is_err(), "{cut}");
    }
    // Two far corners: a library that fills the rectangle between them would need 400 GB.
    let far = r#"<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_eq!(read("a.xlsx", &workbook(&[("a", far)]), &Options::default()).unwrap().len(), 1);
}
