//! The program as a process, and its command line. Nothing outlives its test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use host::{Clock as _, SystemClock};
use serde_json::Value;
use tempfile::TempDir;

use super::web::password_of;
use super::{Web, wait_until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_jikim");
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// A data folder, and the recorder that runs on it if one does.
pub(crate) struct House {
    folder: TempDir,
    child: Option<Child>,
    first_line: Value,
    logs: usize,
}

/// What the command line answered.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The one sentence it failed with.
    #[track_caller]
    pub(crate) fn failed_with(&self) -> &str {
        assert_ne!(self.code, 0, "it should have failed: {self:?}");
        self.only_line()
    }

    /// The one line on standard error that is no line of the log.
    #[track_caller]
    pub(crate) fn only_line(&self) -> &str {
        let lines: Vec<&str> = self.err.lines().filter(|line| !is_log(line)).collect();
        let [line] = lines[..] else { panic!("not one sentence: {self:?}") };
        line.strip_prefix("jikim: ").unwrap_or_else(|| panic!("{self:?}"))
    }
}

/// A line of the log begins with its time.
fn is_log(line: &str) -> bool {
    line.trim_start_matches("\u{1b}[2m").starts_with("20")
}

impl House {
    /// A data folder that is not there yet; nothing runs.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, child: None, first_line: Value::Null, logs: 0 }
    }

    /// A recorder on a new folder.
    #[track_caller]
    pub(crate) fn run() -> Self {
        let mut house = Self::empty();
        house.start(&[]);
        house
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `jikim run`, and waits for its first line.
    #[track_caller]
    pub(crate) fn start(&mut self, more: &[&str]) {
        let mut arguments = vec!["run", "--listen", "127.0.0.1:0"];
        arguments.extend(more);
        self.start_as(&arguments);
    }

    /// Starts the program with `--data`, and waits for its first line.
    #[track_caller]
    pub(crate) fn start_as(&mut self, arguments: &[&str]) {
        assert!(self.child.is_none(), "one recorder at a time");
        self.logs += 1;
        let log = std::fs::File::create(self.log_path()).unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--data").arg(self.data());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let out = child.stdout.take().unwrap();
        self.child = Some(child);
        let (line_in, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(out).lines();
            let _ = line_in.send(lines.next().and_then(Result::ok).unwrap_or_default());
            // The pipe stays open, so that the program never writes into a closed one.
            lines.for_each(drop);
        });
        let line = line.recv_timeout(STARTS_WITHIN).unwrap_or_default();
        self.first_line = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("no first line but {line:?}; its log:\n{}", self.log()));
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join(format!("log.{}", self.logs))
    }

    /// What the recorder wrote on standard error since its last start.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// The first line on standard output.
    pub(crate) fn first_line(&self) -> &Value {
        &self.first_line
    }

    /// A browser of somebody who is not signed in.
    pub(crate) fn web(&self) -> Web {
        let word = |key: &str| self.first_line[key].as_str().unwrap();
        Web::new(word("address"), Path::new(word("certificate")))
    }

    /// Somebody who used the link of the first line.
    #[track_caller]
    pub(crate) fn claim(&self, who: &str) -> Web {
        let link = self.first_line["links"][who].as_str().expect("there is a link");
        let mut web = self.web();
        web.claim(link.split_once("#link=").unwrap().1, who);
        web
    }

    /// Somebody who signs in again.
    #[track_caller]
    pub(crate) fn sign_in(&self, who: &str) -> Web {
        let mut web = self.web();
        web.sign_in(who);
        web
    }

    /// Appoints somebody as the manager or administrator may, and signs in as that person.
    #[track_caller]
    pub(crate) fn appoint(&self, by: &Web, role: &str) -> Web {
        self.appoint_with(by, (role, role), |_| ())
    }

    /// Appoints another of a role, under a name of his own.
    #[track_caller]
    pub(crate) fn appoint_another(&self, by: &Web, role: &str, name: &str) -> Web {
        self.appoint_with(by, (role, name), |_| ())
    }

    /// Appoints a contractor and opens a ticket for him, without which he could not sign in.
    #[track_caller]
    pub(crate) fn appoint_contractor(&self, administrator: &Web, manager: &Web) -> Web {
        self.appoint_with(administrator, ("contractor", "contractor"), |id| manager.open_ticket(id))
    }

    #[track_caller]
    fn appoint_with(
        &self,
        by: &Web,
        (role, name): (&str, &str),
        before_the_claim: impl FnOnce(&str),
    ) -> Web {
        let now = SystemClock.wall().to_string();
        let account = serde_json::json!({
            "display_name": name, "roles": [role],
            "appointment": { "pledged_at": now, "trained_at": now },
        });
        let made = by.post("/api/v1/accounts", &account);
        assert_eq!(made.status, 201, "{made:?}");
        before_the_claim(made.body["account"]["id"].as_str().unwrap());
        let mut web = self.web();
        let link = made.body["link"].as_str().unwrap();
        web.claim(link.split_once("#link=").map_or(link, |(_, secret)| secret), name);
        web
    }

    /// The program, on this data folder, to its end.
    pub(crate) fn cli(&self, arguments: &[&str]) -> Told {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--data").arg(self.data()).stdin(Stdio::null());
        Told::of(&command.output().unwrap())
    }

    /// The program as somebody at this machine with a home of his own types it, to its end. `input` is
    /// what stands on standard input.
    pub(crate) fn cli_of(&self, who: &str, arguments: &[&str], input: &str) -> Told {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--data").arg(self.data());
        command.env("XDG_STATE_HOME", self.state_of(who));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that asks for nothing may be gone already.
        let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
        Told::of(&child.wait_with_output().unwrap())
    }

    /// `jikim login` of somebody who has a password.
    pub(crate) fn log_in(&self, who: &str) -> Told {
        let input = format!("{}\n", password_of(who));
        self.cli_of(who, &["login", "--name", who, "--password-stdin"], &input)
    }

    /// `jikim login` of somebody with a link.
    pub(crate) fn log_in_by_link(&self, who: &str, link: &str) -> Told {
        let input = format!("{link}\n{}\n", password_of(who));
        self.cli_of(who, &["login", "--link", "--name", who, "--password-stdin"], &input)
    }

    /// The file of somebody's session at this recorder.
    pub(crate) fn session_of(&self, who: &str) -> PathBuf {
        let line = std::fs::read_to_string(self.data().join("recorder.id")).unwrap();
        let id = line.trim().rsplit(' ').next().unwrap();
        self.state_of(who).join("jikim/sessions").join(id)
    }

    fn state_of(&self, who: &str) -> PathBuf {
        self.folder.path().join(format!("home-of-{who}"))
    }

    /// `jikim status --json`.
    #[track_caller]
    pub(crate) fn status(&self) -> Value {
        self.cli(&["status", "--json"]).json()
    }

    /// The part of the status about one camera.
    #[track_caller]
    pub(crate) fn camera(&self, id: &str) -> Value {
        let status = self.status();
        let cameras = status["cameras"].as_array().unwrap();
        cameras.iter().find(|camera| camera["id"] == id).expect("it is listed").clone()
    }

    /// Frames of a camera that are durable.
    #[track_caller]
    pub(crate) fn frames(&self, id: &str) -> u64 {
        // Without the gaps, which are many after an hour of faults.
        let now = SystemClock.wall().to_string();
        let status = self.cli(&["status", "--json", "--gaps-since", &now]).json();
        let mut cameras = status["cameras"].as_array().unwrap().iter();
        let camera = cameras.find(|camera| camera["id"] == id).expect("it is listed");
        camera["frames_recorded"].as_u64().unwrap()
    }

    /// Adds a camera by the command line; answers its id.
    #[track_caller]
    pub(crate) fn add_camera(&self, name: &str, url: &str, more: &[&str]) -> String {
        let mut arguments = vec!["camera", "add", "--json", "--name", name, "--url", url];
        arguments.extend(more);
        self.cli(&arguments).json()["id"].as_str().unwrap().to_owned()
    }

    /// Waits until so many frames of a camera are durable.
    #[track_caller]
    pub(crate) fn wait_for_frames(&self, id: &str, frames: u64) {
        let what = format!("{frames} frames of {id} are durable");
        wait_until(&what, Duration::from_secs(60), || self.frames(id) >= frames);
    }

    /// SIGTERM; answers how long the end took.
    #[track_caller]
    pub(crate) fn stop(&mut self) -> Duration {
        const GIVE_UP: Duration = Duration::from_secs(60);
        let began = Instant::now();
        let child = self.child.as_mut().expect("it runs");
        let pid = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        while began.elapsed() < GIVE_UP {
            let child = self.child.as_mut().expect("it was there a moment ago");
            if let Some(status) = child.try_wait().unwrap() {
                let took = began.elapsed();
                self.child = None;
                assert!(status.success(), "it ended with {status}; its log:\n{}", self.log());
                return took;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not stop; its log:\n{}", self.log());
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Its process, to be ended by somebody else.
    pub(crate) fn release(&mut self) -> Child {
        self.child.take().expect("it runs")
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asserts that the recorder still runs.
    #[track_caller]
    pub(crate) fn assert_running(&mut self) {
        let ended = self.child.as_mut().expect("it was started").try_wait().unwrap();
        assert!(ended.is_none(), "it ended with {ended:?}; its log:\n{}", self.log());
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Without the questions that this test asked itself, which would fill the page.
            let log = self.log();
            let lines = log.lines().filter(|line| !line.contains("path=\"/status\" status=200"));
            eprintln!("the recorder's log:\n{}", lines.collect::<Vec<_>>().join("\n"));
        }
        let Some(mut child) = self.child.take() else { return };
        let _ = child.kill();
        let _ = child.wait();
    }
}
