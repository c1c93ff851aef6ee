//! Listening with TLS, and stopping in time.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::Access;
use axum::Router;
use axum::body::Body;
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
use tower::ServiceExt as _;

use crate::edge::{Edge, Limits, Sockets};
use crate::person::Peer;
use crate::{House, routes};

/// What is not over by then is cut off at a stop.
const STOP_WITHIN: Duration = Duration::from_millis(2500);
/// After a connection could not be taken (out of files): the next attempt.
const BREATHE: Duration = Duration::from_millis(100);
/// Bytes of the longest head of a request.
const LONGEST_HEAD: usize = 16 * 1024;
/// Header lines of one request.
const MOST_HEADERS: usize = 64;

/// Where and how to listen.
#[derive(Clone)]
pub struct ServeConfig {
    /// The address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Certificate and key.
    pub tls: Arc<rustls::ServerConfig>,
    /// After how long a session locks, for the pages to know; the same as `access` has.
    pub idle_limit: Duration,
    /// How much of everything at once.
    pub limits: Limits,
}

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

/// What answers, without an address to listen at: for connections that come by another way, already
/// without TLS.
pub struct Reception {
    edge: Arc<Edge>,
    router: Router,
    stop: watch::Sender<bool>,
}

impl Reception {
    /// Answers for this house, behind this door. `idle_limit` is that of the sessions.
    #[must_use]
    pub fn new(
        house: Arc<dyn House>,
        access: Arc<Access>,
        idle_limit: Duration,
        limits: Limits,
    ) -> Self {
        let (stop, stopping) = watch::channel(false);
        let sockets = Arc::new(Sockets::new());
        let edge = Arc::new(Edge { house, access, idle_limit, limits, stopping, sockets });
        Self { router: routes::router(Arc::clone(&edge)), edge, stop }
    }

    /// Answers the requests of one connection from `peer` until either side ends it. A WebSocket that
    /// came of it goes on in a task of its own.
    pub async fn converse<S>(&self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        converse(stream, self.router.clone(), Peer(peer), &self.edge).await;
    }

    /// Waits until no WebSocket is left.
    pub async fn sockets_closed(&self) {
        self.edge.sockets.empty().await;
    }
}

/// A server that runs. Dropping it lets it run on; [`Server::shutdown`] ends it.
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

    /// Takes nothing more, tells every page that watches, lets what runs come to its end, and
    /// after 2.5 s cuts off the rest.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.accepting.await {
            tracing::error!(%error, "the server's loop had broken");
        }
    }
}

/// Begins to listen.
///
/// # Errors
/// If the address cannot be had.
pub async fn serve(
    config: ServeConfig,
    house: Arc<dyn House>,
    access: Arc<Access>,
) -> Result<Server, ServeError> {
    let address = config.listen;
    let refused = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(address),
        _ => ServeError::Listen { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let Reception { edge, router, stop } =
        Reception::new(house, access, config.idle_limit, config.limits);
    let acceptor = TlsAcceptor::from(config.tls);
    let accepting = tokio::spawn(accept(listener, acceptor, router, edge));
    Ok(Server { address, stop, accepting })
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, router: Router, edge: Arc<Edge>) {
    let places = Arc::new(Semaphore::new(edge.limits.connections));
    let peers = Arc::new(Peers::default());
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
        let Some(guest) = peers.enter(address.ip(), edge.limits.connections_per_peer) else {
            continue;
        };
        let (acceptor, router, edge) = (acceptor.clone(), router.clone(), Arc::clone(&edge));
        connections.spawn(async move {
            let _held = (place, guest);
            greet(stream, address, &acceptor, router, &edge).await;
        });
    }
    drop(listener);
    stop(connections, &edge.sockets).await;
}

/// Waits for what still runs, but not for ever.
pub(crate) async fn stop(mut connections: JoinSet<()>, sockets: &Sockets) {
    let over = async {
        while connections.join_next().await.is_some() {}
        sockets.empty().await;
    };
    if timeout(STOP_WITHIN, over).await.is_err() {
        tracing::warn!("some connections did not end by themselves and are cut off");
        connections.abort_all();
    }
}

async fn greet(
    stream: TcpStream,
    address: SocketAddr,
    acceptor: &TlsAcceptor,
    router: Router,
    edge: &Edge,
) {
    // Fragments are small and must not wait for one another.
    let _ = stream.set_nodelay(true);
    match timeout(edge.limits.head_within, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, router, Peer(address), edge).await,
        Ok(Err(error)) => tracing::debug!(%error, peer = %address.ip(), "no TLS"),
        Err(_slow) => tracing::debug!(peer = %address.ip(), "a TLS handshake took too long"),
    }
}

/// Answers the requests of one connection, each of which carries `who`.
pub(crate) async fn converse<S, W>(stream: S, router: Router, who: W, edge: &Edge)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    W: Clone + Send + Sync + 'static,
{
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(who.clone());
        let router = router.clone();
        async move { Ok::<_, Infallible>(answer(router, request.map(Body::new)).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(edge.limits.head_within)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = &mut connection => result,
        () = edge.stopping() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(router: Router, request: hyper::Request<Body>) -> axum::response::Response {
    router.oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// How many connections each address has.
#[derive(Default)]
struct Peers(Mutex<HashMap<IpAddr, usize>>);

impl Peers {
    fn enter(self: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Guest> {
        let mut peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = peers.entry(peer).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Guest { peers: Arc::clone(self), peer })
    }
}

/// One connection of an address; no longer counted when dropped.
struct Guest {
    peers: Arc<Peers>,
    peer: IpAddr,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut peers = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = peers.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                peers.remove(&self.peer);
            }
        }
    }
}
