//! OSM PBF: blobs, guarded.
//!
//! The layout is the one that the OpenStreetMap wiki gives (fileformat.proto, osmformat.proto): a length, a `BlobHeader`, a `Blob`, and so on. Header
//! ≤ 64 KiB and blob ≤ 32 MiB are its own hard limits.

use std::io::{BufReader, Read};

use flate2::read::ZlibDecoder;
use gis_data::{Error, Result};

use super::block;
use super::element::{Sink, Source};
use super::wire::{Broken, Fields, Wire};
use crate::guard::too_large;
use crate::input::{Input, Stream};

const MAX_HEADER_BYTES: u32 = 64 << 10;
const MAX_BLOB_BYTES: u64 = 32 << 20;

/// Reads blob after blob.
pub(super) struct Pbf {
    inner: BufReader<Stream>,
    name: String,
    /// Where the current blob begins, for errors.
    offset: u64,
    next_offset: u64,
    blob: u64,
    headed: bool,
}

impl Pbf {
    pub(super) fn new(input: &Input, stream: Stream) -> Self {
        let inner = BufReader::with_capacity(1 << 18, stream);
        Self { inner, name: input.name(), offset: 0, next_offset: 0, blob: 0, headed: false }
    }

    fn broken(&self, what: Broken) -> Error {
        Error::invalid(
            format!("第 {} 个数据块（字节 {}）损坏：{}；请重新下载", self.blob, self.offset, what.0),
            format!("blob {} at byte {} is damaged: {}; download the file again", self.blob, self.offset, what.1),
        )
    }

    fn cut_off(&self, cause: std::io::Error) -> Error {
        if cause.kind() == std::io::ErrorKind::UnexpectedEof {
            return Error::invalid(
                format!("文件在第 {} 个数据块（字节 {}）处中断；请重新下载", self.blob, self.offset),
                format!("the file breaks off in blob {} at byte {}; download it again", self.blob, self.offset),
            )
            .because(cause);
        }
        crate::input::failed(&self.name, cause)
    }

    fn bytes(&mut self, n: usize) -> Result<Vec<u8>> {
        // Grown as bytes come, not as they are announced.
        let mut bytes = Vec::with_capacity(n.min(1 << 16));
        let got = (&mut self.inner).take(n as u64).read_to_end(&mut bytes).map_err(|e| self.cut_off(e))?;
        if got < n {
            return Err(self.cut_off(std::io::ErrorKind::UnexpectedEof.into()));
        }
        self.next_offset += n as u64;
        Ok(bytes)
    }

