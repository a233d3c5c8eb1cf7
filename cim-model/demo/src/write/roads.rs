//! Streets: those on the lattice lines, the inner ones, and the paths into hills and fields. Pieces meet in shared end points.

use gis_data::Value;

use super::Desk;
use crate::cell::Span;
use crate::cell::lots::Facing;
use crate::city::City;
use crate::place::frame::{Cell, FINE, P, RIVER_ROW};
use crate::place::land::{Class, Land};
use crate::place::shape;
use crate::sheet::{Dates, Fields, Sheet};
use crate::streets::{inner_marks, pieces, road_key};
use crate::words;

fn fields(name: &str, class: Class, bridge: bool, oneway: bool) -> Fields {
    let flag = |on: bool| if on { Value::Bool(true) } else { Value::Null };
    let name = if name.is_empty() { Value::Null } else { name.into() };
    let surface = match class {
        Class::Track | Class::Path => "unpaved",
        Class::Pedestrian | Class::Steps | Class::Footway => "paving_stones",
        _ => "asphalt",
    };
    vec![
        ("name", name),
        ("class", class.code().into()),
        ("bridge", flag(bridge)),
        ("layer", if bridge { Value::Int(1) } else { Value::Null }),
        ("oneway", flag(oneway)),
        ("width_m", Value::Float((class.half_m() * 1.3 * 10.0).round() / 10.0)),
        ("surface", surface.into()),
    ]
}

/// The lattice streets on the west and south sides of a row of cells, and the rim beyond the last column.
pub(super) fn lines(city: &City, row: i32, sheet: &mut Sheet) {
    let columns = city.ground.frame.columns;
    for i in columns.0..columns.1 {
        for upright in [true, false] {
            if city.has_street(upright, (i, row)) {
                line(city, upright, (i, row), sheet);
            }
        }
        let cell = (i, row);
        if matches!(city.land(cell), Land::Hill | Land::Farm) {
            country_path(city, cell, sheet);
        }
        if row == RIVER_ROW && city.has_street(false, cell) {
            riverside(city, cell, sheet);
        }
    }
}

fn line(city: &City, upright: bool, cell: Cell, sheet: &mut Sheet) {
    let always = Dates { now: city.plan.now }.interval(Span::ALL);
    let class = city.ground.street(upright, cell);
    let frame = &city.ground.frame;
    let river = upright && (cell.1 == RIVER_ROW || cell.1 == RIVER_ROW + 1);
    let beside = if upright { (cell.0 - 1, cell.1) } else { (cell.0, cell.1 - 1) };
    let tunnel = class == Class::Motorway && city.land(cell) == Land::Hill && city.land(beside) == Land::Hill;
    let name = if river {
        format!("瓯江{}桥", words::pair(u64::from(cell.0.unsigned_abs()) * 2 + 77))
    } else {
        city.line_name(upright, cell)
    };
    let canal = city.crosses_canal(upright, cell);
    let marks = if river { 1 | 1 << FINE } else { city.marks(upright, cell) };
    for (from, to) in pieces(marks) {
        let points: Vec<P> = (from..=to).map(|k| frame.edge(cell, !upright, f64::from(k) / FINE as f64)).collect();
        let bridge = river || canal && from == 0 && to == 1;
        let mut all = fields(&name, class, bridge, false);
        if tunnel {
            all.extend([("tunnel", Value::Bool(true)), ("layer", Value::Int(-1))]);
        }
        let key = road_key(cell, Facing::Line { upright, cell }, from);
        sheet.put("road", &key, Some(shape::line(&points)), all, always);
    }
}

/// The walk between the riverside street and the water, from crossing to crossing; with it the greenway as a facility.
fn riverside(city: &City, cell: Cell, sheet: &mut Sheet) {
    let always = Dates { now: city.plan.now }.interval(Span::ALL);
    let frame = &city.ground.frame;
    let mut points = vec![frame.within(cell, 0.0, 0.0)];
    for k in 1..24 {
        let a = f64::from(k) / 24.0;
        points.push(super::ground::bank(frame, cell, a, 20.5));
    }
    points.push(frame.within(cell, 1.0, 0.0));
    let key = format!("road.bank{}", cell.0);
    sheet.put("road", &key, Some(shape::line(&points)), fields("江滨步道", Class::Footway, false, false), always);
}

/// Steps up a hill or a track into the fields, from a corner where a street passes.
fn country_path(city: &City, cell: Cell, sheet: &mut Sheet) {
    let always = Dates { now: city.plan.now }.interval(Span::ALL);
    let (i, j) = cell;
    let corners = [(0_u8, 0_u8), (12, 0), (12, 12), (0, 12)];
    let touches = |(a, b): &(u8, u8)| {
        let node = (i + i32::from(*a / 12), j + i32::from(*b / 12));
        let ways = [(true, node), (true, (node.0, node.1 - 1)), (false, node), (false, (node.0 - 1, node.1))];
        ways.iter().any(|(u, c)| city.has_street(*u, *c) && !city.is_motorway(*u, *c))
    };
    let Some(&(a, b)) = corners.iter().find(|c| touches(c)) else { return };
    let hill = city.land(cell) == Land::Hill;
    let mesh = city.ground.frame.mesh(cell, 9.0);
    let inward = |n: u8| (if a == 0 { n } else { 12 - n }, if b == 0 { n } else { 12 - n });
    let at = |n: u8| {
        let (a, b) = inward(n);
        mesh.node(a, b)
    };
    // Up the slope in turns: path, steps, path.
    let legs: [(u8, u8, Class); 3] = if hill {
        [(0, 2, Class::Path), (2, 4, Class::Steps), (4, 7, Class::Path)]
    } else {
        [(0, 4, Class::Track), (4, 6, Class::Track), (6, 9, Class::Path)]
    };
    let name = if hill { format!("{}登山道", words::pair(city.ground.hash(cell, 7))) } else { String::new() };
    for (from, to, class) in legs {
        let points: Vec<P> = (from..=to).map(at).collect();
        sheet.put(
            "road",
            &format!("road.p{i}_{j}.{from}"),
            Some(shape::line(&points)),
            fields(&name, class, false, false),
            always,
        );
    }
}

/// The inner streets of a cell, and the roads within its walled blocks.
pub(super) fn inner(desk: &Desk<'_>, sheet: &mut Sheet) {
    let always = desk.valid(Span::ALL);
    let fill = desk.fill;
    for (s, street) in fill.lots.streets.iter().enumerate() {
        let name = desk.city.inner_name(desk.home.cell, s, fill.lots.land);
        let wet = if street.upright { fill.lots.wet.1 } else { fill.lots.wet.0 };
        for (from, to) in pieces(inner_marks(&fill.lots, street)) {
            let at = |k: u8| if street.upright { fill.mesh.node(street.at, k) } else { fill.mesh.node(k, street.at) };
            let points: Vec<P> = (from..=to).map(at).collect();
            let bridge = wet && from == 0 && to == 1;
            let key = road_key(desk.home.cell, Facing::Inner(s), from);
            sheet.put(
                "road",
                &key,
                Some(shape::line(&points)),
                fields(&name, street.class, bridge, street.oneway),
                always,
            );
        }
    }
    for (n, way) in fill.ways.iter().enumerate() {
        sheet.put(
            "road",
            &desk.key("road.w", n),
            Some(shape::line(&way.points)),
            fields("", way.class, false, false),
            always,
        );
    }
}
