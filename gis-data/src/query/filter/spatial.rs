//! How shapes lie to each other (DE-9IM; OGC 06-103r4, 6.1.15).

use geo::{Intersects, Relate, Validation};
use geo_types::Geometry as Shape;

use super::Spatial;
use crate::Geometry;

/// Whether two shapes lie so. Heights are not looked at.
///
/// Of a collection, and of a shape whose rings cross, only whether it shares a point with another can be told; all else is unknown.
pub(super) fn lie(how: Spatial, a: &Geometry, b: &Geometry) -> Option<bool> {
    if !a.bbox().meets(&b.bbox()) {
        return Some(how == Spatial::Disjoint);
    }
    match how {
        Spatial::Intersects => return Some(a.shape().intersects(b.shape())),
        Spatial::Disjoint => return Some(!a.shape().intersects(b.shape())),
        _ => {}
    }
    // DE-9IM is defined for simple shapes only; the algorithm need not bear others.
    if !(simple(a.shape()) && simple(b.shape())) {
        return None;
    }
    let matrix = a.shape().relate(b.shape());
    Some(match how {
        Spatial::Intersects => matrix.is_intersects(),
        Spatial::Disjoint => matrix.is_disjoint(),
        Spatial::Equals => matrix.is_equal_topo(),
        Spatial::Touches => matrix.is_touches(),
        Spatial::Within => matrix.is_within(),
        Spatial::Contains => matrix.is_contains(),
        Spatial::Overlaps => matrix.is_overlaps(),
        Spatial::Crosses => matrix.is_crosses(),
    })
}

fn simple(shape: &Shape<f64>) -> bool {
    !matches!(shape, Shape::GeometryCollection(_)) && shape.is_valid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    fn of(shape: impl Into<Shape<f64>>) -> Geometry {
        Geometry::new(shape.into(), None).unwrap()
    }

    fn square(x: f64, size: f64) -> Geometry {
        of(polygon![(x: x, y: 0.0), (x: x + size, y: 0.0), (x: x + size, y: size), (x: x, y: size)])
    }

    #[test]
    fn squares_lie_as_they_are_named() {
        let named = |a: &Geometry, b: &Geometry| {
            Spatial::ALL.iter().filter(|how| lie(**how, a, b) == Some(true)).copied().collect::<Vec<_>>()
        };
        let (big, small) = (square(0.0, 4.0), square(1.0, 1.0));
        assert_eq!(named(&big, &square(9.0, 1.0)), [Spatial::Disjoint]);
        assert_eq!(named(&big, &square(4.0, 1.0)), [Spatial::Intersects, Spatial::Touches]);
        assert_eq!(named(&big, &square(2.0, 4.0)), [Spatial::Intersects, Spatial::Overlaps]);
        assert_eq!(named(&big, &small), [Spatial::Intersects, Spatial::Contains]);
        assert_eq!(named(&small, &big), [Spatial::Intersects, Spatial::Within]);
        assert_eq!(named(&big, &big), [Spatial::Intersects, Spatial::Equals, Spatial::Within, Spatial::Contains]);
        let road = of(line_string![(x: -1.0, y: 2.0), (x: 2.0, y: 2.0)]);
        assert_eq!(named(&road, &big), [Spatial::Intersects, Spatial::Crosses]);
    }

    #[test]
    fn of_a_shape_that_is_not_simple_little_is_known() {
        let tie = of(polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)]);
        let parts = vec![tie.shape().clone(), Shape::Point((1.0, 1.0).into())];
        let both = of(Shape::GeometryCollection(geo_types::GeometryCollection(parts)));
        for odd in [tie, both] {
            assert_eq!(lie(Spatial::Intersects, &odd, &square(0.0, 9.0)), Some(true));
            assert_eq!(lie(Spatial::Within, &odd, &square(0.0, 9.0)), None);
            assert_eq!(lie(Spatial::Within, &odd, &square(50.0, 9.0)), Some(false));
        }
    }
}
