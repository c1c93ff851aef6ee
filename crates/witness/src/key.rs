//! The witness's Ed25519 key: its secret in a slot file, its public half beside it in the open.
//!
//! `key` is a slot file of one slot (mode 0600). `vkey` is the verifier key in one line; it is
//! written last, so a folder with a `vkey` is a witness, and one without is not yet.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use host::{Fs, FsError, Secret, SlotError, SlotFile};
use tlog::note::KeyError;
use tlog::witness::Accepted;
use tlog::{Algorithm, Signature, VerifierKey};

const KEY: &str = "key";
const VKEY: &str = "vkey";

/// Longer than any verifier key that we make.
const MAX_VKEY_BYTES: usize = 1024;

/// Why a witness could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already, and its key is worth more than a new one.
    #[error(
        "{0} already holds a witness: `jikim-witness key` shows its key; choose another --data for \
         a new one"
    )]
    AlreadyThere(PathBuf),
    /// The name cannot stand in a signature.
    #[error(
        "a witness's name has 1 to 255 bytes without spaces or plus, best like an address: \
         witness.example.org/seoul"
    )]
    Name(#[source] KeyError),
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// The disk refused the secret.
    #[error(transparent)]
    Slot(#[from] SlotError),
}

/// Why a witness's key could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenKeyError {
    /// No witness was made here.
    #[error("{0} holds no witness: make one with `jikim-witness init`")]
    NoWitness(PathBuf),
    /// What should be the verifier key is something else.
    #[error("{path} holds no verifier key of a witness; restore it from where it was published")]
    NotAKey {
        /// Which file.
        path: PathBuf,
    },
    /// The slot is empty, or its secret is another key's.
    #[error(
        "the secret in {path} is not that of the verifier key beside it: restore both from one \
         place, or make a new witness in a new folder and publish its key"
    )]
    OtherSecret {
        /// Which file.
        path: PathBuf,
    },
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// The slot file cannot be used.
    #[error(transparent)]
    Slot(#[from] SlotError),
}

/// The key with which cosignatures are made. It cannot be printed.
pub(crate) struct CosigningKey {
    pair: Ed25519KeyPair,
    verifier: VerifierKey,
}

/// Makes a witness in a folder, which may be there already if it holds none: its key, and a list of
/// logs without a line. Gives the verifier key. A crash leaves what the next call finishes.
///
/// # Errors
/// If a witness is there, the name is no name, or the disk refuses.
pub fn create(fs: &dyn Fs, folder: &Path, name: &str) -> Result<VerifierKey, CreateError> {
    // Before anything is made: a wrong name leaves nothing behind.
    VerifierKey::new(name, Algorithm::CosignatureV1, [0; 32]).map_err(CreateError::Name)?;
    make_folders(fs, folder)?;
    let vkey = folder.join(VKEY);
    if fs.exists(&vkey)? {
        return Err(CreateError::AlreadyThere(folder.to_owned()));
    }
    let slots = SlotFile::open_or_create(fs, &folder.join(KEY), 1)?;
    let seed = match slots.read(0)? {
        // Of a call that a crash ended: nobody has seen its public half yet.
        Some((_, seed)) => seed,
        None => {
            let seed = Secret::random();
            slots.write(0, 1, &seed)?;
            seed
        }
    };
    let verifier = VerifierKey::new(name, Algorithm::CosignatureV1, public(&pair(&seed)))
        .map_err(CreateError::Name)?;
    crate::logs::create(fs, folder)?;
    fs.replace(&vkey, format!("{verifier}\n").as_bytes())?;
    Ok(verifier)
}

/// The folder and those in it, their names durable.
fn make_folders(fs: &dyn Fs, folder: &Path) -> Result<(), FsError> {
    for part in [crate::book::FOLDER, crate::evidence::FOLDER] {
        fs.make_folder(&folder.join(part))?;
    }
    fs.sync_folder(folder)?;
    match folder.parent() {
        Some(above) if above.as_os_str().is_empty() => fs.sync_folder(Path::new(".")),
        Some(above) => fs.sync_folder(above),
        None => Ok(()),
    }
}

/// The verifier key of the witness in a folder.
///
/// # Errors
/// If there is none, or its file holds something else.
pub fn verifier_key(fs: &dyn Fs, folder: &Path) -> Result<VerifierKey, OpenKeyError> {
    let path = folder.join(VKEY);
    if !fs.exists(&path)? {
        return Err(OpenKeyError::NoWitness(folder.to_owned()));
    }
    let text = String::from_utf8(fs.read(&path, MAX_VKEY_BYTES)?).unwrap_or_default();
    let key = text.trim_end().parse::<VerifierKey>().ok();
    key.filter(|key| key.algorithm() == Algorithm::CosignatureV1)
        .ok_or(OpenKeyError::NotAKey { path })
}

impl CosigningKey {
    /// The key of the witness in a folder.
    pub(crate) fn open(fs: &dyn Fs, folder: &Path) -> Result<Self, OpenKeyError> {
        let verifier = verifier_key(fs, folder)?;
        let path = folder.join(KEY);
        let slots = SlotFile::open(fs, &path, 1)?;
        let Some((_, seed)) = slots.read(0)? else {
            return Err(OpenKeyError::OtherSecret { path });
        };
        let pair = pair(&seed);
        if public(&pair) != *verifier.public_key() {
            return Err(OpenKeyError::OtherSecret { path });
        }
        Ok(Self { pair, verifier })
    }

    pub(crate) const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The cosignature at a time in seconds since 1970. It must not leave before the head is durable.
    pub(crate) fn cosign(&self, accepted: &Accepted, timestamp_s: u64) -> Signature {
        let raw = self.pair.sign(&accepted.message(timestamp_s));
        accepted
            .cosignature(&self.verifier, timestamp_s, raw.as_ref())
            .expect("a wall time and 64 bytes make a cosignature")
    }
}

fn pair(seed: &Secret) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("any 32 bytes are an Ed25519 seed")
}

fn public(pair: &Ed25519KeyPair) -> [u8; 32] {
    pair.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes")
}
