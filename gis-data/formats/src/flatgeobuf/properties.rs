//! The properties of a FlatGeobuf feature: (column, value) one after another, little-endian.

use flatgeobuf::ColumnType;
use gis_data::{Error, Name, Properties, Result, Value};

use crate::guard::{MAX_FIELD_BYTES, json_depth};

/// Reads them; a column that is not among them is null.
pub(super) fn read(mut bytes: &[u8], columns: &[(Name, ColumnType)]) -> Result<Properties> {
    let mut fields: Vec<(Name, Value)> = columns.iter().map(|(n, _)| (Name::clone(n), Value::Null)).collect();
    let rest = &mut bytes;
    while !rest.is_empty() {
        let column = usize::from(u16::from_le_bytes(take(rest)?));
        let (name, kind) = columns.get(column).ok_or_else(broken)?;
        let value = match *kind {
            ColumnType::Byte => Value::Int(i8::from_le_bytes(take(rest)?).into()),
            ColumnType::UByte => Value::Int(u8::from_le_bytes(take(rest)?).into()),
            ColumnType::Bool => Value::Bool(take::<1>(rest)? != [0]),
            ColumnType::Short => Value::Int(i16::from_le_bytes(take(rest)?).into()),
            ColumnType::UShort => Value::Int(u16::from_le_bytes(take(rest)?).into()),
            ColumnType::Int => Value::Int(i32::from_le_bytes(take(rest)?).into()),
            ColumnType::UInt => Value::Int(u32::from_le_bytes(take(rest)?).into()),
            ColumnType::Long => Value::Int(i64::from_le_bytes(take(rest)?)),
            ColumnType::ULong => {
                let n = u64::from_le_bytes(take(rest)?);
                i64::try_from(n).map_or_else(|_| Value::from(n as f64), Value::Int)
            }
            ColumnType::Float => Value::from(f64::from(f32::from_le_bytes(take(rest)?))),
            ColumnType::Double => Value::from(f64::from_le_bytes(take(rest)?)),
            ColumnType::String | ColumnType::DateTime => Value::from(text(rest, name)?),
            ColumnType::Json => {
                let json = text(rest, name)?;
                json_depth(json.as_bytes())?;
                serde_json::from_str(json).unwrap_or_else(|_| Value::from(json))
            }
            ColumnType::Binary => {
                blob(rest)?;
                Value::Null
            }
            _ => return Err(broken()),
        };
        fields.push((Name::clone(name), value));
    }
    Ok(fields.into_iter().collect())
}

fn broken() -> Error {
    Error::invalid("要素的属性损坏；请重新导出", "the properties of the feature are damaged; export the file again")
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>().ok_or_else(broken)?;
    *bytes = rest;
    Ok(*head)
}

fn blob<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let n = u32::from_le_bytes(take(bytes)?) as usize;
    let (head, rest) = bytes.split_at_checked(n).ok_or_else(broken)?;
    *bytes = rest;
    Ok(head)
}

fn text<'a>(bytes: &mut &'a [u8], name: &str) -> Result<&'a str> {
    let text = blob(bytes)?;
    if text.len() > MAX_FIELD_BYTES {
        return Err(crate::guard::too_large(
            format!("字段 {name} 超过 4 MiB；请改正"),
            format!("the field {name} is larger than 4 MiB; correct it"),
        ));
    }
    std::str::from_utf8(text).map_err(|cause| {
        Error::invalid(
            format!("字段 {name} 不是 UTF-8；请以 UTF-8 重新导出"),
            format!("the field {name} is not UTF-8; export the file as UTF-8"),
        )
        .because(cause)
    })
}
