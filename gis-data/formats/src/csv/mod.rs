//! Tables as text: delimiter and encoding found out, a header, coordinates by the names of columns.
//!
//! A row is numbered as a spreadsheet shows it: the header is row 1.

mod delimiter;
mod encoding;

use std::io::Read;

use csv::ByteRecord;
use encoding_rs::Encoding;
use gis_data::{Error, Result, Value};

use self::encoding::Bytes;
use crate::columns::Columns;
use crate::guard::{MAX_FIELD_BYTES, too_large};
use crate::input::{Budget, Gauge, Input, Metered};
use crate::{Format, Item, Options, Reader, Table};

/// The most bytes of one row: an unclosed quote must not swallow the file.
const MAX_ROW_BYTES: u64 = 64 << 20;

/// Reads a CSV.
pub(crate) struct Csv {
    table: [Table; 1],
    inner: csv::Reader<Metered<Bytes>>,
    budget: Budget,
    gauge: Gauge,
    encoding: &'static Encoding,
    columns: Columns,
    row: u64,
    /// The row after the header, read to find out the columns.
    first: Option<ByteRecord>,
    name: String,
}

impl Csv {
    /// Finds out encoding and delimiter and reads the header.
    pub(crate) fn open(input: &Input, options: &Options) -> Result<Self> {
        let head = input.head(64 << 10)?;
        if head.starts_with(b"PK\x03\x04") {
            return Err(Error::invalid(
                "文件内容是 zip 压缩包，不是 CSV；请先解压",
                "the file is a zip archive, not a CSV; unpack it first",
            ));
        }
        let encoding = encoding::find(input, options)?;
        let stream = input.open()?;
        let gauge = stream.gauge();
        let (bytes, encoding) = encoding::plain(stream, encoding);
        let mut sample = Vec::new();
        let (reopened, _) = encoding::plain(input.open()?, encoding::find_wide(&head).unwrap_or(encoding));
        reopened.take(64 << 10).read_to_end(&mut sample).map_err(|e| input.failed(e))?;
        let delimiter = delimiter::find(&sample, encoding, options)?;
        let (metered, budget) = Metered::new(bytes, MAX_ROW_BYTES);
        let inner =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(metered);
        let mut this = Self {
            table: [Table { name: input.stem(), crs: None, rows: None }],
            inner,
            budget,
            gauge,
            encoding,
            columns: Columns::of(&[], &[], &Options::default())?,
            row: 0,
            first: None,
            name: input.name(),
        };
        this.header(options)?;
        Ok(this)
    }

    fn header(&mut self, options: &Options) -> Result<()> {
        let Some(header) = self.read()? else {
            return Err(Error::invalid("CSV 没有任何行；请重新导出", "the CSV has no rows; export it again"));
        };
        let header: Vec<String> = self.cells(&header)?.iter().map(Value::to_text).collect();
        if header.iter().all(|h| h.trim().parse::<f64>().is_ok()) {
            return Err(Error::invalid(
                "第一行全是数字，不是表头；请加上列名",
                "the first row is all numbers and no header; add the names of the columns",
            ));
        }
        self.first = self.read()?;
        let sample = match &self.first {
            // What does not decode is rejected when its turn comes.
            Some(first) => self.cells(first).unwrap_or_default(),
            None => vec![],
        };
        // The row number counts what was given away.
        self.row = 1;
        self.columns = Columns::of(&header, &sample, options)?;
        let [table] = &mut self.table;
        table.crs = self.columns.crs();
        Ok(())
    }

    fn read(&mut self) -> Result<Option<ByteRecord>> {
        self.budget.renew();
        let mut record = ByteRecord::new();
        let row = self.row + 1;
        let more = self.inner.read_byte_record(&mut record).map_err(|cause| match cause.into_kind() {
            csv::ErrorKind::Io(cause) if self.budget.spent() => too_large(
                format!("第 {row} 行超过 {} MiB，可能有引号没有闭合；请改正", MAX_ROW_BYTES >> 20),
                format!(
                    "row {row} is larger than {} MiB, perhaps a quote is not closed; correct it",
                    MAX_ROW_BYTES >> 20
                ),
            )
            .because(cause),
            csv::ErrorKind::Io(cause) => crate::input::failed(&self.name, cause),
            other => Error::invalid(
                format!("第 {row} 行无法读取（{other:?}）；请检查文件"),
                format!("row {row} cannot be read ({other:?}); check the file"),
            ),
        })?;
        Ok(more.then_some(record))
    }

    fn cells(&self, record: &ByteRecord) -> Result<Vec<Value>> {
        record.iter().map(|cell| self.cell(cell)).collect()
    }

    fn cell(&self, bytes: &[u8]) -> Result<Value> {
        if bytes.len() > MAX_FIELD_BYTES {
            return Err(too_large("单元格超过 4 MiB；请改正", "a cell is larger than 4 MiB; correct it"));
        }
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
            let name = self.encoding.name();
            Error::invalid(
                format!("这一行不是 {name} 编码（文件里混有多种编码）；请用同一种编码重新保存"),
                format!("this row is not {name} (the file mixes encodings); save it in one encoding"),
            )
        })?;
        Ok(Value::from(text.as_ref()))
    }

    fn item(&self, record: &ByteRecord, row: u64) -> Result<crate::Record> {
        let mut cells = self.cells(record)?;
        let wanted = self.columns.len();
        let extra = cells.iter().skip(wanted).any(|c| c.as_str().is_some_and(|t| !t.trim().is_empty()));
        if cells.len() < wanted || extra {
            return Err(Error::invalid(
                format!("这一行有 {} 列，表头有 {wanted} 列；请检查分隔符和引号", cells.len()),
                format!("the row has {} columns, the header {wanted}; check delimiters and quotes", cells.len()),
            ));
        }
        cells.truncate(wanted);
        let [table] = &self.table;
        self.columns.record(&table.name, row, cells)
    }
}

impl Reader for Csv {
    fn format(&self) -> Format {
        Format::Csv
    }

    fn tables(&self) -> &[Table] {
        &self.table
    }

    fn next(&mut self) -> Result<Option<Item>> {
        loop {
            let record = match self.first.take() {
                Some(first) => first,
                None => match self.read()? {
                    Some(record) => record,
                    None => return Ok(None),
                },
            };
            self.row += 1;
            if record.iter().all(|c| c.trim_ascii().is_empty()) {
                continue;
            }
            let row = self.row;
            let [table] = &self.table;
            return Ok(Some(match self.item(&record, row) {
                Ok(record) => Item::Record(record),
                Err(reason) => Item::reject(&table.name, row, None, reason),
            }));
        }
    }

    fn progress(&self) -> f32 {
        self.gauge.progress()
    }
}
