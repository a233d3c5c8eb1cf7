//! The patterns by which a cell is cut, what its blocks hold, and where their gates are.

use crate::cell::lots::{Gate, Kind, NORTH, Rect, SOUTH, Side};
use crate::place::land::{Class, Land};
use crate::rng::Rng;

type Cuts = &'static [u8];

/// Rows of blocks between two streets, and where they are cut.
pub(super) struct Band {
    pub(super) rows: (u8, u8),
    pub(super) cuts: Cuts,
    pub(super) main: bool,
}

pub(super) fn bands(land: Land, wet: bool, rng: &mut Rng) -> Vec<Band> {
    let (groups, cuts, skip): (&[Cuts], &[Cuts], f64) = match land {
        Land::OldTown => (
            &[&[0, 4, 8, 12], &[0, 3, 7, 12], &[0, 5, 9, 12]],
            &[&[4, 8], &[3, 7], &[5, 9], &[4, 7, 10], &[3, 6, 9]],
            0.08,
        ),
        Land::Village => {
            (&[&[0, 4, 8, 12], &[0, 6, 12], &[0, 5, 12]], &[&[4, 8], &[3, 6, 9], &[5], &[6, 9], &[4, 9]], 0.12)
        }
        Land::Homes => {
            (&[&[0, 6, 12], &[0, 5, 12], &[0, 4, 8, 12], &[0, 7, 12]], &[&[6], &[4, 8], &[5], &[7], &[4, 9]], 1.0)
        }
        Land::Mixed => {
            (&[&[0, 4, 8, 12], &[0, 3, 6, 9, 12], &[0, 5, 9, 12]], &[&[4, 8], &[3, 6, 9], &[6], &[3, 8]], 1.0)
        }
        Land::Works => (&[&[0, 6, 12], &[0, 5, 12], &[0, 7, 12]], &[&[], &[6], &[5]], 1.0),
        _ => (&[&[0, 12]], &[&[]], 1.0),
    };
    let mut all = Vec::new();
    for pair in rng.pick(groups).windows(2) {
        let cuts = rng.pick(cuts);
        let mut from = pair[0];
        for b in pair[0] + 1..=pair[1] {
            let narrow = wet && b == 1;
            if b == pair[1] || !narrow && !rng.chance(skip) {
                all.push(Band { rows: (from, b), cuts, main: from == pair[0] });
                from = b;
            }
        }
    }
    all
}

pub(super) fn kind(land: Land, [a0, a1, b0, b1]: Rect, rng: &mut Rng) -> Kind {
    let large = a1 - a0 >= 4 && b1 - b0 >= 4;
    let dice = rng.unit();
    let of = |table: &[(f64, Kind)], last: Kind| {
        let mut left = dice;
        table
            .iter()
            .find(|(p, _)| {
                left -= p;
                left < 0.0
            })
            .map_or(last, |(_, k)| *k)
    };
    match land {
        Land::OldTown if (b1 - b0).min(a1 - a0) >= 3 && dice < 0.5 => Kind::Civic,
        Land::Village if (b1 - b0).min(a1 - a0) >= 3 && dice < 0.4 => Kind::Market,
        Land::OldTown | Land::Village if dice > 0.985 => Kind::Park,
        Land::OldTown | Land::Village => Kind::Houses,
        Land::Homes if large => of(
            &[
                (0.30, Kind::OldSlabs),
                (0.22, Kind::Slabs),
                (0.26, Kind::Towers),
                (0.09, Kind::School),
                (0.05, Kind::Park),
                (0.03, Kind::Market),
                (0.02, Kind::Hospital),
            ],
            Kind::Civic,
        ),
        Land::Homes => of(&[(0.5, Kind::OldSlabs), (0.3, Kind::Towers), (0.1, Kind::Park)], Kind::Market),
        Land::Mixed if large => of(
            &[
                (0.25, Kind::Offices),
                (0.2, Kind::Towers),
                (0.22, Kind::OldSlabs),
                (0.12, Kind::Mall),
                (0.07, Kind::Park),
                (0.05, Kind::Hospital),
                (0.05, Kind::Hotel),
            ],
            Kind::Civic,
        ),
        Land::Mixed => of(
            &[
                (0.34, Kind::OldSlabs),
                (0.26, Kind::Offices),
                (0.14, Kind::Hotel),
                (0.08, Kind::Market),
                (0.06, Kind::Park),
            ],
            Kind::Civic,
        ),
        Land::Works => {
            if dice < 0.9 {
                Kind::Works
            } else {
                Kind::OldSlabs
            }
        }
        Land::Campus => Kind::Campus,
        Land::Park => Kind::Park,
        Land::River | Land::Hill | Land::Farm => Kind::Wild,
    }
}

/// The quietest street that is wide enough, in the middle of the side.
pub(super) fn gate([a0, a1, b0, b1]: Rect, sides: &[Side; 4], rng: &mut Rng) -> Option<Gate> {
    let long = |k: usize| if k == SOUTH || k == NORTH { (a0, a1) } else { (b0, b1) };
    let fit = |k: &usize| {
        let (lo, hi) = long(*k);
        hi - lo >= 2 && !sides[*k].wet && sides[*k].class > Class::Trunk
    };
    let turn = rng.below(4) as usize;
    let side = (0..4).map(|k| (k + turn) % 4).filter(fit).max_by_key(|k| sides[*k].class.min(Class::Residential))?;
    let (lo, hi) = long(side);
    Some(Gate { side, at: u8::midpoint(lo, hi) })
}
