//! Who is not the recorder hears nothing.

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn identity(name: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    Identity { certificate: certificate.into(), key }
}

/// Somebody who shows one certificate and has one key; what he hears before he hangs up.
async fn listener(
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
) -> (std::net::SocketAddr, tokio::task::JoinHandle<Vec<u8>>) {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let signing = aws_lc_rs::sign::any_supported_type(&key).unwrap();
    let shown = rustls::sign::CertifiedKey::new(vec![certificate.clone()], signing);
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(shown)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await else {
            return Vec::new();
        };
        let mut heard = vec![0; 4096];
        let length = stream.read(&mut heard).await.unwrap_or(0);
        heard.truncate(length);
        heard
    });
    (address, heard)
}

/// What somebody hears of a password that is meant for the recorder.
async fn heard_by(recorder: &Identity, shown: &Identity, key: &Identity) -> (String, String) {
    let (address, heard) = listener(&shown.certificate, &key.key).await;
    let data = tempfile::tempdir().unwrap();
    door::write(data.path(), address, &recorder.certificate).unwrap();
    let connection = Connection::to(data.path()).unwrap();
    let asked = connection.ask(Method::POST, "/", Some("a password".into()), None).await;
    let told = asked.err().expect("nobody answered as the recorder does");
    (String::from_utf8(heard.await.unwrap()).unwrap(), told)
}

#[tokio::test]
async fn nothing_is_said_to_whoever_is_not_the_recorder() {
    // The names are the same: the certificate alone decides, and the key that belongs to it.
    let (recorder, other) = (identity("localhost"), identity("localhost"));
    let (heard, told) = heard_by(&recorder, &other, &other).await;
    assert!(heard.is_empty(), "{heard}");
    assert!(told.contains("녹화기가 아닙니다"), "{told}");
    let (heard, told) = heard_by(&recorder, &recorder, &other).await;
    assert!(heard.is_empty(), "{heard}");
    assert!(told.contains("녹화기가 아닙니다"), "{told}");
    // The control: the recorder hears it, whatever name its certificate has.
    for recorder in [recorder, identity("cctv.example.kr")] {
        let (heard, _) = heard_by(&recorder, &recorder, &recorder).await;
        assert!(heard.contains("a password") && heard.contains("x-jikim-request"), "{heard}");
    }
}

#[tokio::test]
async fn where_nobody_listens_no_recorder_runs() {
    let data = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    door::write(data.path(), free, &identity("localhost").certificate).unwrap();
    let connection = Connection::to(data.path()).unwrap();
    let asked = connection.ask(Method::GET, "/", None, None).await;
    assert!(asked.err().unwrap().contains("jikim run"));
}
