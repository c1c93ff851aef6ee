//! Texts that do not belong into the repository: unfinished code, tests that are not run, places of
//! one machine, names of package hosts.

use crate::Finding;
use crate::rust::code_only;
use crate::tree::Source;

/// In Rust code.
const IN_RUST: &[&str] = &["todo!", "unimplemented!", "#[ignore"];

/// In the tests of the pages.
const IN_PAGES: &[&str] =
    &["test.skip(", "it.skip(", "describe.skip(", "test.fixme(", "test.only(", "it.only("];

/// Folders that only one machine has. Spelled apart, so that this file does not hold them.
const MACHINE_PLACES: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/")];

/// Hosts from which packages come: which one is a matter of the machine's own configuration.
const PACKAGE_HOSTS: &[&str] = &[
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("pypi", ".org"),
    concat!("files.python", "hosted.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("deb.", "debian.org"),
];

/// Code that is not finished, or tests that do not run.
#[must_use]
pub fn check_unfinished(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let (code, banned) = if source.is("rs") {
            (code_only(&source.text), IN_RUST)
        } else if source.is("ts") || source.is("js") || source.is("svelte") {
            (source.text.clone(), IN_PAGES)
        } else {
            continue;
        };
        for word in banned {
            report(&mut found, source, &code, |line| line.contains(word), word);
        }
    }
    found
}

/// Places of one machine, in any file but a lock file.
#[must_use]
pub fn check_machine_places(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !is_lock(source)) {
        for place in MACHINE_PLACES {
            let begins = |line: &str| line.match_indices(place).any(|(at, _)| begins(&line[..at]));
            report(&mut found, source, &source.text, begins, place);
        }
    }
    found
}

/// Whether a path begins after this text, rather than goes on.
fn begins(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || "_-./}~)>*".contains(c))
}

/// Names of package hosts in any file, and addresses of packages in the pages' lock file.
#[must_use]
pub fn check_package_hosts(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        for host in PACKAGE_HOSTS {
            report(&mut found, source, &source.text, |line| line.contains(host), host);
        }
        if source.path.ends_with("package-lock.json") {
            let address = |line: &str| line.contains("\"resolved\": \"http");
            report(&mut found, source, &source.text, address, "resolved");
        }
    }
    found
}

fn is_lock(source: &Source) -> bool {
    source.is("lock") || source.path.ends_with("package-lock.json")
}

fn report(
    found: &mut Vec<Finding>,
    source: &Source,
    text: &str,
    is_bad: impl Fn(&str) -> bool,
    what: &str,
) {
    for (line, _) in text.lines().enumerate().filter(|(_, line)| is_bad(line)) {
        found.push(Finding::at(&source.path, line + 1, format!("`{what}` does not belong here")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_code_is_found() {
        let rust = Source::new("a.rs", "fn f() { todo!() }\n#[ignore]\nfn g() {}\n// todo!\n");
        assert_eq!(check_unfinished(&[rust]).len(), 2);
        let page = Source::new("a.test.ts", "test.skip('x')\nlist.skip(1)\n");
        assert_eq!(check_unfinished(&[page]).len(), 1);
    }

    #[test]
    fn a_place_of_one_machine_is_found() {
        let at = |text: &str| check_machine_places(&[Source::new("a.md", text)]).len();
        for place in MACHINE_PLACES {
            assert_eq!(at(&format!("see `{place}x`")), 1);
            assert_eq!(at(&format!("{place}x")), 1);
            assert_eq!(at(&format!("see docs{place}x")), 0);
        }
        let lock = Source::new("Cargo.lock", MACHINE_PLACES[0]);
        assert!(check_machine_places(&[lock]).is_empty());
    }

    #[test]
    fn a_package_host_is_found() {
        let lock = "{\"resolved\": \"https://example.net/a.tgz\"}";
        assert_eq!(check_package_hosts(&[Source::new("web/package-lock.json", lock)]).len(), 1);
        let named = format!("pip -i https://{}/simple", PACKAGE_HOSTS[2]);
        assert_eq!(check_package_hosts(&[Source::new("x", &named)]).len(), 1);
    }
}
