//! From text to a CRS.

use gis_data::{Error, Result};

use crate::crs::{Crs, Known};
use crate::facts::{Facts, compact};
use crate::{gauss, guard, sys};

pub(crate) fn parse(text: &str) -> Result<Crs> {
    let text = guard::check(text)?;
    let name = compact(text);
    match name.as_str() {
        "gcj02" | "gcj" | "火星坐标" | "火星坐标系" => return Ok(Crs::Gcj02),
        "bd09" | "bd09ll" | "百度坐标" | "百度坐标系" => return Ok(Crs::Bd09),
        "bd09mc" => {
            return Err(Error::invalid(
                "不支持 BD-09MC（百度米制坐标）；请导出为 BD-09 经纬度",
                "BD-09MC (Baidu's metres) is not supported; export as BD-09 degrees",
            ));
        }
        _ => {}
    }
    let definition = match gauss::named(text).map(epsg).or_else(|| code(text)).or_else(|| alias(&name)) {
        Some(code) => code,
        // Without the type PROJ takes its own kind of text for a conversion.
        None if is_proj(text) => format!("{text} +type=crs"),
        None => text.to_owned(),
    };
    // PROJ takes a name that merely resembles one: a guess, which may be another city's CRS. Looking for one costs it a
    // tenth of a second, so what cannot be a name of its database is not looked for.
    let written_out = definition.contains(['[', '{', '=', ':']);
    let latin = |c: char| c < '\u{250}' || matches!(c, '–' | '’');
    let may_be_name = definition.chars().all(latin) && definition.len() <= 200 && name.len() >= 3;
    if !(written_out || may_be_name) {
        return Err(unknown(text));
    }
    let json = sys::describe(&definition).map_err(|e| unknown(text).because(e))?;
    let facts = Facts::read(&json)?;
    if !written_out && compact(&facts.name) != name {
        return Err(Error::invalid(
            format!("没有名为“{}”的坐标系；最接近的是“{}”，如确是它请写全名或 EPSG 代码", shown(text), facts.name),
            format!(
                "no CRS is called “{}”; the nearest is “{}”: if it is meant, write that name or its EPSG code",
                shown(text),
                facts.name
            ),
        ));
    }
    Ok(Crs::Known(Known { definition: definition.into(), facts: facts.into() }))
}

fn is_proj(text: &str) -> bool {
    (text.starts_with('+') || text.starts_with("proj="))
        && !["type=crs", "pipeline", "step"].iter().any(|w| text.contains(w))
}

fn unknown(text: &str) -> Error {
    Error::invalid(
        format!("不认识坐标系“{}”；请写 EPSG 代码（如 EPSG:4549）、WKT 或 PROJ 文本", shown(text)),
        format!("the CRS “{}” is not known; write an EPSG code (EPSG:4549), WKT or a PROJ string", shown(text)),
    )
}

/// The beginning of a text, for messages.
fn shown(text: &str) -> String {
    let mut beginning: String = text.chars().take(80).collect();
    if beginning.len() < text.len() {
        beginning.push('…');
    }
    beginning
}

fn epsg(code: u32) -> String {
    format!("EPSG:{code}")
}

/// Everyday names that are no name of the EPSG data set.
fn alias(name: &str) -> Option<String> {
    let code = match name {
        "cgcs2000"
        | "gcscgcs2000"
        | "gcschinageodeticcoordinatesystem2000"
        | "国家2000"
        | "国家2000坐标系"
        | "2000国家大地坐标系" => 4490,
        "wgs84" | "wgs1984" | "gcswgs1984" => 4326,
        "webmercator" | "wgs1984webmercatorauxiliarysphere" => 3857,
        "西安80" | "西安1980" => 4610,
        "北京54" | "北京1954" => 4214,
        _ => return None,
    };
    Some(epsg(code))
}

/// `AUTHORITY:CODE` out of a bare number, `AUTHORITY:CODE`, a URN or an OGC address.
fn code(text: &str) -> Option<String> {
    if text.contains(['[', '{', '+', ' ']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if lower == "crs84" || lower == "crs:84" {
        return Some("OGC:CRS84".into());
    }
    let is_code = |c: &str| !c.is_empty() && c.len() <= 16 && c.chars().all(|c| c.is_ascii_alphanumeric());
    let (authority, code) = if lower.chars().all(|c| c.is_ascii_digit()) && lower.len() <= 7 {
        ("epsg", lower.as_str())
    } else if let Some(urn) = ["urn:ogc:def:crs:", "urn:x-ogc:def:crs:"].iter().find_map(|p| lower.strip_prefix(p)) {
        // authority, version (often empty), code
        let mut parts = urn.split(':');
        let (authority, second) = (parts.next()?, parts.next()?);
        (authority, parts.next().unwrap_or(second))
    } else if let Some((_, path)) = lower.split_once("/def/crs/") {
        let mut parts = path.trim_end_matches('/').split('/');
        (parts.next()?, parts.nth(1)?)
    } else if let Some((_, code)) = lower.split_once("/gml/srs/epsg.xml#") {
        ("epsg", code)
    } else {
        lower.split_once(':')?
    };
    if !is_code(authority) || !is_code(code) {
        return None;
    }
    Some(match (authority, code) {
        // Web Mercator under the numbers it had before it had one.
        ("epsg", "900913" | "3785" | "102100" | "102113") | ("esri", "102100" | "102113") => epsg(3857),
        ("ogc" | "crs", code) => format!("OGC:{}", code.to_ascii_uppercase()),
        (authority, code) => format!("{}:{}", authority.to_ascii_uppercase(), code.to_ascii_uppercase()),
    })
}

#[cfg(test)]
mod tests;
