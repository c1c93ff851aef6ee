//! From an address to a camera that plays.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connection::{CameraConnection, Parts};
use super::line::{Carrier, Line};
use super::sdp;
use super::talk::{Agreed, Talk};
use super::tls::Pinned;
use super::udp::Datagrams;
use super::{ConnectError, Fault, SourceConfig, Transport};

/// Connects to a camera and starts its video.
///
/// Must run within a tokio runtime with time and network. Dropping the future, or the connection,
/// hangs up.
///
/// # Errors
/// If there is no camera, it refuses, or its video is not of a kind that is recorded.
pub async fn connect(source: &SourceConfig) -> Result<CameraConnection, ConnectError> {
    let pinned = Pinned::new(source.certificate);
    let line = open(source, &pinned).await?;
    begin(source, line, &pinned).await
}

/// As [`connect`], over a line that somebody brings: what a camera once sent and a file has kept.
///
/// It reads and writes as a socket that never blocks: `Ok(0)` when the camera has hung up,
/// [`io::ErrorKind::WouldBlock`] when nothing is there. No TLS, whatever the address says, and packets
/// within the connection only: over [`Transport::Udp`] it cannot be set up.
///
/// # Errors
/// As of [`connect`].
pub async fn connect_over(
    source: &SourceConfig,
    line: impl Read + Write + Send + 'static,
) -> Result<CameraConnection, ConnectError> {
    let line = Line::plain(Carrier::Brought(Box::new(line)));
    begin(source, line, &Pinned::new(None)).await
}

async fn begin(
    source: &SourceConfig,
    line: Line,
    pinned: &Pinned,
) -> Result<CameraConnection, ConnectError> {
    let mut talk = Talk::new(source, line);
    let address = source.url().as_str();
    let described = talk.ask("DESCRIBE", address, "Accept: application/sdp\r\n").await;
    if pinned.is_another() {
        return Err(ConnectError::CertificateChanged { place: source.place() });
    }
    let described = described?;
    let base = described.value("content-base").or_else(|| described.value("content-location"));
    let base = base.map(|base| with_scheme(base, source)).unwrap_or_else(|| address.to_owned());
    let description = sdp::choose(&described.body, &base, source)?;
    if description.offers_sound {
        tracing::debug!(place = source.place(), "the camera offers sound, which is not asked for");
    }
    let (agreed, datagrams) = set_up(&mut talk, &description.track.control, source).await?;
    talk.ask("PLAY", &description.control, "Range: npt=0.000-\r\n").await?;
    let Talk { line, voice, unread, mut early, .. } = talk;
    early.extend_from_slice(&unread);
    Ok(CameraConnection::new(Parts {
        source: source.clone(),
        line,
        datagrams,
        voice,
        agreed,
        control: description.control,
        track: description.track,
        unread: early,
        certificate: pinned.shown(),
        offers_sound: description.offers_sound,
    }))
}

async fn open(source: &SourceConfig, pinned: &Arc<Pinned>) -> Result<Line, ConnectError> {
    let (place, limit) = (source.place(), source.caps.answer);
    let host = source.url().host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let connecting = TcpStream::connect((host, source.port()));
    let connected = timeout(limit, connecting).await;
    let connected =
        connected.map_err(|_| ConnectError::TimedOut { place: place.clone(), limit })?;
    let made = connected.and_then(|stream| {
        stream.set_nodelay(true)?;
        stream.into_std()
    });
    let stream = made.map_err(|error| ConnectError::Unreachable {
        place: place.clone(),
        source: Fault::new(&error.to_string(), source),
    })?;
    if !source.is_tls() {
        return Ok(Line::plain(Carrier::Socket(stream)));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string());
    let made = name.and_then(|name| {
        pinned
            .config()
            .and_then(|config| Line::tls(stream, config, name))
            .map_err(|e| e.to_string())
    });
    made.map_err(|told| ConnectError::Garbage { place, source: Fault::new(&told, source) })
}

/// The only SETUP there ever is, and it is for video: sound is never asked for (Act 25(5)).
async fn set_up(
    talk: &mut Talk<'_>,
    control: &str,
    source: &SourceConfig,
) -> Result<(Agreed, Option<Datagrams>), ConnectError> {
    let datagrams = match source.transport {
        Transport::Tcp => None,
        Transport::Udp => Some(bind(talk).map_err(|error| talk.unreachable(&error))?),
    };
    let field = match &datagrams {
        None => "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n".to_owned(),
        Some(datagrams) => {
            let port = datagrams.port().map_err(|error| talk.unreachable(&error))?;
            format!("Transport: RTP/AVP;unicast;client_port={port}-{}\r\n", port + 1)
        }
    };
    let answer = talk.ask("SETUP", control, &field).await?;
    let agreed = Agreed::read(answer.value("session"), answer.value("transport"));
    let agreed = agreed.ok_or_else(|| talk.garbage("SETUP was answered without a session"))?;
    talk.set_session(&agreed.session);
    if let (Some(datagrams), Some(ports)) = (&datagrams, agreed.server_ports) {
        datagrams.knock(ports);
    }
    Ok((agreed, datagrams))
}

fn bind(talk: &Talk<'_>) -> io::Result<Datagrams> {
    let stream = talk.line.socket().ok_or(io::ErrorKind::Unsupported)?;
    Datagrams::bind(
        stream.local_addr()?.ip(),
        stream.peer_addr().map(|peer: SocketAddr| peer.ip())?,
    )
}

/// Some cameras leave the scheme out of what addresses are relative to.
fn with_scheme(base: &str, source: &SourceConfig) -> String {
    if base.contains("://") {
        base.to_owned()
    } else {
        format!("{}://{base}", source.url().scheme())
    }
}
