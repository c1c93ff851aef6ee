//! A browser of a few lines: HTTP/1.1 and WebSockets over TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    tls: Arc<rustls::ClientConfig>,
}

/// What is asked, and how.
#[derive(Clone, Default)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) cookie: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

impl Ask {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self { method: method.into(), path: path.into(), ..Self::default() }
    }

    pub(crate) fn session(mut self, secret: &str) -> Self {
        self.cookie = Some(format!("__Host-jikim={secret}"));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// As our own pages mark what changes something.
    pub(crate) fn marked(self) -> Self {
        self.header("X-Jikim-Request", "1")
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self.header("Content-Type", "application/json")
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let end = find(bytes, b"\r\n\r\n").expect("an answer has a head");
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.into())).collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of a refusal; none of a success.
    pub(crate) fn code(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        Some(body["error"]["code"].as_str()?.to_owned())
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

impl Browser {
    pub(crate) fn new(address: SocketAddr, certificate: CertificateDer<'static>) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate).unwrap();
        let tls = rustls::ClientConfig::builder().with_root_certificates(roots);
        Self { address, tls: Arc::new(tls.with_no_client_auth()) }
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) async fn connect(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.unwrap()
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Reply {
        let mut stream = self.connect().await;
        stream.write_all(self.head(&ask, "close").as_bytes()).await.unwrap();
        let body = ask.body.unwrap_or_default();
        // A server that refuses in the middle of a body hangs up while we still write.
        let _ = stream.write_all(body.as_bytes()).await;
        Reply::parse(&rest(&mut stream).await)
    }

    fn head(&self, ask: &Ask, connection: &str) -> String {
        let Ask { method, path, .. } = ask;
        let host = self.address;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        head += &format!("Connection: {connection}\r\n");
        if let Some(cookie) = &ask.cookie {
            head += &format!("Cookie: {cookie}\r\n");
        }
        for (name, value) in &ask.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = &ask.body {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head + "\r\n"
    }

    /// Opens a WebSocket as our own pages do.
    ///
    /// # Errors
    /// The answer, if it is no WebSocket.
    pub(crate) async fn socket(&self, path: &str, secret: &str) -> Result<WebSocket, Reply> {
        let ask = Ask::new("GET", path).session(secret).header("Origin", &self.origin());
        self.upgrade(ask).await
    }

    pub(crate) async fn upgrade(&self, ask: Ask) -> Result<WebSocket, Reply> {
        let mut stream = self.connect().await;
        let ask = ask
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        stream.write_all(self.head(&ask, "Upgrade").as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let mut reply = Reply::parse(&head);
        if reply.status == 101 {
            return Ok(WebSocket { stream });
        }
        let length = reply.header("content-length").map_or(0, |text| text.parse().unwrap());
        reply.body = vec![0; length];
        stream.read_exact(&mut reply.body).await.unwrap();
        Err(reply)
    }
}

/// Everything until the other end closes.
pub(crate) async fn rest(stream: &mut TlsStream<TcpStream>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Whether the end is announced or not is the same to us.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("it closes in time");
    bytes
}

pub(crate) struct WebSocket {
    stream: TlsStream<TcpStream>,
}

/// What a server says.
#[derive(Debug)]
pub(crate) enum Said {
    Text(Value),
    Binary(Vec<u8>),
    Closed,
}

impl WebSocket {
    /// One whole text frame, masked with zeros.
    pub(crate) async fn say(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u16::try_from(text.len()).unwrap();
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(text.as_bytes());
        self.stream.write_all(&frame).await.unwrap();
    }

    pub(crate) async fn hear(&mut self) -> Said {
        timeout(PATIENCE, self.frame()).await.expect("something comes in time")
    }

    async fn frame(&mut self) -> Said {
        loop {
            let Ok(kind) = self.stream.read_u8().await else { return Said::Closed };
            let length = match self.stream.read_u8().await.unwrap() {
                126 => u64::from(self.stream.read_u16().await.unwrap()),
                127 => self.stream.read_u64().await.unwrap(),
                short => short.into(),
            };
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.stream.read_exact(&mut payload).await.unwrap();
            match kind & 0x0f {
                1 => return Said::Text(serde_json::from_slice(&payload).unwrap()),
                2 => return Said::Binary(payload),
                8 => return Said::Closed,
                _ => {}
            }
        }
    }

    /// The next message of a type; what comes before it is skipped.
    pub(crate) async fn next(&mut self, kind: &str) -> Value {
        loop {
            match self.hear().await {
                Said::Text(message) if message["type"] == kind => return message,
                Said::Closed => panic!("closed before a {kind:?} came"),
                _ => {}
            }
        }
    }

    /// Whether pictures go on coming for longer than any are on their way.
    pub(crate) async fn shows(&mut self) -> bool {
        let (began, mut pictures) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_millis(300) {
            match self.hear().await {
                Said::Binary(_) => pictures += 1,
                Said::Text(message) if message["type"] == "state" => {}
                _ => return false,
            }
        }
        pictures > 3
    }
}
