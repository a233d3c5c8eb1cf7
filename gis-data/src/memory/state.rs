//! The state of the in-memory store and what a commit does to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::commit::{facts_after, versions_after};
use crate::{
    BBox, Change, Changed, Changes, Commit, Counts, Fact, Feature, FeatureId, Identity, Instant, Interval, LayerId,
    LogEntry, LogKind, PlaceId, Position, Put, Receipt, Recorded, Relation, Result, Scope, Time, Touched, When,
};

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) versions: Vec<Feature>,
    pub(super) facts: Vec<Fact>,
    log: Vec<LogEntry>,
    origins: HashMap<(String, String), FeatureId>,
    receipts: HashMap<(String, String), (u64, Receipt)>,
    next_id: u64,
}

/// The epoch of a store that was never restored.
const EPOCH: u32 = 1;

/// What a commit has done so far.
#[derive(Default)]
struct Done {
    counts: Counts,
    touched: BTreeMap<FeatureId, Touched>,
    ids: Vec<FeatureId>,
    seen: BTreeSet<FeatureId>,
    /// Facts of things that have no version left change without touching anything.
    changed: bool,
}

/// What began or ceased to be so before a commit.
struct Due {
    at: Instant,
    touched: Vec<Touched>,
}

impl State {
    /// Where the log stands and its clock there.
    pub(super) fn clock(&self) -> (Position, Instant) {
        self.log.last().map_or((Position { epoch: EPOCH, number: 0 }, Instant::DAWN), |e| (e.position, e.at))
    }

    /// The number of the last entry whose clock is not after `recorded`.
    pub(super) fn number_at(&self, recorded: When) -> u64 {
        match recorded {
            When::Now => self.clock().0.number,
            When::At(at) => self.log.partition_point(|e| e.at <= at) as u64,
        }
    }

    pub(super) fn append(
        &mut self,
        kind: LogKind,
        actor: &str,
        reason: &str,
        now: Instant,
        touched: Vec<Touched>,
    ) -> Receipt {
        let (last, before) = self.clock();
        let position = Position { epoch: EPOCH, number: last.number + 1 };
        let at = now.max(before.plus_micros(1));
        let changed = Changed::of(touched);
        let (actor, reason) = (actor.to_owned(), reason.to_owned());
        self.log.push(LogEntry { position, at, kind, actor, reason, changed: changed.clone() });
        Receipt { position, at, counts: Counts::new(), changed, ids: Vec::new() }
    }

    pub(super) fn commit(&mut self, commit: Commit) -> Result<Receipt> {
        let key = (commit.actor.clone(), commit.key.clone());
        if let Some((content, receipt)) = self.receipts.get(&key).filter(|_| !commit.key.is_empty()) {
            crate::commit::same_content(&commit.key, *content, commit.content)?;
            return Ok(receipt.clone());
        }
        for (id, position) in &commit.expected {
            // A retirement leaves no current version, but it is a change all the same.
            let moved = |r: &Recorded| r.from > position.number || (!r.current() && r.until > position.number);
            let own = self.versions.iter().filter(|f| f.id == *id).map(|f| f.recorded);
            if own.clone().any(|r| moved(&r)) {
                let ends = |r: Recorded| if r.current() { r.from } else { r.until };
                return Err(crate::commit::moved_on(*id, *position, own.map(ends).max().unwrap_or_default()));
            }
        }
        let (last, before) = self.clock();
        let due = self.due(commit.now);
        let at = due.as_ref().map_or(before, |d| d.at).plus_micros(1).max(commit.now);
        let recorded = Recorded::since(last.number + 1 + u64::from(due.is_some()), at);
        let mut done = Done::default();
        for change in commit.changes {
            self.apply(change?, recorded, &mut done)?;
        }
        let mut receipt = if done.changed {
            if let Some(Due { at, touched }) = due {
                self.append_effective(at, touched);
            }
            let touched = done.touched.into_values().collect();
            self.append(LogKind::Commit, &commit.actor, &commit.reason, commit.now, touched)
        } else {
            Receipt { position: last, at: before, counts: Counts::new(), changed: Changed::Each(vec![]), ids: vec![] }
        };
        receipt.counts = done.counts;
        receipt.ids = done.ids;
        receipt.ids.truncate(crate::commit::MAX_NAMED);
        if !commit.key.is_empty() {
            self.receipts.insert(key, (commit.content, receipt.clone()));
        }
        Ok(receipt)
    }

