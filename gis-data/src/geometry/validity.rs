//! Whether surfaces are simple: rings that do not cross themselves or each other.

use geo::{BooleanOps, CoordsIter, Validation};
use geo_types::{Geometry as Shape, MultiPolygon, Polygon};

use crate::{Error, Geometry, Result};

impl Geometry {
    /// Refuses surfaces with rings that cross themselves or each other. Lines may cross themselves; the parts of a multi-polygon
    /// may touch or overlap, which drawing and counting bear.
    pub fn check_rings(&self) -> Result<()> {
        polygons(self.shape()).into_iter().try_for_each(|p| {
            p.check_validation().map_err(|cause| {
                Error::invalid(
                    format!("多边形无效（{cause}）：环自相交或洞在外；请修正，或加 --repair 自动修复"),
                    format!("the polygon is not valid ({cause}): a ring crosses itself or a hole lies outside; correct it, or add --repair"),
                )
                .because(cause)
            })
        })
    }

    /// The same area with simple rings (even-odd), without heights. `None` if nothing is left.
    pub fn repaired(&self) -> Option<Self> {
        if self.check_rings().is_ok() {
            return Some(self.clone());
        }
        let parts: Vec<Polygon<f64>> = polygons(self.shape()).into_iter().cloned().collect();
        // A union with nothing resolves every crossing.
        let simple: Vec<Polygon<f64>> = parts
            .into_iter()
            .flat_map(|p| MultiPolygon(vec![p]).union(&MultiPolygon(vec![])).0)
            .filter(|p| p.exterior().coords_count() >= 4)
            .collect();
        let shape = match <[_; 1]>::try_from(simple) {
            Ok([one]) => Shape::Polygon(one),
            Err(several) if several.is_empty() => return None,
            Err(several) => Shape::MultiPolygon(MultiPolygon(several)),
        };
        Self::new(shape, None).ok()
    }
}

fn polygons(shape: &Shape<f64>) -> Vec<&Polygon<f64>> {
    match shape {
        Shape::Polygon(p) => vec![p],
        Shape::MultiPolygon(m) => m.0.iter().collect(),
        Shape::GeometryCollection(c) => c.0.iter().flat_map(polygons).collect(),
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Area;
    use geo_types::polygon;

    #[test]
    fn a_bow_tie_is_refused_and_can_be_repaired() {
        let tie = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        let tie = Geometry::new(Shape::Polygon(tie), None).unwrap();
        assert!(tie.check_rings().is_err());
        let fixed = tie.repaired().unwrap();
        fixed.check_rings().unwrap();
        assert!((fixed.shape().unsigned_area() - 2.0).abs() < 1e-6);
    }

    #[test]
    fn a_square_with_a_hole_is_good() {
        let square = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 1.0, y: 2.0), (x: 2.0, y: 2.0)]]
        );
        Geometry::new(Shape::Polygon(square), None).unwrap().check_rings().unwrap();
    }
}
