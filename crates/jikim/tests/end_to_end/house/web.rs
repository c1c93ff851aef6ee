//! A page, as a browser would ask: HTTPS with the printed certificate, the session's cookie, and
//! WebSockets. Every wait has an end.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::{Clock as _, SystemClock};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use tungstenite::handshake::client::generate_key;
use tungstenite::{Message, WebSocket};

type Tls = StreamOwned<ClientConnection, TcpStream>;

const ANSWERS_WITHIN: Duration = Duration::from_secs(60);

/// Entries in a full bundle (C2SP `tlog-tiles`).
const BUNDLE: u64 = 256;

/// A browser of one person.
#[derive(Clone)]
pub(crate) struct Web {
    address: SocketAddr,
    config: Arc<ClientConfig>,
    cookie: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Null where the body is no JSON.
    pub(crate) body: Value,
    bytes: Vec<u8>,
    cookie: Option<String>,
}

impl Answer {
    /// The word of a refusal.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What a WebSocket said.
#[derive(Debug)]
pub(crate) enum Heard {
    Said(Value),
    Media(Vec<u8>),
    /// The other side closed.
    Closed,
    /// Nothing came in time.
    Silence,
}

/// An open WebSocket.
pub(crate) struct Socket(WebSocket<Tls>);

/// A password for everybody in the tests.
pub(super) fn password_of(who: &str) -> String {
    format!("{who}'s long password")
}

impl Web {
    /// Trusts nobody but the certificate that the recorder printed.
    pub(crate) fn new(address: &str, certificate: &Path) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = address.strip_prefix("https://").expect("the address is https");
        Self { address: address.parse().unwrap(), config: Arc::new(config), cookie: None }
    }

    /// The same browser, signed out.
    pub(crate) fn without_session(&self) -> Self {
        Self { cookie: None, ..self.clone() }
    }

    fn connect(&self) -> Tls {
        let stream = TcpStream::connect_timeout(&self.address, ANSWERS_WITHIN).unwrap();
        stream.set_read_timeout(Some(ANSWERS_WITHIN)).unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::from(self.address.ip());
        StreamOwned::new(ClientConnection::new(Arc::clone(&self.config), name).unwrap(), stream)
    }