    /// Boundaries that passed since the last entry and before a commit at `now`. They come before it in the log:
    /// the commit moves the clock, and nobody would look behind it again. Its clock stays free of boundaries.
    fn due(&self, now: Instant) -> Option<Due> {
        let (_, before) = self.clock();
        let mut upto = now.max(before.plus_micros(1));
        loop {
            let believed = || self.versions.iter().filter(|f| f.recorded.current());
            let ends = believed().flat_map(|f| [f.valid.from, f.valid.until]);
            let at = ends.filter(|at| before < *at && *at <= upto).max()?;
            let own = now.max(at.plus_micros(1));
            if own == upto {
                return Some(Due { at, touched: crate::commit::boundary(believed(), before, at) });
            }
            upto = own;
        }
    }

    pub(super) fn append_effective(&mut self, at: Instant, touched: Vec<Touched>) -> Receipt {
        self.append(LogKind::Effective, "menpai", "时间推移 / time passed", at, touched)
    }

    fn apply(&mut self, change: Change, recorded: Recorded, done: &mut Done) -> Result<()> {
        match change {
            Change::Put(put) => self.put(put, recorded, done),
            Change::Retire { id, valid } => self.retire(id, valid, recorded, done),
            Change::Relate { thing, relation, place, method, distance_m, valid } => {
                let (thing, place) = (self.known(&thing)?, PlaceId(self.known(&place)?));
                let fact = Fact { thing, relation, place, method, distance_m, valid, recorded };
                self.relate((thing, relation, place), valid, Some(&fact), recorded, done);
                Ok(())
            }
            Change::Unrelate { thing, relation, place, valid } => {
                self.relate((thing, relation, place), valid, None, recorded, done);
                Ok(())
            }
        }
    }

    fn put(&mut self, put: Put, recorded: Recorded, done: &mut Done) -> Result<()> {
        let id = self.identify(&put.identity)?;
        let believed = self.believed(id);
        if let Some(other) = self.versions.iter().find(|f| f.id == id && f.layer != put.layer) {
            return Err(crate::commit::layer_changed(id, &other.layer, &put.layer));
        }
        let was_there = self.versions.iter().any(|f| f.id == id);
        let Put { layer, geometry, properties, valid, min_zoom, .. } = put;
        let new = Feature { id, layer: layer.clone(), geometry, properties, valid, recorded, min_zoom };
        let changed = self.replace(&believed, valid, Some(&new), recorded, done);
        done.ids.push(id);
        if done.seen.insert(id) {
            done.counts.entry(layer).or_default().count(was_there, changed);
        }
        Ok(())
    }

    fn retire(&mut self, id: FeatureId, valid: Interval, recorded: Recorded, done: &mut Done) -> Result<()> {
        let believed = self.believed(id);
        let Some(layer) = self.versions.iter().find(|f| f.id == id).map(|f| f.layer.clone()) else {
            return Err(crate::commit::unknown_thing(id));
        };
        let changed = self.replace(&believed, valid, None, recorded, done);
        // Nothing lies in, hangs on or belongs to what is not there.
        let touching = self
            .facts
            .iter()
            .filter(|f| f.recorded.current() && (f.thing == id || (f.place.0 == id && f.relation.places())));
        for key in touching.map(|f| (f.thing, f.relation, f.place)).collect::<BTreeSet<_>>() {
            self.relate(key, valid, None, recorded, done);
        }
        if done.seen.insert(id) {
            done.counts.entry(layer).or_default().count(true, changed);
        }
        Ok(())
    }

    /// Puts `new` (or nothing) in the place of what is believed about the stretch; tells whether that changed anything.
    fn replace(
        &mut self,
        believed: &[usize],
        stretch: Interval,
        new: Option<&Feature>,
        recorded: Recorded,
        done: &mut Done,
    ) -> bool {
        let old: Vec<Feature> = believed.iter().map(|i| self.versions[*i].clone()).collect();
        let Some(change) = versions_after(&old, stretch, new, recorded) else {
            return false;
        };
        for f in change.ends.iter().map(|i| &old[*i]) {
            done.touch(f.id, &f.layer, f.bbox(), None, f.min_zoom);
        }
        for f in &change.begins {
            done.touch(f.id, &f.layer, None, f.bbox(), f.min_zoom);
        }
        change.ends.iter().for_each(|i| self.versions[believed[*i]].recorded.until = recorded.from);
        // A version that began and ended within this commit was never known.
        self.versions.retain(|f| f.recorded.from < f.recorded.until);
        self.versions.extend(change.begins);
        true
    }

