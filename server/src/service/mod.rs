//! What the program does, whoever asks: every function takes a scope and says in [`gis_data::Error`] what went wrong.

pub(crate) mod ask;
pub(crate) mod catalog;
mod city;
pub(crate) mod glyphs;
mod hex;
pub(crate) mod import;
mod mirror;
pub(crate) mod publish;
pub(crate) mod scene;
pub(crate) mod tiles;
pub(crate) mod viewers;
pub(crate) mod write;

pub(crate) use ask::{card, features, history, region, search};
pub(crate) use city::{City, Event};
pub(crate) use hex::hex;
