//! What is said about a filter that cannot be read.

use crate::{Error, Result};

/// What was wrong, not yet with its place.
pub(super) fn wrong<T>(zh: impl Into<String>, en: impl Into<String>) -> Result<T> {
    Err(Error::invalid(zh, en))
}

/// The same error, told at which character of the text (counted from 1) it is.
pub(super) fn at_character(error: Error, at: usize) -> Error {
    let (zh, en) = (format!("第 {at} 个字符：{}", error.zh()), format!("character {at}: {}", error.en()));
    Error::invalid(zh, en).because(error)
}

/// The same error, told at which place of the JSON it is.
pub(super) fn at_path(error: Error, path: &str) -> Error {
    if path.is_empty() { error } else { error.at(path) }
}

/// Refuses what is too long to be read at all.
pub(super) fn check_length(text: &str) -> Result<()> {
    if text.len() <= super::MAX_BYTES {
        return Ok(());
    }
    wrong(
        format!("筛选条件有 {} 字节，最多 {}；请缩短", text.len(), super::MAX_BYTES),
        format!("the filter has {} bytes and may have {}; make it shorter", text.len(), super::MAX_BYTES),
    )
}
