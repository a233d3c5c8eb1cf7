//! Which city is looked at, from where, when, and by whom.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use gis_data::{AsOf, Error, Instant, Kind, Result, When};
use renderer::view::View;
use styles::Style;

use crate::boot;
use crate::service::scene::{CitySource, read_sheet, sheet, view};
use crate::service::{City, catalog};

/// Tiles kept in memory: a picture or a window goes back to few of them.
const CACHE_BYTES: u64 = 128 << 20;

/// What is looked at, and how.
#[derive(Debug, Args)]
pub(super) struct Look {
    /// 库所在目录 / the folder of the store
    #[arg(long, default_value = "city")]
    store: String,
    /// 视点：经度,纬度,级别[,方位角[,俯仰角]]；默认城市中心 / longitude, latitude, zoom, bearing, pitch
    #[arg(long, value_name = "LON,LAT,ZOOM", allow_hyphen_values = true)]
    view: Option<String>,
    /// 样式：city、night 或样式文件 / the style: city, night, or a file
    #[arg(long, default_value = "city")]
    style: String,
    /// 有效时间 / valid time (2026-03-01 or RFC 3339)
    #[arg(long, value_name = "TIME")]
    valid_at: Option<String>,
    /// 记录时间 / recorded time
    #[arg(long, value_name = "TIME")]
    recorded_at: Option<String>,
    /// 建筑不升起，如二维地图 / buildings stay flat, as on the 2-D map
    #[arg(long)]
    flat: bool,
    /// 以谁的身份：anonymous 或 administrator / who looks
    #[arg(long, default_value = "anonymous")]
    viewer: String,
}

/// What [`Look`] asks for, checked.
pub(super) struct Wish {
    store: String,
    view: Option<View>,
    viewer: String,
    as_of: AsOf,
    /// The sheet.
    pub(super) style: Arc<Style>,
    /// Whether buildings rise.
    pub(super) extrude: bool,
}

/// A city that was opened to be looked at.
pub(super) struct Opened {
    pub(super) city: Arc<City>,
    pub(super) source: CitySource,
    pub(super) view: View,
}

impl Look {
    /// Checks everything that can be checked before a store is opened.
    pub(super) fn wish(self) -> Result<Wish> {
        Ok(Wish {
            view: self.view.as_deref().map(view).transpose()?,
            style: style(&self.style)?,
            as_of: AsOf { valid: when(self.valid_at.as_deref())?, recorded: when(self.recorded_at.as_deref())? },
            store: self.store,
            viewer: self.viewer,
            extrude: !self.flat,
        })
    }
}

impl Wish {
    /// Opens the city.
    pub(super) async fn open(self) -> Result<Opened> {
        let store = boot::open_existing(&self.store)?;
        let city = City::open(store, boot::now, CACHE_BYTES).await?;
        let scope = Arc::clone(city.viewers().role(&self.viewer)?);
        let view = match self.view {
            Some(view) => view,
            None => centre(&city, &scope)?,
        };
        let source = CitySource::new(Arc::clone(&city), scope, &self.style, self.as_of);
        Ok(Opened { city, source, view })
    }
}

/// A first look at a city: from the south, from above, on its middle.
fn centre(city: &City, scope: &gis_data::Scope) -> Result<View> {
    let empty = || {
        Error::new(
            Kind::NotFound,
            "库里没有可看的对象，不知道看哪里；请用 --view 指定",
            "there is nothing to be seen in the store, so there is no middle to look at; name one with --view",
        )
    };
    let [lon, lat, zoom] = catalog::overview(city, scope).centre.ok_or_else(empty)?;
    Ok(View { lon, lat, zoom: zoom + 1.0, bearing: 0.0, pitch: 50.0 }.clamped())
}

fn style(named: &str) -> Result<Arc<Style>> {
    if matches!(named, "city" | "night") {
        return sheet(named);
    }
    let text = std::fs::read_to_string(Path::new(named)).map_err(|cause| {
        Error::not_found(
            format!("样式 “{named}” 不是 city、night，也不是可读的文件"),
            format!("the style “{named}” is neither city nor night nor a file that can be read"),
        )
        .because(cause)
    })?;
    read_sheet(&text).map_err(|e| e.at(named))
}

fn when(text: Option<&str>) -> Result<When> {
    text.filter(|t| *t != "now").map_or(Ok(When::Now), |t| t.parse::<Instant>().map(When::At))
}