    /// The next blob's type and content; `None` at the end.
    fn blob(&mut self) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        self.offset = self.next_offset;
        self.blob += 1;
        let mut first = [0; 1];
        if self.inner.read(&mut first).map_err(|e| self.cut_off(e))? == 0 {
            return Ok(None);
        }
        self.next_offset += 1;
        let rest = self.bytes(3)?;
        let length = first.iter().chain(&rest).fold(0_u32, |n, b| n << 8 | u32::from(*b));
        if length > MAX_HEADER_BYTES {
            return Err(self.broken(Broken("块头超过 64 KiB", "its header is longer than 64 KiB")));
        }
        let header = self.bytes(length as usize)?;
        let (kind, size) = blob_header(&header).map_err(|b| self.broken(b))?;
        if size > MAX_BLOB_BYTES {
            return Err(self.broken(Broken("块超过 32 MiB", "it is larger than 32 MiB")));
        }
        let blob = self.bytes(size as usize)?;
        let content = self.inflate(&blob)?;
        Ok(Some((kind, content)))
    }

    fn inflate(&self, blob: &[u8]) -> Result<Vec<u8>> {
        let broken = |b| self.broken(b);
        let mut fields = Fields(blob);
        let mut raw_size = None;
        let mut content = None;
        while let Some((number, value)) = fields.next().map_err(broken)? {
            match (number, value) {
                (2, Wire::Varint(n)) => raw_size = Some(n),
                (1 | 3..=7, Wire::Bytes(b)) => content = Some((number, b)),
                _ => {}
            }
        }
        let (packing, bytes) = content.ok_or_else(|| broken(Broken("块是空的", "it is empty")))?;
        match packing {
            1 if bytes.len() as u64 <= MAX_BLOB_BYTES => Ok(bytes.to_vec()),
            3 => {
                let size = raw_size.ok_or_else(|| broken(Broken("没有声明大小", "it does not say its size")))?;
                if size > MAX_BLOB_BYTES {
                    return Err(too_large(
                        format!("第 {} 个数据块（字节 {}）解压后超过 32 MiB；请检查来源", self.blob, self.offset),
                        format!(
                            "blob {} at byte {} inflates to more than 32 MiB; check the source",
                            self.blob, self.offset
                        ),
                    ));
                }
                let mut out = Vec::new();
                let inflated = ZlibDecoder::new(bytes).take(size + 1).read_to_end(&mut out);
                inflated.map_err(|cause| broken(Broken("无法解压", "it does not inflate")).because(cause))?;
                if out.len() as u64 != size {
                    return Err(broken(Broken("大小与声明不符", "its size is not what it says")));
                }
                Ok(out)
            }
            _ => Err(Error::invalid(
                format!("第 {} 个数据块用了 zlib 以外的压缩；请用 osmium cat 转成普通 PBF", self.blob),
                format!("blob {} is packed other than with zlib; rewrite the file with osmium cat", self.blob),
            )),
        }
    }
}

fn blob_header(bytes: &[u8]) -> Result<(Vec<u8>, u64), Broken> {
    let mut fields = Fields(bytes);
    let (mut kind, mut size) = (None, None);
    while let Some((number, value)) = fields.next()? {
        match (number, value) {
            (1, Wire::Bytes(b)) => kind = Some(b.to_vec()),
            (3, Wire::Varint(n)) => size = Some(n),
            _ => {}
        }
    }
    Ok((kind.ok_or(Broken("没有类型", "it has no type"))?, size.ok_or(Broken("没有大小", "it has no size"))?))
}

/// Refuses files that need what is not understood (osmformat.proto: readers must).
fn check_header(bytes: &[u8]) -> Result<Result<(), String>, Broken> {
    let mut fields = Fields(bytes);
    while let Some((number, value)) = fields.next()? {
        if let (4, Wire::Bytes(feature)) = (number, value)
            && feature != b"OsmSchema-V0.6"
            && feature != b"DenseNodes"
        {
            return Ok(Err(String::from_utf8_lossy(feature).into_owned()));
        }
    }
    Ok(Ok(()))
}

impl Source for Pbf {
    fn batch(&mut self, sink: &mut Sink<'_>) -> Result<bool> {
        let Some((kind, content)) = self.blob()? else {
            if !self.headed {
                return Err(self.broken(Broken("文件没有 OSM 文件头", "the file has no OSM header")));
            }
            return Ok(false);
        };
        match kind.as_slice() {
            b"OSMHeader" => {
                self.headed = true;
                check_header(&content).map_err(|b| self.broken(b))?.map_err(|feature| {
                    Error::invalid(
                        format!("文件要求支持 “{feature}”，此处不支持；请用 osmium 转成普通 PBF（不含历史版本）"),
                        format!("the file requires “{feature}”, which is not supported; rewrite it as plain PBF without history with osmium"),
                    )
                })?;
            }
            b"OSMData" if !self.headed => {
                return Err(self.broken(Broken("数据在 OSM 文件头之前", "data come before the OSM header")));
            }
            b"OSMData" => match block::read(&content, sink) {
                Ok(()) => {}
                Err(block::Stop::Broken(b)) => return Err(self.broken(b)),
                Err(block::Stop::Sink(e)) => return Err(e),
            },
            // Blobs of other types are to be stepped over.
            _ => {}
        }
        Ok(true)
    }
}
