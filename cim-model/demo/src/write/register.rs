//! Organisations, facilities of every circle, activities, forces, crews, vehicles, shelters.

use gis_data::Value;

use super::Desk;
use crate::cell::lots::Kind;
use crate::cell::{Door, Span};
use crate::place::frame::P;
use crate::place::shape;
use crate::sheet::{Dates, Sheet};
use crate::words;

/// Of the shops, so many have their organisation in the register.
const TRADING: f64 = 0.5;

const TRADES: [(&str, &str); 14] = [
    ("餐饮业", "小吃店"),
    ("餐饮业", "面馆"),
    ("零售业", "便利店"),
    ("零售业", "服装店"),
    ("零售业", "水果店"),
    ("居民服务业", "理发店"),
    ("居民服务业", "洗衣店"),
    ("零售业", "五金店"),
    ("零售业", "鞋店"),
    ("零售业", "眼镜店"),
    ("维修业", "电器维修部"),
    ("零售业", "文具店"),
    ("餐饮业", "糕点店"),
    ("房地产业", "房产中介"),
];

/// Facilities that sit in a shop: one in so many homes has one (1: every home), how many there, and the name's tail.
const IN_SHOPS: [(&str, usize, u32, &str, &str, i64); 21] = [
    ("convenience", 1, 4, "便利店", "07:00-23:00", 0),
    ("restaurant", 1, 5, "饭店", "10:00-22:00", 60),
    ("pharmacy", 1, 2, "大药房", "08:00-22:00", 0),
    ("supermarket", 2, 1, "超市", "08:00-21:30", 0),
    ("cafe", 2, 1, "茶咖", "09:00-22:00", 30),
    ("bank", 2, 1, "银行网点", "08:30-17:00", 0),
    ("clinic", 2, 1, "社区卫生服务站", "08:00-17:30", 20),
    ("canteen", 2, 1, "社区食堂", "06:30-18:30", 80),
    ("post", 3, 1, "邮政快递驿站", "08:30-20:00", 0),
    ("nursery", 3, 1, "托育园", "07:30-18:00", 45),
    ("library", 3, 1, "城市书房", "08:00-22:00", 60),
    ("culture_station", 4, 1, "文化驿站", "09:00-20:30", 50),
    ("gym", 3, 1, "百姓健身房", "06:00-22:00", 40),
    ("elder_care", 3, 1, "居家养老服务照料中心", "07:30-17:30", 40),
    ("community_centre", 1, 1, "党群服务中心", "08:30-17:30", 100),
    ("police", 9, 1, "派出所", "24/7", 0),
    ("hotel", 6, 1, "宾馆", "24/7", 80),
    ("recycling", 3, 1, "再生资源回收站", "08:00-17:00", 0),
    ("townhall", 9, 1, "便民服务中心", "08:30-17:00", 60),
    ("charging", 3, 1, "充电站", "24/7", 12),
    ("kindergarten", 2, 1, "幼儿园", "07:30-17:00", 270),
];

/// Facilities that stand by themselves: one in so many homes, which of them, name's tail, hours, capacity.
const APART: [(&str, usize, usize, &str, &str, i64); 13] = [
    ("fire_station", 14, 3, "消防救援站", "24/7", 0),
    ("museum", 19, 5, "博物馆", "09:00-17:00", 800),
    ("theatre", 21, 8, "大剧院", "09:00-21:00", 1200),
    ("stadium", 16, 9, "全民健身中心", "06:00-22:00", 2000),
    ("metro_station", 7, 2, "站", "06:00-23:00", 0),
    ("place_of_worship", 6, 1, "寺", "06:00-18:00", 200),
    ("fuel", 9, 4, "加油站", "24/7", 0),
    ("hospital", 18, 6, "人民医院", "24/7", 600),
    ("market", 8, 7, "菜市场", "05:00-19:00", 0),
    ("school", 10, 3, "小学", "07:00-17:30", 1200),
    ("pitch", 5, 2, "笼式足球场", "06:00-22:00", 40),
    ("park", 6, 5, "口袋公园", "24/7", 0),
    ("other", 9, 1, "社会组织服务站", "08:30-17:30", 0),
];

pub(super) fn write(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    if desk.plates.is_empty() {
        return;
    }
    organisations(desk, sheet);
    facilities(desk, sheet);
    forces(desk, sheet);
    vehicles(desk, sheet);
}

