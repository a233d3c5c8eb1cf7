//! Regions: sets of doors, and the algebra of them.

use std::sync::Arc;

use crate::{BBox, FeatureId, Geometry, PlaceId};

/// A set of doors down to single rooms, or of the things whose shapes lie there.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// What lies in a place, itself included. By geometry: what shares a point with its shape.
    Place(PlaceId),
    /// The doors on a surface. By geometry: what shares a point with it.
    Shape(Arc<Geometry>),
    /// The doors at most so far from a shape.
    Near {
        /// From what.
        of: Arc<Geometry>,
        /// Metres.
        within_m: f64,
    },
    /// The door on which a thing hangs, or that it is or lies in, with all that lies in it.
    SameDoor(FeatureId),
    /// In all of them.
    All(Vec<Region>),
    /// In one of them at least.
    Any(Vec<Region>),
    /// Not in it.
    Not(Box<Region>),
}

/// The farthest that [`Region::Near`] may reach, in metres: a city.
pub const MAX_NEAR_M: f64 = 100_000.0;

impl Region {
    /// Calls `f` for each part that is no combination of others.
    pub fn each_leaf(&self, f: &mut impl FnMut(&Self)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.each_leaf(f)),
            Self::Not(part) => part.each_leaf(f),
            _ => f(self),
        }
    }

    /// The same with other leaves.
    ///
    /// # Errors
    /// What `f` answers.
    pub fn try_map<E>(&self, f: &mut impl FnMut(&Self) -> Result<Self, E>) -> Result<Self, E> {
        let mut each = |parts: &[Self]| parts.iter().map(|p| p.try_map(f)).collect::<Result<Vec<_>, E>>();
        Ok(match self {
            Self::All(parts) => Self::All(each(parts)?),
            Self::Any(parts) => Self::Any(each(parts)?),
            Self::Not(part) => Self::Not(Box::new(part.try_map(f)?)),
            leaf => f(leaf)?,
        })
    }

    /// A box outside of which no shape lies in the region, if there is one. Places must have become shapes.
    pub fn bbox(&self) -> Option<BBox> {
        match self {
            Self::Place(_) | Self::SameDoor(_) | Self::Not(_) => None,
            Self::Shape(shape) => Some(shape.bbox()),
            Self::Near { of, within_m } => Some(of.bbox().grown_m(*within_m)),
            // Of several boxes any one holds what is in all of them.
            Self::All(parts) => parts.iter().find_map(Self::bbox),
            Self::Any(parts) => {
                let mut all = BBox::EMPTY;
                for part in parts {
                    all.join(&part.bbox()?);
                }
                Some(all)
            }
        }
    }

    /// Whether a shape lies in the region, by geometry. Places must have become shapes: a place itself holds nothing.
    pub fn holds(&self, shape: &Geometry) -> bool {
        use geo::Intersects;
        match self {
            Self::Place(_) | Self::SameDoor(_) => false,
            Self::Shape(own) => own.bbox().meets(&shape.bbox()) && own.shape().intersects(shape.shape()),
            Self::Near { of, within_m } => {
                of.bbox().grown_m(*within_m).meets(&shape.bbox()) && of.apart_m(shape) <= *within_m
            }
            Self::All(parts) => parts.iter().all(|p| p.holds(shape)),
            Self::Any(parts) => parts.iter().any(|p| p.holds(shape)),
            Self::Not(part) => !part.holds(shape),
        }
    }
}
