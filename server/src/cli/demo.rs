//! `menpai demo`

use std::path::Path;

use clap::Args;
use gis_data::{Commit, Error, Instant, Result, Store};

use super::say;
use super::serve::At;
use crate::boot;

/// Make the demo city and serve it.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// 门牌数 / doorplates
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(2_000..=10_000_000))]
    doorplates: u32,
    /// 种子：相同则城市相同 / the seed: the same makes the same city
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 库所在目录 / the folder of the store
    #[arg(long, default_value = "city")]
    store: String,
    /// 只建库，不启动服务 / make the store only, do not serve it
    #[arg(long)]
    build_only: bool,
    #[command(flatten)]
    at: At,
}

impl Demo {
    pub(super) async fn run(self) -> Result<()> {
        let there = Path::new(&self.store).join("city.db").is_file();
        let store = boot::open(&self.store)?;
        let (position, _) = store.position().await?;
        if there && position.number > 0 {
            self.check_same(store.as_ref()).await?;
            say(format_args!("库 {} 已有示范城市，直接使用 / the store is there already", self.store));
        } else {
            self.build(store.as_ref()).await?;
        }
        if self.build_only { Ok(()) } else { self.at.serve(store).await }
    }

    async fn build(&self, store: &dyn Store) -> Result<()> {
        say(format_args!(
            "正在生成 {} 个门牌的示范城市 / making a city of {} doorplates …",
            self.doorplates, self.doorplates
        ));
        let started = tokio::time::Instant::now();
        let now: Instant = boot::now();
        let plan = cim_model_demo::Plan { doorplates: self.doorplates, seed: self.seed, now };
        let commit = Commit {
            key: self.key(),
            changes: Box::new(cim_model_demo::changes(&plan).map(Ok)),
            ..Commit::new("demo", "示范城市 / the demo city", now, [])
        };
        let receipt = store.commit(commit).await?;
        let rows: u64 = receipt.counts.values().map(|t| t.added).sum();
        let seconds = started.elapsed().as_secs_f64();
        say(format_args!("{rows} 个对象，{seconds:.1} 秒 / {rows} things in {seconds:.1} s"));
        Ok(())
    }

    fn key(&self) -> String {
        format!("demo:{}:{}", self.doorplates, self.seed)
    }

    /// The commit's own key tells which city the store holds: the same key gives the receipt and does nothing.
    async fn check_same(&self, store: &dyn Store) -> Result<()> {
        let refuse = || {
            Error::new(
                gis_data::Kind::Conflict,
                format!("库 {} 里是另一座城；请换 --store，或删除该目录后重来", self.store),
                format!(
                    "the store {} holds another city; name another --store, or remove the folder first",
                    self.store
                ),
            )
        };
        let asked = Commit {
            key: self.key(),
            rehearsal: true,
            changes: Box::new(std::iter::once_with(move || Err(Error::invalid("不同", "different")))),
            ..Commit::new("demo", "示范城市 / the demo city", boot::now(), [])
        };
        store.commit(asked).await.map(drop).map_err(|cause| refuse().because(cause))
    }
}
