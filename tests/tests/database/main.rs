//! The doorplate database: its two axes of time, what is written to it, and what is in its regions.

mod commits;
mod regions;
mod time;
