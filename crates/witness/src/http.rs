//! The HTTP side, with or without TLS: four addresses, and a limit on everything.
//!
//! - `POST /add-checkpoint` (C2SP tlog-witness)
//! - `GET /checkpoint/<origin>`: the latest checkpoint that was cosigned, for monitors
//! - `GET /status`: what the witness knows, as JSON
//! - `GET /metrics`: the same for Prometheus

mod peers;

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use host::Clock;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tlog::witness::MAX_REQUEST_BYTES;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::report::Report;
use crate::witness::{Reply, Witness};
use peers::Peers;

/// How much of everything at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Connections at once.
    pub connections: usize,
    /// Of one address.
    pub connections_per_peer: usize,
    /// Requests that are judged at once; each may wait for the disk.
    pub judged: usize,
    /// For a TLS handshake and for the head of a request; a connection may rest so long.
    pub head_within: Duration,
    /// For the body of a request, and for its answer.
    pub request_within: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections: 512,
            connections_per_peer: 32,
            judged: 16,
            head_within: Duration::from_secs(30),
            request_within: Duration::from_secs(10),
        }
    }
}

/// Bytes of the longest head of a request.
const LONGEST_HEAD: usize = 16 * 1024;
/// Header lines of one request.
const MOST_HEADERS: usize = 32;
/// What is not over by then is cut off at a stop.
const STOP_WITHIN: Duration = Duration::from_millis(2500);
/// After a connection could not be taken (out of files): the next attempt.
const BREATHE: Duration = Duration::from_millis(100);

const TEXT: &str = "text/plain; charset=utf-8";

/// Why nobody listens.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program has the port.
    #[error("{0} is in use by another program: stop that one, or choose another --listen")]
    InUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: choose an address of this machine for --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// A witness that listens. Dropping it lets it run on; [`Server::shutdown`] ends it.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes nothing more, lets what runs come to its end, and after 2.5 s cuts off the rest.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "the loop of connections had broken");
        }
    }
}

/// What all connections share.
struct Edge {
    witness: Arc<Witness>,
    clock: Arc<dyn Clock>,
    limits: HttpLimits,
    judges: Arc<Semaphore>,
    peers: Arc<Peers>,
    stopping: watch::Receiver<bool>,
}

/// Begins to listen; port 0 takes any free one.
///
/// # Errors
/// If the address cannot be had.
pub async fn serve(
    listen: SocketAddr,
    tls: Option<Arc<rustls::ServerConfig>>,
    witness: Arc<Witness>,
    clock: Arc<dyn Clock>,
    limits: HttpLimits,
) -> Result<Server, ServeError> {
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(listen),
        _ => ServeError::Listen { address: listen, source },
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let (stop, stopping) = watch::channel(false);
    let judges = Arc::new(Semaphore::new(limits.judged));
    let edge = Edge { witness, clock, limits, judges, peers: Arc::default(), stopping };
    let accepting = tokio::spawn(accept(listener, tls.map(TlsAcceptor::from), Arc::new(edge)));
    Ok(Server { address, stop, accepting })
}

impl Edge {
    async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // An error says that nobody can ask for a stop any more: then it is one.
        let _ = stopping.wait_for(|stop| *stop).await;
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, edge: Arc<Edge>) {
    let places = Arc::new(Semaphore::new(edge.limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = edge.stopping() => break,
        };
        while connections.try_join_next().is_some() {}
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                sleep(BREATHE).await;
                continue;
            }
        };
        let peer = address.ip();
        let Some(guest) = edge.peers.enter(peer, edge.limits.connections_per_peer) else {
            continue;
        };
        let (tls, edge) = (tls.clone(), Arc::clone(&edge));
        connections.spawn(async move {
            let _held = (place, guest);
            greet(stream, peer, tls, &edge).await;
        });
    }
    drop(listener);
    let over = async { while connections.join_next().await.is_some() {} };
    if timeout(STOP_WITHIN, over).await.is_err() {
        tracing::warn!("some connections did not end by themselves and are cut off");
        connections.abort_all();
    }
}

async fn greet(stream: TcpStream, peer: IpAddr, tls: Option<TlsAcceptor>, edge: &Arc<Edge>) {
    // An answer is small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return converse(stream, peer, edge).await };
    match timeout(edge.limits.head_within, tls.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, peer, edge).await,
        Ok(Err(error)) => tracing::debug!(%error, %peer, "no TLS"),
        Err(_slow) => tracing::debug!(%peer, "a TLS handshake took too long"),
    }
}

