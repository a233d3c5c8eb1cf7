//! Districts, subdistricts, communities, grids and microgrids: polygons that tile, codes, leaders, and their changes in time.

use std::collections::BTreeSet;

use gis_data::{Geometry, Interval, Method};

use crate::cell::Span;
use crate::cell::lots::{Lots, Rect};
use crate::city::City;
use crate::place::frame::{Cell, Frame, Mesh, P};
use crate::place::land::Land;
use crate::place::outline::{Node, parts};
use crate::place::shape;
use crate::rng::Rng;
use crate::sheet::{Dates, Sheet};
use crate::words;

/// When the parted communities were parted, in days from now.
pub(crate) const PARTED: i32 = -365;
/// When redrawn grids take effect, in days from now.
pub(crate) const REDRAWN: i32 = 40;

/// The polygon of a set of cells.
pub(crate) fn cells_shape(frame: &Frame, cells: &BTreeSet<Cell>) -> Geometry {
    shape::polygons(&parts(cells, |nodes| trace(frame, nodes)))
}

/// A loop of lattice nodes with all the fine points on its way.
pub(crate) fn trace(frame: &Frame, nodes: &[Node]) -> Vec<P> {
    let n = nodes.len();
    (0..n).flat_map(|k| frame.step(nodes[k], nodes[(k + 1) % n])).collect()
}

/// The polygon of some fine rectangles of a cell.
fn rects_shape(mesh: &Mesh, rects: &[Rect]) -> Geometry {
    let squares: BTreeSet<Node> = rects
        .iter()
        .flat_map(|[a0, a1, b0, b1]| {
            (*a0..*a1).flat_map(move |a| (*b0..*b1).map(move |b| (i32::from(a), i32::from(b))))
        })
        .collect();
    shape::polygons(&parts(&squares, |nodes| nodes.iter().map(|(a, b)| mesh.node(*a as u8, *b as u8)).collect()))
}

pub(super) fn areas(city: &City, sheet: &mut Sheet) {
    let always = Dates { now: city.plan.now }.interval(Span::ALL);
    let frame = &city.ground.frame;
    for (k, d) in city.districts.iter().enumerate().filter(|(_, d)| !d.cells.is_empty()) {
        let fields = vec![("name", d.name.clone().into()), ("code", d.code.clone().into())];
        sheet.put("district", &format!("district.{k}"), Some(cells_shape(frame, &d.cells)), fields, always);
    }
    for (k, s) in city.subdistricts.iter().enumerate() {
        let key = format!("subdistrict.{k}");
        let fields = vec![("name", s.name.clone().into()), ("code", s.code.clone().into())];
        sheet.put("subdistrict", &key, Some(cells_shape(frame, &s.cells)), fields, always);
        sheet.lies_in(&key, &format!("district.{}", s.parent), Method::Stated, always);
    }
    for (k, p) in city.parted.iter().enumerate() {
        let was = Dates { now: city.plan.now }.interval(Span { from: Span::FIRST, until: PARTED });
        let cells: BTreeSet<Cell> = p.parts.iter().flat_map(|c| city.communities[*c].cells.iter().copied()).collect();
        let key = format!("community.old{k}");
        let fields = vec![("name", p.name.clone().into()), ("code", p.code.clone().into())];
        sheet.put("community", &key, Some(cells_shape(frame, &cells)), fields, was);
        let subdistrict = city.communities[p.parts[0]].subdistrict;
        sheet.lies_in(&key, &format!("subdistrict.{subdistrict}"), Method::Stated, was);
    }
}

pub(super) fn community(city: &City, k: usize, sheet: &mut Sheet) {
    let dates = Dates { now: city.plan.now };
    let c = &city.communities[k];
    let key = format!("community.{k}");
    let from = if c.parted_from.is_some() { PARTED } else { Span::FIRST };
    let valid = dates.interval(Span { from, until: Span::EVER });
    let fields = vec![("name", c.name.clone().into()), ("code", c.code.clone().into())];
    sheet.put("community", &key, Some(cells_shape(&city.ground.frame, &c.cells)), fields, valid);
    sheet.lies_in(&key, &format!("subdistrict.{}", c.subdistrict), Method::Stated, valid);
    let mut homes: Vec<(String, Interval)> = vec![(key, valid)];
    if let Some(old) = c.parted_from {
        homes.push((format!("community.old{old}"), dates.interval(Span { from: Span::FIRST, until: PARTED })));
    }
    let mut serial = 0;
    for cell in &c.cells {
        grids(city, *cell, &c.name, &c.code, &homes, &mut serial, sheet);
    }
}

