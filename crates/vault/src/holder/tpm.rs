//! A TPM 2.0: the vault key lies in two of its NV indices, used in turn, and is overwritten there.
//!
//! Spoken to over the kernel's resource manager (`/dev/tpmrm0`) in the TPM's own commands: four of
//! them are needed, with a password session (TCG, Trusted Platform Module Library, parts 2 and 3).
//! The library that others use for it would have to be on each machine that builds or runs this, for
//! a hundred lines of fixed layout.
//!
//! An index holds 96 bytes: magic `JIKIMTPM` (8), recorder id (16), epoch u64 BE (8), key (32),
//! SHA-256 of the 64 bytes before it (32). One that was destroyed, or never written, is all zeros.
//! The key is never on a disk; between TPM and processor it is in the clear.

mod wire;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use domain::RecorderId;
use host::{Exchange, Secret};
use zeroize::Zeroizing;

use self::wire::{Command, Response};
use super::pin::pin;
use super::provable::{Facts, HolderKind};
use super::{Holder, HolderError, Provable, provable, turn_of};

const MAGIC: &[u8; 8] = b"JIKIMTPM";
const COVERED_BYTES: usize = 64;
/// Bytes of an index.
const INDEX_BYTES: usize = 96;
/// An index of names by SHA-256 has no longer password.
const MOST_PIN_BYTES: usize = 32;
/// A busy TPM says so and is asked again, so often and after such a pause.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(50);
/// A simulated TPM is waited for so long for each answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a TPM did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum TpmError {
    /// It is not there, or hung up.
    #[error("the TPM cannot be reached: {0}")]
    Reach(#[source] std::io::Error),
    /// It refused.
    #[error("the TPM refuses {doing}: code {code:#x} (tpm2_rc_decode says what that is)")]
    Refused {
        /// What was asked.
        doing: &'static str,
        /// Its response code.
        code: u32,
    },
    /// What it said is no answer.
    #[error("what the TPM answers to {0} cannot be understood")]
    Garbage(&'static str),
    /// The index is of another make.
    #[error(
        "NV index {0:#x} is there and is not ordinary, of 96 bytes, with authread, authwrite and no_da; name two others"
    )]
    OtherIndex(u32),
    /// The index is gone.
    #[error("NV index {0:#x} is gone: the TPM was cleared, or somebody took it away")]
    NoIndex(u32),
}

/// How the TPM is reached.
#[derive(Debug, Clone)]
pub(super) enum Transport {
    Device(PathBuf),
    Socket(PathBuf),
}

impl Transport {
    /// `device:PATH` or `swtpm:path=PATH`, as others write it too.
    pub(super) fn parse(tcti: &str) -> Option<Self> {
        let path = |rest: &str| (!rest.is_empty()).then(|| PathBuf::from(rest));
        match tcti.split_once(':')? {
            ("device", rest) => path(rest).map(Self::Device),
            ("swtpm", rest) => path(rest.strip_prefix("path=")?).map(Self::Socket),
            _ => None,
        }
    }

    fn open(&self) -> std::io::Result<Exchange> {
        match self {
            Self::Device(path) => Exchange::device(path),
            Self::Socket(path) => Exchange::socket(path, PATIENCE),
        }
    }
}

impl std::fmt::Display for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Device(path) => write!(f, "device:{}", path.display()),
            Self::Socket(path) => write!(f, "swtpm:path={}", path.display()),
        }
    }
}

/// Two NV indices of a TPM.
#[derive(Debug)]
pub(super) struct TpmHolder {
    name: String,
    transport: Transport,
    nv_index: u32,
    pin_file: Option<PathBuf>,
    recorder: RecorderId,
    /// One conversation at a time.
    talk: Mutex<()>,
}

/// A conversation: open device, password.
struct Talk {
    exchange: Exchange,
    password: Zeroizing<String>,
}

impl TpmHolder {
    pub(super) fn new(
        transport: Transport,
        nv_index: u32,
        pin_file: Option<PathBuf>,
        recorder: RecorderId,
    ) -> Self {
        let name = format!("tpm:{transport}#{nv_index:08x}");
        Self { name, transport, nv_index, pin_file, recorder, talk: Mutex::default() }
    }

    /// Opened for each thing that is asked: the kernel frees whatever a conversation leaves.
    fn talk<T>(
        &self,
        say: impl FnOnce(&mut Talk) -> Result<T, HolderError>,
    ) -> Result<T, HolderError> {
        let _alone = self.talk.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let password = match &self.pin_file {
            Some(path) => pin(path, MOST_PIN_BYTES)?,
            None => Zeroizing::default(),
        };
        let exchange = self.transport.open().map_err(TpmError::Reach)?;
        say(&mut Talk { exchange, password })
    }

    fn index_of(&self, epoch: u64) -> u32 {
        self.nv_index + turn_of(epoch)
    }

    fn indices(&self) -> [u32; 2] {
        [self.nv_index, self.nv_index + 1]
    }

