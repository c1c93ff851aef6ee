//! Requests to a witness, over HTTP or HTTPS.
//!
//! What is sent is public and signed, and the answer is verified: HTTPS only keeps somebody on the
//! way from making a witness seem to refuse.

use std::path::Path;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tlog::note::MAX_NOTE_BYTES;
use tlog::witness::{Answer, MAX_ANSWER_BYTES};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::{Told, sentence};

/// The authorities that the system trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// In the data folder: the authorities that vouch for witnesses, in their place.
pub(crate) const OWN_AUTHORITIES: &str = "witnesses.pem";

/// Whom to believe that a witness's address is its own. Read once: a recorder is restarted when that
/// changes.
#[derive(Clone)]
pub(crate) struct Authorities(Told<Arc<ClientConfig>>);

impl Authorities {
    /// Those of `witnesses.pem` alone if it is there, else those of the system. What is wrong with
    /// them is told when a witness is asked that needs them.
    pub(crate) fn read(data: &Path) -> Self {
        let own = data.join(OWN_AUTHORITIES);
        let system = Path::new(AUTHORITIES);
        Self(tls(if own.exists() { &own } else { system }))
    }
}

/// Sends the body of `add-checkpoint` to a witness.
///
/// Whoever calls it says how long to wait.
pub(crate) async fn post(url: &str, body: String, authorities: &Authorities) -> Told<Answer> {
    let url = Url::parse(url).map_err(sentence)?;
    let request = Request::post(format!("{}/add-checkpoint", url.path().trim_end_matches('/')))
        .header("host", url.authority())
        .header("content-type", "text/plain; charset=utf-8")
        .body(Full::new(bytes::Bytes::from(body)))
        .map_err(sentence)?;
    let (status, kind, body) = ask(&url, request, MAX_ANSWER_BYTES, authorities).await?;
    Answer::read(status, kind.as_deref(), &body).map_err(sentence)
}

/// The newest checkpoint of a log that a witness cosigned, as it shows it to monitors.
///
/// Whoever calls it says how long to wait.
pub(crate) async fn checkpoint(
    url: &str,
    origin: &str,
    authorities: &Authorities,
) -> Told<bytes::Bytes> {
    let mut url = Url::parse(url).map_err(sentence)?;
    // Each part of the origin, percent-encoded where a path asks for it.
    let no_path = || "its address can have no path".to_owned();
    let mut parts = url.path_segments_mut().map_err(|()| no_path())?;
    parts.pop_if_empty().push("checkpoint").extend(origin.split('/'));
    drop(parts);
    let request = Request::get(url.path())
        .header("host", url.authority())
        .body(Full::default())
        .map_err(sentence)?;
    let (status, _, body) = ask(&url, request, MAX_NOTE_BYTES, authorities).await?;
    if status == 200 { Ok(body) } else { Err(format!("it shows no checkpoint (HTTP {status})")) }
}

type Reply = (u16, Option<String>, bytes::Bytes);

async fn ask(
    url: &Url,
    request: Request<Full<bytes::Bytes>>,
    limit_bytes: usize,
    authorities: &Authorities,
) -> Told<Reply> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("its address names no host".into());
    };
    // Without the brackets of an IPv6 address, which belong to the URL.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(sentence)?;
    stream.set_nodelay(true).map_err(sentence)?;
    match url.scheme() {
        "http" => exchange(stream, request, limit_bytes).await,
        "https" => {
            let name = ServerName::try_from(host).map_err(sentence)?;
            let connector = TlsConnector::from(authorities.0.clone()?);
            let stream = connector.connect(name, stream).await.map_err(sentence)?;
            exchange(stream, request, limit_bytes).await
        }
        _ => Err("its address is neither http:// nor https://".into()),
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<bytes::Bytes>>,
    limit_bytes: usize,
) -> Told<Reply> {
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(sentence)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(sentence)?;
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").and_then(|it| it.to_str().ok());
    let kind = kind.map(str::to_owned);
    let body = Limited::new(answer.into_body(), limit_bytes).collect().await;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    connection.abort();
    Ok((status, kind, body))
}

fn tls(path: &Path) -> Told<Arc<ClientConfig>> {
    let told = |what: &str| format!("the authorities in {} {what}", path.display());
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|error| told(&format!("cannot be read: {error}")))?;
    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    if roots.is_empty() {
        return Err(told("are none: it has to hold certificates in PEM"));
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(Arc::new(config))
}
