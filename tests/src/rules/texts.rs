//! Rules for every text file of the repository: nothing of one machine, links that lead somewhere, words that are explained.

use std::collections::BTreeSet;

/// Folders of a developer's machine that must not be written into the project.
const MACHINE: &[&str] = &["/root/", "/work/", "/home/", "/Users/", "/tmp/bash_jobs", "C:\\Users"];
/// Paths inside a container or an example that look like the above but are not a machine's.
const NOT_MACHINE: &[&str] = &["/home/menpai"];

/// Addresses of package registries: a build takes them from the machine's own settings, never from the project.
const REGISTRIES: &[&str] = &[
    "registry.npmjs.org",
    "registry.npmmirror.com",
    "registry.yarnpkg.com",
    "index.crates.io",
    "static.crates.io",
    "pypi.org",
    "files.pythonhosted.org",
    "proxy.golang.org",
    "deb.debian.org",
];

/// Traces of a machine or a registry in `text`. Lock files name their registry by design; of them only the host is checked.
pub fn traces(path: &str, text: &str) -> Vec<String> {
    if path.starts_with("tests/src/rules/") || path == "LICENSE" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let mut cleaned = line.to_owned();
        for fine in NOT_MACHINE {
            cleaned = cleaned.replace(fine, "");
        }
        // `../work/` and `$HOME/work/` are relative; an absolute path begins a word.
        for folder in MACHINE {
            if starts_a_word(&cleaned, folder) {
                found.push(format!("{path}:{} names the path {folder} of one machine", n + 1));
            }
        }
        for host in REGISTRIES {
            if line.contains(host) {
                found.push(format!("{path}:{} names the registry {host}", n + 1));
            }
        }
    }
    found
}

fn starts_a_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|s| s.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || "./_-})$*".contains(c)))
    })
}

/// Sources in a Cargo lock file other than the public index.
pub fn foreign_sources(path: &str, text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|l| l.strip_prefix("source = \"")?.strip_suffix('"'))
        .filter(|s| *s != "registry+https://github.com/rust-lang/crates.io-index")
        .map(|s| format!("{path} takes a crate from {s}"))
        .collect()
}

/// Relative links of a Markdown page that lead to no file. `exists` answers for a path from the repository's root.
pub fn dead_links(path: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("](").skip(1) {
        let Some(target) = rest.split(')').next() else { continue };
        let target = target.split(['#', ' ']).next().unwrap_or_default();
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let joined = join(path, target);
        if !exists(&joined) {
            found.push(format!("{path} links to {target}, which is not there"));
        }
    }
    found
}

/// `target` seen from the folder of `path`, with `.` and `..` resolved.
fn join(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/').filter(|p| !p.is_empty() && *p != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// Ids of the layers that a layer file declares.
pub fn layer_ids(toml: &str) -> Result<BTreeSet<String>, toml::de::Error> {
    let table: toml::Table = toml::from_str(toml)?;
    let layers = table.get("layer").and_then(toml::Value::as_array);
    Ok(layers
        .into_iter()
        .flatten()
        .filter_map(|layer| layer.get("id").and_then(toml::Value::as_str).map(str::to_owned))
        .collect())
}

/// Words that the glossary does not explain: each must stand in it as `` `word` ``.
pub fn unexplained<'a>(words: impl IntoIterator<Item = &'a str>, glossary: &str) -> Vec<String> {
    words
        .into_iter()
        .filter(|word| !glossary.contains(&format!("`{word}`")))
        .map(|word| format!("GLOSSARY.md does not explain `{word}`"))
        .collect()
}

/// A manifest that does not take its lints from the workspace.
pub fn own_lints(path: &str, toml: &str) -> Option<String> {
    let inherits = toml::from_str::<toml::Table>(toml)
        .ok()
        .and_then(|t| t.get("lints")?.get("workspace")?.as_bool())
        .unwrap_or(false);
    (!inherits).then(|| format!("{path} must say `[lints] workspace = true`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_leaves_no_trace() {
        assert_eq!(traces("docs/a.md", "see /root/x and /work/main").len(), 2);
        assert_eq!(traces("Makefile", "\tcp \"/home/ann/x\" .").len(), 1);
        assert!(traces("Makefile", "cp target/work/x $(OUT)/root/y ../home/z").is_empty());
        assert!(traces("docker/Dockerfile", "WORKDIR /home/menpai").is_empty());
        assert_eq!(traces("a.json", "\"resolved\": \"https://registry.npmjs.org/x\"").len(), 1);
    }

    #[test]
    fn crates_come_from_the_public_index() {
        let fine = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert!(foreign_sources("Cargo.lock", fine).is_empty());
        assert_eq!(foreign_sources("Cargo.lock", "source = \"git+https://example.org/x\"").len(), 1);
    }

    #[test]
    fn links_lead_somewhere() {
        let there = |p: &str| p == "docs/a.md" || p == "gis-data/src/lib.rs";
        let page = "[x](../gis-data/src/lib.rs#L3) [y](a.md) [z](https://example.org) [w](#top) [v](b.md)";
        assert_eq!(dead_links("docs/index.md", page, there), vec!["docs/index.md links to b.md, which is not there"]);
    }

    #[test]
    fn every_layer_is_explained() {
        let ids = layer_ids("[[layer]]\nid = \"grid\"\n[[layer]]\nid = \"room\"\n").unwrap();
        assert_eq!(unexplained(ids.iter().map(String::as_str), "| `grid` | 网格 |").len(), 1);
    }

    #[test]
    fn lints_come_from_the_workspace() {
        assert!(own_lints("a/Cargo.toml", "[lints]\nworkspace = true\n").is_none());
        assert!(own_lints("a/Cargo.toml", "[lints.rust]\nunsafe_code = \"allow\"\n").is_some());
        assert!(own_lints("a/Cargo.toml", "[package]\nname = \"a\"\n").is_some());
    }
}