/// The key of a grid or microgrid.
fn area_key(kind: &str, (i, j): Cell, n: usize) -> String {
    format!("{kind}.c{i}_{j}.{n}")
}

/// The key of a microgrid.
pub(super) fn micro_key(cell: Cell, n: usize) -> String {
    area_key("micro", cell, n)
}

fn grids(
    city: &City,
    cell: Cell,
    community: &str,
    code: &str,
    homes: &[(String, Interval)],
    serial: &mut u32,
    sheet: &mut Sheet,
) {
    let dates = Dates { now: city.plan.now };
    let land = city.land(cell);
    let crooked = crate::cell::crooked_m(land);
    let mesh = city.ground.frame.mesh(cell, crooked);
    let lots = Lots::of(&city.ground, cell, land);
    let micros: Vec<(Rect, u8)> = lots.microgrids().collect();
    let moved = if city.redrawn.contains(&cell) { lots.movable() } else { BTreeSet::new() };
    let mut rng = Rng::of(city.ground.hash(cell, 71), 0);
    let always = dates.interval(Span::ALL);
    let (before, after) = (
        dates.interval(Span { from: Span::FIRST, until: REDRAWN }),
        dates.interval(Span { from: REDRAWN, until: Span::EVER }),
    );
    let first = *serial;
    for g in 0..lots.grids() {
        *serial += 1;
        let key = area_key("grid", cell, g.into());
        let kind = if matches!(land, Land::Park | Land::Campus) { "special" } else { "basic" };
        let fields = vec![
            ("name", format!("{}第{}网格", community, *serial).into()),
            ("code", format!("{code}{serial:03}").into()),
            ("kind", kind.into()),
            ("leader", words::person(&mut rng, None).into()),
            ("phone", words::phone(&mut rng).into()),
        ];
        let rects = |of: &dyn Fn(u8, usize) -> bool| -> Vec<Rect> {
            micros.iter().enumerate().filter(|(n, (_, own))| of(*own, *n)).map(|(_, (r, _))| *r).collect()
        };
        let now = rects(&|own, _| own == g);
        let then = rects(&|own, n| if moved.contains(&n) { g == 0 } else { own == g });
        if now == then {
            sheet.put("grid", &key, Some(rects_shape(&mesh, &now)), fields, always);
        } else {
            sheet.put("grid", &key, Some(rects_shape(&mesh, &now)), fields.clone(), before);
            sheet.put("grid", &key, Some(rects_shape(&mesh, &then)), fields, after);
        }
        for (home, valid) in homes {
            sheet.lies_in(&key, home, Method::Stated, *valid);
        }
    }
    let mut within = vec![0_u32; usize::from(lots.grids())];
    for (n, (rect, g)) in micros.iter().enumerate() {
        let slot = &mut within[usize::from(*g)];
        *slot += 1;
        let key = micro_key(cell, n);
        let grid = first + u32::from(*g) + 1;
        let fields = vec![
            ("name", format!("{community}第{grid}网格第{slot}微网格").into()),
            ("code", format!("{code}{grid:03}{slot:03}").into()),
            ("leader", words::person(&mut rng, None).into()),
            ("phone", words::phone(&mut rng).into()),
        ];
        sheet.put("microgrid", &key, Some(rects_shape(&mesh, &[*rect])), fields, always);
        let grid = area_key("grid", cell, (*g).into());
        if moved.contains(&n) {
            sheet.lies_in(&key, &grid, Method::Stated, before);
            sheet.lies_in(&key, &area_key("grid", cell, 0), Method::Stated, after);
        } else {
            sheet.lies_in(&key, &grid, Method::Stated, always);
        }
    }
}
