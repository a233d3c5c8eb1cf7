//! How far the city grows, and which cells make a community, a subdistrict, a district. Small: a few words for each cell,
//! however many doorplates.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::Plan;
use crate::cell::Fill;
use crate::cell::lots::Lots;
use crate::place::frame::{Cell, P, RIVER_ROW};
use crate::place::land::{Class, Ground, Land};
use crate::place::shape::distance;
use crate::rng::unit;
use crate::words;

/// A cell that is built over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    pub(crate) cell: Cell,
    pub(crate) land: Land,
    /// Serial of its first doorplate.
    pub(crate) first: u32,
    /// Its doorplates valid now.
    pub(crate) count: u32,
}

/// A community.
#[derive(Clone, Debug)]
pub(crate) struct Community {
    pub(crate) cells: BTreeSet<Cell>,
    pub(crate) subdistrict: usize,
    pub(crate) name: String,
    /// 12 digits.
    pub(crate) code: String,
    /// The community that this one and another were until a year ago.
    pub(crate) parted_from: Option<usize>,
}

/// A community that was parted a year ago.
#[derive(Clone, Debug)]
pub(crate) struct Parted {
    pub(crate) parts: [usize; 2],
    pub(crate) name: String,
    pub(crate) code: String,
}

/// A subdistrict or a district.
#[derive(Clone, Debug)]
pub(crate) struct Area {
    pub(crate) cells: BTreeSet<Cell>,
    pub(crate) name: String,
    pub(crate) code: String,
    /// The district of a subdistrict.
    pub(crate) parent: usize,
}

/// A city before anything of it is written down.
#[derive(Clone, Debug)]
pub(crate) struct City {
    pub(crate) plan: Plan,
    pub(crate) ground: Ground,
    /// In the order in which it grew.
    pub(crate) homes: Vec<Home>,
    pub(crate) home_at: BTreeMap<Cell, usize>,
    pub(crate) communities: Vec<Community>,
    pub(crate) community_at: BTreeMap<Cell, usize>,
    pub(crate) parted: Vec<Parted>,
    /// Cells whose grids change from a coming day on.
    pub(crate) redrawn: BTreeSet<Cell>,
    pub(crate) subdistricts: Vec<Area>,
    pub(crate) districts: Vec<Area>,
}

/// Name, code and place (in radii from the centre, weight) of the districts, and from how many doorplates on there is one.
const DISTRICTS: [(&str, &str, P, f64, u32); 7] = [
    ("鹿城区", "330302", [0.0, 0.0], 1.0, 0),
    ("瓯海区", "330304", [-0.45, -0.5], 1.0, 5_000),
    ("龙湾区", "330303", [0.75, -0.25], 1.0, 5_000),
    ("永嘉县", "330324", [0.0, 0.8], 1.25, 5_000),
    ("瑞安市", "330381", [0.2, -0.95], 1.1, 1_000_000),
    ("乐清市", "330382", [0.8, 0.65], 1.0, 1_000_000),
    ("洞头区", "330305", [1.15, -0.3], 1.3, 1_000_000),
];

impl City {
    /// Plans a city of exactly so many doorplates.
    pub(crate) fn plan(plan: &Plan) -> Self {
        // About 2600 doorplates a km², with a third of the disc water, hills and parks.
        let mut radius_m = (f64::from(plan.doorplates) / 2600.0 / std::f64::consts::PI * 1.35).sqrt() * 1000.0;
        loop {
            let ground = Ground::new(plan.seed, radius_m.max(700.0));
            if let Some(homes) = grow(&ground, plan.doorplates) {
                return Self::divide(*plan, ground, homes);
            }
            radius_m *= 1.12;
        }
    }

