//! The protocols. A handler extracts, calls one service, and replies.

mod api;
mod assets;
mod changes;
mod failure;
mod fonts;
mod geojson;
mod openapi;
mod reply;
mod router;
mod running;
mod server;
mod session;
mod styles;
mod tiles;
mod when;

pub(crate) use server::serve;
