//! The `crs` member of GeoJSON 2008, which Chinese exports still carry (`urn:ogc:def:crs:EPSG::4490`).

use gis_data::Result;

use super::invalid;

/// The CRS that a `crs` member names; `None` when it says that it is unknown (null).
pub(crate) fn declared(member: &[u8]) -> Result<Option<String>> {
    let value: serde_json::Value = serde_json::from_slice(member).map_err(super::syntax)?;
    if value.is_null() {
        return Ok(None);
    }
    let kind = value.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
    let properties = value.get("properties");
    let named = match kind {
        "name" => properties.and_then(|p| p.get("name")).and_then(serde_json::Value::as_str).map(plain),
        "EPSG" | "epsg" => properties.and_then(|p| p.get("code")).map(|code| {
            let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
            format!("EPSG:{code}")
        }),
        _ => None,
    };
    named.map(Some).ok_or_else(|| {
        invalid(
            "crs 成员无法理解；请删去它并在命令行声明坐标系，或写成 {\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}}",
            "the crs member cannot be understood; take it out and declare the CRS yourself, or write {\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}}",
        )
    })
}

/// `urn:ogc:def:crs:EPSG::4490` is `EPSG:4490`; CRS 84 is WGS 84, whose longitude comes first here anyway.
fn plain(name: &str) -> String {
    let upper = name.to_uppercase();
    if upper.ends_with("CRS84") {
        return "EPSG:4326".to_owned();
    }
    if upper.contains("EPSG") {
        let code = upper.rsplit([':', '/']).next().unwrap_or_default();
        if !code.is_empty() && code.chars().all(|c| c.is_ascii_digit()) {
            return format!("EPSG:{code}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_a_crs() {
        let named = |name: &str| declared(format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#).as_bytes());
        for name in ["urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:EPSG:8.5:4490", "EPSG:4490", "epsg:4490"] {
            assert_eq!(named(name).unwrap().as_deref(), Some("EPSG:4490"), "{name}");
        }
        assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84").unwrap().as_deref(), Some("EPSG:4326"));
        assert_eq!(declared(b"null").unwrap(), None);
        assert_eq!(declared(br#"{"type":"EPSG","properties":{"code":4549}}"#).unwrap().as_deref(), Some("EPSG:4549"));
        assert!(declared(br#"{"type":"link","properties":{"href":"x"}}"#).is_err());
    }
}
