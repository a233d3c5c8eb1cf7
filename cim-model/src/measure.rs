//! How far and how large on the ground.

use geo_types::{Geometry as Shape, LineString, Polygon};

/// Metres a degree of latitude; the mean radius 6 371 008.8 m (IUGG) times π / 180.
pub(crate) const METRES_A_DEGREE: f64 = 111_195.080;

/// Square metres of the surfaces of a shape, holes taken out. A degree of longitude is taken as long as at the ring's first vertex:
/// below 1 % wrong for what is smaller than a district.
pub(crate) fn area_m2(shape: &Shape<f64>) -> f64 {
    match shape {
        Shape::Polygon(p) => polygon(p),
        Shape::MultiPolygon(m) => m.0.iter().map(polygon).sum(),
        Shape::Rect(r) => polygon(&r.to_polygon()),
        Shape::Triangle(t) => polygon(&t.to_polygon()),
        Shape::GeometryCollection(c) => c.0.iter().map(area_m2).sum(),
        Shape::Point(_) | Shape::Line(_) | Shape::LineString(_) | Shape::MultiPoint(_) | Shape::MultiLineString(_) => {
            0.0
        }
    }
}

/// Metres between two points (longitude, latitude) near each other.
pub(crate) fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let kx = f64::midpoint(a.1, b.1).to_radians().cos();
    ((a.0 - b.0) * kx).hypot(a.1 - b.1) * METRES_A_DEGREE
}

fn polygon(p: &Polygon<f64>) -> f64 {
    (ring(p.exterior()) - p.interiors().iter().map(ring).sum::<f64>()).max(0.0)
}

fn ring(ring: &LineString<f64>) -> f64 {
    let Some(origin) = ring.0.first() else { return 0.0 };
    let scale = METRES_A_DEGREE * METRES_A_DEGREE * origin.y.to_radians().cos();
    // About the first vertex, so that small rings far from 0/0 lose no digits.
    let sum: f64 = ring
        .0
        .windows(2)
        .map(|w| (w[0].x - origin.x) * (w[1].y - origin.y) - (w[1].x - origin.x) * (w[0].y - origin.y))
        .sum();
    (sum / 2.0 * scale).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn a_hundredth_of_a_degree_at_wenzhou() {
        let square =
            |w: f64, s: f64, d: f64| polygon![(x: w, y: s), (x: w + d, y: s), (x: w + d, y: s + d), (x: w, y: s + d)];
        let area = area_m2(&Shape::Polygon(square(120.65, 28.0, 0.01)));
        assert!((area / 1.0917e6 - 1.0).abs() < 1e-3, "{area}");
        let hole = square(120.652, 28.002, 0.005).exterior().clone();
        let ring = Polygon::new(square(120.65, 28.0, 0.01).exterior().clone(), vec![hole]);
        assert!((area_m2(&Shape::Polygon(ring)) / area - 0.75).abs() < 1e-3);
        assert_eq!(area_m2(&Shape::Point((1.0, 1.0).into())), 0.0);
    }
}
