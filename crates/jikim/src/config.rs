//! The host's configuration: one TOML file. Cameras and accounts are not here; they are entries of
//! the ledger.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use domain::StoragePlace;
use ledger::AccessLife;
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
    /// The volumes, best on disks of their own.
    #[serde(default)]
    pub(crate) volumes: Vec<VolumeSection>,
    /// The socket at which a press makes PDF and HWPX; none: `press.sock` in the data folder.
    pub(crate) press: Option<PathBuf>,
    /// The socket at which people are covered; none: `mask.sock` in the data folder.
    pub(crate) mask: Option<PathBuf>,
    /// Time servers, as a second source beside the wall clock.
    #[serde(default)]
    pub(crate) time_servers: Vec<String>,
    /// For how many years who did what can be read: 1, or 2.
    #[serde(default)]
    access_log_years: AccessLogYears,
    /// A certificate that was given to us.
    pub(crate) tls: Option<TlsFiles>,
    /// What keeps the vault key; none: a slot file in the data folder.
    #[serde(default)]
    pub(crate) holder: Vec<HolderSection>,
}

/// One year is the least that the law asks for; two where 50,000 persons or more are filmed, or what
/// is sensitive. Two unless somebody says otherwise: too early cannot be made good.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "u8")]
enum AccessLogYears {
    One,
    #[default]
    Two,
}

impl TryFrom<u8> for AccessLogYears {
    type Error = &'static str;

    fn try_from(years: u8) -> Result<Self, Self::Error> {
        match years {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            _ => Err("access_log_years is 1 or 2"),
        }
    }
}

/// A volume: its folder, or folder and the room in which it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum VolumeSection {
    Path(PathBuf),
    Placed(PlacedVolume),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlacedVolume {
    path: PathBuf,
    /// The room's word in the published policy.
    #[serde(deserialize_with = "place")]
    place: StoragePlace,
}

fn place<'de, D: serde::Deserializer<'de>>(from: D) -> Result<StoragePlace, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map_err(serde::de::Error::custom)
}

impl From<VolumeSection> for vault::VolumeConfig {
    fn from(section: VolumeSection) -> Self {
        match section {
            VolumeSection::Path(path) => Self { path, place: None },
            VolumeSection::Placed(it) => Self { path: it.path, place: Some(it.place) },
        }
    }
}

/// A holder of the vault key. A PIN is in a file of its own, never here.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum HolderSection {
    /// A file with two slots.
    Slot { path: Option<PathBuf> },
    /// A TPM 2.0 and the first of two NV indices.
    Tpm {
        #[serde(default = "kernel_tpm")]
        tcti: String,
        nv_index: u32,
        pin_file: Option<PathBuf>,
    },
    /// A PKCS#11 token.
    Pkcs11 { module: PathBuf, token: String, pin_file: PathBuf },
}

fn kernel_tpm() -> String {
    "device:/dev/tpmrm0".into()
}

impl From<HolderSection> for vault::HolderConfig {
    fn from(section: HolderSection) -> Self {
        match section {
            HolderSection::Slot { path } => Self::Slot { path },
            HolderSection::Tpm { tcti, nv_index, pin_file } => {
                Self::Tpm { tcti, nv_index, pin_file }
            }
            HolderSection::Pkcs11 { module, token, pin_file } => {
                Self::Pkcs11 { module, token, pin_file }
            }
        }
    }
}

/// Certificate chain and key, PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl HostConfig {
    /// How long the records of acts are kept.
    pub(crate) const fn access_life(&self) -> AccessLife {
        match self.access_log_years {
            AccessLogYears::One => AccessLife::OneYear,
            AccessLogYears::Two => AccessLife::TwoYears,
        }
    }

    /// The holders that are wanted, and those that are given up now.
    pub(crate) fn holders(&self, given_up: Vec<String>) -> vault::HoldersConfig {
        let wanted = self.holder.iter().cloned().map(Into::into).collect();
        vault::HoldersConfig { wanted, given_up }
    }

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
        std::fs::write(file.path(), "access_log_years = 3\n").unwrap();
        assert!(HostConfig::read(Some(file.path())).unwrap_err().contains("1 or 2"));
        std::fs::write(file.path(), "access_log_years = 1\n").unwrap();
        let read = HostConfig::read(Some(file.path())).unwrap();
        assert_eq!(read.access_life(), AccessLife::OneYear);
        assert_eq!(HostConfig::default().access_life(), AccessLife::TwoYears);
        std::fs::write(file.path(), "volumes = [\"/mnt/a\", \"/mnt/b\"]\n").unwrap();
        assert_eq!(HostConfig::read(Some(file.path())).unwrap().volumes.len(), 2);
        let placed = "volumes = [{ path = \"/mnt/a\", place = \"guard-room\" }, \"/mnt/b\"]\n";
        std::fs::write(file.path(), placed).unwrap();
        let read = HostConfig::read(Some(file.path())).unwrap().volumes;
        let read: Vec<vault::VolumeConfig> = read.into_iter().map(Into::into).collect();
        assert_eq!(read[0].place, "guard-room".parse().ok());
        assert_eq!((&*read[1].path, &read[1].place), (Path::new("/mnt/b"), &None));
        for bad in ["{ path = \"/mnt/a\", place = \"Guard Room\" }", "{ place = \"a\" }"] {
            std::fs::write(file.path(), format!("volumes = [{bad}]\n")).unwrap();
            assert!(HostConfig::read(Some(file.path())).is_err(), "{bad}");
        }
    }

    #[test]
    fn holders_are_told_apart_and_a_pin_has_no_place_here() {
        let parse = |text: &str| toml::from_str::<HostConfig>(text);
        let text = "[[holder]]\nkind = \"slot\"\n[[holder]]\nkind = \"tpm\"\nnv_index = 0x01800100\n\
                    [[holder]]\nkind = \"pkcs11\"\nmodule = \"/m.so\"\ntoken = \"t\"\npin_file = \"/p\"\n";
        let holders = parse(text).unwrap().holders(Vec::new()).wanted;
        assert!(matches!(&holders[0], vault::HolderConfig::Slot { path: None }));
        assert!(
            matches!(&holders[1], vault::HolderConfig::Tpm { tcti, nv_index: 0x0180_0100, pin_file: None } if tcti == "device:/dev/tpmrm0")
        );
        assert!(matches!(&holders[2], vault::HolderConfig::Pkcs11 { .. }));
        for bad in ["kind = \"paper\"", "kind = \"tpm\"", "kind = \"slot\"\npin = \"1234\""] {
            assert!(parse(&format!("[[holder]]\n{bad}\n")).is_err(), "{bad}");
        }
    }
}
