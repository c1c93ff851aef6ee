//! Which holders there are to be.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::RecorderId;
use host::Fs;

use super::Holder;
use super::pkcs11::Pkcs11Holder;
use super::posted::{PATIENCE, Posted};
use super::slot::{DEFAULT_FILE, SlotHolder};
use super::tpm::{TpmHolder, Transport};
use crate::OpenVaultError;

/// A holder that is wanted.
#[derive(Debug, Clone)]
pub enum HolderConfig {
    /// A slot file.
    Slot {
        /// Within the vault's folder, or elsewhere; none is `holder.slots` in that folder.
        path: Option<PathBuf>,
    },
    /// A TPM 2.0.
    Tpm {
        /// `device:PATH` of a character device, or `swtpm:path=PATH` of a simulated one's socket.
        tcti: String,
        /// The first of two NV indices.
        nv_index: u32,
        /// File with the password of the indices; none if they have none.
        pin_file: Option<PathBuf>,
    },
    /// A PKCS#11 token.
    Pkcs11 {
        /// The maker's library.
        module: PathBuf,
        /// Label of the token.
        token: String,
        /// File with the user's PIN.
        pin_file: PathBuf,
    },
    /// Another make.
    Given(Arc<dyn Holder>),
}

/// The holders that are wanted, and those that are given up.
#[derive(Debug, Clone, Default)]
pub struct HoldersConfig {
    /// None: the slot file in the vault's folder.
    pub wanted: Vec<HolderConfig>,
    /// Names of holders that are lost for good: destruction waits for them no longer, and what they
    /// kept is not destroyed in them.
    pub given_up: Vec<String>,
}

impl HolderConfig {
    /// Nothing is opened or connected yet.
    pub(super) fn make(
        &self,
        fs: &Arc<dyn Fs>,
        folder: &Path,
        recorder: RecorderId,
    ) -> Result<Arc<dyn Holder>, OpenVaultError> {
        let posted =
            |inner: Arc<dyn Holder>| -> Arc<dyn Holder> { Arc::new(Posted::new(inner, PATIENCE)) };
        Ok(match self {
            Self::Slot { path } => {
                let path = path.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
                Arc::new(SlotHolder::new(fs, folder, path))
            }
            Self::Tpm { tcti, nv_index, pin_file } => {
                let transport = Transport::parse(tcti)
                    .ok_or_else(|| OpenVaultError::HolderTcti { tcti: tcti.clone() })?;
                let holder = TpmHolder::new(transport, *nv_index, pin_file.clone(), recorder);
                posted(Arc::new(holder))
            }
            Self::Pkcs11 { module, token, pin_file } => {
                let wrapped = (Arc::clone(fs), folder);
                posted(Arc::new(Pkcs11Holder::new(module, token, pin_file, wrapped, recorder)))
            }
            Self::Given(holder) => Arc::clone(holder),
        })
    }
}
