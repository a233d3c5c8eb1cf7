//! OSM elements as both encodings give them.

use gis_data::Result;

/// A place in units of 1e-7 degrees, as OSM keeps it: [longitude, latitude].
pub(super) type At = [i32; 2];

/// One tag.
pub(super) type Tag<'a> = (&'a str, &'a str);

/// The kinds of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberKind {
    Node,
    Way,
    Relation,
}

/// One member of a relation; the role is not kept, since rings are told by their shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) kind: MemberKind,
    pub(super) id: i64,
    /// Whether its role is `inner`.
    pub(super) inner: bool,
}

/// What an element consists of.
#[derive(Debug)]
pub(super) enum Body<'a> {
    /// A node; `None` if its place is not on the earth.
    Node(Option<At>),
    /// A way: its nodes.
    Way(&'a [i64]),
    /// A relation.
    Relation(&'a [Member]),
}

/// One element.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) id: i64,
    pub(super) tags: &'a [Tag<'a>],
    pub(super) body: Body<'a>,
}

impl<'a> Element<'a> {
    /// The value of a tag.
    pub(super) fn tag(&self, key: &str) -> Option<&'a str> {
        self.tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }
}

/// Takes elements.
pub(super) type Sink<'s> = dyn FnMut(&Element<'_>) -> Result<()> + 's;

/// Gives elements in the order of the file.
pub(super) trait Source: Send {
    /// Gives the next few to `sink`; `false` at the end of the file.
    fn batch(&mut self, sink: &mut Sink<'_>) -> Result<bool>;
}

/// Degrees to OSM's units, if they lie on the earth.
pub(super) fn at(lon: f64, lat: f64) -> Option<At> {
    (lon.abs() <= 180.0 && lat.abs() <= 90.0).then(|| [(lon * 1e7).round() as i32, (lat * 1e7).round() as i32])
}

/// OSM's units to degrees. Divided, not multiplied, so that the decimals come out as they were written.
pub(super) fn degrees(at: At) -> geo_types::Coord<f64> {
    geo_types::Coord { x: f64::from(at[0]) / 1e7, y: f64::from(at[1]) / 1e7 }
}