fn organisations(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let mut n = 0;
    for k in 0..desk.plates.len() {
        let plate = &desk.fill.plates[k];
        let wanted = match plate.door {
            Door::Shop => desk.rng.chance(TRADING),
            Door::House => false,
            Door::Gate(kind) => !matches!(kind, Kind::OldSlabs | Kind::Slabs | Kind::Towers) || desk.rng.chance(0.5),
        };
        if !wanted || plate.span != Span::ALL {
            continue;
        }
        // Turnover: a shop that closed, a month empty, and the one that followed.
        let turn = -(20 + desk.rng.below(690) as i32);
        let spans: &[Span] = if plate.door == Door::Shop && desk.rng.chance(0.22) {
            &[Span { from: Span::FIRST, until: turn - 30 }, Span { from: turn, until: Span::EVER }]
        } else {
            &[Span::ALL]
        };
        for span in spans {
            n += 1;
            organisation(desk, k, n, *span, sheet);
        }
    }
}

fn organisation(desk: &mut Desk<'_>, k: usize, n: usize, span: Span, sheet: &mut Sheet) {
    let plate = &desk.fill.plates[k];
    let base = words::pair(desk.rng.bits());
    let (industry, tail, kind, staff) = match plate.door {
        Door::Gate(Kind::Works) => ("制造业", "鞋业有限公司", "enterprise", 40 + desk.rng.below(400)),
        Door::Gate(Kind::School | Kind::Campus) => ("教育", "学校", "institution", 60 + desk.rng.below(120)),
        Door::Gate(Kind::Hospital) => ("卫生", "医院", "institution", 120 + desk.rng.below(800)),
        Door::Gate(Kind::OldSlabs | Kind::Slabs | Kind::Towers) => {
            ("物业管理", "物业服务有限公司", "enterprise", 8 + desk.rng.below(30))
        }
        Door::Gate(_) => ("商务服务业", "商务有限公司", "enterprise", 10 + desk.rng.below(90)),
        Door::Shop | Door::House => {
            let (industry, tail) = desk.rng.pick(&TRADES);
            (industry, tail, "individual", 1 + desk.rng.below(8))
        }
    };
    let key = desk.key("org", n);
    let fields = vec![
        ("name", format!("{base}{tail}").into()),
        ("credit_code", words::credit_code(u64::from(desk.home.first) * 4 + n as u64).into()),
        ("kind", kind.into()),
        ("industry", industry.into()),
        ("staff", (staff as i64).into()),
        ("contact", words::person(&mut desk.rng, None).into()),
        ("phone", words::phone(&mut desk.rng).into()),
        ("address", desk.plates[k].address.clone().into()),
    ];
    let valid = desk.valid(span);
    sheet.put("organisation", &key, Some(shape::point(plate.at)), fields, valid);
    sheet.hangs_on(&key, &desk.plates[k].key, valid);
}

struct Facility<'a> {
    kind: &'static str,
    name: String,
    hours: &'static str,
    capacity: i64,
    plate: usize,
    ring: Option<&'a [P]>,
}

fn facility(desk: &mut Desk<'_>, n: &mut usize, f: &Facility<'_>, sheet: &mut Sheet) {
    *n += 1;
    let key = desk.key("facility", *n);
    let wheelchair = ["yes", "limited", "no"][desk.rng.below(3) as usize];
    let plate = &desk.fill.plates[f.plate];
    let fields = vec![
        ("name", f.name.clone().into()),
        ("kind", f.kind.into()),
        ("address", desk.plates[f.plate].address.clone().into()),
        ("phone", words::phone(&mut desk.rng).into()),
        ("opening_hours", f.hours.into()),
        ("capacity", if f.capacity > 0 { f.capacity.into() } else { Value::Null }),
        ("wheelchair", wheelchair.into()),
    ];
    let geometry = f.ring.map_or_else(|| shape::point(plate.at), shape::polygon);
    let valid = desk.valid(plate.span);
    sheet.put("facility", &key, Some(geometry), fields, valid);
    sheet.hangs_on(&key, &desk.plates[f.plate].key, valid);
}

