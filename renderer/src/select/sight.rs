//! What of the world is in the picture.

use glam::DVec4;
use tiler::Coord;

use crate::view::{Camera, FIELD_OF_VIEW};

/// Higher than any building stands: a tile that claims more is not believed.
const MAX_TOP_M: f64 = 1200.0;
/// How fast tiles get coarser with distance: 1 would keep their width in the picture, 2 their height there, for the ground lies
/// flatter the farther it is. Between both the number of tiles is bounded even where the horizon is in the picture.
const FALL: f64 = 1.5;
/// Zooms that a tile keeps of what the fall would take, so that what is just behind the middle is as fine as what is before it.
const KEPT: f64 = 0.5;
/// How many worlds the ground is wide where it is cut off, so that every edge of the world lies within.
const GROUND: f64 = 3.0;

/// The part of space that is in the picture, between the ground and the highest roof.
pub(super) struct Sight<'a> {
    camera: &'a Camera,
    /// Sheet pixels.
    top_px: f64,
    /// Positive on the side that is in the picture: left, right, bottom, top, near.
    planes: [DVec4; 5],
    /// What is seen lies within: west, north, east, south in sheet pixels around the middle.
    bounds: [f64; 4],
    /// How far away the nearest ground in the picture is, in sheet pixels along the line of sight.
    nearest: f64,
}

impl<'a> Sight<'a> {
    /// Nothing if no ground of the world is in the picture.
    pub(super) fn new(camera: &'a Camera, top_m: f32) -> Option<Self> {
        let top_m = if top_m.is_finite() { f64::from(top_m).clamp(0.0, MAX_TOP_M) } else { 0.0 };
        let top_px = top_m * camera.px_per_m();
        let m = camera.matrix();
        let (x, y, z, w) = (m.row(0), m.row(1), m.row(2), m.row(3));
        let planes = [w + x, w - x, w + y, w - y, w - z];
        let [west, north, east, south] = camera.square(Coord::WORLD);
        let margin = (east - west) * (GROUND - 1.0) / 2.0;
        let ground = [
            [west - margin, north - margin],
            [east + margin, north - margin],
            [east + margin, south + margin],
            [west - margin, south + margin],
        ];
        // The picture's part of space is convex: its corners lie on the ground, on the highest roof's level, or in the camera.
        let mut corners = cut(&ground, &planes, 0.0);
        corners.extend(cut(&ground, &planes, top_px));
        let eye = camera.eye();
        if eye.z < top_px {
            corners.push([eye.x, eye.y]);
        }
        let first = corners.first()?;
        let bounds = corners.iter().fold([first[0], first[1], first[0], first[1]], |b, c| {
            [b[0].min(c[0]), b[1].min(c[1]), b[2].max(c[0]), b[3].max(c[1])]
        });
        // On the lower edge of the picture.
        let (sin, cos) = camera.view().pitch.to_radians().sin_cos();
        let nearest = camera.distance() * cos / (cos + (FIELD_OF_VIEW / 2.0).tan() * sin);
        Some(Self { camera, top_px, planes, bounds, nearest })
    }

    /// Whether something that stands in a tile may be in the picture.
    pub(super) fn sees(&self, tile: Coord) -> bool {
        let [west, north, east, south] = self.camera.square(tile);
        let [w, n, e, s] = self.bounds;
        let within = west <= e && east >= w && north <= s && south >= n;
        within
            && self.planes.iter().all(|p| {
                let most = |by: f64, from: f64, to: f64| (by * from).max(by * to);
                most(p.x, west, east) + most(p.y, north, south) + most(p.z, 0.0, self.top_px) + p.w >= 0.0
            })
    }

    /// The zoom that a tile should have, seen from where it is nearest.
    pub(super) fn zoom(&self, tile: Coord) -> f64 {
        let [west, north, east, south] = self.camera.square(tile);
        let row = self.camera.matrix().row(3);
        let least = |by: f64, from: f64, to: f64| (by * from).min(by * to);
        let away = (least(row.x, west, east) + least(row.y, north, south) + row.w).max(self.nearest);
        let fall = FALL * (away / self.camera.distance()).log2();
        self.camera.view().zoom + (KEPT - fall).min(0.0)
    }
}

/// The part of a convex polygon, at a height in sheet pixels, that is on the positive side of all planes.
fn cut(polygon: &[[f64; 2]], planes: &[DVec4], height: f64) -> Vec<[f64; 2]> {
    planes.iter().fold(polygon.to_vec(), |polygon, plane| {
        let side = |p: [f64; 2]| plane.x * p[0] + plane.y * p[1] + plane.z * height + plane.w;
        let mut kept = Vec::with_capacity(polygon.len() + 1);
        for (i, &a) in polygon.iter().enumerate() {
            let b = polygon[(i + 1) % polygon.len()];
            let (from, to) = (side(a), side(b));
            if from >= 0.0 {
                kept.push(a);
            }
            if (from >= 0.0) != (to >= 0.0) {
                let t = from / (from - to);
                kept.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
            }
        }
        kept
    })
}
