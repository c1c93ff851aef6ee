//! Where a ledger is read from: a folder, or a recorder's public address.
//!
//! Nothing that comes from a source is believed. Over the network the recorder's certificate is not
//! checked, since it is self-signed and nothing rests on it: a server that lies is found out by
//! signatures and hashes, whoever it is.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::Agent;
use ureq::tls::{TlsConfig, TlsProvider};

/// The longest tile, bundle or checkpoint that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// The longest companion that is read, in bytes: two million keys.
pub const MAX_COMPANION_BYTES: u64 = 256 << 20;

/// The prefix below which a recorder serves its ledger.
const PUBLIC_PREFIX: &str = "/ledger-public";

/// Something that gives the files of a ledger by their paths (`2026/checkpoint`).
pub trait Source: Send + Sync {
    /// The bytes of a file, or nothing if there is none.
    ///
    /// # Errors
    /// If nobody can say, or it is longer than `limit_bytes`.
    fn read(&self, path: &str, limit_bytes: u64) -> Result<Option<Vec<u8>>, SourceError>;

    /// The years that there are, if the source can tell; a server cannot.
    ///
    /// # Errors
    /// If nobody can say.
    fn years(&self) -> Result<Option<Vec<u16>>, SourceError> {
        Ok(None)
    }
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The disk refused.
    #[error("{path} could not be read")]
    Disk {
        /// Path below the ledger.
        path: String,
        /// What the disk said.
        #[source]
        source: std::io::Error,
    },
    /// The server did not answer, or not with the file.
    #[error("{url} could not be fetched: {reason}")]
    Network {
        /// The whole address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// Longer than such a file may be.
    #[error("{path} has more than {limit_bytes} bytes")]
    TooLarge {
        /// Path below the ledger.
        path: String,
        /// How many it may have.
        limit_bytes: u64,
    },
    /// The argument names no ledger.
    #[error("{0} is neither a folder nor an http or https address")]
    NoLedger(String),
}

/// The source that an argument names: an address, or a folder. Of a recorder's data folder the
/// ledger in it is taken.
///
/// # Errors
/// If it is neither.
pub fn open(argument: &str) -> Result<Box<dyn Source>, SourceError> {
    if argument.starts_with("https://") || argument.starts_with("http://") {
        return Ok(Box::new(Server::new(argument)));
    }
    let path = Path::new(argument);
    if !path.is_dir() {
        return Err(SourceError::NoLedger(argument.to_owned()));
    }
    let inner = path.join("ledger");
    let folder = if inner.is_dir() { inner } else { path.to_owned() };
    Ok(Box::new(Folder { folder }))
}

/// A ledger that lies on a disk.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder with the years in it.
    pub folder: PathBuf,
}

impl Source for Folder {
    fn read(&self, path: &str, limit_bytes: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let wrong = |source| SourceError::Disk { path: path.to_owned(), source };
        let file = match fs::File::open(self.folder.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error)),
        };
        let mut bytes = Vec::new();
        file.take(limit_bytes + 1).read_to_end(&mut bytes).map_err(wrong)?;
        limited(path, bytes, limit_bytes)
    }

    fn years(&self) -> Result<Option<Vec<u16>>, SourceError> {
        let wrong = |source| SourceError::Disk { path: String::new(), source };
        let mut years = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(wrong)? {
            let name = entry.map_err(wrong)?.file_name();
            let year = name.to_str().filter(|name| name.len() == 4);
            years.extend(year.and_then(|year| year.parse::<u16>().ok()));
        }
        years.sort_unstable();
        Ok(Some(years))
    }
}

fn limited(path: &str, bytes: Vec<u8>, limit_bytes: u64) -> Result<Option<Vec<u8>>, SourceError> {
    if bytes.len() as u64 > limit_bytes {
        return Err(SourceError::TooLarge { path: path.to_owned(), limit_bytes });
    }
    Ok(Some(bytes))
}

/// A ledger that a recorder serves.
pub struct Server {
    prefix: String,
    agent: Agent,
}

impl Server {
    /// The ledger below an address. An address without a path is a recorder's: its public ledger is
    /// taken. Any other is taken as it is, so that a copy on any web server will do.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let url = url.trim_end_matches('/');
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        let prefix =
            if host.contains('/') { url.to_owned() } else { format!("{url}{PUBLIC_PREFIX}") };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ))
            .disable_verification(true)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(std::time::Duration::from_secs(60)))
            .user_agent("jikim-verify")
            .build();
        Self { prefix, agent: config.into() }
    }
}

impl Source for Server {
    fn read(&self, path: &str, limit_bytes: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let url = format!("{}/{path}", self.prefix);
        let wrong = |reason: String| SourceError::Network { url: url.clone(), reason };
        let mut answer = self.agent.get(&url).call().map_err(|error| wrong(error.to_string()))?;
        match answer.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            other => return Err(wrong(format!("the server answered {other}"))),
        }
        let mut bytes = Vec::new();
        let body = answer.body_mut().as_reader();
        body.take(limit_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| wrong(error.to_string()))?;
        limited(path, bytes, limit_bytes)
    }
}
