//! The program as its parent sees it: real files, other formats, and files that mean harm.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

mod child;
mod cite;
mod formats;
mod hostile;