    fn divide(plan: Plan, ground: Ground, homes: Vec<Home>) -> Self {
        let home_at: BTreeMap<Cell, usize> = homes.iter().enumerate().map(|(k, h)| (h.cell, k)).collect();
        let community_at = communities(&ground, &homes);
        let count = community_at.values().max().map_or(1, |m| m + 1);
        let mut cells = vec![BTreeSet::new(); count];
        for (cell, k) in &community_at {
            cells[*k].insert(*cell);
        }
        let subdistrict_of = subdistricts(&ground, &homes, &community_at, count);
        let subs = subdistrict_of.iter().max().map_or(1, |m| m + 1);
        let mut city = Self {
            plan,
            ground,
            homes,
            home_at,
            communities: Vec::with_capacity(count),
            community_at,
            parted: Vec::new(),
            redrawn: BTreeSet::new(),
            subdistricts: Vec::with_capacity(subs),
            districts: Vec::new(),
        };
        city.name_areas(&cells, &subdistrict_of, subs);
        city.part();
        city.redraw();
        city
    }

    fn name_areas(&mut self, cells: &[BTreeSet<Cell>], subdistrict_of: &[usize], subs: usize) {
        let open: Vec<_> = DISTRICTS.iter().filter(|d| d.4 <= self.plan.doorplates).collect();
        let mut serial = vec![0_u32; open.len()];
        let mut district_cells = vec![BTreeSet::new(); open.len()];
        for s in 0..subs {
            let own: BTreeSet<Cell> = cells
                .iter()
                .zip(subdistrict_of)
                .filter(|(_, k)| **k == s)
                .flat_map(|(c, _)| c.iter().copied())
                .collect();
            let built: Vec<P> =
                own.iter().filter(|c| self.home_at.contains_key(c)).map(|c| self.ground.frame.middle(*c)).collect();
            let middle = crate::place::shape::mean(&built);
            let r = self.ground.frame.radius_m;
            let north = own.iter().filter(|c| self.home_at.contains_key(c)).all(|c| c.1 > RIVER_ROW);
            let near = |d: &&&(&str, &str, P, f64, u32)| {
                let side = if (d.0 == "永嘉县" || d.0 == "乐清市") == north { 0.0 } else { 4.0 };
                ((distance(middle, [d.2[0] * r, d.2[1] * r]) / r / d.3 + side) * 1e6) as i64
            };
            let parent = open.iter().enumerate().min_by_key(|(_, d)| near(d)).map_or(0, |(k, _)| k);
            serial[parent] += 1;
            let kind = if serial[parent] < 100 { "街道" } else { "镇" };
            let name = format!("{}{kind}", words::pair(s as u64 * 5 + 3));
            let code = format!("{}{:03}", open[parent].1, serial[parent]);
            district_cells[parent].extend(own.iter().copied());
            self.subdistricts.push(Area { cells: own, name, code, parent });
        }
        let mut within = vec![0_u32; subs];
        for (k, own) in cells.iter().enumerate() {
            let s = subdistrict_of[k];
            within[s] += 1;
            let built: Vec<Land> =
                own.iter().filter_map(|c| self.home_at.get(c)).map(|h| self.homes[*h].land).collect();
            let rural = built.iter().all(|l| *l == Land::Village);
            // 001–199 residents' committees, 200–399 villagers' committees (GB/T 10114).
            let code = format!("{}{:03}", self.subdistricts[s].code, within[s] + if rural { 199 } else { 0 });
            let name = format!("{}{}", words::pair(k as u64 * 13 + 211), if rural { "村" } else { "社区" });
            self.communities.push(Community { cells: own.clone(), subdistrict: s, name, code, parted_from: None });
        }
        for (k, d) in open.iter().enumerate() {
            let cells = std::mem::take(&mut district_cells[k]);
            self.districts.push(Area { cells, name: d.0.to_owned(), code: d.1.to_owned(), parent: 0 });
        }
    }

