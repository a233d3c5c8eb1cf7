//! Where things belong after a commit: the rule of `cim_model`, asked inside the commit that causes it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use cim_model::placing::{Around, Caused, consequences};
use gis_data::{BBox, Change, Error, Fact, Feature, FeatureId, Identity, Kind, Part, Result, When};
use tokio::runtime::Handle;

use super::super::City;
use super::amend::believed;

/// The relations that follow from `changes`, to be committed behind them.
pub(super) async fn follow(city: &Arc<City>, changes: &[Change]) -> Result<Vec<Change>> {
    let (caused, stated) = caused(city, changes).await?;
    if caused.is_empty() {
        return Ok(Vec::new());
    }
    let looking = Looking { city: Arc::clone(city), handle: Handle::current(), failed: RefCell::default() };
    // The rule looks around as it goes, so it gets a thread on which it may wait for the store.
    let follows = tokio::task::spawn_blocking(move || {
        let follows = consequences(&caused, &stated, &looking);
        looking.failed.into_inner().map_or(Ok(follows), Err)
    });
    follows.await.map_err(|cause| {
        Error::new(
            Kind::Unavailable,
            "推算归属关系时中断；没有写入任何内容，请重试",
            "working out where things belong was cut off; nothing was written, try again",
        )
        .because(cause)
    })?
}

/// What is put and retired, and what the commit itself says about relations. New things get ids above all that are there.
async fn caused(city: &City, changes: &[Change]) -> Result<(Vec<Caused>, Vec<Change>)> {
    let mut provisional: HashMap<Identity, FeatureId> = HashMap::new();
    let (mut caused, mut stated) = (Vec::new(), Vec::new());
    let first = FeatureId::MAX.get() - changes.len() as u64;
    for change in changes {
        match change {
            Change::Put(put) => {
                let next = FeatureId::new(first + provisional.len() as u64)?;
                let id = match &put.identity {
                    Identity::Id(id) => *id,
                    origin @ Identity::Origin { .. } => *provisional.entry(origin.clone()).or_insert(next),
                };
                caused.push(Caused {
                    identity: put.identity.clone(),
                    id,
                    layer: put.layer.clone(),
                    valid: put.valid,
                    new: Some((put.geometry.clone(), put.properties.clone())),
                });
            }
            // Of what is not believed nothing follows.
            Change::Retire { id, valid } => {
                let layer = believed(city, *id).await?.into_iter().next().map(|f| f.layer);
                let (identity, id, valid) = (Identity::Id(*id), *id, *valid);
                caused.extend(layer.map(|layer| Caused { identity, id, layer, valid, new: None }));
            }
            Change::Relate { .. } | Change::Unrelate { .. } => stated.push(change.clone()),
        }
    }
    Ok((caused, stated))
}

/// The mirrors for what lies near, the store for the rest. The first failure is kept, and nothing is committed.
struct Looking {
    city: Arc<City>,
    handle: Handle,
    failed: RefCell<Option<Error>>,
}

impl Looking {
    fn wait<T: Default>(&self, asked: impl Future<Output = Result<T>>) -> T {
        self.handle.block_on(asked).unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            T::default()
        })
    }

    fn touching(&self, id: FeatureId) -> Vec<Fact> {
        self.wait(self.city.store.facts(&[id], When::Now))
    }
}

impl Around for Looking {
    fn near(&self, layer: &str, bbox: &BBox, each: &mut dyn FnMut(&Arc<Feature>)) {
        if let Some(spatial) = self.city.mirror().index.layer(layer) {
            spatial.search(bbox, None, each);
        }
    }

    fn versions(&self, id: FeatureId) -> Vec<Arc<Feature>> {
        self.wait(async {
            let mut all = Vec::new();
            self.city.store.scan(Part::Things(&[id]), &mut |f| all.push(Arc::new(f))).await?;
            Ok(all)
        })
    }

    fn facts(&self, thing: FeatureId) -> Vec<Fact> {
        let mut all = self.touching(thing);
        all.retain(|f| f.thing == thing);
        all
    }

    fn facts_to(&self, place: FeatureId) -> Vec<Fact> {
        let mut all = self.touching(place);
        all.retain(|f| f.place.0 == place);
        all
    }
}
