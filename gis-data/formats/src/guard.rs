//! Limits on what a file may ask for, and the reader that shows a single table.

use gis_data::{Error, Kind, Result};

use crate::{Format, Item, Reader, Table};

/// How deep JSON and the like may nest.
pub(crate) const MAX_DEPTH: usize = 64;

/// The most bytes of text that one row or feature may have: two million vertices with every digit a double has.
pub(crate) const MAX_FEATURE_BYTES: usize = 128 << 20;

/// The most bytes of one attribute: text of a thousand pages.
pub(crate) const MAX_FIELD_BYTES: usize = 4 << 20;

/// The error for what is beyond a limit.
pub(crate) fn too_large(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::new(Kind::TooLarge, zh, en)
}

/// The error for JSON that nests too deeply.
pub(crate) fn too_deep() -> Error {
    too_large(
        format!("JSON 嵌套超过 {MAX_DEPTH} 层；真实数据不会这样，请检查文件来源"),
        format!("the JSON is nested deeper than {MAX_DEPTH}; no real data is, check where the file comes from"),
    )
}

/// Whether JSON text nests no deeper than [`MAX_DEPTH`].
pub(crate) fn json_depth(bytes: &[u8]) -> Result<()> {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for b in bytes {
        match (text, b) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => text = !text,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(too_deep());
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Shows one table of a reader.
struct Only {
    inner: Box<dyn Reader>,
    table: Vec<Table>,
}

/// Narrows `reader` to `table`, or says which tables there are.
pub(crate) fn only(reader: Box<dyn Reader>, table: &str) -> Result<Box<dyn Reader>> {
    let found: Vec<_> = reader.tables().iter().filter(|t| t.name == table).cloned().collect();
    if found.is_empty() {
        let all: Vec<_> = reader.tables().iter().map(|t| t.name.as_str()).collect();
        return Err(Error::not_found(
            format!("文件里没有名为 “{table}” 的表；有：{}", all.join("、")),
            format!("the file has no table called “{table}”; it has: {}", all.join(", ")),
        ));
    }
    Ok(Box::new(Only { inner: reader, table: found }))
}

impl Reader for Only {
    fn format(&self) -> Format {
        self.inner.format()
    }

    fn tables(&self) -> &[Table] {
        &self.table
    }

    fn next(&mut self) -> Result<Option<Item>> {
        while let Some(item) = self.inner.next()? {
            let table = match &item {
                Item::Record(r) => &r.table,
                Item::Reject(r) => &r.table,
            };
            if self.table.iter().any(|t| t.name == *table) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn progress(&self) -> f32 {
        self.inner.progress()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_text() {
        assert!(json_depth("[".repeat(64).as_bytes()).is_ok());
        assert!(json_depth("[".repeat(65).as_bytes()).is_err());
        assert!(json_depth(format!("\"{}\\\"{}\"", "[".repeat(65), "[".repeat(65)).as_bytes()).is_ok());
    }
}
