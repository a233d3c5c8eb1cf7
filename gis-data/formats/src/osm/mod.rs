//! OpenStreetMap, PBF and XML: one reader of nodes, ways and relations into points, lines and surfaces.
//!
//! Two passes. The first keeps where the nodes are and which relations are surfaces (multipolygons and boundaries); the second gives
//! tagged nodes and ways as they come, and the relations at the end, once their ways are known. Routes and other relations are no shapes.

mod block;
mod element;
mod nodes;
mod pbf;
mod relation;
mod rings;
mod rule;
mod wire;
mod xml;

use std::collections::{HashMap, HashSet, VecDeque};

use geo_types::{Geometry as Shape, LineString, MultiLineString, Point, Polygon};
use gis_data::{Error, Properties, Result};

use self::element::{At, Body, Element, Source, Tag, degrees};
use self::nodes::Nodes;
use self::relation::AreaRelation;
use self::rule::Rule;
use crate::guard::{MAX_FIELD_BYTES, too_large};
use crate::input::{Gauge, Input};
use crate::names::Names;
use crate::{Format, Item, Reader, Record, Table};

/// The tables of OSM, in the order of their rows.
pub(crate) const TABLES: [&str; 3] = ["osm_node", "osm_way", "osm_relation"];

/// Reads an OSM file.
pub(crate) struct Osm {
    format: Format,
    tables: [Table; 3],
    source: Box<dyn Source>,
    gauge: Gauge,
    work: Work,
    queue: VecDeque<Item>,
    ended: bool,
}

/// What the second pass knows and gathers.
struct Work {
    rule: Rule,
    names: Names,
    nodes: Nodes,
    /// Nodes of the ways that relations need.
    ways: HashMap<i64, Vec<i64>>,
    wanted: HashSet<i64>,
    /// Ways whose tags are those of an untagged relation (as it was done until 2017): held back until that is assembled.
    held: HashMap<i64, Option<Record>>,
    relations: VecDeque<AreaRelation>,
    rows: [u64; 3],
}

impl Osm {
    /// Does the first pass.
    pub(crate) fn open(input: &Input, format: Format) -> Result<Self> {
        let rule = Rule::built_in()?;
        let (mut source, _) = source(input, format)?;
        let (mut nodes, mut relations, mut rows) = (Nodes::default(), VecDeque::new(), [0_u64; 3]);
        let mut first = |e: &Element<'_>| {
            match e.body {
                Body::Node(at) => {
                    rows[0] += u64::from(rule.is_thing(e.tags));
                    if let Some(at) = at {
                        nodes.add(e.id, at)?;
                    }
                }
                Body::Way(_) => rows[1] += u64::from(rule.is_thing(e.tags)),
                Body::Relation(members) => {
                    if let Some(r) = AreaRelation::of(e, members, &rule) {
                        relations.push_back(r);
                        rows[2] += 1;
                    }
                }
            }
            Ok(())
        };
        while source.batch(&mut first)? {}
        nodes.finish();
        let wanted = relations.iter().flat_map(|r| &r.ways).copied().collect();
        let held = relations.iter().filter(|r| r.borrows).flat_map(AreaRelation::outers).map(|id| (id, None)).collect();
        let [node, way, relation] = TABLES.map(str::to_owned);
        let table = |name, rows| Table { name, crs: Some("EPSG:4326".to_owned()), rows: Some(rows) };
        let (source, gauge) = self::source(input, format)?;
        Ok(Self {
            format,
            tables: [table(node, rows[0]), table(way, rows[1]), table(relation, rows[2])],
            source,
            gauge,
            work: Work {
                rule,
                names: Names::default(),
                nodes,
                ways: HashMap::new(),
                wanted,
                held,
                relations,
                rows: [0; 3],
            },
            queue: VecDeque::new(),
            ended: false,
        })
    }
}

fn source(input: &Input, format: Format) -> Result<(Box<dyn Source>, Gauge)> {
    let stream = input.open()?;
    let gauge = stream.gauge();
    let source: Box<dyn Source> = match format {
        Format::OsmXml => Box::new(xml::Xml::new(input, stream)),
        _ => Box::new(pbf::Pbf::new(input, stream)),
    };
    Ok((source, gauge))
}

