//! What a browser, or whoever pretends to be one, says to the recorder: HTTP, JSON, WebSockets.
//!
//! An input begins with a byte of how. Bits 0 and 1: who asks (0 a stranger, 1 the administrator, 2 and
//! 3 the manager). Bit 2: the rest is the bytes of the connection, and the person's cookie is put
//! behind its first line. Otherwise bits 3 to 5 are the method, then come path and query, behind a
//! length of two bytes, and the rest is the body.
//!
//! What must hold, besides coming back: nothing of the recorder's breaks (no status 500), whoever is a
//! stranger is given no session, and no socket stays open behind a connection that is gone.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Once, PoisonError};
use std::time::Duration;

use access::{Access, AccessConfig, PasswordCost, SessionSecret};
use catalog::Catalog;
use domain::RecorderId;
use ledger::{Ledger, LedgerConfig};
use server::{Limits, Reception};
use testkit::{MemoryDisk, TestClock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::house::{CAMERA, EmptyHouse};
use crate::{Target, piece, take, take_piece};

pub(crate) const TARGET: Target = Target {
    name: "http",
    seeds,
    words: &[
        "GET ",
        "POST ",
        "PATCH ",
        "DELETE ",
        " HTTP/1.1\r\n",
        "Host: a\r\n",
        "x-jikim-request: 1\r\n",
        "Content-Type: application/json\r\n",
        "Content-Length: ",
        "Transfer-Encoding: chunked\r\n",
        "Upgrade: websocket\r\n",
        "Origin: https://a\r\n",
        "/api/v1/",
        "/api/v1/cameras/",
        "/api/v1/ledger/2026/",
        "/ledger-public/2026/tile/",
        "?camera=",
        "&from=",
        "&to=",
        "%2e%2e%2f",
        "2026-11-21T12:00:00Z",
        "\"purpose\":",
        "\"kind\":\"incident\"",
        "\"cameras\":",
        "\"seek\"",
    ],
    run,
    mutations: 1500,
};

const PASSWORD: &str = "correct horse battery";
const METHODS: [&str; 8] = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "GET"];

fn run(mut input: &[u8]) {
    let [how] = take(&mut input);
    let before = panics();
    let recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = recorder.answer(how, input, SILENCE);
    drop(recorder);
    assert_eq!(panics(), before, "a task of the recorder panicked");
    let status = answer.get(9..12).unwrap_or_default();
    assert_ne!(status, b"500", "{}", String::from_utf8_lossy(&answer));
    if how & 3 == 0 {
        let is_given = answer.windows(21).any(|part| part == b"set-cookie: __Host-ji");
        let is_taken = answer.windows(9).any(|part| part == b"Max-Age=0");
        assert!(!is_given || is_taken, "a stranger is given a session");
    }
}

/// For a socket to notice that its connection is gone.
const PATIENCE: Duration = Duration::from_secs(5);
/// Without a word for so long, a page has nothing more to hear.
const SILENCE: Duration = Duration::from_millis(5);

/// All that is answered. Whoever hung up sooner would be told nothing: the recorder then stops its work.
async fn listen(mut ours: DuplexStream, silence: Duration) -> Vec<u8> {
    let mut answer = Vec::new();
    while let Ok(Ok(1..)) = timeout(silence, ours.read_buf(&mut answer)).await {}
    // Hung up halfway if it still waits for a request; to the end what it says to that.
    let _unless_it_is_gone = ours.shutdown().await;
    while let Ok(Ok(1..)) = timeout(PATIENCE, ours.read_buf(&mut answer)).await {}
    answer
}

/// How often anything panicked: tasks do it out of sight.
fn panics() -> usize {
    static HOOK: Once = Once::new();
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |what| {
            COUNT.fetch_add(1, Ordering::SeqCst);
            before(what);
        }));
    });
    COUNT.load(Ordering::SeqCst)
}

/// One recorder for all inputs of a process: signing in costs more than a thousand requests.
struct Recorder {
    runtime: Runtime,
    reception: Reception,
    access: Arc<Access>,
    clock: TestClock,
    _folder: tempfile::TempDir,
    sessions: Mutex<[Option<SessionSecret>; 2]>,
}

static RECORDER: LazyLock<Mutex<Recorder>> = LazyLock::new(|| Mutex::new(Recorder::new()));