fn facilities(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let fill = desk.fill;
    let mut n = 0;
    let of = |doors: &dyn Fn(Door) -> bool| -> Vec<usize> {
        let all = fill.plates.iter().enumerate();
        all.filter(|(_, p)| p.span == Span::ALL && doors(p.door)).map(|(k, _)| k).collect()
    };
    let mut shops = of(&|d| d == Door::Shop);
    if shops.is_empty() {
        shops = of(&|_| true);
    }
    if shops.is_empty() {
        return;
    }
    for (kind, every, count, tail, hours, capacity) in IN_SHOPS {
        if desk.rank % every != kind.len() % every {
            continue;
        }
        for _ in 0..count {
            let plate = desk.rng.pick(&shops);
            let name = if kind == "community_centre" {
                format!("{}{tail}", desk.city.communities[desk.city.community_at[&desk.home.cell]].name)
            } else {
                format!("{}{tail}", words::pair(desk.rng.bits()))
            };
            facility(desk, &mut n, &Facility { kind, name, hours, capacity, plate, ring: None }, sheet);
        }
    }
    for (kind, every, which, tail, hours, capacity) in APART {
        if desk.rank % every == which % every {
            let plate = desk.rng.pick(&shops);
            let name = format!("{}{tail}", words::pair(desk.rng.bits()));
            facility(desk, &mut n, &Facility { kind, name, hours, capacity, plate, ring: None }, sheet);
        }
    }
    for quarter in &fill.quarters {
        let (kind, tail, hours, capacity) = match quarter.kind {
            Kind::School | Kind::Campus => ("school", "学校", "07:00-17:30", 1600),
            Kind::Park => ("park", "公园", "24/7", 0),
            Kind::Hospital => ("hospital", "医院", "24/7", 500),
            Kind::Market => ("market", "农贸市场", "05:00-19:00", 0),
            Kind::Hotel => ("hotel", "酒店", "24/7", 200),
            Kind::Mall => ("supermarket", "购物中心", "10:00-22:00", 0),
            _ => continue,
        };
        let name = format!("{}{tail}", words::pair(desk.rng.bits()));
        let ring = Some(quarter.ring.as_slice());
        facility(desk, &mut n, &Facility { kind, name, hours, capacity, plate: quarter.plate, ring }, sheet);
    }
    for patch in fill.patches.iter().filter(|p| p.kind == "pitch") {
        let Some(plate) = patch.plate else { continue };
        let name = format!("{}运动场", words::pair(desk.rng.bits()));
        let ring = Some(patch.ring.as_slice());
        facility(
            desk,
            &mut n,
            &Facility { kind: "pitch", name, hours: "16:30-21:00", capacity: 60, plate, ring },
            sheet,
        );
    }
    spots(desk, &mut n, sheet);
    shelters(desk, sheet);
    activities(desk, &shops, sheet);
}

/// Bus stops, toilets, parking: at the corners and sides of the cell. The greenway along the water.
fn spots(desk: &mut Desk<'_>, n: &mut usize, sheet: &mut Sheet) {
    let mesh = &desk.fill.mesh;
    let places = [
        ("bus_stop", mesh.at(3.0, 0.25), "公交站"),
        ("bus_stop", mesh.at(0.3, 8.0), "公交站"),
        ("bus_stop", mesh.at(9.0, 11.75), "公交站"),
        ("toilet", mesh.at(4.5, 0.3), "公厕"),
        ("parking", mesh.at(11.6, 5.0), "停车场"),
        ("shelter", mesh.at(6.4, 11.6), "避灾安置点"),
    ];
    for (kind, at, tail) in places {
        if kind != "bus_stop" && desk.rng.chance(0.3) {
            continue;
        }
        *n += 1;
        let key = desk.key("facility", *n);
        let fields = vec![
            ("name", format!("{}{tail}", words::pair(desk.rng.bits())).into()),
            ("kind", kind.into()),
            ("opening_hours", "24/7".into()),
        ];
        sheet.put("facility", &key, Some(shape::point(at)), fields, desk.valid(Span::ALL));
        desk.hang(sheet, &key, at, Span::ALL);
    }
    let lots = &desk.fill.lots;
    if lots.wet.0 || lots.wet.1 {
        *n += 1;
        let key = desk.key("facility", *n);
        let line: Vec<P> = (0..=10)
            .map(|k| 0.8 + f64::from(k) * 1.04)
            .map(|k| if lots.wet.0 { mesh.at(0.92, k) } else { mesh.at(k, 0.92) })
            .collect();
        let fields = vec![
            ("name", format!("{}绿道", words::pair(desk.rng.bits())).into()),
            ("kind", "greenway".into()),
            ("opening_hours", "24/7".into()),
        ];
        sheet.put("facility", &key, Some(shape::line(&line)), fields, desk.valid(Span::ALL));
        desk.hang(sheet, &key, line[5], Span::ALL);
    }
}

fn shelters(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let valid = desk.valid(Span::ALL);
    for (q, quarter) in desk.fill.quarters.iter().enumerate() {
        if !matches!(quarter.kind, Kind::School | Kind::Park | Kind::Campus | Kind::Civic) {
            continue;
        }
        let key = desk.key("shelter", q);
        let at = desk.fill.plates[quarter.plate].at;
        let fields = vec![
            ("name", format!("{}避灾安置点", words::pair(desk.rng.bits())).into()),
            ("capacity", (100 + desk.rng.below(60) as i64 * 20).into()),
            ("address", desk.plates[quarter.plate].address.clone().into()),
            ("phone", words::phone(&mut desk.rng).into()),
        ];
        sheet.put("shelter", &key, Some(shape::point(at)), fields, valid);
        sheet.hangs_on(&key, &desk.plates[quarter.plate].key, valid);
    }
}