impl Work {
    /// Takes one element of the second pass.
    fn take(&mut self, e: &Element<'_>, queue: &mut VecDeque<Item>) -> Result<()> {
        match e.body {
            Body::Node(at) if self.rule.is_thing(e.tags) => {
                self.rows[0] += 1;
                let row = self.rows[0];
                let item = match at {
                    Some(at) => Item::Record(self.record(
                        0,
                        row,
                        format!("n{}", e.id),
                        e.tags,
                        Shape::Point(Point(degrees(at))),
                    )?),
                    None => Item::reject(TABLES[0], row, Some(format!("n{}", e.id)), off_the_earth()),
                };
                queue.push_back(item);
            }
            Body::Way(refs) => {
                if self.wanted.contains(&e.id) {
                    self.ways.insert(e.id, refs.to_vec());
                }
                if self.rule.is_thing(e.tags) {
                    self.rows[1] += 1;
                    let row = self.rows[1];
                    let key = format!("w{}", e.id);
                    match self.way_shape(refs, e.tags) {
                        Ok(shape) => {
                            let record = self.record(1, row, key, e.tags, shape)?;
                            match self.held.get_mut(&e.id) {
                                Some(place) => *place = Some(record),
                                None => queue.push_back(Item::Record(record)),
                            }
                        }
                        Err(reason) => queue.push_back(Item::reject(TABLES[1], row, Some(key), reason)),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn record(&mut self, table: usize, row: u64, key: String, tags: &[Tag<'_>], shape: Shape<f64>) -> Result<Record> {
        let mut properties = Properties::new();
        for (k, v) in tags {
            if v.len() > MAX_FIELD_BYTES {
                return Err(too_large(
                    format!("{key} 的标签 {k} 超过 4 MiB；请检查来源"),
                    format!("the tag {k} of {key} is larger than 4 MiB; check the source"),
                ));
            }
            properties.set(self.names.get(k), *v);
        }
        let table = TABLES.get(table).copied().unwrap_or_default().to_owned();
        Ok(Record { row, table, key: Some(key), shape: Some(shape), z: None, properties })
    }

    /// A surface if closed and tagged as one, else a line. Of a line that leaves the extract the parts within are kept.
    fn way_shape(&self, refs: &[i64], tags: &[Tag<'_>]) -> Result<Shape<f64>> {
        let known: Vec<Option<At>> = refs.iter().map(|id| self.nodes.get(*id)).collect();
        let missing = known.iter().filter(|at| at.is_none()).count();
        let closed = refs.len() >= 4 && refs.first() == refs.last();
        if closed && self.rule.is_area(tags) {
            if missing > 0 {
                return Err(missing_nodes(missing, refs.len()));
            }
            let ring = LineString(known.iter().flatten().map(|at| degrees(*at)).collect());
            return Ok(Shape::Polygon(Polygon::new(ring, vec![])));
        }
        let runs = known.split(Option::is_none).filter(|run| run.len() >= 2);
        let mut lines: Vec<LineString<f64>> =
            runs.map(|run| LineString(run.iter().flatten().map(|at| degrees(*at)).collect())).collect();
        match (lines.pop(), lines.is_empty()) {
            (Some(only), true) => Ok(Shape::LineString(only)),
            (Some(last), false) => {
                lines.push(last);
                Ok(Shape::MultiLineString(MultiLineString(lines)))
            }
            (None, _) => Err(missing_nodes(missing, refs.len())),
        }
    }
}

fn off_the_earth() -> Error {
    Error::invalid(
        "节点的经纬度缺失或不在地球上；请在源数据中改正",
        "the node's longitude and latitude are missing or not on the earth; correct the source",
    )
}

fn missing_nodes(missing: usize, all: usize) -> Error {
    if missing == 0 {
        return Error::invalid(
            format!("路径只有 {all} 个节点，不成线；请在源数据中改正"),
            format!("the way has {all} nodes and is no line; correct the source"),
        );
    }
    Error::invalid(
        format!(
            "路径的 {all} 个节点中有 {missing} 个不在文件里；请用保留完整路径的方式重新裁剪（osmium extract -s complete_ways）"
        ),
        format!(
            "{missing} of the way's {all} nodes are not in the file; cut the extract with whole ways (osmium extract -s complete_ways)"
        ),
    )
}

impl Reader for Osm {
    fn format(&self) -> Format {
        self.format
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn next(&mut self) -> Result<Option<Item>> {
        loop {
            if let Some(item) = self.queue.pop_front() {
                return Ok(Some(item));
            }
            if !self.ended {
                let (work, queue) = (&mut self.work, &mut self.queue);
                self.ended = !self.source.batch(&mut |e| work.take(e, queue))?;
            } else if let Some(relation) = self.work.relations.pop_front() {
                self.queue.extend(self.work.assemble(&relation)?);
            } else {
                // Held ways that no relation used after all.
                let rest = self.work.held.drain().filter_map(|(_, r)| r).map(Item::Record);
                self.queue.extend(rest);
                if self.queue.is_empty() {
                    return Ok(None);
                }
                self.queue.make_contiguous().sort_by_key(|i| match i {
                    Item::Record(r) => r.row,
                    Item::Reject(r) => r.row,
                });
            }
        }
    }

    fn progress(&self) -> f32 {
        if self.ended && self.queue.is_empty() { 1.0 } else { self.gauge.progress() }
    }
}
