//! `menpai serve`

use std::sync::Arc;

use actix_web::web::Data;
use clap::Args;
use gis_data::{Result, Store};

use super::say;
use crate::boot;
use crate::service::City;
use crate::service::viewers::Viewers;

/// Serve a city.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// 库所在目录 / the folder of the store
    #[arg(long, default_value = "city")]
    store: String,
    #[command(flatten)]
    at: At,
}

/// Where and how it serves.
#[derive(Debug, Args)]
pub(super) struct At {
    /// 监听地址；端口 0 由系统分配 / where to listen; port 0 is any free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// 瓦片缓存上限（MiB）/ the most memory for cached tiles
    #[arg(long, default_value_t = 512)]
    cache_mib: u64,
}

impl Serve {
    pub(super) async fn run(self) -> Result<()> {
        let store = boot::open(&self.store)?;
        self.at.serve(store).await
    }
}

impl At {
    /// Serves a store until the program is told to stop.
    pub(super) async fn serve(self, store: Arc<dyn Store>) -> Result<()> {
        let token = Viewers::first_start(store.as_ref(), boot::now(), boot::random_token()?).await?;
        let city = City::open(store, boot::now, self.cache_mib << 20).await?;
        let following = actix_web::rt::spawn(Arc::clone(&city).run());
        let served = crate::http::serve(Data::from(city), &self.listen, |addresses| {
            for address in addresses {
                say(format_args!("地图 map       http://{address}/"));
                say(format_args!("接口 API       http://{address}/docs"));
                say(format_args!("目录 catalogue http://{address}/catalog"));
            }
            if let Some(token) = token {
                say(format_args!("管理员令牌（仅显示这一次）/ administrator token (shown this once): {token}"));
            }
            say("按 Ctrl+C 停止 / Ctrl+C stops it");
        })
        .await;
        following.abort();
        served
    }
}
