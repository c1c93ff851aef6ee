//! Where the pages of the running recorder are, and how they prove to be its own: the file `door` in the data
//! folder, written when the door opens and taken away when it closes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host::{Disk, Fs as _};
use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};

use crate::{Told, sentence};

/// A certificate has some hundred bytes, the largest some thousand.
const MAX_FILE_BYTES: usize = 64 << 10;

/// The file. Nothing in it is secret: whoever connects is told both.
#[derive(Serialize, Deserialize)]
struct Written {
    /// Address and port that were really taken.
    address: SocketAddr,
    /// The certificate that is served, DER in base64.
    certificate: String,
}

/// The door of a running recorder.
#[derive(Debug)]
pub(super) struct Door {
    /// Where this machine reaches it.
    pub(super) address: SocketAddr,
    /// The certificate that it shows.
    pub(super) certificate: CertificateDer<'static>,
}

fn path(data: &Path) -> PathBuf {
    data.join("door")
}

/// Says where the door is.
pub(crate) fn write(
    data: &Path,
    address: SocketAddr,
    certificate: &CertificateDer<'_>,
) -> Told<()> {
    let written = Written { address, certificate: STANDARD.encode(certificate) };
    let text = serde_json::to_string(&written).map_err(sentence)?;
    Disk.replace(&path(data), text.as_bytes()).map_err(sentence)
}

/// The door is closed.
pub(crate) fn remove(data: &Path) {
    if let Err(error) = Disk.unlink(&path(data)) {
        tracing::debug!(%error, "the file of the door was gone already");
    }
}

/// Where the door is. A recorder that crashed has left the file: then nobody answers there, or somebody
/// without the key of its certificate.
pub(super) fn read(data: &Path) -> Told<Door> {
    let path = path(data);
    if !Disk.exists(&path).map_err(sentence)? {
        return Err(not_running(data));
    }
    let damaged = || {
        format!(
            "{0}를 읽을 수 없습니다. 녹화기를 다시 시작하십시오. · {0} is damaged; start the recorder again.",
            path.display()
        )
    };
    let bytes = Disk.read(&path, MAX_FILE_BYTES).map_err(sentence)?;
    let written: Written = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let certificate = STANDARD.decode(written.certificate).map_err(|_| damaged())?;
    Ok(Door { address: reached(written.address), certificate: certificate.into() })
}

/// No recorder answers.
pub(super) fn not_running(data: &Path) -> String {
    format!(
        "녹화기가 실행되고 있지 않습니다. 먼저 시작하십시오. · No recorder runs on this folder; start it with: jikim run --data {}",
        data.display()
    )
}

/// One who listens at every address is reached at this machine's own.
fn reached(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_is_found_while_it_is_open() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().contains("jikim run"));
        let certificate = CertificateDer::from(vec![1, 2, 3]);
        for (listens, reached) in [
            ("0.0.0.0:8443", "127.0.0.1:8443"),
            ("[::]:8443", "[::1]:8443"),
            ("192.0.2.1:443", "192.0.2.1:443"),
        ] {
            write(folder.path(), listens.parse().unwrap(), &certificate).unwrap();
            let door = read(folder.path()).unwrap();
            assert_eq!(
                (door.address.to_string().as_str(), &door.certificate),
                (reached, &certificate)
            );
        }
        std::fs::write(folder.path().join("door"), "{}").unwrap();
        assert!(read(folder.path()).unwrap_err().contains("damaged"));
        remove(folder.path());
        assert!(read(folder.path()).unwrap_err().contains("jikim run"));
    }
}
