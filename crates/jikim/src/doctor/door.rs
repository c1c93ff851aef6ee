//! Attacks on the door: every route without a session and with one that was made up, and every act
//! that asks for a purpose without one.

use std::sync::Arc;

use domain::{AccountId, Action, Actor, CameraId, Role, WallTime};
use http_body_util::Full;
use hyper::Request;
use hyper_util::rt::TokioIo;
use rules::{Ask, Facts, Target, decide};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Claim, Patient};
use crate::{Told, sentence};

const UNASKED: &str = "view-without-session";
const PURPOSE: &str = "view-without-purpose";

/// Every route behind the door but those that sign in and out, without a session and with one that was made up.
pub(crate) async fn unasked(patient: &Patient) -> Claim {
    let attack = async || -> Told<Claim> {
        let connector = TlsConnector::from(Arc::new(trusting(patient)?));
        let (mut tried, mut let_in) = (0, Vec::new());
        // What machines and inspectors may read lies elsewhere.
        let is_guarded =
            |path: &str| path.starts_with("/api/v1/") && !path.starts_with("/api/v1/session");
        for route in api::ROUTES.iter().filter(|route| is_guarded(route.path)) {
            for cookie in [None, Some(made_up())] {
                let path = route.path.replace("{id}", &CameraId::from_bytes([7; 16]).to_string());
                let method = format!("{:?}", route.method).to_uppercase();
                let status = ask(patient, &connector, &method, &path, cookie).await?;
                tried += 1;
                if status < 400 {
                    let_in.push(format!("{method} {path} ({status})"));
                }
            }
        }
        let told = format!(
            "{tried} requests to {} routes, {} let in{}{}",
            tried / 2,
            let_in.len(),
            if let_in.is_empty() { "" } else { ": " },
            let_in.join(", ")
        );
        Ok(Claim::new(UNASKED, tried, let_in.len() as u64, told))
    };
    attack().await.unwrap_or_else(|why| {
        let told = format!("{why}; say with --address where the pages are");
        Claim::untested(UNASKED, told)
    })
}

fn made_up() -> String {
    let secret: [u8; 32] = host::random_bytes();
    let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("__Host-jikim={text}")
}

/// The recorder's own certificate is the only one that is trusted.
fn trusting(patient: &Patient) -> Told<ClientConfig> {
    let path = patient.data.join("tls").join("cert.pem");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&path).map_err(sentence)? {
        roots.add(certificate.map_err(sentence)?).map_err(sentence)?;
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

/// One request; the status of its answer. One that could be answered by a WebSocket asks for it.
async fn ask(
    patient: &Patient,
    connector: &TlsConnector,
    method: &str,
    path: &str,
    cookie: Option<String>,
) -> Told<u16> {
    let stream = TcpStream::connect(patient.address).await.map_err(sentence)?;
    let name = ServerName::try_from("localhost").map_err(sentence)?;
    let stream = connector.connect(name, stream).await.map_err(sentence)?;
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(sentence)?;
    let connection = tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", patient.address.to_string())
        .header("origin", format!("https://{}", patient.address))
        .header("content-type", "application/json")
        .header(api::REQUEST_HEADER, "1");
    if method == "GET" {
        request = request
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let body = if method == "GET" { "" } else { "{}" };
    let request = request.body(Full::new(bytes::Bytes::from(body))).map_err(sentence)?;
    let answer = sender.send_request(request).await.map_err(sentence)?;
    connection.abort();
    Ok(answer.status().as_u16())
}

/// What is not shown without a purpose, asked for by every role without one: the decision is a
/// function, and this is the one that the recorder of this version asks.
pub(crate) fn without_purpose() -> Claim {
    let camera = CameraId::from_bytes([7; 16]);
    let now = WallTime::EPOCH + std::time::Duration::from_secs(1_800_000_000);
    let (from, to) = (now - std::time::Duration::from_secs(600), now);
    let footage = Target::Footage { cameras: vec![camera], from, to };
    let (mut tried, mut permitted) = (0, 0);
    for action in [Action::PlayFootage, Action::TakeStill, Action::ReadRecords] {
        for role in Role::ALL {
            for target in [footage.clone(), Target::Camera(camera), Target::House] {
                let actor = Actor::Person(AccountId::from_bytes([1; 16]));
                let ask = Ask { actor, action, target, purpose: None, proposal: None };
                let facts = Facts { roles: vec![role], ..Facts::nobody() };
                tried += 1;
                permitted += u64::from(decide(ask, &facts, now).is_ok());
            }
        }
    }
    let told = format!("{tried} asks without a purpose by every role, {permitted} permitted");
    Claim::new(PURPOSE, tried, permitted, told)
}
