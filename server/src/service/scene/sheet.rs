//! The sheets that scenes are drawn with.

use std::sync::{Arc, OnceLock};

use gis_data::{Error, Result};
use styles::{Problem, Style};

/// Problems of a sheet that are told.
const MOST_TOLD: usize = 5;

/// The text of one of the built-in sheets by its name.
pub(crate) fn text(name: &str) -> Result<&'static str> {
    match name {
        "city" => Ok(styles::CITY),
        "night" => Ok(styles::NIGHT),
        other => Err(Error::not_found(
            format!("没有样式 “{other}”；有 city 和 night"),
            format!("there is no style “{other}”; there are city and night"),
        )),
    }
}

/// One of the built-in sheets by its name, read once.
pub(crate) fn sheet(name: &str) -> Result<Arc<Style>> {
    static CITY: OnceLock<Arc<Style>> = OnceLock::new();
    static NIGHT: OnceLock<Arc<Style>> = OnceLock::new();
    let text = text(name)?;
    let kept = if name == "city" { &CITY } else { &NIGHT };
    if let Some(style) = kept.get() {
        return Ok(Arc::clone(style));
    }
    let style = read(text)?;
    Ok(Arc::clone(kept.get_or_init(|| style)))
}

/// Reads any sheet.
pub(crate) fn read(text: &str) -> Result<Arc<Style>> {
    Style::parse(text).map(Arc::new).map_err(|problems| {
        let say = |tell: fn(&Problem) -> &str| {
            let lines = problems.iter().take(MOST_TOLD).map(|p| format!("{} {}", p.path, tell(p)));
            lines.collect::<Vec<_>>().join("; ")
        };
        Error::invalid(
            format!("样式有 {} 处错误：{}", problems.len(), say(|p| p.text.zh())),
            format!("the style has {} problems: {}", problems.len(), say(|p| p.text.en())),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_sheets_are_there_and_no_other() {
        assert!(sheet("city").is_ok() && sheet("night").is_ok());
        assert_eq!(sheet("../city").unwrap_err().kind(), gis_data::Kind::NotFound);
    }

    #[test]
    fn a_wrong_sheet_is_told_with_its_places() {
        let error = read(r#"{"version": 7}"#).unwrap_err();
        assert!(error.en().contains("version"), "{error}");
        assert!(read("no json").is_err());
    }
}
