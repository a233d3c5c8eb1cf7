//! Where a feature's name is written, whatever the tile.

use geo_types::{Coord as Degrees, Geometry as Shape, LineString, Polygon};
use gis_data::mercator;

/// Units to the longer side of a surface in which its label is sought: its place depends on the surface alone, not on zoom or tile.
const SIDE: f64 = 1024.0;
/// In these units.
const PRECISION: f32 = 16.0;

/// The place for the name of the largest surface in a shape, in degrees; `None` if there is no surface.
pub(super) fn place(shape: &Shape<f64>) -> Option<Degrees<f64>> {
    let mut largest = None;
    find(shape, &mut largest);
    let (polygon, _) = largest?;
    let outer = projected(polygon.exterior());
    let [mut low, mut high] = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for at in &outer {
        for axis in 0..2 {
            low[axis] = low[axis].min(at[axis]);
            high[axis] = high[axis].max(at[axis]);
        }
    }
    let unit = (high[0] - low[0]).max(high[1] - low[1]) / SIDE;
    if !(unit > 0.0 && unit.is_finite()) {
        return None;
    }
    let scaled = |ring: Vec<[f64; 2]>| -> Vec<[f32; 2]> {
        ring.into_iter().map(|at| [0, 1].map(|axis| ((at[axis] - low[axis]) / unit) as f32)).collect()
    };
    let mut rings = vec![scaled(outer)];
    rings.extend(polygon.interiors().iter().map(|ring| scaled(projected(ring))));
    let at = crate::pole(&rings, PRECISION)?.map(f64::from);
    let (x, y) = mercator::unproject(low[0] + at[0] * unit, low[1] + at[1] * unit);
    Some(Degrees { x, y })
}

fn projected(ring: &LineString<f64>) -> Vec<[f64; 2]> {
    ring.0.iter().map(|at| mercator::project(at.x, at.y).into()).collect()
}

/// Keeps the polygon with the largest outer ring, of equal ones the first.
fn find<'a>(shape: &'a Shape<f64>, largest: &mut Option<(&'a Polygon<f64>, f64)>) {
    let mut offer = |polygon: &'a Polygon<f64>| {
        let area = doubled(polygon.exterior());
        if largest.is_none_or(|(_, most)| area > most) {
            *largest = Some((polygon, area));
        }
    };
    match shape {
        Shape::Polygon(polygon) => offer(polygon),
        Shape::MultiPolygon(all) => all.0.iter().for_each(offer),
        Shape::GeometryCollection(all) => all.0.iter().for_each(|shape| find(shape, largest)),
        _ => {}
    }
}

/// Twice the area of a ring in square degrees: enough to compare parts of one thing.
fn doubled(ring: &LineString<f64>) -> f64 {
    let Some(origin) = ring.0.first() else { return 0.0 };
    let cross =
        |a: &Degrees<f64>, b: &Degrees<f64>| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    ring.0.windows(2).map(|w| cross(&w[0], &w[1])).sum::<f64>().abs()
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, Point};
    use gis_data::{Geometry, Properties};

    use super::super::tests::{degrees, here, path, row, surface};
    use super::super::{Options, encode};
    use super::*;
    use crate::{Coord, decode};

    /// The tiles around a place that hold the label of a shape, and where in the unit square it stands.
    fn labels(shape: &Shape<f64>, z: u8) -> Vec<[f64; 2]> {
        let options = Options { labels: true, ..Options::default() };
        let b = Geometry::new(shape.clone(), None).unwrap().bbox();
        let mut found = Vec::new();
        for coord in Coord::covering(&b, z).iter() {
            let bytes = encode("things", coord, [row(1, shape.clone(), Properties::new())], &options).unwrap();
            for feature in decode::decode(&bytes).unwrap().layers.into_iter().flat_map(|l| l.features) {
                let decode::Shape::Points(at) = &feature.shape else { panic!("{:?}", feature.shape) };
                let n = f64::from(z).exp2() * 4096.0;
                let place = |tile: u32, unit: i32| (f64::from(tile) * 4096.0 + f64::from(unit)) / n;
                found.extend(at.iter().map(|at| [place(coord.x(), at[0]), place(coord.y(), at[1])]));
            }
        }
        found
    }

    #[test]
    fn a_surface_has_one_label_at_every_zoom_and_always_at_the_same_place() {
        // A hook over many tiles, whose centre of gravity lies outside of it, and a small island.
        let hook = surface(
            here(),
            &[&[(0.0, 0.0), (20000.0, 0.0), (20000.0, 4000.0), (4000.0, 4000.0), (4000.0, 20000.0), (0.0, 20000.0)]],
        );
        let island =
            surface(here(), &[&[(21000.0, 21000.0), (22000.0, 21000.0), (22000.0, 22000.0), (21000.0, 22000.0)]]);
        let shape = Shape::MultiPolygon(MultiPolygon(vec![island, hook.clone()]));
        let mut places = Vec::new();
        for z in 12..=18 {
            let found = labels(&shape, z);
            assert_eq!(found.len(), 1, "at zoom {z}");
            places.extend(found);
        }
        let last = places[places.len() - 1];
        let unit = 1.0 / (4096.0 * 12.0_f64.exp2());
        assert!(places.iter().all(|p| (0..2).all(|i| (p[i] - last[i]).abs() <= unit)), "{places:?}");
        let (x, y) = mercator::unproject(last[0], last[1]);
        assert!(geo::Contains::contains(&hook, &Point::new(x, y)), "on the hook, not beside it and not on the island");
        assert!(labels(&Shape::LineString(path(here(), &[(0.0, 0.0), (500.0, 500.0)])), 16).is_empty());
        assert!(labels(&Shape::Point(degrees(here(), 5.0, 5.0).into()), 16).is_empty());
    }
}
