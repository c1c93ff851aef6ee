//! The repository as git knows it: tracked files and their text.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A tracked text file.
#[derive(Debug, Clone)]
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A file as a test makes one up.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether its name ends so, without the dot.
    #[must_use]
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| own == extension)
    }

    /// The crate that it belongs to; none for a file outside `crates` and `press`.
    #[must_use]
    pub fn crate_name(&self) -> Option<&str> {
        if self.path.starts_with("press/") {
            return Some("press");
        }
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether it is compiled into tests only.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| {
            matches!(part, "tests" | "benches" | "tests.rs" | "examples")
                || part.ends_with("_tests.rs")
        })
    }
}

/// The root of the repository: where cargo runs this, not where it was compiled. A target folder that
/// several clones share may hold a program of another one.
#[must_use]
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = here.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.ancestors().nth(2).expect("crates/xtask lies two below the root").to_path_buf()
}

/// The paths of every tracked file that is there, and the texts of those that are text.
///
/// # Panics
/// If git is missing or the tree is no repository: then nothing could be checked.
#[must_use]
pub fn tracked(root: &Path) -> (Vec<String>, Vec<Source>) {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .expect("git lists the tracked files");
    assert!(listed.status.success(), "git ls-files failed in {}", root.display());
    let names = String::from_utf8(listed.stdout).expect("tracked paths are UTF-8");
    let paths: Vec<String> = names
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(ToOwned::to_owned)
        .collect();
    let texts = paths
        .iter()
        .filter_map(|path| Some(Source::new(path, &std::fs::read_to_string(root.join(path)).ok()?)))
        .collect();
    (paths, texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_its_crate_and_its_use() {
        let source = Source::new("crates/vault/tests/crash.rs", "");
        assert_eq!(source.crate_name(), Some("vault"));
        assert!(source.is_test() && source.is("rs"));
        assert!(!Source::new("crates/vault/src/lib.rs", "").is_test());
        assert_eq!(Source::new("docs/a.md", "").crate_name(), None);
        assert_eq!(Source::new("press/src/main.rs", "").crate_name(), Some("press"));
    }

    #[test]
    fn this_file_is_tracked() {
        let (paths, texts) = tracked(&root());
        assert!(paths.iter().any(|path| path == "Cargo.toml"));
        assert!(texts.iter().any(|source| source.text.starts_with("[workspace]")));
    }
}
