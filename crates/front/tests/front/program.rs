//! The program itself: its first line, its log, its end.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::house::{GOOD, SECRETS, key, posted, settings, speak, token};

struct Program {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Program {
    fn run() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let key = write("key", &format!("{}\n", key().public()));
        let settings = write("front.toml", settings());
        let mut child = Command::new(env!("CARGO_BIN_EXE_jikim-front"))
            .args(["--listen", "127.0.0.1:0", "--key"])
            .arg(key)
            .arg("--settings")
            .arg(settings)
            .arg("--dir")
            .arg(folder.path().join("data"))
            .env("JIKIM_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = said["address"].as_str().unwrap().strip_prefix("http://").unwrap();
        Self { address: address.parse().unwrap(), child, _folder: folder }
    }

    /// Ends it as a service manager does; what it logged.
    fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

#[test]
fn no_line_of_the_log_has_what_was_typed_or_an_address() {
    let front = Program::run();
    let get = "GET /request HTTP/1.1\r\nhost: front\r\nconnection: close\r\n\r\n";
    let body = format!("{GOOD}&token={}", token(&speak(front.address, get)));
    let taken = speak(front.address, &posted("/request", &body, ""));
    assert_eq!(taken.status, 200);
    let (receipt, code) = (taken.text_of("receipt"), taken.text_of("code"));
    let wrong = speak(front.address, &posted("/request", &body.replace("notice", "x"), ""));
    assert_eq!(wrong.status, 409);
    // What the disk refuses is logged, and its file's name has the number.
    let folder = front._folder.path().join("data/status").join(format!("{receipt}.status"));
    std::fs::create_dir_all(folder).unwrap();
    let look = format!("receipt={receipt}&code={code}");
    assert_eq!(speak(front.address, &posted("/status", &look, "")).status, 503);
    let log = front.stop();
    for secret in SECRETS.iter().copied().chain([receipt.as_str(), code.as_str(), "127.0.0.1"]) {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    // The control: the log is there, and says what was refused.
    assert!(log.contains("the disk refused") && log.contains("stopping"), "{log}");
}

#[test]
fn what_is_no_key_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "ssh-ed25519 AAAA\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_jikim-front"))
        .args(["--settings", "x", "--dir", "y", "--key"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("jikim front key"), "{told}");
}
