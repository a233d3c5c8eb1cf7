//! The cells of one sheet, row by row.

use std::io::{Read, Seek};

use calamine::{DataRef, ExcelDateTime, Xlsx};
use gis_data::{Error, Result, Value};

use super::damaged;
use crate::guard::too_large;

/// The most filled cells of one sheet: Excel itself is slow long before.
const MAX_CELLS: usize = 20_000_000;

/// One row that is not empty.
#[derive(Debug)]
pub(super) struct Row {
    /// From 0.
    pub(super) number: u32,
    /// (column, value), in order, filled ones only.
    cells: Vec<(u32, Value)>,
}

impl Row {
    /// How many cells are filled.
    pub(super) fn filled(&self) -> usize {
        self.cells.len()
    }

    /// One more than the last filled column.
    pub(super) fn width(&self) -> usize {
        self.cells.last().map_or(0, |(c, _)| *c as usize + 1)
    }

    /// Whether all filled cells are text.
    pub(super) fn is_text(&self) -> bool {
        self.cells.iter().all(|(_, v)| v.as_str().is_some())
    }

    /// `width` values.
    pub(super) fn cells(&self, width: usize) -> Vec<Value> {
        let mut all = vec![Value::Null; width];
        for (column, value) in &self.cells {
            if let Some(place) = all.get_mut(*column as usize) {
                *place = value.clone();
            }
        }
        all
    }
}

/// Reads the rows of a sheet that have anything in them.
pub(super) fn read<R: Read + Seek>(book: &mut Xlsx<R>, sheet: &str) -> Result<Vec<Row>> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|e| damaged(e).at(sheet))?;
    let mut rows: Vec<Row> = Vec::new();
    let mut count = 0;
    while let Some(cell) = reader.next_cell().map_err(|e| damaged(e).at(sheet))? {
        let (number, column) = cell.get_position();
        let value = value(cell.get_value());
        if value == Value::Null || value.as_str().is_some_and(|t| t.trim().is_empty()) {
            continue;
        }
        count += 1;
        if count > MAX_CELLS {
            return Err(too_large(
                format!("工作表 {sheet} 的单元格超过 {MAX_CELLS} 个；请另存为 CSV"),
                format!("the sheet {sheet} has more than {MAX_CELLS} cells; save it as CSV"),
            ));
        }
        match rows.last_mut() {
            Some(row) if row.number == number && row.cells.last().is_none_or(|(c, _)| *c < column) => {
                row.cells.push((column, value));
            }
            Some(row) if row.number >= number => {
                return Err(Error::invalid(
                    format!("工作表 {sheet} 的单元格顺序错乱；请在 Excel 中打开并另存"),
                    format!("the cells of sheet {sheet} are out of order; open it in Excel and save it anew"),
                ));
            }
            _ => rows.push(Row { number, cells: vec![(column, value)] }),
        }
    }
    Ok(rows)
}

fn value(data: &DataRef<'_>) -> Value {
    match data {
        DataRef::Int(n) => Value::Int(*n),
        // Excel knows no whole numbers; one that has none behind its point was meant as one.
        DataRef::Float(x) if x.fract() == 0.0 && x.abs() < 9e15 => Value::Int(*x as i64),
        DataRef::Float(x) => Value::from(*x),
        DataRef::SharedString(text) => Value::from(*text),
        DataRef::Bool(b) => Value::Bool(*b),
        DataRef::DateTime(moment) => Value::from(date(*moment)),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::from(text.as_str()),
        // An error such as #N/A says that nothing is known.
        DataRef::Error(_) | DataRef::Empty => Value::Null,
    }
}

/// A day, or a moment in Beijing: Excel knows no zones.
fn date(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { day } else { format!("{day}T{hour:02}:{minute:02}:{second:02}+08:00") }
}
