//! Brings files into the store: read, map, project, check, commit. All of it or nothing.
//!
//! A reading thread turns files into changes; the store's writer pulls them through a short queue into one transaction. A file
//! that turns out unusable stops the transaction, so a failed import leaves the store as it was. Rows that are refused are told
//! one by one and do not stop the others.

mod child;
mod facts;
mod pipeline;
mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use gis_data::{Catalog, Class, Commit, Error, Instant, LayerId, Part, Result, Store};

use facts::Facts;
pub(crate) use report::{Progress, Report};

/// What is to be brought in, and what the caller knows better than the files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Import {
    pub(crate) files: Vec<PathBuf>,
    /// Text of a mapping file.
    pub(crate) mapping: Option<String>,
    /// The CRS where a file declares none, or declares a wrong one.
    pub(crate) crs: Option<String>,
    /// The source's name; what it calls a thing is unique within it.
    pub(crate) source: Option<String>,
    /// Everything goes into this layer, fields as found.
    pub(crate) layer: Option<LayerId>,
    /// The class of layers that are new.
    pub(crate) class: Class,
    pub(crate) reading: gis_data_formats::Options,
    /// Since when it is so.
    pub(crate) valid_from: Option<Instant>,
    /// Where refused rows are told.
    pub(crate) rejects: Option<PathBuf>,
    /// Repairs rings that cross themselves instead of refusing the row.
    pub(crate) repair: bool,
    pub(crate) dry_run: bool,
}

/// Changes that wait between reader and writer.
const QUEUE: usize = 4096;

/// Brings files in.
pub(crate) async fn run(
    store: Arc<dyn Store>,
    import: Import,
    now: Instant,
    progress: Arc<dyn Progress>,
) -> Result<Report> {
    let catalog = store.catalog().await?;
    let facts = known_places(store.as_ref(), &catalog).await?;
    let (changes, queue) = sync_channel(QUEUE);
    let dry_run = import.dry_run;
    let names: Vec<String> = import.files.iter().map(|f| pipeline::file_name(f)).collect();
    let reader = std::thread::Builder::new().name("menpai-import".into()).spawn(move || {
        let told = pipeline::read(&import, catalog, facts, &changes, progress.as_ref());
        if let Err(error) = &told {
            // Stops the commit; the error itself is told below. A writer that is gone has told its own.
            let _ = changes.send(Err(Error::new(error.kind(), error.zh(), error.en())));
        }
        told
    });
    let reader =
        reader.map_err(|cause| Error::storage("无法启动读取线程", "the reading thread cannot be started", cause))?;
    let commit = Commit {
        rehearsal: dry_run,
        changes: Box::new(queue.into_iter()),
        ..Commit::new("import", &format!("导入 / import {}", names.join(", ")), now, [])
    };
    let receipt = store.commit(commit).await;
    let told = tokio::task::spawn_blocking(move || reader.join()).await;
    let told = told.ok().and_then(std::result::Result::ok).unwrap_or_else(|| {
        Err(Error::new(
            gis_data::Kind::Unavailable,
            "读取线程意外中止；没有写入任何内容，请把文件和日志交给维护者",
            "the reading thread ended unexpectedly; nothing was written; give the file and the log to the maintainers",
        ))
    });
    let mut report = told?;
    report.receive(&receipt?);
    Ok(report)
}

/// The places that are in the store already, on which what comes may hang.
async fn known_places(store: &dyn Store, catalog: &Catalog) -> Result<Facts> {
    let mut facts = Facts::default();
    let layers: Vec<LayerId> =
        catalog.iter().filter(|l| facts::is_target(l.id.as_str())).map(|l| l.id.clone()).collect();
    store
        .scan(Part::Layers(&layers), &mut |f| {
            if f.valid.until == Instant::FOREVER {
                facts.known(&f);
            }
        })
        .await?;
    Ok(facts)
}
