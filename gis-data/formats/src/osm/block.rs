//! One block of OSM PBF into elements.

use gis_data::Error;

use super::element::{At, Body, Element, Member, MemberKind, Sink, Tag};
use super::wire::{Broken, Delta, Fields, Packed, Wire, signed};

/// The most elements of one block. Writers put 8,000 or 16,000 into one.
const MAX_ELEMENTS: usize = 1 << 20;
/// The most nodes of a way or members of a relation. OSM allows 2,000 and 32,000.
const MAX_PARTS: usize = 1 << 20;

/// Why reading stopped.
pub(super) enum Stop {
    Broken(Broken),
    Sink(Error),
}

impl From<Broken> for Stop {
    fn from(b: Broken) -> Self {
        Self::Broken(b)
    }
}

/// What the elements of a block share.
struct Block<'a> {
    strings: Vec<&'a str>,
    granularity: i64,
    lon_offset: i64,
    lat_offset: i64,
    elements: usize,
}

impl<'a> Block<'a> {
    fn string(&self, i: u64) -> Result<&'a str, Broken> {
        let i = usize::try_from(i).ok();
        i.and_then(|i| self.strings.get(i))
            .copied()
            .ok_or(Broken("字符串不在字符串表里", "a text is not in the table of texts"))
    }

    /// Nanodegrees to OSM's units; `None` off the earth.
    fn at(&self, lon: i64, lat: i64) -> Option<At> {
        let place = |offset: i64, n: i64, limit: i64| {
            let nano = self.granularity.checked_mul(n)?.checked_add(offset)?;
            let units = nano.checked_add(if nano < 0 { -50 } else { 50 })? / 100;
            i32::try_from(units).ok().filter(|_| units.abs() <= limit)
        };
        Some([place(self.lon_offset, lon, 1_800_000_000)?, place(self.lat_offset, lat, 900_000_000)?])
    }

    fn count(&mut self) -> Result<(), Broken> {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            Err(Broken("元素超过一百万个", "it has more than a million elements"))
        } else {
            Ok(())
        }
    }
}

/// Gives the elements of a block to `sink`.
pub(super) fn read(bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut block = Block { strings: Vec::new(), granularity: 100, lon_offset: 0, lat_offset: 0, elements: 0 };
    let mut groups = Vec::new();
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        match (number, value) {
            (1, Wire::Bytes(table)) => {
                let mut strings = Fields(table);
                while let Some((n, value)) = strings.next()? {
                    if let (1, Wire::Bytes(text)) = (n, value) {
                        block.strings.push(
                            std::str::from_utf8(text).ok().ok_or(Broken("字符串不是 UTF-8", "a text is not UTF-8"))?,
                        );
                    }
                }
            }
            (2, Wire::Bytes(group)) => groups.push(group),
            (17, Wire::Varint(n)) => block.granularity = n as i64,
            (19, Wire::Varint(n)) => block.lat_offset = n as i64,
            (20, Wire::Varint(n)) => block.lon_offset = n as i64,
            _ => {}
        }
    }
    for group in groups {
        let mut fields = Fields(group);
        while let Some((number, value)) = fields.next()? {
            let Wire::Bytes(bytes) = value else { continue };
            match number {
                1 => plain(&mut block, bytes, Kind::Node, sink)?,
                2 => dense(&mut block, bytes, sink)?,
                3 => plain(&mut block, bytes, Kind::Way, sink)?,
                4 => plain(&mut block, bytes, Kind::Relation, sink)?,
                _ => {}
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Node,
    Way,
    Relation,
}

/// A node, way or relation that is a message of its own.
fn plain(block: &mut Block<'_>, bytes: &[u8], kind: Kind, sink: &mut Sink<'_>) -> Result<(), Stop> {
    block.count()?;
    let (mut id, mut keys, mut values) = (0_u64, Packed::default(), Packed::default());
    let (mut eight, mut nine, mut ten) = (&[][..], &[][..], &[][..]);
    let (mut lat, mut lon) = (0, 0);
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        match (number, value) {
            (1, Wire::Varint(n)) => id = n,
            (2, Wire::Bytes(b)) => keys = Packed(b),
            (3, Wire::Bytes(b)) => values = Packed(b),
            (8, Wire::Bytes(b)) => eight = b,
            (9, Wire::Bytes(b)) => nine = b,
            (10, Wire::Bytes(b)) => ten = b,
            (8, Wire::Varint(n)) => lat = signed(n),
            (9, Wire::Varint(n)) => lon = signed(n),
            _ => {}
        }
    }
    let mut tags: Vec<Tag<'_>> = Vec::new();
    while let Some(key) = keys.next()? {
        tags.push((block.string(key)?, block.string(values.must()?)?));
    }
    let told =
        |id: i64, body: Body<'_>, sink: &mut Sink<'_>| sink(&Element { id, tags: &tags, body }).map_err(Stop::Sink);
    match kind {
        // A node's id is zigzag, a way's and a relation's is not.
        Kind::Node => told(signed(id), Body::Node(block.at(lon, lat)), sink),
        Kind::Way => told(id as i64, Body::Way(&refs(eight)?), sink),
        Kind::Relation => told(id as i64, Body::Relation(&members(block, eight, nine, ten)?), sink),
    }
}

fn refs(bytes: &[u8]) -> Result<Vec<i64>, Broken> {
    let mut delta = Delta::new(bytes);
    let mut all = Vec::new();
    while let Some(id) = delta.next()? {
        if all.len() >= MAX_PARTS {
            return Err(Broken("路径的节点超过一百万个", "a way has more than a million nodes"));
        }
        all.push(id);
    }
    Ok(all)
}

fn members(block: &Block<'_>, roles: &[u8], ids: &[u8], kinds: &[u8]) -> Result<Vec<Member>, Broken> {
    let (mut roles, mut ids, mut kinds) = (Packed(roles), Delta::new(ids), Packed(kinds));
    let mut all = Vec::new();
    while let Some(id) = ids.next()? {
        if all.len() >= MAX_PARTS {
            return Err(Broken("关系的成员超过一百万个", "a relation has more than a million members"));
        }
        let kind = match kinds.must()? {
            0 => MemberKind::Node,
            1 => MemberKind::Way,
            2 => MemberKind::Relation,
            _ => return Err(Broken("成员既不是节点，也不是路径或关系", "a member is neither node, way nor relation")),
        };
        all.push(Member { kind, id, inner: block.string(roles.must()?)? == "inner" });
    }
    Ok(all)
}

/// Nodes in columns.
fn dense(block: &mut Block<'_>, bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Stop> {
    let (mut ids, mut lats, mut lons, mut tagged) =
        (Delta::default(), Delta::default(), Delta::default(), Packed::default());
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        match (number, value) {
            (1, Wire::Bytes(b)) => ids = Delta::new(b),
            (8, Wire::Bytes(b)) => lats = Delta::new(b),
            (9, Wire::Bytes(b)) => lons = Delta::new(b),
            (10, Wire::Bytes(b)) => tagged = Packed(b),
            _ => {}
        }
    }
    let mut tags: Vec<Tag<'_>> = Vec::new();
    while let Some(id) = ids.next()? {
        block.count()?;
        let (lat, lon) = (lats.must()?, lons.must()?);
        tags.clear();
        while let Some(key) = tagged.next()? {
            if key == 0 {
                break;
            }
            tags.push((block.string(key)?, block.string(tagged.must()?)?));
        }
        sink(&Element { id, tags: &tags, body: Body::Node(block.at(lon, lat)) }).map_err(Stop::Sink)?;
    }
    Ok(())
}
