//! The server's pictures: kept while the city does not change, and drawn by child processes, a few at a time.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt, unfold};
use gis_data::{AsOf, Error, Kind, Position, Result, Scope, When};
use moka::future::Cache;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::wire::{self, Job, Order, Said, Words};
use super::{CitySource, Source, Wanted};
use crate::service::City;
use crate::service::tiles::etag;

/// Children that draw at once.
const CHILDREN: usize = 2;
/// Pictures that may wait for a child.
const QUEUE: usize = 8;
/// How long a picture waits for a child.
const WAIT: Duration = Duration::from_secs(10);
/// How long a child may draw.
const PATIENCE: Duration = Duration::from_secs(20);
/// Questions of a child that may wait for an answer; its renderer asks for a tenth of that.
const MOST_ASKED: usize = 1000;
/// Pictures kept.
const KEPT_BYTES: u64 = 64 << 20;
/// What a child says on standard error is kept this far.
const MOST_WORDS: u64 = 8 << 10;
/// What a graphics driver reads of the environment; a child gets nothing else.
const ENVIRONMENT: [&str; 12] = [
    "PATH",
    "LD_LIBRARY_PATH",
    "XDG_",
    "VK_",
    "MESA_",
    "LIBGL_",
    "GALLIUM_",
    "LP_",
    "EGL_",
    "__EGL_",
    "NVIDIA_",
    "WGPU_",
];

/// A picture that is asked for.
pub(crate) struct Question {
    /// The sheet's name.
    pub(crate) sheet: String,
    pub(crate) wanted: Wanted,
    pub(crate) as_of: AsOf,
    pub(crate) scope: Arc<Scope>,
}

/// Final bytes.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// A PNG.
    pub(crate) bytes: Bytes,
    /// Strong.
    pub(crate) etag: Arc<str>,
    /// The position of the log that it shows, at the least.
    pub(crate) position: Position,
    /// Tiles and characters that could not be had.
    pub(crate) missing: u64,
}

/// Pictures kept and children at work.
pub(crate) struct Pictures {
    kept: Cache<String, Picture>,
    children: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Pictures {
    fn default() -> Self {
        let weigher = |key: &String, picture: &Picture| {
            u32::try_from(key.len() + picture.bytes.len()).unwrap_or(u32::MAX).saturating_add(200)
        };
        Self {
            kept: Cache::builder().max_capacity(KEPT_BYTES).weigher(weigher).build(),
            children: Semaphore::new(CHILDREN),
            waiting: AtomicUsize::new(0),
        }
    }
}

impl Pictures {
    /// A picture: one that was kept, or one drawn now, once for all who ask for it meanwhile.
    pub(crate) async fn picture(&self, city: &Arc<City>, question: Question) -> Result<Picture> {
        let Question { sheet, wanted, as_of, scope } = question;
        let source = CitySource::new(Arc::clone(city), scope, &wanted.style, as_of);
        let position = city.mirror().index.position();
        // What was known in the past does not change with the log.
        let changes = (as_of.recorded == When::Now).then_some(position);
        let (view, size) = (wanted.view, wanted.size);
        let seen = source.fingerprint();
        let key = format!("{sheet} {view:?} {size:?} {} {as_of:?} {seen:x} {changes:?}", wanted.extrude);
        let drawn = self.kept.try_get_with_by_ref(&key, async {
            let _turn = self.turn().await?;
            let (missing, png) = draw(&wanted, &source).await?;
            let bytes = Bytes::from(png);
            Ok::<_, Error>(Picture { etag: etag(&bytes), bytes, position, missing })
        });
        // The error belongs to all who waited; each gets its own words.
        let picture = drawn.await.map_err(|error| Error::new(error.kind(), error.zh(), error.en()).because(error))?;
        if picture.missing > 0 {
            // What was missing may be there the next time.
            self.kept.invalidate(&key).await;
        }
        Ok(picture)
    }

