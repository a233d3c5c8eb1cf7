//! Does the whole keep its promises? What the end-to-end tests share.
//!
//! A test starts the built program on a free port with a store of its own ([`program`]), asks it over HTTP ([`http`]),
//! (a small demo [`city`] in most cases) and compares the answers with what GDAL says of the same files ([`gdal`]). Real input lies beside the checkout
//! ([`data`]). The rules of the house are pure functions ([`rules`]) over the repository's files ([`repository`]).
//!
//! This crate knows the program by its command line and its routes alone; it uses no other crate of the workspace.

#![expect(clippy::panic, clippy::print_stdout, reason = "a harness that cannot go on says why and fails the test")]

pub mod city;
pub mod data;
pub mod edit;
pub mod gdal;
pub mod grid;
pub mod http;
pub mod json;
pub mod program;
pub mod repository;
pub mod rules;
