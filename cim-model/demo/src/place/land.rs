//! What each cell of the lattice is used for, and which streets and canals run along its lines. Pure functions of place and
//! seed, so that neighbours agree without asking each other.

use crate::place::frame::{Cell, Frame, RIVER_ROW};
use crate::rng::{mix, mix_ij, noise, unit};

/// What a cell is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Land {
    River,
    Hill,
    Farm,
    Park,
    /// Lanes and courtyard houses.
    OldTown,
    /// A village that the city has grown round.
    Village,
    /// Offices, malls and flats above shops.
    Mixed,
    /// Walled quarters of slabs and towers.
    Homes,
    Works,
    Campus,
}

/// The classes of streets, widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Residential,
    Living,
    Pedestrian,
    Service,
    Track,
    Footway,
    Path,
    Steps,
}

impl Class {
    /// The code in the layer `road`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::Trunk => "trunk",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Residential => "residential",
            Self::Living => "living_street",
            Self::Pedestrian => "pedestrian",
            Self::Service => "service",
            Self::Track => "track",
            Self::Footway => "footway",
            Self::Path => "path",
            Self::Steps => "steps",
        }
    }

    /// From the middle to the property line, in metres (carriageway, kerb and pavement).
    pub(crate) const fn half_m(self) -> f64 {
        match self {
            Self::Motorway => 24.0,
            Self::Trunk => 20.0,
            Self::Primary => 15.0,
            Self::Secondary => 11.0,
            Self::Tertiary => 7.5,
            Self::Residential => 5.5,
            Self::Living => 3.0,
            Self::Pedestrian => 2.6,
            Self::Service | Self::Track => 2.5,
            Self::Footway | Self::Path | Self::Steps => 1.5,
        }
    }
}

/// Below this radius a city is a small town, in metres.
const SMALL_M: f64 = 1200.0;

/// The land and the lines of a city.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    seed: u64,
    pub(crate) frame: Frame,
    /// Line index of the ring road, 0 when the city is too small for one.
    ring: i32,
    /// Line index of the motorway.
    motorway: Option<i32>,
}

impl Ground {
    pub(crate) fn new(seed: u64, radius_m: f64) -> Self {
        let cells = (radius_m / 420.0) as i32;
        let ring = if cells >= 4 { (cells * 6 / 10).max(3) } else { 0 };
        let motorway = (cells >= 6).then_some(-(cells * 11 / 12) - 1);
        Self { seed, frame: Frame::new(seed, radius_m), ring, motorway }
    }

    /// What the cell is meant for; the city fills it only as far as it grows.
    pub(crate) fn land(&self, cell: Cell) -> Land {
        let (i, j) = cell;
        if j == RIVER_ROW || j == RIVER_ROW + 1 {
            return Land::River;
        }
        if !self.frame.holds(cell) {
            return Land::Farm;
        }
        if self.frame.radius_m < SMALL_M && (-1..=1).contains(&i) && (-1..=1).contains(&j) {
            // A small town has something of everything.
            return match (i, j) {
                (0, 0) => Land::OldTown,
                (1, -1) => Land::Park,
                (1, 0) | (0, -1) | (-1, 1) => Land::Mixed,
                _ => Land::Homes,
            };
        }
        if (-1..=1).contains(&i) && (-1..=1).contains(&j) {
            return if (i, j) == (1, -1) {
                Land::Park
            } else if i == 1 {
                Land::Mixed
            } else {
                Land::OldTown
            };
        }
        let r = self.frame.radius_m;
        let [x, y] = self.frame.middle(cell);
        let far = (x * x + y * y).sqrt() / r.max(900.0);
        let hills = noise(mix(self.seed, 41), x / 2300.0, y / 2300.0);
        // Hills rise in the south-west, and a few stand in the town.
        let south_west = -(x + 1.1 * y) / (1.5 * r.max(1500.0));
        if far > 0.35 && hills * 0.95 + south_west * 0.75 > 0.72 || far > 0.3 && hills > 0.74 {
            return Land::Hill;
        }
        let dice = unit(mix_ij(mix(self.seed, 42), i, j));
        let quarter = noise(mix(self.seed, 43), x / 1500.0, y / 1500.0);
        if dice < 0.05 {
            return Land::Park;
        }
        if dice < 0.075 && far > 0.3 {
            return Land::Campus;
        }
        if far < 0.28 {
            return if quarter > 0.05 { Land::Mixed } else { Land::OldTown };
        }
        // Works gather downstream and at the rim.
        let side = if x > 0.0 { 0.12 } else { -0.25 };
        if far > 0.5 && side + (far - 0.8) * 0.5 + quarter * 0.6 > 0.4 {
            return Land::Works;
        }
        match dice {
            d if d < 0.34 && far > 0.3 => Land::Village,
            d if d < 0.44 && far < 0.75 => Land::Mixed,
            d if d < 0.58 && far < 0.46 => Land::OldTown,
            _ => Land::Homes,
        }
    }

    /// The class of the street on the lattice line before its surroundings narrow it.
    fn line(&self, upright: bool, k: i32) -> Class {
        if upright && Some(k) == self.motorway {
            return Class::Motorway;
        }
        if !upright && (k == RIVER_ROW || k == RIVER_ROW + 2) {
            return Class::Primary;
        }
        if self.ring > 0 && (k == self.ring || k == -self.ring) && (upright || k < 0) {
            return Class::Trunk;
        }
        let h = unit(mix_ij(mix(self.seed, 44), k, i32::from(upright)));
        match k.rem_euclid(4) {
            0 => Class::Primary,
            2 => Class::Secondary,
            _ if h < 0.45 => Class::Secondary,
            _ => Class::Tertiary,
        }
    }

    /// The class of the street on the west (`upright`) or south side of a cell.
    pub(crate) fn street(&self, upright: bool, (i, j): Cell) -> Class {
        let class = self.line(upright, if upright { i } else { j });
        let beside = if upright { (i - 1, j) } else { (i, j - 1) };
        let old = |c| matches!(self.land(c), Land::OldTown | Land::Village);
        match class {
            Class::Primary if old(beside) && old((i, j)) => Class::Secondary,
            Class::Secondary if old(beside) && old((i, j)) => Class::Tertiary,
            class => class,
        }
    }

    /// Whether the river is bridged along the line west of column `i`.
    pub(crate) fn bridge(&self, i: i32) -> bool {
        Some(i) == self.motorway || (self.ring > 0 && i.abs() == self.ring) || i.rem_euclid(4) == 0
    }

    /// Whether a canal runs along the inner side of the cell's west (`upright`) or south line, between fine lines 0 and 1.
    pub(crate) fn canal(&self, upright: bool, cell: Cell) -> bool {
        let k = if upright { cell.0 } else { cell.1 };
        let class = self.line(upright, k);
        let wanted = unit(mix_ij(mix(self.seed, 45), k, i32::from(upright))) < if upright { 0.42 } else { 0.36 };
        wanted
            && matches!(class, Class::Secondary | Class::Tertiary)
            && k.abs() > 1
            && !matches!(self.land(cell), Land::Hill | Land::River)
    }

    /// A number for a cell.
    pub(crate) fn hash(&self, (i, j): Cell, salt: u64) -> u64 {
        mix_ij(mix(self.seed, salt), i, j)
    }
}