    /// Waits for a child's place, unless too many wait already.
    async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        if let Ok(turn) = self.children.try_acquire() {
            return Ok(turn);
        }
        let _place = Place::take(&self.waiting)?;
        match tokio::time::timeout(WAIT, self.children.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

/// A place in the queue, given back however the waiting ends.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::AcqRel) >= QUEUE {
            return Err(busy());
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn busy() -> Error {
    Error::new(
        Kind::Unavailable,
        "同时绘制的图片太多；请稍后重试",
        "too many pictures are being drawn; try again in a while",
    )
}

/// Lets a child draw: how much of it is missing, and the picture.
async fn draw(wanted: &Wanted, source: &CitySource) -> Result<(u64, Vec<u8>)> {
    let mut child = start()?;
    let errors = child.stderr.take();
    let words = async {
        let mut text = Vec::new();
        if let Some(mut errors) = errors {
            let _ = (&mut errors).take(MOST_WORDS).read_to_end(&mut text).await;
            // What comes after that is thrown away, so that the child is never held up.
            let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
        }
        text
    };
    let talk = async {
        let drawn = tokio::time::timeout(PATIENCE, converse(&mut child, wanted, source)).await;
        let late = |_| {
            Error::new(
                Kind::Unavailable,
                format!("{} 秒内没有画完；请缩小图片或放大地图", PATIENCE.as_secs()),
                format!("it was not drawn within {} s; ask for a smaller picture or zoom in", PATIENCE.as_secs()),
            )
        };
        let drawn = drawn.map_err(late).and_then(|drawn| drawn);
        // Whatever it still does, it is done. It may have ended already.
        let _ = child.start_kill();
        (drawn, child.wait().await)
    };
    let ((drawn, status), words) = tokio::join!(talk, words);
    if let Err(error) = &drawn {
        let words = String::from_utf8_lossy(&words);
        tracing::warn!(%error, ?status, words = words.trim(), "a child that draws failed");
    }
    drawn
}

/// Starts this same program as a child that draws.
fn start() -> Result<Child> {
    let failed = |cause| Error::storage("无法启动绘图子进程", "the child that draws does not start", cause);
    let program = std::env::current_exe().map_err(failed)?;
    let needed = |name: &str| ENVIRONMENT.iter().any(|e| name == *e || (e.ends_with('_') && name.starts_with(e)));
    let environment = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(needed));
    Command::new(program)
        .args(["scene", "draw"])
        .env_clear()
        .envs(environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)
}

/// Gives the job, answers what is asked, and takes the picture.
async fn converse(child: &mut Child, wanted: &Wanted, source: &CitySource) -> Result<(u64, Vec<u8>)> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else { return Err(gone(None)) };
    let size = wanted.size;
    let (width, height, ratio) = (size.width, size.height, size.ratio);
    let sheet = wanted.style.json.to_string();
    let job = Job { sheet, view: wanted.view, width, height, ratio, extrude: wanted.extrude };
    let sent = |sent: std::io::Result<()>| sent.map_err(|cause| gone(Some(cause)));
    sent(to.write_all(&Order::Draw(job).write()?).await)?;
    let heard = unfold(from, |mut from| async {
        let body = wire::read_async(&mut from, wire::MOST_SAID).await.transpose()?;
        Some((body, from))
    });
    let mut heard = std::pin::pin!(heard);
    let mut answers = FuturesUnordered::new();
    loop {
        tokio::select! {
            body = heard.next() => {
                let body = body.ok_or_else(|| gone(None))?.map_err(|cause| gone(Some(cause)))?;
                match Said::parse(&body)? {
                    Said::Ask(..) if answers.len() >= MOST_ASKED => return Err(gone(None)),
                    Said::Ask(id, ask) => answers.push(async move { (id, source.answer(ask).await) }),
                    Said::Drawn(missing, png) => return Ok((missing, png)),
                    Said::Failed(words) => return Err(words.into()),
                }
            }
            Some((id, got)) = answers.next() => {
                let order = match got {
                    Ok(bytes) => Order::Got(id, bytes),
                    Err(error) => Order::Failed(id, Words::from(&error)),
                };
                sent(to.write_all(&order.write()?).await)?;
            }
        }
    }
}

/// The child ended before it was done: a driver crashed, a limit was reached, or someone ended it.
fn gone(cause: Option<std::io::Error>) -> Error {
    let error = Error::new(
        Kind::Unavailable,
        "绘图子进程意外终止；请重试，或缩小图片",
        "the child that draws ended before it was done; try again, or ask for a smaller picture",
    );
    match cause {
        Some(cause) => error.because(cause),
        None => error,
    }
}
