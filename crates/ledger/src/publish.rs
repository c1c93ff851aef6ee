//! Publishing: tiles, entry bundles, checkpoints, companions, as others' tools read them.
//!
//! Order: bundles and tiles durable, then the checkpoint that speaks of them. A crash in between
//! leaves tiles ahead of the checkpoint, which the next publishing writes again, the same.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use domain::RecorderId;
use host::{Fs, FsResult};
use tlog::note::EcdsaKey;
use tlog::{
    Algorithm, Checkpoint, EntryBundle, Frontier, Hash, HashReader, ReadTileError, Signature,
    SignedNote, TILE_WIDTH, Tile, TlogProof, VerifierKey, leaf_hash, prove_consistency,
    prove_inclusion, tiles_between,
};

use crate::entry::{from_hex, to_hex};
use crate::flip::{self, Memory};
use crate::journal::read_frame;
use crate::open::{Inner, journal_path};
use crate::seal::SigningKey;
use crate::second::SecondKey;
use crate::writer::Shard;
use crate::{Companion, EntryNumber, LedgerStatus, OpenLedgerError, Proofs, ReadLedgerError};

/// Longest file that is served.
const MAX_FILE_BYTES: usize = 16 << 20;
const MAX_CHECKPOINT_BYTES: usize = 256 << 10;
/// Nothing is signed on: the next start reads everything from the disk again.
pub(crate) const FAULTY_MEMORY: &str = "two computations of the root disagree, so nothing was signed: this machine's memory is faulty; have it tested, then start again";
/// The newest checkpoint of a year with a quorum of cosignatures.
const COSIGNED: &str = "cosigned";

pub(crate) struct Publisher {
    pub(crate) fs: Arc<dyn Fs>,
    pub(crate) folder: PathBuf,
    recorder: RecorderId,
    key: SigningKey,
    second: SecondKey,
}

impl Publisher {
    pub(crate) fn new(
        fs: Arc<dyn Fs>,
        folder: PathBuf,
        recorder: RecorderId,
        key: SigningKey,
        second: SecondKey,
    ) -> Self {
        Self { fs, folder, recorder, key, second }
    }

    fn origin(&self, year: u16) -> String {
        tlog::origin(self.recorder, year)
    }

    pub(crate) fn verifier(&self, year: u16) -> VerifierKey {
        VerifierKey::new(self.origin(year), Algorithm::Ed25519, self.key.public())
            .expect("our origin has no character that a key name may not have")
    }

    pub(crate) fn verifier_key(&self, year: u16) -> String {
        self.verifier(year).to_string()
    }

    /// The key of a year's second signatures.
    pub(crate) fn second(&self, year: u16) -> EcdsaKey {
        self.second.verifier(&self.origin(year))
    }

    /// The signed checkpoint of a year, verified; `None` before the first.
    pub(crate) fn signed(&self, year: u16) -> Result<Option<Checkpoint>, OpenLedgerError> {
        let path = self.folder.join(year.to_string()).join("checkpoint");
        if !self.fs.exists(&path)? {
            return Ok(None);
        }
        let bytes = self.fs.read(&path, MAX_CHECKPOINT_BYTES)?;
        Checkpoint::open(&bytes, &self.verifier(year))
            .map(Some)
            .map_err(|error| OpenLedgerError::Checkpoint { year, reason: error.to_string() })
    }

    /// The checkpoint of a year that a quorum of witnesses cosigned, if one was kept.
    pub(crate) fn cosigned(&self, year: u16) -> Result<Option<Checkpoint>, OpenLedgerError> {
        let path = self.folder.join(year.to_string()).join(COSIGNED);
        if !self.fs.exists(&path)? {
            return Ok(None);
        }
        let bytes = self.fs.read(&path, MAX_CHECKPOINT_BYTES)?;
        Checkpoint::open(&bytes, &self.verifier(year))
            .map(Some)
            .map_err(|error| OpenLedgerError::Checkpoint { year, reason: error.to_string() })
    }

    /// Keeps a checkpoint with its cosignatures, durable.
    pub(crate) fn keep_cosigned(&self, year: u16, note: &SignedNote) -> FsResult<()> {
        let text = note.encode().expect("a note with signatures within the limits");
        self.put(&self.folder.join(year.to_string()), COSIGNED, text.as_bytes())
    }

    /// The newest signed checkpoint of a year with its size; `None` before the first.
    pub(crate) fn head(&self, year: u16) -> Result<Option<(u64, SignedNote)>, ReadLedgerError> {
        let path = self.folder.join(year.to_string()).join("checkpoint");
        if !self.fs.exists(&path)? {
            return Ok(None);
        }
        let bytes = self.fs.read(&path, MAX_CHECKPOINT_BYTES)?;
        let head = SignedNote::parse(&bytes).ok().and_then(|note| {
            Checkpoint::parse(note.text()).ok().map(|checkpoint| (checkpoint.size, note))
        });
        head.map(Some).ok_or(ReadLedgerError::Checkpoint(year))
    }

