//! The rim: the only place that reads the wall clock and names a store.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use gis_data::{Error, Instant, Result, Store};
use gis_data_sqlite::{Options, SqliteStore};

/// The wall clock.
pub(crate) fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Opens the store that `--store` names, or makes it.
pub(crate) fn open(store: &str) -> Result<Arc<dyn Store>> {
    if store.starts_with("postgres://") || store.starts_with("postgresql://") {
        return Err(Error::invalid(
            "本版本只支持嵌入式存储：请把 --store 设为一个目录",
            "this version keeps its data in a folder only: set --store to a folder",
        ));
    }
    Ok(Arc::new(SqliteStore::open(Path::new(store), Options::default())?))
}

/// Opens a store that must be there already: a mistyped name must not become an empty city.
pub(crate) fn open_existing(store: &str) -> Result<Arc<dyn Store>> {
    if !Path::new(store).join("city.db").is_file() && !store.contains("://") {
        return Err(Error::not_found(
            format!("{store} 不是门牌库；请先用 menpai import 或 menpai demo 建库"),
            format!("{store} is no store of menpai; make one with menpai import or menpai demo"),
        ));
    }
    open(store)
}

/// 32 random bytes from the system, as 64 hexadecimal digits.
pub(crate) fn random_token() -> Result<String> {
    use std::io::Read;
    let mut bytes = [0u8; 32];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut f| f.read_exact(&mut bytes))
        .map_err(|cause| Error::storage("无法取得随机数", "no random numbers can be had", cause))?;
    Ok(crate::service::hex(&bytes))
}
