//! `menpai` (门牌): one program keeps a city's spatio-temporal database and serves it as tiles, an API and pages.
//!
//! One request from end to end: [`http::router`] is the flat list of routes; a handler extracts a viewer and a question, calls one
//! function of [`service`], and replies. [`boot`] is the only place that opens a store or reads the clock.

mod boot;
mod cli;
mod http;
mod service;

fn main() -> std::process::ExitCode {
    cli::main()
}
