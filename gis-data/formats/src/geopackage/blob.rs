//! The geometry blob (12-128r17 §2.1.3): a short header before WKB.

use geo_types::Geometry as Shape;
use gis_data::{BBox, Error, Geometry, Result, geometry::wkb};

/// Bytes of the envelope by its code in the flags.
const ENVELOPE_BYTES: [usize; 5] = [0, 32, 48, 48, 64];

/// Reads a blob into a plain shape and its heights.
pub(super) fn read(bytes: &[u8]) -> Result<(Shape<f64>, Option<Vec<f64>>)> {
    let broken = |zh: &str, en: &str| {
        Error::invalid(
            format!("GeoPackage 几何损坏：{zh}；请修复或删去这一行"),
            format!("the GeoPackage shape is broken: {en}; repair this row or take it out"),
        )
    };
    let Some(([b'G', b'P', version, flags, ..], _)) = bytes.split_first_chunk::<8>() else {
        return Err(broken("缺少 GP 文件头", "it has no GP header"));
    };
    if *version != 0 || flags & 0b0010_0000 != 0 {
        return Err(broken("是扩展几何类型，不支持", "it is of an extended type, which is not supported"));
    }
    let envelope = ENVELOPE_BYTES.get(usize::from(flags >> 1 & 7));
    let body = envelope.and_then(|n| bytes.get(8 + n..));
    wkb::read_raw(body.ok_or_else(|| broken("文件头中的范围不完整", "the envelope of its header is not whole"))?)
}

/// Writes a shape with its envelope, little-endian.
pub(super) fn write(geometry: &Geometry, srs: i32) -> Vec<u8> {
    let BBox { west, south, east, north } = geometry.bbox();
    // A point is its own envelope.
    let is_point = geometry.kind() == "Point";
    let mut out = vec![b'G', b'P', 0, if is_point { 1 } else { 0b11 }];
    out.extend(srs.to_le_bytes());
    if !is_point {
        for side in [west, east, south, north] {
            out.extend(side.to_le_bytes());
        }
    }
    out.extend(wkb::write(geometry));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_come_back_and_lies_are_told() {
        let line = geo_types::LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]);
        for g in [Geometry::point(1.0, 2.0).unwrap(), Geometry::new(line.into(), Some(vec![5.0, 6.0])).unwrap()] {
            let blob = write(&g, 4490);
            assert_eq!(read(&blob).unwrap(), (g.shape().clone(), g.z().map(<[f64]>::to_vec)));
            for cut in 0..blob.len() {
                assert!(read(&blob[..cut]).is_err());
            }
        }
        assert!(read(b"GP\0\x0F\0\0\0\0").is_err());
        assert!(read(b"XX\0\x01\0\0\0\0").is_err());
    }
}
