//! Water, green, built-up areas, hill tops.

use std::collections::BTreeSet;

use gis_data::{Interval, Value};

use super::admin::{cells_shape, trace};
use crate::cell::Span;
use crate::city::City;
use crate::place::frame::{Cell, Frame, P, RIVER_ROW};
use crate::place::land::Land;
use crate::place::outline::{connected, parts};
use crate::place::shape;
use crate::rng::{Rng, mix, noise, unit};
use crate::sheet::{Dates, Sheet};
use crate::words;

/// Where a canal lies within the fine step next to its street, as shares of the step.
const CANAL: (f64, f64) = (0.37, 0.80);

/// A point so many metres into the river from its south bank (row `RIVER_ROW`) or north bank.
pub(super) fn bank(frame: &Frame, cell: Cell, a: f64, metres: f64) -> P {
    let high = shape::distance(frame.within(cell, a, 0.0), frame.within(cell, a, 1.0)).max(1.0);
    let b = metres / high;
    frame.within(cell, a, if cell.1 == RIVER_ROW { b } else { 1.0 - b })
}

/// The water's edge: 26 to 50 m from the street on the bank.
fn edge(frame: &Frame, cell: Cell, a: f64) -> P {
    let p = frame.within(cell, a, if cell.1 == RIVER_ROW { 0.0 } else { 1.0 });
    bank(frame, cell, a, 38.0 + 12.0 * noise(3, p[0] / 160.0, p[1] / 160.0))
}

struct Pen<'a> {
    city: &'a City,
    always: Interval,
    sheet: &'a mut Sheet,
    serial: usize,
}

impl Pen<'_> {
    fn area(&mut self, layer: &'static str, ring: &[P], kind: &'static str, name: Option<String>) {
        self.serial += 1;
        let fields = vec![("kind", kind.into()), ("name", name.map_or(Value::Null, Into::into))];
        let key = format!("{layer}.{}", self.serial);
        self.sheet.put(layer, &key, Some(shape::polygon(ring)), fields, self.always);
    }
}

pub(super) fn write(city: &City, sheet: &mut Sheet) {
    let always = Dates { now: city.plan.now }.interval(Span::ALL);
    let mut pen = Pen { city, always, sheet, serial: 0 };
    river(&mut pen);
    sea(&mut pen);
    canals(&mut pen);
    hills(&mut pen);
    fields(&mut pen);
    built_up(&mut pen);
}

fn river(pen: &mut Pen<'_>) {
    let frame = &pen.city.ground.frame;
    let (from, to) = frame.river_columns();
    let side = |row: i32| (from..=to).flat_map(move |i| (0..12).map(move |k| ((i, row), f64::from(k) / 12.0)));
    let mut ring: Vec<P> = side(RIVER_ROW).map(|(c, a)| edge(frame, c, a)).collect();
    let north: Vec<P> = side(RIVER_ROW + 1).map(|(c, a)| edge(frame, c, a)).collect();
    ring.extend(north.into_iter().rev());
    pen.area("water", &ring, "river", Some("瓯江".to_owned()));
    let columns = frame.columns;
    for i in columns.0..columns.1 {
        for (row, home) in [(RIVER_ROW, RIVER_ROW - 1), (RIVER_ROW + 1, RIVER_ROW + 2)] {
            if !pen.city.home_at.contains_key(&(i, home)) {
                continue;
            }
            let at = |k: i32| f64::from(k) / 24.0;
            let mut strip: Vec<P> = (0..=24).map(|k| bank(frame, (i, row), at(k), 16.0)).collect();
            strip.extend((0..=24).rev().map(|k| edge(frame, (i, row), at(k))));
            if row != RIVER_ROW {
                strip.reverse();
            }
            pen.area("green", &strip, "riverside", Some("江滨公园".to_owned()));
        }
    }
}

fn sea(pen: &mut Pen<'_>) {
    let frame = &pen.city.ground.frame;
    let shore = frame.columns.1;
    let mut ring: Vec<P> = Vec::new();
    for j in (frame.rows.0..frame.rows.1).rev() {
        for k in (0..12).rev() {
            let p = frame.edge((shore, j), false, f64::from(k) / 12.0);
            ring.push([p[0] + 70.0 * noise(5, p[1] / 400.0, 0.5) + 24.0 * noise(6, p[1] / 90.0, 0.5), p[1]]);
        }
    }
    let far = 6000.0 + 2.0 * frame.radius_m;
    let (north, south) = (ring[0], ring[ring.len() - 1]);
    ring.extend([[south[0] + 500.0, south[1] - far], [south[0] + far, south[1] - far]]);
    ring.extend([[north[0] + far, north[1] + far], [north[0] + 500.0, north[1] + far]]);
    pen.area("water", &ring, "sea", Some("温州湾".to_owned()));
}

