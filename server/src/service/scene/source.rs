//! Where a scene's tiles and characters come from.

use std::sync::Arc;

use gis_data::{AsOf, Result, Scope};
use renderer::fetch::Ask;
use styles::Style;

use crate::service::tiles::{self, Encoding, Part};
use crate::service::{City, glyphs};

/// Answers what a scene asks for.
pub(crate) trait Source: Send + Sync + 'static {
    /// The bytes of a tile (none for an empty one), or a glyph message.
    fn answer(&self, ask: Ask) -> impl Future<Output = Result<Vec<u8>>> + Send;
}

/// The city itself, as someone sees it at some time.
pub(crate) struct CitySource {
    city: Arc<City>,
    scope: Arc<Scope>,
    parts: Vec<Part>,
    as_of: AsOf,
}

impl CitySource {
    /// What a viewer sees of the layers that a sheet names.
    pub(crate) fn new(city: Arc<City>, scope: Arc<Scope>, style: &Style, as_of: AsOf) -> Self {
        let catalog = city.catalog();
        let parts = named(style).into_iter().filter_map(|name| Part::seen(&catalog, &scope, name)).collect();
        Self { city, scope, parts, as_of }
    }

    /// What it is about: what the viewer sees of the layers.
    pub(crate) fn fingerprint(&self) -> u64 {
        tiles::fingerprint(&self.scope, &self.parts)
    }

    async fn tile(&self, coord: tiler::Coord) -> Result<Vec<u8>> {
        if self.parts.is_empty() {
            return Ok(Vec::new());
        }
        let ask = tiles::Ask { parts: &self.parts, coord, as_of: self.as_of, encoding: Encoding::Identity };
        Ok(Box::pin(tiles::tile(&self.city, &self.scope, &ask)).await?.bytes.into())
    }
}

impl Source for CitySource {
    async fn answer(&self, ask: Ask) -> Result<Vec<u8>> {
        match ask {
            Ask::Tile(coord) => self.tile(coord).await,
            Ask::Glyphs(characters) => glyphs::for_scene(&characters),
        }
    }
}

/// The layers that the sheet's vector sources name, each once, in their order: `/tiles/a,b,c`, on whatever host.
fn named(style: &Style) -> Vec<&str> {
    let mut names = Vec::new();
    let urls = style.sources.values().filter(|s| s["type"] == "vector").filter_map(|s| s["url"].as_str());
    for list in urls.filter_map(|url| url.split_once("/tiles/")).map(|(_, list)| list) {
        for name in list.split(['?', '#', '/']).next().unwrap_or_default().split(',') {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_names_its_layers() {
        let style = Style::parse(styles::CITY).unwrap();
        let names = named(&style);
        assert!(names.contains(&"building") && names.contains(&"doorplate"), "{names:?}");
        let text = r#"{"version": 8, "layers": [], "sources": {
            "one": {"type": "vector", "url": "https://city.example/tiles/road,water?datetime=2026-01-01"},
            "two": {"type": "vector", "url": "/tiles/water,green"},
            "other": {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}}}"#;
        assert_eq!(named(&Style::parse(text).unwrap()), ["road", "water", "green"]);
    }
}
