//! Notices what other processes write.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;

use gis_data::{Error, Result};
use rusqlite::Connection;
use tokio::sync::watch;

use crate::store::Options;

/// Counts up whenever the log may have grown.
pub(crate) type Tick = watch::Sender<u64>;

/// A thread that looks at the file's version a few times a second.
pub(crate) struct Follower {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Follower {
    pub(crate) fn start(conn: Connection, options: &Options, tick: Tick) -> Result<Self> {
        let (stop, stopped) = channel();
        let every = options.poll;
        let thread = std::thread::Builder::new()
            .name("city-follow".into())
            .spawn(move || follow(&conn, every, &stopped, &tick))
            .map_err(|cause| {
                Error::storage(
                    "启动数据库监视线程失败；请检查系统的线程上限",
                    "starting the thread that watches the database failed; check the system's limit of threads",
                    cause,
                )
            })?;
        Ok(Self { stop, thread })
    }

    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that watched the database had failed");
        }
    }
}

fn follow(conn: &Connection, every: std::time::Duration, stopped: &Receiver<()>, tick: &Tick) {
    let mut last = None;
    while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
        match conn.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)) {
            Ok(version) if last != Some(version) => {
                last = Some(version);
                tick.send_modify(|n| *n = n.wrapping_add(1));
            }
            Ok(_) => {}
            Err(cause) => tracing::warn!(%cause, "looking for commits of other processes failed; looking again"),
        }
    }
}
