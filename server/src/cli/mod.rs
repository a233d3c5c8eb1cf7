//! The command line.

mod bench;
mod demo;
mod import;
mod publish;
mod scene;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gis_data::{Error, Result};

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
    /// 三维场景：图片、窗口 / the city in 3-D: pictures, a window
    #[command(subcommand)]
    Scene(scene::Scene),
    /// 测量 / measure
    #[command(subcommand)]
    Bench(bench::Bench),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let level = tracing_subscriber::EnvFilter::try_from_env("MENPAI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            tell(&error);
            ExitCode::from(1)
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let runtime = || actix_web::rt::System::new();
    match command {
        Command::Serve(serve) => runtime().block_on(serve.run())?,
        Command::Demo(demo) => runtime().block_on(demo.run())?,
        Command::Import(import) => runtime().block_on(import.run())?,
        Command::Publish(publish) => runtime().block_on(publish.run())?,
        Command::Scene(scene) => return scene.run(),
        Command::Bench(bench) => bench.run()?,
    }
    Ok(ExitCode::SUCCESS)
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

/// Says on standard error how it goes on.
fn remark(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
