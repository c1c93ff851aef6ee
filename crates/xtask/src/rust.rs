//! Rust sources by their shape: the head of each file, lengths, names.

use crate::Finding;
use crate::allowed::LONG_FILES;
use crate::tree::Source;

/// Lines of the longest file.
pub const LONGEST_FILE: usize = 500;
/// Lines that nine functions in ten stay within.
pub const USUAL_FUNCTION: usize = 60;
/// Lines of the longest function.
pub const LONGEST_FUNCTION: usize = 120;

/// Names that say nothing about what a module is for.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "common", "manager", "helper", "helpers", "misc", "shared"];

/// Source files without `//!` at their head.
#[must_use]
pub fn check_heads(sources: &[Source]) -> Vec<Finding> {
    rust(sources)
        .filter(|source| source.path.contains("/src/") && !source.text.starts_with("//! "))
        .map(|source| Finding::at(&source.path, 1, "says nothing about itself: begin with `//! `"))
        .collect()
}

/// Modules whose name says nothing.
#[must_use]
pub fn check_names(sources: &[Source]) -> Vec<Finding> {
    rust(sources)
        .filter(|source| {
            source.path.split('/').any(|part| EMPTY_NAMES.contains(&part.trim_end_matches(".rs")))
        })
        .map(|source| Finding::new(&source.path, "name the module after what it is for"))
        .collect()
}

/// Files that are too long, and allowances that are no longer needed.
#[must_use]
pub fn check_file_lengths(sources: &[Source]) -> Vec<Finding> {
    file_lengths(sources, LONG_FILES)
}

fn file_lengths(sources: &[Source], allowed: &[(&str, usize)]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in rust(sources) {
        let lines = source.text.lines().count();
        let limit = allowed.iter().find(|(path, _)| *path == source.path).map(|(_, lines)| *lines);
        if lines > limit.unwrap_or(LONGEST_FILE) {
            found.push(Finding::new(&source.path, format!("{lines} lines: split it")));
        } else if limit.is_some_and(|limit| lines < limit) {
            found.push(Finding::new(&source.path, "is shorter now: shrink its line in allowed.rs"));
        }
    }
    for (path, _) in allowed {
        if !sources.iter().any(|source| source.path == *path) {
            found.push(Finding::new(*path, "is gone: take it out of allowed.rs"));
        }
    }
    found
}

/// A function and how long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Function {
    place: String,
    line: usize,
    lines: usize,
}

/// Functions over the hard limit; and the longest ones if more than one in ten is unusually long.
#[must_use]
pub fn check_function_lengths(sources: &[Source]) -> Vec<Finding> {
    let mut all: Vec<Function> = rust(sources).flat_map(functions).collect();
    all.sort_by_key(|function| std::cmp::Reverse(function.lines));
    let unusual = all.iter().filter(|function| function.lines > USUAL_FUNCTION).count();
    let too_many = unusual * 10 > all.len();
    all.iter()
        .filter(|one| one.lines > LONGEST_FUNCTION || too_many && one.lines > USUAL_FUNCTION)
        .map(|one| {
            let text = format!("a function of {} lines ({unusual} are unusual)", one.lines);
            Finding::at(&one.place, one.line, text)
        })
        .collect()
}

fn functions(source: &Source) -> Vec<Function> {
    let code = code_only(&source.text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        if let Some(end) = end_of_item(&code, at) {
            let line = code[..at].matches('\n').count() + 1;
            let lines = code[at..end].matches('\n').count() + 1;
            found.push(Function { place: source.path.clone(), line, lines });
        }
    }
    found
}