impl Recorder {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime without sockets");
        let folder = tempfile::tempdir().expect("there is room for a small database");
        let clock = TestClock::at("2026-11-21T12:00:00Z");
        let recorder = RecorderId::from_bytes([7; 16]);
        let config = LedgerConfig { folder: "/ledger".into(), recorder };
        let disk = Arc::new(MemoryDisk::default());
        let ledger = Ledger::open(&config, disk, Arc::new(clock.clone())).expect("a new ledger");
        let idle_limit = Duration::from_secs(900);
        let config = AccessConfig {
            password_cost: PasswordCost::for_tests(),
            idle_limit,
            ..AccessConfig::new(recorder)
        };
        let access = runtime.block_on(async {
            let catalog = Catalog::open(&folder.path().join("catalog.db")).await;
            let catalog = catalog.expect("a new catalog");
            let access = Access::new(ledger, catalog, Arc::new(clock.clone()), config);
            let links = access.first_run_links().await.expect("memory takes it");
            let links = links.expect("nobody is there yet");
            for (link, name) in [(links.administrator, "administrator"), (links.manager, "manager")]
            {
                let link = link.expect("a link for each of the two");
                access.claim(&link, name, None, PASSWORD).await.expect("the link is new");
            }
            Arc::new(access)
        });
        let house = Arc::new(EmptyHouse(clock.clone()));
        let limits = Limits { body_within: Duration::from_secs(1), ..Limits::default() };
        let reception = Reception::new(house, Arc::clone(&access), idle_limit, limits);
        Self { runtime, reception, access, clock, sessions: Mutex::default(), _folder: folder }
    }

    /// All that the connection was answered.
    fn answer(&self, how: u8, input: &[u8], silence: Duration) -> Vec<u8> {
        // One request is always answered, and the connection ended; bytes may ask for nothing.
        let silence = if how & 4 == 0 { PATIENCE } else { silence };
        self.runtime.block_on(async {
            let bytes = self.request(how, input).await;
            let (mut ours, theirs) = tokio::io::duplex(1 << 20);
            ours.write_all(&bytes[..bytes.len().min(1 << 19)]).await.expect("it has room");
            let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 7));
            let ((), answer) =
                tokio::join!(self.reception.converse(theirs, peer), listen(ours, silence));
            let closed = timeout(PATIENCE, self.reception.sockets_closed()).await;
            closed.expect("no socket outlives its connection");
            answer
        })
    }

    async fn request(&self, how: u8, mut input: &[u8]) -> Vec<u8> {
        let cookie = match how & 3 {
            0 => String::new(),
            1 => self.cookie(0).await,
            _ => self.cookie(1).await,
        };
        if how & 4 != 0 {
            let line = input.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            return [&input[..line], cookie.as_bytes(), &input[line..]].concat();
        }
        let (path, body) = (take_piece(&mut input), input);
        let method = METHODS[usize::from(how >> 3 & 7)];
        let head = format!(
            " HTTP/1.1\r\nHost: a\r\n{cookie}x-jikim-request: 1\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let visible = |byte: &u8| if byte.is_ascii_graphic() { *byte } else { b'-' };
        let path: Vec<u8> = path.iter().map(visible).collect();
        [method.as_bytes(), b" ", &path, head.as_bytes(), body].concat()
    }

    /// The cookie of a person, who signs in again if an input signed them out.
    async fn cookie(&self, person: usize) -> String {
        let known = self.sessions.lock().unwrap_or_else(PoisonError::into_inner)[person].take();
        let known = known.filter(|secret| self.access.asker(secret).is_some());
        let secret = match known {
            Some(secret) => secret,
            None => {
                let name = ["administrator", "manager"][person];
                let desk = Ipv4Addr::LOCALHOST.into();
                // So many sign-ins are allowed in a minute.
                self.clock.advance(Duration::from_secs(60));
                self.access.sign_in(name, PASSWORD, desk).await.expect("the password is right")
            }
        };
        self.access.asker(&secret).iter().for_each(|asker| self.access.touch(asker));
        let cookie = format!("Cookie: __Host-jikim={}\r\n", secret.expose());
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)[person] = Some(secret);
        cookie
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    // Every route there is, by those who may and those who may not.
    for route in api::ROUTES {
        let method = METHODS.iter().position(|method| **method == route.method.to_string());
        let method = u8::try_from(method.expect("the wire has no other")).expect("few");
        let path = route
            .path
            .replace("{id}", &CAMERA.to_string())
            .replace("{year}", "2026")
            .replace("{number}", "1")
            .replace("{*path}", "0/000");
        for who in [0, 1, 2] {
            let how = method << 3 | who;
            seeds.push([&[how], &piece(path.as_bytes())[..], b"{}"].concat());
        }
    }
    seeds.extend(
        BODIES.iter().map(|(how, path, body)| {
            [&[*how], &piece(path.as_bytes())[..], body.as_bytes()].concat()
        }),
    );
    seeds.extend(sockets());
    seeds
}

