//! Quarters, doorplates, buildings, stairwells, floors, rooms: each lies in the next.

use std::fmt::Write as _;

use gis_data::Method;

use super::admin::micro_key;
use super::{Desk, Room, Written};
use crate::cell::lots::Kind;
use crate::cell::{Door, Hull, Plate, Rooms, Span};
use crate::place::frame::P;
use crate::place::shape;
use crate::sheet::{Dates, Sheet, same};
use crate::streets::{piece_of, road_key};
use crate::words;

/// Of so many rooms one is empty.
const VACANT_ONE_IN: u64 = 14;

pub(super) fn write(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let fill = desk.fill;
    let names: Vec<String> = (0..fill.quarters.len()).map(|q| quarter_name(desk, q)).collect();
    let mut serial = desk.home.first;
    for (k, plate) in fill.plates.iter().enumerate() {
        let key = if plate.span.now() {
            serial += 1;
            format!("d{serial}")
        } else {
            desk.key("x", k)
        };
        doorplate(desk, plate, (&key, serial), &names, sheet);
    }
    for (q, quarter) in fill.quarters.iter().enumerate() {
        let key = desk.key("compound", q);
        let plate = &desk.plates[quarter.plate];
        let valid = desk.valid(quarter.span);
        let fields = vec![
            ("name", names[q].clone().into()),
            ("kind", quarter_kind(quarter.kind).into()),
            (
                "code",
                format!("{}2{:03}", desk.city.communities[desk.city.community_at[&desk.home.cell]].code, q + 1).into(),
            ),
            ("address", plate.address.clone().into()),
        ];
        let door = plate.key.clone();
        sheet.put("compound", &key, Some(shape::polygon(&quarter.ring)), fields, valid);
        sheet.lies_in(&key, &door, Method::Stated, valid);
        let at = fill.plates[quarter.plate].at;
        let gate = desk.key("gate", q);
        let fields = vec![
            ("name", format!("{}大门", names[q]).into()),
            ("kind", "gate".into()),
            ("opening_hours", if quarter.kind == Kind::School { "06:30-18:00" } else { "24/7" }.into()),
            ("wheelchair", "yes".into()),
        ];
        sheet.put("entrance", &gate, Some(shape::point(at)), fields, valid);
        sheet.hangs_on(&gate, &door, valid);
    }
    let mut within: Vec<u32> = vec![0; fill.plates.len()];
    for hull in &fill.hulls {
        let n = &mut within[hull.plates.0];
        *n += 1;
        let key = format!("{}.b{n}", desk.plates[hull.plates.0].key);
        building(desk, hull, &key, &names, sheet);
    }
    shop_rooms(desk, sheet);
    for (n, patch) in fill.patches.iter().enumerate() {
        let name = patch.plate.and_then(|p| fill.plates[p].quarter).and_then(|q| names.get(q));
        let mut fields = vec![("kind", patch.kind.into())];
        if let Some(name) = name.filter(|_| patch.kind == "park") {
            fields.push(("name", name.clone().into()));
        }
        let prefix = if patch.layer == "water" { "water.c" } else { "green.c" };
        sheet.put(patch.layer, &desk.key(prefix, n), Some(shape::polygon(&patch.ring)), fields, desk.valid(Span::ALL));
    }
}

fn quarter_name(desk: &Desk<'_>, q: usize) -> String {
    let quarter = &desk.fill.quarters[q];
    let id = desk.rank as u64 * 9 + q as u64;
    let base = words::pair(id * 7 + 5);
    match quarter.kind {
        Kind::OldSlabs => words::quarter(id, "old"),
        Kind::Slabs => words::quarter(id, "slab"),
        Kind::Towers => words::quarter(id, "tower"),
        Kind::School if id.is_multiple_of(3) => format!("温州市{base}中学"),
        Kind::School => format!("{base}小学"),
        Kind::Park => format!("{base}公园"),
        Kind::Mall => format!("{base}广场"),
        Kind::Offices => format!("{base}大厦"),
        Kind::Market => format!("{base}农贸市场"),
        Kind::Hospital => format!("温州市{base}医院"),
        Kind::Works => format!("{base}工业园"),
        Kind::Campus => format!("温州{base}学院"),
        Kind::Hotel => format!("{base}酒店"),
        Kind::Civic | Kind::Houses | Kind::Wild => format!("{base}大院"),
    }
}

const fn quarter_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::OldSlabs | Kind::Slabs | Kind::Towers => "residential",
        Kind::School | Kind::Campus => "school",
        Kind::Park => "park",
        Kind::Mall | Kind::Offices | Kind::Market | Kind::Hotel => "commercial",
        Kind::Hospital => "hospital",
        Kind::Works => "industrial",
        Kind::Civic | Kind::Houses | Kind::Wild => "public",
    }
}