async fn converse<S>(stream: S, peer: IpAddr, edge: &Arc<Edge>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request: Request<Incoming>| async move {
        Ok::<_, Infallible>(answer(request, peer, edge).await)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(edge.limits.head_within)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = &mut connection => result,
        () = edge.stopping() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}

type Answered = Response<Full<Bytes>>;

async fn answer(request: Request<Incoming>, peer: IpAddr, edge: &Arc<Edge>) -> Answered {
    if !edge.peers.may_ask(peer, edge.clock.elapsed()) {
        return plain(StatusCode::TOO_MANY_REQUESTS, "too many requests from this address\n");
    }
    let (path, method) = (request.uri().path().to_owned(), request.method().clone());
    let read = matches!(method, Method::GET | Method::HEAD);
    match path.as_str() {
        "/add-checkpoint" if method == Method::POST => add_checkpoint(request, edge).await,
        "/add-checkpoint" => not_allowed("POST"),
        "/status" if read => status(edge).await,
        "/metrics" if read => metrics(edge).await,
        "/status" | "/metrics" => not_allowed("GET, HEAD"),
        other => match other.strip_prefix("/checkpoint/") {
            Some(origin) if read => checkpoint(origin, edge),
            Some(_) => not_allowed("GET, HEAD"),
            None => plain(StatusCode::NOT_FOUND, "nothing is here\n"),
        },
    }
}

async fn add_checkpoint(request: Request<Incoming>, edge: &Arc<Edge>) -> Answered {
    let body = Limited::new(request.into_body(), MAX_REQUEST_BYTES).collect();
    let body = match timeout(edge.limits.request_within, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long\n");
        }
        Ok(Err(_broken)) => return plain(StatusCode::BAD_REQUEST, "the body did not arrive\n"),
        Err(_slow) => {
            return plain(StatusCode::REQUEST_TIMEOUT, "the request took too long\n");
        }
    };
    let witness = Arc::clone(&edge.witness);
    match judged(edge, move || witness.add_checkpoint(&body)).await {
        Some(Reply::Answer(answer)) => {
            let status = StatusCode::from_u16(answer.status()).expect("a status of tlog-witness");
            response(status, answer.content_type(), answer.body())
        }
        Some(Reply::TooMany) => {
            plain(StatusCode::TOO_MANY_REQUESTS, "too many requests for this log\n")
        }
        Some(Reply::Failed) => {
            plain(StatusCode::INTERNAL_SERVER_ERROR, "not persisted, so not cosigned\n")
        }
        Some(Reply::Busy) | None => plain(StatusCode::SERVICE_UNAVAILABLE, "too busy; try again\n"),
    }
}

async fn status(edge: &Arc<Edge>) -> Answered {
    match report(edge).await {
        Some(report) => {
            let text = format!("{:#}\n", report.to_json());
            response(StatusCode::OK, "application/json", text)
        }
        None => plain(StatusCode::SERVICE_UNAVAILABLE, "too busy; try again\n"),
    }
}

async fn metrics(edge: &Arc<Edge>) -> Answered {
    match report(edge).await {
        Some(report) => response(
            StatusCode::OK,
            "text/plain; version=0.0.4; charset=utf-8",
            report.to_metrics(),
        ),
        None => plain(StatusCode::SERVICE_UNAVAILABLE, "too busy; try again\n"),
    }
}

async fn report(edge: &Arc<Edge>) -> Option<Report> {
    let (witness, clock) = (Arc::clone(&edge.witness), Arc::clone(&edge.clock));
    spawn_blocking(move || Report::of(&witness, &*clock)).await.ok()
}

fn checkpoint(origin: &str, edge: &Arc<Edge>) -> Answered {
    let origin = percent_decode_str(origin).decode_utf8().ok();
    match origin.and_then(|origin| edge.witness.latest(&origin)) {
        Some(note) => response(StatusCode::OK, TEXT, note.to_string()),
        None => plain(StatusCode::NOT_FOUND, "no checkpoint of this log was cosigned here\n"),
    }
}

/// Runs what may wait for the disk, if there is a place for it in time. What has begun comes to its
/// end even if nobody waits any more: then it is persisted, and its cosignature never left.
async fn judged<T: Send + 'static>(
    edge: &Arc<Edge>,
    judge: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let within = edge.limits.request_within;
    let place = timeout(within, Arc::clone(&edge.judges).acquire_owned()).await.ok()?;
    let place = place.expect("never closed");
    let running = spawn_blocking(move || {
        let result = judge();
        drop(place);
        result
    });
    match timeout(within, running).await {
        Ok(Ok(result)) => Some(result),
        Ok(Err(error)) => {
            tracing::error!(%error, "a request broke an invariant; nothing was answered");
            None
        }
        Err(_slow) => {
            tracing::error!("a request waits for the disk for too long");
            None
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Answered {
    response(status, TEXT, text)
}

fn not_allowed(allowed: &'static str) -> Answered {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "not this method\n");
    response.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static(allowed));
    response
}

fn response(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answered {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let content_type = hyper::header::HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
