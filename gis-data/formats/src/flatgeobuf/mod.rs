//! FlatGeobuf. The published crate's tables are used, verified before they are looked into; the loop over features is our own, since the crate's
//! reserves whatever size a feature claims (4 GB in four bytes).

mod geometry;
mod properties;

use std::io::{BufReader, Read};

use flatgeobuf::{ColumnType, GeometryType, size_prefixed_root_as_feature, size_prefixed_root_as_header};
use gis_data::{Error, Name, Result};

use crate::guard::{MAX_FEATURE_BYTES, too_large};
use crate::input::{Gauge, Input, Stream};
use crate::{Format, Item, Reader, Record, Table};

/// The crate's own limit for headers.
const MAX_HEADER_BYTES: usize = 10 << 20;
/// Bytes of one node of the index.
const NODE_BYTES: u64 = 40;

/// Reads a FlatGeobuf file.
pub(crate) struct FlatGeobuf {
    table: [Table; 1],
    columns: Vec<(Name, ColumnType)>,
    kind: GeometryType,
    inner: BufReader<Stream>,
    gauge: Gauge,
    count: u64,
    row: u64,
    buf: Vec<u8>,
    name: String,
}

impl FlatGeobuf {
    /// Reads the header and steps over the index.
    pub(crate) fn open(input: &Input) -> Result<Self> {
        let stream = input.open()?;
        let gauge = stream.gauge();
        let mut this = Self {
            table: [Table { name: input.stem(), crs: None, rows: None }],
            columns: vec![],
            kind: GeometryType::Unknown,
            inner: BufReader::with_capacity(1 << 18, stream),
            gauge,
            count: 0,
            row: 0,
            buf: Vec::new(),
            name: input.name(),
        };
        let mut magic = [0; 8];
        this.inner.read_exact(&mut magic).map_err(|e| input.failed(e))?;
        let [b'f', b'g', b'b', 0..=3, b'f', b'g', b'b', _] = magic else {
            return Err(Error::invalid("不是 FlatGeobuf 3 文件", "this is no FlatGeobuf 3 file"));
        };
        if !this.block(MAX_HEADER_BYTES)? {
            return Err(input.failed(std::io::ErrorKind::UnexpectedEof.into()));
        }
        let node_size = this.header()?;
        let index = index_bytes(this.count, node_size).ok_or_else(|| {
            Error::invalid(
                "FlatGeobuf 声明的要素个数不可能；文件已损坏，请重新导出",
                "the FlatGeobuf announces an impossible number of features; it is damaged, export it again",
            )
        })?;
        let skipped = std::io::copy(&mut (&mut this.inner).take(index), &mut std::io::sink());
        if skipped.map_err(|e| input.failed(e))? < index {
            return Err(input.failed(std::io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(this)
    }

    fn header(&mut self) -> Result<u16> {
        let header = size_prefixed_root_as_header(&self.buf).map_err(|cause| {
            Error::invalid(
                "FlatGeobuf 文件头损坏；请重新导出",
                "the header of the FlatGeobuf is damaged; export it again",
            )
            .because(cause)
        })?;
        self.kind = header.geometry_type();
        self.count = header.features_count();
        let [table] = &mut self.table;
        table.rows = (self.count > 0).then_some(self.count);
        if let Some(name) = header.name().filter(|n| !n.is_empty()) {
            name.clone_into(&mut table.name);
        }
        table.crs = header.crs().and_then(|crs| {
            let org = crs.org().unwrap_or("EPSG");
            match (crs.code(), crs.wkt()) {
                (code, _) if code > 0 && org.eq_ignore_ascii_case("EPSG") => Some(format!("EPSG:{code}")),
                (_, Some(wkt)) if !wkt.is_empty() => Some(wkt.to_owned()),
                _ => None,
            }
        });
        let columns = header.columns().into_iter().flatten();
        self.columns = columns.map(|c| (Name::from(c.name()), c.type_())).collect();
        Ok(header.index_node_size())
    }

    /// Reads a block that its size precedes into the buffer, size and all; whether there was one.
    fn block(&mut self, limit: usize) -> Result<bool> {
        self.buf.clear();
        let failed = |e| crate::input::failed(&self.name, e);
        let n = (&mut self.inner).take(4).read_to_end(&mut self.buf).map_err(failed)?;
        let Some((size, _)) = self.buf.split_first_chunk::<4>() else {
            return if n == 0 { Ok(false) } else { Err(failed(std::io::ErrorKind::UnexpectedEof.into())) };
        };
        let size = u32::from_le_bytes(*size) as usize;
        if size > limit {
            return Err(too_large(
                format!("第 {} 个要素声明有 {size} 字节，超过 {} MiB；文件可能已损坏", self.row + 1, limit >> 20),
                format!(
                    "feature {} announces {size} bytes, more than {} MiB; the file may be damaged",
                    self.row + 1,
                    limit >> 20
                ),
            ));
        }
        // Grown as bytes come, not as they are announced.
        let got = (&mut self.inner).take(size as u64).read_to_end(&mut self.buf).map_err(failed)?;
        if got < size {
            return Err(Error::invalid(
                format!("文件在第 {} 个要素处中断；请重新下载或导出", self.row + 1),
                format!("the file breaks off in feature {}; download or export it again", self.row + 1),
            ));
        }
        Ok(true)
    }

    fn record(&self) -> Result<Record> {
        let feature = size_prefixed_root_as_feature(&self.buf).map_err(|cause| {
            Error::invalid(
                "要素的 FlatBuffers 结构损坏；请重新导出",
                "the FlatBuffers of the feature are damaged; export the file again",
            )
            .because(cause)
        })?;
        let (shape, z) = match feature.geometry() {
            Some(g) => {
                let (shape, z) = geometry::read(g, self.kind)?;
                (Some(shape), z)
            }
            None => (None, None),
        };
        let own: Option<Vec<(Name, ColumnType)>> = feature
            .columns()
            .filter(|c| !c.is_empty())
            .map(|c| c.iter().map(|c| (Name::from(c.name()), c.type_())).collect());
        let columns = own.as_ref().unwrap_or(&self.columns);
        let bytes = feature.properties().map(|p| p.bytes()).unwrap_or_default();
        let properties = properties::read(bytes, columns)?;
        let [table] = &self.table;
        Ok(Record { row: self.row, table: table.name.clone(), key: None, shape, z, properties })
    }
}

/// The size of the packed R-tree of `count` features; `None` if there can be none so large.
fn index_bytes(count: u64, node_size: u16) -> Option<u64> {
    if node_size == 0 || count == 0 {
        return Some(0);
    }
    let node_size = u64::from(node_size.max(2));
    let (mut level, mut nodes) = (count, count);
    while level > 1 {
        level = level.div_ceil(node_size);
        nodes = nodes.checked_add(level)?;
    }
    nodes.checked_mul(NODE_BYTES)
}

impl Reader for FlatGeobuf {
    fn format(&self) -> Format {
        Format::FlatGeobuf
    }

    fn tables(&self) -> &[Table] {
        &self.table
    }

    fn next(&mut self) -> Result<Option<Item>> {
        if !self.block(MAX_FEATURE_BYTES)? {
            // 0 stands for a count that was not known when the file was written.
            if self.count > 0 && self.row < self.count {
                return Err(Error::invalid(
                    format!("文件声明有 {} 个要素，却只有 {} 个；请重新下载或导出", self.count, self.row),
                    format!(
                        "the file announces {} features and has {}; download or export it again",
                        self.count, self.row
                    ),
                ));
            }
            return Ok(None);
        }
        self.row += 1;
        let [table] = &self.table;
        Ok(Some(match self.record() {
            Ok(record) => Item::Record(record),
            Err(reason) => Item::reject(&table.name, self.row, None, reason),
        }))
    }

    fn progress(&self) -> f32 {
        self.gauge.progress()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_has_the_size_of_its_tree() {
        assert_eq!(index_bytes(0, 16), Some(0));
        assert_eq!(index_bytes(1, 16), Some(40));
        assert_eq!(index_bytes(17, 16), Some(20 * 40));
        assert_eq!(index_bytes(u64::MAX, 16), None);
    }
}
