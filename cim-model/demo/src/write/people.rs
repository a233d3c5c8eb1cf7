//! People, households and residences: made up, for a share of the rooms. All three layers are restricted.

use super::{Desk, Room};
use crate::cell::Span;
use crate::rng::Rng;
use crate::sheet::{Dates, Sheet, same};
use crate::words;

/// Of the lived-in rooms, so many have their household in the register. At about four lived-in rooms a doorplate and 2.7
/// people a household this makes about one person a doorplate.
const HOUSEHOLD_SHARE: f64 = 0.085;
/// Of the households, so many moved in during the last two years.
const MOVED_IN: f64 = 0.12;

pub(super) fn write(desk: &mut Desk<'_>, sheet: &mut Sheet) {
    let rooms = std::mem::take(&mut desk.rooms);
    let mut n = 0;
    for room in rooms.iter().filter(|r| r.dwelling) {
        if desk.rng.chance(HOUSEHOLD_SHARE) {
            n += 1;
            household(desk, room, n, sheet);
        }
    }
    desk.rooms = rooms;
}

fn household(desk: &mut Desk<'_>, room: &Room, n: usize, sheet: &mut Sheet) {
    let mut rng = Rng::of(desk.city.ground.hash(desk.home.cell, 111), n as u64);
    let moved = room.span == Span::ALL && rng.chance(MOVED_IN);
    let span = if moved { Span { from: -(10 + rng.below(700) as i32), until: Span::EVER } } else { room.span };
    let valid = desk.valid(span);
    let size = [1, 2, 2, 3, 3, 3, 4, 5][rng.below(8) as usize];
    let key = desk.key("household", n);
    let head = format!("{key}.p1");
    let fields = vec![
        ("number", format!("{:09}", u64::from(desk.home.first) * 100 + n as u64).into()),
        ("size", i64::from(size).into()),
        // The id of the head is not known before the store gives it; the register's own key stands beside.
        ("head_key", head.into()),
    ];
    sheet.put("household", &key, None, fields, valid);
    sheet.hangs_on(&key, &room.key, valid);
    let family = words::family(&mut rng);
    let adult = 24 + rng.below(56) as i64;
    let floating = rng.chance(0.28);
    for p in 1..=size {
        let (relation, age, male) = match p {
            1 => ("户主", adult, rng.chance(0.66)),
            2 => ("配偶", adult + rng.below(6) as i64 - 3, rng.chance(0.34)),
            3 | 4 => ("子女", (adult - 25 - rng.below(6) as i64).max(1), rng.chance(0.52)),
            _ => ("父母", (adult + 24).min(94), rng.chance(0.4)),
        };
        let person = format!("{key}.p{p}");
        let year = Dates::year(desk.dates.now) - age;
        let (month, day) = (1 + rng.below(12), 1 + rng.below(28));
        let digits = format!("{year:04}{month:02}{day:02}");
        let own = if p == 2 { None } else { Some(family) };
        let mut fields = vec![
            ("name", words::person(&mut rng, own).into()),
            ("id_number", words::id_number(&digits, rng.below(499), male).into()),
            ("sex", same(if male { "male" } else { "female" })),
            ("born", format!("{year:04}-{month:02}-{day:02}").into()),
            ("kind", same(if floating { "floating" } else { "registered" })),
        ];
        if age > 13 {
            fields.push(("phone", words::phone(&mut rng).into()));
        }
        if let Some(care) = care(&mut rng, age, size) {
            fields.push(("care", care.into()));
        }
        sheet.put("person", &person, None, fields, valid);
        sheet.hangs_on(&person, &room.key, valid);
        let residence = format!("{person}.home");
        let fields =
            vec![("relation", relation.into()), ("person_key", person.into()), ("household_key", key.clone().into())];
        sheet.put("residence", &residence, None, fields, valid);
        sheet.hangs_on(&residence, &room.key, valid);
    }
}

fn care(rng: &mut Rng, age: i64, size: i32) -> Option<&'static str> {
    match rng.below(100) {
        0..=39 if age >= 70 && size == 1 => Some("独居老人"),
        0..=9 if age >= 65 => Some("高龄老人"),
        0 | 1 => Some("残疾"),
        2 => Some("低保"),
        3 if age < 16 => Some("困境儿童"),
        4 if age > 20 => Some("退役军人"),
        _ => None,
    }
}
