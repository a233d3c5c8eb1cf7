//! Draws the city in 3-D, the same in the browser, in a window and without either.
//!
//! A frame goes one way, a type for each stage:
//!
//! ```text
//! View ─ select ─> tiles wanted ─ fetch ─> bytes ─ build ─> TileMesh ─ painter ─> picture and picks
//!                                          └ label ─> LabelMesh ┘
//! ```
//!
//! * [`view`] is where the camera stands: all of it in f64, and the way between the earth and the picture.
//! * [`select`] says which tiles the camera sees, the nearest first.
//! * [`fetch`] keeps what is asked for, what has come and what may go: it opens no connection, its host does.
//! * [`build`] makes meshes of a tile's bytes and a style sheet, in numbers relative to the tile.
//! * [`label`] lays characters and icons, and lets those of more weight push others out.
//! * [`frame`] is what is to be drawn; [`frame::Painter`] draws it: [`gpu`] on any adapter, [`null`] nowhere.
//! * [`motion`] moves a view by what a pointer does.
//! * [`scene`] leads a frame through all of them.
//!
//! Nothing here waits, reads a clock or starts a thread: the host says what time it is and brings what was asked for.

pub mod build;
pub mod fetch;
pub mod frame;
pub mod gpu;
pub mod label;
pub mod mesh;
pub mod motion;
pub mod null;
pub mod scene;
pub mod select;
pub mod view;

// For hosts that may use this crate alone, as the browser's: they name what its functions take and answer.
pub use {gis_data, styles};
