//! From files to changes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::mpsc::SyncSender;

use gis_data::{
    Catalog, Change, Error, Geometry, Identity, Instant, Interval, Layer, LayerId, Properties, Put, Result,
};
use gis_data_crs::{Crs, ToStore};
use gis_data_formats::mapping::{Draft, Mapping, infer_layer};
use gis_data_formats::{Format, Item, Reader, Record, Table};

use super::facts::Facts;
use super::report::{Progress, Rejects, Report};
use super::{Import, child};

type Queue = SyncSender<Result<Change>>;

/// Records from which the schema of a new layer is made.
const SAMPLES: usize = 2000;

/// Layers that the program keeps for itself.
const SYSTEM: [&str; 2] = [Catalog::SYSTEM, super::super::viewers::Viewers::LAYER];

/// The file's own name, for people and as the source's name.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// Reads every file and sends its changes; the facts and the new layers come last.
pub(super) fn read(
    import: &Import,
    catalog: Catalog,
    facts: Facts,
    queue: &Queue,
    progress: &dyn Progress,
) -> Result<Report> {
    let mapping = match &import.mapping {
        Some(text) => Mapping::parse(text)?,
        None => Mapping::built_in()?,
    };
    let rejects = import.rejects.clone().unwrap_or_else(|| "menpai-rejects.csv".into());
    let mut reading = Reading {
        import,
        catalog,
        facts,
        queue,
        progress,
        report: Report::default(),
        rejects: Rejects::new(&rejects),
        samples: BTreeMap::new(),
    };
    for file in &import.files {
        reading
            .file(file, &mapping)
            .map_err(|e| if e.zh().contains(&file_name(file)) { e } else { e.at(file_name(file)) })?;
    }
    reading.finish()
}

struct Reading<'a> {
    import: &'a Import,
    catalog: Catalog,
    facts: Facts,
    queue: &'a Queue,
    progress: &'a dyn Progress,
    report: Report,
    rejects: Rejects,
    /// What layers that the catalogue lacks are made from.
    samples: BTreeMap<LayerId, (Table, Vec<Record>)>,
}

/// Where a row stands, for messages.
struct At<'a> {
    file: &'a str,
    table: &'a str,
    row: u64,
    key: &'a str,
}

