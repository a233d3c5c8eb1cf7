//! A packed R-tree per layer: a static base, and beside it the few rows that changed since.

use std::sync::Arc;

use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex};
use roaring::RoaringBitmap;

use crate::{BBox, Feature, Touched};

/// Every version of the current belief of one layer.
#[derive(Clone, Debug, Default)]
pub struct Spatial {
    /// The base rows; those in `dead` no longer count.
    base: Arc<Base>,
    dead: RoaringBitmap,
    /// Rows that came since, and rows without a shape.
    late: Vec<Arc<Feature>>,
}

#[derive(Debug, Default)]
struct Base {
    rows: Vec<Arc<Feature>>,
    /// One tree for each lowest zoom, so that a low zoom never walks over what only high zooms show.
    trees: Vec<Tree>,
    bare: RoaringBitmap,
}

#[derive(Debug)]
struct Tree {
    min_zoom: u8,
    boxes: RTree<f64>,
    rows: Vec<u32>,
}

/// More late rows than this, and than a sixteenth of the base, are packed into the base.
const MAX_LATE: usize = 2000;

impl Spatial {
    /// Packs rows.
    pub fn new(rows: Vec<Arc<Feature>>) -> Self {
        Self { base: Arc::new(Base::new(rows)), dead: RoaringBitmap::new(), late: Vec::new() }
    }

    /// How many versions it holds.
    pub fn len(&self) -> usize {
        self.base.rows.len() - self.dead.len() as usize + self.late.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The box around all of them.
    pub fn bbox(&self) -> Option<BBox> {
        let mut all = BBox::EMPTY;
        self.each(|f| {
            if let Some(b) = f.bbox() {
                all.join(&b);
            }
        });
        (!all.is_empty()).then_some(all)
    }

    /// Every version.
    pub fn each(&self, mut f: impl FnMut(&Arc<Feature>)) {
        let alive = |i: usize| !self.dead.contains(i as u32);
        self.base.rows.iter().enumerate().filter(|(i, _)| alive(*i)).for_each(|(_, row)| f(row));
        self.late.iter().for_each(f);
    }

    /// Every version with a shape whose box meets `bbox`, of those shown at `zoom` if one is given.
    pub fn search(&self, bbox: &BBox, zoom: Option<u8>, mut f: impl FnMut(&Arc<Feature>)) {
        for tree in self.base.trees.iter().take_while(|t| zoom.is_none_or(|z| t.min_zoom <= z)) {
            for hit in tree.boxes.search(bbox.west, bbox.south, bbox.east, bbox.north) {
                let row = tree.rows[hit as usize];
                if !self.dead.contains(row) {
                    f(&self.base.rows[row as usize]);
                }
            }
        }
        let meets = |row: &&Arc<Feature>| {
            zoom.is_none_or(|z| row.min_zoom <= z) && row.bbox().is_some_and(|own| own.meets(bbox))
        };
        self.late.iter().filter(meets).for_each(f);
    }

    /// At least the `k` nearest rows that count, and perhaps more: grows a box until enough lie surely within it.
    pub fn nearest(
        &self,
        lon: f64,
        lat: f64,
        k: usize,
        counts: impl Fn(&Arc<Feature>) -> bool,
        rows: &mut Vec<Arc<Feature>>,
    ) {
        // Metres a degree, as in geometry::distance; a box of this half width surely holds all within the radius.
        let metres = 111_195.0;
        let mut radius_m = 50.0;
        while radius_m < 40_000_000.0 {
            let (dy, dx) = (radius_m / metres, radius_m / metres / lat.to_radians().cos().max(0.01));
            let bbox = BBox { west: lon - dx, south: lat - dy, east: lon + dx, north: lat + dy };
            let mut found = Vec::new();
            self.search(&bbox, None, |f| found.push(Arc::clone(f)));
            let near = |f: &&Arc<Feature>| f.geometry.as_ref().is_some_and(|g| g.distance_m(lon, lat) <= radius_m);
            if found.iter().filter(near).filter(|f| counts(f)).take(k).count() == k {
                rows.extend(found);
                return;
            }
            radius_m *= 4.0;
        }
        self.each(|f| rows.push(Arc::clone(f)));
    }

    /// Takes out every version of the touched things and puts in what is believed of them now.
    pub(super) fn replace(&mut self, touched: &[Touched], rows: Vec<Arc<Feature>>) {
        let ids: std::collections::HashSet<_> = touched.iter().map(|t| t.id).chain(rows.iter().map(|r| r.id)).collect();
        self.late.retain(|f| !ids.contains(&f.id));
        // Base rows of a thing lie where its old box was; those without a shape are few and looked at one by one. A thing
        // whose facts alone changed is told with its present box.
        let base = Arc::clone(&self.base);
        let mut dead = std::mem::take(&mut self.dead);
        for bbox in touched.iter().flat_map(|t| [t.old, t.new]).flatten().chain(rows.iter().filter_map(|r| r.bbox())) {
            for tree in &base.trees {
                let hits = tree.boxes.search(bbox.west, bbox.south, bbox.east, bbox.north);
                let own = hits.into_iter().map(|h| tree.rows[h as usize]);
                dead.extend(own.filter(|r| ids.contains(&base.rows[*r as usize].id)));
            }
        }
        dead.extend(base.bare.iter().filter(|r| ids.contains(&base.rows[*r as usize].id)));
        self.dead = dead;
        self.late.extend(rows);
        if self.late.len() > MAX_LATE.max(self.base.rows.len() / 16) {
            let mut all = Vec::with_capacity(self.len());
            self.each(|f| all.push(Arc::clone(f)));
            *self = Self::new(all);
        }
    }
}

impl Base {
    fn new(rows: Vec<Arc<Feature>>) -> Self {
        let mut by_zoom: std::collections::BTreeMap<u8, Vec<u32>> = std::collections::BTreeMap::new();
        let mut bare = RoaringBitmap::new();
        for (i, row) in rows.iter().enumerate() {
            if row.geometry.is_some() {
                by_zoom.entry(row.min_zoom).or_default().push(i as u32);
            } else {
                bare.insert(i as u32);
            }
        }
        let trees = by_zoom.into_iter().map(|(min_zoom, ids)| {
            let mut builder = RTreeBuilder::<f64>::new(ids.len() as u32);
            for i in &ids {
                let b = rows[*i as usize].bbox().unwrap_or(BBox::EMPTY);
                builder.add(b.west, b.south, b.east, b.north);
            }
            Tree { min_zoom, boxes: builder.finish::<HilbertSort>(), rows: ids }
        });
        Self { trees: trees.collect(), bare, rows }
    }
}
