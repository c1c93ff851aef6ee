//! `jikim run`: the recorder until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use access::FirstRunLinks;
use host::{Disk, Fs, MemoryLock, SystemClock};
use serde::Serialize;
use server::{Limits, ServeConfig, Server, SocketServer, serve, serve_socket};
use tokio::net::UnixListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::arguments::RunArguments;
use crate::config::{HostConfig, TlsFiles};
use crate::exports::MASK_SOCKET;
use crate::house::{House, HouseConfig};
use crate::login::door;
use crate::press_line::PRESS_SOCKET;
use crate::{Told, give, promises, sentence, tls};

/// After how long without a touch a session locks.
const IDLE_LIMIT: Duration = Duration::from_secs(15 * 60);

/// The first line on standard output: a promise to scripts (`docs/formats/status.md`).
#[derive(Serialize)]
pub(crate) struct FirstLine {
    pub(crate) address: String,
    pub(crate) certificate: String,
    pub(crate) links: Links,
}

/// One-time sign-in links; none where the account was claimed already.
#[derive(Serialize, Default)]
pub(crate) struct Links {
    pub(crate) administrator: Option<String>,
    pub(crate) manager: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contractor: Option<String>,
}

impl Links {
    pub(crate) fn of(address: &str, first: Option<FirstRunLinks>) -> Self {
        let Some(first) = first else { return Self::default() };
        Self {
            administrator: first.administrator.map(|secret| link(address, &secret)),
            manager: first.manager.map(|secret| link(address, &secret)),
            ..Self::default()
        }
    }
}

/// The secret is in the fragment, which no browser sends to a server.
pub(crate) fn link(address: &str, secret: &access::LinkSecret) -> String {
    format!("{address}/#link={}", secret.expose())
}

/// Runs the recorder.
pub(crate) async fn run(arguments: RunArguments) -> Told<ExitCode> {
    let config = HostConfig::read(arguments.config.as_deref())?;
    let holders = config.holders(arguments.give_up_holder);
    let access_life = config.access_life();
    let data = arguments.data.or(config.data).ok_or("name the data folder with --data DIR")?;
    let listen = arguments.listen.or(config.listen);
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8443)));
    let running = Running::start(
        HouseConfig {
            press: config.press.unwrap_or_else(|| data.join(PRESS_SOCKET)),
            mask: config.mask.unwrap_or_else(|| data.join(MASK_SOCKET)),
            data,
            volumes: config.volumes.into_iter().map(Into::into).collect(),
            holders,
            clock_is_confirmed: arguments.confirm_clock,
            is_demo: false,
            memory: Some(MemoryLock::take().map_err(sentence)?),
            time_servers: config.time_servers,
            access_life,
            records: true,
            clock: Arc::new(SystemClock),
        },
        listen,
        config.tls.as_ref(),
    )
    .await?;
    let links = running.house.access.first_run_links().await.unwrap_or_else(|error| {
        // A ledger that a witness contradicts, or whose disk failed, stops people and not recording.
        tracing::error!(%error, "no sign-in links");
        None
    });
    let links = Links::of(&running.address(), links);
    let end = End::listen();
    running.say_first_line(links)?;
    end.wait().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The house with its doors open.
pub(crate) struct Running {
    pub(crate) house: Arc<House>,
    certificate: PathBuf,
    server: Server,
    socket: SocketServer,
    data: PathBuf,
    promises: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Opens the house, then its doors.
    pub(crate) async fn start(
        config: HouseConfig,
        listen: SocketAddr,
        given: Option<&TlsFiles>,
    ) -> Told<Self> {
        let data = config.data.clone();
        let house = Arc::new(House::open(config).await?);
        let opened = Self::open_doors(&house, &data, listen, given).await;
        match opened {
            Ok((server, socket, certificate)) => {
                let promises = tokio::spawn(promises::run(Arc::clone(&house)));
                Ok(Self { house, certificate, server, socket, data, promises })
            }
            Err(told) => {
                house.close().await;
                Err(told)
            }
        }
    }

    async fn open_doors(
        house: &Arc<House>,
        data: &std::path::Path,
        listen: SocketAddr,
        given: Option<&TlsFiles>,
    ) -> Told<(Server, SocketServer, PathBuf)> {
        let tls = tls::open(data, given, listen.ip())?;
        let serve_config = ServeConfig {
            listen,
            tls: Arc::new(tls.config),
            idle_limit: IDLE_LIMIT,
            limits: Limits::default(),
        };
        let as_edge: Arc<dyn server::House> = Arc::clone(house) as _;
        let server = serve(serve_config, Arc::clone(&as_edge), Arc::clone(&house.access));
        let server = server.await.map_err(sentence)?;
        let listener = bind_socket(&socket_path(data))?;
        let socket = serve_socket(listener, as_edge, Arc::clone(&house.access));
        door::write(data, server.address(), &tls.shown)?;
        Ok((server, socket, tls.certificate))
    }

    /// `https://ADDRESS:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("https://{}", self.server.address())
    }

    pub(crate) fn say_first_line(&self, links: Links) -> Told<()> {
        let line = FirstLine {
            address: self.address(),
            certificate: self.certificate.display().to_string(),
            links,
        };
        give(&serde_json::to_string(&line).map_err(sentence)?);
        Ok(())
    }

    /// Doors first, so that no picture is on its way while the house closes.
    pub(crate) async fn stop(self) {
        tracing::info!("stopping");
        self.promises.abort();
        self.house.access.close().await;
        tokio::join!(self.server.shutdown(), self.socket.shutdown());
        door::remove(&self.data);
        if let Err(error) = Disk.unlink(&socket_path(&self.data)) {
            tracing::debug!(%error, "the socket was gone already");
        }
        self.house.close().await;
        tracing::info!("stopped; everything is durable");
    }
}

/// Where the command line finds the running recorder.
pub(crate) fn socket_path(data: &std::path::Path) -> PathBuf {
    data.join("jikim.sock")
}

/// A socket that only its owner can speak to. What a crash left of an earlier one is taken away:
/// the data folder is locked, so nobody listens there.
fn bind_socket(path: &std::path::Path) -> Told<UnixListener> {
    use std::os::unix::fs::PermissionsExt as _;
    if Disk.exists(path).map_err(sentence)? {
        Disk.unlink(path).map_err(sentence)?;
    }
    let told = |error: std::io::Error| {
        format!(
            "the command line's socket {} cannot be made: {error}; choose a shorter --data",
            path.display()
        )
    };
    let listener = UnixListener::bind(path).map_err(told)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(told)?;
    Ok(listener)
}

/// The signals that ask for the end, SIGTERM and Ctrl-C. They are listened for before the first line says that the recorder is ready:
/// whoever stops it right then would kill it instead.
pub(crate) struct End {
    terminate: Signal,
    interrupt: Signal,
}

impl End {
    pub(crate) fn listen() -> Self {
        let heard = |kind| signal(kind).expect("signals can be heard");
        Self {
            terminate: heard(SignalKind::terminate()),
            interrupt: heard(SignalKind::interrupt()),
        }
    }

    pub(crate) async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
