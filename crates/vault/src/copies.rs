//! Working copies of what is to leave: masked clips of a case, sealed under a key of their own, which is
//! destroyed with them.
//!
//! Invariants:
//! 1. A copy is kept against the grant under which its footage was opened, and opened against a grant that
//!    names it by its hash: the hash of its list, which names each clip by its own.
//! 2. Its key lies in a slot and nowhere else. It is on the disk before the copy, and destroyed before the
//!    copy's name is: what a crash leaves between the two is a key without a copy or a copy without a key, and
//!    the next start takes either away.
//! 3. No copy is opened after its end, and its key goes at the next look after that.
//!
//! A file `HASH.copy`: a head of 32 bytes ([`Head`]), then pieces of AES-256-GCM, each with the head as associated
//! data and its number as nonce. The first piece holds how long each clip is and the list; the others hold the
//! clips one after the other, a mebibyte each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{Action, FileHash, WallTime};
use host::{Clock, Fs, FsError, Secret, SlotError, SlotFile};
use ledger::act::{Act, DestroyExpired, DiscardExport, LookAtExport, PlayFootage, SealExport};
use ledger::{ExportTarget, Grant, GrantEnded, Target};

/// How long a working copy is kept at most: two people look at it within the week in which a proposal lives.
const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
/// Working copies at once.
const SLOTS: u32 = 32;
/// Bytes of the clips of one copy together: as many as one file that leaves takes.
pub const LONGEST_COPY: usize = 256 << 20;
/// Bytes of the longest list.
const LONGEST_LIST: usize = 1 << 20;
/// Clips of one copy.
const MOST_CLIPS: usize = 256;
const MAGIC: [u8; 16] = *b"jikim working 1\n";
const HEAD_BYTES: usize = 32;
const PIECE_BYTES: usize = 1 << 20;
const TAG_BYTES: usize = 16;

/// Why a working copy was not kept, opened or destroyed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The disk refused.
    #[error(transparent)]
    Disk(#[from] FsError),
    /// The file of keys refused.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// The grant can no longer be used.
    #[error(transparent)]
    Ended(#[from] GrantEnded),
    /// The grant is for something else.
    #[error("the act is of another copy, or of none")]
    NotGranted,
    /// It is not there: never was, sealed, destroyed, or its time is over.
    #[error(
        "there is no such working copy: its time was over, or it was destroyed; prepare it anew"
    )]
    Gone,
    /// It was changed or cut.
    #[error("the working copy {0} is damaged; destroy it and prepare it anew")]
    Damaged(FileHash),
    /// As many are kept as may be.
    #[error("{SLOTS} working copies are kept already: seal or destroy one first")]
    TooMany,
    /// More than one file that leaves can hold.
    #[error("the clips have more than {} MiB together; take a shorter time", LONGEST_COPY >> 20)]
    TooLong,
}

/// What is to be kept, or was opened.
pub struct WorkingCopy {
    /// What says which clips there are; it names each by its SHA-256.
    pub list: Vec<u8>,
    /// The clips, in the order of the list.
    pub clips: Vec<Vec<u8>>,
}

/// A working copy that is kept, without its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCopy {
    /// SHA-256 of its list.
    pub copy: FileHash,
    /// Its end.
    pub until: WallTime,
    /// What says which clips there are.
    pub list: Vec<u8>,
}

/// Every working copy.
pub struct Copies {
    fs: Arc<dyn Fs>,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    state: Mutex<State>,
}

struct State {
    keys: SlotFile,
    kept: BTreeMap<FileHash, Place>,
}

#[derive(Clone)]
struct Place {
    head: Head,
    list: Vec<u8>,
}

/// What stands before the pieces: `jikim working 1` and a line feed; the slot of the key, u32 LE; the end of the
/// copy in microseconds since 1970, u64 LE, which is the number of the slot too; bytes of the first piece without
/// its tag, u32 LE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    slot: u32,
    until: WallTime,
    index_bytes: u32,
}

