//! The command line.

mod demo;
mod import;
mod publish;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gis_data::Error;

/// 门牌 menpai：以数字门牌为空间索引的城市时空平台 / a spatial platform indexed by digital doorplates
#[derive(Debug, Parser)]
#[command(name = "menpai", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 服务一座城 / serve a city
    Serve(serve::Serve),
    /// 生成并服务示范城市 / make the demo city and serve it
    Demo(demo::Demo),
    /// 导入文件 / bring files in
    Import(Box<import::Import>),
    /// 发布角色可见内容为 GeoPackage / write what a role may see as a GeoPackage
    Publish(publish::Publish),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let level = tracing_subscriber::EnvFilter::try_from_env("MENPAI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    let runtime = actix_web::rt::System::new();
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve(serve) => serve.run().await,
            Command::Demo(demo) => demo.run().await,
            Command::Import(import) => import.run().await,
            Command::Publish(publish) => publish.run().await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(1)
        }
    }
}

/// Tells an error on standard error: Chinese, English, and what caused it.
fn tell(error: &Error) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "错误：{}\nerror: {}", error.zh(), error.en());
    let mut cause = std::error::Error::source(error);
    while let Some(c) = cause {
        let _ = writeln!(out, "  ← {c}");
        cause = c.source();
    }
}

/// Says a line on standard output. A reader that is gone does not matter.
fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