fn doorplate(desk: &mut Desk<'_>, plate: &Plate, (key, serial): (&str, u32), names: &[String], sheet: &mut Sheet) {
    let road = match plate.facing {
        crate::cell::lots::Facing::Line { upright, cell } => desk.city.line_name(upright, cell),
        crate::cell::lots::Facing::Inner(s) => desk.city.inner_name(desk.home.cell, s, desk.fill.lots.land),
    };
    let number = if plate.extra == 0 {
        format!("{}号", plate.number)
    } else {
        format!("{}号附{}号", plate.number, plate.extra)
    };
    let address = format!("{}{road}{number}", desk.prefix);
    let community = &desk.city.communities[desk.city.community_at[&desk.home.cell]];
    // Doorplates that are not there now have serials of their own.
    let gone = if plate.span.now() { 0 } else { 90_000_000 };
    let quarter = plate.quarter.and_then(|q| names.get(q));
    let mut fields = vec![
        ("number", number.into()),
        ("address", address.clone().into()),
        ("road_name", road.into()),
        // Community, class (1 a road, 2 a quarter) and a serial: one way to fill the hierarchical code, not a national one.
        ("code", format!("{}{}{:08}", community.code, if quarter.is_some() { 2 } else { 1 }, gone + serial).into()),
        ("postcode", "325000".into()),
    ];
    if let Some(name) = quarter {
        fields.push(("compound_name", name.clone().into()));
        fields.push(("name", name.clone().into()));
    }
    let valid = desk.valid(plate.span);
    sheet.put("doorplate", key, Some(shape::point(plate.at)), fields, valid);
    sheet.lies_in(key, &micro_key(desk.home.cell, plate.micro.into()), Method::Contained, valid);
    let from = piece_of(desk.marks[&plate.facing], plate.k);
    sheet.lies_in(key, &road_key(desk.home.cell, plate.facing, from), Method::Stated, valid);
    desk.plates.push(Written { key: key.to_owned(), address });
}

fn building(desk: &mut Desk<'_>, hull: &Hull, key: &str, names: &[String], sheet: &mut Sheet) {
    let valid = desk.valid(hull.span);
    let first = hull.plates.0;
    let mut address = desk.plates[first].address.clone();
    let quarter = desk.fill.plates[first].quarter.and_then(|q| names.get(q));
    let mut fields = vec![
        ("levels", i64::from(hull.levels).into()),
        ("height_m", height_m(hull).into()),
        ("use", same(hull.what)),
        ("built", year_built(desk, hull).into()),
    ];
    if hull.below > 0 {
        fields.push(("levels_below", i64::from(hull.below).into()));
    }
    if let Some(name) = quarter {
        address.push_str(name);
    }
    if hull.number > 0 {
        let _ = write!(address, "{}幢", hull.number);
        fields.push(("number", format!("{}幢", hull.number).into()));
        if let Some(name) = quarter.filter(|_| hull.number == 1 && hull.what != "residential") {
            fields.push(("name", name.clone().into()));
        }
    }
    let (wall, roof) = colors(hull, u64::from(hull.built) + hull.ring.len() as u64 + hull.plates.0 as u64);
    fields.extend([("color", wall.into()), ("roof_color", roof.into()), ("address", address.clone().into())]);
    sheet.put("building", key, Some(shape::polygon(&hull.ring)), fields, valid);
    for k in first..first + hull.plates.1 {
        sheet.lies_in(key, &desk.plates[k].key, Method::Stated, valid);
    }
    match hull.rooms {
        Rooms::Shops => {}
        Rooms::Plain(count) => {
            for n in 1..=count {
                let number = format!("{n}01");
                let within = (key, address.as_str(), hull.what != "public");
                room(desk, within, &format!("{key}.r{number}"), &number, (hull.span, 78.0), sheet);
            }
        }
        Rooms::Floors { each } => {
            for f in 1..=hull.levels {
                let floor = floor(key, &address, f, hull, desk, sheet);
                for n in 1..=each {
                    let number = format!("{f}{n:02}");
                    room(
                        desk,
                        (&floor, &address, false),
                        &format!("{floor}.r{number}"),
                        &number,
                        (hull.span, 120.0),
                        sheet,
                    );
                }
            }
        }
        Rooms::Flats { stairs, each } => flats(desk, hull, key, &address, (stairs, each), sheet),
    }
}

fn flats(desk: &mut Desk<'_>, hull: &Hull, key: &str, address: &str, (stairs, each): (u8, u8), sheet: &mut Sheet) {
    let valid = desk.valid(hull.span);
    // Stairwells open to the north; shops take the ground floor of what stands on the street.
    let first = if hull.what == "mixed" { 2 } else { 1 };
    for s in 1..=stairs {
        let stairwell = format!("{key}.s{s}");
        let address = format!("{address}{s}单元");
        let fields = vec![("number", format!("{s}单元").into()), ("address", address.clone().into())];
        sheet.put("stairwell", &stairwell, Some(shape::point(north_side(&hull.ring, s, stairs))), fields, valid);
        sheet.lies_in(&stairwell, key, Method::Stated, valid);
        for f in first..=hull.levels {
            let floor = floor(&stairwell, &address, f, hull, desk, sheet);
            for n in 1..=each {
                let number = format!("{f}{n:02}");
                room(desk, (&floor, &address, true), &format!("{floor}.r{number}"), &number, (hull.span, 96.0), sheet);
            }
        }
    }
}

