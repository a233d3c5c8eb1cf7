//! Excel workbooks (XLSX, XLSM): each sheet a table, the header found out, dates as dates.
//!
//! The older XLS and OpenDocument's ODS go to the GDAL child program, which runs under a limit of memory: the library used here reserves cells by the
//! largest row and column that an XLS names (100 GB for a file of 600 bytes) and repeats ODS cells in memory.

mod archive;
mod cells;

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Reader as _, Xlsx};
use gis_data::{Error, Result, Value};

use self::cells::Row;
use crate::columns::Columns;
use crate::input::file_name;
use crate::{Format, Item, Options, Reader, Table};

/// The header is looked for in so many rows: titles and notes come before it.
const HEADER_ROWS: usize = 20;

/// Reads a workbook.
pub(crate) struct Sheets {
    book: Xlsx<BufReader<File>>,
    tables: Vec<Table>,
    options: Options,
    /// Rows of the current sheet, its columns, and how many sheets were begun.
    rows: VecDeque<Row>,
    columns: Option<Columns>,
    begun: usize,
    loaded: usize,
}

impl Sheets {
    /// Checks the archive and lists the sheets.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self> {
        archive::check(path)?;
        let name = file_name(path);
        let open = || File::open(path).map_err(|e| crate::input::failed(&name, e));
        let book = guarded(|| Xlsx::new(BufReader::new(open()?)).map_err(damaged))?;
        let names = book.sheet_names();
        if names.is_empty() {
            return Err(Error::invalid("工作簿里没有工作表", "the workbook has no sheets"));
        }
        let tables = names.into_iter().map(|name| Table { name, crs: None, rows: None }).collect();
        Ok(Self { book, tables, options: options.clone(), rows: VecDeque::new(), columns: None, begun: 0, loaded: 0 })
    }

    /// Loads the next sheet; what is wrong with it is told as a reject of the whole sheet.
    fn load(&mut self, sheet: usize) -> Result<Option<Item>> {
        let Some(name) = self.tables.get(sheet).map(|t| t.name.clone()) else { return Ok(None) };
        let rows = guarded(|| cells::read(&mut self.book, &name))?;
        self.rows = rows.into();
        self.columns = None;
        let Some(header) = self.take_header() else {
            self.rows.clear();
            return Ok(None);
        };
        self.loaded = self.rows.len();
        let width = header.len();
        let sample = self.rows.front().map(|r| r.cells(width)).unwrap_or_default();
        match Columns::of(&header, &sample, &self.options) {
            Ok(columns) => {
                if let Some(table) = self.tables.get_mut(sheet) {
                    table.crs = columns.crs();
                }
                self.columns = Some(columns);
                Ok(None)
            }
            Err(reason) => {
                self.rows.clear();
                Ok(Some(Item::reject(&name, 0, None, reason)))
            }
        }
    }

    /// Takes rows off up to the header: the first row of nothing but text that is as wide as the widest that follow, or else the first row at all.
    fn take_header(&mut self) -> Option<Vec<String>> {
        let head = self.rows.iter().take(HEADER_ROWS);
        let widest = head.clone().map(Row::filled).max()?;
        let is_header = |r: &Row| r.filled() * 2 > widest && r.is_text();
        let place = head.clone().position(is_header).unwrap_or(0);
        let header = self.rows.drain(..=place).next_back()?;
        let width = self.rows.iter().map(Row::width).max().unwrap_or(0).max(header.width());
        Some(header.cells(width).iter().map(|v| if *v == Value::Null { String::new() } else { v.to_text() }).collect())
    }
}

/// Runs the library where a panic of its own becomes an error: what it does with hostile files is not ours to prove.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::invalid(
            "工作簿的内部结构损坏；请在 Excel 中打开并另存",
            "the inner structure of the workbook is damaged; open it in Excel and save it anew",
        ))
    })
}

fn damaged(cause: calamine::XlsxError) -> Error {
    Error::invalid(
        "工作簿损坏或有密码；请在 Excel 中打开，去掉密码后另存",
        "the workbook is damaged or has a password; open it in Excel and save it without one",
    )
    .because(cause)
}

impl Reader for Sheets {
    fn format(&self) -> Format {
        Format::Sheet
    }

    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn next(&mut self) -> Result<Option<Item>> {
        loop {
            if let (Some(row), Some(columns)) = (self.rows.pop_front(), &self.columns) {
                let name = self.tables.get(self.begun.saturating_sub(1)).map_or("", |t| t.name.as_str());
                let number = u64::from(row.number) + 1;
                return Ok(Some(match columns.record(name, number, row.cells(columns.len())) {
                    Ok(record) => Item::Record(record),
                    Err(reason) => Item::reject(name, number, None, reason),
                }));
            }
            if self.begun >= self.tables.len() {
                return Ok(None);
            }
            let sheet = self.begun;
            self.begun += 1;
            if let Some(reject) = self.load(sheet)? {
                return Ok(Some(reject));
            }
        }
    }

    fn progress(&self) -> f32 {
        let within = 1.0 - self.rows.len() as f32 / self.loaded.max(1) as f32;
        ((self.begun.saturating_sub(1) as f32 + within.clamp(0.0, 1.0)) / self.tables.len().max(1) as f32).min(1.0)
    }
}
