//! Components along the streets, devices, plates on the walls, hazards.

use super::Desk;
use crate::cell::Span;
use crate::cell::lots::{SOUTH, WEST};
use crate::place::frame::{Mesh, P};
use crate::place::land::{Class, Land};
use crate::place::shape;
use crate::sheet::{DAY, Dates, Sheet, same};
use crate::words;

/// One doorplate in so many has the life of its sign in the records.
const SIGN_EVERY: usize = 12;

/// Kind, name, class code (大类 + 小类, DOMAIN §2.2), share of the fine steps of a street that have one.
const ALONG: [(&str, &str, &str, f64); 9] = [
    ("street_lamp", "路灯", "0118", 0.50),
    ("tree", "行道树", "0402", 0.30),
    ("manhole", "雨水井盖", "0103", 0.13),
    ("manhole", "污水井盖", "0102", 0.10),
    ("hydrant", "消防栓", "0113", 0.06),
    ("bin", "垃圾箱", "0305", 0.08),
    ("bench", "街头座椅", "0407", 0.03),
    ("sign", "路名牌", "0213", 0.04),
    ("bollard", "交通护栏", "0211", 0.02),
];

pub(super) fn write(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    if desk.plates.is_empty() {
        return;
    }
    components(desk, sheet);
    devices(desk, sheet);
    signs(desk, sheet);
    hazards(desk, sheet);
}

/// Along the pavement of every side of every block that faces a street of some width.
fn components(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let fill = desk.fill;
    let mut n = 0;
    for block in &fill.lots.blocks {
        let [a0, a1, b0, b1] = block.rect;
        // A street is served from the block north or east of it.
        for side in [SOUTH, WEST] {
            let own = &block.sides[side];
            if own.class > Class::Living {
                continue;
            }
            let (lo, hi) = if side == SOUTH { (a0, a1) } else { (b0, b1) };
            for k in lo..hi {
                for (kind, name, code, share) in ALONG {
                    let share = if own.class == Class::Living { share * 0.3 } else { share };
                    if !desk.rng.chance(share) {
                        continue;
                    }
                    let t = desk.rng.unit();
                    let off = if kind == "manhole" { 0.45 } else { 0.82 } * own.class.half_m();
                    let at = kerb(&fill.mesh, (a0, b0), side, k, t, off);
                    n += 1;
                    component(desk, n, (kind, name, code), at, sheet);
                }
            }
        }
    }
    // Signals where wide streets meet: the corners of the cell.
    if desk.city.ground.street(true, desk.home.cell).max(desk.city.ground.street(false, desk.home.cell))
        <= Class::Secondary
    {
        n += 1;
        let at = fill.mesh.at(0.25, 0.25);
        component(desk, n, ("signal", "交通信号灯", "0210"), at, sheet);
    }
    if matches!(fill.lots.land, Land::Works) {
        n += 1;
        component(desk, n, ("tower", "高压线铁塔", "0134"), fill.mesh.at(0.6, 6.5), sheet);
    }
    n += 1;
    component(desk, n, ("other", "通信交接箱", "0115"), fill.mesh.at(11.7, 11.7), sheet);
}

fn kerb(mesh: &Mesh, (a0, b0): (u8, u8), side: usize, k: u8, t: f64, off_m: f64) -> P {
    if side == SOUTH {
        let step = shape::distance(mesh.node(k, b0), mesh.node(k, b0 + 1));
        mesh.point(k, b0, t, off_m / step)
    } else {
        let step = shape::distance(mesh.node(a0, k), mesh.node(a0 + 1, k));
        mesh.point(a0, k, off_m / step, t)
    }
}

fn component(
    desk: &mut Desk<'_>,
    n: usize,
    (kind, name, class_code): (&'static str, &'static str, &'static str),
    at: P,
    sheet: &mut Sheet,
) {
    let sub = &desk.city.subdistricts[desk.city.communities[desk.city.community_at[&desk.home.cell]].subdistrict];
    let district = &desk.city.districts[sub.parent].code;
    let key = desk.key("component", n);
    let code = format!("{district}{class_code}{:06}", (desk.rank * 700 + n) % 1_000_000);
    let fields = |status: &'static str| {
        vec![
            ("name", name.into()),
            ("class_code", class_code.into()),
            ("code", code.clone().into()),
            ("kind", kind.into()),
            ("status", same(status)),
            ("department", "市政园林中心".into()),
        ]
    };
    let shape = shape::point(at);
    match desk.rng.below(60) {
        0 => {
            // Broken some days ago; half of them were repaired.
            let broke = -(1 + desk.rng.below(500) as i32);
            let mended = broke + 2 + desk.rng.below(30) as i32;
            let until = if mended < 0 { mended } else { Span::EVER };
            let mut put = |status, from, until| {
                sheet.put("component", &key, Some(shape.clone()), fields(status), desk.valid(Span { from, until }));
            };
            put("good", Span::FIRST, broke);
            put("broken", broke, until);
            if until != Span::EVER {
                put("good", until, Span::EVER);
            }
        }
        _ => sheet.put("component", &key, Some(shape), fields("good"), desk.valid(Span::ALL)),
    }
    desk.hang(sheet, &key, at, Span::ALL);
}