    /// The signed checkpoint of the empty tree, kept nowhere: what to ask a witness with that may
    /// know more of a year than is here. Every history goes on from it, so it is no second one.
    pub(crate) fn empty(&self, year: u16) -> Result<SignedNote, ReadLedgerError> {
        let note = self.sign(year, 0, tlog::empty_root()).ok();
        let note = note.and_then(|text| SignedNote::parse(text.as_bytes()).ok());
        note.ok_or(ReadLedgerError::Checkpoint(year))
    }

    /// The proof that the log of `size` entries begins with its first `old_size`.
    pub(crate) fn consistency(
        &self,
        year: u16,
        old_size: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadLedgerError> {
        let folder = self.folder.join(year.to_string());
        let reader = Tiles { fs: &*self.fs, folder: &folder };
        prove_consistency(old_size, size, reader)
            .map_err(|error| ReadLedgerError::Consistency { year, reason: error.to_string() })
    }

    /// The year of the log of this recorder that has this origin.
    pub(crate) fn year_of(&self, origin: &str) -> Option<u16> {
        let year = origin.rsplit_once('/')?.1.parse().ok()?;
        (self.origin(year) == origin).then_some(year)
    }

    pub(crate) fn first_status(&self, shard: Option<&Shard>) -> LedgerStatus {
        let year = shard.map_or(0, |shard| shard.year);
        LedgerStatus {
            origin: self.origin(year),
            year,
            size: shard.map_or(0, |shard| shard.frontier.size()),
            root: shard.map_or_else(tlog::empty_root, |shard| shard.frontier.root()).to_base64(),
            signed_size: shard.map_or(0, |shard| shard.signed_size),
            signed_at: None,
            last: None,
            broken: None,
        }
    }

    /// Notes in the status how long the log is now.
    pub(crate) fn note_size(&self, inner: &Inner, shard: &Shard) {
        let mut status = inner.status.write().unwrap_or_else(PoisonError::into_inner);
        status.origin = self.origin(shard.year);
        status.year = shard.year;
        status.size = shard.frontier.size();
        status.root = shard.frontier.root().to_base64();
        status.last = shard
            .frontier
            .size()
            .checked_sub(1)
            .map(|index| EntryNumber { year: shard.year, index });
    }

    /// Writes what is new of the tiles, then signs and writes the checkpoint.
    pub(crate) fn publish(&self, inner: &Inner, shard: &mut Shard) -> Result<(), String> {
        let size = shard.frontier.size();
        if size == shard.signed_size {
            return Ok(());
        }
        flip::may_in(shard);
        let root = agreed_root(shard)?;
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let folder = self.folder.join(shard.year.to_string());
        for tile in tiles_between(shard.signed_size, size) {
            let bytes = shard.tree.tile_bytes(tile).map_err(|error| text(&error))?;
            self.put(&folder, &tile.path(), &bytes).map_err(|error| text(&error))?;
        }
        for bundle in tlog::tile::bundles_between(shard.signed_size, size) {
            let bytes = self.bundle(inner, shard, bundle)?;
            self.put(&folder, &bundle.path(), &bytes).map_err(|error| text(&error))?;
        }
        let mut note = self.sign(shard.year, size, root)?;
        flip::may_in_text(Memory::Note, &mut note);
        self.look_again(&note, shard)?;
        self.put(&folder, "checkpoint", note.as_bytes()).map_err(|error| text(&error))?;
        shard.signed_size = size;
        // What is safely written need not stay in memory.
        shard.tree.forget(size);
        let mut status = inner.status.write().unwrap_or_else(PoisonError::into_inner);
        status.signed_size = size;
        status.signed_at = Some(inner.clock.wall());
        Ok(())
    }

    fn sign(&self, year: u16, size: u64, mut root: Hash) -> Result<String, String> {
        let origin = self.origin(year);
        flip::may(Memory::AgreedRoot, &mut root.0);
        let checkpoint = Checkpoint { origin, size, root, extensions: Vec::new() };
        let mut text = checkpoint.encode().map_err(|error| error.to_string())?;
        flip::may_in_text(Memory::Text, &mut text);
        let signature = self.key.sign(text.as_bytes());
        let mut note = SignedNote::new(text).map_err(|error| error.to_string())?;
        let signature = Signature::from_raw(&self.verifier(year), &signature);
        note.add(signature.map_err(|error| error.to_string())?)
            .map_err(|error| error.to_string())?;
        let second = self.second.sign(note.text()).ok_or("no second signature could be made")?;
        let second = Signature::from_raw_ecdsa(&self.second(year), &second);
        note.add(second.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
        note.encode().map_err(|error| error.to_string())
    }

    /// What was signed must say what both computations still say: a bit may have flipped after they
    /// were compared.
    fn look_again(&self, note: &str, shard: &Shard) -> Result<(), String> {
        let (first, second) = (self.verifier(shard.year), self.second(shard.year));
        let read = SignedNote::parse(note.as_bytes());
        let has_second = read.is_ok_and(|it| it.verify_second([&second]) == Ok(true));
        let signed = Checkpoint::open(note.as_bytes(), &first).ok().filter(|_| has_second);
        let agrees = signed.is_some_and(|signed| {
            signed.size == shard.frontier.size() && agreed_root(shard) == Ok(signed.root)
        });
        if agrees || flip::is_unguarded() { Ok(()) } else { Err(FAULTY_MEMORY.into()) }
    }

    /// The entries of a bundle, read back from the journal: what is published is what is durable, and
    /// it has the hashes that the root stands on.
    fn bundle(&self, inner: &Inner, shard: &Shard, bundle: EntryBundle) -> Result<Vec<u8>, String> {
        let year = shard.year;
        let first = usize::try_from(bundle.index).unwrap_or(usize::MAX) * usize::from(TILE_WIDTH);
        let offsets: Vec<u64> = {
            let shards = inner.shards.read().unwrap_or_else(PoisonError::into_inner);
            let view = shards.get(&year).ok_or("the year is not open")?;
            view.offsets[first..first + usize::from(bundle.width)].to_vec()
        };
        let path = journal_path(&self.folder, year);
        let file = self.fs.open_read(&path).map_err(|error| error.to_string())?;
        let length = file.len().map_err(|error| error.to_string())?;
        let mut entries = Vec::with_capacity(offsets.len());
        for offset in offsets {
            let frame = read_frame(&*file, offset, length).map_err(|error| error.to_string())?;
            let (frame, _) = frame.ok_or("an entry that was whole before is damaged")?;
            entries.push(frame.entry);
        }
        let tile = Tile { level: 0, index: bundle.index, width: bundle.width };
        let hashes = shard.tree.tile(tile).map_err(|error| error.to_string())?;
        let are_hashed = entries.iter().map(|entry| leaf_hash(entry)).eq(hashes);
        if !are_hashed && !flip::is_unguarded() {
            return Err(FAULTY_MEMORY.into());
        }
        tlog::tile::encode_entries(&entries).map_err(|error| error.to_string())
    }

    fn put(&self, folder: &Path, relative: &str, bytes: &[u8]) -> FsResult<()> {
        let path = folder.join(relative);
        let parent = path.parent().unwrap_or(folder);
        if !self.fs.exists(parent)? {
            self.fs.make_folder(parent)?;
            let mut above = Some(parent);
            while let Some(made) = above.filter(|made| *made != folder) {
                self.fs.sync_folder(made)?;
                above = made.parent();
            }
            self.fs.sync_folder(folder)?;
        }
        self.fs.replace(&path, bytes)
    }

    /// The proof of an entry against the last cosigned checkpoint, or, if that does not hold it yet,
    /// the last signed one.
    pub(crate) fn proof(&self, number: EntryNumber) -> Result<String, String> {
        let folder = self.folder.join(number.year.to_string());
        let read = |name: &str| {
            let bytes = self.fs.read(&folder.join(name), MAX_CHECKPOINT_BYTES);
            let note = SignedNote::parse(&bytes.map_err(|error| error.to_string())?)
                .map_err(|error| error.to_string())?;
            let signed = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
            Ok::<_, String>((note, signed.size))
        };
        let cosigned = read(COSIGNED).ok().filter(|(_, size)| *size > number.index);
        let (checkpoint, size) = cosigned.map_or_else(|| read("checkpoint"), Ok)?;
        let reader = Tiles { fs: &*self.fs, folder: &folder };
        let hashes =
            prove_inclusion(number.index, size, reader).map_err(|error| error.to_string())?;
        TlogProof { extra: None, index: number.index, hashes, checkpoint }
            .encode()
            .map_err(|error| error.to_string())
    }

    /// Proofs of a year's entries beneath one checkpoint, the cosigned one if that holds them all.
    pub(crate) fn proofs(&self, year: u16, numbers: &[EntryNumber]) -> Result<Proofs, String> {
        let folder = self.folder.join(year.to_string());
        let last = numbers.iter().map(|number| number.index).max().unwrap_or(0);
        let read = |name: &str| {
            let bytes = self.fs.read(&folder.join(name), MAX_CHECKPOINT_BYTES);
            let text = String::from_utf8(bytes.map_err(|error| error.to_string())?);
            let text = text.map_err(|error| error.to_string())?;
            let note = SignedNote::parse(text.as_bytes()).map_err(|error| error.to_string())?;
            let signed = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
            Ok::<_, String>((text, signed.size))
        };
        let cosigned = read(COSIGNED).ok().filter(|(_, size)| *size > last);
        let (checkpoint, size) = cosigned.map_or_else(|| read("checkpoint"), Ok)?;
        let prove = |number: &EntryNumber| {
            let reader = Tiles { fs: &*self.fs, folder: &folder };
            let hashes = prove_inclusion(number.index, size, reader);
            Ok::<_, String>((*number, hashes.map_err(|error| error.to_string())?))
        };
        let hashes = numbers.iter().map(prove).collect::<Result<_, _>>()?;
        Ok(Proofs { checkpoint, hashes })
    }

    /// A published file by its public path. Only paths of the closed forms are looked for, so that
    /// nothing else of the folder can be named.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let (first, rest) = path.split_once('/')?;
        let known = match first {
            "companion" => {
                from_hex(rest).is_some() && rest.bytes().all(|c| !c.is_ascii_uppercase())
            }
            year if year.len() == 4 && year.bytes().all(|c| c.is_ascii_digit()) => {
                rest == "checkpoint"
                    || rest == COSIGNED
                    || Tile::parse(rest).is_ok_and(|tile| tile.path() == rest)
                    || EntryBundle::parse(rest).is_ok_and(|bundle| bundle.path() == rest)
            }
            _ => false,
        };
        if !known {
            return None;
        }
        self.fs.read(&self.folder.join(path), MAX_FILE_BYTES).ok()
    }
}

/// Two computations of the root must agree before anything is signed: a flipped bit in memory
/// becomes a stop, never a signed lie.
fn agreed_root(shard: &Shard) -> Result<Hash, String> {
    let Shard { frontier, tree, .. } = shard;
    let root = frontier.root();
    let agree = frontier.size() == tree.size() && tree.root_at(tree.size()).ok() == Some(root);
    if agree || flip::is_unguarded() { Ok(root) } else { Err(FAULTY_MEMORY.into()) }
}

struct Tiles<'a> {
    fs: &'a dyn Fs,
    folder: &'a Path,
}

