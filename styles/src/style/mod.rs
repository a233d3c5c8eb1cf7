//! Reading a style sheet: JSON in, a checked [`Style`] out, or every problem with its place.

mod check;
mod filter;
mod function;
mod layer;
mod problem;
mod source;
mod value;

pub use layer::{LayerKind, StyleLayer};
pub use problem::{Problem, Severity};

use crate::text::Text;
use problem::Problems;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// A longer sheet is refused before it is parsed.
const MAX_BYTES: usize = 8 << 20;
/// More layers than this are refused.
const MAX_LAYERS: usize = 5_000;

/// A checked style sheet, its expressions compiled.
#[derive(Debug, Clone)]
pub struct Style {
    /// Its name.
    pub name: Option<String>,
    /// From bottom to top.
    pub layers: Vec<StyleLayer>,
    /// The sources by name, each as the sheet has it, and checked.
    pub sources: BTreeMap<String, Json>,
    /// The address of glyphs, with `{fontstack}` and `{range}`.
    pub glyphs: Option<String>,
    /// The address of the sprite, or a list of several.
    pub sprite: Option<Json>,
    /// What others wrote into it.
    pub metadata: Json,
    /// The whole sheet, as it was read.
    pub json: Json,
    /// What is allowed but should be mended.
    pub warnings: Vec<Problem>,
}

impl Style {
    /// Reads and checks a sheet.
    ///
    /// ```
    /// let style = styles::Style::parse(styles::CITY).expect("the city's own sheet");
    /// assert!(style.layer("road-primary").is_some());
    /// let problems = styles::Style::parse(r#"{"version": 7}"#).err().expect("problems");
    /// assert!(problems.iter().any(|p| p.path == "version"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > MAX_BYTES {
            let text = Text::new(
                format!("样式文件超过 {MAX_BYTES} 字节，请拆分"),
                format!("The style is larger than {MAX_BYTES} bytes; split it."),
            );
            return Err(vec![Problem::error("", text)]);
        }
        let json: Json = serde_json::from_str(text).map_err(|cause| {
            let text = Text::new(
                format!("第 {} 行第 {} 列不是有效的 JSON：{cause}", cause.line(), cause.column()),
                format!("Not valid JSON at line {}, column {}: {cause}.", cause.line(), cause.column()),
            );
            vec![Problem::error("", text)]
        })?;
        Self::from_json(json)
    }

    /// Checks a sheet that is already JSON.
    pub fn from_json(json: Json) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        check::sheet(&mut problems, &json);
        let many = json["layers"].as_array().is_some_and(|layers| layers.len() > MAX_LAYERS);
        if many {
            problems.error(
                "layers",
                format!("图层超过 {MAX_LAYERS} 个"),
                format!("There are more than {MAX_LAYERS} layers."),
            );
        }
        let warnings = problems.done()?;
        let empty = Map::new();
        let root = json.as_object().unwrap_or(&empty);
        let text = |key: &str| root.get(key).and_then(Json::as_str).map(str::to_owned);
        let list = root.get("layers").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let layers = list.iter().enumerate().map(|(i, _)| layer::compile(list, i)).collect::<Result<_, _>>()?;
        let sources = root.get("sources").and_then(Json::as_object).unwrap_or(&empty);
        Ok(Self {
            name: text("name"),
            layers,
            sources: sources.iter().map(|(name, source)| (name.clone(), source.clone())).collect(),
            glyphs: text("glyphs"),
            sprite: root.get("sprite").cloned(),
            metadata: root.get("metadata").cloned().unwrap_or_default(),
            warnings,
            json,
        })
    }

    /// A layer by its id.
    pub fn layer(&self, id: &str) -> Option<&StyleLayer> {
        self.layers.iter().find(|layer| layer.id == id)
    }
}

#[cfg(test)]
mod tests;
