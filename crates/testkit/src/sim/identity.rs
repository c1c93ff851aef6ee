//! The certificate that the cameras show to who speaks TLS. Who speaks it is seen from the first
//! byte, so one port serves `rtsp` and `rtsps`.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rcgen::{CertificateParams, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// How a TLS connection begins: a record of type handshake.
pub(super) const TLS_BEGINS: u8 = 0x16;

/// A self-signed certificate, made when it is first needed.
pub(super) struct Identity {
    ip: IpAddr,
    shown: Mutex<Option<Shown>>,
}

#[derive(Clone)]
struct Shown {
    config: Arc<ServerConfig>,
    certificate: Vec<u8>,
}

impl Identity {
    pub(super) const fn new(ip: IpAddr) -> Self {
        Self { ip, shown: Mutex::new(None) }
    }

    /// Shows another certificate, with another key, from the next connection on.
    pub(super) fn change(&self) {
        *self.lock() = None;
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        self.shown().config
    }

    /// The certificate shown now, as DER.
    pub(super) fn certificate(&self) -> Vec<u8> {
        self.shown().certificate
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown(&self) -> Shown {
        self.lock().get_or_insert_with(|| make(self.ip)).clone()
    }
}

fn make(ip: IpAddr) -> Shown {
    let key = KeyPair::generate().expect("the machine has chance for a key");
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a plain name");
    params.subject_alt_names.push(SanType::IpAddress(ip));
    let certificate = params.self_signed(&key).expect("the key is one that can sign");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("the certificate is of this key");
    Shown { config: Arc::new(config), certificate: certificate.der().to_vec() }
}
