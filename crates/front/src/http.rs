//! The HTTP side, with or without TLS: connections with a limit on everything. What is said on them is
//! in `routes`.

mod peers;
mod routes;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::desk::Desk;
use crate::limits::Peer;
use peers::Peers;

/// How much of everything at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Connections at once.
    pub connections: usize,
    /// Of one address. Behind a proxy all are the proxy's, and `connections` holds.
    pub connections_per_peer: usize,
    /// Forms and codes at once; each may wait for the disk.
    pub at_work: usize,
    /// For a TLS handshake and for the head of a request; a connection may rest so long.
    pub head_within: Duration,
    /// For the body of a request, and for its answer.
    pub request_within: Duration,
    /// Bytes of the longest body.
    pub body_bytes: usize,
    /// Whether a proxy of the agency stands before it, whose last `X-Forwarded-For` is believed.
    pub is_behind_proxy: bool,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections: 256,
            connections_per_peer: 16,
            at_work: 8,
            head_within: Duration::from_secs(15),
            request_within: Duration::from_secs(15),
            body_bytes: 32 << 10,
            is_behind_proxy: false,
        }
    }
}

/// Bytes of the longest head of a request.
const LONGEST_HEAD: usize = 16 * 1024;
/// Header lines of one request.
const MOST_HEADERS: usize = 64;
/// What is not over by then is cut off at a stop.
const STOP_WITHIN: Duration = Duration::from_millis(2500);
/// A connection that reads its answers slowly is cut off after this, whatever it does.
const LONGEST_CONNECTION: Duration = Duration::from_secs(300);
/// After a connection could not be taken (out of files): the next attempt.
const BREATHE: Duration = Duration::from_millis(100);

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

/// A front that listens. Dropping it lets it run on; [`Server::shutdown`] ends it.
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
    desk: Arc<Desk>,
    limits: HttpLimits,
    at_work: Arc<Semaphore>,
    peers: Arc<Peers>,
    stopping: watch::Receiver<bool>,
}

impl Edge {
    async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // An error says that nobody can ask for a stop any more: then it is one.
        let _ = stopping.wait_for(|stop| *stop).await;
    }
}

/// Begins to listen; port 0 takes any free one.
///
/// # Errors
/// If the address cannot be had.
pub async fn serve(
    listen: SocketAddr,
    tls: Option<Arc<rustls::ServerConfig>>,
    desk: Arc<Desk>,
    limits: HttpLimits,
) -> Result<Server, ServeError> {
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(listen),
        _ => ServeError::Listen { address: listen, source },
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let (stop, stopping) = watch::channel(false);
    let at_work = Arc::new(Semaphore::new(limits.at_work));
    let edge = Edge { desk, limits, at_work, peers: Arc::default(), stopping };
    let accepting = tokio::spawn(accept(listener, tls.map(TlsAcceptor::from), Arc::new(edge)));
    Ok(Server { address, stop, accepting })
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, edge: Arc<Edge>) {
    let places = Arc::new(Semaphore::new(edge.limits.connections));
    let mut connections = JoinSet::new();
    let most_of_one = match edge.limits.is_behind_proxy {
        true => edge.limits.connections,
        false => edge.limits.connections_per_peer,
    };
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place.expect("never closed"),
            () = edge.stopping() => break,
        };
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
        let peer = Peer::from(address.ip());
        let Some(guest) = edge.peers.enter(peer, most_of_one) else { continue };
        let (tls, edge) = (tls.clone(), Arc::clone(&edge));
        connections.spawn(async move {
            let _held = (place, guest);
            let _ = timeout(LONGEST_CONNECTION, greet(stream, peer, tls, &edge)).await;
        });
    }
    drop(listener);
    let over = async { while connections.join_next().await.is_some() {} };
    if timeout(STOP_WITHIN, over).await.is_err() {
        tracing::warn!("some connections did not end by themselves and are cut off");
        connections.abort_all();
    }
}

async fn greet(stream: TcpStream, peer: Peer, tls: Option<TlsAcceptor>, edge: &Arc<Edge>) {
    // An answer is small and must not wait for more.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return converse(stream, peer, edge).await };
    if let Ok(Ok(stream)) = timeout(edge.limits.head_within, tls.accept(stream)).await {
        converse(stream, peer, edge).await;
    }
}

async fn converse<S>(stream: S, peer: Peer, edge: &Arc<Edge>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request: Request<Incoming>| async move {
        Ok::<_, Infallible>(routes::answer(request, peer, edge).await)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(edge.limits.head_within)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // How a connection ends is not told: it could only say whose it was.
    let _ = tokio::select! {
        result = &mut connection => result,
        () = edge.stopping() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
}
