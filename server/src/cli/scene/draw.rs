//! `menpai scene draw`, which only a server starts.

use std::process::ExitCode;

use tokio::runtime::Runtime;

use crate::service::scene::child;

pub(super) fn run(runtime: &Runtime) -> ExitCode {
    runtime.block_on(child::run(runtime.handle().clone()))
}
