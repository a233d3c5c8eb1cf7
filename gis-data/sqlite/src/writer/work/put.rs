//! Versions: put and retired.

use geo_types::Geometry as Shape;
use gis_data::commit::{layer_changed, unknown_thing, versions_after};
use gis_data::geometry::wkb;
use gis_data::{Feature, FeatureId, Geometry, Instant, Interval, Put, Result};
use rusqlite::params;
use rusqlite::types::ValueRef;

use super::Work;
use crate::error::Doing;
use crate::row;

impl Work<'_, '_> {
    pub(super) fn put(&mut self, put: Put) -> Result<()> {
        let (id, fresh) = self.identify(&put.identity)?;
        let Put { layer, geometry, properties, valid, min_zoom, .. } = put;
        let nr = self.s.layer_nr(&layer)?;
        // Only what existed before this very change has versions to be looked at: a bulk of new things is written blindly.
        let known = if fresh { None } else { self.s.layer_of(id)? };
        if let Some(other) = known.filter(|other| *other != nr) {
            return Err(layer_changed(id, &self.s.layer_name(other)?, &layer));
        }
        let geometry = geometry.map(plain).transpose()?;
        let new = Feature { id, layer, geometry, properties, valid, recorded: self.recorded, min_zoom };
        let changed = if known.is_some() {
            self.replace(id, valid, Some(&new), nr)?
        } else {
            self.insert(&new, nr)?;
            self.done.touch(id, &new.layer, None, new.bbox(), min_zoom);
            true
        };
        self.done.put(id);
        self.done.count(id, &new.layer, known.is_some(), changed);
        Ok(())
    }

    pub(super) fn retire(&mut self, id: FeatureId, valid: Interval) -> Result<()> {
        let nr = self.s.layer_of(id)?.ok_or_else(|| unknown_thing(id))?;
        let layer = self.s.layer_name(nr)?;
        let changed = self.replace(id, valid, None, nr)?;
        // Nothing lies in, hangs on or belongs to what is not there.
        for key in self.touching(id)? {
            self.relate(key, valid, None)?;
        }
        self.done.count(id, &layer, true, changed);
        Ok(())
    }

    /// Puts `new` (or nothing) in the place of what is believed about the stretch; tells whether that changed anything.
    fn replace(&mut self, id: FeatureId, stretch: Interval, new: Option<&Feature>, nr: i64) -> Result<bool> {
        let Some((seqs, old)) = self.believed(id, new)? else {
            return Ok(false);
        };
        let Some(change) = versions_after(&old, stretch, new, self.recorded) else {
            return Ok(false);
        };
        for i in change.ends {
            let (Some(seq), Some(ended)) = (seqs.get(i), old.get(i)) else { continue };
            self.done.touch(ended.id, &ended.layer, ended.bbox(), None, ended.min_zoom);
            self.end(*seq, ended)?;
        }
        for begun in &change.begins {
            self.insert(begun, nr)?;
            self.done.touch(begun.id, &begun.layer, None, begun.bbox(), begun.min_zoom);
        }
        Ok(true)
    }

    /// The believed versions of a thing; `None` if one of them says what `new` says, byte for byte.
    fn believed(&mut self, id: FeatureId, new: Option<&Feature>) -> Result<Option<(Vec<i64>, Vec<Feature>)>> {
        self.json.clear();
        let shape = new.and_then(|n| n.geometry.as_ref()).map(wkb::write);
        if let Some(new) = new {
            row::encode_properties(&new.properties, &mut self.json).map_err(|e| e.at(format!("#{id}")))?;
        }
        let doing = ("读取现有版本", "reading the believed versions");
        let (statement, mut decoder) = self.s.believed();
        let mut rows = statement.query([id.get() as i64]).doing(doing.0, doing.1)?;
        let (mut seqs, mut all) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next().doing(doing.0, doing.1)? {
            if let Some(new) = new
                && row::number(row, 2)? <= new.valid.from.micros()
                && row::number(row, 3)? >= new.valid.until.micros()
                && row::number(row, 7)? == i64::from(new.min_zoom)
                && row::bytes(row, 9)? == self.json
                && match (row.get_ref(8).doing(doing.0, doing.1)?, &shape) {
                    (ValueRef::Null, None) => true,
                    (ValueRef::Blob(old), Some(new)) => old == new,
                    _ => false,
                }
            {
                return Ok(None);
            }
            seqs.push(row::number(row, 10)?);
            all.push(decoder.feature(row)?);
        }
        Ok(Some((seqs, all)))
    }

    fn insert(&mut self, f: &Feature, nr: i64) -> Result<()> {
        self.json.clear();
        row::encode_properties(&f.properties, &mut self.json).map_err(|e| e.at(format!("{} #{}", f.layer, f.id)))?;
        let shape = f.geometry.as_ref().map(wkb::write);
        let mut write = || -> rusqlite::Result<()> {
            self.s.insert_version.execute(params![
                f.id.get() as i64,
                nr,
                f.valid.from.micros(),
                f.valid.until.micros(),
                f.recorded.from as i64,
                f.recorded.at.micros(),
                f.min_zoom,
                shape,
                self.json
            ])?;
            let seq = self.s.conn.last_insert_rowid();
            if let Some(b) = f.bbox() {
                let layer = nr as f64;
                self.s.insert_box.execute(params![seq, b.west, b.east, b.south, b.north, layer, layer + 0.5])?;
            }
            for at in [f.valid.from, f.valid.until] {
                if f.recorded.at < at && at < Instant::FOREVER {
                    self.s.insert_boundary.execute([at.micros(), seq])?;
                }
            }
            Ok(())
        };
        write().doing("写入版本", "writing a version")
    }

    /// A version ceases to be believed. One that began within this commit was never known.
    fn end(&mut self, seq: i64, f: &Feature) -> Result<()> {
        let number = self.recorded.from as i64;
        let mut write = || -> rusqlite::Result<()> {
            if f.recorded.from != self.recorded.from {
                return self.s.end_version.execute([seq, number]).map(|_| ());
            }
            self.s.delete_version.execute([seq])?;
            self.s.delete_box.execute([seq])?;
            self.s.delete_boundary.execute([seq, f.valid.from.micros(), f.valid.until.micros()])?;
            Ok(())
        };
        write().doing("结束版本", "ending a version")
    }
}

/// The shape as it will be read back: WKB has no single segments, rectangles and triangles.
fn plain(geometry: Geometry) -> Result<Geometry> {
    match geometry.shape() {
        Shape::Line(_) | Shape::Rect(_) | Shape::Triangle(_) | Shape::GeometryCollection(_) => {
            wkb::read(&wkb::write(&geometry))
        }
        _ => Ok(geometry),
    }
}
