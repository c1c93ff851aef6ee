//! The program itself: three commands make a witness that cosigns, and the others tell the truth.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use host::{Clock as _, SystemClock};
use serde_json::Value;

use crate::history::Log;

fn witness(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jikim-witness"));
    command.arg(arguments[0]).arg("--data").arg(data).args(&arguments[1..]);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    witness(data, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A running program; ended when dropped.
struct Running {
    child: Child,
    address: String,
    key: String,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut command = witness(data, &["run", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap();
        let address = first["address"].as_str().unwrap().strip_prefix("http://").unwrap();
        let key = first["witness"].as_str().unwrap().to_owned();
        Self { child, address: address.to_owned(), key }
    }

    fn post(&self, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!(
            "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn terminate(mut self) -> bool {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn three_commands_make_a_witness_that_cosigns_and_keeps_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("w"), Log::of_year(1, SystemClock.wall().year()));
    let made = run(&data, &["init", "--name", "witness.example/cli"]);
    assert!(made.status.success(), "{made:?}");
    let vkey = text(&made.stdout).trim().to_owned();
    let key: tlog::VerifierKey = vkey.parse().unwrap();
    assert_eq!(key.algorithm(), tlog::Algorithm::CosignatureV1);
    assert_eq!(text(&run(&data, &["key"]).stdout).trim(), vkey);
    let added = run(&data, &["add-log", &log.key.to_string()]);
    assert!(text(&added.stdout).contains("and later years"), "{added:?}");
    let running = Running::start(&data);
    assert_eq!(running.key, vkey);
    assert!(running.post(&log.ask(0, &[0; 5])).starts_with("HTTP/1.1 200 "));
    // One witness to a folder.
    let second = run(&data, &["run", "--listen", "127.0.0.1:0"]);
    assert!(!second.status.success() && text(&second.stderr).contains("another jikim-witness"));
    let status = run(&data, &["status", "--json"]);
    let shown: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&shown["running"], &shown["logs"][0]["size"]), (&Value::Bool(true), &5.into()));
    assert_eq!(status.status.code(), Some(0));
    running.kill();
    let status = run(&data, &["status"]);
    assert_eq!(status.status.code(), Some(2));
    assert!(text(&status.stdout).contains("DOES NOT RUN"));
    let running = Running::start(&data);
    assert!(running.post(&log.ask(0, &[1; 9])).ends_with("\r\n\r\n5\n"));
    assert!(running.post(&log.ask(5, &[0; 9])).starts_with("HTTP/1.1 200 "));
    assert!(running.terminate());
}

#[test]
fn l8_the_program_says_on_standard_error_who_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("w"), Log::of_year(1, SystemClock.wall().year()));
    assert!(run(&data, &["init", "--name", "witness.example/cli"]).status.success());
    let mut command = witness(&data, &["run", "--listen", "127.0.0.1:0", "--silence", "1s"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // Added while it runs: it is watched from then on.
    assert!(run(&data, &["add-log", &log.key.to_string()]).status.success());
    let told = BufReader::new(child.stderr.take().unwrap());
    let told = told.lines().map(Result::unwrap).find(|line| line.contains("SILENT"));
    child.kill().unwrap();
    child.wait().unwrap();
    let told = told.expect("it is said before it ends");
    assert!(told.contains("ERROR") && told.contains(log.origin()), "{told}");
}

#[test]
fn what_goes_wrong_is_said_in_one_sentence_that_helps() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("w");
    let told = |arguments: &[&str], part: &str| {
        let output = run(&data, arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let told = text(&output.stderr);
        assert!(told.contains(part), "{arguments:?}: {told}");
    };
    for command in [&["key"][..], &["status"], &["run"], &["add-log", "a+b+c"]] {
        told(command, "jikim-witness init");
    }
    told(&["init", "--name", "two words"], "without spaces");
    assert!(!data.exists(), "a wrong name leaves nothing behind");
    assert!(run(&data, &["init", "--name", "one.example"]).status.success());
    told(&["init", "--name", "one.example"], "already holds a witness");
    told(&["add-log", "nonsense"], "name+hash+base64");
    told(&["add-log", text(&run(&data, &["key"]).stdout).trim()], "type 0x04");
    told(&["run", "--tls-cert", "x"], "--tls-key");
    told(&["run", "--tls-cert", "/x", "--tls-key", "/y"], "PEM");
    told(&["run", "--listen", "192.0.2.1:1"], "--listen");
}

#[test]
fn the_private_key_is_in_a_file_of_its_owner_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("w");
    let made = run(&data, &["init", "--name", "one.example"]);
    let slots = host::SlotFile::open(&host::Disk, &data.join("key"), 1).unwrap();
    let (_, secret) = slots.read(0).unwrap().unwrap();
    let mode = std::fs::metadata(data.join("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mode = std::fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let holds = |bytes: &[u8]| bytes.windows(32).any(|window| window == secret.expose());
    assert!(holds(&std::fs::read(data.join("key")).unwrap()));
    for name in ["vkey", "logs"] {
        assert!(!holds(&std::fs::read(data.join(name)).unwrap()), "{name}");
    }
    assert!(!holds(&made.stdout) && !holds(&made.stderr));
}
