//! The host's configuration: one TOML file. Cameras and accounts are not here; they are entries of
//! the ledger.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Told;

/// What the file may say. `docs/guide/configuration.md` explains each.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostConfig {
    /// The data folder.
    pub(crate) data: Option<PathBuf>,
    /// Address and port of the pages.
    pub(crate) listen: Option<SocketAddr>,
    /// Folders of the volumes, best on disks of their own.
    #[serde(default)]
    pub(crate) volumes: Vec<PathBuf>,
    /// Time servers, as a second source beside the wall clock.
    #[serde(default)]
    pub(crate) time_servers: Vec<String>,
    /// A certificate that was given to us.
    pub(crate) tls: Option<TlsFiles>,
}

/// Certificate chain and key, PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl HostConfig {
    /// Reads the file; without one everything is as it is by default.
    pub(crate) fn read(path: Option<&Path>) -> Told<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).map_err(|error| {
            format!("the configuration {} cannot be read: {error}", path.display())
        })?;
        toml::from_str(&text).map_err(|error| {
            // The whole message of the parser, which points at the line, on one line.
            let what = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            format!("the configuration {} has a mistake: {what}", path.display())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_line_on_one_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "listen = \"127.0.0.1:8443\"\nvolume = [\"a\"]\n").unwrap();
        let told = HostConfig::read(Some(file.path())).unwrap_err();
        assert!(
            told.contains("line 2") && told.contains("volume") && !told.contains('\n'),
            "{told}"
        );
        std::fs::write(file.path(), "listen = \"8443\"\n").unwrap();
        assert!(HostConfig::read(Some(file.path())).unwrap_err().contains("line 1"));
        std::fs::write(file.path(), "volumes = [\"/mnt/a\", \"/mnt/b\"]\n").unwrap();
        assert_eq!(HostConfig::read(Some(file.path())).unwrap().volumes.len(), 2);
    }
}