fn floor(within: &str, address: &str, f: u8, hull: &Hull, desk: &Desk<'_>, sheet: &mut Sheet) -> String {
    let key = format!("{within}.f{f}");
    let valid = desk.valid(hull.span);
    sheet.put(
        "floor",
        &key,
        None,
        vec![("number", i64::from(f).into()), ("address", format!("{address}{f}层").into())],
        valid,
    );
    sheet.lies_in(&key, within, Method::Stated, valid);
    key
}

fn room(
    desk: &mut Desk<'_>,
    (within, address, dwelling): (&str, &str, bool),
    key: &str,
    number: &str,
    (span, area): (Span, f64),
    sheet: &mut Sheet,
) {
    let address = format!("{address}{number}室");
    let occupancy = if desk.rng.below(VACANT_ONE_IN) == 0 {
        "vacant"
    } else if !dwelling {
        "business"
    } else if desk.rng.below(10) < 3 {
        "let"
    } else {
        "owner"
    };
    let fields = vec![
        ("number", number.into()),
        ("address", address.into()),
        ("use", same(if dwelling { "residential" } else { "office" })),
        ("area_m2", (area * (0.6 + 0.8 * desk.rng.unit())).round().into()),
        ("occupancy", same(occupancy)),
    ];
    let valid = desk.valid(span);
    sheet.put("room", key, None, fields, valid);
    sheet.lies_in(key, within, Method::Stated, valid);
    let dwelling = dwelling && occupancy != "vacant";
    desk.rooms.push(Room { key: key.to_owned(), dwelling, span });
}

/// A shop is the one room of its doorplate.
fn shop_rooms(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let mut built = vec![false; desk.fill.plates.len()];
    for hull in desk.fill.hulls.iter().filter(|h| h.plates.1 > 1 || h.rooms == Rooms::Shops) {
        built[hull.plates.0..hull.plates.0 + hull.plates.1].fill(true);
    }
    for (k, plate) in desk.fill.plates.iter().enumerate() {
        if plate.door == Door::Shop && built[k] {
            let (key, address) = (desk.plates[k].key.clone(), desk.plates[k].address.clone());
            room(desk, (&key, &address, false), &format!("{key}.r101"), "101", (plate.span, 45.0), sheet);
        }
    }
}

/// What rose within the records was built in the year in which it rose.
fn year_built(desk: &Desk<'_>, hull: &Hull) -> i64 {
    if hull.span.from == Span::FIRST { hull.built.into() } else { Dates::year(desk.valid(hull.span).from) }
}

fn height_m(hull: &Hull) -> f64 {
    let level = match hull.what {
        "industrial" => 6.5,
        "retail" if hull.levels > 3 => 5.0,
        "office" | "hospital" | "school" | "public" => 3.8,
        _ => 3.0,
    };
    ((f64::from(hull.levels) * level + 0.9) * 10.0).round() / 10.0
}

fn colors(hull: &Hull, h: u64) -> (&'static str, &'static str) {
    let walls: &[&str] = match hull.what {
        "house" => &["#cfc4b2", "#c9bba3", "#d6cdbd", "#bfb29d"],
        "residential" if hull.levels > 12 => &["#d9cfc0", "#cbbba8", "#e0d8cc", "#c7b8a6"],
        "residential" => &["#dcd6c8", "#d4c9b6", "#cfc8bd", "#e2dccf"],
        "office" | "hotel" => &["#a9bccb", "#b7c4cc", "#9fb3c4", "#c2cbd0"],
        "industrial" => &["#c4cdd3", "#b9c7cf", "#d0d4d6"],
        "school" => &["#d8b79a", "#e0c6a8", "#cfae95"],
        "hospital" => &["#e6e8e8", "#dfe4e6"],
        _ => &["#d5cbbd", "#cdc5ba", "#c8bfb3"],
    };
    let roofs: &[&str] = match hull.what {
        "house" => &["#6f6a66", "#7d746c", "#8a5f4d"],
        "industrial" => &["#5f86a6", "#6d93ae", "#8fa3ad"],
        "residential" if hull.levels < 8 => &["#a2584a", "#8d8a85", "#9a6a58"],
        _ => &["#b3aea6", "#a7a39c", "#bcb8b1"],
    };
    let pick = |all: &[&'static str], h: u64| all[(h % all.len() as u64) as usize];
    (pick(walls, h), pick(roofs, h / 3))
}

/// The middle of the stairwell's part of the side across from the first (south or street) side.
fn north_side(ring: &[P], s: u8, stairs: u8) -> P {
    let (west, east) = (ring[ring.len() - 1], ring[if ring.len() == 4 { 2 } else { 2.min(ring.len() - 1) }]);
    let t = (f64::from(s) - 0.5) / f64::from(stairs);
    let at = shape::lerp(west, east, t);
    shape::lerp(at, shape::lerp(ring[0], ring[1], t), 0.08)
}
