//! Regions as bitmaps of ordinals, and what they hold.

use std::collections::BTreeMap;

use roaring::{RoaringBitmap, RoaringTreemap};

use super::{Index, Ordinal};
use crate::query::Region;
use crate::{Geometry, LayerId, Time};

/// The layer whose shapes say where a door is.
const DOORS: &str = "doorplate";

impl Index {
    /// The doors of a region, and all places in them.
    pub fn doors(&self, region: &Region, time: Time) -> RoaringBitmap {
        let stretch = self.stretch(time);
        match region {
            Region::Place(place) => self.places.region(*place, stretch),
            Region::Shape(shape) => self.doors_where(shape, 0.0, time, |door| {
                let at = door.anchor();
                shape.contains(at.x, at.y)
            }),
            Region::Near { of, within_m } => {
                self.doors_where(of, *within_m, time, |door| of.apart_m(door) <= *within_m)
            }
            Region::SameDoor(thing) => match self.places.ordinal(*thing) {
                Some(own) => self.places.below(vec![self.places.door_of(own, stretch)], stretch),
                None => RoaringBitmap::new(),
            },
            Region::All(parts) => {
                // Exclusions are taken off at the end, so that the whole city is never laid out for one that stands beside others.
                let (without, within): (Vec<_>, Vec<_>) = parts.iter().partition(|p| matches!(p, Region::Not(_)));
                let mut all: Option<RoaringBitmap> = None;
                for part in within {
                    let own = self.doors(part, time);
                    all = Some(all.map_or_else(|| own.clone(), |all| all & &own));
                }
                let mut all = all.unwrap_or_else(|| self.everywhere());
                for part in without {
                    if let Region::Not(part) = part {
                        all -= self.doors(part, time);
                    }
                }
                all
            }
            Region::Any(parts) => parts.iter().fold(RoaringBitmap::new(), |mut all, part| {
                all |= self.doors(part, time);
                all
            }),
            Region::Not(part) => self.everywhere() - self.doors(part, time),
        }
    }

    fn everywhere(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..self.places.len() as u32);
        all
    }

    fn doors_where(
        &self,
        near: &Geometry,
        within_m: f64,
        time: Time,
        is_in: impl Fn(&Geometry) -> bool,
    ) -> RoaringBitmap {
        let stretch = self.stretch(time);
        let mut found: Vec<Ordinal> = Vec::new();
        if let Some(doors) = self.spatial.get(DOORS) {
            doors.search(&near.bbox().grown_m(within_m), None, |door| {
                if door.valid.overlaps(&stretch) && door.geometry.as_ref().is_some_and(&is_in) {
                    found.extend(self.places.ordinal(door.id));
                }
            });
        }
        self.places.below(found, stretch)
    }

    /// The places of a region and the records that hang on them, by layer.
    pub fn things(&self, region: &RoaringBitmap, time: Time) -> BTreeMap<LayerId, RoaringTreemap> {
        let mut all: BTreeMap<LayerId, RoaringTreemap> = BTreeMap::new();
        for ordinal in region {
            let layer = self.places.layer(ordinal);
            match all.get_mut(layer) {
                Some(own) => drop(own.insert(self.places.id(ordinal).get())),
                None => drop(all.entry(layer.clone()).or_default().insert(self.places.id(ordinal).get())),
            }
        }
        let mut seen: BTreeMap<&LayerId, RoaringTreemap> = BTreeMap::new();
        self.postings.each_in(region, self.stretch(time), |layer, thing| {
            seen.entry(layer).or_default().insert(thing.get());
        });
        for (layer, things) in seen {
            *all.entry(layer.clone()).or_default() |= things;
        }
        all
    }
}