impl Head {
    fn to_bytes(self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[..16].copy_from_slice(&MAGIC);
        bytes[16..20].copy_from_slice(&self.slot.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.number().to_le_bytes());
        bytes[28..].copy_from_slice(&self.index_bytes.to_le_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (head, _) = bytes.split_first_chunk::<HEAD_BYTES>()?;
        if head[..16] != MAGIC {
            return None;
        }
        let slot = u32::from_le_bytes(head[16..20].try_into().ok()?);
        let until = i64::from_le_bytes(head[20..28].try_into().ok()?);
        let index_bytes = u32::from_le_bytes(head[28..].try_into().ok()?);
        let fits = slot < SLOTS && index_bytes as usize <= LONGEST_LIST + 8 * (MOST_CLIPS + 1);
        fits.then_some(Self { slot, until: WallTime::from_micros(until), index_bytes })
    }

    const fn number(self) -> u64 {
        self.until.as_micros().cast_unsigned()
    }
}

impl Copies {
    /// Opens the folder of working copies, or makes it; takes away what a crash left of one.
    ///
    /// # Errors
    /// If the disk refused, or the file of keys is another's.
    pub fn open(fs: Arc<dyn Fs>, clock: Arc<dyn Clock>, folder: &Path) -> Result<Self, CopyError> {
        fs.make_folder(folder)?;
        let keys = SlotFile::open_or_create(&*fs, &folder.join("copies.slots"), SLOTS)?;
        let state = State { keys, kept: BTreeMap::new() };
        let copies = Self { fs, clock, folder: folder.to_owned(), state: Mutex::new(state) };
        copies.find_all()?;
        Ok(copies)
    }

    fn find_all(&self) -> Result<(), CopyError> {
        let mut state = self.lock();
        let mut used = [false; SLOTS as usize];
        for name in self.fs.list(&self.folder)? {
            let path = self.folder.join(&name);
            if name.ends_with(".copy.tmp") {
                self.fs.unlink(&path)?;
            }
            let Some(hash) = name.strip_suffix(".copy").and_then(|it| it.parse().ok()) else {
                continue;
            };
            match self.index_of(&state.keys, &path, hash)? {
                Some(place) => {
                    used[place.head.slot as usize] = true;
                    state.kept.insert(hash, place);
                }
                None => self.fs.unlink(&path)?,
            }
        }
        for (slot, _) in (0..).zip(used).filter(|(_, used)| !used) {
            if state.keys.read(slot)?.is_some() {
                state.keys.destroy(slot)?;
            }
        }
        Ok(())
    }

    /// Where a copy lies and what it lists; none if its key is gone or it is damaged.
    fn index_of(
        &self,
        keys: &SlotFile,
        path: &Path,
        hash: FileHash,
    ) -> Result<Option<Place>, CopyError> {
        let file = self.fs.open_read(path)?;
        let mut bytes = vec![0; HEAD_BYTES];
        if file.len()? < HEAD_BYTES as u64 {
            return Ok(None);
        }
        file.read_at(0, &mut bytes)?;
        let Some(head) = Head::read(&bytes) else { return Ok(None) };
        let Some((number, secret)) = keys.read(head.slot)? else { return Ok(None) };
        let sealed_bytes = head.index_bytes as usize + TAG_BYTES;
        if number != head.number() || file.len()? < (HEAD_BYTES + sealed_bytes) as u64 {
            return Ok(None);
        }
        let mut sealed = vec![0; sealed_bytes];
        file.read_at(HEAD_BYTES as u64, &mut sealed)?;
        let Some(index) = open_piece(&cipher(&secret), head, 0, &mut sealed) else {
            return Ok(None);
        };
        let Some((_, list)) = read_index(index) else { return Ok(None) };
        let fits = hash_of(list) == hash;
        Ok(fits.then(|| Place { head, list: list.to_vec() }))
    }

    /// Keeps what was made of the footage that the grant opened; gives its hash.
    ///
    /// # Errors
    /// If the grant has ended or is for something else, there is no room, or the disk refused.
    pub fn keep(
        &self,
        grant: &Grant<PlayFootage>,
        copy: &WorkingCopy,
    ) -> Result<FileHash, CopyError> {
        grant.check()?;
        let is_of_it = matches!(grant.target(), Target::Export(target) if target.copy.is_none());
        if grant.action() != Action::PrepareExport || !is_of_it {
            return Err(CopyError::NotGranted);
        }
        let bytes: usize = copy.clips.iter().map(Vec::len).sum();
        if bytes > LONGEST_COPY || copy.clips.len() > MOST_CLIPS || copy.list.len() > LONGEST_LIST {
            return Err(CopyError::TooLong);
        }
        let hash = hash_of(&copy.list);
        let mut state = self.lock();
        if state.kept.contains_key(&hash) {
            return Ok(hash);
        }
        let used = |slot: &u32| state.kept.values().any(|place| place.head.slot == *slot);
        let slot = (0..SLOTS).find(|slot| !used(slot)).ok_or(CopyError::TooMany)?;
        let index = index_of(copy);
        let head = Head {
            slot,
            until: self.clock.wall() + KEPT_FOR,
            index_bytes: u32::try_from(index.len()).map_err(|_too_long| CopyError::TooLong)?,
        };
        let secret = Secret::random();
        let file = sealed(&cipher(&secret), head, index, &copy.clips);
        // The key first: a copy that has a name has a key.
        state.keys.write(slot, head.number(), &secret)?;
        if let Err(error) = self.fs.replace(&self.path(hash), &file) {
            state.keys.destroy(slot)?;
            return Err(error.into());
        }
        state.kept.insert(hash, Place { head, list: copy.list.clone() });
        Ok(hash)
    }

