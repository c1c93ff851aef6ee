//! A PKCS#11 token: for each epoch an AES key that was made in the token and cannot leave it. It
//! wraps the vault key; the wrapped form lies in the vault's folder, and opens nothing once the key
//! in the token is destroyed.
//!
//! Labels are `jikim <recorder id> <turn>`. The wrapped form, `wrapped-<16 hexadecimal digits>-<turn>`
//! (`docs/formats/keyring.md`): magic `JIKIMP11` (8), initialisation vector (16), AES-256-CBC of
//! epoch u64 LE (8), vault key (32), SHA-256 of the 40 bytes before it (32), zeros (8). CBC is what
//! every token has; what makes sure that it is whole is the hash inside.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use domain::RecorderId;
use host::{Fs, Secret};
use zeroize::Zeroizing;

use super::pin::pin;
use super::provable::{Facts, HolderKind};
use super::{Holder, HolderError, Provable, provable, turn_of};
use crate::notary::hex;

const MAGIC: &[u8; 8] = b"JIKIMP11";
const VECTOR_BYTES: usize = 16;
const COVERED_BYTES: usize = 40;
const PLAIN_BYTES: usize = 80;
const WRAPPED_BYTES: usize = 8 + VECTOR_BYTES + PLAIN_BYTES;
const TURNS: u32 = 2;
/// Tokens have fewer.
const MOST_PIN_BYTES: usize = 255;

/// Why a token did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Pkcs11Error {
    /// Its library cannot be used.
    #[error("the PKCS#11 module {module} cannot be used: {source}")]
    Module {
        /// Which.
        module: PathBuf,
        /// What it said.
        source: Error,
    },
    /// No such token.
    #[error("there is no token labelled {0:?}; is it plugged in?")]
    NoToken(String),
    /// The PIN is wrong. It is not tried again: a token locks itself after a few.
    #[error("the token refused the PIN; it is not tried again before the next start")]
    PinRefused,
    /// It refused something else.
    #[error("the token cannot {doing}: {source}")]
    Refused {
        /// What was asked.
        doing: &'static str,
        /// What it said.
        source: Error,
    },
    /// It makes keys that can leave it.
    #[error("the token makes keys that can leave it, so nothing destroyed in it is surely gone")]
    Extractable,
}

fn refused(doing: &'static str) -> impl Fn(Error) -> HolderError {
    move |source| Pkcs11Error::Refused { doing, source }.into()
}

/// Loaded modules: a library counts how often it is begun, and may be begun only once.
static MODULES: Mutex<Option<HashMap<PathBuf, Pkcs11>>> = Mutex::new(None);

fn module(path: &Path) -> Result<Pkcs11, HolderError> {
    let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let modules = modules.get_or_insert_default();
    if let Some(found) = modules.get(path) {
        return Ok(found.clone());
    }
    let failed = |source| Pkcs11Error::Module { module: path.to_owned(), source };
    let loaded = Pkcs11::new(path).map_err(failed)?;
    match loaded.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(source) => return Err(failed(source).into()),
    }
    modules.insert(path.to_owned(), loaded.clone());
    Ok(loaded)
}

/// Two keys in a token, and what they wrap beside the vault.
pub(super) struct Pkcs11Holder {
    name: String,
    module: PathBuf,
    token: String,
    pin_file: PathBuf,
    recorder: RecorderId,
    fs: Arc<dyn Fs>,
    /// Of the wrapped forms, without their turn.
    stem: PathBuf,
    is_pin_refused: AtomicBool,
}

impl Pkcs11Holder {
    pub(super) fn new(
        module: &Path,
        token: &str,
        pin_file: &Path,
        (fs, folder): (Arc<dyn Fs>, &Path),
        recorder: RecorderId,
    ) -> Self {
        let name = format!("pkcs11:{}#{token}", module.display());
        let short = &hex(digest(&SHA256, name.as_bytes()).as_ref())[..16];
        Self {
            stem: folder.join(format!("wrapped-{short}")),
            name,
            module: module.to_owned(),
            token: token.to_owned(),
            pin_file: pin_file.to_owned(),
            recorder,
            fs,
            is_pin_refused: AtomicBool::new(false),
        }
    }

    fn slot(&self, module: &Pkcs11) -> Result<Slot, HolderError> {
        let slots = module.get_slots_with_token().map_err(refused("list its tokens"))?;
        let is_it = |slot: &Slot| {
            module.get_token_info(*slot).is_ok_and(|info| info.label().trim_end() == self.token)
        };
        let slot = slots.into_iter().find(is_it);
        Ok(slot.ok_or_else(|| Pkcs11Error::NoToken(self.token.clone()))?)
    }

