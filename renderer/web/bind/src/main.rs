//! Writes the JavaScript and the types that belong to the scene's module: `renderer-web-bind MODULE.wasm FOLDER`.
//!
//! The same work as the `wasm-bindgen` command does, but of the version that the lock file names, so that nothing has to be installed.

use std::path::PathBuf;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("用法 / usage: renderer-web-bind MODULE.wasm FOLDER");
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(&module).web(true)?.typescript(true).remove_name_section(true).omit_default_module_path(false);
    bindgen.generate(&folder).with_context(|| format!("binding {} into {}", module.display(), folder.display()))
}