    fn relate(
        &mut self,
        key: (FeatureId, Relation, PlaceId),
        stretch: Interval,
        new: Option<&Fact>,
        recorded: Recorded,
        done: &mut Done,
    ) {
        let is = |f: &Fact| (f.thing, f.relation, f.place) == key && f.recorded.current();
        let at: Vec<usize> = self.facts.iter().enumerate().filter(|(_, f)| is(f)).map(|(i, _)| i).collect();
        let old: Vec<Fact> = at.iter().map(|i| self.facts[*i].clone()).collect();
        let Some(change) = facts_after(&old, stretch, new, recorded) else {
            return;
        };
        change.ends.iter().for_each(|i| self.facts[at[*i]].recorded.until = recorded.from);
        self.facts.retain(|f| f.recorded.from < f.recorded.until);
        self.facts.extend(change.begins);
        done.changed = true;
        // A thing that is retired is named too, without a box: its facts changed.
        let mut known = self.versions.iter().filter(|f| f.id == key.0);
        let first = known.clone().next();
        if let Some(f) = known.find(|f| f.recorded.current()).or(first) {
            let bbox = f.bbox().filter(|_| f.recorded.current());
            done.touch(key.0, &f.layer.clone(), bbox, bbox, f.min_zoom);
        }
    }

    fn believed(&self, id: FeatureId) -> Vec<usize> {
        let is = |f: &Feature| f.id == id && f.recorded.current();
        self.versions.iter().enumerate().filter(|(_, f)| is(f)).map(|(i, _)| i).collect()
    }

    fn identify(&mut self, identity: &Identity) -> Result<FeatureId> {
        match identity {
            Identity::Id(id) => {
                if id.home() == 0 {
                    self.next_id = self.next_id.max(id.get());
                }
                Ok(*id)
            }
            Identity::Origin { source, key } => {
                if let Some(id) = self.origins.get(&(source.clone(), key.clone())) {
                    return Ok(*id);
                }
                self.next_id += 1;
                let id = FeatureId::born(0, self.next_id)?;
                self.origins.insert((source.clone(), key.clone()), id);
                Ok(id)
            }
        }
    }

    pub(super) fn find(&self, identity: &Identity) -> Option<FeatureId> {
        match identity {
            Identity::Id(id) => Some(*id),
            Identity::Origin { source, key } => self.origins.get(&(source.clone(), key.clone())).copied(),
        }
    }

    fn known(&self, identity: &Identity) -> Result<FeatureId> {
        let there =
            |id: &FeatureId| matches!(identity, Identity::Origin { .. }) || self.versions.iter().any(|f| f.id == *id);
        self.find(identity).filter(there).ok_or_else(|| crate::commit::unknown_identity(identity))
    }

    pub(super) fn changes(&self, after: Position, scope: &Scope) -> Option<Changes> {
        let from = if after.epoch < EPOCH { 0 } else { after.number as usize };
        let entries = self.log.get(from..).filter(|rest| !rest.is_empty())?;
        let entries = entries.get(..entries.len().min(1000))?;
        let upto = entries.last()?.position;
        let entries = entries.iter().cloned().filter_map(|e| crate::commit::cut(e, scope)).collect();
        Some(Changes { entries, upto })
    }

    /// The place itself, what lies in it, and what hangs on any of those.
    pub(super) fn inside(&self, place: PlaceId, time: Time, number: u64) -> BTreeSet<FeatureId> {
        let so = |f: &&Fact| {
            f.recorded.known_at(number)
                && match time {
                    Time::At(as_of) => {
                        let now = match as_of.recorded {
                            When::Now => self.clock().1,
                            When::At(at) => at.min(self.clock().1),
                        };
                        f.valid.contains(as_of.valid.or(now))
                    }
                    Time::During(stretch, _) => f.valid.overlaps(&stretch),
                }
        };
        let mut all = BTreeSet::from([place.0]);
        let mut fresh = vec![place.0];
        while let Some(at) = fresh.pop() {
            for f in self.facts.iter().filter(|f| f.place.0 == at && f.relation.places()).filter(so) {
                if all.insert(f.thing) {
                    fresh.push(f.thing);
                }
            }
        }
        all
    }
}

impl Done {
    fn touch(&mut self, id: FeatureId, layer: &LayerId, old: Option<BBox>, new: Option<BBox>, min_zoom: u8) {
        let slot = self.touched.entry(id).or_insert_with(|| Touched {
            id,
            layer: layer.clone(),
            old: None,
            new: None,
            min_zoom,
        });
        slot.add(old, new, min_zoom);
        self.changed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn an_unknown_thing_cannot_be_retired() {
        let mut state = State::default();
        let id = FeatureId::new(5).unwrap();
        let changes = [Change::Retire { id, valid: Interval::ALWAYS }];
        let error = state.commit(Commit::new("a", "b", Instant::from_micros(1), changes)).unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound);
    }
}
