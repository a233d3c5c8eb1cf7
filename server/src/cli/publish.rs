//! `menpai publish`

use std::path::PathBuf;

use clap::Args;
use gis_data::Result;

use super::say;
use crate::boot;

/// Write what a role may see as a GeoPackage.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// 库所在目录 / the folder of the store
    #[arg(long, default_value = "city")]
    store: String,
    /// 角色：public 或 administrator / the role
    #[arg(long, default_value = "public")]
    role: String,
    /// 写到哪里 / where to write it
    #[arg(short, long)]
    output: PathBuf,
}

impl Publish {
    pub(super) async fn run(self) -> Result<()> {
        let store = boot::open_existing(&self.store)?;
        let counts = crate::service::publish::publish(store, &self.role, &self.output).await?;
        for (layer, rows) in &counts {
            say(format_args!("{:<16}{rows:>10}", layer.as_str()));
        }
        say(format_args!("已写入 / written: {}", self.output.display()));
        Ok(())
    }
}