impl Reading<'_> {
    fn file(&mut self, path: &Path, mapping: &Mapping) -> Result<()> {
        let options = &self.import.reading;
        let format = match options.format {
            Some(format) => format,
            None => gis_data_formats::sniff(path)?,
        };
        let mut reader: Box<dyn Reader> = match format {
            Format::Other => Box::new(child::Gdal::open(path, options)?),
            _ => gis_data_formats::open(path, options)?,
        };
        let name = file_name(path);
        let source = self.import.source.clone().unwrap_or_else(|| match format {
            // An element has one id in all extracts.
            Format::OsmPbf | Format::OsmXml => "osm".to_owned(),
            _ => name.clone(),
        });
        self.progress.file(&name, reader.tables().iter().map(|t| t.rows).sum());
        let mut session = mapping.session(&name);
        let mut ways: HashMap<String, ToStore> = HashMap::new();
        let mut rows = 0;
        let (mut readable, mut first_fault) = (0u64, None);
        while let Some(item) = reader.next()? {
            rows += 1;
            if rows % 256 == 0 {
                self.progress.rows(rows, reader.progress());
            }
            match item {
                Item::Reject(r) => {
                    self.report.unreadable += 1;
                    first_fault
                        .get_or_insert_with(|| Error::new(r.reason.kind(), r.reason.zh(), r.reason.en()).at(r.row));
                    self.rejects.tell(&name, &r.table, r.row, r.key.as_deref().unwrap_or_default(), &r.reason)?;
                }
                Item::Record(record) => {
                    readable += 1;
                    let tables = reader.tables();
                    let table = tables.iter().find(|t| t.name == record.table).cloned();
                    let drafts = match &self.import.layer {
                        Some(layer) => vec![whole(layer, &record, session.apply(&record))],
                        None => session.apply(&record),
                    };
                    self.sample(&record, table.as_ref(), &drafts);
                    for draft in drafts {
                        let crs = table.as_ref().and_then(|t| t.crs.as_deref());
                        let at = At { file: &name, table: &record.table, row: record.row, key: &draft.key.clone() };
                        self.draft(draft, &source, crs, &mut ways, &at)?;
                    }
                }
            }
        }
        self.progress.rows(rows, 1.0);
        // A file of which nothing can be read is not what it seems: telling counts of nothing would hide it.
        if let (0, Some(fault)) = (readable, first_fault) {
            return Err(fault);
        }
        self.report.skipped += session.skipped();
        Ok(())
    }

    /// One thing: projected, checked, sent; or refused.
    fn draft(
        &mut self,
        mut draft: Draft,
        source: &str,
        crs: Option<&str>,
        ways: &mut HashMap<String, ToStore>,
        at: &At<'_>,
    ) -> Result<()> {
        if SYSTEM.contains(&draft.layer.as_str()) {
            return Err(Error::invalid(
                format!("图层名 “{}” 由系统保留；请用 --layer 或映射文件换一个名字", draft.layer),
                format!(
                    "the layer name “{}” is the system's own; choose another by --layer or a mapping file",
                    draft.layer
                ),
            ));
        }
        let layer = draft.layer.clone();
        let geometry = match draft.shape.take() {
            None => Ok(None),
            Some(shape) => self.geometry(shape, draft.z.take(), crs, ways).map(Some),
        };
        let geometry = match geometry {
            Ok(geometry) => geometry,
            Err(Fault::File(error)) => return Err(error),
            Err(Fault::Row(error)) => {
                self.report.layers.entry(layer).or_default().rejected += 1;
                return self.rejects.tell(at.file, at.table, at.row, at.key, &error);
            }
        };
        let put = self.put(draft, geometry, source);
        self.facts.comes(&put);
        self.send(Change::Put(put))
    }

    fn put(&self, draft: Draft, geometry: Option<Geometry>, source: &str) -> Put {
        let key = format!("{}:{}", draft.layer, draft.key);
        let plain;
        let layer = if let Some(layer) = self.catalog.get(draft.layer.as_str()) {
            layer
        } else {
            plain = bare_layer(&draft.layer);
            &plain
        };
        let number = cim_model::zoom::number_of(&key);
        let min_zoom = cim_model::zoom::min_zoom(layer, geometry.as_ref(), &draft.properties, number);
        Put {
            identity: Identity::Origin { source: source.to_owned(), key },
            layer: draft.layer,
            geometry,
            properties: draft.properties,
            valid: Interval::since(self.import.valid_from.unwrap_or(Instant::DAWN)),
            min_zoom,
        }
    }

    fn geometry(
        &mut self,
        mut shape: geo_types::Geometry<f64>,
        z: Option<Vec<f64>>,
        declared: Option<&str>,
        ways: &mut HashMap<String, ToStore>,
    ) -> std::result::Result<Geometry, Fault> {
        // What the caller says outranks what the file says; where nobody says anything it is longitude and latitude.
        let crs = self.import.crs.as_deref().or(declared).unwrap_or("OGC:CRS84");
        if !ways.contains_key(crs) {
            let way = Crs::parse(crs).and_then(|c| ToStore::from(&c)).map_err(Fault::File)?;
            if way.is_ballpark() {
                self.report.warnings.push(format!(
                    "{crs}：没有精确的基准转换参数，可能偏移数十米 / no exact datum shift is known, tens of metres may be lost"
                ));
            }
            ways.insert(crs.to_owned(), way);
        }
        if let Some(way) = ways.get_mut(crs) {
            way.shape(&mut shape).map_err(Fault::Row)?;
        }
        let geometry = Geometry::new(shape, z).map_err(Fault::Row)?;
        match geometry.check_rings() {
            Ok(()) => Ok(geometry),
            Err(error) if self.import.repair => geometry.repaired().ok_or(Fault::Row(error)),
            Err(error) => Err(Fault::Row(error)),
        }
    }

    /// Keeps records of layers that are not there yet.
    fn sample(&mut self, record: &Record, table: Option<&Table>, drafts: &[Draft]) {
        for draft in drafts.iter().filter(|d| self.catalog.get(d.layer.as_str()).is_none()) {
            let (_, samples) = self.samples.entry(draft.layer.clone()).or_insert_with(|| {
                let named = Table { name: record.table.clone(), crs: None, rows: None };
                (table.cloned().unwrap_or(named), Vec::new())
            });
            if samples.len() < SAMPLES {
                samples.push(Record {
                    shape: draft.shape.clone(),
                    properties: draft.properties.clone(),
                    ..record.clone()
                });
            }
        }
    }

    fn send(&self, change: Change) -> Result<()> {
        self.queue.send(Ok(change)).map_err(|cause| {
            Error::new(
                gis_data::Kind::Unavailable,
                "存储已中止写入；没有写入任何内容",
                "the store stopped writing; nothing was written",
            )
            .because(cause.to_string())
        })
    }

    fn finish(mut self) -> Result<Report> {
        self.progress.writing();
        for (id, (table, samples)) in std::mem::take(&mut self.samples) {
            let layer = Layer { id, class: self.import.class, ..infer_layer(&table, &samples)? };
            let text = serde_json::to_string(&layer).map_err(|cause| {
                Error::storage("图层定义写不出来", "the layer's definition cannot be written", cause)
            })?;
            self.send(Change::Put(Put {
                identity: Identity::Origin { source: "menpai".into(), key: format!("layer:{}", layer.id) },
                layer: LayerId::new(Catalog::SYSTEM)?,
                geometry: None,
                properties: Properties::from_iter([("name", layer.id.to_string()), ("schema", text)]),
                valid: Interval::ALWAYS,
                min_zoom: 0,
            }))?;
        }
        let facts = std::mem::take(&mut self.facts);
        for change in facts.changes() {
            self.send(change)?;
        }
        self.report.rejects = self.rejects.done()?;
        Ok(self.report)
    }
}

/// Why a shape was not taken: this row alone, or whatever comes from the file.
enum Fault {
    Row(Error),
    File(Error),
}

/// Everything of a record, as found, in a layer that the caller named.
fn whole(layer: &LayerId, record: &Record, drafts: Vec<Draft>) -> Draft {
    // The mapping's key tells equal rows apart; where it wants nothing of the row, the row's own number must do.
    let key = drafts.into_iter().next().map(|d| d.key).or_else(|| record.key.clone());
    Draft {
        layer: layer.clone(),
        key: key.unwrap_or_else(|| record.row.to_string()),
        shape: record.shape.clone(),
        z: record.z.clone(),
        properties: record.properties.clone(),
    }
}

/// A layer of which nothing but the name is known.
fn bare_layer(id: &LayerId) -> Layer {
    Layer {
        id: id.clone(),
        title: gis_data::Words::default(),
        class: gis_data::Class::Internal,
        geometry: gis_data::GeometryKind::Any,
        place: false,
        min_zoom: 0,
        fields: Vec::new(),
    }
}
