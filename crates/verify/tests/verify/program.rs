//! The program itself: its words, exit codes and JSON; over a folder and over HTTP.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use verify::Word;
use verify::source::{SourceError, open};

use crate::shelf::{Shelf, policy_text, shelf};

fn write(folder: &Path, shelf: &Shelf) {
    for (path, bytes) in &shelf.files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(folder.join("policy"), policy_text()).unwrap();
}

/// Runs the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jikim-verify"));
    program.current_dir(folder).args(arguments).output().unwrap()
}

/// The exit code and the document.
fn json(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = run(folder, &[arguments, &["--policy", "policy", "--json"]].concat());
    let document = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), document)
}

#[test]
fn each_class_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (mut shelf, _) = shelf(300);
    write(folder.path(), &shelf);
    let (code, said) = json(folder.path(), &["ledger", "."]);
    assert_eq!((code, &said["result"]), (0, &Value::from("verified")), "{said}");
    assert_eq!(said["facts"]["entries"], 300);
    std::fs::write(folder.path().join("image"), [7; 4096]).unwrap();
    let disk = ["disk", "image", "--ledger", "."];
    assert_eq!(json(folder.path(), &disk).0, 0);
    let span = ["destruction", "--ledger", ".", "--span", "2026-11-01..2026-11-30"];
    let (code, said) = json(folder.path(), &span);
    assert_eq!((code, &said["facts"]["keys_due"]), (0, &Value::from(10)));
    let since = ["ledger", ".", "--since", "2026/checkpoint"];
    assert_eq!(json(folder.path(), &since).0, 0);
    let checkpoint = ["checkpoint", "2026/checkpoint", "--old", "2026/checkpoint", "--ledger", "."];
    assert_eq!(json(folder.path(), &checkpoint).0, 0);
    assert_eq!(json(folder.path(), &["receipt", "policy"]).0, 10);

    std::fs::write(folder.path().join("image"), crate::shelf::key(3)).unwrap();
    let (code, said) = json(folder.path(), &disk);
    assert_eq!((code, &said["result"]), (11, &Value::from("destroyed-key-found")));

    let bundle = folder.path().join("2026/tile/entries/000");
    let bytes = std::fs::read(&bundle).unwrap();
    std::fs::remove_file(&bundle).unwrap();
    let (code, said) = json(folder.path(), &["ledger", "."]);
    assert_eq!((code, &said["result"]), (12, &Value::from("bundle-missing")));
    std::fs::write(&bundle, [&bytes[..100], b"x", &bytes[101..]].concat()).unwrap();
    let (code, said) = json(folder.path(), &["ledger", "."]);
    assert_eq!((code, &said["result"]), (10, &Value::from("entry-changed")));
    assert_eq!(said["findings"][0]["place"], "2026/0");

    // Too few witnesses.
    let note = String::from_utf8(shelf.files.remove("2026/checkpoint").unwrap()).unwrap();
    let lines: Vec<&str> = note.lines().collect();
    write(folder.path(), &shelf);
    let alone = format!("{}\n", lines[..lines.len() - 1].join("\n"));
    std::fs::write(folder.path().join("2026/checkpoint"), alone).unwrap();
    let (code, said) = json(folder.path(), &["ledger", "."]);
    assert_eq!((code, &said["result"]), (13, &Value::from("no-quorum")), "{said}");

    for wrong in [
        &["ledger", "nowhere", "--policy", "policy"][..],
        &["ledger", ".", "--policy", "nowhere"],
        &["ledger", ".", "--policy", "2026/checkpoint"],
        &["ledger", "."],
    ] {
        assert_eq!(run(folder.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn people_are_told_in_korean_and_english() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &shelf(20).0);
    let output = run(folder.path(), &["ledger", ".", "--policy", "policy"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let word = Word::Verified;
    let head = format!("verified\n  {}\n  {}\n", word.korean(), word.english());
    assert!(text.starts_with(&head), "{text}");
    assert!(text.contains("기록 · entries: 20"), "{text}");
}

/// Answers requests from a shelf, as a plain web server would; a path that begins with `big` is
/// answered with more than anybody wants, and `broken` with an error.
fn serve(shelf: Shelf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut reader = BufReader::new(connection.try_clone().unwrap());
            let mut first = String::new();
            while reader.read_line(&mut first).is_ok_and(|read| read > 0) {
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    line.clear();
                }
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                let path = path.trim_start_matches("/ledger-public/");
                let (status, body) = match shelf.files.get(path) {
                    _ if path.starts_with("big") => ("200 OK", vec![0; 5000]),
                    _ if path.starts_with("broken") => ("500 Error", Vec::new()),
                    Some(bytes) => ("200 OK", bytes.clone()),
                    None => ("404 Not Found", Vec::new()),
                };
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
                let _ = connection.write_all(&[head.as_bytes(), &body].concat());
                first.clear();
            }
        }
    });
    format!("http://{address}")
}

#[test]
fn a_ledger_is_read_over_the_network() {
    let address = serve(shelf(600).0);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy"), policy_text()).unwrap();
    let (code, said) = json(folder.path(), &["ledger", &address]);
    assert_eq!((code, &said["facts"]["entries"]), (0, &Value::from(600)), "{said}");
    let source = open(&address).unwrap();
    assert!(matches!(source.read("big", 4999), Err(SourceError::TooLarge { .. })));
    assert!(matches!(source.read("broken", 10), Err(SourceError::Network { .. })));
    assert!(source.read("nothing", 10).unwrap().is_none());
    // Nobody there: that is no finding about the ledger.
    let (code, said) = json(folder.path(), &["ledger", "http://127.0.0.1:1"]);
    assert_eq!((code, &said["result"]), (12, &Value::from("unreadable")));
}

/// The guide explains every word that the program can say.
#[test]
fn every_word_is_in_the_guide() {
    let guide = include_str!("../../../../docs/guide/verify.md");
    for word in Word::ALL {
        let row = format!(
            "| `{}` | {} | {} · {} |",
            word.text(),
            word.class().exit_code(),
            word.korean(),
            word.english()
        );
        assert!(guide.contains(&row), "{row}");
    }
}
