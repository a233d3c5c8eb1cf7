//! The in-memory store: the definition of right, in as few words as possible. Not for a city: it looks at everything every time.

mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use async_trait::async_trait;

use crate::query::evaluate;
use crate::{
    Answer, Area, Changes, Commit, Fact, Feature, FeatureId, Identity, Instant, LayerId, Part, Position, Query,
    Receipt, Result, Scope, Shown, Store, When,
};
use state::State;

/// A store that forgets when it is dropped.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    waiting: Mutex<Vec<Waker>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock would have been inside this crate's own pure code, on a copy: the state is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().for_each(Waker::wake);
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self, query: &Query, scope: &Scope) -> Result<Answer> {
        let state = self.state();
        let (position, now) = state.clock();
        let number = state.number_at(query.time.recorded());
        let inside = match query.area {
            Some(Area::Place(place)) => Some(state.inside(place, query.time, number)),
            _ => None,
        };
        let candidates = state
            .versions
            .iter()
            .filter(|f| f.recorded.known_at(number) && inside.as_ref().is_none_or(|ids| ids.contains(&f.id)));
        let body = evaluate(query, scope, now, candidates.map(|f| Arc::new(f.clone())))?;
        Ok(Answer { position, now, body })
    }

    async fn commit(&self, commit: Commit) -> Result<Receipt> {
        let mut state = self.state();
        let mut next = state.clone();
        let rehearsal = commit.rehearsal;
        let receipt = next.commit(commit)?;
        if rehearsal {
            return Ok(receipt);
        }
        *state = next;
        drop(state);
        self.wake();
        Ok(receipt)
    }

    async fn changes(&self, after: Position, scope: &Scope) -> Result<Changes> {
        std::future::poll_fn(|context| {
            // Registered before looking, so that an entry written in between still wakes.
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(context.waker().clone());
            match self.state().changes(after, scope) {
                Some(changes) => Poll::Ready(Ok(changes)),
                None => Poll::Pending,
            }
        })
        .await
    }

    async fn pass_time(&self, now: Instant) -> Result<Option<Receipt>> {
        let receipt = self.state().pass_time(now);
        if receipt.is_some() {
            self.wake();
        }
        Ok(receipt)
    }

    async fn position(&self) -> Result<(Position, Instant)> {
        Ok(self.state().clock())
    }

    async fn facts(&self, things: &[FeatureId], recorded: When) -> Result<Vec<Fact>> {
        let state = self.state();
        let number = state.number_at(recorded);
        let touches = |f: &Fact| things.contains(&f.thing) || things.contains(&f.place.0);
        Ok(state.facts.iter().filter(|f| f.recorded.known_at(number) && touches(f)).cloned().collect())
    }

    async fn find(&self, identities: &[Identity]) -> Result<Vec<Option<FeatureId>>> {
        let state = self.state();
        Ok(identities.iter().map(|identity| state.find(identity)).collect())
    }

    async fn history(&self, id: FeatureId, scope: &Scope) -> Result<Vec<Shown>> {
        let state = self.state();
        let mut all: Vec<&Feature> = state.versions.iter().filter(|f| f.id == id).collect();
        all.sort_by_key(|f| (f.recorded.from, f.valid.from));
        Ok(all.into_iter().filter_map(|f| scope.admit(Arc::new(f.clone()))).collect())
    }

    async fn fact_history(&self, thing: FeatureId) -> Result<Vec<Fact>> {
        let mut all: Vec<Fact> = self.state().facts.iter().filter(|f| f.thing == thing).cloned().collect();
        all.sort_by_key(|f| (f.recorded.from, f.valid.from, f.relation, f.place));
        Ok(all)
    }

    async fn scan(&self, part: Part<'_>, each: &mut (dyn FnMut(Feature) + Send)) -> Result<Position> {
        let state = self.state();
        let wanted = |f: &&Feature| {
            f.recorded.current()
                && match part {
                    Part::All => true,
                    Part::Layers(layers) => layers.contains(&f.layer),
                    Part::Things(ids) => ids.contains(&f.id),
                }
        };
        state.versions.iter().filter(wanted).cloned().for_each(each);
        Ok(state.clock().0)
    }

    async fn scan_ids(
        &self,
        layers: &[LayerId],
        each: &mut (dyn for<'l> FnMut(&'l LayerId, FeatureId) + Send),
    ) -> Result<Position> {
        let state = self.state();
        let wanted = |f: &&Feature| f.recorded.current() && layers.contains(&f.layer);
        state.versions.iter().filter(wanted).for_each(|f| each(&f.layer, f.id));
        Ok(state.clock().0)
    }

    async fn scan_facts(&self, each: &mut (dyn FnMut(Fact) + Send)) -> Result<Position> {
        let state = self.state();
        state.facts.iter().filter(|f| f.recorded.current()).cloned().for_each(each);
        Ok(state.clock().0)
    }
}

impl State {
    fn pass_time(&mut self, now: Instant) -> Option<Receipt> {
        let (_, before) = self.clock();
        let believed = self.versions.iter().filter(|f| f.recorded.current());
        let touched = crate::commit::boundary(believed, before, now);
        if touched.is_empty() || now <= before {
            return None;
        }
        Some(self.append_effective(now, touched))
    }
}
