//! Where a camera is and who we are to it, with the secret kept apart.

use std::fmt;

use url::Url;

use super::{Caps, Fingerprint, Transport};

/// A name and a password for a camera. The password is in no `Debug` and no error.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password, for the camera's eyes only.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(secret)")
    }
}

/// Why an address cannot be one of a camera. Never holds the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL.
    #[error("this is not an address; write it as rtsp://HOST:PORT/PATH")]
    NotAnAddress,
    /// Another scheme.
    #[error(
        "a camera's address begins with rtsp:// or rtsps://; look it up in the camera's settings"
    )]
    NotRtsp,
    /// No host in it.
    #[error("the address names no host; write it as rtsp://HOST:PORT/PATH")]
    NoHost,
    /// A name or password that is not text.
    #[error("the name or password in the address is not valid text; percent-encode it as UTF-8")]
    NotText,
    /// Longer than any real one.
    #[error("the address is longer than 2048 bytes; look it up in the camera's own settings")]
    TooLong,
}

/// A camera to connect to.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceConfig {
    url: Url,
    credentials: Option<Credentials>,
    /// How packets travel.
    pub transport: Transport,
    /// What the camera may ask of us.
    pub caps: Caps,
    /// The certificate that the camera showed at first sight, if it speaks TLS.
    pub certificate: Option<Fingerprint>,
}

impl fmt::Debug for SourceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Path and query stay out: some cameras take the password there.
        f.debug_struct("SourceConfig")
            .field("place", &self.place())
            .field("transport", &self.transport)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

impl SourceConfig {
    /// Reads an address like `rtsp://name:password@host:554/path?query`; name and password, if
    /// there are any, are taken out of it.
    ///
    /// # Errors
    /// If it cannot be a camera's address.
    pub fn parse(address: &str) -> Result<Self, AddressError> {
        const MAX_ADDRESS_BYTES: usize = 2048;
        if address.len() > MAX_ADDRESS_BYTES {
            return Err(AddressError::TooLong);
        }
        let mut url = Url::parse(address.trim()).map_err(|_| AddressError::NotAnAddress)?;
        match url.scheme() {
            "rtsp" | "rtsps" => {}
            _ => return Err(AddressError::NotRtsp),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::NoHost);
        }
        let credentials = take_credentials(&mut url)?;
        Ok(Self {
            url,
            credentials,
            transport: Transport::default(),
            caps: Caps::default(),
            certificate: None,
        })
    }

    /// The same camera, as somebody.
    #[must_use]
    pub fn with_credentials(self, credentials: Option<Credentials>) -> Self {
        Self { credentials, ..self }
    }

    /// The same camera, by another way.
    #[must_use]
    pub fn with_transport(self, transport: Transport) -> Self {
        Self { transport, ..self }
    }

    /// The same camera, under other limits.
    #[must_use]
    pub fn with_caps(self, caps: Caps) -> Self {
        Self { caps, ..self }
    }

    /// The same camera, known by its certificate.
    #[must_use]
    pub fn with_certificate(self, certificate: Option<Fingerprint>) -> Self {
        Self { certificate, ..self }
    }

    /// Host and port: all of the address that may be shown.
    #[must_use]
    pub fn place(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        format!("{host}:{}", self.port())
    }

    pub(super) fn port(&self) -> u16 {
        // RFC 7826 names 322 for TLS.
        self.url.port().unwrap_or(if self.is_tls() { 322 } else { 554 })
    }

    /// Whether the conversation is encrypted.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.url.scheme() == "rtsps"
    }

    /// The address without name and password. Its path and query may still be secret.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Who we are to the camera.
    #[must_use]
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// Every part of the address that no error may repeat.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let mut secrets = Vec::new();
        secrets.extend(self.credentials.iter().map(|known| known.password.as_str()));
        secrets.extend(self.url.query());
        // A path of a letter or two says nothing, and would blot out every such letter.
        secrets.extend(Some(self.url.path().trim_start_matches('/')).filter(|path| path.len() > 3));
        secrets.retain(|secret| !secret.is_empty());
        secrets
    }
}

fn take_credentials(url: &mut Url) -> Result<Option<Credentials>, AddressError> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let credentials = Credentials {
        username: percent_decoded(url.username())?,
        password: percent_decoded(url.password().unwrap_or_default())?,
    };
    url.set_username("").map_err(|()| AddressError::NoHost)?;
    url.set_password(None).map_err(|()| AddressError::NoHost)?;
    Ok(Some(credentials))
}

fn percent_decoded(text: &str) -> Result<String, AddressError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let hex = behind.get(..2).filter(|_| *first == b'%');
        let byte = hex
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).map_err(|_| AddressError::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_and_never_shown() {
        let source = SourceConfig::parse("rtsp://admin:p%40ss%25@cam.example:8554/a?b=c").unwrap();
        let known = source.credentials().unwrap();
        assert_eq!((known.username.as_str(), known.password.as_str()), ("admin", "p@ss%"));
        assert_eq!(source.url().as_str(), "rtsp://cam.example:8554/a?b=c");
        let shown = format!("{source:?}");
        assert!(shown.contains("cam.example:8554"), "{shown}");
        for secret in ["p@ss", "p%40", "admin", "b=c"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn what_is_no_camera_is_refused() {
        for (address, error) in [
            ("cam", AddressError::NotAnAddress),
            ("http://cam/", AddressError::NotRtsp),
            ("rtsp:///path", AddressError::NoHost),
            ("rtsp://%FF:x@cam/", AddressError::NotText),
        ] {
            assert_eq!(SourceConfig::parse(address), Err(error), "{address}");
        }
        let long = format!("rtsp://cam/{}", "x".repeat(2048));
        assert_eq!(SourceConfig::parse(&long), Err(AddressError::TooLong));
    }
}
