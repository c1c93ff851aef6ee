//! TLS from the first start: a certificate of our own making, or a given one.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::{Disk, Fs};
use rcgen::{CertificateParams, DnType, KeyPair, SanType};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;
use crate::{Told, sentence};

/// Certificate and key as they are served.
pub(crate) struct Tls {
    /// Where the certificate lies, PEM.
    pub(crate) certificate: PathBuf,
    /// As it is shown, without those above it.
    pub(crate) shown: CertificateDer<'static>,
    pub(crate) config: rustls::ServerConfig,
}

/// The given certificate, or the one in the data folder, made at the first start.
pub(crate) fn open(data: &Path, given: Option<&TlsFiles>, listen: IpAddr) -> Told<Tls> {
    let files = match given {
        Some(files) => files.clone(),
        None => own_certificate(data, listen)?,
    };
    let unreadable = |path: &Path, what: &str| {
        format!("{} is not a {what} in PEM form; give another or leave [tls] out", path.display())
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|_| unreadable(&files.certificate, "certificate"))?;
    let shown = chain.first().cloned();
    let shown = shown.ok_or_else(|| unreadable(&files.certificate, "certificate"))?;
    let key =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|_| unreadable(&files.key, "key"))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(sentence)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| format!("certificate and key do not belong together: {error}"))?;
    Ok(Tls { certificate: files.certificate, shown, config })
}

fn own_certificate(data: &Path, listen: IpAddr) -> Told<TlsFiles> {
    let folder = data.join("tls");
    let files = TlsFiles { certificate: folder.join("cert.pem"), key: folder.join("key.pem") };
    let there = |path: &Path| Disk.exists(path).map_err(sentence);
    if there(&files.certificate)? && there(&files.key)? {
        return Ok(files);
    }
    Disk.make_folder(&folder).map_err(sentence)?;
    let mut params = CertificateParams::new(vec!["localhost".into()]).map_err(sentence)?;
    for address in [listen, IpAddr::from([127, 0, 0, 1])] {
        params.subject_alt_names.push(SanType::IpAddress(address));
    }
    params.distinguished_name.push(DnType::CommonName, "Jikim");
    let key = KeyPair::generate().map_err(sentence)?;
    let certificate = params.self_signed(&key).map_err(sentence)?;
    Disk.replace(&files.key, key.serialize_pem().as_bytes()).map_err(sentence)?;
    Disk.replace(&files.certificate, certificate.pem().as_bytes()).map_err(sentence)?;
    Ok(files)
}
