//! Vector tiles: cached by layer and by list, and stale the moment a covering change is applied.
//!
//! A cached tile knows the log position it was made at. A change does not seek out the tiles that it dirties: it notes for a
//! layer's coordinates (or, when they are too many, for the layer) the position since which they are stale. A tile is served only
//! if it was made at or after that position; so a fill that raced with a commit is never served, whichever came first.

pub(crate) mod encoding;
mod part;
mod stale;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::Bytes;
use gis_data::{
    AsOf, Body, Class, Error, GeometryKind, Kind, Layer, LayerId, Position, Query, Result, Scope, Shown, Time, Touched,
    When, query::MAX_PAGE,
};
use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use tiler::{Coord, Options};

pub(crate) use encoding::{Encoding, etag};
pub(crate) use part::Part;
use stale::Stale;

use super::City;

/// Final bytes, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    /// Encoded as asked for.
    pub(crate) bytes: Bytes,
    /// Strong: equal bytes have equal tags.
    pub(crate) etag: Arc<str>,
    /// The position it was made at.
    pub(crate) position: Position,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    /// Of layers that the viewer sees, in the order asked for.
    pub(crate) parts: &'a [Part],
    pub(crate) coord: Coord,
    pub(crate) as_of: AsOf,
    pub(crate) encoding: Encoding,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    parts: Arc<[Part]>,
    coord: Coord,
    as_of: AsOf,
    encoding: Encoding,
    /// What the viewer sees of the layers.
    scope: u64,
}

/// The cache and what is stale in it.
pub(crate) struct Tiles {
    cache: Cache<Key, Tile>,
    stale: Stale,
    pub(crate) options: Options,
    pub(crate) hits: AtomicU64,
    pub(crate) misses: AtomicU64,
}

impl Tiles {
    pub(crate) fn new(bytes: u64) -> Self {
        // An entry's own weight beside its bytes: key, tag and the cache's bookkeeping.
        let weigher = |_: &Key, tile: &Tile| u32::try_from(tile.bytes.len()).unwrap_or(u32::MAX).saturating_add(300);
        Self {
            cache: Cache::builder().max_capacity(bytes).weigher(weigher).build(),
            stale: Stale::default(),
            options: Options::default(),
            hits: AtomicU64::default(),
            misses: AtomicU64::default(),
        }
    }

    /// How many tiles are cached, and their bytes.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.cache.entry_count(), self.cache.weighted_size())
    }

    /// Notes what changes dirtied.
    pub(super) fn stale(&self, touched: &[Touched], position: Position) {
        for t in touched {
            self.stale.touch(t, position, self.options.buffer);
        }
    }

    /// Notes that all of some layers is stale.
    pub(super) fn stale_layers(&self, layers: &[LayerId], position: Position) {
        for layer in layers {
            self.stale.layer(layer, position);
        }
    }

    fn fresh(&self, key: &Key, tile: &Tile) -> bool {
        // What was recorded by then is what was recorded by then.
        key.as_of.recorded != When::Now
            || key.parts.iter().all(|p| self.stale.since(&p.layer, key.coord) <= tile.position)
    }
}

/// Whether a layer may leave as tiles for a viewer: it has shapes, he sees it, and it names no person.
fn is_mapped(layer: &Layer, scope: &Scope) -> bool {
    scope.sees(layer.id.as_str()) && layer.geometry != GeometryKind::None && layer.class != Class::Restricted
}

/// Gives a tile of one or several layers.
pub(crate) async fn tile(city: &City, scope: &Scope, ask: &Ask<'_>) -> Result<Tile> {
    // What is known at a time to come is what is known now, and no more: it must not be kept as if it could not change.
    let is_to_come = matches!(ask.as_of.recorded, When::At(at) if at >= city.mirror().index.now());
    let now = Ask { as_of: AsOf { recorded: When::Now, ..ask.as_of }, ..ask.clone() };
    let ask = if is_to_come { &now } else { ask };
    let whole = key(scope, ask.parts.into(), ask, ask.encoding);
    Box::pin(cached(city, whole, async {
        if let [part] = ask.parts
            && ask.encoding == Encoding::Identity
        {
            return cut(city, scope, ask, part).await;
        }
        // MVT layers concatenate; each is cached by itself, so lists share them.
        let mut parts = Vec::new();
        for part in ask.parts {
            let one: Arc<[Part]> = Arc::from([part.clone()]);
            let key = key(scope, one, ask, Encoding::Identity);
            parts.push(cached(city, key, cut(city, scope, ask, part)).await?);
        }
        let position = parts.iter().map(|p| p.position).min().unwrap_or_else(|| city.mirror().index.position());
        let joined: Vec<u8> = parts.iter().map(|p| p.bytes.as_ref()).collect::<Vec<_>>().concat();
        ask.encoding.encode(joined).map(|bytes| done(bytes, position))
    }))
    .await
}