const POST: u8 = 1 << 3;

/// Bodies and queries as the pages send them.
const BODIES: &[(u8, &str, &str)] = &[
    (POST, "/api/v1/session", r#"{"name":"manager","password":"wrong, that is sure"}"#),
    (POST, "/api/v1/session/claim", r#"{"link":"abc","name":"kim","password":"0123456789"}"#),
    (POST | 2, "/api/v1/session/unlock", r#"{"password":"wrong, that is sure"}"#),
    (
        POST | 2,
        "/api/v1/session/hand-over",
        r#"{"outgoing_password":"a","name":"b","password":"c"}"#,
    ),
    (
        POST | 1,
        "/api/v1/cameras",
        r#"{"name":"정문","spot":"","url":"rtsp://a:b@cam/live","sub_url":null,"transport":"tcp","retention_max_s":86400}"#,
    ),
    (
        2 << 3 | 1,
        "/api/v1/cameras/01010101-0101-0101-0101-010101010101",
        r#"{"name":"a","spot":"b"}"#,
    ),
    (
        POST | 2,
        "/api/v1/cameras/01010101-0101-0101-0101-010101010101/still",
        r#"{"purpose":{"kind":"incident","note":"2026-17"}}"#,
    ),
    (
        POST | 2,
        "/api/v1/proposals",
        r#"{"action":"retention.lengthen","camera":"01010101-0101-0101-0101-010101010101","retention_max_s":120,"reason":"2026-17"}"#,
    ),
    (POST | 2, "/api/v1/proposals/2026/1/decide", r#"{"approve":true}"#),
    (POST | 2, "/api/v1/ledger/2026/1/record", r#"{"purpose":{"kind":"audit","note":"2026-17"}}"#),
    (
        2,
        "/api/v1/footage/timeline?camera=01010101-0101-0101-0101-010101010101&from=2026-11-21T11:00:00Z&to=2026-11-21T12:00:00Z",
        "",
    ),
    (2, "/api/v1/ledger?before=2026/5&limit=7", ""),
    (0, "/ledger-public/2026/tile/0/x001/234.p/17", ""),
    (0, "/index.html", ""),
];

/// WebSockets, with messages as the pages send them, under the mask of zeros.
fn sockets() -> Vec<Vec<u8>> {
    let opened = |path: &str, messages: &[&str]| {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nOrigin: https://a\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
        );
        let mut bytes = [&[4 | 2], head.as_bytes()].concat();
        for message in messages {
            bytes.extend([0x81, 0x80 | 126]);
            bytes.extend(u16::try_from(message.len()).expect("short").to_be_bytes());
            bytes.extend([0; 4]);
            bytes.extend(message.as_bytes());
        }
        bytes
    };
    vec![
        opened(
            "/api/v1/live",
            &[r#"{"cameras":["01010101-0101-0101-0101-010101010101"],"feed":"auto"}"#],
        ),
        opened(
            "/api/v1/footage",
            &[
                r#"{"cameras":["01010101-0101-0101-0101-010101010101"],"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","purpose":{"kind":"incident","note":"2026-17"}}"#,
                r#"{"type":"seek","to":"2026-11-21T11:30:00Z","number":1,"speed_percent":-800,"keyframes_only":true}"#,
                r#"{"type":"changes","number":2,"tile":0,"from":"2026-11-21T11:00:00Z","to":"2026-11-21T12:00:00Z","columns":100}"#,
                r#"{"type":"position","at":"2026-11-21T11:30:00Z"}"#,
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(seed: &[u8]) -> String {
        let recorder = RECORDER.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&recorder.answer(seed[0], &seed[1..], Duration::from_millis(500)))
            .into_owned()
    }

    /// The control: the seeds get where they are to lead, past the doors and into the handlers.
    #[test]
    fn the_seeds_are_answered() {
        let mut by_status = std::collections::BTreeMap::new();
        for seed in seeds() {
            let answer = answered(&seed);
            let status = answer.get(9..12).unwrap_or("none").to_owned();
            let path = String::from_utf8_lossy(&seed[1..40.min(seed.len())]).into_owned();
            by_status.entry(status).or_insert_with(Vec::new).push(path);
        }
        let count = |status: &str| by_status.get(status).map_or(0, Vec::len);
        assert!(count("200") > 10 && count("401") > 20 && count("404") > 10, "{by_status:#?}");
        assert_eq!(count("none"), 0, "{by_status:#?}");
        for socket in sockets() {
            let answer = answered(&socket);
            assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
            assert!(answer.contains("\"opened\""), "{answer}");
        }
    }
}