/// Runs of cells along a line; each becomes one strip of water.
fn canals(pen: &mut Pen<'_>) {
    let city = pen.city;
    let frame = &city.ground.frame;
    for upright in [true, false] {
        let (lines, along) = if upright { (frame.columns, frame.rows) } else { (frame.rows, frame.columns) };
        for k in lines.0..lines.1 {
            let mut run: Vec<Cell> = Vec::new();
            for m in along.0..=along.1 {
                let cell = if upright { (k, m) } else { (m, k) };
                let wet = m < along.1 && city.ground.canal(upright, cell) && city.land(cell) != Land::Hill;
                if wet {
                    run.push(cell);
                } else if !run.is_empty() {
                    canal(pen, upright, &run);
                    run.clear();
                }
            }
        }
    }
}

fn canal(pen: &mut Pen<'_>, upright: bool, run: &[Cell]) {
    let frame = &pen.city.ground.frame;
    let (mut near, mut far, mut lawn) = (Vec::new(), Vec::new(), Vec::new());
    let river = |cell: Cell, share: f64| edge_past(frame, cell, share / 12.0);
    let (first, last) = (run[0], run[run.len() - 1]);
    if upright && first.1 == RIVER_ROW + 2 {
        near.push(river((first.0, RIVER_ROW + 1), CANAL.0));
        far.push(river((first.0, RIVER_ROW + 1), CANAL.1));
    }
    for cell in run {
        let land = pen.city.land(*cell);
        let mesh = frame.mesh(*cell, crate::cell::crooked_m(land));
        let spot =
            |k: u8, share: f64| if upright { mesh.at(share, f64::from(k)) } else { mesh.at(f64::from(k), share) };
        let steps = 0..if *cell == last { 13 } else { 12 };
        for k in steps {
            near.push(spot(k, CANAL.0));
            far.push(spot(k, CANAL.1));
        }
        if pen.city.home_at.contains_key(cell) {
            // Between the canal and the first houses, clear of the street at either end.
            let mut strip: Vec<P> = (0..=10)
                .map(|k| {
                    if upright {
                        mesh.at(0.83, 0.6 + f64::from(k) * 1.08)
                    } else {
                        mesh.at(0.6 + f64::from(k) * 1.08, 0.83)
                    }
                })
                .collect();
            strip.extend((0..=10).rev().map(|k| {
                if upright { mesh.at(1.0, 0.6 + f64::from(k) * 1.08) } else { mesh.at(0.6 + f64::from(k) * 1.08, 1.0) }
            }));
            lawn.push(strip);
        }
    }
    if upright && last.1 == RIVER_ROW - 1 {
        near.push(river((last.0, RIVER_ROW), CANAL.0));
        far.push(river((last.0, RIVER_ROW), CANAL.1));
    }
    near.extend(far.into_iter().rev());
    if shape::area(&near) < 0.0 {
        near.reverse();
    }
    let id = u64::from(first.0.unsigned_abs()) * 31 + u64::from(first.1.unsigned_abs()) * 7 + u64::from(upright);
    let tail = ["河", "塘河", "浦", "河"][(mix(id, 3) % 4) as usize];
    pen.area("water", &near, "canal", Some(format!("{}{tail}", words::pair(id + 60))));
    for mut strip in lawn {
        if shape::area(&strip) < 0.0 {
            strip.reverse();
        }
        pen.area("green", &strip, "canalside", None);
    }
}

fn edge_past(frame: &Frame, cell: Cell, a: f64) -> P {
    bank(frame, cell, a, 55.0)
}