    /// Chooses neighbours that were one community until a year ago: one pair in forty communities, at least one.
    fn part(&mut self) {
        let wanted = self.communities.len().div_ceil(40);
        let mut pairs = BTreeSet::new();
        for (&(i, j), &a) in &self.community_at {
            for next in [(i + 1, j), (i, j + 1)] {
                let Some(&b) = self.community_at.get(&next) else { continue };
                let both = self.home_at.contains_key(&(i, j)) && self.home_at.contains_key(&next);
                if both && a != b && self.communities[a].subdistrict == self.communities[b].subdistrict {
                    pairs.insert((a.min(b), a.max(b)));
                }
            }
        }
        let every = (pairs.len() / wanted.max(1)).max(1);
        for (a, b) in pairs.into_iter().step_by(every).take(wanted) {
            if self.communities[a].parted_from.is_some() || self.communities[b].parted_from.is_some() {
                continue;
            }
            let id = self.parted.len();
            let name = format!("{}社区", words::pair(id as u64 * 17 + 1203));
            // A retired code is never reused: serials from 150 on are for what was.
            let code = format!("{}{:03}", self.subdistricts[self.communities[a].subdistrict].code, 150 + id % 49);
            self.parted.push(Parted { parts: [a, b], name, code });
            self.communities[a].parted_from = Some(id);
            self.communities[b].parted_from = Some(id);
        }
    }

    /// Chooses the cells whose grids are redrawn: of every 25 homes the first where that is possible.
    fn redraw(&mut self) {
        let possible = |h: &&Home| !Lots::of(&self.ground, h.cell, h.land).movable().is_empty();
        self.redrawn = self.homes.chunks(25).filter_map(|some| some.iter().find(possible)).map(|h| h.cell).collect();
    }

    /// The home in a cell.
    pub(crate) fn home(&self, cell: Cell) -> Option<&Home> {
        self.home_at.get(&cell).map(|k| &self.homes[*k])
    }

    /// What a home holds.
    pub(crate) fn fill(&self, home: &Home) -> Fill {
        let mut fill = Fill::of(&self.ground, home.cell, home.land);
        fill.cut(home.count);
        fill
    }

    /// What a cell is in the end: hills and water stay, what was not reached is farmland.
    pub(crate) fn land(&self, cell: Cell) -> Land {
        match (self.home(cell), self.ground.land(cell)) {
            (Some(home), _) => home.land,
            (None, land @ (Land::Hill | Land::River)) => land,
            _ => Land::Farm,
        }
    }
}

/// Grows from the centre over land and bridges until the doorplates are reached; `None` when the lattice is too small.
fn grow(ground: &Ground, doorplates: u32) -> Option<Vec<Home>> {
    let frame = &ground.frame;
    let cost = |cell: Cell| {
        let p = frame.middle(cell);
        let rough = 0.4 * crate::rng::noise(91, p[0] / 1500.0, p[1] / 1500.0) + 0.3 * unit(ground.hash(cell, 92));
        let rough = if cell.1 == RIVER_ROW - 1 { rough - 0.35 } else { rough };
        // The city grows along its river and its great streets first.
        let rough = if ground.street(true, cell) <= Class::Primary || ground.street(false, cell) <= Class::Primary {
            rough - 0.2
        } else {
            rough
        };
        (distance(p, [0.0, 0.0]) * (1.0 + rough) * 1000.0) as u64
    };
    let mut homes = Vec::new();
    let (mut seen, mut heap) = (BTreeSet::from([(0, 0)]), BinaryHeap::from([Reverse((0, (0, 0)))]));
    let mut total = 0;
    while total < doorplates {
        let Reverse((_, cell)) = heap.pop()?;
        let land = ground.land(cell);
        if matches!(land, Land::River | Land::Hill) {
            continue;
        }
        let count = Fill::of(ground, cell, land).count().min(doorplates - total);
        homes.push(Home { cell, land, first: total, count });
        total += count;
        let (i, j) = cell;
        let mut next = vec![(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)];
        if ground.bridge(i) || ground.bridge(i + 1) {
            next.extend(if j == RIVER_ROW - 1 { Some((i, RIVER_ROW + 2)) } else { None });
            next.extend(if j == RIVER_ROW + 2 { Some((i, RIVER_ROW - 1)) } else { None });
        }
        for n in next {
            // The rim of the lattice stays open country.
            let inner =
                frame.columns.0 < n.0 && n.0 + 1 < frame.columns.1 && frame.rows.0 < n.1 && n.1 + 1 < frame.rows.1;
            if inner && seen.insert(n) {
                heap.push(Reverse((cost(n), n)));
            }
        }
    }
    Some(homes)
}

