//! Who looks: anyone, or the administrator by the token that was printed at the first start.

use std::sync::Arc;

use gis_data::{
    Catalog, Change, Class, Commit, Error, Identity, Instant, Interval, Kind, LayerId, Properties, Put, Query, Result,
    Scope, Store,
};
use sha2::{Digest, Sha256};

/// The built-in viewers.
#[derive(Debug)]
pub(crate) struct Viewers {
    anonymous: Arc<Scope>,
    administrator: Arc<Scope>,
    /// SHA-256 of the administrator's token, in hexadecimal.
    token: Option<String>,
}

impl Viewers {
    /// The system layer whose rows are users.
    pub(crate) const LAYER: &str = "user";

    /// Reads who may look.
    pub(crate) async fn read(store: &dyn Store, catalog: &Catalog) -> Result<Self> {
        let rows =
            store.read(&Query::layer(&LayerId::new(Self::LAYER)?), &Scope::everything("menpai")).await?.into_rows();
        let token = rows.iter().find(|r| r.text("name") == Some("administrator")).and_then(|r| r.text("token"));
        Ok(Self {
            anonymous: Arc::new(Scope::up_to("anonymous", catalog, Class::Public)),
            administrator: Arc::new(Scope::everything("administrator")),
            token: token.map(str::to_owned),
        })
    }

    /// Sees what is public.
    pub(crate) fn anonymous(&self) -> &Arc<Scope> {
        &self.anonymous
    }

    /// The scope of a named role, for `publish`.
    pub(crate) fn role(&self, role: &str) -> Result<&Arc<Scope>> {
        match role {
            "public" | "anonymous" => Ok(&self.anonymous),
            "administrator" => Ok(&self.administrator),
            _ => Err(Error::invalid(
                format!("没有名为 “{role}” 的角色；可用：public、administrator"),
                format!("there is no role “{role}”; there are public and administrator"),
            )),
        }
    }

    /// The viewer that a token stands for; without one, anyone. A wrong token is an error: it must not silently see less.
    pub(crate) fn viewer(&self, token: Option<&str>) -> Result<&Arc<Scope>> {
        let Some(given) = token else { return Ok(&self.anonymous) };
        // Hashes are compared, so the time it takes tells nothing of the token.
        match &self.token {
            Some(known) if *known == hash(given) => Ok(&self.administrator),
            _ => Err(Error::new(
                Kind::Unauthorized,
                "令牌无效；请使用首次启动时打印的管理员令牌，或退出登录后以公众身份浏览",
                "the token is not valid; use the administrator token printed at the first start, or sign out and look as anyone",
            )),
        }
    }

    /// Makes the administrator of a new store; gives the token that is shown this once.
    pub(crate) async fn first_start(store: &dyn Store, now: Instant, token: String) -> Result<Option<String>> {
        let layer = LayerId::new(Self::LAYER)?;
        let users = store.read(&Query::layer(&layer), &Scope::everything("menpai")).await?;
        if !users.into_rows().is_empty() {
            return Ok(None);
        }
        let put = Put {
            identity: Identity::Origin { source: "menpai".into(), key: "user:administrator".into() },
            layer,
            geometry: None,
            properties: Properties::from_iter([("name", "administrator".to_owned()), ("token", hash(&token))]),
            valid: Interval::ALWAYS,
            min_zoom: 0,
        };
        store.commit(Commit::new("menpai", "首次启动 / first start", now, [Change::Put(put)])).await?;
        Ok(Some(token))
    }
}

fn hash(token: &str) -> String {
    super::hex(&Sha256::digest(token.as_bytes()))
}
