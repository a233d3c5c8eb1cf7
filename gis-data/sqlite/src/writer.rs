//! The one thread that writes, and how it folds waiting commits into one transaction.

mod boundary;
mod done;
mod log;
mod statements;
mod work;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gis_data::{Commit, Error, Instant, Kind, Receipt, Result};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{Doing, closed};
use crate::follow::Tick;
use statements::Statements;

/// No more commits are folded into a transaction that has made so many changes already.
const HEAVY_CHANGES: u64 = 10_000;
/// At most so many commits share a transaction.
const MAX_FOLDED: usize = 256;
/// How long a checkpoint waits for readers of old snapshots before it leaves the rest to the next one.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(200);

type Reply<T> = oneshot::Sender<Result<T>>;

enum Job {
    Commit(Commit, Reply<Receipt>),
    PassTime(Instant, Reply<Option<Receipt>>),
}

/// What is said to the caller when the transaction is durable, or could not be.
type Answer = Box<dyn FnOnce(Result<()>)>;

/// The door to the writing thread.
pub(crate) struct Writer {
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(conn: Connection, busy_timeout: Duration, tick: Tick) -> Result<Self> {
        let (jobs, waiting) = channel();
        // A wrong statement is told here, not at the first commit.
        Statements::new(&conn)?;
        let thread = std::thread::Builder::new()
            .name("city-write".into())
            .spawn(move || {
                write(&conn, busy_timeout, &waiting, &tick);
                truncate(&conn, busy_timeout);
            })
            .map_err(|cause| {
                Error::storage(
                    "启动写入线程失败；请检查系统的线程上限",
                    "starting the thread that writes failed; check the system's limit of threads",
                    cause,
                )
            })?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    pub(crate) async fn commit(&self, commit: Commit) -> Result<Receipt> {
        self.ask(|reply| Job::Commit(commit, reply)).await
    }

    pub(crate) async fn pass_time(&self, now: Instant) -> Result<Option<Receipt>> {
        self.ask(|reply| Job::PassTime(now, reply)).await
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let sent = match &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(jobs) => jobs.send(job(reply)).is_ok(),
            None => false,
        };
        if !sent {
            return Err(closed());
        }
        answer.await.map_err(|_gone| closed())?
    }

    /// Lets the thread finish what waits, and waits for it.
    pub(crate) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|t| t.join().is_err()) {
            tracing::error!("the thread that wrote had failed; what it acknowledged is kept");
        }
    }
}

fn write(conn: &Connection, busy_timeout: Duration, waiting: &Receiver<Job>, tick: &Tick) {
    let mut statements = match Statements::new(conn) {
        Ok(statements) => statements,
        Err(cause) => {
            tracing::error!(%cause, "the tables cannot be written");
            return;
        }
    };
    while let Ok(first) = waiting.recv() {
        let heavy = together(conn, &mut statements, first, waiting);
        tick.send_modify(|n| *n = n.wrapping_add(1));
        if heavy {
            truncate(conn, busy_timeout);
        }
    }
}

/// Does `first` and what waits behind it in one transaction; tells whether that was much.
fn together(conn: &Connection, statements: &mut Statements<'_>, first: Job, waiting: &Receiver<Job>) -> bool {
    if let Err(error) = run(conn, "BEGIN IMMEDIATE") {
        first.refuse(error);
        return false;
    }
    let mut answers: Vec<Answer> = Vec::new();
    let mut changes = 0;
    let mut next = Some(first);
    while let Some(job) = next.take() {
        answers.extend(job.run(conn, statements, &mut changes));
        // SQLite gives up the whole transaction after some failures of the disk.
        if conn.is_autocommit() {
            break;
        }
        if changes < HEAVY_CHANGES && answers.len() < MAX_FOLDED {
            next = waiting.try_recv().ok();
        }
    }
    let durable = if conn.is_autocommit() {
        Err("the transaction was given up".to_owned())
    } else {
        run(conn, "COMMIT").map_err(|e| format!("{e}: {:?}", std::error::Error::source(&e).map(ToString::to_string)))
    };
    if let Err(cause) = &durable {
        statements.forget();
        tracing::error!(cause, "a transaction could not be made durable");
        if !conn.is_autocommit()
            && let Err(cause) = run(conn, "ROLLBACK")
        {
            tracing::error!(%cause, "the failed transaction could not be rolled back");
        }
    }
    for answer in answers {
        answer(durable.clone().map_err(|cause| {
            Error::storage(
                "提交未能落盘；请检查磁盘空间和磁盘，然后重试",
                "the commit could not be made durable; check the disk and its free space, then try again",
                cause,
            )
        }));
    }
    changes >= HEAVY_CHANGES
}

