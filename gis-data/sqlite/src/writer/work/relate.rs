//! Facts.

use std::collections::BTreeSet;

use gis_data::commit::facts_after;
use gis_data::{BBox, Fact, FeatureId, Interval, LayerId, PlaceId, Relation, Result};
use rusqlite::params;

use super::Work;
use crate::error::Doing;
use crate::row;

/// Of one thing and relation to one place there is one fact at a time.
type Key = (FeatureId, Relation, PlaceId);

const DOING: (&str, &str) = ("写入关系", "writing a fact");

impl Work<'_, '_> {
    pub(super) fn relate(&mut self, key: Key, stretch: Interval, new: Option<&Fact>) -> Result<()> {
        let (seqs, old) = self.believed_facts(key)?;
        let Some(change) = facts_after(&old, stretch, new, self.recorded) else {
            return Ok(());
        };
        for i in change.ends {
            let (Some(seq), Some(ended)) = (seqs.get(i), old.get(i)) else { continue };
            let ended = if ended.recorded.from == self.recorded.from {
                self.s.delete_fact.execute([*seq])
            } else {
                self.s.end_fact.execute([*seq, self.recorded.from as i64])
            };
            ended.doing(DOING.0, DOING.1)?;
        }
        change.begins.iter().try_for_each(|f| self.insert_fact(f))?;
        self.done.changed = true;
        if let Some((layer, bbox, min_zoom)) = self.named(key.0)? {
            self.done.touch(key.0, &layer, bbox, bbox, min_zoom);
        }
        Ok(())
    }

    /// What is believed to lie in or hang on a thing, and what it lies in or hangs on.
    pub(super) fn touching(&mut self, id: FeatureId) -> Result<BTreeSet<Key>> {
        let mut rows = self.s.touching_facts.query([id.get() as i64]).doing(DOING.0, DOING.1)?;
        let mut keys = BTreeSet::new();
        while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
            let fact = row::fact(row)?;
            keys.insert((fact.thing, fact.relation, fact.place));
        }
        Ok(keys)
    }

    fn believed_facts(&mut self, key: Key) -> Result<(Vec<i64>, Vec<Fact>)> {
        let (thing, place) = (key.0.get() as i64, key.2.0.get() as i64);
        let mut rows = self.s.believed_facts.query(params![thing, key.1.as_str(), place]).doing(DOING.0, DOING.1)?;
        let (mut seqs, mut all) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
            seqs.push(row::number(row, 10)?);
            all.push(row::fact(row)?);
        }
        Ok((seqs, all))
    }

    fn insert_fact(&mut self, f: &Fact) -> Result<()> {
        let (relation, method) = row::words(f);
        let written = self.s.insert_fact.execute(params![
            f.thing.get() as i64,
            relation,
            f.place.0.get() as i64,
            method,
            f.distance_m,
            f.valid.from.micros(),
            f.valid.until.micros(),
            f.recorded.from as i64,
            f.recorded.at.micros()
        ]);
        written.doing(DOING.0, DOING.1).map(|_one| ())
    }

    /// How the log names a thing whose facts changed: with its box, or without one when it is retired.
    fn named(&mut self, id: FeatureId) -> Result<Option<(LayerId, Option<BBox>, u8)>> {
        let (statement, mut decoder) = self.s.believed();
        let mut rows = statement.query([id.get() as i64]).doing(DOING.0, DOING.1)?;
        if let Some(row) = rows.next().doing(DOING.0, DOING.1)? {
            let f = decoder.feature(row)?;
            return Ok(Some((f.layer.clone(), f.bbox(), f.min_zoom)));
        }
        drop(rows);
        let mut first = self
            .s
            .conn
            .prepare_cached("SELECT layer, min_zoom FROM version WHERE id = ?1 ORDER BY seq LIMIT 1")
            .doing(DOING.0, DOING.1)?;
        let mut rows = first.query([id.get() as i64]).doing(DOING.0, DOING.1)?;
        let Some(row) = rows.next().doing(DOING.0, DOING.1)? else {
            return Ok(None);
        };
        let min_zoom = u8::try_from(row::number(row, 1)?).unwrap_or(u8::MAX);
        Ok(Some((self.s.layer_name(row::number(row, 0)?)?, None, min_zoom)))
    }
}
