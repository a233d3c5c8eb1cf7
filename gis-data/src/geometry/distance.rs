//! Distances in metres and points that stand for a shape.

use geo::{Area, Centroid, Closest, ClosestPoint, Euclidean, InteriorPoint, InterpolateLine, Length, MapCoords};
use geo_types::{Coord, Geometry as Shape, LineString, Point};

/// Metres a degree of latitude; the mean radius 6 371 008.8 m (IUGG) times π / 180.
const METRES_A_DEGREE: f64 = 111_195.080;

/// Metres between two points near each other: equirectangular about their mean latitude, below 0.1 % wrong within 100 km.
fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let kx = f64::midpoint(a.y, b.y).to_radians().cos();
    ((a.x - b.x) * kx).hypot(a.y - b.y) * METRES_A_DEGREE
}

/// Metres from the point to the nearest part of `shape`; 0 within a surface.
pub(super) fn distance_m(shape: &Shape<f64>, lon: f64, lat: f64) -> f64 {
    if let Shape::Point(p) = shape {
        return metres(p.0, Coord { x: lon, y: lat });
    }
    // The nearest point is sought where a degree east is as long as a degree north.
    let kx = lat.to_radians().cos().max(1e-9);
    let squeezed = shape.map_coords(|c| Coord { x: c.x * kx, y: c.y });
    let at = Point::new(lon * kx, lat);
    match squeezed.closest_point(&at) {
        Closest::Intersection(_) => 0.0,
        Closest::SinglePoint(p) => metres(Coord { x: p.x() / kx, y: p.y() }, Coord { x: lon, y: lat }),
        Closest::Indeterminate => nearest_vertex(shape, lon, lat),
    }
}

/// Metres between the nearest parts of two shapes, measured where a degree east is as long as a degree north.
pub(super) fn apart_m(a: &Shape<f64>, b: &Shape<f64>) -> f64 {
    use geo::Distance;
    if let Shape::Point(p) = b {
        return distance_m(a, p.x(), p.y());
    }
    if let Shape::Point(p) = a {
        return distance_m(b, p.x(), p.y());
    }
    let kx = anchor(a).y.to_radians().cos().max(1e-9);
    let squeezed = |shape: &Shape<f64>| shape.map_coords(|c| Coord { x: c.x * kx, y: c.y });
    Euclidean.distance(&squeezed(a), &squeezed(b)) * METRES_A_DEGREE
}

fn nearest_vertex(shape: &Shape<f64>, lon: f64, lat: f64) -> f64 {
    let mut least = f64::INFINITY;
    super::each_coord(shape, &mut |c| {
        least = least.min(metres(c, Coord { x: lon, y: lat }));
    });
    least
}

/// A point that stands for `shape`.
pub(super) fn anchor(shape: &Shape<f64>) -> Coord<f64> {
    let found = match shape {
        Shape::Point(p) => Some(*p),
        Shape::LineString(l) => half_way(l),
        Shape::MultiLineString(m) => {
            let length = |l: &LineString<f64>| Euclidean.length(l);
            m.0.iter().max_by(|a, b| length(a).total_cmp(&length(b))).and_then(half_way)
        }
        Shape::MultiPolygon(m) => {
            m.0.iter()
                .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
                .and_then(InteriorPoint::interior_point)
        }
        other => other.interior_point(),
    };
    if let Some(point) = found.or_else(|| shape.centroid()) {
        return point.0;
    }
    let mut first = None;
    super::each_coord(shape, &mut |c| {
        first.get_or_insert(c);
    });
    first.unwrap_or_default()
}

fn half_way(l: &LineString<f64>) -> Option<Point<f64>> {
    Euclidean.point_at_ratio_from_start(l, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let d = distance_m(&Shape::Point(Point::new(120.0, 28.0)), 120.0, 29.0);
        assert!((d - 111_195.0).abs() < 1.0);
    }

    #[test]
    fn the_nearest_part_of_a_line_counts() {
        let line = Shape::LineString(line_string![(x: 120.0, y: 28.0), (x: 121.0, y: 28.0)]);
        assert!((distance_m(&line, 120.5, 28.001) - 111.2).abs() < 0.1);
    }

    #[test]
    fn two_shapes_are_apart_by_their_nearest_parts() {
        let road = Shape::LineString(line_string![(x: 120.0, y: 28.0), (x: 120.1, y: 28.0)]);
        let house = Shape::Polygon(polygon![(x: 120.05, y: 28.001), (x: 120.06, y: 28.001), (x: 120.06, y: 28.002)]);
        assert!((apart_m(&road, &house) - 111.2).abs() < 0.1);
        assert!((apart_m(&house, &road) - 111.2).abs() < 0.1);
        assert_eq!(apart_m(&house, &house), 0.0);
    }

    #[test]
    fn the_anchor_of_a_horseshoe_lies_in_it() {
        let u = Shape::Polygon(polygon![
            (x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 8.0, y: 9.0), (x: 8.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 9.0), (x: 0.0, y: 9.0)
        ]);
        let at = anchor(&u);
        assert_eq!(distance_m(&u, at.x, at.y), 0.0);
    }
}