/// Where the braces of the item that begins at `at` end; none for an item without braces.
pub(crate) fn end_of_item(code: &str, at: usize) -> Option<usize> {
    let (mut braces, mut nested) = (0_usize, 0_usize);
    for (offset, c) in code[at..].char_indices() {
        match c {
            '(' | '[' => nested += 1,
            ')' | ']' => nested = nested.saturating_sub(1),
            ';' if braces == 0 && nested == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.checked_sub(1)?;
                if braces == 0 && nested == 0 {
                    return Some(at + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The code with comments, texts and characters blanked out; lines and byte positions stay.
#[must_use]
pub fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let hidden = hidden_length(rest, code.chars().next_back());
        if hidden == 0 {
            let c = rest.chars().next().expect("rest is not empty");
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        for byte in rest[..hidden].bytes() {
            code.push(if byte == b'\n' { '\n' } else { ' ' });
        }
        rest = &rest[hidden..];
    }
    code
}

/// Bytes of the comment, text or character that begins here; zero if none does.
fn hidden_length(rest: &str, before: Option<char>) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && (!in_word || before == Some('b')) {
        let raw = raw_text_length(rest);
        if raw > 0 {
            return raw;
        }
    }
    match rest.as_bytes()[0] {
        b'"' => quoted_length(rest, '"'),
        // A lifetime has no closing quote within the next character.
        b'\'' if rest[1..].starts_with('\\') => quoted_length(rest, '\''),
        b'\'' => match rest[1..].chars().next() {
            Some(c) if rest[1 + c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
            _ => 0,
        },
        _ => 0,
    }
}

fn raw_text_length(rest: &str) -> usize {
    let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return 0;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let open = 2 + hashes;
    rest[open..].find(&close).map_or(rest.len(), |end| open + end + close.len())
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (offset, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return offset + 1;
        }
    }
    rest.len()
}

/// The code without what is compiled for tests only; lines stay.
pub(crate) fn product_code(source: &Source) -> String {
    let mut code = code_only(&source.text);
    while let Some(at) = code.find("#[cfg(test)]") {
        let from = at + "#[cfg(test)]".len();
        let end = end_of_item(&code, from)
            .or_else(|| code[from..].find(';').map(|offset| from + offset + 1))
            .unwrap_or(code.len());
        let blank: String =
            code[at..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        code.replace_range(at..end, &blank);
    }
    code
}

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.is("rs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_head_is_found() {
        let bare = Source::new("crates/reel/src/lib.rs", "pub fn f() {}\n");
        let good = Source::new("crates/reel/src/lib.rs", "//! Bytes of a reel.\n");
        assert_eq!(check_heads(&[bare, good]).len(), 1);
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        for path in ["crates/reel/src/util.rs", "crates/common/src/lib.rs", "a/src/helpers/b.rs"] {
            assert_eq!(check_names(&[Source::new(path, "")]).len(), 1, "{path}");
        }
        assert!(check_names(&[Source::new("crates/reel/src/utility_pole.rs", "")]).is_empty());
    }

    #[test]
    fn a_long_file_is_found_and_an_allowance_shrinks() {
        let long = [Source::new("a.rs", &"\n".repeat(LONGEST_FILE + 1))];
        assert_eq!(file_lengths(&long, &[]).len(), 1);
        assert!(file_lengths(&long, &[("a.rs", LONGEST_FILE + 1)]).is_empty());
        assert_eq!(file_lengths(&long, &[("a.rs", LONGEST_FILE + 9)]).len(), 1);
        assert_eq!(file_lengths(&[], &[("a.rs", 900)]).len(), 1);
    }

    #[test]
    fn a_long_function_is_found() {
        let body = |lines: usize| format!("fn f(a: [u8; 4]) {{\n{}}}\n", "a;\n".repeat(lines));
        let one = |lines| check_function_lengths(&[Source::new("a.rs", &body(lines))]).len();
        assert_eq!(one(LONGEST_FUNCTION), 1);
        assert_eq!(one(USUAL_FUNCTION), 1, "one of one is more than one in ten");
        assert_eq!(one(USUAL_FUNCTION - 2), 0);
        let many = Source::new("a.rs", &(body(USUAL_FUNCTION) + &body(3).repeat(9)));
        assert!(check_function_lengths(&[many]).is_empty());
    }

    #[test]
    fn what_is_no_code_is_blank() {
        let text = "a \"{ \\\" }\" // {\nb 'x' '{' '\\'' &'a r#\"{\"# /* { */ c";
        let code = code_only(text);
        assert_eq!(code.len(), text.len());
        assert!(!code.contains(['{', '}', '"', '/']), "{code}");
        assert!(code.contains("&'a") && code.ends_with('c'));
    }

    #[test]
    fn product_code_holds_no_tests() {
        let text =
            "//! x\n#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\nmod t { fn b() {} }\n";
        let code = product_code(&Source::new("a.rs", text));
        assert!(code.contains("fn a") && !code.contains("fn b") && !code.contains("mod"));
        assert_eq!(code.lines().count(), text.lines().count());
    }
}