fn activities(desk: &mut Desk<'_>, shops: &[usize], sheet: &mut Sheet) {
    for n in 0..3 {
        let (title, kind) = desk.rng.pick(&[
            ("邻里节", "festival"),
            ("健康义诊", "health"),
            ("读书会", "culture"),
            ("消防演练", "safety"),
            ("广场舞比赛", "sports"),
            ("普法宣传", "law"),
        ]);
        let start = desk.rng.below(120) as i32 - 60;
        let (starts, ends) = (desk.dates.at(start, 0), desk.dates.at(start, 7_200_000_000));
        let plate = desk.rng.pick(shops);
        let key = desk.key("activity", n);
        let community = &desk.city.communities[desk.city.community_at[&desk.home.cell]].name;
        let fields = vec![
            ("title", format!("{community}{title}").into()),
            ("kind", kind.into()),
            ("starts", Dates::moment(starts).into()),
            ("ends", Dates::moment(ends).into()),
            ("organiser", community.clone().into()),
        ];
        // Announced two weeks before, gone a week after.
        let span = Span { from: start - 14, until: start + 7 };
        sheet.put("activity", &key, Some(shape::point(desk.fill.plates[plate].at)), fields, desk.valid(span));
        sheet.hangs_on(&key, &desk.plates[plate].key, desk.valid(span));
    }
}

fn forces(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let valid = desk.valid(Span::ALL);
    let plates = desk.plates.len() as u64;
    for (n, (tail, kind)) in
        [("志愿服务队", "volunteer"), ("平安巡防队", "patrol"), ("微型消防站", "fire")].into_iter().enumerate()
    {
        let k = desk.rng.below(plates) as usize;
        if desk.fill.plates[k].span != Span::ALL {
            continue;
        }
        let key = desk.key("force", n);
        let name = &desk.city.communities[desk.city.community_at[&desk.home.cell]].name;
        let fields = vec![
            ("name", format!("{name}{tail}").into()),
            ("kind", kind.into()),
            ("size", (6 + desk.rng.below(30) as i64).into()),
            ("phone", words::phone(&mut desk.rng).into()),
        ];
        sheet.put("force", &key, Some(shape::point(desk.fill.plates[k].at)), fields, valid);
        sheet.hangs_on(&key, &desk.plates[k].key, valid);
    }
    let (tail, kind, skills) = desk.rng.pick(&[
        ("综合执法中队", "enforcement", "街面秩序,市容"),
        ("市政抢修组", "repair", "井盖,路灯,排水"),
        ("医疗急救组", "medical", "急救"),
        ("防汛排涝队", "flood", "排涝,转移"),
        ("消防站", "fire", "灭火,救援"),
    ]);
    let k = desk.rng.below(plates) as usize;
    if desk.fill.plates[k].span == Span::ALL {
        let key = desk.key("crew", 0);
        let fields = vec![
            ("name", format!("{}{tail}", words::pair(desk.rank as u64 + 31)).into()),
            ("kind", kind.into()),
            ("skills", skills.into()),
            ("status", ["available", "available", "busy", "off_duty"][desk.rng.below(4) as usize].into()),
            ("phone", words::phone(&mut desk.rng).into()),
        ];
        sheet.put("crew", &key, Some(shape::point(desk.fill.plates[k].at)), fields, valid);
        sheet.hangs_on(&key, &desk.plates[k].key, valid);
    }
}

/// Cars of a share of the rooms. Their plates begin with a province sign and a letter that are not given out together.
fn vehicles(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let wanted = desk.plates.len() / 25;
    let rooms: Vec<usize> =
        (0..desk.rooms.len()).filter(|r| desk.rooms[*r].dwelling && desk.rooms[*r].span == Span::ALL).collect();
    for n in 0..if rooms.is_empty() { 0 } else { wanted } {
        let room = desk.rng.pick(&rooms);
        let key = desk.key("vehicle", n);
        let fields = vec![
            ("plate_number", format!("浙I{:05}", (u64::from(desk.home.first) + n as u64) % 100_000).into()),
            ("kind", desk.rng.pick(&["car", "car", "car", "van", "truck"]).into()),
        ];
        let valid = desk.valid(Span::ALL);
        sheet.put("vehicle", &key, None, fields, valid);
        sheet.hangs_on(&key, &desk.rooms[room].key, valid);
    }
}
