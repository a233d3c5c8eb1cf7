//! Opening a file, plain or gzipped, as often as a reader needs it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use gis_data::{Error, Result};

use crate::guard::too_large;

/// How many times its size a gzip may inflate to once it is beyond [`FREE_BYTES`]. Text of the worst city data shrinks to a thirtieth;
/// deflate's own maximum is 1032.
const MAX_RATIO: u64 = 200;
/// What may always be inflated.
const FREE_BYTES: u64 = 64 << 20;

/// A file that can be read from its beginning again and again.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    path: PathBuf,
    gz: bool,
    bytes: u64,
}

impl Input {
    /// Checks that `path` is a file with something in it.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let shown = path.display();
        let meta = std::fs::metadata(path).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => Error::not_found(
                format!("找不到文件 {shown}；请检查路径"),
                format!("there is no file {shown}; check the path"),
            ),
            _ => Error::storage(
                format!("无法打开文件 {shown}；请检查权限"),
                format!("the file {shown} cannot be opened; check its permissions"),
                cause,
            ),
        })?;
        if meta.is_dir() {
            return Err(Error::invalid(
                format!("{shown} 是文件夹，不是文件；请给出其中的文件"),
                format!("{shown} is a folder, not a file; name the files in it"),
            ));
        }
        if meta.len() == 0 {
            return Err(Error::invalid(
                format!("文件 {shown} 是空的；请重新导出或下载"),
                format!("the file {shown} is empty; export or download it again"),
            ));
        }
        let mut input = Self { path: path.to_owned(), gz: false, bytes: meta.len() };
        input.gz = input.head(2)? == [0x1F, 0x8B];
        Ok(input)
    }

    /// The file's name, for messages.
    pub(crate) fn name(&self) -> String {
        file_name(&self.path)
    }

    /// The file's name without its ending, as the name of its only table.
    pub(crate) fn stem(&self) -> String {
        stem(&self.path)
    }

    /// Opens it at its beginning; gzip is inflated under guard.
    pub(crate) fn open(&self) -> Result<Stream> {
        let file = File::open(&self.path).map_err(|cause| self.failed(cause))?;
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: file, taken: Arc::clone(&taken) };
        let inner: Box<dyn Read + Send> = if self.gz {
            let inflated = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, counted));
            Box::new(Bounded { inner: inflated, taken: Arc::clone(&taken), given: 0 })
        } else {
            Box::new(counted)
        };
        Ok(Stream { inner, taken, total: self.bytes })
    }

    /// The first bytes, inflated if gzipped; fewer if there are no more.
    pub(crate) fn head(&self, n: usize) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        match self.open()?.take(n as u64).read_to_end(&mut head) {
            // A broken tail is told by whoever reads on; the head is what counts here.
            Err(_) if !head.is_empty() => Ok(head),
            Err(cause) => Err(self.failed(cause)),
            Ok(_) => Ok(head),
        }
    }

    /// Tells a failed read.
    pub(crate) fn failed(&self, cause: io::Error) -> Error {
        failed(&self.name(), cause)
    }
}

/// Tells a failed read of `what`, keeping a guard's own words.
pub(crate) fn failed(what: &str, cause: io::Error) -> Error {
    if cause.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Bomb>) {
        return too_large(
            format!("{what} 解压后超过压缩前的 {MAX_RATIO} 倍，疑为解压炸弹；请检查来源，或先自行解压"),
            format!(
                "{what} inflates to more than {MAX_RATIO} times its size, as a bomb does; check where it comes from, or unpack it yourself"
            ),
        );
    }
    match cause.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Error::invalid(
            format!("{what} 不完整或已损坏；请重新下载或导出"),
            format!("{what} is truncated or damaged; download or export it again"),
        )
        .because(cause),
        _ => Error::storage(
            format!("读取 {what} 失败；请检查磁盘和权限"),
            format!("reading {what} failed; check the disk and its permissions"),
            cause,
        ),
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// The file's name up to its first dot (`town.osm.pbf` is `town`).
pub(crate) fn stem(path: &Path) -> String {
    let name = file_name(path);
    match name.split('.').next() {
        Some(stem) if !stem.is_empty() => stem.to_owned(),
        _ => name,
    }
}

/// A file being read.
pub(crate) struct Stream {
    inner: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
    total: u64,
}

impl Stream {
    /// A gauge of how much was read, that outlives the stream's being wrapped.
    pub(crate) fn gauge(&self) -> Gauge {
        Gauge { taken: Arc::clone(&self.taken), total: self.total }
    }
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf)
    }
}

/// How much of a stream was read.
#[derive(Clone, Debug)]
pub(crate) struct Gauge {
    taken: Arc<AtomicU64>,
    total: u64,
}

impl Gauge {
    /// 0 to 1.
    pub(crate) fn progress(&self) -> f32 {
        (self.taken.load(Ordering::Relaxed) as f32 / self.total.max(1) as f32).min(1.0)
    }
}

struct Counted<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// How many bytes may still be read for one row or tag.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    left: Arc<AtomicU64>,
    whole: u64,
}

impl Budget {
    /// To be called before each row or tag.
    pub(crate) fn renew(&self) {
        self.left.store(self.whole, Ordering::Relaxed);
    }

    /// Whether the last one was too long.
    pub(crate) fn spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }
}

/// Ends reading when one row or tag takes more bytes than any real one, before a parser has gathered them all.
pub(crate) struct Metered<R> {
    inner: R,
    left: Arc<AtomicU64>,
}

impl<R> Metered<R> {
    pub(crate) fn new(inner: R, whole: u64) -> (Self, Budget) {
        let left = Arc::new(AtomicU64::new(whole));
        (Self { inner, left: Arc::clone(&left) }, Budget { left, whole })
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a row or tag is longer than any real one"));
        }
        let n = self.inner.read(buf)?;
        self.left.store(left.saturating_sub(n as u64), Ordering::Relaxed);
        Ok(n)
    }
}

struct Bounded<R> {
    inner: R,
    taken: Arc<AtomicU64>,
    given: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("inflates beyond the ratio that real data has")]
struct Bomb;

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.given += n as u64;
        if self.given > FREE_BYTES && self.given / MAX_RATIO > self.taken.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, Bomb));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gis_data::Kind;
    use std::io::Write;

    #[test]
    fn a_bomb_is_told_before_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zeros.geojson.gz");
        let mut gz = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::best());
        for _ in 0..256 {
            gz.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        gz.finish().unwrap();
        let input = Input::new(&path).unwrap();
        let cause = io::copy(&mut input.open().unwrap(), &mut io::sink()).unwrap_err();
        assert_eq!(input.failed(cause).kind(), Kind::TooLarge);
    }

    #[test]
    fn what_is_no_file_is_told() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Input::new(&dir.path().join("nothing")).unwrap_err().kind(), Kind::NotFound);
        assert!(Input::new(dir.path()).unwrap_err().zh().contains("文件夹"));
        let empty = dir.path().join("empty.csv");
        File::create(&empty).unwrap();
        assert!(Input::new(&empty).unwrap_err().zh().contains("空的"));
    }
}
