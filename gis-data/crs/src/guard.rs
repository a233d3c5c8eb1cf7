//! What a text must be before PROJ sees it.

use gis_data::{Error, Kind, Result};

const MAX_BYTES: usize = 64 * 1024;
const MAX_DEPTH: usize = 64;

/// What would make PROJ open a file that the text names. `grids=@null` names none and is in every WKT of Web Mercator.
const FILES: [&str; 7] = ["grids=", "init=", "parameterfile", "proj4_grids", "+file=", "+xy_grids", "+z_grids"];

/// Trims the text and checks its size, its depth, and that it names no file.
pub(crate) fn check(text: &str) -> Result<&str> {
    if text.len() > MAX_BYTES {
        return Err(Error::new(
            Kind::TooLarge,
            format!("坐标系定义有 {} 字节，超过 64 KiB；请改用 EPSG 代码", text.len()),
            format!("the definition of the CRS has {} bytes, more than 64 KiB; use its EPSG code", text.len()),
        ));
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return Err(Error::invalid(
            "没有写坐标系；请给出，例如 EPSG:4549",
            "no CRS is named; name one, for example EPSG:4549",
        ));
    }
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Error::invalid(
            "坐标系定义含有控制字符；请检查 .prj 文件是否损坏",
            "the definition of the CRS holds control characters; check whether the .prj file is damaged",
        ));
    }
    if depth(text) > MAX_DEPTH {
        return Err(Error::new(
            Kind::TooLarge,
            format!("坐标系定义嵌套超过 {MAX_DEPTH} 层；请改用 EPSG 代码"),
            format!("the definition of the CRS is nested deeper than {MAX_DEPTH}; use its EPSG code"),
        ));
    }
    let mut plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.make_ascii_lowercase();
    // The null grid alone; a list that begins with it may go on with a file.
    let plain = plain.replace("grids=@null+", "+").replace("grids=@null\"", "\"");
    let plain = plain.strip_suffix("grids=@null").unwrap_or(&plain);
    if let Some(found) = FILES.iter().find(|f| plain.contains(**f)) {
        return Err(Error::invalid(
            format!("坐标系定义要读取外部文件（{found}），不允许；请改用 EPSG 代码"),
            format!("the definition of the CRS asks for a file ({found}), which is not allowed; use its EPSG code"),
        ));
    }
    Ok(text)
}

/// How deep the brackets are nested, brackets within quotes counted too: a little too strict is safe here.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0usize, 0usize);
    for c in text.chars() {
        match c {
            '[' | '(' | '{' => now += 1,
            ']' | ')' | '}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_refused_and_the_null_grid_is_not_one() {
        for text in [
            "+init=/etc/passwd:x",
            "+proj=longlat +nadgrids = a.gsb",
            "+proj=longlat +nadgrids=@null,b",
            "+proj=merc +geoidgrids=g.gtx",
            "PARAMETERFILE[\"NTv2\",\"x\"]",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
        assert!(check("+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +wktext").is_ok());
    }

    #[test]
    fn size_depth_and_control_characters_are_bounded() {
        assert_eq!(check(&"x".repeat(MAX_BYTES + 1)).unwrap_err().kind(), Kind::TooLarge);
        assert_eq!(check(&"[".repeat(65)).unwrap_err().kind(), Kind::TooLarge);
        assert!(check("EPSG:4490\0").is_err());
        assert!(check(" \n ").is_err());
        assert_eq!(check("\u{feff}EPSG:4490\r\n").unwrap(), "EPSG:4490");
    }
}
