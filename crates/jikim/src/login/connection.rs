//! HTTPS to the running recorder's own door, and to nothing else: whoever answers there shows the very
//! certificate that the recorder serves, and proves to have its key, before anything is said to him.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::header::HeaderValue;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::door::{self, Door};
use crate::{Told, sentence};

/// The longest answer that is taken: a register of many years.
const MAX_ANSWER_BYTES: usize = 400 << 20;
/// A password is checked slowly, and others may be waiting.
const ANSWERS_WITHIN: Duration = Duration::from_secs(300);
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);

/// The recorder's door.
pub(super) struct Connection {
    door: Door,
    data: PathBuf,
}

/// What the recorder answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: bytes::Bytes,
    /// The session that it gave: name and value.
    pub(super) cookie: Option<api::Secret>,
}

impl Answer {
    pub(super) const fn is_done(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Why it did not do it.
    pub(super) fn error(&self) -> Option<api::ErrorDetail> {
        let body: api::ErrorBody = serde_json::from_slice(&self.body).ok()?;
        Some(body.error)
    }

    pub(super) fn code(&self) -> Option<api::ErrorCode> {
        self.error().map(|error| error.code)
    }
}

impl Connection {
    /// To the recorder that runs on a data folder. Nothing is sent yet.
    pub(super) fn to(data: &Path) -> Told<Self> {
        Ok(Self { door: door::read(data)?, data: data.to_owned() })
    }

    /// Whether the recorder shows this certificate.
    pub(super) fn is_certified_by(&self, certificate: &[u8]) -> bool {
        self.door.certificate.as_ref() == certificate
    }

    pub(super) fn certificate(&self) -> &[u8] {
        &self.door.certificate
    }

    /// One question, one answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        cookie: Option<&api::Secret>,
    ) -> Told<Answer> {
        let body = Full::new(bytes::Bytes::from(body.unwrap_or_default()));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.door.address.to_string())
            .header("content-type", "application/json")
            .header(api::REQUEST_HEADER, "1");
        if let Some(cookie) = cookie {
            let mut value = HeaderValue::from_str(cookie.reveal()).map_err(sentence)?;
            value.set_sensitive(true);
            request = request.header("cookie", value);
        }
        let request = request.body(body).map_err(sentence)?;
        let asked = tokio::time::timeout(ANSWERS_WITHIN, self.exchange(request)).await;
        asked.unwrap_or_else(|_| {
            Err("녹화기가 제때 답하지 않았습니다. 잠시 뒤에 다시 하십시오. · The recorder did not answer in time; try again later.".into())
        })
    }

    async fn exchange(&self, request: Request<Full<bytes::Bytes>>) -> Told<Answer> {
        let connecting = TcpStream::connect(self.door.address);
        let stream = tokio::time::timeout(CONNECTS_WITHIN, connecting).await;
        let Ok(Ok(stream)) = stream else { return Err(door::not_running(&self.data)) };
        stream.set_nodelay(true).map_err(sentence)?;
        let connector = TlsConnector::from(Arc::new(trusting(&self.door.certificate)?));
        // The name is not what is verified; the certificate itself is.
        let name = ServerName::from(self.door.address.ip());
        let stream = connector.connect(name, stream).await.map_err(|error| untrusted(&error))?;
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(sentence)?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(sentence)?;
        let status = answer.status().as_u16();
        let cookie = answer.headers().get("set-cookie").and_then(|line| line.to_str().ok());
        let cookie = cookie.and_then(|line| line.split(';').next()).map(api::Secret::new);
        let body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        connection.abort();
        Ok(Answer { status, body, cookie })
    }
}

/// Of a handshake that failed.
fn untrusted(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(_)) => "이 주소에서 답하는 것은 이 폴더의 녹화기가 아닙니다(인증서나 그 열쇠가 다릅니다). 아무것도 보내지 않았습니다. 녹화기가 실행 중인지 확인하십시오. · What answers there is not the recorder of this folder: its certificate or its key is another. Nothing was sent; see whether the recorder runs.".into(),
        _ => format!("녹화기와 안전하게 연결하지 못했습니다. · No secure connection to the recorder: {error}"),
    }
}

fn trusting(certificate: &CertificateDer<'static>) -> Told<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let own = OnlyThis {
        certificate: certificate.clone(),
        algorithms: provider.signature_verification_algorithms,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(sentence)?
        // `dangerous` is any verifier but that of public authorities: this one is stricter.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(own))
        .with_no_client_auth();
    Ok(config)
}

/// Believes one certificate, byte for byte, whoever else vouches for another and whatever it names.
#[derive(Debug)]
struct OnlyThis {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for OnlyThis {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if shown.as_ref() == self.certificate.as_ref() {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
