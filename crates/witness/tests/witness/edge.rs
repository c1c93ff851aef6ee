//! Over HTTP and TLS: the addresses, their answers, and the limits.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use host::{Clock, Disk, SystemClock};
use serde_json::Value;
use tlog::Checkpoint;
use tlog::witness::{Answer, SIZE_CONTENT_TYPE, cosignature_by};
use tokio::runtime::Runtime;
use witness::{HttpLimits, Server, Settings, Witness, serve};

use crate::history::Log;

/// A year that is not ahead of the machine's clock.
fn log() -> Log {
    Log::of_year(1, SystemClock.wall().year())
}

/// A witness that listens.
struct House {
    runtime: Runtime,
    server: Option<Server>,
    witness: Arc<Witness>,
    _folder: tempfile::TempDir,
}

impl House {
    fn new(limits: HttpLimits, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        witness::create(&Disk, &data, "witness.example/edge").unwrap();
        witness::add_log(&Disk, &data, &log().key.to_string()).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let opened = Witness::open(&data, Arc::new(Disk), Arc::clone(&clock), Settings::default());
        let witness = Arc::new(opened.unwrap());
        let runtime = Runtime::new().unwrap();
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = runtime.block_on(serve(listen, tls, Arc::clone(&witness), clock, limits));
        Self { server: Some(server.unwrap()), runtime, witness, _folder: folder }
    }

    fn address(&self) -> SocketAddr {
        self.server.as_ref().unwrap().address()
    }

    fn post(&self, body: &[u8]) -> Answered {
        ask(self.address(), &post("/add-checkpoint", body))
    }

    fn get(&self, path: &str) -> Answered {
        ask(
            self.address(),
            format!("GET {path} HTTP/1.1\r\nhost: w\r\nconnection: close\r\n\r\n").as_bytes(),
        )
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.runtime.block_on(self.server.take().unwrap().shutdown());
    }
}

fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[derive(Debug)]
struct Answered {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answered {
    fn content_type(&self) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix("content-type: "))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn ask(address: SocketAddr, request: &[u8]) -> Answered {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that refuses a body closes while it is being sent.
    let _ = stream.write_all(request);
    read(&mut stream)
}

fn read(stream: &mut impl std::io::Read) -> Answered {
    let mut bytes = Vec::new();
    // A connection that was reset after its answer has given it all the same.
    let _ = stream.read_to_end(&mut bytes);
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8(bytes[..at].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answered { status, head, body: bytes[at + 4..].to_vec() }
}

#[test]
fn a_log_is_cosigned_over_http_and_monitors_see_it() {
    let (house, log) = (House::new(HttpLimits::default(), None), log());
    let path = format!("/checkpoint/{}", log.origin());
    assert_eq!(house.get(&path).status, 404);
    let body = log.ask(0, &[0; 5]);
    let answered = house.post(&body);
    let answer = Answer::read(answered.status, answered.content_type(), &answered.body).unwrap();
    let Answer::Cosigned(lines) = answer else { panic!("{answered:?}") };
    let note = tlog::witness::AddCheckpoint::parse(&body).unwrap().note().clone();
    cosignature_by(house.witness.verifier_key(), note.text(), &lines).unwrap();
    // The size that a log needs comes with its content type.
    let answered = house.post(&log.ask(0, &[0; 9]));
    assert_eq!((answered.status, answered.text()), (409, "5\n"));
    assert_eq!(answered.content_type(), Some(SIZE_CONTENT_TYPE));
    // Monitors.
    for path in [path.clone(), path.replace('/', "%2F").replace("%2Fcheckpoint%2F", "/checkpoint/")]
    {
        let answered = house.get(&path);
        assert_eq!(answered.content_type(), Some("text/plain; charset=utf-8"), "{path}");
        assert_eq!(Checkpoint::open(&answered.body, &log.key).unwrap().size, 5);
    }
    assert_eq!(house.get("/checkpoint/jikim/%ff").status, 404);
}

#[test]
fn status_and_metrics_tell_what_is_known() {
    let (house, log) = (House::new(HttpLimits::default(), None), log());
    assert_eq!(house.post(&log.ask(0, &[0; 5])).status, 200);
    assert_eq!(house.post(&log.ask(0, &[1; 5])).status, 409);
    assert_eq!(house.post(b"nonsense").status, 400);
    let answered = house.get("/status");
    assert_eq!(answered.content_type(), Some("application/json"));
    let status: Value = serde_json::from_slice(&answered.body).unwrap();
    assert_eq!(status["witness"], house.witness.verifier_key().to_string());
    assert_eq!((&status["running"], &status["alarm"]), (&Value::Bool(true), &Value::Bool(true)));
    let shown = &status["logs"][0];
    assert_eq!((&shown["origin"], &shown["size"]), (&log.origin().into(), &5.into()));
    assert_eq!((&shown["silent"], &shown["forks"]), (&Value::Bool(false), &1.into()));
    assert!(shown["cosigned_at"].as_str().unwrap().ends_with('Z'));
    let metrics = house.get("/metrics");
    let line = |name: &str, value: u64| format!("{name}{{log=\"{}\"}} {value}\n", log.origin());
    for wanted in [
        line("jikim_witness_log_size", 5),
        line("jikim_witness_log_forks", 1),
        line("jikim_witness_log_silent", 0),
        "jikim_witness_answers_total{status=\"200\"} 1\n".into(),
        "jikim_witness_answers_total{status=\"409\"} 1\n".into(),
        "jikim_witness_answers_total{status=\"400\"} 1\n".into(),
    ] {
        assert!(metrics.text().contains(&wanted), "{wanted}: {}", metrics.text());
    }
}

#[test]
fn a_connection_serves_request_after_request() {
    let (house, log) = (House::new(HttpLimits::default(), None), log());
    let stays = |body: &[u8]| {
        let text = String::from_utf8(post("/add-checkpoint", body)).unwrap();
        text.replace("connection: close\r\n", "").into_bytes()
    };
    let mut stream = TcpStream::connect(house.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(&stays(&log.ask(0, &[0; 5]))).unwrap();
    stream.write_all(&stays(&log.ask(5, &[0; 9]))).unwrap();
    stream.write_all(&post("/add-checkpoint", &log.ask(5, &[0; 9]))).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 2, "{answers}");
    assert!(answers.ends_with("\r\n\r\n9\n"), "{answers}");
}

#[test]
fn other_methods_paths_and_lengths_are_refused() {
    let house = House::new(HttpLimits::default(), None);
    let wrong = house.get("/add-checkpoint");
    assert_eq!(wrong.status, 405);
    assert!(wrong.head.contains("allow: post"));
    assert_eq!(ask(house.address(), &post("/status", b"")).status, 405);
    for path in ["/", "/add-checkpoint/", "/checkpoint", "/key", "/../key"] {
        assert_eq!(house.get(path).status, 404, "{path}");
    }
    let long = vec![b'x'; tlog::witness::MAX_REQUEST_BYTES + 1];
    assert_eq!(house.post(&long).status, 413);
    let mut many = b"GET /status HTTP/1.1\r\nhost: w\r\n".to_vec();
    (0..100).for_each(|number| many.extend(format!("x-{number}: y\r\n").bytes()));
    many.extend(b"\r\n");
    assert_eq!(ask(house.address(), &many).status, 431);
}

#[test]
fn who_is_slow_takes_too_many_places_or_asks_too_often_is_cut_off() {
    let limits = HttpLimits {
        connections_per_peer: 3,
        head_within: Duration::from_millis(300),
        request_within: Duration::from_millis(300),
        ..HttpLimits::default()
    };
    let house = House::new(limits, None);
    let mut slow = TcpStream::connect(house.address()).unwrap();
    slow.write_all(b"POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 9\r\n\r\nold")
        .unwrap();
    assert_eq!(read(&mut slow).status, 408);
    drop(slow);
    // Connections that say nothing end by themselves; one too many ends at once.
    let idle: Vec<TcpStream> =
        (0..8).map(|_| TcpStream::connect(house.address()).unwrap()).collect();
    for mut stream in idle {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"));
    }
    let busy = (0..200).filter(|_| house.get("/nothing").status == 429).count();
    assert!(busy > 50, "{busy}");
}

#[test]
fn over_tls_it_is_the_same() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let house = House::new(HttpLimits::default(), Some(Arc::new(server)));
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let session = rustls::ClientConnection::new(Arc::new(client), name).unwrap();
    let stream = TcpStream::connect(house.address()).unwrap();
    let mut stream = rustls::StreamOwned::new(session, stream);
    stream.write_all(&post("/add-checkpoint", &log().ask(0, &[0; 5]))).unwrap();
    assert_eq!(read(&mut stream).status, 200);
}