/// Fewer doorplates than this make no community of their own.
const SMALL: u32 = 150;

/// A community for every cell: one for each home of some size; the rest, and open country, goes to the nearest.
fn communities(ground: &Ground, homes: &[Home]) -> BTreeMap<Cell, usize> {
    let mut at = BTreeMap::new();
    let mut heap = BinaryHeap::new();
    let largest = homes.iter().map(|h| h.count).max().unwrap_or(0);
    let seeds = homes.iter().filter(|h| h.count >= SMALL.min(largest));
    for (k, home) in seeds.enumerate() {
        heap.push(Reverse((0_u32, k, home.cell)));
    }
    while let Some(Reverse((cost, k, cell))) = heap.pop() {
        if at.contains_key(&cell) {
            continue;
        }
        at.insert(cell, k);
        for next in around(cell) {
            if ground.frame.holds(next) && !at.contains_key(&next) {
                heap.push(Reverse((cost + toll(cell, next), k, next)));
            }
        }
    }
    at
}

fn around((i, j): Cell) -> [Cell; 4] {
    [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
}

/// Boundaries follow the middle of the river.
fn toll(a: Cell, b: Cell) -> u32 {
    if a.1.min(b.1) == RIVER_ROW && a.1 != b.1 { 60 } else { 1 }
}

/// Communities of a subdistrict, about.
const COMMUNITIES_A_SUBDISTRICT: usize = 9;

/// Groups communities into subdistricts that hang together.
fn subdistricts(ground: &Ground, homes: &[Home], at: &BTreeMap<Cell, usize>, count: usize) -> Vec<usize> {
    let wanted = (count / COMMUNITIES_A_SUBDISTRICT).max(1);
    let largest = homes.iter().map(|h| h.count).max().unwrap_or(0);
    let middles: Vec<P> =
        homes.iter().filter(|h| h.count >= SMALL.min(largest)).map(|h| ground.frame.middle(h.cell)).collect();
    // Each next seed lies farthest from all before it.
    let mut far = vec![f64::INFINITY; count];
    let (mut seeds, mut seed) = (Vec::with_capacity(wanted), 0);
    while seeds.len() < wanted {
        seeds.push(seed);
        for (k, m) in middles.iter().enumerate() {
            far[k] = far[k].min(distance(*m, middles[seed]));
        }
        seed = (0..count).max_by(|a, b| far[*a].total_cmp(&far[*b])).unwrap_or(0);
    }
    let mut beside: Vec<BTreeMap<usize, u32>> = vec![BTreeMap::new(); count];
    for (cell, k) in at {
        for next in [(cell.0 + 1, cell.1), (cell.0, cell.1 + 1)] {
            if let Some(other) = at.get(&next).filter(|o| *o != k) {
                let cost = toll(*cell, next) * 1000 + (distance(middles[*k], middles[*other]) as u32);
                for (a, b) in [(*k, *other), (*other, *k)] {
                    let slot = beside[a].entry(b).or_insert(u32::MAX);
                    *slot = (*slot).min(cost);
                }
            }
        }
    }
    let mut of = vec![usize::MAX; count];
    let mut heap: BinaryHeap<_> = seeds.iter().enumerate().map(|(s, k)| Reverse((0_u32, s, *k))).collect();
    while let Some(Reverse((cost, s, k))) = heap.pop() {
        if of[k] != usize::MAX {
            continue;
        }
        of[k] = s;
        for (next, toll) in beside[k].iter().filter(|(n, _)| of[**n] == usize::MAX) {
            heap.push(Reverse((cost + toll, s, *next)));
        }
    }
    of
}