fn key(scope: &Scope, parts: Arc<[Part]>, ask: &Ask<'_>, encoding: Encoding) -> Key {
    let scope = fingerprint(scope, &parts);
    Key { parts, coord: ask.coord, as_of: ask.as_of, encoding, scope }
}

/// Equal for all who see the same of a list.
pub(crate) fn fingerprint(scope: &Scope, parts: &[Part]) -> u64 {
    parts.iter().fold(0, |sum: u64, part| sum.rotate_left(7) ^ scope.fingerprint(part.layer.as_str()))
}

/// From the cache if it is fresh, else made once for all who wait for it.
async fn cached(city: &City, key: Key, make: impl Future<Output = Result<Tile>>) -> Result<Tile> {
    if let Some(tile) = city.tiles.cache.get(&key).await
        && city.tiles.fresh(&key, &tile)
    {
        city.tiles.hits.fetch_add(1, Ordering::Relaxed);
        return Ok(tile);
    }
    city.tiles.misses.fetch_add(1, Ordering::Relaxed);
    // One at a time for one key: who waited finds what the first made.
    let flight = city.tiles.cache.entry(key.clone()).and_try_compute_with(|there| async {
        match there.map(moka::Entry::into_value) {
            Some(tile) if city.tiles.fresh(&key, &tile) => Ok(Op::Nop),
            _ => make.await.map(Op::Put),
        }
    });
    match flight.await? {
        CompResult::Inserted(tile) | CompResult::ReplacedWith(tile) | CompResult::Unchanged(tile) => {
            Ok(tile.into_value())
        }
        CompResult::StillNone(_) | CompResult::Removed(_) => Err(Error::new(
            Kind::Unavailable,
            "瓦片缓存暂不可用；请重试",
            "the tile cache is not available at the moment; try again",
        )),
    }
}

/// Cuts one part of a tile out of the city.
async fn cut(city: &City, scope: &Scope, ask: &Ask<'_>, part: &Part) -> Result<Tile> {
    let bbox = ask.coord.bbox(city.tiles.options.buffer);
    let (rows, position) = if ask.as_of.recorded == When::Now {
        let mirror = city.mirror();
        (mirror.index.tile(&part.layer, &bbox, ask.coord.z(), ask.as_of.valid), mirror.index.position())
    } else {
        return past(city, scope, ask, part).await;
    };
    let shown = rows.into_iter().filter_map(|f| scope.admit(f));
    encode(city, part, ask, shown.collect()).map(|bytes| done(bytes, position))
}

/// A tile of what was known in the past: the store says.
async fn past(city: &City, scope: &Scope, ask: &Ask<'_>, part: &Part) -> Result<Tile> {
    let query = Query {
        area: Some(gis_data::Area::Box(ask.coord.bbox(city.tiles.options.buffer))),
        time: Time::At(ask.as_of),
        zoom: Some(ask.coord.z()),
        page: gis_data::Page { limit: MAX_PAGE, after: None },
        ..Query::layer(&part.layer)
    };
    let answer = city.store.read(&query, scope).await?;
    let position = answer.position;
    if matches!(answer.body, Body::Rows { more: true, .. }) {
        return Err(Error::new(
            Kind::TooLarge,
            format!("该瓦片在当时有超过 {MAX_PAGE} 个对象；请放大地图"),
            format!("the tile had more than {MAX_PAGE} things then; zoom in"),
        ));
    }
    encode(city, part, ask, answer.into_rows()).map(|bytes| done(bytes, position))
}

fn encode(city: &City, part: &Part, ask: &Ask<'_>, mut rows: Vec<Shown>) -> Result<Bytes> {
    let catalog = city.catalog();
    let fields = catalog.get(part.layer.as_str()).map(|l| l.fields.as_slice()).unwrap_or_default();
    let omit = fields.iter().filter(|f| ask.coord.z() < f.min_zoom).map(|f| f.name.clone()).collect();
    let options = Options { omit, labels: part.is_label, ..city.tiles.options.clone() };
    if part.is_label {
        rows.retain(Part::is_named);
    }
    tiler::encode(&part.to_string(), ask.coord, rows, &options).map(Bytes::from)
}

fn done(bytes: Bytes, position: Position) -> Tile {
    let etag = encoding::etag(&bytes);
    Tile { bytes, etag, position }
}