impl HashReader for Tiles<'_> {
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, ReadTileError> {
        let path = tile.path();
        let limit = usize::from(TILE_WIDTH) * 32;
        let bytes = self.fs.read(&self.folder.join(&path), limit).map_err(|error| {
            if error.is_missing() {
                ReadTileError::Missing { path: path.clone() }
            } else {
                ReadTileError::Read { path: path.clone(), source: Box::new(error) }
            }
        })?;
        tile.parse_hashes(&bytes)
    }
}

/// Reads every year's log again. What is signed must be there and hash to the signed root; what is
/// only durable must hash to the root that the writer holds.
pub(crate) fn check(inner: &Inner) -> Result<u64, String> {
    let status = inner.status.read().unwrap_or_else(PoisonError::into_inner).clone();
    let years: Vec<(u16, u64)> = {
        let shards = inner.shards.read().unwrap_or_else(PoisonError::into_inner);
        shards.iter().map(|(&year, view)| (year, view.offsets.len() as u64)).collect()
    };
    let mut entries = 0;
    for (year, size) in years {
        let size = if year == status.year { status.size } else { size };
        let signed = inner.publisher().signed(year).map_err(|error| error.to_string())?;
        let mut frontier = Frontier::new();
        for index in 0..size {
            let number = EntryNumber { year, index };
            let bytes = inner.read_bytes(number).map_err(|error| error.to_string())?;
            frontier.push(leaf_hash(&bytes));
            let here = signed.as_ref().filter(|signed| signed.size == index + 1);
            if here.is_some_and(|signed| signed.root != frontier.root()) {
                return Err(format!("the log of {year} does not hash to its signed root"));
            }
        }
        if year == status.year && frontier.root().to_base64() != status.root {
            return Err(format!("the log of {year} does not hash to the root its writer holds"));
        }
        entries += size;
    }
    Ok(entries)
}

/// Puts a public list beside the log under its own hash, durable.
pub(crate) fn make_companion(fs: &dyn Fs, folder: &Path, lines: &[String]) -> FsResult<Companion> {
    let (companion, text) = companion_of(lines);
    let path = folder.join(&companion.sha256);
    if !fs.exists(&path)? {
        fs.replace(&path, text.as_bytes())?;
    }
    Ok(companion)
}

/// What a list is called as a companion, and its file.
pub(crate) fn companion_of(lines: &[String]) -> (Companion, String) {
    let mut frontier = Frontier::new();
    let mut text = String::new();
    for line in lines {
        frontier.push(leaf_hash(line.as_bytes()));
        text.push_str(line);
        text.push('\n');
    }
    let sha256 = to_hex(digest(&SHA256, text.as_bytes()).as_ref());
    let root = to_hex(&frontier.root().0);
    (Companion { count: lines.len() as u64, sha256, root }, text)
}
