//! Capabilities of the standard library and of tokio, which no manifest shows: the machine's
//! clocks, its disk, its processes, its sockets. Each has the crates that may name it in code.

use std::collections::BTreeMap;

use crate::Finding;
use crate::allowed::CLOCK_READERS;
use crate::rust::product_code;
use crate::tree::Source;

/// What may be named by whom.
struct Reach {
    names: &'static [&'static str],
    /// Begins like one of the names and is free for all.
    except: &'static [&'static str],
    owners: &'static [&'static str],
    instead: &'static str,
}

const REACHES: &[Reach] = &[
    Reach {
        names: &["std::fs", "tokio::fs", "std::os::unix::fs"],
        except: &[],
        owners: &["host", "jikim", "press", "testkit", "verify", "xtask", "cage", "mask"],
        instead: "reach the disk through host::Fs",
    },
    Reach {
        names: &["std::process", "tokio::process"],
        except: &["std::process::abort", "std::process::ExitCode"],
        owners: &["host", "jikim", "witness", "testkit", "xtask", "cage", "mask"],
        instead: "the recorder executes nothing; only the program starts and ends processes",
    },
    Reach {
        names: &["TcpListener", "TcpStream", "UdpSocket", "UnixListener", "UnixStream"],
        except: &[],
        owners: &[
            "host", "ingest", "server", "jikim", "witness", "front", "press", "mask", "testkit",
        ],
        instead: "sockets belong to the edge and to the cameras' side",
    },
];

const CLOCKS: &[&str] =
    &["SystemTime::now", "Instant::now", "Utc::now", "UtcDateTime::now", "OffsetDateTime::now"];

/// The test kit has its own clock, which is the machine's where the demo runs.
const CLOCK_OWNERS: &[&str] = &["host", "testkit"];

/// Names of a capability in the code of a crate that does not own it. Tests are free.
#[must_use]
pub fn check_reaches(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (source, name) in product(sources) {
        let code = product_code(source);
        for reach in REACHES.iter().filter(|reach| !reach.owners.contains(&name)) {
            for (line, text) in code.lines().enumerate().filter(|(_, text)| reaches(text, reach)) {
                let text = format!("`{}`: {}", text.trim(), reach.instead);
                found.push(Finding::at(&source.path, line + 1, text));
            }
        }
    }
    found
}

fn reaches(line: &str, reach: &Reach) -> bool {
    reach.names.iter().any(|name| {
        line.match_indices(name)
            .any(|(at, _)| !reach.except.iter().any(|except| line[at..].starts_with(except)))
    })
}

/// Readings of the machine's clocks outside their owner, against the list that only shrinks.
#[must_use]
pub fn check_clocks(sources: &[Source]) -> Vec<Finding> {
    clocks(sources, CLOCK_READERS)
}

fn clocks(sources: &[Source], allowed: &[(&str, usize)]) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (source, _) in product(sources).filter(|(_, name)| !CLOCK_OWNERS.contains(name)) {
        let code = product_code(source);
        let clocks = CLOCKS.iter().filter(|clock| !(clock.contains("Instant") && timers(&code)));
        let readings = clocks.map(|clock| code.matches(*clock).count()).sum();
        if readings > 0 {
            seen.insert(&source.path, readings);
        }
    }
    let may = |path: &str| allowed.iter().find(|(one, _)| *one == path).map_or(0, |(_, n)| *n);
    let mut found: Vec<Finding> = seen
        .iter()
        .filter(|(path, readings)| **readings > may(path))
        .map(|(path, n)| Finding::new(*path, format!("reads a clock {n} times: take host::Clock")))
        .collect();
    for (path, count) in allowed {
        if seen.get(path).copied().unwrap_or(0) < *count {
            found.push(Finding::new(*path, "reads the clock less often now: shrink allowed.rs"));
        }
    }
    found
}

/// Whether a file's `Instant` is tokio's: its clock serves timers, and a test stops it by itself.
fn timers(code: &str) -> bool {
    let imports = code.split(';').map(str::trim).filter(|item| item.starts_with("use tokio::time"));
    imports.into_iter().any(|item| item.contains("Instant"))
}

/// Rust sources of crates, without their tests, with the crate's name.
fn product(sources: &[Source]) -> impl Iterator<Item = (&Source, &str)> {
    sources
        .iter()
        .filter(|source| source.is("rs") && !source.is_test())
        .filter_map(|source| Some((source, source.crate_name()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_crate(name: &str, text: &str) -> [Source; 1] {
        [Source::new(&format!("crates/{name}/src/lib.rs"), text)]
    }

    #[test]
    fn the_disk_belongs_to_host() {
        let text = "//! x\nuse std::fs::File;\nfn f() { std::process::abort() }\n";
        assert_eq!(check_reaches(&in_crate("vault", text)).len(), 1);
        assert!(check_reaches(&in_crate("host", text)).is_empty());
        let test = "//! x\n#[cfg(test)]\nmod tests { use std::fs; }\n// std::fs\n";
        assert!(check_reaches(&in_crate("vault", test)).is_empty());
    }

    #[test]
    fn nothing_but_the_program_starts_a_process() {
        let text = "//! x\nfn f() { std::process::Command::new(\"ls\"); }\n";
        assert_eq!(check_reaches(&in_crate("playback", text)).len(), 1);
        assert_eq!(check_reaches(&in_crate("ledger", "use tokio::net::TcpStream;")).len(), 1);
    }

    #[test]
    fn clocks_are_read_in_host_alone() {
        let text = "//! x\nfn f() { Instant::now(); SystemTime::now(); }\n";
        let vault = in_crate("vault", text);
        assert_eq!(clocks(&vault, &[]).len(), 1);
        assert!(clocks(&in_crate("host", text), &[]).is_empty());
        assert!(clocks(&vault, &[("crates/vault/src/lib.rs", 2)]).is_empty());
        assert_eq!(clocks(&vault, &[("crates/vault/src/lib.rs", 1)]).len(), 1);
        assert_eq!(clocks(&vault, &[("crates/vault/src/lib.rs", 3)]).len(), 1);
        let timer = "//! x\nuse tokio::time::{Instant, sleep};\nfn f() { Instant::now(); }\n";
        assert!(clocks(&in_crate("vault", timer), &[]).is_empty());
        let both = format!("{timer}fn g() {{ SystemTime::now(); }}\n");
        assert_eq!(clocks(&in_crate("vault", &both), &[]).len(), 1);
    }
}
