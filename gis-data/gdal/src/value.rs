//! Fields and shapes of a feature, out of GDAL's memory.
#![expect(
    unsafe_code,
    reason = "what the safe binding lacks: unset fields, lists, curves; each block says why it is sound"
)]

use std::ffi::{CStr, c_char, c_int};

use gdal::vector::{Feature, OGRwkbGeometryType};
use gdal_sys as c;
use gis_data::Value;

/// Of what kind a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Float,
    Text,
    Date,
    Time,
    DateTime,
    /// Lists of 32 and of 64 bits.
    ShortInts,
    Ints,
    Floats,
    Texts,
    Bytes,
}

/// The most values of a list, bytes of a shape, and characters of a text field.
const MAX_LIST: usize = 1_000_000;
const MAX_WKB: usize = 100 << 20;
const MAX_TEXT: usize = 4 << 20;

/// Why a field or shape cannot be passed on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge(pub(crate) &'static str);

/// SAFETY: null, or a NUL-terminated string that lives through the call.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: as above.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

/// SAFETY: null, or `n` values that live through the call.
unsafe fn list<T: Copy>(pointer: *const T, n: c_int) -> Result<Vec<T>, TooLarge> {
    let n = usize::try_from(n).unwrap_or(0);
    if n > MAX_LIST {
        return Err(TooLarge("list"));
    }
    if pointer.is_null() || n == 0 {
        return Ok(Vec::new());
    }
    // SAFETY: as above.
    Ok(unsafe { std::slice::from_raw_parts(pointer, n) }.to_vec())
}

