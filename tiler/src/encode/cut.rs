//! A feature's shape in one tile: projected, simplified, cut, snapped.

use geo_types::{Coord as Degrees, Geometry as Shape, LineString, Polygon};
use gis_data::mercator;

use super::Options;
use super::clip::{self, Point, Square};
use super::commands::{Parts, Vertex};
use super::{label, rings, simplify};
use crate::{Coord, EXTENT};

/// What of a feature lies in the tile. Kept from feature to feature, so that its buffers are made once.
pub(super) struct Cut {
    coord: Coord,
    /// Tiles along the square, 2^z.
    across: f64,
    square: Square,
    /// Units; nothing is simplified at 0.
    tolerance: f64,
    min_double_area: i64,
    labels: bool,
    pub(super) points: Vec<Vertex>,
    pub(super) lines: Parts,
    pub(super) rings: Parts,
    polygons: Parts,
    path: Vec<Point>,
    scratch: Vec<Point>,
    keep: Vec<bool>,
    snapped: Vec<Vertex>,
}

impl Cut {
    pub(super) fn new(coord: Coord, options: &Options) -> Self {
        let simplifies = coord.z() < options.full_zoom;
        let buffer = f64::from(options.buffer);
        Self {
            coord,
            across: f64::from(coord.z()).exp2(),
            square: Square { min: -buffer, max: f64::from(EXTENT) + buffer },
            tolerance: if simplifies { options.tolerance } else { 0.0 },
            min_double_area: if simplifies { i64::from(options.min_area) * 2 } else { 0 },
            labels: options.labels,
            points: Vec::new(),
            lines: Parts::default(),
            rings: Parts::default(),
            polygons: Parts::default(),
            path: Vec::new(),
            scratch: Vec::new(),
            keep: Vec::new(),
            snapped: Vec::new(),
        }
    }

    /// Replaces what is held by the part of `shape` that lies in the tile.
    pub(super) fn take(&mut self, shape: &Shape<f64>) {
        self.points.clear();
        self.lines.clear();
        self.rings.clear();
        self.polygons.clear();
        if self.labels {
            if let Some(at) = label::place(shape) {
                self.point(at);
            }
            return;
        }
        self.add(shape);
        if self.points.len() > 1 {
            self.points.sort_unstable();
            self.points.dedup();
        }
        if !self.polygons.is_empty() {
            rings::settle(&self.polygons, self.min_double_area, &mut self.rings);
        }
    }

    fn add(&mut self, shape: &Shape<f64>) {
        match shape {
            Shape::Point(p) => self.point(p.0),
            Shape::MultiPoint(m) => m.0.iter().for_each(|p| self.point(p.0)),
            Shape::Line(l) => self.line(&[l.start, l.end]),
            Shape::LineString(l) => self.line(&l.0),
            Shape::MultiLineString(m) => m.0.iter().for_each(|l| self.line(&l.0)),
            Shape::Polygon(p) => self.polygon(p),
            Shape::MultiPolygon(m) => m.0.iter().for_each(|p| self.polygon(p)),
            Shape::Rect(r) => self.polygon(&r.to_polygon()),
            Shape::Triangle(t) => self.polygon(&t.to_polygon()),
            Shape::GeometryCollection(c) => c.0.iter().for_each(|s| self.add(s)),
        }
    }

    /// A point is in just one tile: that of its column and row, buffer or not. (MapLibre and others leave points of the
    /// buffer out anyway; a label or circle near the edge is drawn across it.)
    fn point(&mut self, at: Degrees<f64>) {
        let (x, y) = mercator::project(at.x, at.y);
        let place = |at: f64, tile: u32| {
            let at = at * self.across;
            let column = at.floor().clamp(0.0, self.across - 1.0);
            let unit = ((at - column) * f64::from(EXTENT)).round().clamp(0.0, f64::from(EXTENT - 1));
            (column as u32 == tile).then_some(unit as i32)
        };
        if let (Some(x), Some(y)) = (place(x, self.coord.x()), place(y, self.coord.y())) {
            self.points.push([x, y]);
        }
    }

    fn line(&mut self, line: &[Degrees<f64>]) {
        let Some(all_inside) = self.project(line) else { return };
        if self.tolerance > 0.0 {
            simplify::line(&mut self.path, &mut self.keep, self.tolerance);
        }
        let (snapped, lines) = (&mut self.snapped, &mut self.lines);
        let mut push = |piece: &[Point]| {
            snapped.clear();
            snapped.extend(piece.iter().map(|p| snap(*p)));
            snapped.dedup();
            if snapped.len() >= 2 {
                lines.push(snapped, false);
            }
        };
        if all_inside {
            push(&self.path);
        } else {
            clip::line(&self.path, &mut self.scratch, self.square, push);
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        let before = self.polygons.len();
        self.ring(polygon.exterior(), true);
        if self.polygons.len() > before {
            polygon.interiors().iter().for_each(|hole| self.ring(hole, false));
        }
    }

    fn ring(&mut self, ring: &LineString<f64>, outer: bool) {
        let open = ring.0.split_last().map_or(ring.0.as_slice(), |(_, open)| open);
        let Some(all_inside) = self.project(open) else { return };
        if self.tolerance > 0.0 {
            simplify::ring(&mut self.path, &mut self.keep, self.tolerance);
        }
        if !all_inside {
            clip::ring(&mut self.path, &mut self.scratch, self.square);
        }
        self.snapped.clear();
        self.snapped.extend(self.path.iter().map(|p| snap(*p)));
        rings::clean(&mut self.snapped);
        // Rings that are surely too small to be seen go here, before they can touch anything. A ring that crosses itself has no
        // area to speak of yet, so its box is asked.
        if !self.snapped.is_empty() && double_box_area(&self.snapped) >= self.min_double_area {
            self.polygons.push(&self.snapped, outer);
        }
    }

    /// Projects a path. `None` if all of it lies to one side of the square; else whether all of it lies in the square.
    fn project(&mut self, path: &[Degrees<f64>]) -> Option<bool> {
        let (tx, ty) = (f64::from(self.coord.x()), f64::from(self.coord.y()));
        let (across, extent) = (self.across, f64::from(EXTENT));
        let (mut all, mut any) = (u8::MAX, 0);
        self.path.clear();
        self.path.extend(path.iter().map(|c| {
            let (x, y) = mercator::project(c.x, c.y);
            let at = [(x * across - tx) * extent, (y * across - ty) * extent];
            let outside = self.square.outside(at);
            all &= outside;
            any |= outside;
            at
        }));
        (all == 0).then_some(any == 0)
    }
}

fn double_box_area(ring: &[Vertex]) -> i64 {
    let length = |axis: usize| {
        let (low, high) = ring.iter().fold((i32::MAX, i32::MIN), |(l, h), v| (l.min(v[axis]), h.max(v[axis])));
        i64::from(high) - i64::from(low)
    };
    2 * length(0) * length(1)
}

fn snap([x, y]: Point) -> Vertex {
    [x.round() as i32, y.round() as i32]
}
