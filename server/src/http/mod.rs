//! The protocols. A handler extracts, calls one service, and replies.

mod api;
mod assets;
mod failure;
mod geojson;
mod look;
mod openapi;
mod reply;
mod router;
mod running;
mod scene;
mod server;
mod tiles;
mod when;

pub(crate) use server::serve;
