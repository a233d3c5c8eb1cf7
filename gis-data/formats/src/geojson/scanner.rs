//! Finds the ends of JSON values in a stream without building them, so that a document of any size is read feature by feature.

use std::io::{BufRead, BufReader, Read};

use gis_data::{Error, Result};

use crate::guard::{MAX_DEPTH, too_deep, too_large};

/// Walks over JSON text.
pub(crate) struct Scanner<R> {
    inner: BufReader<R>,
    offset: u64,
    name: String,
}

impl<R: Read> Scanner<R> {
    /// Walks over `inner`, called `name` in errors. A byte order mark is stepped over.
    pub(crate) fn new(inner: R, name: String) -> Result<Self> {
        let mut scanner = Self { inner: BufReader::with_capacity(1 << 18, inner), offset: 0, name };
        if scanner.chunk()?.starts_with(b"\xEF\xBB\xBF") {
            scanner.step(3);
        }
        Ok(scanner)
    }

    fn chunk(&mut self) -> Result<&[u8]> {
        // Borrowed anew at the end: the borrow checker will not let go of the first one.
        if let Err(cause) = self.inner.fill_buf() {
            return Err(crate::input::failed(&self.name, cause));
        }
        Ok(self.inner.buffer())
    }

    fn step(&mut self, n: usize) {
        self.inner.consume(n);
        self.offset += n as u64;
    }

    /// The error for text that is not JSON, with its place.
    pub(crate) fn unexpected(&self, zh: &str, en: &str) -> Error {
        Error::invalid(
            format!("第 {} 字节处 JSON 有误：{zh}；请检查文件是否完整", self.offset),
            format!("the JSON is wrong at byte {}: {en}; see whether the file is whole", self.offset),
        )
    }

    /// The next byte that is no white space, not taken.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>> {
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let Some(i) = chunk.iter().position(|b| !b.is_ascii_whitespace()) else {
                let n = chunk.len();
                self.step(n);
                continue;
            };
            let found = chunk.get(i).copied();
            self.step(i);
            return Ok(found);
        }
    }

    /// Takes the next byte if it is `wanted`.
    pub(crate) fn take(&mut self, wanted: u8) -> Result<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.step(1);
        }
        Ok(found)
    }

    /// Takes the next byte, which must be `wanted`.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<()> {
        if self.take(wanted)? {
            return Ok(());
        }
        let wanted = char::from(wanted);
        Err(self.unexpected(&format!("缺少 “{wanted}”"), &format!("“{wanted}” is missing")))
    }

    /// A text, such as the name of a member, of at most `limit` bytes.
    pub(crate) fn text(&mut self, limit: usize) -> Result<String> {
        if self.peek()? != Some(b'"') {
            return Err(self.unexpected("缺少成员名", "the name of a member is missing"));
        }
        let mut bytes = Vec::new();
        self.value(Some((&mut bytes, limit)))?;
        serde_json::from_slice(&bytes).map_err(super::syntax)
    }

    /// Steps over one value; its bytes go to `keep`, which may grow to a limit.
    pub(crate) fn value(&mut self, mut keep: Option<(&mut Vec<u8>, usize)>) -> Result<()> {
        if self.peek()?.is_none() {
            return Err(self.unexpected("文件到此中断", "the file breaks off"));
        }
        let mut state = State::default();
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                // A bare number may end with the file.
                return if state.within == Within::Bare {
                    Ok(())
                } else {
                    Err(self.unexpected("文件到此中断", "the file breaks off"))
                };
            }
            let (n, done) = state.walk(chunk)?;
            if let Some((kept, limit)) = &mut keep {
                if kept.len() + n > *limit {
                    let limit = *limit >> 20;
                    return Err(too_large(
                        format!("第 {} 字节附近有一个值超过 {limit} MiB；请先切分这个要素", self.offset),
                        format!("a value near byte {} is larger than {limit} MiB; cut that feature first", self.offset),
                    ));
                }
                kept.extend_from_slice(chunk.get(..n).unwrap_or_default());
            }
            self.step(n);
            if done {
                return Ok(());
            }
        }
    }
}

/// Where in a value the walk is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    /// Before its first byte.
    #[default]
    Nothing,
    /// In a number or a word, which the next delimiter ends.
    Bare,
    /// Between the parts of an array or object.
    Parts,
    /// In text.
    Text,
    /// After a backslash in text.
    Escape,
}

#[derive(Default)]
struct State {
    within: Within,
    depth: usize,
}

impl State {
    /// How many bytes of `chunk` belong to the value, and whether it ends there.
    fn walk(&mut self, chunk: &[u8]) -> Result<(usize, bool)> {
        for (i, b) in chunk.iter().enumerate() {
            self.within = match (self.within, b) {
                (Within::Text, b'\\') => Within::Escape,
                (Within::Text, b'"') if self.depth == 0 => return Ok((i + 1, true)),
                (Within::Text, b'"') => Within::Parts,
                (Within::Bare, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') => return Ok((i, true)),
                (Within::Escape | Within::Text, _) | (_, b'"') => Within::Text,
                (_, b'{' | b'[') => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(too_deep());
                    }
                    Within::Parts
                }
                (_, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Ok((i + 1, true));
                    }
                    Within::Parts
                }
                (Within::Nothing, _) => Within::Bare,
                (within, _) => within,
            };
        }
        Ok((chunk.len(), false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Result<Vec<String>> {
        let mut scanner = Scanner::new(text.as_bytes(), "test".into())?;
        let mut all = Vec::new();
        scanner.expect(b'[')?;
        while !scanner.take(b']')? {
            let mut kept = Vec::new();
            scanner.value(Some((&mut kept, 1000)))?;
            all.push(String::from_utf8(kept).unwrap());
            scanner.take(b',')?;
        }
        Ok(all)
    }

    #[test]
    fn values_end_where_they_end() {
        let all = values(r#" [ {"a":"}]\"","b":[1,2]} , 12.5,null ,"x,y", [] ]"#).unwrap();
        assert_eq!(all, [r#"{"a":"}]\"","b":[1,2]}"#, "12.5", "null", r#""x,y""#, "[]"]);
        assert!(values("[{\"a\":1").is_err());
        assert!(values(&"[".repeat(100_000)).unwrap_err().en().contains("deeper"));
    }
}
