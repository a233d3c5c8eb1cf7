//! Random commits and questions, each put to a store and to the in-memory store.

mod ask;
pub mod condition;
mod make;
mod rng;

use std::collections::BTreeSet;

use gis_data::memory::MemoryStore;
use gis_data::{
    Catalog, Class, Commit, Feature, FeatureId, Field, FieldKind, GeometryKind, Layer, LayerId, Part, Position,
    Receipt, Result, Scope, Store, Words,
};

use crate::city::{all, at, layer};
pub use rng::Rng;

/// Questions after each step.
const QUESTIONS: usize = 4;

/// Sees the field `name` of the layer `tree`, and nothing else.
pub(crate) fn narrow() -> Scope {
    let words = || Words { zh: "词".into(), en: "word".into() };
    let name = Field {
        name: "name".into(),
        title: words(),
        kind: FieldKind::Text,
        unit: None,
        class: Some(Class::Public),
        min_zoom: 0,
        codes: Vec::new(),
    };
    let mut catalog = Catalog::default();
    catalog.add(Layer {
        id: layer("tree"),
        title: words(),
        class: Class::Public,
        geometry: GeometryKind::Any,
        place: false,
        min_zoom: 0,
        fields: vec![name],
    });
    Scope::up_to("resident", &catalog, Class::Public)
}

/// Takes `steps` random steps with an empty store and the in-memory store, and compares all that can be asked.
///
/// # Panics
/// When the two differ.
pub async fn agree(store: &impl Store, seed: u64, steps: usize) {
    let right = MemoryStore::new();
    let mut rng = Rng::new(seed);
    let mut clock = 1000;
    for step in 0..steps {
        clock += rng.between(-3, 25);
        let what = format!("seed {seed}, step {step}, clock {clock}");
        if rng.one_in(6) {
            let (a, b) = (store.pass_time(at(clock)).await, right.pass_time(at(clock)).await);
            same(&format!("{what}: pass_time"), &a, &b);
        } else {
            let make = make::commit(&mut rng, clock);
            let (a, b) = (told(store, make()).await, told(&right, make()).await);
            same(&format!("{what}: commit {:?}", make::shown(make())), &a, &b);
        }
        states_agree(store, &right, &mut rng, &what).await;
        for _ in 0..QUESTIONS {
            let (query, scope) = ask::question(&mut rng);
            let (a, b) = (store.read(&query, &scope).await, right.read(&query, &scope).await);
            let asked = format!("{what}: {query:?} for {}", scope.viewer());
            same(&asked, &a, &b);
        }
    }
}

async fn told(store: &impl Store, commit: Commit) -> Result<Receipt> {
    store.commit(commit).await
}

/// Where the log stands, what it says, what is believed, and the facts.
async fn states_agree(store: &impl Store, right: &impl Store, rng: &mut Rng, what: &str) {
    let (a, b) = (store.position().await, right.position().await);
    same(&format!("{what}: position"), &a, &b);
    let Ok((last, _)) = b else { panic!("{what}: the in-memory store lost its log") };
    let after = Position { epoch: last.epoch, number: rng.below(last.number + 1) };
    let scope = if rng.one_in(3) { narrow() } else { all() };
    if after < last {
        let (a, b) = (store.changes(after, &scope).await, right.changes(after, &scope).await);
        same(&format!("{what}: changes after {after}"), &a, &b);
    }
    let (a, b) = (scanned(store, Part::All).await, scanned(right, Part::All).await);
    same(&format!("{what}: scan"), &a, &b);
    let thing = rng.id();
    let (a, b) = (store.history(thing, &scope).await, right.history(thing, &scope).await);
    same(&format!("{what}: history of {thing}"), &a, &b);
    let (a, b) = (store.fact_history(thing).await, right.fact_history(thing).await);
    same(&format!("{what}: history of the facts of {thing}"), &a, &b);
    let (layers, things) = ([layer("bench")], [rng.id(), rng.id()]);
    for part in [Part::Layers(&layers), Part::Things(&things)] {
        let (a, b) = (scanned(store, part).await, scanned(right, part).await);
        same(&format!("{what}: scan of {part:?}"), &a, &b);
    }
    let recorded = ask::when(rng);
    let (a, b) = (facts(store, &things, recorded).await, facts(right, &things, recorded).await);
    same(&format!("{what}: facts of {things:?} at {recorded:?}"), &a, &b);
    let (a, b) = (scanned_facts(store).await, scanned_facts(right).await);
    same(&format!("{what}: scan of facts"), &a, &b);
    let (a, b) = (scanned_ids(store, &layers).await, scanned_ids(right, &layers).await);
    same(&format!("{what}: scan of ids"), &a, &b);
}

async fn scanned(store: &impl Store, part: Part<'_>) -> Result<(Position, Vec<Feature>)> {
    let mut all = Vec::new();
    let position = store.scan(part, &mut |f| all.push(f)).await?;
    all.sort_by_key(|f| (f.id, f.valid.from));
    Ok((position, all))
}

async fn scanned_facts(store: &impl Store) -> Result<(Position, Vec<gis_data::Fact>)> {
    let mut all = Vec::new();
    let position = store.scan_facts(&mut |f| all.push(f)).await?;
    all.sort_by_key(|f| (f.thing, f.relation, f.place, f.valid.from));
    Ok((position, all))
}

async fn scanned_ids(store: &impl Store, layers: &[LayerId]) -> Result<(Position, BTreeSet<(LayerId, FeatureId)>)> {
    let mut all = BTreeSet::new();
    let position = store
        .scan_ids(layers, &mut |layer, id| {
            all.insert((layer.clone(), id));
        })
        .await?;
    Ok((position, all))
}

async fn facts(
    store: &impl Store,
    things: &[gis_data::FeatureId],
    recorded: gis_data::When,
) -> Result<Vec<gis_data::Fact>> {
    let mut all = store.facts(things, recorded).await?;
    all.sort_by_key(|f| (f.thing, f.relation, f.place, f.valid.from));
    Ok(all)
}

/// Compares as text: a difference is to be read. Of errors the kind and the words count, not the cause.
fn same<T: std::fmt::Debug>(what: &str, own: &Result<T>, right: &Result<T>) {
    let text = |r: &Result<T>| match r {
        Ok(value) => format!("{value:#?}"),
        Err(error) => format!("{:?}: {error}", error.kind()),
    };
    let (own, right) = (text(own), text(right));
    if own != right {
        let differs = own.lines().zip(right.lines()).find(|(a, b)| a != b);
        panic!("{what}\nfirst difference: {differs:?}\n\nit answers\n{own}\n\nright is\n{right}");
    }
}
