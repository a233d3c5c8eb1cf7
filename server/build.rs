//! Makes sure that the folders embedded in the program exist, so that it builds before the pages and glyphs are made; the program
//! then says at its start what is missing.

fn main() {
    for folder in ["pages/dist", "../styles/glyphs"] {
        if let Err(error) = std::fs::create_dir_all(folder) {
            println!("cargo::error={folder} cannot be made: {error}");
        }
        println!("cargo::rerun-if-changed={folder}");
    }
}
