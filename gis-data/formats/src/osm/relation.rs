//! Relations that are surfaces: multipolygons and boundaries.

use geo_types::{Geometry as Shape, LineString, MultiPolygon, Polygon};
use gis_data::{Error, Result};

use super::element::{At, Element, Member, MemberKind, Tag, degrees};
use super::rings::{Broken, Surface, assemble};
use super::rule::Rule;
use super::{TABLES, Work};
use crate::{Item, Record};

/// A relation that waits for its ways.
pub(super) struct AreaRelation {
    id: i64,
    tags: Vec<(String, String)>,
    pub(super) ways: Vec<i64>,
    inner: Vec<bool>,
    /// Whether it has no tags of its own and takes those of its outer ways, as was usual until 2017.
    pub(super) borrows: bool,
}

impl AreaRelation {
    /// The relation, if it is a surface.
    pub(super) fn of(e: &Element<'_>, members: &[Member], rule: &Rule) -> Option<Self> {
        if !matches!(e.tag("type"), Some("multipolygon" | "boundary")) {
            return None;
        }
        let (mut ways, mut inner) = (Vec::new(), Vec::new());
        for m in members.iter().filter(|m| m.kind == MemberKind::Way) {
            ways.push(m.id);
            inner.push(m.inner);
        }
        let tags: Vec<_> = e.tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Some(Self { id: e.id, tags, ways, inner, borrows: !rule.is_thing(e.tags) })
    }

    /// Its outer ways.
    pub(super) fn outers(&self) -> impl Iterator<Item = i64> {
        self.ways.iter().zip(&self.inner).filter(|(_, inner)| !**inner).map(|(id, _)| *id)
    }
}

impl Work {
    /// The surface of a relation, and what else its end sets free.
    pub(super) fn assemble(&mut self, relation: &AreaRelation) -> Result<Vec<Item>> {
        self.rows[2] += 1;
        let row = self.rows[2];
        let key = format!("r{}", relation.id);
        let surface = self.surface(relation);
        if relation.borrows {
            return Ok(self.borrow_tags(relation, row, key, surface));
        }
        Ok(vec![match surface {
            Ok(shape) => {
                let tags: Vec<Tag<'_>> = relation.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                Item::Record(self.record(2, row, key, &tags, shape)?)
            }
            Err(reason) => Item::reject(TABLES[2], row, Some(key), reason),
        }])
    }

    /// The surface of a relation without tags, with those of its outer ways if they have any; otherwise it is no thing of its own.
    fn borrow_tags(
        &mut self,
        relation: &AreaRelation,
        row: u64,
        key: String,
        surface: Result<Shape<f64>>,
    ) -> Vec<Item> {
        let outers: Vec<Record> = relation.outers().filter_map(|id| self.held.get_mut(&id)?.take()).collect();
        let Some(first) = outers.first() else { return vec![] };
        let agreed = outers.iter().all(|o| o.properties == first.properties);
        match surface {
            Ok(shape) if agreed => {
                let properties = first.properties.clone();
                let table = TABLES[2].to_owned();
                vec![Item::Record(Record { row, table, key: Some(key), shape: Some(shape), z: None, properties })]
            }
            // Ways that differ are things of their own; so are ways whose relation is broken.
            Ok(_) => outers.into_iter().map(Item::Record).collect(),
            Err(reason) => {
                let mut all: Vec<Item> = outers.into_iter().map(Item::Record).collect();
                all.push(Item::reject(TABLES[2], row, Some(key), reason));
                all
            }
        }
    }

    fn surface(&self, relation: &AreaRelation) -> Result<Shape<f64>> {
        let absent = relation.ways.iter().filter(|id| !self.ways.contains_key(id)).count();
        if absent > 0 {
            return Err(Error::invalid(
                format!(
                    "关系的 {} 条路径中有 {absent} 条不在文件里；请扩大裁剪范围（osmium extract -s smart）",
                    relation.ways.len()
                ),
                format!(
                    "{absent} of the relation's {} ways are not in the file; cut a larger extract (osmium extract -s smart)",
                    relation.ways.len()
                ),
            ));
        }
        let mut lines: Vec<Vec<At>> = Vec::new();
        for refs in relation.ways.iter().filter_map(|id| self.ways.get(id)) {
            let known: Vec<At> = refs.iter().filter_map(|id| self.nodes.get(*id)).collect();
            if known.len() < refs.len() {
                return Err(super::missing_nodes(refs.len() - known.len(), refs.len()));
            }
            lines.push(known);
        }
        let surfaces = assemble(&lines).map_err(told)?;
        let mut polygons: Vec<Polygon<f64>> = surfaces.into_iter().map(polygon).collect();
        Ok(match (polygons.pop(), polygons.is_empty()) {
            (Some(only), true) => Shape::Polygon(only),
            (last, _) => {
                polygons.extend(last);
                Shape::MultiPolygon(MultiPolygon(polygons))
            }
        })
    }
}

fn polygon(surface: Surface) -> Polygon<f64> {
    let ring = |r: Vec<At>| LineString(r.into_iter().map(degrees).collect());
    Polygon::new(ring(surface.outer), surface.holes.into_iter().map(ring).collect())
}

fn told(broken: Broken) -> Error {
    match broken {
        Broken::Open(at) => {
            let c = degrees(at);
            Error::invalid(
                format!("关系的环没有闭合，断点在 {:.7},{:.7}；请在源数据中接上", c.x, c.y),
                format!("a ring of the relation is open at {:.7},{:.7}; join it in the source", c.x, c.y),
            )
        }
        Broken::Empty => {
            Error::invalid("关系没有任何环；请在源数据中改正", "the relation has no ring; correct the source")
        }
        Broken::TooMany => crate::guard::too_large(
            "关系的环超过 20000 个；请先拆分",
            "the relation has more than 20000 rings; take it apart first",
        ),
    }
}