    /// Signed in anew for each thing that is asked: a token that was away has forgotten.
    fn session(&self) -> Result<Session, HolderError> {
        if self.is_pin_refused.load(Ordering::Acquire) {
            return Err(Pkcs11Error::PinRefused.into());
        }
        let module = module(&self.module)?;
        let slot = self.slot(&module)?;
        let session = module.open_rw_session(slot).map_err(refused("begin a session"))?;
        let pin = AuthPin::new(pin(&self.pin_file, MOST_PIN_BYTES)?.as_str().into());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinLocked | RvError::PinInvalid,
                _,
            )) => {
                self.is_pin_refused.store(true, Ordering::Release);
                Err(Pkcs11Error::PinRefused.into())
            }
            Err(error) => Err(refused("sign in")(error)),
        }
    }

    fn label(&self, turn: u32) -> Vec<u8> {
        format!("jikim {} {turn}", self.recorder).into_bytes()
    }

    fn path(&self, turn: u32) -> PathBuf {
        let mut name = self.stem.as_os_str().to_owned();
        name.push(format!("-{turn}"));
        name.into()
    }

    fn keys(&self, session: &Session, turn: u32) -> Result<Vec<ObjectHandle>, HolderError> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::Token(true),
            Attribute::Label(self.label(turn)),
        ];
        session.find_objects(&template).map_err(refused("find its keys"))
    }

    /// Every key of a turn, and then that there is none.
    fn destroy_keys(&self, session: &Session, turn: u32) -> Result<(), HolderError> {
        for key in self.keys(session, turn)? {
            session.destroy_object(key).map_err(refused("destroy a key"))?;
        }
        if self.keys(session, turn)?.is_empty() { Ok(()) } else { Err(HolderError::ReadBack) }
    }

    fn make_key(&self, session: &Session, turn: u32) -> Result<ObjectHandle, HolderError> {
        let template = [
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(32.into()),
            Attribute::Label(self.label(turn)),
        ];
        let key = session.generate_key(&Mechanism::AesKeyGen, &template);
        let key = key.map_err(refused("make a key"))?;
        let asked = [AttributeType::Extractable, AttributeType::Sensitive];
        let found = session.get_attributes(key, &asked).map_err(refused("describe its key"))?;
        let is_kept = found.contains(&Attribute::Extractable(false))
            && found.contains(&Attribute::Sensitive(true));
        if is_kept {
            return Ok(key);
        }
        session.destroy_object(key).map_err(refused("destroy a key"))?;
        Err(Pkcs11Error::Extractable.into())
    }

    /// What a turn keeps: the first whole one that a key of the token opens.
    fn held_in(&self, session: &Session, turn: u32) -> Result<Option<(u64, Secret)>, HolderError> {
        let bytes = match self.fs.read(&self.path(turn), WRAPPED_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let Some((vector, wrapped)) = split(&bytes) else { return Ok(None) };
        for key in self.keys(session, turn)? {
            let plain = session.decrypt(&Mechanism::AesCbc(vector), key, wrapped);
            let plain = Zeroizing::new(plain.map_err(refused("unwrap the vault key"))?);
            if let Some(found) = parse(&plain) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn split(bytes: &[u8]) -> Option<([u8; VECTOR_BYTES], &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (vector, wrapped) = rest.split_first_chunk::<VECTOR_BYTES>()?;
    (wrapped.len() == PLAIN_BYTES).then_some((*vector, wrapped))
}

fn encode(epoch: u64, key: &Secret) -> Zeroizing<[u8; PLAIN_BYTES]> {
    let mut plain = Zeroizing::new([0; PLAIN_BYTES]);
    plain[..8].copy_from_slice(&epoch.to_le_bytes());
    plain[8..COVERED_BYTES].copy_from_slice(key.expose());
    let sum = digest(&SHA256, &plain[..COVERED_BYTES]);
    plain[COVERED_BYTES..COVERED_BYTES + 32].copy_from_slice(sum.as_ref());
    plain
}

fn parse(plain: &[u8]) -> Option<(u64, Secret)> {
    let sum = digest(&SHA256, plain.get(..COVERED_BYTES)?);
    (plain.get(COVERED_BYTES..COVERED_BYTES + 32)? == sum.as_ref()).then_some(())?;
    let epoch = u64::from_le_bytes(plain[..8].try_into().expect("eight bytes"));
    Some((epoch, Secret::from_bytes(plain[8..COVERED_BYTES].try_into().ok()?)))
}

impl Holder for Pkcs11Holder {
    fn name(&self) -> &str {
        &self.name
    }

    fn join(&self) -> Result<(), HolderError> {
        self.session().map(drop)
    }

    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
        let session = self.session()?;
        let mut held = Vec::new();
        for turn in 0..TURNS {
            held.extend(self.held_in(&session, turn)?);
        }
        held.sort_by_key(|(epoch, _)| *epoch);
        Ok(held)
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError> {
        let (session, turn) = (self.session()?, turn_of(epoch));
        self.destroy_keys(&session, turn)?;
        let wrapping = self.make_key(&session, turn)?;
        let vector: [u8; VECTOR_BYTES] = host::random_bytes();
        let plain = encode(epoch, key);
        let wrapped = session.encrypt(&Mechanism::AesCbc(vector), wrapping, &plain[..]);
        let wrapped = wrapped.map_err(refused("wrap the vault key"))?;
        self.fs.replace(&self.path(turn), &[&MAGIC[..], &vector[..], &wrapped[..]].concat())?;
        let is_this = |(of, found): (u64, Secret)| of == epoch && found.expose() == key.expose();
        let is_kept = self.held_in(&session, turn)?.is_some_and(is_this);
        if is_kept { Ok(()) } else { Err(HolderError::ReadBack) }
    }

    fn destroy(&self, epoch: u64) -> Result<(), HolderError> {
        let (session, turn) = (self.session()?, turn_of(epoch));
        self.destroy_keys(&session, turn)?;
        // What it wrapped opens nothing any more; it is only tidied away.
        match self.fs.unlink(&self.path(turn)) {
            Err(error) if !error.is_missing() => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn look(&self) -> Result<(), HolderError> {
        self.slot(&module(&self.module)?).map(drop)
    }

    fn provable(&self) -> Provable {
        provable(HolderKind::Pkcs11, &Facts::default())
    }
}

impl std::fmt::Debug for Pkcs11Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pkcs11Holder").field(&self.name).finish()
    }
}