    /// Opens a copy, for who looks at it before it leaves.
    ///
    /// # Errors
    /// If the grant has ended or is for another copy, or the copy is gone or damaged.
    pub fn look(&self, grant: &Grant<LookAtExport>) -> Result<WorkingCopy, CopyError> {
        self.opened(grant)
    }

    /// Opens the copy that two people agreed to.
    ///
    /// # Errors
    /// As of [`look`](Self::look).
    pub fn take(&self, grant: &Grant<SealExport>) -> Result<WorkingCopy, CopyError> {
        self.opened(grant)
    }

    fn opened<A: Act>(&self, grant: &Grant<A>) -> Result<WorkingCopy, CopyError> {
        grant.check()?;
        let hash = copy_of(grant)?;
        // The lock is not held while pictures are read: others look at the list meanwhile.
        let (place, secret) = {
            let state = self.lock();
            let place = state.kept.get(&hash).ok_or(CopyError::Gone)?.clone();
            let (number, secret) = state.keys.read(place.head.slot)?.ok_or(CopyError::Gone)?;
            if number != place.head.number() || self.clock.wall() >= place.head.until {
                return Err(CopyError::Gone);
            }
            (place, secret)
        };
        let file =
            self.fs.read(&self.path(hash), LONGEST_COPY + LONGEST_COPY / 1024 + (2 << 20))?;
        let opened = open_all(&cipher(&secret), place.head, file);
        let opened = opened.ok_or(CopyError::Damaged(hash))?;
        grant.check()?;
        if hash_of(&opened.list) == hash { Ok(opened) } else { Err(CopyError::Damaged(hash)) }
    }

    /// Destroys a copy's key, then the copy.
    ///
    /// # Errors
    /// If the grant has ended or is for another copy, the copy is gone, or the disk refused.
    pub fn discard(&self, grant: &Grant<DiscardExport>) -> Result<(), CopyError> {
        grant.check()?;
        self.destroy(&mut self.lock(), copy_of(grant)?)
    }

    /// Destroys the copy that was sealed: what leaves is not kept open as well.
    ///
    /// # Errors
    /// As of [`discard`](Self::discard). It may be asked for when the grant has ended meanwhile.
    pub fn destroy_sealed(&self, grant: &Grant<SealExport>) -> Result<(), CopyError> {
        self.destroy(&mut self.lock(), copy_of(grant)?)
    }

    /// Whether a copy's end is over.
    #[must_use]
    pub fn is_due(&self) -> bool {
        let now = self.clock.wall();
        self.lock().kept.values().any(|place| place.head.until <= now)
    }

    /// Destroys the copies whose end is over; gives how many.
    ///
    /// # Errors
    /// If the grant has ended, or the disk refused: those before are destroyed.
    pub fn destroy_expired(&self, grant: &Grant<DestroyExpired>) -> Result<usize, CopyError> {
        grant.check()?;
        let now = self.clock.wall();
        let mut state = self.lock();
        let over = state.kept.iter().filter(|(_, place)| place.head.until <= now);
        let over: Vec<FileHash> = over.map(|(hash, _)| *hash).collect();
        over.iter().try_for_each(|hash| self.destroy(&mut state, *hash))?;
        Ok(over.len())
    }

    /// What is kept: lists, no pictures.
    #[must_use]
    pub fn kept(&self) -> Vec<KeptCopy> {
        let now = self.clock.wall();
        let state = self.lock();
        let kept = state.kept.iter().filter(|(_, place)| now < place.head.until);
        kept.map(|(hash, place)| KeptCopy {
            copy: *hash,
            until: place.head.until,
            list: place.list.clone(),
        })
        .collect()
    }

    fn destroy(&self, state: &mut State, hash: FileHash) -> Result<(), CopyError> {
        let place = state.kept.get(&hash).ok_or(CopyError::Gone)?;
        state.keys.destroy(place.head.slot)?;
        state.kept.remove(&hash);
        self.fs.unlink(&self.path(hash))?;
        self.fs.sync_folder(&self.folder)?;
        Ok(())
    }

