//! The scene on this side of the renderer: what it asks for is answered, and its frames become pictures.
//!
//! * [`Source`] answers what a scene asks for: [`CitySource`] out of the city itself, [`child`] by asking the parent process.
//! * [`Host`] brings a scene what it asks for and lets it draw: the one loop of pictures, windows and measurements.
//! * [`draw`] leads a host to one whole picture.
//! * [`Pictures`] are the server's: each is drawn by a limited child process, which talks with it in [`wire`] messages. A crash of a
//!   driver ends that child and nothing else.

pub(crate) mod child;
mod draw;
mod host;
mod limits;
mod pictures;
mod png;
mod sheet;
mod source;
mod wanted;
mod wire;

pub(crate) use draw::{Counted, REQUESTS, Told, device, draw, labels};
pub(crate) use host::Host;
pub(crate) use pictures::{Pictures, Question};
pub(crate) use png::png;
pub(crate) use sheet::{read as read_sheet, sheet, text as sheet_text};
pub(crate) use source::{CitySource, Source};
pub(crate) use wanted::{Wanted, size, view};