fn hills(pen: &mut Pen<'_>) {
    let city = pen.city;
    let frame = &city.ground.frame;
    let all: BTreeSet<Cell> = frame.cells().filter(|c| city.land(*c) == Land::Hill).collect();
    for (n, group) in connected(&all).into_iter().enumerate() {
        let rings = parts(&group, |nodes| {
            let mut points = trace(frame, nodes);
            let count = nodes.len();
            for (k, node) in nodes.iter().enumerate() {
                if beside_home(city, *node, nodes[(k + 1) % count]) {
                    continue;
                }
                for m in 1..12 {
                    let p = &mut points[k * 12 + m];
                    let t = m as f64 / 12.0;
                    let loose = 4.0 * t * (1.0 - t);
                    let (x, y) = (p[0], p[1]);
                    p[0] += 110.0 * loose * noise(8, x / 300.0, y / 300.0);
                    p[1] += 110.0 * loose * noise(9, x / 300.0, y / 300.0);
                }
            }
            points
        });
        let name = format!("{}山", words::pair(n as u64 * 23 + 31));
        let key = format!("green.hill{n}");
        let fields = vec![("kind", "forest".into()), ("name", name.clone().into())];
        pen.sheet.put("green", &key, Some(shape::polygons(&rings)), fields, pen.always);
        reservoir(pen, &group);
        let Some(top) = group.iter().max_by_key(|c| city.ground.hash(**c, 17)) else { continue };
        let metres = 40.0 + 25.0 * (group.len() as f64).sqrt() + 60.0 * unit(city.ground.hash(*top, 18));
        let fields = vec![("kind", "peak".into()), ("name", name.into()), ("elevation_m", metres.round().into())];
        pen.sheet.put("terrain", &format!("terrain.{n}"), Some(shape::point(frame.middle(*top))), fields, pen.always);
    }
}

/// A reservoir in a valley of larger hills.
fn reservoir(pen: &mut Pen<'_>, group: &BTreeSet<Cell>) {
    let city = pen.city;
    let inner = |c: &&Cell| {
        let (i, j) = **c;
        (-1..=1).all(|x| (-1..=1).all(|y| group.contains(&(i + x, j + y)) && !city.has_street(true, (i + x, j + y))))
    };
    let Some(cell) = group.iter().filter(inner).min_by_key(|c| city.ground.hash(**c, 19)) else { return };
    let [x, y] = city.ground.frame.middle(*cell);
    let ring: Vec<P> = crate::cell::quarter::circle(36)
        .map(|[c, s]| {
            let r = 150.0 * (1.0 + 0.45 * noise(11, c * 1.5 + x, s * 1.5 + y) + 0.2 * noise(12, c * 3.0, s * 3.0 + x));
            [x + 1.5 * r * c + 60.0 * s * s, y + r * s]
        })
        .collect();
    pen.area("water", &ring, "reservoir", Some(format!("{}水库", words::pair(city.ground.hash(*cell, 20)))));
}

/// Whether the lattice step borders a cell that is built over.
fn beside_home(city: &City, a: Cell, b: Cell) -> bool {
    let low = (a.0.min(b.0), a.1.min(b.1));
    let other = if a.1 == b.1 { (low.0, low.1 - 1) } else { (low.0 - 1, low.1) };
    [low, other].iter().any(|c| city.home_at.contains_key(c)) || city.has_street(a.0 == b.0, low)
}

/// Fields, orchards and ponds of the open country round the city.
fn fields(pen: &mut Pen<'_>) {
    let city = pen.city;
    let frame = &city.ground.frame;
    for cell in frame.cells().filter(|c| city.land(*c) == Land::Farm) {
        let mut rng = Rng::of(city.ground.hash(cell, 81), 0);
        let mesh = frame.mesh(cell, 9.0);
        for (a0, a1) in [(1_u8, 4_u8), (4, 8), (8, 12)] {
            for (b0, b1) in [(1_u8, 3_u8), (3, 6), (6, 9), (9, 12)] {
                let (kind, by) = match rng.below(20) {
                    0..=3 => continue,
                    4..=5 => ("orchard", 7.0),
                    6 => ("pond", 12.0),
                    _ => ("farmland", 4.0),
                };
                let ring = mesh.inset([a0, a1, b0, b1], [by; 4]);
                let layer = if kind == "pond" { "water" } else { "green" };
                pen.area(layer, &ring, kind, None);
            }
        }
    }
}

fn built_up(pen: &mut Pen<'_>) {
    let city = pen.city;
    let kind = |land: Land| match land {
        Land::Works => Some("industrial"),
        Land::Mixed => Some("commercial"),
        Land::Campus => Some("education"),
        Land::Homes | Land::OldTown | Land::Village => Some("residential"),
        Land::Park | Land::River | Land::Hill | Land::Farm => None,
    };
    let mut serial = 0;
    for wanted in ["residential", "commercial", "industrial", "education"] {
        let cells: BTreeSet<Cell> =
            city.homes.iter().filter(|h| kind(h.land) == Some(wanted)).map(|h| h.cell).collect();
        for group in connected(&cells) {
            serial += 1;
            let fields = vec![("kind", wanted.into())];
            let geometry = cells_shape(&city.ground.frame, &group);
            pen.sheet.put("built_up", &format!("built_up.{serial}"), Some(geometry), fields, pen.always);
        }
    }
}
