//! The child that draws: it is told what, asks its parent for tiles, and gives the picture back.

use std::collections::HashMap;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gis_data::{Error, Kind, Result};
use renderer::fetch::Ask;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::wire::{self, Job, Order, Said, Words};
use super::{Source, Wanted, draw, limits, png, read_sheet};

/// Talks with the parent over standard input and output until the picture is drawn.
pub(crate) async fn run(workers: Handle) -> ExitCode {
    let said = match picture(workers).await {
        Ok((missing, png)) => Said::Drawn(missing, png),
        Err(error) => Said::Failed(Words::from(&error)),
    };
    // A parent that is gone needs no answer.
    if say(&said).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How much of it is missing, and the picture.
async fn picture(workers: Handle) -> Result<(u64, Vec<u8>)> {
    limits::take()?;
    let Some(Order::Draw(job)) = hear(&mut stdin().lock())? else { return Err(lost()) };
    let parent = Arc::new(Parent::default());
    let listening = Arc::clone(&parent);
    std::thread::spawn(move || listening.listen());
    let wanted = wanted(&job)?;
    let drawn = draw(&wanted, parent, workers).await?;
    Ok((drawn.told.missing, png(wanted.size.width, wanted.size.height, &drawn.rgba)?))
}

fn wanted(job: &Job) -> Result<Wanted> {
    Ok(Wanted { style: read_sheet(&job.sheet)?, view: job.view, size: job.size(), extrude: job.extrude })
}

fn hear(from: &mut impl Read) -> Result<Option<Order>> {
    let body = wire::read(from, wire::MOST_TOLD).map_err(|cause| lost().because(cause))?;
    body.map(|body| Order::parse(&body)).transpose()
}

fn say(said: &Said) -> Result<()> {
    let message = said.write()?;
    let mut out = stdout().lock();
    out.write_all(&message).and_then(|()| out.flush()).map_err(|cause| lost().because(cause))
}

fn lost() -> Error {
    Error::new(
        Kind::Unavailable,
        "绘图子进程与服务器失去联系；这个子命令只由服务器自己启动",
        "the child that draws lost its server; this command is started by the server alone",
    )
}

/// The parent, who has the tiles.
#[derive(Default)]
struct Parent {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Result<Vec<u8>>>>>,
}

impl Parent {
    /// Gives answers to those who wait for them. Ends the process with its parent: a picture that nobody waits for is not drawn on.
    fn listen(&self) {
        let mut from = stdin().lock();
        loop {
            let (id, got) = match hear(&mut from) {
                Ok(Some(Order::Got(id, bytes))) => (id, Ok(bytes)),
                Ok(Some(Order::Failed(id, words))) => (id, Err(words.into())),
                Ok(Some(Order::Draw(_)) | None) | Err(_) => std::process::exit(1),
            };
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            if let Some(waiting) = waiting {
                // Who asked may have been dropped meanwhile.
                let _ = waiting.send(got);
            }
        }
    }
}

impl Source for Parent {
    async fn answer(&self, ask: Ask) -> Result<Vec<u8>> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (send, got) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, send);
        say(&Said::Ask(id, ask))?;
        got.await.map_err(|cause| lost().because(cause))?
    }
}
