//! TLS, and who is let in.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use testkit::{SimAuth, SimCamera, SimFault, SimServer};

use crate::raw::{Client, counter, frames, missing};
use crate::{camera, serve};

/// A client that trusts this certificate alone.
fn connect(server: &SimServer, trusted: &[u8]) -> Client<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::from(server.address().ip());
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    Client::new(StreamOwned::new(connection, stream), server.tls_url(0))
}

#[test]
fn frames_come_over_tls_on_the_same_port() {
    let server = serve(camera());
    assert!(server.tls_url(0).starts_with("rtsps://"));
    let mut client = connect(&server, &server.certificate());
    client.begin("RTP/AVP/TCP;unicast;interleaved=0-1");
    let packets = client.media_for(Duration::from_secs(4));
    assert_eq!(missing(&packets), 0);
    assert!(frames(&packets).into_iter().filter_map(counter).count() > 15);
    assert!(!Client::play(&server).media_for(Duration::from_secs(3)).is_empty());
}

#[test]
fn a_changed_certificate_is_another_one() {
    let server = serve(camera());
    let before = server.certificate();
    assert_eq!(before, server.certificate());
    server.change_certificate();
    assert_ne!(before, server.certificate());
    let mut client = connect(&server, &before);
    let refused = client.stream.write_all(b"OPTIONS * RTSP/1.0\r\n\r\n");
    let refused = refused.and_then(|()| client.stream.read(&mut [0; 1])).unwrap_err().to_string();
    assert!(refused.contains("certificate"), "{refused}");
    assert_eq!(connect(&server, &server.certificate()).ask("DESCRIBE", "").status(), 200);
}

fn locked(auth: SimAuth) -> SimServer {
    let credentials = Some(("admin".to_owned(), "secret".to_owned()));
    let server = serve(SimCamera { credentials, ..camera() });
    server.set_auth(0, auth);
    server
}

/// The right answer to a challenge with SHA-256, as the tool `sha256sum` reckons it.
fn sha256_answer(server: &SimServer, challenge: &str) -> String {
    let nonce = challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap();
    let hash = |text: String| {
        let sum =
            Command::new("sh").arg("-c").arg("printf %s \"$0\" | sha256sum").arg(text).output();
        String::from_utf8(sum.unwrap().stdout).unwrap()[..64].to_owned()
    };
    let url = server.url(0);
    let ha1 = hash("admin:simulated camera:secret".into());
    let ha2 = hash(format!("DESCRIBE:{url}"));
    let response = hash(format!("{ha1}:{nonce}:00000001:c:auth:{ha2}"));
    format!(
        "Authorization: Digest username=\"admin\", realm=\"simulated camera\", nonce=\"{nonce}\", \
         uri=\"{url}\", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"c\", \
         response=\"{response}\"\r\n"
    )
}

#[test]
fn basic_is_asked_for_and_let_in() {
    let server = locked(SimAuth::Basic);
    let mut client = Client::connect(&server);
    let asked = client.ask("DESCRIBE", "");
    assert_eq!((asked.status(), &asked.header("WWW-Authenticate")[0][..6]), (401, "Basic "));
    assert_eq!(client.ask("DESCRIBE", "Authorization: Basic YWRtaW46c2VjcmV0\r\n").status(), 200);
    assert_eq!(client.ask("DESCRIBE", "Authorization: Basic YWRtaW46c2VjcmV1\r\n").status(), 401);
    server.set_auth(0, SimAuth::DigestMd5);
    assert_eq!(client.ask("DESCRIBE", "Authorization: Basic YWRtaW46c2VjcmV0\r\n").status(), 401);
}

#[test]
fn digest_with_sha_256_is_asked_for_alone_and_beside_md5() {
    let server = locked(SimAuth::DigestSha256);
    let mut client = Client::connect(&server);
    let asked = client.ask("DESCRIBE", "").header("WWW-Authenticate");
    assert!(asked.len() == 1 && asked[0].contains("algorithm=SHA-256"), "{asked:?}");
    let answer = sha256_answer(&server, &asked[0]);
    assert_eq!(client.ask("DESCRIBE", &answer).status(), 200);
    assert_eq!(client.ask("DESCRIBE", &answer.replace("c=auth", "x")).status(), 200);
    assert_eq!(client.ask("DESCRIBE", &answer.replace("admin", "root")).status(), 401);
    server.set_auth(0, SimAuth::DigestBoth);
    let asked = Client::connect(&server).ask("DESCRIBE", "").header("WWW-Authenticate");
    assert!(asked.len() == 2 && asked[0].contains("SHA-256") && !asked[1].contains("SHA-256"));
}

#[test]
fn a_nonce_goes_stale_once() {
    let server = locked(SimAuth::DigestSha256);
    let mut client = Client::connect(&server);
    let asked = client.ask("DESCRIBE", "").header("WWW-Authenticate");
    server.set_fault(0, SimFault::StaleNonce).unwrap();
    let refused = client.ask("DESCRIBE", &sha256_answer(&server, &asked[0]));
    let again = refused.header("WWW-Authenticate");
    assert_eq!(refused.status(), 401);
    assert!(again[0].contains("stale=true") && again[0] != asked[0]);
    assert_eq!(client.ask("DESCRIBE", &sha256_answer(&server, &asked[0])).status(), 401);
    assert_eq!(client.ask("DESCRIBE", &sha256_answer(&server, &again[0])).status(), 200);
}