    /// Asks and reads the answer to its end.
    #[track_caller]
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let cookie = self.cookie.as_ref().map_or(String::new(), |c| format!("Cookie: {c}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nOrigin: https://{0}\r\n{cookie}\
             X-Jikim-Request: 1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        stream.flush().unwrap();
        let mut bytes = Vec::new();
        // A server that closes without a farewell has still sent all that its length announced.
        let ended = stream.read_to_end(&mut bytes);
        parse_answer(&bytes).unwrap_or_else(|| panic!("{method} {path}: no answer ({ended:?})"))
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, None)
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path, Some(body))
    }

    #[track_caller]
    pub(crate) fn claim(&mut self, secret: &str, who: &str) {
        let body = json!({ "link": secret, "name": who, "password": password_of(who) });
        self.take_session("/api/v1/session/claim", &body);
    }

    #[track_caller]
    pub(crate) fn sign_in(&mut self, who: &str) {
        let body = json!({ "name": who, "password": password_of(who) });
        self.take_session("/api/v1/session", &body);
    }

    /// A ticket for a contractor, with this person beside him.
    #[track_caller]
    pub(crate) fn open_ticket(&self, contractor: &str) {
        let now = SystemClock.wall();
        let me = self.get("/api/v1/session").body["account"]["id"].clone();
        let ticket = json!({
            "contractor": contractor, "escort": me, "work": "점검",
            "from": now.to_string(), "until": (now + Duration::from_secs(3600)).to_string(),
        });
        let opened = self.post("/api/v1/tickets", &ticket);
        assert_eq!(opened.status, 201, "{opened:?}");
    }

    #[track_caller]
    fn take_session(&mut self, path: &str, body: &Value) {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "{answer:?}");
        self.cookie = Some(answer.cookie.expect("a session comes with a cookie"));
    }

    /// The newest entries of the ledger, the newest first.
    #[track_caller]
    pub(crate) fn ledger(&self, limit: usize) -> Vec<Value> {
        let page = self.get(&format!("/api/v1/ledger?limit={limit}"));
        assert_eq!(page.status, 200, "{page:?}");
        page.body["entries"].as_array().unwrap().clone()
    }

    /// Every entry of this year that is published: the lines themselves, as auditors read them.
    #[track_caller]
    pub(crate) fn published_entries(&self) -> Vec<Value> {
        let year = self.get("/api/v1/ledger?limit=1").body["year"].as_u64().unwrap();
        let note = self.bytes(&format!("/ledger-public/{year}/checkpoint"));
        let note = String::from_utf8(note).unwrap();
        let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
        let mut entries = Vec::new();
        for bundle in 0..size.div_ceil(BUNDLE) {
            let width = (size - bundle * BUNDLE).min(BUNDLE);
            let partial = if width < BUNDLE { format!(".p/{width}") } else { String::new() };
            let path = format!("/ledger-public/{year}/tile/entries/{bundle:03}{partial}");
            let bytes = self.bytes(&path);
            let mut rest = &bytes[..];
            while let Some((length, after)) = rest.split_first_chunk::<2>() {
                let (line, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
                entries.push(serde_json::from_slice(line).unwrap());
                rest = after;
            }
        }
        assert_eq!(entries.len() as u64, size);
        entries
    }

    /// A file that anybody may fetch.
    #[track_caller]
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.bytes
    }

    /// Opens a WebSocket from a page of our own; the status if that is refused.
    pub(crate) fn socket(&self, path: &str) -> Result<Socket, u16> {
        self.socket_from(path, &format!("https://{}", self.address))
    }

    /// Opens a WebSocket from any page; the status if that is refused.
    pub(crate) fn socket_from(&self, path: &str, origin: &str) -> Result<Socket, u16> {
        let mut request = tungstenite::http::Request::builder()
            .uri(format!("wss://{}{path}", self.address))
            .header("Host", self.address.to_string())
            .header("Origin", origin)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", generate_key());
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        match tungstenite::client(request.body(()).unwrap(), self.connect()) {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                Err(answer.status().as_u16())
            }
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// Opens a WebSocket and sends its first message.
    #[track_caller]
    pub(crate) fn open(&self, path: &str, opening: &Value) -> Socket {
        let mut socket = self.socket(path).expect("a session may open a socket");
        socket.say(opening);
        socket
    }
}

fn parse_answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let length: usize = header("content-length").map_or(Some(0), |text| text.parse().ok())?;
    let body = bytes[end + 4..].get(..length)?;
    let cookie = header("set-cookie").and_then(|line| line.split(';').next()).map(Into::into);
    let (json, bytes) = (serde_json::from_slice(body).unwrap_or_default(), body.to_vec());
    Some(Answer { status, body: json, bytes, cookie })
}

impl Socket {
    pub(crate) fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).unwrap();
    }

    /// What comes next.
    pub(crate) fn hear(&mut self, within: Duration) -> Heard {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Heard::Silence;
            }
            self.0.get_mut().sock.set_read_timeout(Some(left)).unwrap();
            match self.0.read() {
                Ok(Message::Text(text)) => {
                    return Heard::Said(serde_json::from_str(&text).unwrap());
                }
                Ok(Message::Binary(bytes)) => return Heard::Media(bytes.to_vec()),
                Ok(Message::Close(_)) => return Heard::Closed,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return Heard::Closed,
            }
        }
    }

    /// The next words, which must come before any picture.
    #[track_caller]
    pub(crate) fn words(&mut self) -> Value {
        match self.hear(ANSWERS_WITHIN) {
            Heard::Said(words) => words,
            other => panic!("words were due, not {other:?}"),
        }
    }

    /// The next bytes of media.
    #[track_caller]
    pub(crate) fn media(&mut self) -> Vec<u8> {
        loop {
            match self.hear(ANSWERS_WITHIN) {
                Heard::Media(bytes) => return bytes,
                Heard::Said(words) if words["type"] != "error" && words["type"] != "closed" => {}
                other => panic!("media were due, not {other:?}"),
            }
        }
    }
}
