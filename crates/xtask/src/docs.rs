//! Documents say only what is there: every path, `./x` command and `jikim` command that a
//! document names in backticks exists, and every link leads somewhere.

use std::collections::BTreeSet;

use crate::Finding;
use crate::allowed::FILES_OF_A_RUN;
use crate::tree::Source;

/// Endings by which a single name is known to be a file.
const FILE_ENDINGS: &[&str] =
    &[".rs", ".md", ".toml", ".sh", ".json", ".ts", ".svelte", ".sql", ".yml", ".yaml", ".lock"];

/// What a document can name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Tracked files and the folders above them, from the root.
    paths: BTreeSet<String>,
    /// Their last parts.
    names: BTreeSet<String>,
    /// What may stand after `./x`.
    x: BTreeSet<String>,
    /// What may stand after `jikim`.
    jikim: BTreeSet<String>,
}

impl Known {
    /// From the tracked paths and sources.
    #[must_use]
    pub fn new(paths: &[String], sources: &[Source]) -> Self {
        let mut known = Self::default();
        for path in paths {
            known.names.extend(path.rsplit('/').next().map(ToOwned::to_owned));
            let mut folder = path.as_str();
            known.paths.insert(folder.to_owned());
            while let Some((above, _)) = folder.rsplit_once('/') {
                known.paths.insert(above.to_owned());
                folder = above;
            }
        }
        for source in sources {
            if source.path == "x" {
                known.x = x_commands(&source.text);
            } else if source.crate_name() == Some("jikim") && source.is("rs") {
                known.jikim.extend(jikim_commands(&source.text));
            }
        }
        known
    }

    fn has_path(&self, path: &str, document: &str) -> bool {
        let path = path.trim_end_matches('/').trim_start_matches("./");
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.paths.contains(path) || self.paths.contains(&join(folder, path))
    }
}

/// `path` seen from `folder`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The names after `cmd_` of the functions in `x`.
fn x_commands(text: &str) -> BTreeSet<String> {
    let names = text.lines().filter_map(|line| line.strip_prefix("cmd_")?.split_once("()"));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The variants of every `Subcommand` of clap, as they are typed.
fn jikim_commands(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("Subcommand") {
        let Some(body) = text[at..].split_once("enum ").map(|(_, body)| body) else { continue };
        let body = body.split_once("\n}").map_or(body, |(body, _)| body);
        for line in body.lines().skip(1) {
            let name = line.trim_start();
            if line.starts_with("    ") && !line.starts_with("     ") {
                let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
                if name.starts_with(|c: char| c.is_uppercase()) {
                    found.insert(typed(&name));
                }
            }
        }
    }
    found
}

/// `OneTwo` as `one-two`.
fn typed(name: &str) -> String {
    let mut typed = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !typed.is_empty() {
            typed.push('-');
        }
        typed.extend(c.to_lowercase());
    }
    typed
}

/// What the documents name and is not there.
#[must_use]
pub fn check_documents(sources: &[Source], known: &Known) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.is("md")) {
        let mut in_block = false;
        for (number, line) in source.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
                continue;
            }
            let problems = if in_block {
                command_problem(line.trim(), known).into_iter().collect()
            } else {
                line_problems(line, &source.path, known)
            };
            found.extend(problems.into_iter().map(|it| Finding::at(&source.path, number + 1, it)));
        }
    }
    found
}

fn line_problems(line: &str, document: &str, known: &Known) -> Vec<String> {
    let mut problems = Vec::new();
    for span in line.split('`').skip(1).step_by(2) {
        problems.extend(command_problem(span, known));
        if names_a_path(span, known) && !known.has_path(span, document) {
            problems.push(format!("`{span}` is not there"));
        }
    }
    for target in line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
        let away = target.contains("://") || target.starts_with("mailto:") || target.is_empty();
        if !away && !known.has_path(target, document) {
            problems.push(format!("the link to {target} leads nowhere"));
        }
    }
    problems
}

/// What is wrong with a command that begins with `./x` or `jikim`.
fn command_problem(text: &str, known: &Known) -> Option<String> {
    let mut words = text.trim_start_matches("$ ").split_whitespace();
    let (program, commands) = match words.next()? {
        "./x" => ("./x", &known.x),
        "jikim" | "target/release/jikim" => ("jikim", &known.jikim),
        _ => return None,
    };
    let command = words.next()?;
    let is_word = command.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    // `jikim volume v1 …` is the first line of a file of ours: no command is followed by a version.
    let is_form = words.next() == Some("v1");
    let wrong = is_word && !is_form && !command.starts_with('-') && !commands.contains(command);
    wrong.then(|| format!("there is no `{program} {command}`"))
}

/// Whether a text in backticks is meant as a path of this repository.
fn names_a_path(span: &str, known: &Known) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if !span.chars().all(plain) || span.starts_with('/') || FILES_OF_A_RUN.contains(&span) {
        return false;
    }
    let is_file = FILE_ENDINGS.iter().any(|ending| span.ends_with(ending) && span != *ending);
    match span.trim_start_matches("./").split_once('/') {
        Some((first, _)) => is_file || known.paths.contains(first),
        None => is_file && !known.names.contains(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "#[derive(Subcommand)]\nenum Command {\n    /// Run.\n    Run(Run),\n    \
                        LogIn {\n        Name: u8,\n    },\n}\n";

    fn problems(text: &str) -> usize {
        let paths = ["x", "docs/design/a.md", "crates/reel/src/lib.rs"].map(ToOwned::to_owned);
        let sources = [
            Source::new("x", "cmd_run() {\n}\ncmd_test() {\n}\n"),
            Source::new("crates/jikim/src/main.rs", MAIN),
        ];
        let known = Known::new(&paths, &sources);
        check_documents(&[Source::new("docs/b.md", text)], &known).len()
    }

    #[test]
    fn a_path_that_is_not_there_is_found() {
        assert_eq!(problems("see `docs/gone.md`, `gone.rs`, `crates/gone`"), 3);
        assert_eq!(problems("see `docs/design`, `crates/reel/`, `lib.rs`, `design/a.md`"), 0);
        assert_eq!(problems("`/api/v1`, `live.watch`, `a/b`, `jikim.toml`, `tile/…`"), 0);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        assert_eq!(problems("[a](design/a.md#b) [b](https://example.net) ![c](gone.png)"), 1);
    }

    #[test]
    fn a_command_that_is_not_there_is_found() {
        assert_eq!(problems("`./x run`, `./x` and `./x fly`"), 1);
        assert_eq!(problems("`jikim run --data DIR`, `jikim log-in`, `jikim name`"), 1);
        assert_eq!(problems("```\n./x fly\n$ jikim fly\n./x test\n```\n"), 2);
    }
}