fn devices(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let mesh = &desk.fill.mesh;
    let mut all: Vec<(&str, &str, P)> = vec![
        ("camera", "路口视频", mesh.at(0.3, 0.3)),
        ("camera", "路口视频", mesh.at(11.7, 0.3)),
        ("street_light", "智慧灯杆", mesh.at(6.0, 0.3)),
    ];
    if desk.rank.is_multiple_of(4) {
        all.push(("air", "空气监测站", mesh.at(6.2, 11.6)));
    }
    if desk.fill.lots.wet.0 {
        all.push(("water_level", "河道水位计", mesh.at(0.6, 6.0)));
    }
    if desk.fill.lots.wet.1 {
        all.push(("water_level", "河道水位计", mesh.at(6.0, 0.6)));
    }
    for (k, plate) in desk.fill.plates.iter().enumerate().filter(|(_, p)| p.span == Span::ALL) {
        match (plate.quarter, k % 37) {
            (Some(_), _) => all.extend([("camera", "小区出入口视频", plate.at), ("access", "小区门禁", plate.at)]),
            (None, 0) => all.push(("smoke", "独立式烟感", plate.at)),
            (None, 19) => all.push(("other", "电气火灾监测", plate.at)),
            _ => {}
        }
    }
    for hull in desk.fill.hulls.iter().filter(|h| h.levels > 9 && h.span == Span::ALL) {
        all.push(("lift", "电梯物联终端", shape::mean(&hull.ring)));
    }
    for (n, (kind, name, at)) in all.into_iter().enumerate() {
        let key = desk.key("device", n);
        let fields = vec![
            ("name", name.into()),
            ("kind", kind.into()),
            ("serial", format!("DM{:04}{n:05}", desk.rank).into()),
            ("status", if desk.rng.chance(0.03) { "offline" } else { "online" }.into()),
        ];
        sheet.put("device", &key, Some(shape::point(at)), fields, desk.valid(Span::ALL));
        desk.hang(sheet, &key, at, Span::ALL);
    }
}

/// The physical signs: made, mounted, in use; a few damaged.
fn signs(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    for k in (0..desk.plates.len()).step_by(SIGN_EVERY) {
        let plate = &desk.fill.plates[k];
        let key = desk.key("plate", k);
        let status = desk.rng.pick(&["active", "active", "active", "active", "active", "mounted", "damaged", "made"]);
        let fields = vec![
            ("number", format!("{}号", plate.number).into()),
            ("serial", format!("WZ{:03}{:08}", desk.rank % 1000, desk.rng.below(100_000_000)).into()),
            ("status", status.into()),
        ];
        let valid = desk.valid(plate.span);
        sheet.put("plate", &key, Some(shape::point(plate.at)), fields, valid);
        sheet.hangs_on(&key, &desk.plates[k].key, valid);
    }
}

/// Hazards of the last two years; most were fixed.
fn hazards(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let wanted = desk.plates.len() / 70 + 1;
    for n in 0..wanted {
        let k = desk.rng.below(desk.plates.len() as u64) as usize;
        if desk.fill.plates[k].span != Span::ALL {
            continue;
        }
        let (kind, name) = desk.rng.pick(&[
            ("fire", "电动自行车楼道充电"),
            ("fire", "疏散通道堆物"),
            ("facility", "窨井盖松动"),
            ("falling", "外墙空调支架锈蚀"),
            ("falling", "阳台花盆"),
            ("flood", "低洼易积水点"),
            ("geology", "边坡落石"),
            ("other", "老旧电线私拉"),
        ]);
        let found = -(1 + desk.rng.below(730) as i32);
        let fixed = found + 3 + desk.rng.below(60) as i32;
        let moment = Dates::date(desk.dates.now.plus_micros(i64::from(found) * DAY));
        let level = ["4", "3", "3", "2", "1"][(desk.rng.below(5) as usize).min(4)];
        let contact = words::person(&mut desk.rng, None);
        let key = desk.key("hazard", n);
        let fields = |status: &'static str| {
            vec![
                ("name", name.into()),
                ("kind", kind.into()),
                ("level", level.into()),
                ("status", status.into()),
                ("found", moment.clone().into()),
                ("contact", contact.clone().into()),
            ]
        };
        let at = shape::point(desk.fill.plates[k].at);
        let until = if fixed < 0 { fixed } else { Span::EVER };
        sheet.put("hazard", &key, Some(at.clone()), fields("open"), desk.valid(Span { from: found, until }));
        let mut last = until;
        if fixed < 0 {
            // A fixed hazard stays on the map for two months.
            last = fixed + 60;
            sheet.put("hazard", &key, Some(at), fields("fixed"), desk.valid(Span { from: fixed, until: last }));
        }
        sheet.hangs_on(&key, &desk.plates[k].key, desk.valid(Span { from: found, until: last }));
    }
}