impl Job {
    fn refuse(self, error: Error) {
        // A caller who went away needs no answer.
        match self {
            Self::Commit(_, reply) => drop(reply.send(Err(error))),
            Self::PassTime(_, reply) => drop(reply.send(Err(error))),
        }
    }

    /// Runs within a savepoint. A failure is answered at once, a success when it is durable.
    fn run(self, conn: &Connection, statements: &mut Statements<'_>, changes: &mut u64) -> Option<Answer> {
        match self {
            Self::Commit(commit, reply) => {
                let keep = !commit.rehearsal;
                let receipt = apart(conn, statements, keep, |s| work::commit(conn, s, commit, changes));
                answer(reply, receipt)
            }
            Self::PassTime(now, reply) => {
                let receipt = apart(conn, statements, true, |s| work::pass_time(conn, s, now));
                answer(reply, receipt)
            }
        }
    }
}

fn answer<T: 'static>(reply: Reply<T>, result: Result<T>) -> Option<Answer> {
    match result {
        Ok(receipt) => Some(Box::new(move |durable| drop(reply.send(durable.map(|()| receipt))))),
        Err(error) => {
            drop(reply.send(Err(error)));
            None
        }
    }
}

/// All of `work` or nothing of it, whatever the iterator of changes does. A rehearsal (`keep` is false) is undone when it is over.
fn apart<'c, T>(
    conn: &Connection,
    statements: &mut Statements<'c>,
    keep: bool,
    work: impl FnOnce(&mut Statements<'c>) -> Result<T>,
) -> Result<T> {
    run(conn, "SAVEPOINT job")?;
    let result = catch_unwind(AssertUnwindSafe(|| work(statements))).unwrap_or_else(|panic| Err(told(&*panic)));
    let result = match result {
        Ok(done) if keep => run(conn, "RELEASE job").map(|()| done),
        other => other,
    };
    if result.is_err() || !keep {
        statements.forget();
        if !conn.is_autocommit()
            && let Err(cause) = run(conn, "ROLLBACK TO job; RELEASE job")
        {
            tracing::error!(%cause, "a savepoint could not be rolled back; giving up the transaction");
            run(conn, "ROLLBACK")?;
        }
    }
    result
}

fn told(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("?");
    Error::new(
        Kind::Unavailable,
        format!("读取待提交的改动时程序出错（{text}）；什么也没有写入，请报告日志"),
        format!(
            "the program failed while taking the changes of a commit ({text}); nothing was written, report the log"
        ),
    )
}

fn run(conn: &Connection, sql: &str) -> Result<()> {
    conn.execute_batch(sql).doing("写入数据库", "writing the database")
}

/// Moves the log of the file into it and empties it. What a reader still needs is left for the next time.
fn truncate(conn: &Connection, busy_timeout: Duration) {
    let moved = conn
        .busy_timeout(CHECKPOINT_WAIT)
        .and_then(|()| conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
        .and_then(|()| conn.busy_timeout(busy_timeout));
    if let Err(cause) = moved {
        tracing::warn!(%cause, "a checkpoint failed; nothing is lost, it is tried again");
    }
}
