//! What is on the disk, and what of it is durable.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use host::Space;

use super::Lie;
use crate::disk::{EIO, Effect, Fault, Op};

/// Which file, whatever its name is by now.
pub(super) type Number = usize;

/// What reaches the medium as a whole or not at all.
const SECTOR_BYTES: u64 = 512;

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

#[derive(Debug, Default)]
struct Inode {
    bytes: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Naming {
    Made(PathBuf, Number),
    Gone(PathBuf),
    Renamed(PathBuf, PathBuf, Number),
}

type Names = BTreeMap<PathBuf, Number>;

#[derive(Debug)]
pub(super) struct State {
    inodes: Vec<Inode>,
    names: Names,
    durable_names: Names,
    /// Since the last sync of their folder, in order.
    unsynced_names: Vec<Naming>,
    folders: BTreeSet<PathBuf>,
    pub(super) faults: Vec<Fault>,
    pub(super) dead: bool,
    pub(super) life: u64,
    pub(super) room: Space,
    pub(super) lie: Option<Lie>,
    pub(super) trace: u64,
    pub(super) changes: u64,
    chance: u64,
}

impl State {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            // Number 0 is nothing: an operation that has no file.
            inodes: vec![Inode::default()],
            names: Names::new(),
            durable_names: Names::new(),
            unsynced_names: Vec::new(),
            folders: BTreeSet::new(),
            faults: Vec::new(),
            dead: false,
            life: 0,
            room: Space { free_bytes: 1 << 40, total_bytes: 2 << 40 },
            lie: None,
            trace: 0,
            changes: 0,
            chance: seed | 1,
        }
    }

    pub(super) fn start(&mut self) {
        self.life += 1;
        self.dead = false;
        self.faults.clear();
    }

    /// Notes an operation; gives the effect of the fault that hits it.
    pub(super) fn hit(
        &mut self,
        life: u64,
        op: Op,
        path: &Path,
        (number, offset, length): (Number, u64, usize),
    ) -> Option<Effect> {
        if self.dead || life != self.life {
            return Some(Effect::Fail(EIO));
        }
        // A second signature has 70 to 72 bytes by chance.
        let is_signed = path.file_stem().is_some_and(|name| name == "checkpoint");
        let length = if is_signed { 0 } else { length };
        let mut mixed = 0xCBF2_9CE4_8422_2325_u64;
        for value in [op as u64, number as u64, offset, length as u64] {
            mixed = (mixed ^ value).wrapping_mul(0x0100_0000_01B3).rotate_left(17);
        }
        self.trace = self.trace.wrapping_add(mixed);
        self.changes += u64::from(op.changes());
        let mut hit = None;
        self.faults.retain_mut(|fault| {
            if hit.is_some() || !fault.counts(op, path) {
                return true;
            }
            if fault.after > 0 {
                fault.after -= 1;
                return true;
            }
            hit = Some(fault.effect);
            fault.lasting
        });
        self.dead = matches!(hit, Some(Effect::Die | Effect::DieTorn(_)));
        hit
    }

    fn draw(&mut self, below: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance.wrapping_mul(0x2545_F491_4F6C_DD1D).rotate_right(32) % below
    }

    pub(super) fn find(&self, path: &Path) -> Option<Number> {
        self.names.get(path).copied()
    }

    pub(super) fn is_folder(&self, path: &Path) -> bool {
        self.folders.contains(path)
    }

    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let file = |(path, number): (&PathBuf, &Number)| {
            (path.clone(), self.inodes[*number].bytes.clone())
        };
        self.names.iter().map(file).collect()
    }

    pub(super) fn create(&mut self, path: &Path) -> Result<Number, ErrorKind> {
        if self.names.contains_key(path) {
            return Err(ErrorKind::AlreadyExists);
        }
        if !path.parent().is_some_and(|parent| self.is_folder(parent)) {
            return Err(ErrorKind::NotFound);
        }
        let number = self.inodes.len();
        self.inodes.push(Inode::default());
        self.names.insert(path.to_owned(), number);
        self.unsynced_names.push(Naming::Made(path.to_owned(), number));
        Ok(number)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<(), ErrorKind> {
        let number = self.names.remove(from).ok_or(ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), number);
        self.unsynced_names.push(Naming::Renamed(from.to_owned(), to.to_owned(), number));
        Ok(())
    }

    pub(super) fn unlink(&mut self, path: &Path) -> Result<(), ErrorKind> {
        self.names.remove(path).ok_or(ErrorKind::NotFound)?;
        self.unsynced_names.push(Naming::Gone(path.to_owned()));
        Ok(())
    }

    pub(super) fn make_folder(&mut self, path: &Path) {
        self.folders.extend(path.ancestors().map(Path::to_owned));
    }

    pub(super) fn list(&self, folder: &Path) -> Option<Vec<String>> {
        if !self.is_folder(folder) {
            return None;
        }
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let files = self.names.iter().filter(|(path, _)| path.parent() == Some(folder));
        let mut files: Vec<(Number, String)> =
            files.filter_map(|(path, number)| Some((*number, name(path)?))).collect();
        files.sort_unstable();
        let folders = self.folders.iter().filter(|path| path.parent() == Some(folder));
        let folders = folders.filter_map(|path| name(path));
        Some(folders.chain(files.into_iter().map(|(_, name)| name)).collect())
    }

    pub(super) fn sync_folder(&mut self, folder: &Path) {
        for naming in std::mem::take(&mut self.unsynced_names) {
            if naming.folder() == Some(folder) {
                naming.apply(&mut self.durable_names);
            } else {
                self.unsynced_names.push(naming);
            }
        }
    }

    pub(super) fn write(&mut self, number: Number, offset: u64, bytes: &[u8]) {
        let inode = &mut self.inodes[number];
        let change = Change::Write(offset, bytes.to_vec());
        change.apply(&mut inode.bytes);
        inode.unsynced.push(change);
    }

    pub(super) fn read(&self, number: Number, offset: u64, length: usize) -> Option<&[u8]> {
        let from = usize::try_from(offset).ok()?;
        self.inodes[number].bytes.get(from..from.checked_add(length)?)
    }

    pub(super) fn len(&self, number: Number) -> u64 {
        self.inodes[number].bytes.len() as u64
    }

    pub(super) fn set_len(&mut self, number: Number, length: u64) {
        let inode = &mut self.inodes[number];
        let change = Change::Length(length);
        change.apply(&mut inode.bytes);
        inode.unsynced.push(change);
    }

    pub(super) fn sync(&mut self, number: Number, path: &Path) {
        if matches!(self.lie, Some(Lie::Sync(part)) if path.to_string_lossy().contains(part)) {
            return;
        }
        let inode = &mut self.inodes[number];
        for change in std::mem::take(&mut inode.unsynced) {
            change.apply(&mut inode.durable);
        }
    }

    /// What a failed sync was for is there, or was thrown away by the system, as chance has it.
    pub(super) fn fail_sync(&mut self, number: Number) {
        let changes = std::mem::take(&mut self.inodes[number].unsynced);
        let kept: Vec<Change> = changes.into_iter().filter(|_| self.draw(2) == 0).collect();
        let inode = &mut self.inodes[number];
        inode.bytes.clone_from(&inode.durable);
        kept.iter().for_each(|change| change.apply(&mut inode.bytes));
        inode.unsynced = kept;
    }

    pub(super) fn lose_power(&mut self) {
        self.dead = true;
        self.life += 1;
        // All, nothing or a part: the ends are where mistakes are.
        let mode = self.draw(3);
        for number in 1..self.inodes.len() {
            for change in std::mem::take(&mut self.inodes[number].unsynced) {
                let parts = match mode {
                    0 => Vec::new(),
                    1 => vec![change],
                    _ => self.tear(change),
                };
                let durable = &mut self.inodes[number].durable;
                parts.iter().for_each(|part| part.apply(durable));
            }
            let inode = &mut self.inodes[number];
            inode.bytes.clone_from(&inode.durable);
        }
        let namings = std::mem::take(&mut self.unsynced_names);
        let kept = match mode {
            0 => 0,
            1 => namings.len(),
            _ => usize::try_from(self.draw(namings.len() as u64 + 1)).unwrap_or(0),
        };
        namings.iter().take(kept).for_each(|naming| naming.apply(&mut self.durable_names));
        self.names.clone_from(&self.durable_names);
    }

    /// Some sectors of a change.
    fn tear(&mut self, change: Change) -> Vec<Change> {
        let Change::Write(offset, bytes) = change else {
            return if self.draw(2) == 0 { vec![change] } else { Vec::new() };
        };
        let how = self.draw(4);
        let mut parts = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let to_boundary = SECTOR_BYTES - (offset + at as u64) % SECTOR_BYTES;
            let length = usize::try_from(to_boundary).unwrap_or(512).min(bytes.len() - at);
            let is_kept = match how {
                0 => false,
                1 => true,
                _ => self.draw(3) > 0,
            };
            if is_kept {
                parts.push(Change::Write(offset + at as u64, bytes[at..at + length].to_vec()));
            } else if how == 2 {
                // Nothing after the first sector that is missing.
                break;
            }
            at += length;
        }
        parts
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let at = |offset: u64| usize::try_from(offset).expect("a test's files are small");
        match self {
            Self::Length(length) => bytes.resize(at(*length), 0),
            Self::Write(offset, written) => {
                let (from, to) = (at(*offset), at(*offset) + written.len());
                if bytes.len() < to {
                    bytes.resize(to, 0);
                }
                bytes[from..to].copy_from_slice(written);
            }
        }
    }
}

impl Naming {
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Made(path, _) | Self::Gone(path) | Self::Renamed(_, path, _) => path.parent(),
        }
    }

    fn apply(&self, names: &mut Names) {
        match self {
            Self::Made(path, number) => {
                names.insert(path.clone(), *number);
            }
            Self::Gone(path) => {
                names.remove(path);
            }
            Self::Renamed(from, to, number) => {
                names.remove(from);
                names.insert(to.clone(), *number);
            }
        }
    }
}
