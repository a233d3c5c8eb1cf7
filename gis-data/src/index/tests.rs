use super::*;
use crate::memory::MemoryStore;
use crate::{AsOf, Catalog, Change, Commit, Geometry, Identity, Method, Page, Part, Properties, Put, Relation, Store};

/// Runs a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the in-memory store never waits"),
    }
}

fn build(store: &MemoryStore) -> Index {
    let mut builder = Builder::new(Catalog::built_in().unwrap());
    let (shaped, bare) = Builder::parts(&Catalog::built_in().unwrap());
    now(store.scan(Part::Layers(&shaped), &mut |f| builder.feature(f))).unwrap();
    now(store.scan_ids(&bare, &mut |layer, id| builder.id(layer, id))).unwrap();
    let mut facts = Facts::default();
    now(store.scan_facts(&mut |f| facts.add(&f))).unwrap();
    let (position, at) = now(store.position()).unwrap();
    builder.finish(facts, position, at)
}

/// What the server's mirror does for every log entry.
fn follow(store: &MemoryStore, index: &mut Index) {
    let changes = now(store.changes(index.position(), &Scope::everything("test"))).unwrap();
    let touched: Vec<Touched> = changes
        .entries
        .iter()
        .flat_map(|e| match &e.changed {
            crate::Changed::Each(all) => all.clone(),
            crate::Changed::Bulk(_) => panic!("small commits name what they touch"),
        })
        .collect();
    let ids: Vec<FeatureId> = touched.iter().map(|t| t.id).collect();
    let mut features = Vec::new();
    now(store.scan(Part::Things(&ids), &mut |f| features.push(f))).unwrap();
    let facts_before = now(store.facts(&ids, When::At(index.now()))).unwrap();
    let facts = now(store.facts(&ids, When::Now)).unwrap();
    let at = changes.entries.last().unwrap().at;
    index.apply(changes.upto, at, Follow { touched, features, facts_before, facts });
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const LAYERS: [&str; 8] = ["community", "grid", "doorplate", "building", "stairwell", "room", "facility", "person"];

fn thing(dice: &mut Dice) -> (Identity, usize) {
    let (layer, n) = (dice.roll(8) as usize, dice.roll(6));
    (Identity::Origin { source: "t".into(), key: format!("{}{n}", LAYERS[layer]) }, layer)
}

fn stretch(dice: &mut Dice) -> Interval {
    let from = dice.roll(20) as i64;
    Interval { from: Instant::from_micros(from), until: Instant::from_micros(from + 1 + dice.roll(30) as i64) }
}

fn put(dice: &mut Dice) -> Change {
    let (identity, layer) = thing(dice);
    let geometry = (layer != 5 && layer != 7)
        .then(|| Geometry::point(120.0 + dice.roll(100) as f64 / 1e3, 28.0 + dice.roll(100) as f64 / 1e3).unwrap());
    let valid = if dice.roll(2) == 0 { Interval::ALWAYS } else { stretch(dice) };
    Change::Put(Put {
        identity,
        layer: LayerId::new(LAYERS[layer]).unwrap(),
        geometry,
        properties: [("name", dice.roll(9).to_string())].into_iter().collect::<Properties>(),
        valid,
        min_zoom: dice.roll(18) as u8,
    })
}

fn random_change(store: &MemoryStore, dice: &mut Dice) -> Change {
    let mut known = Vec::new();
    now(store.scan(Part::All, &mut |f| known.push((f.id, f.layer.clone())))).unwrap();
    let places: Vec<FeatureId> =
        known.iter().filter(|(_, l)| !["facility", "person"].contains(&l.as_str())).map(|(id, _)| *id).collect();
    if known.is_empty() || places.is_empty() {
        return put(dice);
    }
    let id = known[dice.roll(known.len() as u64) as usize].0;
    let place = places[dice.roll(places.len() as u64) as usize];
    let valid = if dice.roll(3) == 0 { stretch(dice) } else { Interval::ALWAYS };
    match dice.roll(10) {
        0 => Change::Retire { id, valid },
        1..=5 => Change::Relate {
            thing: Identity::Id(id),
            relation: Relation::LiesIn,
            place: Identity::Id(place),
            method: Method::Stated,
            distance_m: None,
            valid,
        },
        6 => Change::Unrelate { thing: id, relation: Relation::LiesIn, place: PlaceId(place), valid },
        _ => put(dice),
    }
}

fn ids(answer: Result<Answer>) -> Vec<u64> {
    answer.unwrap().into_rows().iter().map(|r| r.id().get()).collect()
}

#[test]
fn an_index_that_followed_answers_like_the_store_and_like_one_built_afresh() {
    for seed in 0..40 {
        let (store, mut dice) = (MemoryStore::new(), Dice(seed));
        let mut index = build(&store);
        for step in 0..60 {
            let change = random_change(&store, &mut dice);
            let receipt = now(store.commit(Commit::new("t", "t", Instant::from_micros(step), [change]))).unwrap();
            if receipt.position != index.position() {
                follow(&store, &mut index);
            }
        }
        let fresh = build(&store);
        let everyone = Scope::everything("t");
        let mut places = Vec::new();
        now(store.scan(Part::All, &mut |f| places.push(PlaceId(f.id)))).unwrap();
        for at in [0, 7, 15, 25, 60] {
            let time = Time::At(AsOf { valid: When::At(Instant::from_micros(at)), recorded: When::Now });
            for place in &places {
                let inside: Vec<u64> = index.inside(*place, time).iter().collect();
                assert_eq!(inside, fresh.inside(*place, time).iter().collect::<Vec<_>>(), "seed {seed} at {at}");
                let named = ["doorplate", "building", "facility", "grid", "community", "stairwell"];
                let query = Query {
                    from: named.iter().map(|l| LayerId::new(l).unwrap()).collect(),
                    area: Some(Area::Place(*place)),
                    time,
                    ..Query::default()
                };
                let want = ids(now(store.read(&query, &everyone)));
                assert_eq!(ids(index.read(&query, &everyone).unwrap()), want, "seed {seed} at {at} in {place}");
            }
            let bbox = BBox { west: 120.02, south: 28.02, east: 120.07, north: 28.06 };
            let boxed = Query {
                area: Some(Area::Box(bbox)),
                zoom: Some(12),
                ..Query::layer(&LayerId::new("facility").unwrap())
            };
            let near = Query {
                want: Want::Nearest { k: 3, lon: 120.05, lat: 28.05 },
                page: Page::default(),
                time,
                ..Query::layer(&LayerId::new("doorplate").unwrap())
            };
            for query in [Query { time, ..boxed }, near] {
                let want = ids(now(store.read(&query, &everyone)));
                assert_eq!(ids(index.read(&query, &everyone).unwrap()), want);
                assert_eq!(ids(fresh.read(&query, &everyone).unwrap()), want);
            }
        }
    }
}

#[test]
fn the_subtree_of_a_door_is_one_run() {
    let store = MemoryStore::new();
    let origin = |key: &str| Identity::Origin { source: "t".into(), key: key.into() };
    let put = |layer: &str, key: &str| {
        Change::Put(Put {
            identity: origin(key),
            layer: LayerId::new(layer).unwrap(),
            geometry: (layer == "doorplate").then(|| Geometry::point(120.6, 28.0).unwrap()),
            properties: Properties::new(),
            valid: Interval::ALWAYS,
            min_zoom: 0,
        })
    };
    let lies = |thing: &str, place: &str| Change::Relate {
        thing: origin(thing),
        relation: Relation::LiesIn,
        place: origin(place),
        method: Method::Stated,
        distance_m: None,
        valid: Interval::ALWAYS,
    };
    let changes = vec![
        put("room", "r1"),
        put("room", "r2"),
        put("floor", "f1"),
        put("stairwell", "s1"),
        put("building", "b1"),
        put("doorplate", "d1"),
        put("doorplate", "d2"),
        put("grid", "g1"),
        put("facility", "x"),
        lies("r1", "f1"),
        lies("r2", "f1"),
        lies("f1", "s1"),
        lies("s1", "b1"),
        lies("b1", "d1"),
        lies("d1", "g1"),
        lies("x", "r2"),
    ];
    now(store.commit(Commit::new("t", "t", Instant::from_micros(1), changes))).unwrap();
    let index = build(&store);
    let all = now(store.scan(Part::All, &mut |_| {})).unwrap();
    assert_eq!(index.position(), all);
    let id = |key: &str| {
        let n = ["r1", "r2", "f1", "s1", "b1", "d1", "d2", "g1", "x"].iter().position(|k| *k == key).unwrap();
        PlaceId(FeatureId::new(n as u64 + 1).unwrap())
    };
    let door = index.region(id("d1"), Time::default());
    assert_eq!(door.len(), 6);
    assert_eq!(door.max().unwrap() - door.min().unwrap(), 5, "a run");
    assert_eq!(index.places().atoms(&door).len(), 2, "the two rooms are the atoms");
    let grid = index.region(id("g1"), Time::default());
    let counts = index.counts(&grid, Time::default());
    let count = |l: &str| counts.get(l).copied().unwrap_or_default();
    assert_eq!((count("room"), count("doorplate"), count("facility"), count("grid")), (2, 1, 1, 1));
}
