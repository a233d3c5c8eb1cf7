//! What can be asked. Every protocol becomes a [`Query`].

pub mod cql2;
mod evaluate;
pub mod filter;
mod region;

use std::sync::Arc;

pub use evaluate::{MAX_PAGE, evaluate};
pub use filter::{Compare, Expr, Filter};
pub use region::{MAX_NEAR_M, Region};

use crate::{AsOf, BBox, FeatureId, Geometry, Instant, Interval, LayerId, PlaceId, Position, Shown, Value};

/// Which stretch of time is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Time {
    /// As of two moments.
    At(AsOf),
    /// Whatever was so at some time during the stretch, each thing once, in its latest version there.
    During(Interval, crate::When),
}

impl Default for Time {
    fn default() -> Self {
        Self::At(AsOf::NOW)
    }
}

impl Time {
    /// What the database knew by then.
    pub const fn recorded(&self) -> crate::When {
        match self {
            Self::At(as_of) => as_of.recorded,
            Self::During(_, recorded) => *recorded,
        }
    }
}

/// Where.
#[derive(Clone, Debug, PartialEq)]
pub enum Area {
    /// What shares a point with the box.
    Box(BBox),
    /// What shares a point with the surface.
    Shape(Arc<Geometry>),
    /// What hangs on a door in the place, or lies in it (by door, not by shape).
    Place(PlaceId),
    /// What has its shape in the region (by geometry). Its places must have become shapes; see [`Region::holds`].
    Region(Arc<Region>),
}

/// What is wanted of the things found.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Want {
    /// The rows.
    #[default]
    Rows,
    /// How many.
    Count,
    /// How many of each value of a field.
    Groups(String),
    /// The `k` nearest to a point, nearest first.
    Nearest {
        /// How many.
        k: usize,
        /// Degrees.
        lon: f64,
        /// Degrees.
        lat: f64,
    },
}

/// One key of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The field.
    pub field: String,
    /// Greatest first.
    pub descending: bool,
}

/// Which part of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many at most.
    pub limit: usize,
    /// Only those that come after this thing in the order asked for.
    pub after: Option<FeatureId>,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: 1000, after: None }
    }
}

/// A question to the city.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The layers; none named means every layer that may be seen.
    pub from: Vec<LayerId>,
    /// Only these things.
    pub ids: Option<Vec<FeatureId>>,
    /// Only there.
    pub area: Option<Area>,
    /// Only such.
    pub filter: Option<Filter>,
    /// As of when.
    pub time: Time,
    /// Only what is shown at this zoom.
    pub zoom: Option<u8>,
    /// In which order; by id where none is given or values are equal.
    pub order: Vec<Order>,
    /// What is wanted.
    pub want: Want,
    /// Which part of it.
    pub page: Page,
}

impl Query {
    /// Everything of one layer.
    pub fn layer(layer: &LayerId) -> Self {
        Self { from: vec![layer.clone()], ..Self::default() }
    }

    /// One thing.
    pub fn thing(id: FeatureId, as_of: AsOf) -> Self {
        Self { ids: Some(vec![id]), time: Time::At(as_of), ..Self::default() }
    }
}

/// The answer, and where the log stood when it was given.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The position read at.
    pub position: Position,
    /// The log's clock there: what "now" meant.
    pub now: Instant,
    /// What was wanted.
    pub body: Body,
}

/// What was wanted.
#[derive(Clone, Debug)]
pub enum Body {
    /// Rows, and whether more come after them.
    Rows {
        /// The rows.
        rows: Vec<Shown>,
        /// Whether there are more.
        more: bool,
    },
    /// How many.
    Count(u64),
    /// How many of each value, most frequent first.
    Groups(Vec<(Value, u64)>),
    /// Things and their distance in metres, nearest first.
    Nearest(Vec<(Shown, f64)>),
}

impl Answer {
    /// The rows, of a question for rows or for the nearest.
    pub fn into_rows(self) -> Vec<Shown> {
        match self.body {
            Body::Rows { rows, .. } => rows,
            Body::Nearest(all) => all.into_iter().map(|(s, _)| s).collect(),
            Body::Count(_) | Body::Groups(_) => Vec::new(),
        }
    }
}
