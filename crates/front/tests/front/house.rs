//! A front that listens, and whoever speaks to it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use front::{
    Desk, HttpLimits, Limits, PrivateKey, Receipt, Server, Settings, Standing, State, Store,
};
use host::{Disk, Secret, SystemClock};
use tempfile::TempDir;

/// A form that is fit, without its token. Its person and telephone number are made up.
pub(crate) const GOOD: &str = "for=self&name=홍길동&phone=02-000-1234&born=1950-01-31&address=\
    &ask=existence&ask=viewing&place=0&from=2026-01-22T14:00&until=2026-01-22T14:30\
    &reason=파란 우산&answer=telephone&notice=yes";
/// What nobody may read of it.
pub(crate) const SECRETS: [&str; 4] = ["홍길동", "02-000-1234", "1950-01-31", "파란 우산"];

/// What the recorder has.
pub(crate) fn key() -> PrivateKey {
    PrivateKey::new(Secret::from_bytes([7; 32]))
}

pub(crate) fn settings() -> &'static str {
    include_str!("../../../../samples/front/front.toml")
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// What stands in an element of this id.
    pub(crate) fn text_of(&self, id: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("id=\"{id}\">")).expect(id);
        rest.split_once('<').unwrap().0.to_owned()
    }
}

pub(crate) struct Front {
    pub(crate) folder: TempDir,
    pub(crate) address: SocketAddr,
    server: Option<Server>,
    runtime: tokio::runtime::Runtime,
}

impl Front {
    pub(crate) fn run() -> Self {
        Self::with(Limits::default(), HttpLimits::default(), 2000)
    }

    pub(crate) fn with(limits: Limits, http: HttpLimits, most_waiting: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Arc::new(Disk), folder.path(), most_waiting).unwrap();
        let settings = Settings::read(settings()).unwrap();
        let clock = Arc::new(SystemClock);
        let desk = Arc::new(Desk::new(settings, key().public(), store, clock, limits));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let server = runtime.block_on(front::serve(listen, None, desk, http)).unwrap();
        Self { folder, address: server.address(), server: Some(server), runtime }
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        speak(
            self.address,
            &format!("GET {path} HTTP/1.1\r\nhost: front\r\nconnection: close\r\n\r\n"),
        )
    }

    /// Posts a form, with more lines in the head.
    pub(crate) fn post(&self, path: &str, body: &str, head: &str) -> Page {
        speak(self.address, &posted(path, body, head))
    }

    pub(crate) fn token(&self) -> String {
        token(&self.get("/request"))
    }

    /// Sends a form with a token of its own.
    pub(crate) fn send(&self, body: &str) -> Page {
        self.post("/request", &format!("{body}&token={}", self.token()), "")
    }

    /// A good form that was taken: number and code.
    pub(crate) fn asked(&self) -> (String, String) {
        let page = self.send(GOOD);
        assert_eq!(page.status, 200, "{page:?}");
        (page.text_of("receipt"), page.text_of("code"))
    }

    pub(crate) fn look(&self, receipt: &str, code: &str) -> Page {
        self.post("/status", &format!("receipt={receipt}&code={code}"), "")
    }

    /// What waits to be carried.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = std::fs::read_dir(self.folder.path().join("waiting")).unwrap();
        let mut paths: Vec<PathBuf> = folder.map(|it| it.unwrap().path()).collect();
        paths.sort();
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
    }

    /// Brings a status file, as from the recorder.
    pub(crate) fn bring(&self, receipt: &str, code: &str, state: State) {
        let receipt: Receipt = receipt.parse().unwrap();
        let standing = Standing {
            state,
            as_of: "2026-11-23T13:00:00.000000Z".into(),
            sealed_at: "2026-11-23T12:00:00.000000Z".into(),
            number: Some("2026-17".into()),
            until: Some("2026-11-30T13:00:00.000000Z".into()),
        };
        let file = standing.seal(&receipt, &code.parse().unwrap());
        let path = self.folder.path().join("status").join(format!("{receipt}.status"));
        std::fs::write(path, file).unwrap();
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.shutdown());
        }
    }
}

pub(crate) fn token(page: &Page) -> String {
    let (_, rest) = page.body.split_once("name=\"token\" value=\"").expect("a form has a token");
    rest.split_once('"').unwrap().0.to_owned()
}

pub(crate) fn posted(path: &str, body: &str, head: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: front\r\nconnection: close\r\n{head}content-length: {length}\r\n\r\n{body}"
    )
}

/// One question, one answer.
pub(crate) fn speak(address: SocketAddr, question: &str) -> Page {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    // One that is refused early closes while we still speak.
    let _ = stream.write_all(question.as_bytes());
    heard(&mut stream)
}

pub(crate) fn heard(stream: &mut TcpStream) -> Page {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    Page { status, head: head.to_owned(), body: body.to_owned() }
}