    fn path(&self, hash: FileHash) -> PathBuf {
        self.folder.join(format!("{hash}.copy"))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under this lock is one of disk first, memory then: a panic between leaves what a
        // crash does.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The case and the copy that a grant names.
fn export_of<A: Act>(grant: &Grant<A>) -> Result<&ExportTarget, CopyError> {
    match grant.target() {
        Target::Export(target) => Ok(target),
        _ => Err(CopyError::NotGranted),
    }
}

fn copy_of<A: Act>(grant: &Grant<A>) -> Result<FileHash, CopyError> {
    export_of(grant)?.copy.ok_or(CopyError::NotGranted)
}

/// SHA-256 of a list, or of a clip.
#[must_use]
pub fn hash_of(list: &[u8]) -> FileHash {
    FileHash::from_bytes(digest(&SHA256, list).as_ref().try_into().expect("SHA-256 has 32 bytes"))
}

fn cipher(secret: &Secret) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.expose()).expect("a key of 32 bytes"))
}

/// How many clips, u64 LE; how long each is, u64 LE; the list.
fn index_of(copy: &WorkingCopy) -> Vec<u8> {
    let mut index = (copy.clips.len() as u64).to_le_bytes().to_vec();
    copy.clips.iter().for_each(|clip| index.extend((clip.len() as u64).to_le_bytes()));
    index.extend_from_slice(&copy.list);
    index
}

fn read_index(index: &[u8]) -> Option<(Vec<usize>, &[u8])> {
    let (count, mut rest) = index.split_first_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    if count > MOST_CLIPS {
        return None;
    }
    let mut lengths = Vec::with_capacity(count);
    for _ in 0..count {
        let (length, behind) = rest.split_first_chunk::<8>()?;
        lengths.push(usize::try_from(u64::from_le_bytes(*length)).ok()?);
        rest = behind;
    }
    Some((lengths, rest))
}

/// A key is of one copy, and a number of one piece: no nonce comes twice.
fn nonce(piece: u64) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&piece.to_le_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn sealed(key: &LessSafeKey, head: Head, index: Vec<u8>, clips: &[Vec<u8>]) -> Vec<u8> {
    let total: usize = clips.iter().map(Vec::len).sum();
    let pieces = total.div_ceil(PIECE_BYTES) + 1;
    let mut file = Vec::with_capacity(HEAD_BYTES + index.len() + total + pieces * TAG_BYTES);
    file.extend_from_slice(&head.to_bytes());
    let mut seal = |number: u64, mut piece: Vec<u8>| {
        key.seal_in_place_append_tag(nonce(number), Aad::from(head.to_bytes()), &mut piece)
            .expect("a piece is far shorter than the cipher's limit");
        file.append(&mut piece);
    };
    seal(0, index);
    let (mut number, mut piece) = (1, Vec::with_capacity(PIECE_BYTES + TAG_BYTES));
    for clip in clips {
        let mut rest = clip.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE_BYTES - piece.len()));
            piece.extend_from_slice(now);
            rest = later;
            if piece.len() == PIECE_BYTES {
                seal(number, std::mem::take(&mut piece));
                number += 1;
            }
        }
    }
    if !piece.is_empty() {
        seal(number, piece);
    }
    file
}

fn open_piece<'a>(
    key: &LessSafeKey,
    head: Head,
    number: u64,
    piece: &'a mut [u8],
) -> Option<&'a [u8]> {
    let opened = key.open_in_place(nonce(number), Aad::from(head.to_bytes()), piece);
    opened.ok().map(|plain| &*plain)
}

fn open_all(key: &LessSafeKey, head: Head, mut file: Vec<u8>) -> Option<WorkingCopy> {
    if Head::read(&file)? != head {
        return None;
    }
    let rest = file.get_mut(HEAD_BYTES..)?;
    let (index, rest) = rest.split_at_mut_checked(head.index_bytes as usize + TAG_BYTES)?;
    let (lengths, list) = read_index(open_piece(key, head, 0, index)?)?;
    let mut plain = Vec::with_capacity(rest.len());
    for (number, piece) in (1..).zip(rest.chunks_mut(PIECE_BYTES + TAG_BYTES)) {
        plain.extend_from_slice(open_piece(key, head, number, piece)?);
    }
    // The lengths were sealed: a file that was cut at the end of a piece does not add up.
    if lengths.iter().try_fold(0_usize, |sum, it| sum.checked_add(*it))? != plain.len() {
        return None;
    }
    let mut clips = Vec::with_capacity(lengths.len());
    for length in lengths.iter().rev() {
        clips.push(plain.split_off(plain.len() - length));
    }
    clips.reverse();
    Some(WorkingCopy { list: list.to_vec(), clips })
}
