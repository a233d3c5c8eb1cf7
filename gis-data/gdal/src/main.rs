//! `menpai-gdal`: reads the long tail of formats in a limited child process.

fn main() {}