/// The value of column `i`; none where it is unset, null or not a number.
pub(crate) fn field(feature: &Feature<'_>, i: usize, kind: Kind) -> Result<Option<Value>, TooLarge> {
    let Ok(at) = c_int::try_from(i) else { return Ok(None) };
    if i >= feature.field_count() {
        return Ok(None);
    }
    // SAFETY: the feature lives through the block; `at` is one of its columns; what GDAL returns belongs to the feature
    // and is copied before the next call.
    unsafe {
        let f = feature.c_feature();
        if c::OGR_F_IsFieldSetAndNotNull(f, at) == 0 {
            return Ok(None);
        }
        let mut n: c_int = 0;
        Ok(match kind {
            Kind::Bool => Some(Value::Bool(c::OGR_F_GetFieldAsInteger(f, at) != 0)),
            Kind::Int => Some(Value::Int(c::OGR_F_GetFieldAsInteger64(f, at))),
            Kind::Float => float(c::OGR_F_GetFieldAsDouble(f, at)),
            Kind::Text => bounded(text(c::OGR_F_GetFieldAsString(f, at)))?,
            Kind::Date | Kind::Time | Kind::DateTime => moment(f, at, kind),
            Kind::ShortInts => {
                let values = c::OGR_F_GetFieldAsIntegerList(f, at, &raw mut n);
                Some(Value::List(list(values, n)?.into_iter().map(|v| Value::Int(i64::from(v))).collect()))
            }
            Kind::Ints => {
                let values = c::OGR_F_GetFieldAsInteger64List(f, at, &raw mut n);
                Some(Value::List(list(values, n)?.into_iter().map(Value::Int).collect()))
            }
            Kind::Floats => {
                let values = c::OGR_F_GetFieldAsDoubleList(f, at, &raw mut n);
                Some(Value::List(list(values, n)?.into_iter().filter_map(float).collect()))
            }
            Kind::Texts => {
                let mut all = Vec::new();
                let mut next = c::OGR_F_GetFieldAsStringList(f, at);
                while !next.is_null() && !(*next).is_null() {
                    if all.len() >= MAX_LIST {
                        return Err(TooLarge("list"));
                    }
                    all.extend(bounded(text(*next))?);
                    next = next.add(1);
                }
                Some(Value::List(all))
            }
            Kind::Bytes => {
                let bytes = c::OGR_F_GetFieldAsBinary(f, at, &raw mut n);
                let bytes = list(bytes.cast_const(), n)?;
                Some(Value::from(hexadecimal(&bytes)))
            }
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn float(x: f64) -> Option<Value> {
    x.is_finite().then_some(Value::Float(x))
}

fn bounded(text: Option<String>) -> Result<Option<Value>, TooLarge> {
    match text {
        Some(text) if text.len() > MAX_TEXT => Err(TooLarge("text")),
        other => Ok(other.map(Value::from)),
    }
}

/// SAFETY: `f` is alive and `at` one of its columns, of a kind of time.
unsafe fn moment(f: c::OGRFeatureH, at: c_int, kind: Kind) -> Option<Value> {
    let (mut year, mut month, mut day, mut hour, mut minute, mut zone) = (0, 0, 0, 0, 0, 0);
    let mut second = 0.0f32;
    // SAFETY: seven places to write to.
    let known = unsafe {
        c::OGR_F_GetFieldAsDateTimeEx(
            f,
            at,
            &raw mut year,
            &raw mut month,
            &raw mut day,
            &raw mut hour,
            &raw mut minute,
            &raw mut second,
            &raw mut zone,
        )
    };
    (known != 0).then(|| Value::from(written(kind, [year, month, day, hour, minute], second, zone)))
}

/// RFC 3339; without the offset where the file tells none, since to invent one would be to move the time.
fn written(kind: Kind, [year, month, day, hour, minute]: [c_int; 5], second: f32, zone: c_int) -> String {
    let date = format!("{year:04}-{month:02}-{day:02}");
    let whole = second.trunc() as u32;
    let millis = ((second - second.trunc()) * 1000.0).round() as u32;
    let mut time = format!("{hour:02}:{minute:02}:{whole:02}");
    if (1..1000).contains(&millis) {
        time = format!("{time}.{millis:03}");
    }
    // GDAL: 0 unknown, 1 local, 100 UTC, each step above or below a quarter of an hour.
    let offset = match zone {
        100 => "Z".to_owned(),
        zone if zone > 1 => {
            let quarters = (zone - 100).abs();
            format!("{}{:02}:{:02}", if zone < 100 { '-' } else { '+' }, quarters / 4, quarters % 4 * 15)
        }
        _ => String::new(),
    };
    match kind {
        Kind::Date => date,
        Kind::Time => time + &offset,
        _ => format!("{date}T{time}{offset}"),
    }
}

/// The shape as ISO WKB of simple features: curves are made lines, surfaces of patches made polygons. None where there is
/// none or it is empty.
pub(crate) fn shape(feature: &Feature<'_>, swap: bool) -> Result<Option<Vec<u8>>, TooLarge> {
    // SAFETY: the shape belongs to the feature, which lives through the block; what is made of it here is destroyed here.
    unsafe {
        let own = c::OGR_F_GetGeometryRef(feature.c_feature());
        if own.is_null() || c::OGR_G_IsEmpty(own) != 0 {
            return Ok(None);
        }
        let mut made = Owned(if c::OGR_G_HasCurveGeometry(own, 1) != 0 {
            c::OGR_G_GetLinearGeometry(own, 0.0, std::ptr::null_mut())
        } else {
            c::OGR_G_Clone(own)
        });
        let surface = c::OGR_GT_Flatten(c::OGR_G_GetGeometryType(made.0));
        let patches =
            [OGRwkbGeometryType::wkbPolyhedralSurface, OGRwkbGeometryType::wkbTIN, OGRwkbGeometryType::wkbTriangle];
        if patches.contains(&surface) {
            let target = if surface == OGRwkbGeometryType::wkbTriangle {
                OGRwkbGeometryType::wkbPolygon
            } else {
                OGRwkbGeometryType::wkbMultiPolygon
            };
            let taken = std::mem::replace(&mut made.0, std::ptr::null_mut());
            made.0 = c::OGR_G_ForceTo(taken, target, std::ptr::null_mut());
        }
        if made.0.is_null() {
            return Err(TooLarge("shape"));
        }
        if swap {
            c::OGR_G_SwapXY(made.0);
        }
        let n = usize::try_from(c::OGR_G_WkbSize(made.0)).unwrap_or(usize::MAX);
        if n > MAX_WKB {
            return Err(TooLarge("shape"));
        }
        let mut wkb = vec![0u8; n];
        let done = c::OGR_G_ExportToIsoWkb(made.0, c::OGRwkbByteOrder::wkbNDR, wkb.as_mut_ptr());
        if done == c::OGRErr::OGRERR_NONE { Ok(Some(wkb)) } else { Err(TooLarge("shape")) }
    }
}

/// A shape that is ours.
struct Owned(c::OGRGeometryH);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: ours alone, destroyed once; null is allowed.
        unsafe { c::OGR_G_DestroyGeometry(self.0) }
    }
}

/// Whether a layer's shapes come north before east and must be swapped. GDAL tells it by the order of a layer's axes.
pub(crate) fn north_first(layer: &impl gdal::vector::LayerAccess) -> bool {
    // SAFETY: the layer is alive; the CRS and the list belong to it.
    unsafe {
        let crs = c::OGR_L_GetSpatialRef(layer.c_layer());
        if crs.is_null() || (c::OSREPSGTreatsAsLatLong(crs) == 0 && c::OSREPSGTreatsAsNorthingEasting(crs) == 0) {
            return false;
        }
        let mut n: c_int = 0;
        let order = c::OSRGetDataAxisToSRSAxisMapping(crs, &raw mut n);
        n >= 2 && !order.is_null() && *order == 1
    }
}

/// Whether column `i` of a layer holds truth values, which GDAL keeps as whole numbers.
pub(crate) fn is_truth(layer: &impl gdal::vector::LayerAccess, i: usize) -> bool {
    let Ok(at) = c_int::try_from(i) else { return false };
    // SAFETY: the layer is alive; its definition and the column's belong to it; GDAL answers null for no such column.
    unsafe {
        let column = c::OGR_FD_GetFieldDefn(c::OGR_L_GetLayerDefn(layer.c_layer()), at);
        !column.is_null() && c::OGR_Fld_GetSubType(column) == c::OGRFieldSubType::OFSTBoolean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_the_file_tells_them() {
        let at = [2026, 3, 1, 8, 5];
        assert_eq!(written(Kind::Date, at, 0.0, 0), "2026-03-01");
        assert_eq!(written(Kind::DateTime, at, 7.0, 0), "2026-03-01T08:05:07");
        assert_eq!(written(Kind::DateTime, at, 7.25, 100), "2026-03-01T08:05:07.250Z");
        assert_eq!(written(Kind::DateTime, at, 0.0, 132), "2026-03-01T08:05:00+08:00");
        assert_eq!(written(Kind::DateTime, at, 0.0, 86), "2026-03-01T08:05:00-03:30");
        assert_eq!(written(Kind::Time, at, 0.0, 1), "08:05:00");
    }
}
