//! `menpai`: one program keeps and serves a city.

fn main() {}