    fn encode(&self, epoch: u64, key: &Secret) -> Zeroizing<[u8; INDEX_BYTES]> {
        let mut bytes = Zeroizing::new([0; INDEX_BYTES]);
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..24].copy_from_slice(self.recorder.as_bytes());
        bytes[24..32].copy_from_slice(&epoch.to_be_bytes());
        bytes[32..COVERED_BYTES].copy_from_slice(key.expose());
        let sum = digest(&SHA256, &bytes[..COVERED_BYTES]);
        bytes[COVERED_BYTES..].copy_from_slice(sum.as_ref());
        bytes
    }

    /// The key in an index; none if there is no whole one. Another recorder's is an error, so that it
    /// is never overwritten.
    fn parse(&self, bytes: &[u8]) -> Result<Option<(u64, Secret)>, HolderError> {
        let sum = digest(&SHA256, &bytes[..COVERED_BYTES]);
        if &bytes[..8] != MAGIC || sum.as_ref() != &bytes[COVERED_BYTES..] {
            return Ok(None);
        }
        if &bytes[8..24] != self.recorder.as_bytes() {
            return Err(HolderError::Foreign);
        }
        let epoch = u64::from_be_bytes(bytes[24..32].try_into().expect("eight bytes"));
        let key = bytes[32..COVERED_BYTES].try_into().expect("thirty-two bytes");
        Ok(Some((epoch, Secret::from_bytes(key))))
    }

    /// Overwrites an index that is not another recorder's, and reads it back.
    fn overwrite(&self, talk: &mut Talk, index: u32, bytes: &[u8]) -> Result<(), HolderError> {
        self.parse(&talk.read(index)?)?;
        talk.write(index, bytes)?;
        if talk.read(index)?.as_slice() == bytes { Ok(()) } else { Err(HolderError::ReadBack) }
    }
}

impl Holder for TpmHolder {
    fn name(&self) -> &str {
        &self.name
    }

    fn join(&self) -> Result<(), HolderError> {
        self.talk(|talk| {
            for index in self.indices() {
                if talk.is_there(index)? {
                    self.parse(&talk.read(index)?)?;
                } else {
                    talk.define(index)?;
                }
            }
            Ok(())
        })
    }

    fn held(&self) -> Result<Vec<(u64, Secret)>, HolderError> {
        self.talk(|talk| {
            let mut held = Vec::new();
            for index in self.indices() {
                held.extend(self.parse(&talk.read(index)?)?);
            }
            held.sort_by_key(|(epoch, _)| *epoch);
            Ok(held)
        })
    }

    fn wrap(&self, epoch: u64, key: &Secret) -> Result<(), HolderError> {
        let bytes = self.encode(epoch, key);
        self.talk(|talk| self.overwrite(talk, self.index_of(epoch), &bytes[..]))
    }

    fn destroy(&self, epoch: u64) -> Result<(), HolderError> {
        self.talk(|talk| self.overwrite(talk, self.index_of(epoch), &[0; INDEX_BYTES]))
    }

    fn look(&self) -> Result<(), HolderError> {
        self.talk(|talk| {
            for index in self.indices() {
                if !talk.is_there(index)? {
                    return Err(TpmError::NoIndex(index).into());
                }
            }
            Ok(())
        })
    }

    fn provable(&self) -> Provable {
        provable(HolderKind::Tpm, &Facts::default())
    }
}

impl Talk {
    fn ask(&mut self, command: &Command<'_>) -> Result<Response, TpmError> {
        let bytes = command.encode(self.password.as_bytes());
        for _ in 0..TRIES {
            let answer = self.exchange.transact(&bytes).map_err(TpmError::Reach)?;
            let response = Response::parse(Zeroizing::new(answer));
            let response = response.ok_or(TpmError::Garbage(command.doing()))?;
            if !response.is_busy() {
                return Ok(response);
            }
            std::thread::sleep(PAUSE);
        }
        Err(TpmError::Refused { doing: command.doing(), code: wire::RC_RETRY })
    }

    fn done(&mut self, command: &Command<'_>) -> Result<Response, TpmError> {
        let response = self.ask(command)?;
        match response.code() {
            0 => Ok(response),
            code => Err(TpmError::Refused { doing: command.doing(), code }),
        }
    }

    /// Whether an index is defined, and then that it is of our make.
    fn is_there(&mut self, index: u32) -> Result<bool, TpmError> {
        let command = Command::ReadPublic { index };
        let response = self.ask(&command)?;
        if response.is_no_handle() {
            return Ok(false);
        }
        if response.code() != 0 {
            return Err(TpmError::Refused { doing: command.doing(), code: response.code() });
        }
        let (attributes, size) = response.public().ok_or(TpmError::Garbage(command.doing()))?;
        let is_ours = wire::is_ordinary(attributes) && usize::from(size) == INDEX_BYTES;
        if is_ours { Ok(true) } else { Err(TpmError::OtherIndex(index)) }
    }

    fn define(&mut self, index: u32) -> Result<(), TpmError> {
        let size = u16::try_from(INDEX_BYTES).expect("96 fits");
        // The owner's password is taken to be empty, as it is where nobody set one; where somebody
        // did, the two indices have to be made by that person.
        let password = self.password.clone();
        self.done(&Command::Define { index, size, password: password.as_bytes() })?;
        self.write(index, &[0; INDEX_BYTES])
    }

    fn write(&mut self, index: u32, bytes: &[u8]) -> Result<(), TpmError> {
        self.done(&Command::Write { index, bytes }).map(drop)
    }

    fn read(&mut self, index: u32) -> Result<Zeroizing<Vec<u8>>, TpmError> {
        let command = Command::Read { index, size: u16::try_from(INDEX_BYTES).expect("96 fits") };
        let response = self.ask(&command)?;
        if response.is_no_handle() {
            return Err(TpmError::NoIndex(index));
        }
        // A crash came between defining and the first writing.
        if response.is_unwritten() {
            return Ok(Zeroizing::new(vec![0; INDEX_BYTES]));
        }
        if response.code() != 0 {
            return Err(TpmError::Refused { doing: command.doing(), code: response.code() });
        }
        let bytes = response.data().filter(|bytes| bytes.len() == INDEX_BYTES);
        bytes.ok_or(TpmError::Garbage(command.doing()))
    }
}
